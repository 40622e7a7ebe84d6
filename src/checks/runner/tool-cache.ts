import type { Policy } from "../../policy/policy.ts";
import { type AccountFacts, accountProbe } from "../../probes/account.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type ToolCacheFacts, toolCacheProbe } from "../../probes/tool-cache.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code, octal } from "../text.ts";
import { finding, skipped, undecided } from "../words.ts";
import { placeUnknown } from "./mode.ts";
import { type Cache, causeOf, intro, notKept, type Transience, unknowns, words } from "./tool-cache-words.ts";

type Reason = keyof typeof words;

interface Seen {
	readonly cache: ToolCacheFacts;
	readonly container: ContainerFacts;
	readonly account: AccountFacts;
	readonly job: JobFacts;
	readonly policy: Policy;
}

/**
 * The directory in which `setup-node` and similar actions keep what they downloaded. A builder image brings its own tools and
 * needs no cache, so most of this is a finding only if the profile asks for one.
 */
export const runnerToolCache = defineCheck({
	id: "runner/tool-cache",
	title: "Downloads of `setup-*` actions are kept for the next job",
	intro,
	reasons: words,
	needs: { cache: toolCacheProbe, container: containerProbe, account: accountProbe, job: jobProbe },
	judge({ cache, container, account, job }, policy): Verdict<Reason> {
		const seen: Seen = { cache, container, account, job, policy };
		if (cache.path === undefined) {
			return policy.toolCache === "persistent" && job.inJob
				? notPersistent(seen, "not-set")
				: skipped(words, "not-set", {});
		}
		if (cache.state === "unreadable" || cache.state === "not-a-directory") return notWritable(seen);
		if (!cache.writable && isKept(seen) && isMeantToBeWritten(seen)) return notWritable(seen);
		if (!cache.mountsKnown) {
			if (policy.toolCache === undefined) return unasked(cache.path, "it is not known whether it is kept");
			if (container.mode === "unknown") return placeUnknown("runner/tool-cache", container, policy);
			return undecided(
				unknowns,
				"mounts",
				{ path: cache.path },
				{ observed: "no mounts to read", evidence: evidenceOf(cache) },
			);
		}
		const cause = whyTransient(seen);
		if (cause !== undefined) return notPersistent(seen, cause);
		if (!cache.writable) return unasked(cache.path, `only ${ownerOf(cache)} can write to it`);
		const broken = cache.tools.filter(({ complete }) => !complete);
		if (broken.length > 0) return incomplete(seen, broken);
		if (cache.unread) {
			const { path, code: errno } = cache.unread;
			const evidence = [...evidenceOf(cache), { source: path, text: errno }];
			return undecided(unknowns, "contents", { path, errno }, { observed: errno, evidence });
		}
		if (cache.state !== "present" && cache.state !== "absent") return nothingSeen("runner/tool-cache", "the directory");
		return { kind: "pass", message: `${code(cache.path)}, ${countOf(cache.tools)}`, evidence: evidenceOf(cache) };
	},
});

/** Does it exist, or would it stay if a job created it? */
function isKept({ cache, container }: Seen): boolean {
	return cache.state === "present" || (container.mode === "host" && !cache.perJob);
}

/**
 * An ordinary user in a container whose cache belongs to root: Docker creates volumes that way, and it matters only to jobs
 * that use `setup-*` actions, which `tool-cache: persistent` says. On a host, and for root, the cache should always be writable.
 */
function isMeantToBeWritten({ container, account, policy }: Seen): boolean {
	return policy.toolCache !== undefined || container.mode === "host" || account.uid === 0;
}

function unasked(path: string, what: string): Verdict<Reason> {
	return {
		kind: "skip",
		reason: "not-applicable",
		message: `${code(path)}: ${what}. The profile does not ask for a tool cache.`,
	};
}

function ownerOf({ owner }: ToolCacheFacts): string {
	return owner === undefined ? "its owner" : `uid ${owner.uid}`;
}

/** Why the cache ends with the job; `undefined`: it stays. */
function whyTransient({ cache, container }: Seen): Transience | undefined {
	if (container.mode === "host") return cache.perJob ? "per-job" : undefined;
	if (cache.state === "absent") return "absent";
	if (!cache.mount) return "in-container";
	if (cache.mount.fsType === "tmpfs") return "in-memory";
	// `VOLUME` in a Dockerfile creates a volume without a name.
	return /\/volumes\/[0-9a-f]{64}\/_data$/.test(cache.mount.root) ? "unnamed-volume" : undefined;
}

function evidenceOf({ path = "", state, owner, mount, tools }: ToolCacheFacts): Proof {
	const permissions = owner ? `, mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` : "";
	return [
		{ source: "RUNNER_TOOL_CACHE", text: path },
		{ source: path, text: `${state}${permissions}, ${countOf(tools)}` },
		...(mount ? [{ source: "/proc/self/mountinfo", text: `${mount.root} on ${mount.target} (${mount.fsType})` }] : []),
	];
}

function countOf({ length }: ToolCacheFacts["tools"]): string {
	return `${length} ${length === 1 ? "tool" : "tools"}`;
}

function cacheOf({ cache, container, job }: Seen): Cache {
	return { path: cache.path ?? "/opt/hostedtoolcache", mount: cache.mount, situation: situationOf(container, job) };
}

function notPersistent(seen: Seen, cause: Transience): Verdict<Reason> {
	const { cache, job, policy } = seen;
	const isWanted = policy.toolCache === "persistent";
	const lost = { ...cacheOf(seen), cause, runnerVersion: job.runnerVersion, profile: policy.profile };
	if (!isWanted) return { kind: "skip", reason: "not-persistent", message: notKept(lost) };
	return finding(words, "not-persistent", lost, {
		level: "fail",
		observed: causeOf(cause),
		evidence: evidenceOf(cache),
	});
}

function notWritable(seen: Seen): Verdict<Reason> {
	const { cache, account } = seen;
	const { state, owner, mount, code: errno } = cache;
	const closed = {
		...cacheOf(seen),
		obstacle: state !== "present" && state !== "not-set" ? state : mount?.readOnly ? "read-only" : "owner",
		errno,
		account,
	} as const;
	const observed = owner ? `mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` : state;
	return finding(words, "not-writable", closed, { observed, evidence: evidenceOf(cache) });
}

function incomplete(seen: Seen, broken: ToolCacheFacts["tools"]): Verdict<Reason> {
	const { cache } = seen;
	const entries = broken.map(({ tool, version, arch }) => `${tool}/${version}/${arch}`);
	const shown = entries.slice(0, 5).join(", ");
	const evidence = [...evidenceOf(cache), { source: cache.path ?? "", text: shown }];
	const observed = `${entries.length} of ${cache.tools.length} incomplete`;
	return finding(words, "incomplete", { ...cacheOf(seen), entries }, { observed, evidence });
}
