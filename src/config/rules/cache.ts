import { defineRule, type Found, whereItHolds } from "../rule.ts";
import { flagAt, textAt, usesDocker } from "../setup.ts";
import { entryAt, type Scalar, scalarAt } from "../tree.ts";

type R = "host-unspecified" | "external-without-secret" | "secret-in-file";

/** The cache server: can jobs reach it, and does it know its runners? */
export const cache = defineRule<R>({
	id: "config/cache",
	title: "Jobs can use the cache server, and its secret is kept",
	reasons: {
		"host-unspecified": { level: "fail", title: "`cache.host` is an address that no job can connect to" },
		"external-without-secret": {
			level: "fail",
			title: "an external cache server is named without the secret that it shares with the runner",
		},
		"secret-in-file": { level: "warn", title: "the cache's secret stands in a file that everybody may read" },
	},
	fine: "the cache server can be reached and its secret is kept",
	find(setup, context) {
		const { config } = setup;
		if (!config?.root) return [];
		const enabled = scalarAt(config.root, "cache", "enabled");
		const isOff = enabled !== undefined && !flagAt(config.root, "cache", "enabled");
		const found: Found<R>[] = [];
		const place = (scalar: Scalar): Pick<Found<R>, "file" | "line" | "column"> => ({
			file: config.path,
			line: scalar.line,
			column: scalar.column,
		});

		const host = scalarAt(config.root, "cache", "host");
		const inOwnNetwork = usesDocker(setup) === "yes" && textAt(config.root, "container", "network") !== "host";
		if (!isOff && host && isUnreachable(host.text, inOwnNetwork)) {
			found.push({
				...place(host),
				reason: "host-unspecified",
				message: `\`cache.host\` is \`${host.text}\`, which no job can connect to`,
				why: "This is not where the server listens but what jobs are told to connect to: each `actions/cache` step waits for its time-out and goes on without a cache.",
				expected: "an address of the runner that job containers reach, or nothing",
				found: `\`${host.text}\``,
				remedy: {
					text: "Leave it empty: the runner then finds its own address. A runner that is a container itself needs an address that jobs reach, and a port that is published.",
					kind: "runner",
					config: { file: config.path, language: "yaml", text: 'cache:\n  host: ""' },
				},
			});
		}

		const server = scalarAt(config.root, "cache", "external_server");
		const secret = scalarAt(config.root, "cache", "external_secret");
		// Only Gitea's runner knows such a file, and only since 2.3.0.
		const fromFile = whereItHolds("external-secret-file", setup, context);
		const hasFile = fromFile !== undefined && textAt(config.root, "cache", "external_secret_file") !== "";
		const hasSecret = hasFile || Boolean(secret?.text);
		const needsSecret = whereItHolds("external-cache-needs-secret", setup, context);
		if (!isOff && server?.text && !hasSecret && needsSecret) {
			found.push({
				...place(server),
				reason: "external-without-secret",
				message: "`cache.external_server` is set, and no secret to use it with",
				why: "The runner ends at its start (`cache.external_server is set but …`), and takes no job.",
				expected:
					"`cache.external_secret_file` (from 2.3.0 on) or `cache.external_secret`, the same as the cache server's",
				found: "neither of them",
				remedy: {
					text: "Make a secret once, and name its file on the cache server and on every runner that uses it.",
					kind: "runner",
					commands: [
						"openssl rand -hex 32 | sudo install -m 600 -o gitea-runner /dev/stdin /etc/gitea-runner/cache-secret",
					],
					config: {
						file: config.path,
						language: "yaml",
						text: "cache:\n  external_secret_file: /etc/gitea-runner/cache-secret",
					},
				},
				...(needsSecret.versions !== undefined && { versions: needsSecret.versions }),
			});
		}

		const key = setup.system === "gitea" ? "external_secret" : "secret";
		const inFile = entryAt(config.root, "cache", key);
		const isOpen = (config.mode & 0o004) !== 0;
		if (inFile && textAt(config.root, "cache", key) !== "" && isOpen) {
			found.push({
				file: config.path,
				line: inFile.line,
				column: inFile.column,
				reason: "secret-in-file",
				message: `\`cache.${key}\` stands in a file that everybody may read`,
				why: "Whoever has it can read and replace what other repositories keep in the cache, and so put code into their builds.",
				expected: fromFile
					? "`cache.external_secret_file`, or a file that only the runner reads"
					: "a file that only the runner reads",
				found: `\`${key}\` in a file with mode ${config.mode.toString(8)}`,
				remedy: {
					text: fromFile
						? "Put the secret into a file of its own (from 2.3.0 on)."
						: "Let only the runner's user read the file.",
					kind: "runner",
					...(fromFile && {
						config: {
							file: config.path,
							language: "yaml" as const,
							text: "cache:\n  external_secret_file: /etc/gitea-runner/cache-secret",
						},
					}),
					...(!fromFile && { commands: ["sudo chmod o-rwx config.yaml"] }),
					...(fromFile && {
						otherwise: {
							text: "Or let only the runner's user read the configuration.",
							kind: "host" as const,
							commands: ["sudo chmod o-rwx config.yaml"],
						},
					}),
				},
			});
		}
		return found;
	},
});

/** An address that means "everything" or "myself". */
function isUnreachable(host: string, inOwnNetwork: boolean): boolean {
	const bare = host.trim().replace(/^\[|\]$/g, "");
	if (/^(?:0\.0\.0\.0|::|0|0:0:0:0:0:0:0:0)$/.test(bare)) return true;
	return inOwnNetwork && /^(?:localhost|127(?:\.\d+){1,3}|::1)$/i.test(bare);
}
