import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { shmSize } from "../../../src/checks/resources/shm-size.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { ShmFacts } from "../../../src/probes/shm.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { GiB, inContainer, inRunnerContainer, jobOf, onHost } from "./facts.ts";

const MiB = 2 ** 20;
const measured = (totalBytes: number): ShmFacts => ({
	kind: "measured",
	totalBytes,
	freeBytes: totalBytes,
	source: "statfs",
});
const verdictOf = (shm: ShmFacts, container: ContainerFacts = inContainer, sources = {}) =>
	judge(shmSize, { shm, container, job: jobOf() }, createPolicy({ profile: "inference", shm: GiB, sources }));
const findingOf = (...given: Parameters<typeof verdictOf>) => verdictOf(...given) as Finding<string>;

it("applies where the profile sets a floor", () => {
	expect(shmSize.applies?.(createPolicy())).toBe(false);
	expect(shmSize.applies?.(createPolicy({ shm: GiB }))).toBe(true);
});

describe("passes", () => {
	test("with exactly what is asked for", () => {
		expect(verdictOf(measured(GiB))).toEqual({
			kind: "pass",
			message: "`/dev/shm` holds 1 GiB (1 GiB asked for)",
			evidence: [{ source: "statfs /dev/shm", text: "1 GiB free of 1 GiB" }],
		});
	});

	test("made without a limit", () => {
		expect(verdictOf(measured(0))).toEqual({ kind: "pass", message: "`/dev/shm` is as big as memory is" });
	});
});

describe("small", () => {
	test("Docker's 64 MiB", () => {
		const finding = findingOf(measured(64 * MiB));
		expect(finding).toMatchObject({
			reason: "small",
			message: "`/dev/shm` holds 64 MiB; the profile `inference` asks for 1 GiB.",
			expected: "at least 1 GiB",
			observed: "64 MiB",
			remedy: { kind: "runner", config: { text: "container:\n  options: --shm-size=1g" } },
		});
		expect(finding.remedy.text).toContain("`--ipc=host` is no way");
		expect(shmSize.reasons.small?.level).toBe("warn");
	});

	test("the runner's own container", () => {
		expect(findingOf(measured(64 * MiB), inRunnerContainer).remedy.commands).toEqual(["docker run --shm-size=1g …"]);
	});

	test("the host's", () => {
		expect(findingOf(measured(64 * MiB), onHost).remedy.commands).toEqual([
			"sudo mount -o remount,size=1g /dev/shm",
			"echo 'tmpfs /dev/shm tmpfs nosuid,nodev,size=1g 0 0' | sudo tee -a /etc/fstab",
		]);
	});

	test("not there at all", () => {
		const finding = findingOf({ kind: "absent" }, onHost, { shm: "p.yml:9" });
		expect(finding).toMatchObject({
			reason: "small",
			message: "There is no `/dev/shm`; `p.yml:9` asks for 1 GiB.",
			observed: "absent",
		});
		expect(finding.remedy.commands?.[1]).toBe("sudo mount -t tmpfs -o nosuid,nodev,size=1g tmpfs /dev/shm");
		expect(findingOf({ kind: "absent" }).remedy.config?.text).toContain("--shm-size=1g");
	});
});

test("could not find out", () => {
	expect(verdictOf({ kind: "unreadable", code: "EACCES" })).toMatchObject({
		kind: "undecided",
		message: "The size of `/dev/shm` cannot be read: EACCES.",
	});
});

test("not on Linux: nothing to judge", () => {
	expect(verdictOf({ kind: "not-linux" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});
