import { writtenSize } from "../policy/units.ts";
import { escaped } from "../render/json.ts";
import { harmless, oneLine } from "../render/text.ts";
import type { Report, Result } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";

/**
 * A policy file that expects what this machine has, with comments for the person who edits it.
 * @param declared Lines of `expect`, from `expectableOf`.
 */
export function policyFor(report: Report, declared: readonly string[] = []): string {
	const { profile, expectations, results, verdict, runner } = report;
	const statusOf = (id: string): Result | undefined => results.find((result) => result.id === id);
	const versions = versionsOf(report);
	const tools = Object.keys(expectations.tools).map((name) => {
		const found = versions.get(name);
		const minor = found === undefined ? undefined : /^\d+(?:\.\d+)?/.exec(found)?.[0];
		if (minor !== undefined && statusOf(`tool/${name}`)?.status === "pass")
			return `      ${yamlName(name)}: ">=${minor}"  # found ${found}`;
		return `      ${yamlName(name)}: { version: "*", optional: true }  # missing or broken`;
	});
	const hasDocker = statusOf("docker/daemon")?.status === "pass";
	const hasGpu = statusOf("gpu/driver")?.status === "pass";
	const broken = results.filter(({ status }) => status === "fail" || status === "error" || status === "warn");
	return [
		"# What a runner of this class must be. Written by `runner-check init` on such a runner.",
		"# yaml-language-server: $schema=https://raw.githubusercontent.com/fortemi/runner-check/v1/schema/policy.schema.json",
		...(verdict === "healthy"
			? []
			: ["#", "# This machine was not healthy. Fix it, or state in `accept` how long you accept it:"]),
		...broken.map(({ id, reason }) => `#   ${oneLine(`${id}:${reason}`)}`),
		"version: 1",
		"profiles:",
		`  ${yamlName(profile.name)}:`,
		"    # `runs-on` labels that select this profile under `profile: auto`:",
		`    # labels: [${yamlName(profile.name)}]`,
		`    runs-in: ${runner.mode === "unknown" ? "any" : runner.mode}`,
		"    tools:",
		...tools,
		`    docker: ${hasDocker ? "required" : "optional"}`,
		`    gpu: ${hasGpu ? "required" : "optional"}`,
		"    disk:",
		...expectations.disk.map(
			({ path, free, inodes }) =>
				`      - { path: ${yamlName(path)}${free === undefined ? "" : `, free: ${writtenSize(free)}`}${inodes === undefined ? "" : `, inodes: ${inodes}`} }`,
		),
		...(declared.length === 0
			? []
			: ["# Each is a check of its own, `expect/<name>`, for every profile:", "expect:", ...declared]),
		"# severity:",
		"#   docker/socket-exposure: off",
		"# accept:",
		"#   - { check: disk/free, reason: bigger disk is ordered, until: 2026-12-31 }",
		"",
	]
		.map(harmless)
		.join("\n");
}

/** A name or path, in quotes if YAML would read something else, or a log would see a command. */
function yamlName(text: string): string {
	const isPlain =
		/^(?:[A-Za-z_][\w.-]*|\/[\w./-]*)$/.test(text) && !/^(?:true|false|yes|no|on|off|y|n|null)$/i.test(text);
	return isPlain ? text : escaped(JSON.stringify(text));
}
