import { code, octal, operand, shellPath, shellQuote, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import { onlyIn } from "../rule.ts";
import { configLines, ownership } from "./fixes.ts";

interface HostUnspecified {
	readonly file: string;
	readonly host: string;
}

interface ExternalWithoutSecret {
	readonly file: string;
	readonly server: string;
	/** The runner can read the secret from a file of its own. */
	readonly knowsSecretFile: boolean;
	readonly versions: string | undefined;
	/** The user of the runner's service, if a unit names one. */
	readonly user: string | undefined;
}

interface SecretInFile {
	readonly file: string;
	/** `cache.external_secret` */
	readonly key: string;
	readonly mode: number;
	/** The runner can read the secret from a file of its own. */
	readonly knowsSecretFile: boolean;
	/** The user of the runner's service, if a unit names one. */
	readonly user: string | undefined;
}

export const intro = "Looks at the cache server: whether jobs can reach it, and whether its secret is kept.";

const secretFile = "/etc/gitea-runner/cache-secret";
const nameSecretFile = (file: string) => configLines(file, `cache:\n  external_secret_file: ${secretFile}`);

export const words = {
	"host-unspecified": reason<HostUnspecified>({
		level: "fail",
		title: "Jobs cannot connect to the address of the cache server",
		headline: ({ host }) => titleWith("Jobs cannot connect to the cache server at ", host),
		why: "The runner tells jobs to connect to this address; it is not the address that the server listens on. Each `actions/cache` step waits for its timeout and continues without a cache.",
		expected: "an address of the runner that job containers can reach, or nothing",
		tell: ({ file, host }) => ({
			what: `\`cache.host\` is ${code(host)}, which no job can connect to.`,
			fix: {
				text: "Leave it empty: the runner then finds its own address. If the runner is a container, name an address that jobs can reach, and publish a fixed `cache.port`.",
				config: configLines(file, 'cache:\n  host: ""'),
				kind: "runner",
			},
		}),
	}),

	"external-without-secret": reason<ExternalWithoutSecret>({
		level: "fail",
		title: "The external cache server has no secret",
		headline: ({ server }) => titleWith("No secret for the cache server ", server),
		why: ({ versions }) =>
			`The runner exits at startup with \`cache.external_server is set but no shared secret is configured\` and takes no job.${onlyIn(versions)}`,
		expected: ({ knowsSecretFile }) =>
			knowsSecretFile
				? "the cache server's secret in `cache.external_secret_file` (2.3.0 and later) or `cache.external_secret`"
				: "the cache server's secret in `cache.external_secret`",
		tell: ({ file, server, knowsSecretFile, user }) => ({
			what: `\`cache.external_server\` is ${code(server)}, but the configuration has no secret for it.`,
			fix: knowsSecretFile
				? {
						text: "Create a secret once, and name its file on the cache server and on every runner that uses it.",
						config: nameSecretFile(file),
						commands: [
							`openssl rand -hex 32 | sudo install -m 600 -o ${shellQuote(user ?? "gitea-runner")} /dev/stdin ${secretFile}`,
						],
						kind: "runner",
					}
				: {
						text: `Write the cache server's secret to \`cache.external_secret\`, and let only the runner's user read the file.${ownership(user)}`,
						commands: closeFile(file, user),
						kind: "runner",
					},
		}),
	}),

	"secret-in-file": reason<SecretInFile>({
		level: "warn",
		title: "Every user can read the secret of the cache",
		headline: ({ key }) =>
			key.endsWith(".token")
				? "Every user can read the token of a connection"
				: "Every user can read the secret of the cache",
		why: ({ key }) =>
			key.endsWith(".token")
				? "Anyone with the token can impersonate this runner and receive its jobs and their secrets."
				: "Anyone with the secret can read and replace what other repositories keep in the cache, and put code into their builds.",
		expected: ({ knowsSecretFile }) =>
			knowsSecretFile
				? "`cache.external_secret_file`, or a file that only the runner can read"
				: "a file that only the runner can read",
		tell: ({ file, key, mode, knowsSecretFile, user }) => ({
			what: `${code(key)} is in ${code(file)}, which every user of the machine can read (mode ${octal(mode)}).`,
			fix: knowsSecretFile
				? {
						text: "Move the secret to a file that only the runner's user can read, and name that file (2.3.0 and later).",
						config: nameSecretFile(file),
						kind: "runner",
						otherwise: {
							text: `Let only the runner's user read the configuration.${ownership(user)}`,
							commands: closeFile(file, user),
							kind: "host",
						},
					}
				: {
						text: `Let only the runner's user read the configuration.${ownership(user)}`,
						commands: closeFile(file, user),
						kind: "host",
					},
		}),
	}),
};

/** A closed file of root's would keep the runner from starting. */
function closeFile(file: string, user: string | undefined): readonly string[] {
	const path = shellPath(file);
	return [...(user === undefined ? [] : [`sudo chown ${operand(user)} ${path}`]), `sudo chmod o-rwx ${path}`];
}
