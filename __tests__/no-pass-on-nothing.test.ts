/**
 * No check passes on facts that are missing, empty or cut off. Every pass that the tests know is tried again without each of the
 * facts that its judge reads, one at a time. A loss may leave a pass only if `harmless` says why.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Check } from "../src/checks/check.ts";
import { allChecks, checksFor } from "../src/checks/list.ts";
import { matchesId } from "../src/checks/matches-id.ts";
import { forForeignFacts } from "../src/cli/foreign-facts.ts";
import { judgeAll } from "../src/engine.ts";
import { runnerConfigProbe } from "../src/lint/read/config-probe.ts";
import { readWorkflow } from "../src/lint/read/workflow.ts";
import { workflowsProbe } from "../src/lint/read/workflow-probe.ts";
import type { Facts } from "../src/probes/probe.ts";
import type { Report, Result } from "../src/report/report.ts";
import { load } from "./lint/support/lint.ts";
import { createPolicy } from "./support/builders.ts";
import { casesIn, type Known, known } from "./support/cases.ts";
import { isLintCase } from "./support/lint-cases.ts";
import { hasContent, losses, type Path, readsOf, without } from "./support/reads.ts";

/** Facts that a pass can do without: pattern of their path -> why. `*` stands for any list index or instance, and a pattern covers what is below it. */
const harmless: Readonly<Record<string, string>> = {
	// Who and where: these decide what a finding says and who fixes it. A check that a pass depends on them for judges them itself.
	container: "where the fix goes, and whether a limit of the host applies",
	job: "whose runner it is, and what its release does",
	os: "the distribution, for commands that install something",
	account: "the user, for the words of a finding",
	// Facts of another check, which fails or is undecided without them.
	"docker/endpoint docker-engine.version": "only a wrong address has to be proved right by an answer",
	"docker/endpoint docker-endpoint.context": "the name of what set the address, for the words; the address is judged",
	"docker/presence docker-endpoint.endpoint":
		"an answer, or its failure, decides; only a daemon behind SSH is not asked",
	"docker/presence docker-engine.version.value": "whether the requests of jobs are denied decides",
	"docker/presence docker-engine.version.code": "an errno that is none is not the one of a daemon that hangs",
	"docker/presence docker-engine.version.message": "the errno decides",
	"docker/daemon docker-engine.requests":
		"asked as well, and only a request that is denied counts; one without an answer proves nothing",
	"docker/presence docker-engine.requests.*": "one of the requests that do not decide",
	"docker/presence docker-engine.version.value.apiVersion": "a proxy passes the version on; what it keeps back decides",
	"docker/client registry:*": "which registry reports a missing login helper already; without one, this check does",
	"docker/client docker-client.user": "shown next to a directory that is closed to it",
	"registry/* registry:*.looks.*.mirror": "which of them answered, for the words",
	"rust/build rust-build.programs.*": "which programs there are, and where, for the words; one that is missing says so",
	"network/proxy proxy.forge": "whether the proxy of the forge is the one that fails; this one answers",
	"network/proxy proxy-reach.proxies": "only a proxy that does not answer is told; each is asked by itself",
	"docker/api-version tool:*": "the path, for the evidence",
	"tool/* tool:*.name": "which of several lines has the version; the words of the tool decide whether it works",
	"docker/storage disks": "who judges a floor of the policy: without them it is judged here",
	"docker/storage docker-engine.info": "the driver is judged if `/info` answers; `docker/warnings` says if it does not",
	"docker/storage docker-engine.version.value": "whether it is Podman, for commands",
	"runner/user docker-socket": "only a refused connection makes the group matter",
	"runner/version nvidia": "whether a release that drops GPUs did so; this one does not",
	"runner/version gpu-request": "whether a release that drops GPUs did so; this one does not",
	"gpu/visibility gpu-request": "explains why there is no GPU; this container has one",
	// Lists that are empty, or shorter, on a machine that is well.
	"cpu.quotas": "without a quota there is none",
	"memory.groups": "without a limit there is none",
	"memory.machine.arcBytes": "how much of what is available is in the cache of ZFS, for the evidence",
	"registry:*.looks.*.via": "the registry's answer decides, not the way to it",
	"registry:*.looks.*.byDaemon": "the registry's answer decides, not the way to it",
	"registry:*.looks.*.own": "what the job itself got; the answer through the daemon's proxy decides",
	"docker-engine.info.value.warnings": "no warning is what the check hopes for",
	"docker-engine.info.value.securityOptions": "only `rootless` is shown",
	"docker-engine.requests":
		"a request that was not answered in time denies nothing; `docker/presence` needs those that are denied",
	"docker-engine.version.value.components": "Podman is known by its name there; no other engine has to name any",
	"docker-cli.plugins": "the plugins that are asked for must be there; these are others",
	"docker-socket.user.groups": "the connection decides, not the groups",
	"docker-storage.danglingVolumes.value.names": "examples; the count decides",
	"docker-storage.defaultSubnets.value.names": "examples; the count decides",
	"docker-storage.ownSubnets.pools": "for the words; the count decides",
	"mounts.asked": "each mount is judged by itself",
	"nvidia.nodes": "nvidia-smi works, or other nodes are there",
	"nvidia.pciDevices": "shown; `too-few` and `missing-gpus` compare them with a list that is too short",
	"nvidia.cudaLibrary": "matters only if a variable leaves CUDA out",
	"nvidia.cudaVisibleDevices": "a variable that is not set hides nothing",
	"nvidia.systemMemory": "shown; a floor for a GPU without memory of its own needs it",
	"nvidia.tegra": "nodes that only a Jetson has are there",
	"nvidia.run.gpus.*":
		"one of several GPUs, or a figure that not every GPU reports; without name and UUID it is broken",
	"nvidia.run.gpus": "the device nodes prove that the container has a GPU",
	"links.uplink.name": "the name of the interface, for the words; its MTU is judged",
	"links.bridges.*.name": "the names of interfaces, for the words",
	"proxy.variables": "a variable that is not set cannot be inconsistent",
	"registration.files": "without the file nobody can read it",
	"tool-cache.tools": "a new cache is empty",
	"tool-cache.mount": "a host keeps its cache without one; in a container, only tmpfs and unnamed volumes are lost",
	"forge.git": "only asked if git may have other authorities than Node",
	"forge.answer.certificate": "a forge without TLS has none, and it answers",
	"writable.leftovers": "root and a terminal are not asked",
	"writable.places.*": "a home that does not exist; workspace and temporary directory must be there",
	"workflows.files.*.events": "without an event a workflow never runs",
	"workflows.files.*.triggers": "without an event a workflow never runs",
	"workflows.files.*.jobs.*.wants.*": "of several values of a matrix, each is judged by itself",
	"workflows.files.*.jobs.*.unknown": "only counted in the message",
	"runner-config.files":
		"another file, or what another rule judges: each rule passes only on what it judges (lint/checks.test.ts)",
	"smoke/git smoke": "the workspace's path, for fixes",
	// Optional: an engine, a tool or a machine may not tell, and the check has another witness.
	"cache-server.hadToken": "only a refused request asks for it",
	"cache-server.isLoopback": "only a failed connection asks for it",
	"cache-server.isPublic": "only a refused request asks for it",
	"docker-cli.api.min": "only a daemon older than the CLI is compared with it",
	"docker-cli.version": "a build without a number is a Docker CLI too",
	"docker-endpoint.config": "the address does not come from it, or the engine answers at it",
	"docker-endpoint.endpoint.files": "without certificates there is none that could be missing",
	"docker-endpoint.endpoint.host": "with TLS any host will do",
	"docker-engine.info.body": "of an answer that a proxy denied",
	"docker-engine.info.value": "what `/info` says is shown; the version decides",
	"docker-engine.version.value.minApiVersion": "engines before 25 have none",
	"docker-engine.version.value.server": "not every engine names itself",
	"docker-socket.mountRoot": "a socket that is not a mount",
	"docker-socket.owner": "a socket whose owner cannot be read: the connection was accepted",
	"docker-socket.user.uid": "a platform without numbers of users",
	"docker-storage.root": "not every user and container can see the disk of the engine",
	"expect:*.arch": "a registration decides, on any machine",
	"expect:*.binfmt.handlers.*.flags": "shown; without `F`, whether the interpreter is there is a fact of its own",
	"expect:*.binfmt.handlers.*.interpreter": "shown, for the evidence",
	"expect:*.binfmt.handlers.*.name": "shown, for the evidence",
	"expect:*.look.mode": "the policy does not ask for it",
	"expect:*.look.uid": "the policy does not ask for it",
	"expect:*.os": "a registration decides, on any machine",
	"expect:*.outcome.stdout": "shown; whether it holds the text is a fact of its own",
	"expect:*.value": "shown; whether it fits is a fact of its own",
	"forge.answer.body": "of an answer that is not the forge's",
	"forge.answer.clockAheadSeconds": "an answer without `Date`",
	"forge.answer.isJson": "only a refusal has to be JSON",
	"forge.answer.version": "the status says that the forge refuses strangers",
	"forge.isLoopback": "only asked if the forge did not answer",
	"forge.host": "only a redirect has to lead to the same host",
	"nvidia.kernelDriver": "nvidia-smi reports the driver too",
	"nvidia.run.driver": "the module reports the driver too; a range of the policy needs one of them",
	"nvidia.run": "the device nodes prove that the container has a GPU",
	"profile-choice.labels": "the profile was named, not chosen by labels",
	"registry:*.looks.*.answer.digest": "not every registry sends it",
	"rust.cargo": "a profile may ask for rustc alone",
	"rust.rustc": "a profile may ask for cargo alone",
	"rust.cargoHome": "matters only to cargo",
	"rust.toolchains": "compared only with a pinned toolchain",
	"self-container.image": "the id names the image too, and the policy asks for none",
	"self-container.imageCreated": "the policy asks for no age",
	"self-container.imageDigests": "the tag decides, if the policy names no digest",
	"self-container.imageId": "the name is there too",
	"self-container.imageTags": "the container was started by the name that the policy wants",
	"service:*.answer.body": "the status decides, or the list of models",
	"smoke-steps.parts.docker.planned": "there is one step, which shows how it ended",
	"smoke-steps.parts.docker.subject": "the image, for the words of a finding",
	...Object.fromEntries(
		["docker", "git", "gpu", "rust"].flatMap((part) => [
			[`smoke-steps.parts.${part}.steps.*.ms`, "how long it took"],
			[`smoke-steps.parts.${part}.steps.*.command`, "what was run, for the evidence"],
		]),
	),
	"socket-mount": "a socket that is not mounted; `read-only-illusion` needs the mount",
	"tool-cache.owner": "the cache is writable",
	"tool:*.found": "the program ran",
	"tool:*.rustup": "explains a failure; the program ran",
	// Shown in the evidence, or decides only what a finding says.
	"docker-engine.endpoint": "the address, for the evidence",
	"docker-engine.version.value.version": "shown; the API decides, and `docker/daemon` needs it",
	"docker-socket.kind": "the other fields are those of a socket",
	"docker-socket.path": "the path, for the evidence",
	"docker-storage.budgetMs": "how long it was waited",
	"forge.asked": "the address, for the evidence",
	"limits.own.kind": "the other fields are those of a limit that was read",
	"node-runtime.path": "the path, for the evidence",
	"nvidia.run.code": "nvidia-smi listed GPUs, or the nodes are there",
	"nvidia.run.form": "nvidia-smi listed GPUs",
	"nvidia.run.kind": "nvidia-smi listed GPUs",
	"nvidia.run.messages": "the device nodes prove that the container has a GPU",
	"registry:*.looks.*.at": "who answered, for the evidence",
	"registry:*.looks.*.insecure": "how it was asked, for the message",
	"registry:*.looks.*.loggedIn": "how it was asked, for the message",
	"registry:*.looks.*.url": "the address, for the evidence",
	"rust.mode": "where the fix goes",
	"rust.uid": "the user, for the words of a finding",
	"service:*.answer.ms": "how long it took",
	"service:*.url": "the address, for the evidence",
	"shm.kind": "the other fields are those of a size that was measured",
	"shm.source": "how it was measured, for the evidence",
	"tool-cache.perJob": "only the health check of a host differs",
	"tool:*.command": "the command, for the evidence",
	"tool:*.run.outcome.stdout": "what it printed is in the facts of the CLI",
	"writable.gid": "the user, for the words of a finding",
	"writable.uid": "the user, for the words of a finding",
};

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Every machine that the tests know: the recorded reports, all cases, and the files of a runner that is set up well. */
async function machines(): Promise<ReadonlyMap<string, Known>> {
	const reports = readdirSync(folder("fixtures/reports")).map((name) => {
		const { facts, expectations, started } = JSON.parse(
			readFileSync(folder(`fixtures/reports/${name}`), "utf8"),
		) as Report;
		return [name, { facts, policy: expectations, started }] as const;
	});
	const withFacts = casesIn(folder("cases")).filter(
		// The second look has checks of its own.
		({ name }) => !isLintCase(folder(`cases/${name}`)) && !name.startsWith("after/"),
	);
	const cases = await Promise.all(withFacts.map(async (one) => [one.name, await known(one)] as const));
	return new Map([
		...reports,
		...cases,
		["the files of a runner", await ofFiles()],
		["the connections of a runner", await ofConnections()],
	]);
}

