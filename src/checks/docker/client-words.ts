import { errnoText } from "../../errno-text.ts";
import type { ClosedPath, DockerClientFacts, MissingHelper, UnusableHelper } from "../../probes/docker-client.ts";
import type { Remedy } from "../check.ts";
import { code, cut, listed, octal, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { type Situation, setVariables } from "./situation.ts";

export const intro =
	"Looks at what the Docker CLI reads and writes for this user, without starting anything: the `config.json` in `DOCKER_CONFIG` or `~/.docker`, the login helpers that it names (`credsStore`, `credHelpers`) on the PATH, the directory in which buildx keeps its state, and the variable `DOCKER_AUTH_CONFIG`. What does not exist yet is fine: the CLI creates it. If Docker is `optional`, every finding is a warning.";

interface Seen {
	readonly client: DockerClientFacts;
	readonly situation: Situation;
}

interface HelperMissing extends Seen {
	/** All of one setting. */
	readonly missing: readonly MissingHelper[];
	/** One that is there and does not work, in place of them. */
	readonly unusable?: UnusableHelper;
}

interface ForeignOwned extends Seen {
	readonly closed: ClosedPath;
}

export const words = {
	"credential-helper-missing": reason<HelperMissing>({
		level: "fail",
		title: "A login helper of Docker is missing",
		headline: ({ missing: [first], unusable }) =>
			unusable
				? "Docker's login helper needs a desktop session"
				: `The login helper ${code(cut(first?.helper ?? "", 36))} is missing`,
		why: ({ missing, unusable }) => {
			if (unusable) return noSession;
			const error = `error getting credentials - err: exec: "${missing[0]?.helper}": executable file not found in $PATH`;
			return isStore(missing)
				? `\`docker build\` and \`docker compose\` fail with ${code(error)}, for public images too; \`docker pull\` does since release 29.`
				: `Pulls from ${listed(missing.map(({ registry = "" }) => code(registry)))} fail with ${code(error)}. Builds warn.`;
		},
		expected: ({ missing, unusable }) =>
			unusable
				? `a D-Bus session for ${unusable.helper}, or another helper`
				: `${listed([...new Set(missing.map(({ helper }) => helper))])} on the PATH`,
		tell: ({ client, missing, unusable, situation }) =>
			unusable
				? tellUnusable(client, unusable, situation)
				: {
						what: `${code(client.config.path)} names ${listed(missing.map(nameOf))}, but no such program is on the PATH.`,
						fix: fixHelper(client, missing, situation),
					},
		more: "An entry of `credHelpers` concerns one registry, so it is a warning. If the policy names a registry whose images cannot be pulled for this reason, the finding is that of `registry/<host>`. A helper that exists is not started here.",
	}),
	"config-unreadable": reason<Seen>({
		level: "fail",
		title: "Docker's configuration cannot be read",
		headline: ({ client: { config } }) =>
			config.state === "invalid" ? "Docker's `config.json` is malformed" : "Docker's `config.json` cannot be read",
		why: "The CLI goes on without it, with a warning at most: without logins, context and proxies. Pulls of private images fail. If the directory is closed too, builds fail with `permission denied`.",
		expected: ({ client }) => `a ${client.config.path} that this user can read, or none`,
		tell: ({ client, situation }) => ({
			what: `${code(client.config.path)} cannot be used: ${client.config.state === "invalid" ? client.config.why : errnoText(client.config.why ?? "")}.`,
			fix: fixConfig(client, situation),
		}),
	}),
	"foreign-owned": reason<ForeignOwned>({
		level: "fail",
		title: "Docker's configuration belongs to another user",
		headline: ({ closed }) =>
			closed.need === "create"
				? "Docker's configuration directory cannot be created"
				: closed.readOnly
					? "Docker's configuration directory is read-only"
					: `Docker's configuration belongs to ${code(cut(ownerOf(closed), 20))}`,
		why: ({ closed, client }) =>
			`\`docker build\` and \`docker/setup-buildx-action\` fail with ${code(`${errorOf(closed, client)}: ${closed.readOnly ? "read-only file system" : "permission denied"}`)}.`,
		expected: ({ client, closed }) =>
			closed.readOnly || closed.need === "create"
				? "a directory that buildx can write into"
				: `${client.directory} of ${userOf(client)}`,
		tell: ({ closed, client, situation }) => ({
			what:
				closed.need === "create"
					? `buildx keeps its state in ${code(closed.path)}, which does not exist, and ${userOf(client)} cannot create it: \`HOME\` is a directory of another user, or none.`
					: closed.readOnly
						? `${code(closed.path)} is on a read-only mount, and buildx keeps its state there.`
						: `${code(closed.path)} belongs to ${ownerOf(closed)} (mode ${octal(closed.mode)}), and the job runs as ${userOf(client)}, who cannot ${cannot[closed.need]}.`,
			fix:
				closed.need === "create"
					? giveHome(situation)
					: closed.readOnly
						? separateBuildx(`Leave ${code(client.directory)} as it is, and give buildx another place.`, situation)
						: client.namedBy === "DOCKER_CONFIG"
							? useOwnDirectory(client, situation)
							: giveBack(client, situation),
		}),
		more: "It usually comes from one `sudo docker build` with this user's `HOME`. A directory that was mounted read-only, as Kubernetes mounts secrets, is reported if buildx is installed.",
	}),
	"auth-malformed": reason<Seen>({
		level: "fail",
		title: "`DOCKER_AUTH_CONFIG` is malformed",
		why: "The Docker CLI ignores the whole variable, with `Failed to create credential store from DOCKER_AUTH_CONFIG`. Pulls and pushes that need its logins fail.",
		expected: '{"auths":{"REGISTRY":{"auth":"…"}}}, where … is user:password in base64',
		tell: ({ client, situation }) => ({
			what: `\`DOCKER_AUTH_CONFIG\` is set, but ${client.authConfig.why}.`,
			fix: {
				text: "Write the secret again: one JSON object, with `auths` as its only key, and in each login `auth` alone. A login in `config.json` may have more keys, so its text cannot always be copied. Without the variable, the CLI uses `config.json`.",
				commands: [
					"printf %s 'USER:PASSWORD' | base64 -w0   # the value of auth",
					"printenv DOCKER_AUTH_CONFIG | jq 'keys, (.auths | map_values(keys))'   # shows no secret",
				],
				kind: situation.system === "none" ? "host" : "workflow",
			},
		}),
		more: "Releases of the CLI before 28.3 do not read the variable, so nothing is judged there.",
	}),
};

const noSession =
	"`docker build` and `docker compose` fail with `error getting credentials - err: exit status 1, out: 'Cannot autolaunch D-Bus without X11 $DISPLAY'`, for public images too.";

function tellUnusable(client: DockerClientFacts, { helper, isDetected }: UnusableHelper, situation: Situation): Told {
	const asks = `${code(helper)} asks a key ring over D-Bus, and this job has no session.`;
	if (!isDetected) {
		const what = `${code(client.config.path)} names ${code(helper)} (\`credsStore\`). ${asks}`;
		const store = { helper, setting: "credsStore" } as const;
		const { otherwise: _, ...fix } = fixHelper(client, [store], situation);
		return { what, fix };
	}
	const sudo = situation.inContainer ? "" : "sudo ";
	return {
		what: `The Docker CLI uses ${code(helper)}, because it is on the PATH and no login is configured. ${asks}`,
		fix: {
			text: "Remove the package that brought it, if nothing else needs it: the simulation shows what goes with it. Or install `pass`, which the CLI prefers and which needs no session.",
			commands: [
				"apt-get --simulate remove golang-docker-credential-helpers",
				`${sudo}apt-get install -y pass   # instead`,
			],
			kind: situation.inContainer ? "image" : "host",
		},
	};
}

function fileOf({ directory }: DockerClientFacts): string {
	return `${directory}/config.json`;
}

/** Is it the CLI's usual place? Another directory may be one that others use. */
function isOwnPlace(directory: string): boolean {
	return /^\/.+\/\.docker$/.test(directory);
}

function isStore(missing: readonly MissingHelper[]): boolean {
	return missing[0]?.setting === "credsStore";
}

function nameOf({ helper, setting, registry }: MissingHelper): string {
	return registry === undefined
		? `${code(helper)} (\`${setting}\`)`
		: `${code(helper)} (\`${setting}\` for ${code(registry)})`;
}

function fixHelper(client: DockerClientFacts, missing: readonly MissingHelper[], { inContainer }: Situation): Remedy {
	const paths = isStore(missing)
		? [".credsStore"]
		: missing.map(({ registry = "" }) => `.credHelpers[${JSON.stringify(registry)}]`);
	const file = shellQuote(fileOf(client));
	const kind = inContainer ? "image" : "host";
	return {
		text: `Remove the setting from ${code(fileOf(client))}, and log in again where a login is needed, which keeps it in the file itself. The setting often comes from a file that was copied from a machine with Docker Desktop.`,
		...(isOwnPlace(client.directory) && {
			commands: [
				`new=$(jq ${shellQuote(`del(${paths.join(", ")})`)} ${file}) && cp -p ${file} ${shellQuote(`${fileOf(client)}.bak`)} && printf '%s\\n' "$new" > ${file}`,
			],
		}),
		kind,
		otherwise: {
			text: `If the program keeps logins that are needed, install ${listed([...new Set(missing.map(({ helper }) => code(helper)))])} in a directory on the PATH of jobs.`,
			kind,
		},
	};
}

function fixConfig(client: DockerClientFacts, situation: Situation): Remedy {
	const { config } = client;
	const kind = situation.inContainer ? "image" : "host";
	if (config.state === "invalid") {
		return {
			text: `Correct ${code(fileOf(client))}, or move it away and log in again: the CLI creates a new one.`,
			commands: [
				`jq . ${shellQuote(fileOf(client))} > /dev/null`,
				...(isOwnPlace(client.directory) ? [moveAway(fileOf(client))] : []),
			],
			kind,
		};
	}
	if (config.why === "EISDIR") {
		return {
			text: `${code(fileOf(client))} is a directory. Docker creates one if it is told to mount a file that does not exist on the daemon's machine: mount an existing file, or remove the empty directory.`,
			...(isOwnPlace(client.directory) && { commands: [`rmdir ${shellQuote(fileOf(client))}`] }),
			kind,
		};
	}
	if (client.namedBy === "DOCKER_CONFIG") return useOwnDirectory(client, situation);
	return giveBack(client, situation);
}

function moveAway(path: string): string {
	return `mv ${shellQuote(path)} ${shellQuote(`${path}.bak`)}`;
}

const cannot: Readonly<Record<ClosedPath["need"], string>> = {
	enter: "open it",
	write: "write into it",
	read: "read it",
	create: "create it",
};

function ownerOf({ owner, uid }: ClosedPath): string {
	return owner ?? `uid ${uid}`;
}

function userOf({ user: { name, uid } }: DockerClientFacts): string {
	return name ?? `uid ${uid ?? "?"}`;
}

/** What buildx cannot do, in its words. */
function errorOf({ path, need, kind }: ClosedPath, { directory }: DockerClientFacts): string {
	if (kind === "file") return `open ${path}`;
	if (need === "create") return `mkdir ${directory}`;
	if (path === directory) return `mkdir ${path}/buildx`;
	return need === "enter" || /\/(?:activity|instances|defaults)$/.test(path)
		? `open ${path}/default`
		: `mkdir ${path}/instances`;
}

/** The directory of the job's user, which nobody else uses. */
function giveBack(client: DockerClientFacts, { inContainer }: Situation): Remedy {
	const { user, directory } = client;
	const owner = /^[a-z_][\w.-]*$/i.test(user.name ?? "") ? user.name : String(user.uid ?? "");
	return {
		text: `Give ${code(directory)} to the job's user. It holds only what the Docker CLI of this user keeps.`,
		...(isOwnPlace(directory) && {
			commands: [`${inContainer ? "" : "sudo "}chown -R ${shellQuote(`${owner}:`)} ${shellQuote(directory)}`],
		}),
		kind: inContainer ? "image" : "host",
	};
}

/** A directory that `DOCKER_CONFIG` names may be shared, so it is left as it is. */
function useOwnDirectory({ directory, closed }: DockerClientFacts, situation: Situation): Remedy {
	const named = `\`DOCKER_CONFIG\` names ${code(directory)}, which is not this user's.`;
	if (closed?.need === "write") {
		return separateBuildx(`${named} Give buildx a place of its own, and leave the logins where they are.`, situation);
	}
	return {
		text: `${named} Remove the variable where it is set (\`env:\` in the workflow, \`runner.envs\`, the runner's service, the image), and the CLI uses \`~/.docker\`. If the logins are needed, log in again as the job's user.`,
		commands: ["unset DOCKER_CONFIG"],
		kind: "runner",
	};
}

/** Other tools miss a home as well. */
function giveHome(situation: Situation): Remedy {
	return {
		text: "Give the jobs a home of their own by `HOME`, as other tools need one, too. If only Docker needs it, name a directory for its configuration.",
		...setVariables(situation, { DOCKER_CONFIG: ownPlace(".docker", situation) }),
		kind: "runner",
	};
}

function separateBuildx(text: string, situation: Situation): Remedy {
	return { text, ...setVariables(situation, { BUILDX_CONFIG: ownPlace("buildx", situation) }), kind: "runner" };
}

/** A job container has a `/tmp` of its own. On a host, another user could make the directory first, with plugins in it. */
function ownPlace(name: string, { inContainer }: Situation): string {
	return `${inContainer ? "/tmp" : "/var/lib/gitea-runner"}/${name}`;
}

/** For a sentence of a passing result. */
export function passWords({ config, authConfig }: DockerClientFacts): Told["what"] {
	const file = config.state === "absent" ? `${code(config.path)} does not exist` : `${code(config.path)} is readable`;
	return authConfig.state === "ok" ? `${file}, and \`DOCKER_AUTH_CONFIG\` has ${authConfig.count} logins` : file;
}
