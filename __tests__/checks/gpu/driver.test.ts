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

/** All that a person can do, in one text. */
function wayOut({ remedy }: Finding<string>): string {
	return JSON.stringify(remedy);
}

const mismatch = "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.126\n";

describe("a driver that works", () => {
	it("passes, and names driver and GPUs", () => {
		const two = createNvidia({ run: listing(createGpu(), createGpu({ index: 1 })) });
		expect(verdict(two)).toMatchObject({ kind: "pass", message: "Driver 580.126.09: 2 × NVIDIA GeForce RTX 4090" });
	});

	it("passes in a container and where the GPU is optional", () => {
		expect(verdict(createNvidia(), container).kind).toBe("pass");
		expect(verdict(createNvidia(), host, "optional").kind).toBe("pass");
	});

	it("takes what a GPU cannot tell for no trouble", () => {
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
	])("fails where a GPU has a name and its memory cannot be asked for: %s", (words, reason) => {
		const troubles = { "memory.total": words, "temperature.gpu": words };
		expect(finding(createNvidia({ run: listing(createGpu({ troubles })) })).reason).toBe(reason);
		const unseen = { "memory.total": "Insufficient Permissions" };
		expect(verdict(createNvidia({ run: listing(createGpu({ troubles: unseen })) })).kind).toBe("pass");
	});

	it("is not asked for where the profile forbids a GPU", () => {
		expect(gpuDriver.applies?.(createPolicy({ gpu: { require: "forbidden" } }))).toBe(false);
	});
});

describe("where the GPU is optional", () => {
	it("its absence is no finding", () => {
		expect(verdict(createBare(), host, "optional")).toMatchObject({ kind: "skip", reason: "absent" });
		expect(verdict(createBare({ kernelDriver: "580.126.09" }), container, "optional")).toMatchObject({
			kind: "skip",
			reason: "absent",
		});
	});

	it("a broken one is a finding all the same", () => {
		expect(verdict(createNvidia({ run: saying(mismatch, 18) }), host, "optional")).toMatchObject({
			reason: "library-mismatch",
		});
	});
});

describe("smi-missing", () => {
	it("off PATH: names the place and the service's PATH", () => {
		const found = finding(createBare({ smiOffPath: "/usr/lib/wsl/lib/nvidia-smi" }));
		expect(found).toMatchObject({ reason: "smi-missing", remedy: { kind: "host" } });
		expect(found.message).toContain("`/usr/lib/wsl/lib/nvidia-smi`");
		expect(found.remedy.config?.text).toContain("PATH=/usr/lib/wsl/lib:");
	});

	it("not executable, or a link that leads nowhere", () => {
		const path = "/usr/bin/nvidia-smi";
		expect(finding(createBare({ smiUnusable: { path, kind: "dangling-link" } })).message).toContain("leads nowhere");
		expect(finding(createBare({ smiUnusable: { path, kind: "not-executable" } })).message).toContain(
			"may not be executed",
		);
	});

	it("in a container: give it the GPU", () => {
		const found = finding(createBare(), container);
		expect(found).toMatchObject({
			reason: "smi-missing",
			remedy: { kind: "runner", commands: ["sudo systemctl restart gitea-runner"] },
		});
		expect(found.remedy.config?.text).toContain("--gpus all");
		expect(found.remedy.text).not.toContain("3.0.0");
	});

	it("in a container of a runner of unknown version: names the versions that drop the option", () => {
		const found = finding(createBare(), container, createJob({ runnerVersion: "dev" }));
		expect(found.remedy.text).toContain("Runners 3.0.0 to 3.3.0");
	});

	it("on a host: the module is loaded, there is no card, or there is no driver", () => {
		expect(wayOut(finding(createBare({ kernelDriver: "550.163.01" })))).toContain("nvidia-utils-550");
		expect(finding(createBare()).message).toContain("this machine has no GPU");
		const card = createBare({ pciDevices: [{ address: "01:00.0", driver: "" }] });
		expect(wayOut(finding(card))).toContain("ubuntu-drivers install");
		expect(finding({}).message).toContain("not installed");
	});

	it("a wrapper that finds none", () => {
		const run = saying("sh: 1: nvidia-smi: not found\n", 127);
		expect(finding(createBare({ smi: "/opt/my tools/nvidia-smi", run }))).toMatchObject({
			reason: "smi-missing",
			remedy: { commands: ["file -L '/opt/my tools/nvidia-smi'", "head -n 5 '/opt/my tools/nvidia-smi'"] },
		});
	});
});