async function ofFiles(): Promise<Known> {
	const labels = ["builder:docker://ghcr.io/team/builder:1", "cuda:docker://ghcr.io/team/cuda:1"];
	const config = await load({
		"config.yaml": `runner:\n  tool_cache_mode: shared\n  envs: { NVIDIA_VISIBLE_DEVICES: all }\n  labels: ${JSON.stringify(labels)}\ncontainer:\n  valid_volumes: [/srv/cache]\n`,
		".runner": JSON.stringify({ id: 1, uuid: "u", name: "n", labels }),
		"gitea-runner.service":
			"[Unit]\nAfter=docker.service\n[Service]\nExecStart=/usr/bin/gitea-runner daemon --config config.yaml\nRestart=always\nRestartSec=5s\n",
	});
	const workflow = readWorkflow(
		"ci.yml",
		"on: push\njobs:\n  build:\n    runs-on: builder\n    steps: [{run: make}]\n",
	);
	return machineOf({ [runnerConfigProbe.name]: config, [workflowsProbe.name]: { files: [workflow] } });
}

/** Only Forgejo's runner has them. */
async function ofConnections(): Promise<Known> {
	const config = await load({
		"config.yaml":
			"server:\n  connections:\n    main:\n      url: https://forge.example/\n      uuid: 00000000-0000-4000-8000-000000000001\n      token_url: file:/etc/forgejo-runner/token\n",
	});
	return machineOf({ [runnerConfigProbe.name]: config });
}

