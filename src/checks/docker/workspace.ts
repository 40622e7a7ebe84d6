import { containerProbe } from "../../probes/container.ts";
import { type DockerEndpoint, dockerEndpointProbe } from "../../probes/docker-endpoint.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { type SelfContainerFacts, type SelfMount, selfContainerProbe } from "../../probes/self-container.ts";
import { type SmokeFacts, smokeProbe } from "../../probes/smoke.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { type Situation, situationOf, wantsDocker } from "./situation.ts";
import { intro, unknowns, words } from "./workspace-words.ts";

type Reason = keyof typeof words;

/**
 * The daemon resolves the source of `docker run -v "$PWD:/src"` on its own host. By default, the runner keeps the workspace in a
 * volume (GitHub: at another path there), so `-v "$PWD:/src"` does not work and was never promised. That is skipped with a note: a
 * warning on every runner with the usual setup would be ignored. It is a finding if someone set the runner up for it and it does
 * not work, or if a container that `smoke` started does not see the workspace.
 */
export const dockerWorkspace = defineCheck({
	id: "docker/workspace",
	title: "Containers that a job starts see its workspace",
	intro,
	reasons: words,
	needs: {
		engine: dockerEngineProbe,
		endpoint: dockerEndpointProbe,
		container: containerProbe,
		job: jobProbe,
		self: selfContainerProbe,
		smoke: smokeProbe,
	},
	after: ["docker/daemon", "smoke/docker"],
	applies: wantsDocker,
	judge({ engine, endpoint: { endpoint }, container, job, self, smoke }, policy): Verdict<Reason> {
		// Without an image, the mounts have to tell, as without `smoke`: `smoke/docker` says that there is none.
		const isAsked = !["not-asked", "no-image"].includes(smoke.outcome.kind);
		if (engine.version.kind !== "ok" && (!isAsked || policy.smoke?.all)) return skip("No Docker daemon answers.");
		if (!smoke.workspace) return nothingSeen("docker/workspace", "the workspace");
		const situation = situationOf(container, job);
		if (isAsked) return bySmoke(smoke, self, situation);
		if (container.mode === "host" && container.insideContainer === undefined) return onHost(smoke, endpoint);
		if (self.state !== "found") {
			return skip(
				"Could not find out how the daemon sees the workspace. `smoke: docker` finds out by starting a container.",
			);
		}
		return byMounts(smoke.workspace, self, situation, job.inJob);
	},
});

function skip(message: string): Verdict<Reason> {
	return { kind: "skip", reason: "not-applicable", message };
}

function onHost({ workspace }: SmokeFacts, endpoint: DockerEndpoint): Verdict<Reason> {
	if (endpoint.kind !== "unix") {
		return skip(
			"The daemon is reached over the network. If it runs on another machine, it does not see this workspace. `smoke: docker` finds out.",
		);
	}
	const evidence: Proof = [{ source: "the daemon's socket", text: endpoint.path }];
	return { kind: "pass", message: `${code(workspace)} is on the daemon's own host`, evidence };
}

/** The mount of our container that contains the workspace: the longest target wins. */
function mountOf(workspace: string, mounts: readonly SelfMount[]): SelfMount | undefined {
	const covering = mounts.filter(
		({ target }) => workspace === target || workspace.startsWith(`${target.replace(/\/$/, "")}/`),
	);
	return [...covering].sort((a, b) => b.target.length - a.target.length)[0];
}

function describeMount(mount: SelfMount | undefined): Evidence {
	const source = "GET /containers/{self}/json, Mounts";
	if (!mount) return { source, text: "none contains the workspace: it is part of the container" };
	return { source, text: `${mount.type} ${mount.name ?? mount.source} on ${mount.target}` };
}

function byMounts(workspace: string, self: SelfContainerFacts, situation: Situation, inJob: boolean): Verdict<Reason> {
	const mount = mountOf(workspace, self.mounts ?? []);
	const evidence: Proof = [describeMount(mount)];
	if (mount?.type === "bind" && mount.source.replace(/\/$/, "") === mount.target.replace(/\/$/, "")) {
		return { kind: "pass", message: `${code(workspace)} has the same path on the daemon's host`, evidence };
	}
	const usual =
		'So `-v "$PWD:/src"` would mount something else. `docker build` and actions are not affected; a container that needs the workspace gets it with `--volumes-from`.';
	if (mount?.type === "volume") {
		return skip(`The workspace is a volume of the runner (${code(mount.name ?? mount.source)}), the default. ${usual}`);
	}
	if (situation.system === "github" || !inJob) {
		return skip(`The workspace has another path on the daemon's host. ${usual}`);
	}
	return finding(
		words,
		"not-visible",
		{ by: "mounts", workspace, found: whereIs(mount), situation },
		{ observed: describeMount(mount).text, evidence },
	);
}

/** What the workspace is for the daemon, as the end of a sentence. */
function whereIs(mount: SelfMount | undefined): string {
	if (!mount) return "it exists only in this container";
	return mount.type === "bind" ? `it is ${code(mount.source)} there` : `it is a ${mount.type} of this container`;
}

function bySmoke(smoke: SmokeFacts, self: SelfContainerFacts, situation: Situation): Verdict<Reason> {
	const { outcome, workspace, leftBehind } = smoke;
	const started = (image: string): Evidence => ({
		source: "POST /containers/create",
		text: `image ${image}, ${workspace} as a bind mount`,
	});
	const rest: readonly Evidence[] = [
		...("message" in outcome
			? [{ source: "image" in outcome ? "the started container" : "the Docker daemon", text: outcome.message }]
			: []),
		...(self.state === "found" ? [describeMount(mountOf(workspace, self.mounts ?? []))] : []),
		...(leftBehind === undefined ? [] : [{ source: "left behind", text: `docker rm --force ${leftBehind}` }]),
	];
	const evidence = "image" in outcome ? [started(outcome.image), ...rest] : rest;
	switch (outcome.kind) {
		case "seen":
			return {
				kind: "pass",
				message: `a started container saw ${code(workspace)}`,
				evidence: [started(outcome.image), ...rest],
			};
		case "not-seen": {
			const seen = { by: "smoke", workspace, situation } as const;
			return finding(words, "not-visible", seen, { observed: outcome.message, evidence, level: "fail" });
		}
		case "not-started": {
			const { image, message: error } = outcome;
			const seen = { by: "no-start", image, error, workspace, situation } as const;
			return finding(words, "not-visible", seen, { observed: error, evidence, level: "fail" });
		}
		case "no-file":
			return undecided(unknowns, "no-file", { workspace, errno: outcome.code }, { observed: outcome.code, evidence });
		case "forbidden":
			return undecided(unknowns, "forbidden", { answer: outcome.message }, { observed: outcome.message, evidence });
		case "no-answer":
			return undecided(unknowns, "no-answer", { answer: outcome.message }, { observed: outcome.message, evidence });
		case "not-asked":
		case "no-image":
			return skip("`smoke` is not set.");
	}
}
