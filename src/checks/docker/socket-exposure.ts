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
		const event = job.event ?? "?";
		// `pull_request_target` runs the workflow of the base branch, `pull_request` that of the fork.
		const isPullRequest = job.inJob && /^pull_request(?!_target)/.test(event);
		if (isPullRequest && job.fromFork === true) {
			const observed = `${event} from a fork, Docker answers`;
			return finding(words, "untrusted-event", { event, address, situation }, { observed, evidence });
		}
		if (isPullRequest && job.fromFork === undefined) {
			return undecided(
				unknowns,
				"event-unknown",
				{ event },
				{ observed: "no repository of the pull request", evidence },
			);
		}
		if (mount?.readOnly) {
			const observed = `${mount.root} mounted with ro`;
			return finding(words, "read-only-illusion", { situation }, { observed, evidence });
		}
		if (!version.value.version || typeof job.inJob !== "boolean") {
			return nothingSeen("docker/socket-exposure", "the daemon, or whether this is a job");
		}
		return { kind: "pass", message: job.inJob ? `event ${code(event)}` : "not in a job", evidence };
	},
});

function evidenceOf(mount: SocketMountFacts["mount"]): readonly Evidence[] {
	if (!mount) return [];
	const { root, target, readOnly } = mount;
	return [{ source: "/proc/self/mountinfo", text: `${root} on ${target}, ${readOnly ? "ro" : "rw"}` }];
}
