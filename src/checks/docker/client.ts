import { containerProbe } from "../../probes/container.ts";
import { readsAuthConfigFrom } from "../../probes/docker-auth-config.ts";
import { type DockerCliFacts, dockerCliProbe } from "../../probes/docker-cli.ts";
import { type DockerClientFacts, dockerClientProbe } from "../../probes/docker-client.ts";
import { jobProbe } from "../../probes/job.ts";
import { type RegistryFacts, registryProbe } from "../../probes/registry.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import { type Check, defineCheck, type Evidence, type Family, type Proof, type Verdict } from "../check.ts";
import { judgeRegistry } from "../network/registry.ts";
import { registryTargets } from "../network/registry-targets.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { octal } from "../text.ts";
import { finding } from "../words.ts";
import { intro, passWords, words } from "./client-words.ts";
import { situationOf, wantsDocker } from "./situation.ts";

type Reason = keyof typeof words;

/** One check. It needs the registries of the policy, since a missing login helper may be the finding of one of them. */
export const dockerClient: Family = {
	id: "docker/client",
	title: "The Docker CLI can use this user's configuration",
	intro,
	reasons: words,
	expand: ({ registries }) => [checkWith(registryTargets(registries).targets)],
};

function checkWith(targets: ReturnType<typeof registryTargets>["targets"]): Check {
	const registries = Object.fromEntries(targets.map((target) => [`registry/${target.host}`, registryProbe(target)]));
	return defineCheck({
		id: "docker/client",
		title: dockerClient.title,
		reasons: words,
		needs: { client: dockerClientProbe, cli: dockerCliProbe, container: containerProbe, job: jobProbe, ...registries },
		after: ["docker/cli"],
		applies: wantsDocker,
		judge(facts, policy): Verdict<Reason> {
			const { docker } = policy;
			const { client, cli, container, job } = facts as {
				readonly client: DockerClientFacts;
				readonly cli: DockerCliFacts;
				readonly container: never;
				readonly job: never;
			};
			if (cli.product === "none") return { kind: "skip", reason: "absent", message: "No Docker CLI to configure." };
			if (cli.product !== "docker") {
				const message = "This `docker` is not a Docker CLI and has another configuration.";
				return { kind: "skip", reason: "not-applicable", message };
			}
			if (!client.config?.path || !client.config.state || !client.authConfig?.state)
				return nothingSeen("docker/client", "the configuration");
			const situation = situationOf(container, job);
			const seen = { client, situation };
			const evidence = evidenceOf(client);
			const level = docker.require === "required" ? "fail" : "warn";
			const told = new Map<string, string>();
			for (const target of targets) {
				const { host } = target;
				const registry = facts[`registry/${host}` as keyof typeof facts] as unknown as RegistryFacts;
				const verdict = judgeRegistry(target, registry, situation);
				const isHelpers = verdict.kind === "finding" && verdict.reason === "credential-helper-missing";
				if (isHelpers || registry.login?.kind === "helper-failed") {
					told.set(registry.login.helper ?? "", `registry/${host}`);
				}
			}
			const missing = client.missingHelpers.filter(({ helper }) => !told.has(helper));
			const store = missing.filter(({ setting }) => setting === "credsStore");
			if (store.length > 0) {
				const details = { observed: "not on the PATH", evidence, level } as const;
				return finding(words, "credential-helper-missing", { ...seen, missing: store }, details);
			}
			const { config, closed, authConfig, unusableHelper: unusable } = client;
			if (unusable && !told.has(unusable.helper)) {
				const details = { observed: "no D-Bus session", evidence, level } as const;
				return finding(words, "credential-helper-missing", { ...seen, missing: [], unusable }, details);
			}
			if (closed && isNeeded(closed, client, cli)) {
				if (closed.cargoToo && !isSwitchedOff("rust/consistency", "cargo-home-not-writable", policy)) {
					const message = "The job's user has no home: see `rust/consistency`.";
					return { kind: "skip", reason: "needs:rust/consistency", message };
				}
				const owner = `owner ${closed.owner ?? closed.uid}, mode ${octal(closed.mode)}`;
				const observed =
					closed.need === "create" ? `${owner} above it` : closed.readOnly ? `read-only mount, ${owner}` : owner;
				return finding(words, "foreign-owned", { ...seen, closed }, { observed, evidence, level });
			}
			if (config.state === "unreadable" || config.state === "invalid") {
				return finding(words, "config-unreadable", seen, { observed: config.why ?? config.state, evidence, level });
			}
			if (authConfig.state === "malformed" && readsAuthConfig(cli)) {
				return finding(words, "auth-malformed", seen, { observed: authConfig.why ?? "malformed", evidence, level });
			}
			if (missing.length > 0) {
				const details = { observed: "not on the PATH", evidence, level: "warn" } as const;
				return finding(words, "credential-helper-missing", { ...seen, missing }, details);
			}
			const [reported] = told.values();
			if (reported !== undefined) {
				const message = `The login helper is missing: see \`${reported}\`.`;
				return { kind: "skip", reason: `needs:${reported}`, message };
			}
			return { kind: "pass", message: passWords(client), evidence };
		},
	});
}

/** A directory that `DOCKER_CONFIG` names, or a mounted one, may be closed on purpose, which harms only buildx. */
function isNeeded(
	{ path, need, readOnly }: NonNullable<DockerClientFacts["closed"]>,
	{ namedBy, directory }: DockerClientFacts,
	{ plugins }: DockerCliFacts,
): boolean {
	const hasBuildx = plugins.some(({ name, state }) => name === "buildx" && state === "executable");
	if (readOnly || need === "create") return hasBuildx;
	return namedBy === "home" || need !== "write" || path !== directory || hasBuildx;
}

function readsAuthConfig({ version }: DockerCliFacts): boolean {
	const found = findVersion(version ?? "");
	return !found || compareVersions(found, { numbers: [...readsAuthConfigFrom, 0], prerelease: [] }) >= 0;
}

function evidenceOf(client: DockerClientFacts): Proof {
	const { config, closed, missingHelpers, unusableHelper, authConfig, user } = client;
	const more: Evidence[] = [];
	if (unusableHelper) {
		more.push({ source: unusableHelper.helper, text: "on the PATH" });
		more.push({ source: "environment", text: "DBUS_SESSION_BUS_ADDRESS and DISPLAY are not set" });
	}
	for (const { helper } of missingHelpers) more.push({ source: helper, text: "not on the PATH" });
	if (closed) {
		const owner = closed.owner === undefined ? `${closed.uid}` : `${closed.uid} (${closed.owner})`;
		more.push({ source: `stat ${closed.path}`, text: `mode ${octal(closed.mode)}, owner ${owner}` });
		more.push({ source: "this process", text: `uid ${user.uid ?? "?"}` });
	}
	if (authConfig.state !== "unset") {
		const text = authConfig.state === "ok" ? `${authConfig.count} logins` : (authConfig.why ?? "malformed");
		more.push({ source: "environment, DOCKER_AUTH_CONFIG", text });
	}
	const state = config.why === undefined ? config.state : `${config.state}: ${config.why}`;
	return [{ source: config.path, text: state }, ...more];
}
