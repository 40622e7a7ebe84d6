/** Why a job died before runner-check said anything: the last lines of its log, by the signatures that the checks use. */
import { startTrouble } from "../../checks/docker/container-start.ts";
import { cut } from "../../checks/text.ts";
import { docsOf } from "../../docs-of.ts";
import { startErrorIn } from "../../knowledge/container-errors.ts";
import { signatureIn } from "../../knowledge/tool-signatures.ts";
import type { Result } from "../../report/report.ts";
import type { Look } from "../look.ts";

/** Characters and lines at the end of a log that are looked at. */
const maxTail = 32_000;
const maxLines = 200;
const timestamp = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /;
/** Lines that say that it failed, and not why. */
const noise =
	/^(?:##\[(?:end)?group\]|::(?:end)?group::|🏁|Job (?:failed|succeeded)|Cleaning up|(?:##\[error\])?(?:Process completed with )?exit(?:ed with)? (?:code|status) \d+\.?$|skipping post step|Post job cleanup)/i;

/** A known message of the set-up, and the finding of the check that is about it. */
interface Known {
	readonly pattern: RegExp;
	readonly id: string | ((match: RegExpExecArray) => string);
	readonly reason: string;
	readonly title: string;
	readonly why: string;
	readonly fix: Result["remedy"] & object;
}

const host = "([a-z0-9][a-z0-9.-]{0,200}(?::\\d{1,5})?)";
const registryOf = (match: RegExpExecArray): string => `registry/${match[1] ?? "docker.io"}`;

const known: readonly Known[] = [
	{
		pattern: /exec: "node": executable file not found in \$PATH|Cannot find: node in PATH|exec: node: not found/i,
		id: "tool/node",
		reason: "missing",
		title: "node is not installed in the job's image",
		why: "The runner starts every JavaScript action with the `node` of the job's PATH, so no such action can start.",
		fix: { text: "Install node in the image of the label, or on the host for a host label.", kind: "image" },
	},
	{
		pattern: /Duplicate mount point: (\S{1,200})/i,
		id: "config/options",
		reason: "duplicate-socket-mount",
		title: "A path is mounted twice into the job container",
		why: "Docker refuses the container, so every job with this label dies in set-up.",
		fix: {
			text: "Remove the mount from `container.options` or `container.valid_volumes` in the runner's config.yaml: the runner mounts it by itself. Runner 3.0.0 and newer accept both.",
			kind: "runner",
		},
	},
	{
		pattern: /client version (\S{1,20}) is too (?:old|new)\. M(?:in|ax)imum supported API version is \S{1,20}/i,
		id: "docker/api-version",
		reason: "client-too-old",
		title: "The runner's Docker client does not fit the daemon",
		why: "The daemon refuses every request of this client, so no job container starts.",
		fix: { text: "Install a runner release whose Docker client speaks the daemon's API.", kind: "runner" },
	},
	{
		pattern: /Cannot connect to the Docker daemon at (\S{1,200})|Docker Engine socket not found/i,
		id: "docker/daemon",
		reason: "unreachable",
		title: "The runner cannot reach the Docker daemon",
		why: "Jobs of a container label cannot start without a daemon.",
		fix: {
			text: "Start Docker on the runner's host, and see why it stopped.",
			commands: [
				"systemctl status docker --no-pager",
				"sudo journalctl --unit docker --since -1h --no-pager | tail -n 50",
			],
			kind: "host",
		},
	},
	{
		pattern: /toomanyrequests: /i,
		id: "registry/docker.io",
		reason: "rate-limited",
		title: "The registry's rate limit is used up",
		why: "The runner cannot pull the image of the job, so the job dies in set-up.",
		fix: {
			text: "Pull through a mirror, log in to the registry, or keep the image on the host (`force_pull: false`).",
			kind: "runner",
		},
	},
	{
		pattern: new RegExp(
			`(?:${host}/\\S{1,300}: not found|manifest for ${host}?\\S{0,300} not found|manifest unknown|repository does not exist)`,
			"i",
		),
		id: registryOf,
		reason: "not-found",
		title: "The image of the label does not exist",
		why: "The runner cannot pull the image of the job, so the job dies in set-up.",
		fix: { text: "Correct the image in the runner's label, or push the image.", kind: "runner" },
	},
	{
		pattern: new RegExp(
			`(?:https://${host}/v2/\\S{0,300}: (?:denied|unauthorized)|pull access denied|denied: (?:denied|requested access))`,
			"i",
		),
		id: registryOf,
		reason: "denied",
		title: "The registry denies the image of the label",
		why: "The runner cannot pull the image of the job, so the job dies in set-up.",
		fix: {
			text: "Log in to the registry on the runner's host as the user of the runner, or make the image public.",
			kind: "host",
		},
	},
	{
		pattern:
			/lookup (\S{1,200})[^\n]{0,100}(?:no such host|server misbehaving|i\/o timeout)|Could not resolve host: (\S{1,200})/i,
		id: (match) => `registry/${match[1] ?? match[2] ?? ""}`,
		reason: "unresolvable",
		title: "A host name cannot be resolved",
		why: "The runner cannot fetch what the job needs, so the job dies in set-up.",
		fix: {
			text: "Fix DNS on the runner's host.",
			commands: ["resolvectl status", "cat /etc/resolv.conf"],
			kind: "host",
		},
	},
	{
		pattern: /no space left on device|disk quota exceeded/i,
		id: "disk/free",
		reason: "low",
		title: "The disk of the runner is full",
		why: "Nothing can be written, so jobs die wherever they write first.",
		fix: {
			text: "Free space on the runner's host. The listing shows what Docker holds; see what is in use before you remove anything.",
			commands: ["df -h", "docker system df"],
			kind: "host",
		},
	},
];

/** What the log of a job that failed without a report says. */
export function setUpTrouble(log: string, job: string): Omit<Look, "name" | "labels" | "at"> {
	const lines = lastLines(log);
	const diagnosis = diagnose(lines.join("\n"));
	const last = [...lines].reverse().find((line) => !noise.test(line)) ?? "its log is empty";
	const told = diagnosis ? diagnosis.title : `the last line of its log is \`${cut(last.replace(/`/g, "'"), 300)}\``;
	return {
		status: "set-up-failed",
		failures: diagnosis ? [`${diagnosis.id}:${diagnosis.reason}`] : [],
		warnings: [],
		versions: {},
		results: diagnosis ? [diagnosis] : [],
		why: `The job ${job} failed before runner-check reported: ${told}.`,
	};
}

