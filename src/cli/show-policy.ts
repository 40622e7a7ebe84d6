import { wantedText } from "../checks/expect/wanted-text.ts";
import type { Policy } from "../policy/policy.ts";
import { writtenSize } from "../policy/units.ts";
import { harmless, oneLine } from "../render/text.ts";
import { secretsInPolicy, withoutLogins } from "../report/policy-secrets.ts";
import { createRedactor } from "../report/redact.ts";

/** The effective expectations of a profile, one line each, and their sources, without secrets. */
export function renderPolicy(secret: Policy, env: Readonly<Record<string, string | undefined>>): string {
	const policy = createRedactor(env, secretsInPolicy(secret)).deep(withoutLogins(secret));
	// A policy is text from outside; each cell must stay on its line.
	const rows = [...rowsOf(policy)].map(
		([path, value, source]): Row => [oneLine(path), oneLine(value), oneLine(source)],
	);
	const width = (column: 0 | 1): number =>
		rows.reduce((most, row) => Math.min(60, Math.max(most, row[column].length)), 0);
	const lines = rows.map(([path, value, source]) =>
		harmless(`${path.padEnd(width(0))}  ${value.padEnd(width(1))}  ${source}`.trimEnd()),
	);
	return `${harmless(`profile ${oneLine(policy.profile)}`)}\n\n${lines.join("\n")}\n`;
}

type Row = readonly [path: string, value: string, source: string];

function* rowsOf(policy: Policy): Generator<Row> {
	const sourceOf = (path: string): string => policy.sources[path] ?? "built in";
	yield ["runs-in", policy.runsIn, sourceOf("runsIn")];
	yield ["privileged", policy.privileged, sourceOf("privileged")];
	if (policy.image !== undefined) yield ["image", policy.image, sourceOf("image")];
	if (policy.imageMaxAgeDays !== undefined)
		yield ["image-max-age", `${policy.imageMaxAgeDays}d`, sourceOf("imageMaxAgeDays")];
	if (policy.toolCache !== undefined) yield ["tool-cache", policy.toolCache, sourceOf("toolCache")];
	for (const [name, tool] of Object.entries(policy.tools)) {
		const path = `tools.${name}`;
		yield [path, `${tool.version.text}${tool.optional ? " (optional)" : ""}`, sourceOf(path)];
		for (const { version, source } of tool.alsoWanted ?? []) yield [path, version.text, source];
	}
	const { require, plugins } = policy.docker;
	yield ["docker", [require, ...plugins.map((plugin) => `with ${plugin}`)].join(", "), sourceOf("docker")];
	const { require: gpu, driver, computeCapability, ...numbers } = policy.gpu;
	const limits = Object.entries({
		count: numbers.count,
		memory: numbers.memory === undefined ? undefined : writtenSize(numbers.memory),
		"free-memory": numbers.freeMemory === undefined ? undefined : writtenSize(numbers.freeMemory),
		driver: driver?.text,
		"compute-capability": computeCapability?.text,
	});
	yield [
		"gpu",
		[gpu, ...limits.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`)].join(", "),
		sourceOf("gpu"),
	];
	if (policy.memory !== undefined) yield ["memory", writtenSize(policy.memory), sourceOf("memory")];
	if (policy.cpus !== undefined) yield ["cpus", String(policy.cpus), sourceOf("cpus")];
	if (policy.shm !== undefined) yield ["shm", writtenSize(policy.shm), sourceOf("shm")];
	if (policy.openFiles !== undefined) yield ["open-files", String(policy.openFiles), sourceOf("openFiles")];
	for (const { path, free, inodes } of policy.disk) {
		if (free !== undefined) yield [`disk.${path}.free`, writtenSize(free), sourceOf(`disk.${path}.free`)];
		if (inodes !== undefined) yield [`disk.${path}.inodes`, String(inodes), sourceOf(`disk.${path}.inodes`)];
	}
	for (const registry of policy.registries) yield ["registries", registry, sourceOf("registries")];
	for (const service of policy.services) yield ["services", `${service.name} ${service.url}`, sourceOf("services")];
	for (const { name, wants } of policy.expect ?? [])
		yield [`expect.${name}`, wantedText(wants), sourceOf(`expect.${name}`)];
	for (const [check, level] of Object.entries(policy.severity)) yield ["severity", `${check}: ${level}`, "policy"];
	for (const { check, until, reason } of policy.accept) yield ["accept", `${check} until ${until}`, reason];
}
