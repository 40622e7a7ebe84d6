import { containerProbe } from "../../probes/container.ts";
import { dockerEndpointProbe } from "../../probes/docker-endpoint.ts";
import { type ApiRequest, dockerEngineProbe, isDenied } from "../../probes/docker-engine.ts";
import { dockerOtherSocketsProbe, type OtherSocket } from "../../probes/docker-other-sockets.ts";
import { jobProbe } from "../../probes/job.ts";
import { osProbe } from "../../probes/os.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { describeVersion } from "./describe-engine.ts";
import { intro, unknowns, words } from "./presence-words.ts";
import { situationOf } from "./situation.ts";

export const dockerPresence = defineCheck({
	id: "docker/presence",
	title: "This job cannot reach a Docker daemon",
	intro,
	reasons: words,
	needs: {
		engine: dockerEngineProbe,
		endpoint: dockerEndpointProbe,
		others: dockerOtherSocketsProbe,
		container: containerProbe,
		job: jobProbe,
		os: osProbe,
	},
	applies: (policy) => policy.docker.require === "forbidden",
	judge({ engine, endpoint: { endpoint }, others, container, job, os }, policy): Verdict<keyof typeof words> {
		const { version, endpoint: address } = engine;
		const evidence: Proof = [
			{ source: `GET /version on ${address}`, text: describeVersion(version) },
			...others.map((other) => ({
				source: `GET /version on unix://${other.path}`,
				text: describeVersion(other.version),
			})),
		];
		const seen = {
			address,
			profile: policy.profile,
			user: /^(?:uid |unknown$)/.test(os.user) ? undefined : os.user,
			situation: situationOf(container, job),
		};
		const other = others.find((socket) => exists(socket.version));
		const isShielded = version.kind === "ok" && keepsAllBack(engine.requests);
		if (other && (version.kind !== "ok" || isShielded)) {
			return finding(
				words,
				"forbidden-but-present",
				{ ...seen, version: undefined, otherSocket: other.path, overSocket: true },
				{ observed: `${other.path}: ${describeVersion(other.version)}`, evidence },
			);
		}
		const overSocket = endpoint.kind === "unix";
		if (endpoint.kind === "ssh" || (version.kind === "timed-out" && !overSocket)) {
			const observed = describeVersion(version);
			return undecided(unknowns, "not-asked", { address, isSsh: endpoint.kind === "ssh" }, { observed, evidence });
		}
		if (isShielded) {
			const kept = (engine.requests ?? []).map(({ request, status }) => ({
				source: `${request} on ${address}`,
				text: `status ${status}`,
			}));
			const message = `a proxy at ${code(address)} keeps containers, images and every change from this job`;
			return { kind: "pass", message, evidence: [...evidence, ...kept] };
		}
		if (!exists(version)) return { kind: "pass", message: `no daemon answers at ${code(address)}`, evidence };
		const number = version.kind === "ok" ? version.value.version : undefined;
		return finding(
			words,
			"forbidden-but-present",
			{ ...seen, version: number, otherSocket: undefined, overSocket },
			{ observed: describeVersion(version), evidence },
		);
	},
});

/** Access is what counts: through such a proxy, a job can neither look at containers and images nor start any. */
function keepsAllBack(requests: readonly ApiRequest[] = []): boolean {
	const denied = requests.filter(isDenied).map(({ name }) => name);
	return (["create", "containers", "images"] as const).every((name) => denied.includes(name));
}

/** A daemon that hangs or answers with an error exists all the same. */
function exists(answer: OtherSocket["version"]): boolean {
	// The queue of a unix socket is full: its daemon hangs.
	if (answer.kind === "failed") return answer.code === "EAGAIN";
	return answer.kind === "ok" || answer.kind === "http-error" || answer.kind === "timed-out";
}