function machineOf(values: Readonly<Record<string, unknown>>): Known {
	const facts = Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, { ok: true, value, ms: 1 } as const]),
	);
	return { facts, policy: createPolicy(), started: "2026-11-24T06:00:00.000Z" };
}

/** Without its prerequisites, so that it does not hide behind another check. */
function judged(check: Check, { policy, started }: Known, facts: Facts): Result {
	const [result] = judgeAll([{ ...check, after: [] }], facts, policy, { started });
	if (!result) throw new Error(`${check.id} is not judged`);
	return result;
}

interface Passing {
	readonly name: string;
	readonly check: Check;
	readonly machine: Known;
}

const passing: readonly Passing[] = [...(await machines())].flatMap(([name, machine]) =>
	checksFor(machine.policy)
		.filter((check) => judged(check, machine, machine.facts).status === "pass")
		.map((check) => ({ name, check, machine })),
);

/** `tool/*` of `tool/rustc`. */
function entryOf({ id }: Check): string {
	return allChecks.find((one) => matchesId(one.id, id))?.id ?? id;
}

test("the machines of the tests pass every check", () => {
	const passed = new Set(passing.map(({ check }) => entryOf(check)));
	expect(allChecks.map(({ id }) => id).filter((id) => !passed.has(id))).toEqual([]);
});