function lastLines(log: string): readonly string[] {
	return log
		.slice(-maxTail)
		.split("\n")
		.slice(-maxLines)
		.map((line) => line.slice(0, 2000).replace(timestamp, "").trim())
		.filter((line) => line !== "");
}

function diagnose(text: string): Result | undefined {
	for (const { pattern, id, reason, title, why, fix } of known) {
		const match = pattern.exec(text);
		if (!match) continue;
		return resultOf(typeof id === "string" ? id : id(match), reason, lineAt(text, match.index), {
			title,
			why,
			remedy: fix,
		});
	}
	if (startErrorIn(text)) {
		const { headline, cause, fix } = startTrouble(text, "busybox");
		const line = text.split("\n").find((one) => startErrorIn(one)) ?? "";
		return resultOf("smoke/docker", "cannot-start", line, { title: headline, why: cause, remedy: fix });
	}
	const defect = signatureIn(text);
	if (!defect) return undefined;
	const program = /^[\w.+-]{1,40}$/.test(defect.subject ?? "") ? (defect.subject ?? "") : "rustup";
	return resultOf(`tool/${program}`, defect.reason, defect.told, {
		title: "A program of the job does not start",
		why: "Every step that uses it fails in the same way.",
		remedy: {
			text: "Run the program in the image of the label, or on the host for a host label, and fix what it says.",
			kind: "image",
		},
	});
}

function resultOf(
	id: string,
	reason: string,
	line: string,
	words: Pick<Result, "title" | "remedy"> & { readonly why: string },
): Result {
	const text = cut(line, 600);
	return {
		id,
		status: "fail",
		reason,
		...words,
		message: `The job died in set-up: \`${text.replace(/`/g, "'")}\`.`,
		expected: "a job that starts",
		observed: "a job that failed before its first report",
		evidence: [{ source: "the log of the job", text }],
		docs: docsOf(id),
		duration_ms: 0,
	};
}

function lineAt(text: string, index: number): string {
	const start = text.lastIndexOf("\n", index - 1) + 1;
	const end = text.indexOf("\n", index);
	return text.slice(start, end < 0 ? undefined : end);
}