describe("driver-not-loaded", () => {
	const run = saying(
		"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
		9,
	);
	const gone = (overrides: Partial<NvidiaFacts> = {}) =>
		createNvidia({ run, nodes: [], kernelDriver: undefined, ...overrides });

	it("the module does not load", () => {
		const found = finding(gone({ pciDevices: [{ address: "01:00.0", driver: "" }] }));
		expect(found.reason).toBe("driver-not-loaded");
		expect(wayOut(found)).toContain("sudo modprobe nvidia");
		expect(found.remedy.text).not.toContain("PCI bus");
	});

	it("there is no card at all", () => {
		expect(finding(gone({ pciDevices: [] })).remedy.text).toContain("PCI bus shows no NVIDIA device");
	});

	it.each([
		["nouveau", "blacklist nouveau"],
		["vfio-pci", "virtual machine"],
	])("%s holds the card", (driver, words) => {
		const found = finding(gone({ pciDevices: [{ address: "01:00.0", driver }] }));
		expect(found.message).toContain(`held by \`${driver}\``);
		expect(wayOut(found)).toContain(words);
	});

	it("the module is loaded all the same", () => {
		const found = finding(gone({ kernelDriver: "550.1" }), container);
		expect(found.message).toContain("although the module 550.1 is loaded");
		expect(found.remedy.text).toMatch(/^On the runner's host, see/);
		expect(found.remedy.otherwise?.config?.text).toContain("--gpus all");
	});
});

describe("library-missing", () => {
	const text =
		"NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display Driver is properly installed and present in your system.\nPlease also try adding directory that contains libnvidia-ml.so to your system PATH.\n";

	it("on a host: the package of the module's branch", () => {
		const found = finding(createNvidia({ run: saying(text, 12) }));
		expect(found.reason).toBe("library-missing");
		expect(wayOut(found)).toContain("libnvidia-compute-580");
	});

	it("in a container: nothing of the driver was put in", () => {
		const found = finding(createBare({ smi: "/usr/bin/nvidia-smi", run: saying(text, 12) }), container);
		expect(found.remedy.config?.text).toContain("--gpus all");
		expect(found.remedy.otherwise?.kind).toBe("image");
	});

	it("the loader says so", () => {
		const run = saying(
			"nvidia-smi: error while loading shared libraries: libdl.so.2: cannot open shared object file\n",
			127,
		);
		expect(finding(createNvidia({ run })).message).toContain("libdl.so.2");
		const musl = saying(
			"Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /usr/bin/nvidia-smi)\n",
			127,
		);
		expect(finding(createNvidia({ run: musl }), container).reason).toBe("library-missing");
	});
});

describe("library-mismatch", () => {
	it("shows both versions, and the restart that ended it", () => {
		const found = finding(createNvidia({ run: saying(mismatch, 18), kernelDriver: "580.95.05" }));
		expect(found).toMatchObject({ reason: "library-mismatch", remedy: { commands: ["sudo reboot"], kind: "host" } });
		expect(found.message).toContain("the loaded kernel module is 580.95.05 and the libraries are 580.126");
		expect(found.remedy.otherwise?.commands).toContain(
			"sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo modprobe nvidia",
		);
	});

	it("of the 470 branch, which does not name its own version", () => {
		const run = saying("Failed to initialize NVML: Driver/library version mismatch\n", 255);
		const found = finding(createNvidia({ run, kernelDriver: "470.256.02" }), container);
		expect(found.message).toContain("the loaded kernel module is 470.256.02.");
		expect(found.remedy.text).toMatch(/^On the runner's host, restart/);
	});
});

describe("nvml-unknown-error", () => {
	const run = saying("Failed to initialize NVML: Unknown Error\n", 255);

	it("in a container: systemd took the GPU away", () => {
		const found = finding(createNvidia({ run }), container);
		expect(found.reason).toBe("nvml-unknown-error");
		expect(found.why).toContain("systemctl daemon-reload");
		expect(wayOut(found)).toContain("native.cgroupdriver=cgroupfs");
		expect(wayOut(found)).toContain("nvidia-ctk cdi generate");
	});

	it("on a host, or of one GPU: see the kernel's log", () => {
		expect(wayOut(finding(createNvidia({ run })))).toContain("dmesg");
		const gpu = saying("Unable to determine the device handle for GPU 0000:0B:00.0: Unknown Error\n", 255);
		const found = finding(createNvidia({ run: gpu }), container);
		expect(found.message).toContain("GPU `0000:0B:00.0` answers `Unknown Error`: `");
		expect(wayOut(found)).not.toContain("cgroupfs");
	});

	it("in one cell of a healthy-looking row", () => {
		const sick = createGpu({ index: 1, troubles: { "memory.total": "Unknown Error" } });
		expect(finding(createNvidia({ run: listing(createGpu(), sick) }))).toMatchObject({
			reason: "nvml-unknown-error",
			message: "GPU `1` answers `Unknown Error`.",
		});
	});
});

describe("insufficient-permissions", () => {
	const run = saying("No devices were found. Please make sure /dev/nvidia* files are readable by current user.\n", 4);
	const shut = [node("/dev/nvidia0", { mode: 0o660, gid: 44, usable: false })];

	it("a group helps", () => {
		const found = finding(createNvidia({ run, nodes: shut }));
		expect(found.reason).toBe("insufficient-permissions");
		expect(found.message).toContain("`/dev/nvidia0` (0660, group 44)");
		expect(wayOut(found)).toContain("usermod -aG");
		expect(finding(createNvidia({ run, nodes: shut }), container).remedy.config?.text).toContain("--group-add 44");
	});

	it("no group helps", () => {
		const found = finding(createNvidia({ run, nodes: [node("/dev/nvidia0", { mode: 0o600, usable: false })] }));
		expect(wayOut(found)).toContain("NVreg_DeviceFileMode=0666");
	});

	it("the nodes are not to blame", () => {
		const cells = listing({ troubles: { index: "Insufficient Permissions", uuid: "Insufficient Permissions" } });
		expect(finding(createNvidia({ run: cells })).message).toContain("although the device nodes may be read");
		expect(finding(createNvidia({ run: cells }), container).remedy.text).toContain("cgroup");
	});
});

describe("access-blocked", () => {
	const run = saying("Failed to initialize NVML: GPU access blocked by the operating system\n", 17);

	it("on WSL and elsewhere", () => {
		expect(wayOut(finding(createNvidia({ run, nodes: [node("/dev/dxg")] })))).toContain("wsl --update");
		expect(finding(createNvidia({ run }))).toMatchObject({ reason: "access-blocked" });
		expect(wayOut(finding(createNvidia({ run })))).toContain("lockdown");
	});
});

describe("no-devices", () => {
	it.each([
		["No devices were found\n", 6],
		["No devices found.\n", 0],
		["Failed to initialize NVML: No supported GPUs were found\nNo devices were found\n", 6],
	])("%j", (text, code) => {
		expect(finding(createNvidia({ run: saying(text, code) }))).toMatchObject({ reason: "no-devices" });
	});

	it("in a container: it was shown none", () => {
		const found = finding(
			createNvidia({ run: saying("No devices were found\n", 6), visibleDevices: "none" }),
			container,
		);
		expect(found.message).toContain("`NVIDIA_VISIBLE_DEVICES` is `none`");
		expect(found.remedy.config?.text).toContain("--gpus all");
	});
});

describe("a GPU that fails", () => {
	it.each([
		[
			"Unable to determine the device handle for GPU1: GPU is lost.  Reboot the system to recover this GPU\n\n\n",
			"gpu-lost",
			"GPU `1` is lost",
		],
		["[GPU is lost], [GPU is lost], [GPU is lost], 550.163.01\n", "gpu-lost", "GPU `0` is lost"],
		["Failed to initialize NVML: GPU is lost\n", "gpu-lost", "A GPU is lost"],
		[
			"Unable to determine the device handle for gpu 0000:3B:00.0: A GPU reset must occur before this GPU can be used again.\n\n.\n",
			"reset-required",
			"GPU `0000:3B:00.0` needs a reset",
		],
		[
			"Unable to determine the device handle for GPU0: Unable to communicate with GPU because it is insufficiently powered.\nThis may be because not all required external power cables are\nattached, or the attached cables are not seated properly.\n",
			"insufficient-power",
			"GPU `0` does not get enough power",
		],
	])("%j: %s", (text, reason, message) => {
		const found = finding(createNvidia({ run: saying(text) }));
		expect(found.reason).toBe(reason);
		expect(found.message).toContain(message);
	});

	it("beside a healthy one", () => {
		const run = saying("0, A, GPU-1, 550.1\n[GPU is lost], [GPU is lost], [GPU is lost], 550.1\n", 0);
		expect(finding(createNvidia({ run }))).toMatchObject({
			reason: "gpu-lost",
			message: expect.stringContaining("GPU `1`"),
		});
	});

	it.each([
		["GPU is lost", "gpu-lost"],
		["GPU requires reset", "reset-required"],
		["Insufficient External Power", "insufficient-power"],
	])("says so in one cell only: %s", (text, reason) => {
		const run = listing(createGpu({ troubles: { "temperature.gpu": text } }));
		expect(finding(createNvidia({ run })).reason).toBe(reason);
	});

	it("is reset by its own name", () => {
		const run = saying("Unable to determine the device handle for GPU 2: GPU requires reset\n");
		expect(wayOut(finding(createNvidia({ run })))).toContain("nvidia-smi --gpu-reset -i 2");
	});
});

describe("timeout", () => {
	const hung = (abandoned: boolean): SmiRun => ({ ...saying(""), kind: "timed-out", abandoned, ms: 10_250 });

	it("names persistence mode for a slow one, and a restart for one that the kernel holds", () => {
		const slow = finding(createNvidia({ run: hung(false) }));
		expect(slow).toMatchObject({ reason: "timeout", message: "`nvidia-smi` did not answer within 10.3 s." });
		expect(wayOut(slow)).toContain("nvidia-persistenced");
		const wedged = finding(createNvidia({ run: hung(true) }));
		expect(wedged.message).toContain("not even `SIGKILL` ended it");
		expect(wayOut(wedged)).not.toContain("nvidia-persistenced");
	});

	it("NVML's own", () => {
		expect(finding(createNvidia({ run: saying("Failed to initialize NVML: Timeout\n") })).reason).toBe("timeout");
		const run = listing({ troubles: { index: "Timeout", uuid: "Timeout" } });
		expect(finding(createNvidia({ run })).reason).toBe("timeout");
	});
});

describe("broken", () => {
	it.each([
		["Failed to initialize NVML: Corrupted infoROM\n", 14],
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

	it("prints nothing, is killed, or cannot be started", () => {
		expect(finding(createNvidia({ run: saying("", 0) })).observed).toBe("it printed nothing");
		expect(finding(createNvidia({ run: saying("", 1) })).reason).toBe("broken");
		const killed: SmiRun = { ...saying(""), kind: "signalled", signal: "SIGSEGV" };
		expect(finding(createNvidia({ run: killed })).observed).toBe("killed by SIGSEGV");
		const unstarted: SmiRun = { ...saying(""), kind: "not-started", code: "ENOENT" };
		const found = finding(createNvidia({ run: unstarted }), container);
		expect(found).toMatchObject({ reason: "broken", remedy: { kind: "image" } });
		expect(found.message).toContain("loader or interpreter");
	});

	it("an unreadable cell of the plain table", () => {
		const run = listing(createGpu({ troubles: { table: "ERR!" } }));
		expect(finding(createNvidia({ run }))).toMatchObject({ reason: "broken", observed: "ERR!" });
	});

	it("lists a GPU of which it knows nothing", () => {
		expect(finding(createNvidia({ run: listing({ driver: "550.1" }) })).reason).toBe("broken");
	});

	it("words that end a mark of code do not", () => {
		const found = finding(createNvidia({ run: saying("ERROR: `rm -rf`\n", 1) }));
		expect(found.message).toBe("`nvidia-smi` fails: `ERROR: 'rm -rf'`.");
	});
});

describe("an exit code without words", () => {
	it.each([
		[4, "insufficient-permissions"],
		[6, "no-devices"],
		[8, "insufficient-power"],
		[9, "driver-not-loaded"],
		[12, "library-missing"],
		[15, "gpu-lost"],
		[16, "reset-required"],
		[17, "access-blocked"],
		[18, "library-mismatch"],
	])("%i: %s", (code, reason) => {
		expect(finding(createNvidia({ run: saying("", code) })).reason).toBe(reason);
	});
});

/** The words of NVML's states, which no driver branch has changed, in the ways that branches put them. */
describe("NVML's words", () => {
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
	it.each(states)("%s: %s", (words, reason) => {
		const ways = [
			`Failed to initialize NVML: ${words}`,
			`Unable to determine the device handle for GPU 0: ${words}`,
			`Unable to determine the device handle for GPU0: ${words}`,
			`Unable to determine the device handle for gpu 0000:01:00.0: ${words}`,
			`GPU 0: A (UUID: GPU-1)\nUnable to determine the product name for gpu 1: ${words}`,
			`unable to determine the product name for GPU 1: ${words.toLowerCase()}`,
			`[${words}], [${words}], [${words}], 590.48.01`,
		];
		for (const text of ways)
			expect([text, finding(createNvidia({ run: saying(text) })).reason]).toEqual([text, reason]);
	});
});
