import { giteaRunnerVersion, holdsFor, runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import { type AccountFacts, accountProbe } from "../../probes/account.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type ToolCacheFacts, toolCacheProbe } from "../../probes/tool-cache.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { code, listed, octal, shellQuote } from "../text.ts";
import { restartCommand } from "./labels.ts";

type Reason = "not-set" | "not-writable" | "not-persistent" | "incomplete";

interface Case {
	readonly cache: ToolCacheFacts;
	readonly container: ContainerFacts;
	readonly account: AccountFacts;
	readonly job: JobFacts;
	readonly policy: Policy;
}

/**
 * Where `setup-node` and its like keep what they downloaded. A builder image brings its tools along and needs none, so a
 * profile has to ask before the lack of one is a finding.
 */
export const runnerToolCache = defineCheck({
	id: "runner/tool-cache",
	title: "What `setup-*` actions download is kept, whole, for the next job",
	reasons: {
		"not-set": { level: "skip", title: "There is no tool cache" },
		"not-writable": { level: "warn", title: "The tool cache cannot be written" },
		"not-persistent": { level: "skip", title: "The tool cache ends with the job" },
		incomplete: { level: "warn", title: "The tool cache holds downloads that broke off" },
	},
	needs: { cache: toolCacheProbe, container: containerProbe, account: accountProbe, job: jobProbe },
	judge({ cache, container, account, job }, policy): Verdict<Reason> {
		const seen: Case = { cache, container, account, job, policy };
		if (cache.path === undefined) {
			if (policy.toolCache === "persistent" && job.inJob) return notPersistent(seen, "RUNNER_TOOL_CACHE is not set");
			return {
				kind: "skip",
				reason: "not-set",
				message: "`RUNNER_TOOL_CACHE` is not set: no runner gave this process one.",
			};
		}
		if (cache.state === "unreadable" || cache.state === "not-a-directory") return notWritable(seen);
		if (cache.state === "present" && !cache.writable && concernsSomebody(seen)) return notWritable(seen);
		if (!cache.mountsKnown) {
			if (policy.toolCache === undefined) return unasked(seen, "whether it is kept is not known");
			return {
				kind: "undecided",
				message: `Could not find out whether ${code(cache.path)} is a mount: \`/proc/self/mountinfo\` cannot be read.`,
			};
		}
		const transient = whyTransient(seen);
		if (transient !== undefined) return notPersistent(seen, transient);
		if (!cache.writable) return unasked(seen, `only ${ownerOf(cache)} may write there`);
		const broken = cache.tools
			.filter(({ complete }) => !complete)
			.map(({ tool, version, arch }) => `${tool}/${version}/${arch}`);
		if (broken.length > 0) return incomplete(seen, broken);
		const count = cache.tools.length;
		return {
			kind: "pass",
			message: `${code(cache.path)}, ${count} ${count === 1 ? "tool" : "tools"}`,
			evidence: evidenceOf(seen),
		};
	},
});

/**
 * A plain user in a container, and a cache that is root's: that is how Docker makes a volume, and it hurts only jobs that use
 * `setup-*` actions. Whose jobs do says `tool-cache: persistent`. On a host, and to root, it should be open in any case.
 */
function concernsSomebody({ container, account, policy }: Case): boolean {
	return policy.toolCache !== undefined || container.mode === "host" || account.uid === 0;
}

function unasked({ cache }: Case, what: string): Verdict<Reason> {
	return {
		kind: "skip",
		reason: "not-applicable",
		message: `${code(cache.path ?? "")}: ${what}. The profile does not ask for a tool cache.`,
	};
}

function ownerOf({ owner }: ToolCacheFacts): string {
	return owner === undefined ? "its owner" : `uid ${owner.uid}`;
}

/** Why it goes with the job; `undefined`: it stays. */
function whyTransient({ cache, container }: Case): string | undefined {
	if (container.mode === "host")
		return cache.perJob ? "it lies in the folder that the runner removes after the job" : undefined;
	if (cache.state === "absent") return "it does not exist in this container";
	if (!cache.mount) return "it is part of the container, which is removed after the job";
	if (cache.mount.fsType === "tmpfs") return "it lies in memory";
	// A volume without a name, as `VOLUME` of a Dockerfile makes it, is removed with its container.
	return /\/volumes\/[0-9a-f]{64}\/_data$/.test(cache.mount.root)
		? "its volume has no name and is removed with the container"
		: undefined;
}

function evidenceOf({ cache }: Case): Evidence[] {
	const { path = "", state, owner, mount, tools } = cache;
	const permissions = owner ? `, mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` : "";
	return [
		{ source: "RUNNER_TOOL_CACHE", text: path },
		{ source: path, text: `${state}${permissions}, ${tools.length} tools` },
		...(mount ? [{ source: "/proc/self/mountinfo", text: `${mount.root} on ${mount.target} (${mount.fsType})` }] : []),
	];
}

function notPersistent(seen: Case, because: string): Verdict<Reason> {
	const { cache, job, policy } = seen;
	const path = cache.path ?? "/opt/hostedtoolcache";
	const knowledge = runnerKnowledge("tool-cache-not-kept");
	const holds = job.system === "gitea" ? holdsFor(knowledge, giteaRunnerVersion(job)) : "no";
	const version =
		holds === "yes"
			? ` Runner ${job.runnerVersion}: ${knowledge.what}.`
			: holds === "unknown"
				? ` In runners ${versionsOf(knowledge)}, ${knowledge.what}.`
				: "";
	if (policy.toolCache !== "persistent") {
		return {
			kind: "skip",
			reason: "not-persistent",
			message: `${code(path)} is not kept for the next job: ${because}.${version}`,
		};
	}
	return {
		kind: "finding",
		reason: "not-persistent",
		level: "fail",
		message: `The profile ${code(policy.profile)} wants a tool cache that stays, but ${code(path)} does not: ${because}.${version}`,
		why: "Every job downloads its tools again: minutes for each, and none at all while the network or the rate limit of their source is in the way.",
		expected: "a tool cache that outlives the job",
		observed: because,
		evidence: evidenceOf(seen),
		remedy: keep(seen, path),
	};
}

function keep({ container, job }: Case, path: string): Remedy {
	const image = {
		text: "What every job needs is best in the image: no download, no cache, and the same version everywhere.",
		kind: "image",
	} as const;
	if (job.system === "github" || job.system === "none") {
		return {
			text: "Mount a directory of the host there.",
			config: { file: "the workflow", language: "yaml", text: `container:\n  volumes:\n    - /srv/toolcache:${path}` },
			kind: "workflow",
			otherwise: image,
		};
	}
	if (container.mode === "host") {
		return {
			text: "Let the runner keep one cache for all its jobs. Two jobs at once that install the same version damage it, so `capacity` has to be 1.",
			config: { file: "config.yaml", language: "yaml", text: "runner:\n  capacity: 1\n  tool_cache_mode: shared" },
			commands: [restartCommand(job)],
			kind: "runner",
			otherwise: image,
		};
	}
	return {
		text: "Mount a directory of the host there, and allow it: what `valid_volumes` does not name is dropped without an error. `tool_cache_mode: shared` (runner 3.2.0 and newer) does the same with a volume, for `capacity: 1`.",
		config: {
			file: "config.yaml",
			language: "yaml",
			text: `container:\n  options: --volume /srv/toolcache:${path}\n  valid_volumes:\n    - /srv/toolcache`,
		},
		commands: ["sudo mkdir -p /srv/toolcache", restartCommand(job)],
		kind: "runner",
		otherwise: image,
	};
}

function notWritable(seen: Case): Finding<Reason> {
	const { cache, container, account } = seen;
	const { path = "", state, owner, mount, code: errno } = cache;
	const what =
		state === "unreadable"
			? `cannot be looked at (${errno})`
			: state === "not-a-directory"
				? "is not a directory"
				: mount?.readOnly
					? "is mounted read-only"
					: `cannot be written by uid ${account.uid}`;
	const host = container.mode === "host";
	return {
		kind: "finding",
		reason: "not-writable",
		message: `The tool cache ${code(path)} ${what}.`,
		why: "`setup-node`, `setup-python` and their like fail with EACCES or EROFS as soon as they have to download a version.",
		expected: `a directory that uid ${account.uid} can write`,
		observed: owner ? `mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` : state,
		evidence: evidenceOf(seen),
		remedy: mount?.readOnly
			? {
					text: `Mount it without \`:ro\` in \`container.options\` of the runner's \`config.yaml\`.`,
					kind: "runner",
				}
			: {
					text: host
						? "Give the directory to the user that the runner runs as."
						: "Give it to the user that the jobs run as, on the host if a directory of the host is mounted there, else in the image: a new volume takes over the owner that the directory has in the image.",
					commands: [`${host ? "sudo " : ""}chown -R ${account.uid}:${account.gid} ${shellQuote(path)}`],
					kind: host ? "host" : "image",
				},
	};
}

function incomplete(seen: Case, broken: readonly string[]): Finding<Reason> {
	const { cache } = seen;
	const path = cache.path ?? "";
	const shown = broken.slice(0, 5);
	const more = broken.length > shown.length ? ` and ${broken.length - shown.length} more` : "";
	return {
		kind: "finding",
		reason: "incomplete",
		message: `The tool cache ${code(path)} holds ${listed(shown.map(code))}${more} without the mark \`.complete\`.`,
		why: "A download broke off there, or another job is at it right now. Actions do not use such a directory: every job downloads that version again, over what is left of the last attempt.",
		expected: "a file `<arch>.complete` beside each directory of a tool",
		observed: `${broken.length} of ${cache.tools.length} without`,
		evidence: [...evidenceOf(seen), { source: path, text: shown.join(", ") + more }],
		remedy: {
			text: "If no job is running, remove them; the next job that needs them downloads them whole. If it comes back, look for jobs that are cancelled, a full disk, or two jobs that share the cache.",
			commands: shown.map((entry) => `rm -r ${shellQuote(`${path}/${entry}`)}`),
			kind: "host",
		},
	};
}
