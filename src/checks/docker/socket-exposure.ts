import { containerProbe } from "../../probes/container.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { type SocketMountFacts, socketMountProbe } from "../../probes/socket-mount.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { situationOf, wantsDocker } from "./situation.ts";
import { intro, unknowns, words } from "./socket-exposure-words.ts";

export const dockerSocketExposure = defineCheck({
	id: "docker/socket-exposure",
	title: "Only trusted code can reach the Docker daemon",
	intro,
	reasons: words,
	needs: { engine: dockerEngineProbe, job: jobProbe, mount: socketMountProbe, container: containerProbe },
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine, job, mount: { mount }, container }): Verdict<keyof typeof words> {
		const { version, endpoint: address } = engine;
		if (version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers." };
		}
		const situation = situationOf(container, job);
		const evidence: Proof = [
			{ source: `GET /version on ${address}`, text: `Docker ${version.value.version} answers` },
			...evidenceOf(mount),
		];
		const { inJob, event, fromFork } = job;
		// `pull_request_target` runs the workflow of the base branch, `pull_request` that of the fork.
		const isPullRequest = inJob && event !== undefined && /^pull_request(?!_target)/.test(event);
		if (isPullRequest && fromFork === true) {
			const observed = `${event} from a fork, Docker answers`;
			return finding(words, "untrusted-event", { event, address, situation }, { observed, evidence });
		}
		if (isPullRequest && fromFork === undefined) {
			const observed = "no repository of the pull request";
			return undecided(unknowns, "event-unknown", { event }, { observed, evidence });
		}
		// It may be `pull_request_target`.
		if (inJob && event === undefined && fromFork === true) {
			const observed = "GITHUB_EVENT_NAME is not set, and the pull request is from a fork";
			return undecided(unknowns, "no-event-name", {}, { observed, evidence });
		}
		if (mount?.readOnly) {
			const observed = `${mount.root} mounted with ro`;
			return finding(words, "read-only-illusion", { situation }, { observed, evidence });
		}
		if (!version.value.version || typeof inJob !== "boolean") {
			return nothingSeen("docker/socket-exposure", "the daemon, or whether this is a job");
		}
		if (!inJob) return { kind: "pass", message: "not in a job", evidence };
		if (event === undefined && fromFork !== false) {
			const message =
				"Unknown which event runs this job: `GITHUB_EVENT_NAME` is not set, and no file of the event (`GITHUB_EVENT_PATH`) can be read.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		const message = event === undefined ? "no pull request from a fork" : `event ${code(event)}`;
		return { kind: "pass", message, evidence: [...evidence, ...whichEvent(event, isPullRequest)] };
	},
});

/** What the environment and the event's file say about the event. */
function whichEvent(event: string | undefined, isPullRequest: boolean): readonly Evidence[] {
	const file = isPullRequest ? "head and base are the same repository" : "no pull request from a fork";
	return [
		...(event === undefined ? [] : [{ source: "environment, GITHUB_EVENT_NAME", text: event }]),
		...(event === undefined || isPullRequest ? [{ source: "the event's file, GITHUB_EVENT_PATH", text: file }] : []),
	];
}

function evidenceOf(mount: SocketMountFacts["mount"]): readonly Evidence[] {
	if (!mount) return [];
	const { root, target, readOnly } = mount;
	return [{ source: "/proc/self/mountinfo", text: `${root} on ${target}, ${readOnly ? "ro" : "rw"}` }];
}
