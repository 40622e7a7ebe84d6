import { compareApi, isApiVersion } from "../../knowledge/docker-cli-releases.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DockerCliFacts, dockerCliProbe, dockerToolProbe } from "../../probes/docker-cli.ts";
import { dockerEngineProbe, type EngineVersion } from "../../probes/docker-engine.ts";
import { osProbe } from "../../probes/os.ts";
import { findVersion } from "../../versions.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { finding, undecided } from "../words.ts";
import { intro, nameFirst, unknowns, words } from "./api-version-words.ts";
import { fitToEngine, serviceOfEngine } from "./engine-service.ts";
import type { CliPlace } from "./install-cli.ts";
import { wantsDocker } from "./situation.ts";

type Reason = keyof typeof words;

interface Case {
	readonly cli: DockerCliFacts;
	readonly engine: EngineVersion;
	readonly place: CliPlace;
	readonly evidence: Proof;
	/** Only for a finding: a pass does not depend on what serves the engine. */
	readonly upgrade: () => string | undefined;
}

export const dockerApiVersion = defineCheck({
	id: "docker/api-version",
	title: "Docker CLI and daemon speak a common API version",
	intro,
	reasons: words,
	needs: {
		cli: dockerCliProbe,
		tool: dockerToolProbe,
		engine: dockerEngineProbe,
		container: containerProbe,
		os: osProbe,
	},
	after: ["docker/daemon", "docker/cli"],
	applies: wantsDocker,
	judge({ cli, tool, engine, container, os }): Verdict<Reason> {
		if (engine.version.kind !== "ok") return { kind: "skip", reason: "absent", message: "No daemon to compare with." };
		if (cli.product === "none") return { kind: "skip", reason: "absent", message: "No Docker CLI to compare." };
		if (cli.product === "untrusted") {
			return { kind: "skip", reason: "untrusted", message: "This `docker` is the workspace's, and was not run." };
		}
		if (cli.product !== "docker") {
			const message = "This `docker` is not a Docker CLI and negotiates no API version.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		const path = tool.found?.path ?? "docker";
		const seen: Case = {
			cli,
			engine: engine.version.value,
			place: { inContainer: container.mode === "container", os: os.name },
			evidence: evidenceOf(cli, path, engine.endpoint, engine.version.value),
			upgrade: () => serviceOfEngine(engine).upgrade,
		};
		return fitToEngine(cli.pinned === undefined ? judgeRelease(seen) : judgePin(seen, cli.pinned), engine);
	},
});

function judgeRelease(seen: Case): Verdict<Reason> {
	const { cli, engine, place, evidence } = seen;
	const { apiVersion, minApiVersion: minimum = "0.0" } = engine;
	const { said, api } = cli;
	const newest = said?.kind === "told" ? said.newestApi : api?.max;
	if (newest === undefined || !isApiVersion(newest)) {
		return undecided(
			unknowns,
			"client-unknown",
			{ ...seen, minimum },
			{ observed: "no API version of the CLI", evidence },
		);
	}
	const isExact = said?.kind === "told" || api?.atLeast === undefined;
	if (compareApi(newest, minimum) < 0) {
		if (isExact) {
			const tooOld = { cli: cli.version, api: newest, isPinned: false, minimum, engine, place };
			return finding(words, "client-too-old", tooOld, { observed: newest, evidence });
		}
		const observed = `${newest} or newer`;
		return undecided(unknowns, "client-unknown", { ...seen, minimum }, { observed, evidence });
	}
	const works = said?.kind === "told" && said.error === undefined;
	if (api && !works && compareApi(apiVersion, api.min) < 0) {
		const error = said?.kind === "timed-out" ? undefined : said?.error;
		const { inContainer } = place;
		return finding(
			words,
			"client-too-new",
			{ kind: "engine", cli: cli.version, minimum: api.min, engine, error, inContainer, upgrade: seen.upgrade() },
			// No negotiation helps here.
			{ observed: apiVersion, evidence, level: "fail" },
		);
	}
	const common = compareApi(newest, apiVersion) < 0 ? newest : apiVersion;
	return {
		kind: "pass",
		message: `${nameFirst(cli.version)} and daemon ${engine.version} speak API ${common}`,
		evidence,
	};
}

function judgePin({ cli, engine, place, evidence }: Case, pin: string): Verdict<Reason> {
	const { apiVersion, minApiVersion: minimum = "0.0" } = engine;
	const details = { observed: `DOCKER_API_VERSION=${pin}`, evidence };
	if (!isApiVersion(pin)) {
		return finding(words, "client-too-new", { kind: "invalid-pin", pin }, { ...details, level: "fail" });
	}
	if (compareApi(pin, minimum) < 0) {
		const seen = { cli: cli.version, api: pin, isPinned: true, minimum, engine, place };
		return finding(words, "client-too-old", seen, details);
	}
	if (compareApi(pin, apiVersion) > 0) {
		const isLowered = lowersPin(cli);
		const level = isLowered ? "warn" : "fail";
		return finding(words, "client-too-new", { kind: "pin", pin, engine, isLowered }, { ...details, level });
	}
	return {
		kind: "pass",
		message: `${nameFirst(cli.version)} and daemon ${engine.version} speak API ${pin}, pinned by \`DOCKER_API_VERSION\``,
		evidence,
	};
}

/** Since 29.7, the CLI lowers a pin that is too high. What it said counts for more than its version. */
function lowersPin({ said, version }: DockerCliFacts): boolean {
	if (said?.kind === "told") return said.error === undefined;
	const [major, minor] = findVersion(version ?? "")?.numbers ?? [0, 0];
	return major > 29 || (major === 29 && minor >= 7);
}

function evidenceOf(
	{ api, said, pinned, version }: DockerCliFacts,
	path: string,
	endpoint: string,
	engine: EngineVersion,
): Proof {
	const minimum = engine.minApiVersion === undefined ? "" : `MinAPIVersion ${engine.minApiVersion}, `;
	const evidence: [Evidence, ...Evidence[]] = [
		{ source: `GET /version on ${endpoint}`, text: `${minimum}ApiVersion ${engine.apiVersion}` },
	];
	if (api) {
		const range = api.atLeast ? `API ${api.max} or newer` : `API ${api.max}`;
		evidence.push({ source: `${path} --version`, text: `release ${version}, which speaks ${range}` });
	}
	if (said?.kind === "told") {
		const error = said.error === undefined ? "" : `: ${said.error}`;
		evidence.push({ source: `${path} version`, text: `client API ${said.newestApi}, used ${said.usedApi}${error}` });
	}
	if (said?.kind === "failed") evidence.push({ source: `${path} version`, text: said.error });
	if (said?.kind === "timed-out") evidence.push({ source: `${path} version`, text: "no answer within the deadline" });
	if (pinned !== undefined) evidence.push({ source: "environment", text: `DOCKER_API_VERSION=${pinned}` });
	return evidence;
}
