import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { openFiles } from "../../../src/checks/resources/open-files.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { FileCount, OpenFilesLimit } from "../../../src/probes/limits.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { inContainer, inRunnerContainer, jobOf, onHost } from "./facts.ts";

const limit = (soft: FileCount, hard: FileCount, source = "/proc/<ppid>/limits"): OpenFilesLimit => ({
	kind: "read",
	source,
	soft,
	hard,
});
/** As Node leaves it: raised. */
const own = (hard: FileCount) => limit(hard === "unlimited" ? 1_048_576 : hard, hard, "/proc/self/limits");
const gone: OpenFilesLimit = { kind: "unreadable", source: "/proc/<ppid>/limits", code: "ENOENT" };

const verdictOf = (
	own: OpenFilesLimit,
	starter: OpenFilesLimit,
	floor = 65_536,
	container: ContainerFacts = onHost,
	sources = {},
) =>
	judge(
		openFiles,
		{ limits: { own, starter }, container, job: jobOf() },
		createPolicy({ profile: "titan", openFiles: floor, sources }),
	);
const findingOf = (...given: Parameters<typeof verdictOf>) => verdictOf(...given) as Finding<string>;

it("applies where the profile sets a floor", () => {
	expect(openFiles.applies?.(createPolicy())).toBe(false);
	expect(openFiles.applies?.(createPolicy({ openFiles: 1024 }))).toBe(true);
});

describe("passes", () => {
	test("by the soft limit of the shell that started us, not by ours, which Node has raised", () => {
		expect(verdictOf(own(524_288), limit(65_536, 524_288))).toEqual({
			kind: "pass",
			message: "65,536 open files (65,536 asked for)",
			evidence: [
				{ source: "/proc/<ppid>/limits", text: "Max open files: soft 65,536, hard 524,288" },
				{ source: "/proc/self/limits", text: "Max open files: hard 524,288; Node has raised the soft limit" },
			],
		});
	});

	test("systemd's 1024 by the floor of the built-in profiles", () => {
		expect(verdictOf(own(524_288), limit(1024, 524_288), 1024).kind).toBe("pass");
	});

	test.each([
		["raised to the hard limit", limit(524_288, 524_288)],
		["raised as Go does it", limit(524_287, 524_288)],
		["out of sight", gone],
	])("with an upper bound, where the starter's is %s", (_, starter) => {
		const verdict = verdictOf(own(524_288), starter);
		expect(verdict).toMatchObject({ kind: "pass", message: expect.stringMatching(/^Up to 524,28[78] open files/) });
	});

	test("without a limit", () => {
		expect(verdictOf(own("unlimited"), limit("unlimited", "unlimited"))).toMatchObject({
			message: "Any number of open files",
		});
	});
});

describe("low", () => {
	test("the soft limit of a service: its unit, or the step itself, since the hard one allows it", () => {
		const finding = findingOf(own(524_288), limit(1024, 524_288));
		expect(finding).toMatchObject({
			reason: "low",
			message: "A process may hold 1,024 open files; the profile `titan` asks for 65,536.",
			expected: "at least 65,536",
			observed: "1,024",
			remedy: {
				kind: "host",
				config: { language: "ini", text: "[Service]\nLimitNOFILE=65536:524288" },
				otherwise: { kind: "workflow", commands: ["ulimit -Sn 65536"] },
			},
		});
		expect(openFiles.reasons.low?.level).toBe("warn");
	});

	test("the hard limit of a job container", () => {
		const { remedy } = findingOf(own(4096), limit(1024, 4096), 65_536, inContainer);
		expect(remedy).toMatchObject({
			kind: "runner",
			config: { text: "container:\n  options: --ulimit nofile=65536:65536" },
		});
		expect(remedy.otherwise).toBeUndefined();
	});

	test("our own hard limit, where the starter cannot be seen or has more", () => {
		expect(findingOf(own(4096), gone).observed).toBe("4,096");
		expect(findingOf(own(4096), limit(1_073_741_816, 1_073_741_816)).observed).toBe("4,096");
	});

	test("the runner's own container, without a hard limit", () => {
		const { remedy } = findingOf(own("unlimited"), limit(1024, "unlimited"), 65_536, inRunnerContainer);
		expect(remedy.commands).toEqual(["docker run --ulimit nofile=65536:65536 …"]);
		expect(remedy.otherwise?.kind).toBe("workflow");
	});

	test("names the line that asks for it", () => {
		const { message } = findingOf(own(256), gone, 1024, onHost, { openFiles: "p.yml:4" });
		expect(message).toBe("A process may hold 256 open files; `p.yml:4` asks for 1,024.");
	});
});

test("could not find out", () => {
	const closed: OpenFilesLimit = { kind: "unreadable", source: "/proc/self/limits", code: "ENOENT" };
	expect(verdictOf(closed, gone)).toMatchObject({
		kind: "undecided",
		message: "`/proc/self/limits` cannot be read: ENOENT.",
	});
});

test("not on Linux: nothing to judge", () => {
	expect(verdictOf({ kind: "not-linux" }, { kind: "not-linux" })).toMatchObject({
		kind: "skip",
		reason: "not-applicable",
	});
});
