import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { openFiles } from "../../../src/checks/resources/open-files.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { FileCount, OpenFilesLimit } from "../../../src/probes/limits.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { jobOf, onHost } from "./facts.ts";

const limit = (soft: FileCount, hard: FileCount, source = "/proc/<ppid>/limits"): OpenFilesLimit => ({
	kind: "read",
	source,
	soft,
	hard,
});
/** Our own, whose soft limit Node has raised. */
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
		{ facts: { own, starter }, container, job: jobOf() },
		createPolicy({ profile: "titan", openFiles: floor, sources }),
	);
const findingOf = (...given: Parameters<typeof verdictOf>) => verdictOf(...given) as Finding<string>;

it("applies if the profile sets a floor", () => {
	expect(openFiles.applies?.(createPolicy())).toBe(false);
	expect(openFiles.applies?.(createPolicy({ openFiles: 1024 }))).toBe(true);
});

describe("passes", () => {
	test("systemd's 1024 by the floor of the built-in profiles", () => {
		expect(verdictOf(own(524_288), limit(1024, 524_288), 1024).kind).toBe("pass");
	});

	test.each([
		["is raised to the hard limit", limit(524_288, 524_288)],
		["is raised as Go does it", limit(524_287, 524_288)],
		["is not visible", gone],
	])("with an upper bound if the starter's limit %s", (_, starter) => {
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
	test("our own hard limit, if the starter's is not visible or higher", () => {
		expect(findingOf(own(4096), gone).observed).toBe("4,096");
		expect(findingOf(own(4096), limit(1_073_741_816, 1_073_741_816)).observed).toBe("4,096");
	});

	test("a step cannot raise its limit above the hard one", () => {
		expect(findingOf(own(4096), limit(1024, 4096)).remedy.otherwise).toBeUndefined();
	});

	test("names the line that asks for it", () => {
		const { message } = findingOf(own(256), gone, 1024, onHost, { openFiles: "p.yml:4" });
		expect(message).toBe("A process may have 256 open files; `p.yml:4` asks for 1,024.");
	});
});

test("is undecided if the limits cannot be read", () => {
	const closed: OpenFilesLimit = { kind: "unreadable", source: "/proc/self/limits", code: "ENOENT" };
	expect(verdictOf(closed, gone)).toMatchObject({
		kind: "undecided",
		message: expect.stringContaining("Cannot read `/proc/self/limits` (it does not exist)"),
	});
});

test("is skipped on other systems than Linux", () => {
	expect(verdictOf({ kind: "not-linux" }, { kind: "not-linux" })).toMatchObject({
		kind: "skip",
		reason: "not-applicable",
	});
});