test("every pass names what was seen", () => {
	for (const { name, check, machine } of passing) {
		const { evidence } = judged(check, machine, machine.facts);
		expect(evidence.length, `${check.id} in ${name}`).toBeGreaterThan(0);
		for (const { source, text } of evidence) {
			expect(source.trim(), `${check.id} in ${name}`).not.toBe("");
			expect(text.trim(), `${check.id} in ${name}`).not.toBe("");
		}
	}
});

/** This many machines show what a fact is for. */
const enough = 8;

const nothings = [{}, [], "", null, undefined];

test("nothing passes if all facts are empty", () => {
	const tried = new Map<string, number>();
	for (const { name, check, machine } of passing) {
		const count = (tried.get(entryOf(check)) ?? 0) + 1;
		tried.set(entryOf(check), count);
		if (count > enough) continue;
		for (const value of nothings) {
			const needed = Object.values(check.needs).map((probe) => [probe.name, { ok: true, value, ms: 1 } as const]);
			for (const one of [check, forForeignFacts(check)]) {
				const { status } = judged(one, machine, Object.fromEntries(needed));
				expect(status, `${check.id} of ${name} with ${JSON.stringify(value)}`).not.toBe("pass");
			}
		}
		expect(judged(check, machine, {}).status, `${check.id} of ${name} without facts`).not.toBe("pass");
	}
});

