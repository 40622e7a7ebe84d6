import type { RunnerFile } from "../../probes/registration.ts";
import type { Remedy } from "../check.ts";
import { restartRunner, runnerService, type Situation, serviceLines } from "../docker/situation.ts";
import { code, cut, listed, shellQuote } from "../text.ts";
import { reason } from "../words.ts";

interface TokenVisible {
	/** Variables that hold a registration token. */
	readonly names: readonly string[];
	readonly inJob: boolean;
	readonly situation: Situation;
}

interface WorldReadable {
	readonly open: readonly RunnerFile[];
	/** Configurations that every user can read, too. */
	readonly openConfigs: readonly RunnerFile[];
	/** The uid that the job shares with its runner; `undefined` on a platform without uids. */
	readonly uid: number | undefined;
}

export const intro =
	"Checks whether a job, or another user of the host, could learn how the runner registered. It reads names of variables, never their values, and modes of files, never their contents.";

const useOfRegistrationToken = "can register a runner, receive jobs and read their secrets.";
const resetToken = "Then reset the token in the forge (Settings, Actions, Runners), because it may be known by now.";

export const words = {
	"registration-token-visible": reason<TokenVisible>({
		level: "fail",
		title: "Jobs can read a runner registration token",
		headline: ({ names }) =>
			names.length === 1
				? `Jobs can read ${code(cut(names[0] ?? "", 40))}`
				: `Jobs can read ${names.length} runner registration tokens`,
		why: `Anyone who reads a registration token ${useOfRegistrationToken} Every step and every dependency of a job can read its environment.`,
		expected: "no registration token in the environment of jobs",
		tell: ({ names, inJob, situation }) => ({
			what: `${listed(names.map(code))} ${names.length === 1 ? "is" : "are"} set in the environment of ${inJob ? "this job" : "the runner"}.`,
			fix: situation.inContainer ? removeFromContainers(names, situation) : removeFromService(names, situation),
		}),
		more: "The token is needed once, to register. In a terminal, the variable is your own and nothing is reported.",
	}),
	// The runner itself creates the file so, and the jobs run: a warning.
	"world-readable-registration": reason<WorldReadable>({
		level: "warn",
		title: "Every user of the host can read the registration",
		headline: ({ open }) => `Every user can read ${code(cut(open[0]?.path ?? "", 38))}`,
		why: ({ open }) =>
			open.some(({ role }) => role === "registration")
				? "It holds the runner's own token. Anyone who reads the token can impersonate this runner and receive its jobs and their secrets."
				: `It holds a registration token. Anyone who reads the token ${useOfRegistrationToken}`,
		expected: "mode 0600, or a directory that is closed to other users",
		tell: (seen) => ({
			what: `Every user of this machine can read ${listed(seen.open.map(({ path }) => code(path)))}.`,
			fix: closeFiles(seen),
		}),
		more: `Host mode only. The runner writes \`.runner\` with the usual umask, so it has mode \`0644\` until you change that. It is reported only if every directory above it is open too: a closed home directory protects it. The check looks in the working directory of the runner's process, in the home directory and below \`/var/lib\`.

A \`config.yaml\` that every user can read is not reported by itself, because most hold no secret.`,
	}),
};

/**
 * @param own Variables that hold a registration token in a terminal, where they are the user's own.
 * @param closed Registrations that other users cannot read.
 */
export function nothingVisible(own: readonly string[], closed: readonly string[]): string {
	const files = closed.length === 0 ? "" : `; other users cannot read ${listed(closed.map(code))}`;
	const environment =
		own.length === 0 ? "no token in the environment" : `${listed(own.map(code))} of this terminal, not of a job`;
	return `${environment}${files}`;
}

function removeFromContainers(names: readonly string[], situation: Situation): Remedy {
	const variables = listed(names.map(code));
	if (situation.system === "github") {
		const text = `Remove ${variables} from \`env:\` and \`container.options\` of the workflow. ${resetToken}`;
		return { text, kind: "workflow" };
	}
	return {
		text: `Remove ${variables} from \`runner.envs\`, from the file that \`runner.env_file\` names, from \`container.options\` (\`-e\`) and from \`env:\` of the workflow. ${resetToken}`,
		commands: [
			`sudo grep -rl REGISTRATION_TOKEN /etc/${runnerService(situation)}   # files that set it`,
			...restartRunner(situation),
		],
		kind: "runner",
	};
}

/** Host jobs inherit the whole environment of the runner. */
function removeFromService(names: readonly string[], situation: Situation): Remedy {
	const text = `Remove the variable from the runner's unit, its \`EnvironmentFile\`, or the \`docker run\` that starts the runner: a host job inherits the environment of the runner's process. ${resetToken}`;
	const unset = names.map((name) => `UnsetEnvironment=${name}`).join("\n");
	return { text, ...serviceLines(situation, unset), kind: "runner" };
}

/** A file of root's that is closed is closed to a runner without root, too: such a runner gets the file first. */
function closeFiles({ open, openConfigs, uid }: WorldReadable): Remedy {
	const rest =
		openConfigs.length === 0
			? ""
			: ` Every user can also read ${listed(openConfigs.map(({ path }) => code(path)))}. Close it too if it holds \`external_secret\` or registry passwords.`;
	const ofRoot = uid === undefined || uid === 0 ? [] : open.filter((file) => file.uid === 0);
	const owners = [...new Set(open.filter((file) => !ofRoot.includes(file)).map((file) => file.uid))];
	const kept =
		owners.length === 0
			? ""
			: ` The runner keeps its access if it runs as the owner (uid ${listed(owners.map(String))}).`;
	const given =
		ofRoot.length === 0
			? ""
			: ` ${listed(ofRoot.map(({ path }) => code(path)))} ${ofRoot.length === 1 ? "belongs" : "belong"} to root, so give ${ofRoot.length === 1 ? "it" : "them"} to the runner's user (uid ${uid}) first.`;
	return {
		text: `Close ${open.length === 1 ? "the file" : "these files"} to other users.${given}${kept} If other people have accounts on this machine, register the runner again, because its token may be known.${rest}`,
		commands: [
			...(ofRoot.length === 0 ? [] : [`sudo chown ${uid} ${pathsOf(ofRoot)}`]),
			`sudo chmod 600 ${pathsOf(open)}`,
		],
		kind: "host",
	};
}

function pathsOf(files: readonly RunnerFile[]): string {
	return files.map(({ path }) => shellQuote(path)).join(" ");
}
