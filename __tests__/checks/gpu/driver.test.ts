import { describe, expect, it } from "vitest";
import type { Finding, Verdict } from "../../../src/checks/check.ts";
import { gpuDriver } from "../../../src/checks/gpu/driver.ts";
import type { Requirement } from "../../../src/policy/policy.ts";
import type { NvidiaFacts, SmiRun } from "../../../src/probes/nvidia.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { container, createBare, createGpu, createJob, createNvidia, host, listing, node, saying } from "./support.ts";

function verdict(nvidia: NvidiaFacts, where = host, require: Requirement = "required", job = createJob()): Verdict {
	return judge(gpuDriver, { nvidia, container: where, job }, createPolicy({ gpu: { require } }));
}

function finding(nvidia: NvidiaFacts, where = host, job = createJob()): Finding<string> {
	const found = verdict(nvidia, where, "required", job);
	if (found.kind !== "finding") throw new Error(`no finding: ${JSON.stringify(found)}`);
	expect(found.evidence.length).toBeGreaterThan(0);
	expect(found.remedy.text).not.toBe("");
	return found;
}

describe("a driver that works", () => {
	it("passes in a container and where the GPU is optional", () => {
		expect(verdict(createNvidia(), container).kind).toBe("pass");
		expect(verdict(createNvidia(), host, "optional").kind).toBe("pass");
	});

	it("passes if a GPU only does not report its load", () => {
		const troubles = {
			"utilization.gpu": "Unknown Error",
			"memory.used": "Insufficient Permissions",
			"mig.mode.current": "Not Found",
		};
		expect(verdict(createNvidia({ run: listing(createGpu({ troubles })) })).kind).toBe("pass");
	});

	it.each([
		["Timeout", "timeout"],
		["Uninitialized", "broken"],
		["GPU is lost", "gpu-lost"],
	])("fails if a GPU has a name and does not report its memory: %s", (message, reason) => {
		const troubles = { "memory.total": message, "temperature.gpu": message };
		expect(finding(createNvidia({ run: listing(createGpu({ troubles })) })).reason).toBe(reason);
		const unseen = { "memory.total": "Insufficient Permissions" };
		expect(verdict(createNvidia({ run: listing(createGpu({ troubles: unseen })) })).kind).toBe("pass");
	});

	it("is not judged if the profile forbids a GPU", () => {
		expect(gpuDriver.applies?.(createPolicy({ gpu: { require: "forbidden" } }))).toBe(false);
	});
});

it("an optional GPU may be missing although the host has its driver loaded", () => {
	expect(verdict(createBare({ kernelDriver: "580.126.09" }), container, "optional")).toMatchObject({
		kind: "skip",
		reason: "absent",
	});
});

describe("smi-missing", () => {
	it("in a container that has device nodes", () => {
		expect(finding(createBare({ nodes: [node("/dev/nvidia0")] }), container).message).toBe(
			"This container has the device nodes of a GPU, but no `nvidia-smi`.",
		);
	});

	it("in a container names the releases that drop the option, if the runner may be one of them", () => {
		expect(finding(createBare(), container).remedy.text).not.toContain("3.0.0");
		const found = finding(createBare(), container, createJob({ runnerVersion: "dev" }));
		expect(found.remedy.text).toContain("Runners 3.0.0 to 3.3.0");
	});

	it("on a host whose PCI bus cannot be read does not claim that the machine has none", () => {
		expect(finding({}).message).toContain("not installed");
	});
});

it("library-missing: the loader of glibc reports it too", () => {
	const run = saying(
		"nvidia-smi: error while loading shared libraries: libdl.so.2: cannot open shared object file\n",
		127,
	);
	expect(finding(createNvidia({ run }))).toMatchObject({
		reason: "library-missing",
		message: expect.stringContaining("libdl.so.2"),
	});
});