/** What of the facts of one probe the judge reads, the facts as a whole included. */
function pathsRead({ check, machine }: Passing, key: string, value: unknown): readonly Path[] {
	const facts = Object.entries(check.needs).map(([name, probe]) => {
		const answer = machine.facts[probe.name];
		return [name, answer?.ok ? answer.value : probe.unnamed] as const;
	});
	const reads = readsOf(value, (watched) => {
		check.judge({ ...Object.fromEntries(facts), [key]: watched }, machine.policy, machine);
	});
	return reads.length === 0 ? [] : [[], ...reads];
}

/** `docker-engine.info.value`, `tool:*.run.outcome` */
function patternOf(probe: string, path: Path): string {
	const name = probe.replace(/:.*/, ":*");
	return [name, ...path.map((part) => (/^\d+$/.test(part) ? "*" : part))].join(".");
}

/** Each loss that a pass survived: check, path and loss -> an example. */
function survived(): ReadonlyMap<string, string> {
	const survivors = new Map<string, string>();
	const tried = new Map<string, number>();
	for (const one of passing) {
		const { name, check, machine } = one;
		for (const [key, probe] of Object.entries(check.needs)) {
			const answer = machine.facts[probe.name];
			if (!answer?.ok) continue;
			for (const path of pathsRead(one, key, answer.value)) {
				const pattern = patternOf(probe.name, path);
				const id = `${entryOf(check)} ${pattern}`;
				tried.set(id, (tried.get(id) ?? 0) + 1);
				if ((tried.get(id) ?? 0) > enough) continue;
				for (const loss of losses) {
					if (loss === "empty" && !hasContent(answer.value, path)) continue;
					const value = without(answer.value, path, loss);
					const result = judged(forForeignFacts(check), machine, {
						...machine.facts,
						[probe.name]: { ...answer, value },
					});
					if (result.status === "pass") survivors.set(`${id} ${loss}`, `${name}: ${result.message}`);
				}
			}
		}
	}
	return survivors;
}

test("no pass survives the loss of a fact that it is based on", () => {
	const used = new Set<string>();
	const bad = [...survived()].filter(([id]) => {
		const [check = "", path = ""] = id.split(" ");
		const covers = (pattern: string): boolean => {
			const [head = "", own] = pattern.split(" ").reverse();
			return (own === undefined || own === check) && (path === head || path.startsWith(`${head}.`));
		};
		const found = Object.keys(harmless).filter(covers);
		for (const pattern of found) used.add(pattern);
		return found.length === 0;
	});
	expect(bad.map(([id, example]) => `${id}: ${example}`)).toEqual([]);
	expect(
		Object.keys(harmless).filter((pattern) => !used.has(pattern)),
		"entries that excuse nothing",
	).toEqual([]);
});