it("nvml-unknown-error: one cell of a healthy-looking row is enough, in a container too", () => {
	const sick = createGpu({ index: 1, troubles: { "memory.total": "Unknown Error" } });
	expect(finding(createNvidia({ run: listing(createGpu(), sick) }), container)).toMatchObject({
		reason: "nvml-unknown-error",
		message: "GPU `1` reports `Unknown Error`.",
		remedy: { commands: expect.arrayContaining([expect.stringMatching(/^sudo reboot {3}# ends all jobs/)]) },
	});
});

it("no-devices: also with exit code 0", () => {
	expect(finding(createNvidia({ run: saying("No devices found.\n", 0) }))).toMatchObject({ reason: "no-devices" });
});

describe("a GPU that fails", () => {
	it.each([
		["[GPU is lost], [GPU is lost], [GPU is lost], 550.163.01\n", "gpu-lost", "GPU `0` is lost"],
		["Failed to initialize NVML: GPU is lost\n", "gpu-lost", "A GPU is lost"],
		["Failed to initialize NVML: GPU requires reset\n", "reset-required", "A GPU needs a reset"],
	])("%j: %s", (text, reason, message) => {
		const found = finding(createNvidia({ run: saying(text) }));
		expect(found.reason).toBe(reason);
		expect(found.message).toContain(message);
	});

	it("next to a healthy one", () => {
		const run = saying("0, A, GPU-1, 550.1\n[GPU is lost], [GPU is lost], [GPU is lost], 550.1\n", 0);
		expect(finding(createNvidia({ run }))).toMatchObject({
			reason: "gpu-lost",
			title: "GPU 1 has fallen off the bus",
			message: expect.stringContaining("GPU `1`"),
		});
	});

	it.each([
		["GPU is lost", "gpu-lost"],
		["GPU requires reset", "reset-required"],
		["Insufficient External Power", "insufficient-power"],
	])("shows it in one cell only: %s", (text, reason) => {
		const run = listing(createGpu({ troubles: { "temperature.gpu": text } }));
		expect(finding(createNvidia({ run })).reason).toBe(reason);
	});

	it("is reset by its own name", () => {
		const run = saying("Unable to determine the device handle for GPU 2: GPU requires reset\n");
		expect(finding(createNvidia({ run })).remedy.commands).toContain("sudo nvidia-smi --gpu-reset -i 2");
	});
});

describe("timeout", () => {
	it("a process that the kernel holds is not merely slow", () => {
		const hung: SmiRun = { ...saying(""), kind: "timed-out", abandoned: true, ms: 10_250 };
		expect(JSON.stringify(finding(createNvidia({ run: hung })).remedy)).not.toContain("nvidia-persistenced");
	});

	it("of NVML, in the cells", () => {
		const run = listing({ troubles: { index: "Timeout", uuid: "Timeout" } });
		expect(finding(createNvidia({ run })).reason).toBe("timeout");
	});
});

describe("broken", () => {
	it.each([
		["Failed to initialize NVML: Not Found\n", 6],
		["Failed to initialize NVML: Insufficient Resources\n", 23],
		["Internal NVML error\n", 255],
		["ERROR: Option --bogus is not recognized. Please run 'nvidia-smi -h'.\n", 255],
		["hello\n", 0],
		["Segmentation fault\n", 139],
	])("%j", (text, code) => {
		const found = finding(createNvidia({ run: saying(text, code) }));
		expect(found).toMatchObject({ reason: "broken", observed: text.trim() });
	});

	it("prints nothing", () => {
		expect(finding(createNvidia({ run: saying("", 0) })).observed).toBe("it printed nothing");
		expect(finding(createNvidia({ run: saying("", 1) })).reason).toBe("broken");
	});

	it("an unreadable cell of the plain table", () => {
		const run = listing(createGpu({ troubles: { table: "ERR!" } }));
		expect(finding(createNvidia({ run }))).toMatchObject({ reason: "broken", observed: "ERR!" });
	});

	it("lists a GPU about which it reports nothing", () => {
		expect(finding(createNvidia({ run: listing({ driver: "550.1" }) })).reason).toBe("broken");
	});

	it("a backquote in the output does not end the code span", () => {
		const found = finding(createNvidia({ run: saying("ERROR: `rm -rf`\n", 1) }));
		expect(found.message).toBe("`nvidia-smi` fails: `ERROR: 'rm -rf'`.");
	});
});

/** The texts of NVML's states, which are the same in all driver branches, in every form that a branch prints them. */
describe("NVML's states", () => {
	const states: readonly (readonly [string, string])[] = [
		["Insufficient Permissions", "insufficient-permissions"],
		["Insufficient External Power", "insufficient-power"],
		["Driver Not Loaded", "driver-not-loaded"],
		["Timeout", "timeout"],
		["NVML Shared Library Not Found", "library-missing"],
		["GPU is lost", "gpu-lost"],
		["GPU requires reset", "reset-required"],
		["GPU access blocked by the operating system", "access-blocked"],
		["Driver/library version mismatch", "library-mismatch"],
		["No supported GPUs were found", "no-devices"],
		["Unknown Error", "nvml-unknown-error"],
		["Uninitialized", "broken"],
		["Invalid Argument", "broken"],
		["Not Found", "broken"],
		["Interrupt Request Issue", "broken"],
		["Function Not Found", "broken"],
		["Corrupted infoROM", "broken"],
		["In use by another client", "broken"],
		["Insufficient Memory", "broken"],
		["No data", "broken"],
		["Insufficient Resources", "broken"],
		["Argument version mismatch", "broken"],
		["System is not in ready state", "broken"],
		["Resource not in correct state to perform requested operation", "broken"],
	];
	it.each(states)("%s: %s", (message, reason) => {
		const forms = [
			`Failed to initialize NVML: ${message}`,
			`Unable to determine the device handle for GPU 0: ${message}`,
			`Unable to determine the device handle for GPU0: ${message}`,
			`Unable to determine the device handle for gpu 0000:01:00.0: ${message}`,
			`GPU 0: A (UUID: GPU-1)\nUnable to determine the product name for gpu 1: ${message}`,
			`unable to determine the product name for GPU 1: ${message.toLowerCase()}`,
			`[${message}], [${message}], [${message}], 590.48.01`,
		];
		for (const text of forms)
			expect([text, finding(createNvidia({ run: saying(text) })).reason]).toEqual([text, reason]);
	});
});

describe("what is behind a broken nvidia-smi", () => {
	const fixOf = (nvidia: NvidiaFacts, where = host): string => {
		const { reason, title, message, remedy } = finding(nvidia, where);
		expect(reason).toBe("broken");
		return JSON.stringify({ title, message, remedy });
	};

	it("an empty file is not cured by a restart", () => {
		const empty = createNvidia({ run: saying("", 0), smiEmpty: true });
		expect(fixOf(empty)).toContain("--reinstall");
		expect(fixOf(empty, container)).toContain("-empty");
		for (const where of [host, container]) expect(fixOf(empty, where)).not.toContain("reboot");
	});

	it.each([
		["a warning next to the list", listing(createGpu()), "WARNING: infoROM is corrupted at gpu 0000:01:00.0", 14],
		["NVML does not start", saying("Failed to initialize NVML: Corrupted infoROM\n", 14), undefined, 14],
	])("a corrupted infoROM: %s", (_, run, messages, code) => {
		const seen = createNvidia({ run: { ...run, ...(messages && { messages }), kind: "exited", code } });
		expect(fixOf(seen)).toContain("vendor");
		expect(fixOf(seen)).not.toContain("reinstall");
	});

	it("exit code 14 says the same of a GPU with an unknown error", () => {
		const run = saying("Unable to determine the device handle for GPU0: Unknown Error\n", 14);
		expect(finding(createNvidia({ run })).message).toContain("infoROM");
	});

	it.each([true, undefined] as const)(
		"a card that cannot be set up: firmware, or the other flavor (open: %s)",
		(open) => {
			const run = saying("Unable to determine the device handle for GPU0000:01:00.0: Not Found\n", 6);
			const text = fixOf(createNvidia({ run, openModule: open }));
			expect(text).toContain("/lib/firmware/nvidia/580.126.09");
			expect(text).toContain(open ? "proprietary flavor" : "nvidia-open");
		},
	);
});

describe("a Jetson", () => {
	const nodes = [node("/dev/nvhost-gpu"), node("/dev/nvmap")];
	const tegra = { sign: "/etc/nv_tegra_release", release: "R35 (release), REVISION: 4.1" };

	it("without nvidia-smi passes by its nodes", () => {
		expect(verdict(createBare({ nodes, tegra }))).toMatchObject({
			kind: "pass",
			message: expect.stringContaining("JetPack 6"),
		});
		expect(verdict(createBare({ nodes, tegra }), container).kind).toBe("pass");
	});

	it("without nodes, or with closed ones, has a GPU all the same", () => {
		const none = finding(createBare({ tegra }));
		expect(none.reason).toBe("driver-not-loaded");
		expect(JSON.stringify(none)).not.toContain("no NVIDIA GPU");
		const closed = nodes.map((one) => ({ ...one, usable: false, mode: 0o660, gid: 44 }));
		expect(finding(createBare({ nodes: closed, tegra }))).toMatchObject({ reason: "insufficient-permissions" });
	});
});
