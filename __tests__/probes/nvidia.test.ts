import { describe, expect, it } from "vitest";
import type { FileOutcome, RunOptions } from "../../src/host/host.ts";
import { nvidiaProbe } from "../../src/probes/nvidia.ts";
import { collect } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";

const fields =
	"index,name,uuid,driver_version,memory.total,memory.used,temperature.gpu,utilization.gpu,compute_cap,ecc.errors.uncorrected.volatile.total,mig.mode.current,pci.bus_id,memory.free,clocks_throttle_reasons.hw_thermal_slowdown,clocks_throttle_reasons.hw_slowdown,clocks_throttle_reasons.hw_power_brake_slowdown,fabric.state,fabric.status,remapped_rows.pending,gpu_recovery_action,compute_mode";
/** What a driver knows that rejects this field: none that came with it or after it. */
const before550 = fields.replace(",remapped_rows.pending,gpu_recovery_action", "");
const withoutComputeCap = before550.replace("compute_cap,", "").replace(",fabric.state,fabric.status", "");
const ask = (asked: string) => `/usr/bin/nvidia-smi --query-gpu=${asked} --format=csv,noheader,nounits`;
const row =
	"0, NVIDIA GeForce RTX 4090, GPU-1, 580.126.09, 24564, 512, 41, 3, 8.9, [N/A], [N/A], 00000000:01:00.0, 23600, Not Active, Not Active, Not Active, N/A, N/A, [N/A], None\n";

function machine(overrides: FakeMachine = {}): FakeMachine {
	return { env: { PATH: "/usr/local/bin:/usr/bin" }, files: { "/usr/bin/nvidia-smi": executable() }, ...overrides };
}

function device(overrides: Partial<Extract<FileOutcome, { mode: number }>> = {}): FileOutcome {
	return file({ kind: "device", mode: 0o666, ...overrides });
}

describe("a machine without a GPU", () => {
	it("starts nothing and finds nothing", async () => {
		const host = createHost({
			env: { PATH: "/usr/bin:/bin" },
			directories: { "/dev": ["null", "tty", "nvidia-caps"] },
			run: async () => {
				throw new Error("no process, please");
			},
		});
		expect(await collect(nvidiaProbe, host)).toEqual({ nodes: [] });
	});

	it("reports that /dev cannot be read", async () => {
		expect(await collect(nvidiaProbe, createHost())).toEqual({});
	});
});

describe("nvidia-smi", () => {
	it("is run once, with all fields", async () => {
		const facts = await collect(nvidiaProbe, createHost(machine({ programs: { [ask(fields)]: exited(row) } })));
		expect(facts).toEqual({
			smi: "/usr/bin/nvidia-smi",
			run: {
				command: ask(fields).replace("/usr/bin/", ""),
				kind: "exited",
				code: 0,
				ms: 1,
				form: "csv",
				driver: "580.126.09",
				messages: "",
				gpus: [
					{
						index: 0,
						name: "NVIDIA GeForce RTX 4090",
						uuid: "GPU-1",
						driver: "580.126.09",
						memoryTotal: 24564 * 2 ** 20,
						memoryUsed: 512 * 2 ** 20,
						memoryFree: 23600 * 2 ** 20,
						temperature: 41,
						computeCapability: "8.9",
						pciBusId: "00000000:01:00.0",
						thermalSlowdown: false,
						hardwareSlowdown: false,
						powerBrake: false,
					},
				],
			},
		});
		expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
	});

	it("is run again without the field that an old driver does not know", async () => {
		const old = "0, Tesla T4, GPU-1, 470.256.02, 15109, 10, 42, 4, 0, [N/A], 00000000:00:1E.0, 15099, Active\n";
		const programs = {
			[ask(fields)]: exited('Field "compute_cap" is not a valid field to query.\n\n', 2),
			[ask(withoutComputeCap)]: exited(old),
		};
		const { run } = await collect(nvidiaProbe, createHost(machine({ programs })));
		expect(run?.gpus).toMatchObject([
			{ name: "Tesla T4", eccErrors: 0, thermalSlowdown: true, memoryFree: 15099 * 2 ** 20 },
		]);
		expect(run?.gpus[0]).not.toHaveProperty("computeCapability");
		expect(run?.command).toContain(withoutComputeCap);
	});

	it("is asked by a known driver for what it knows, at once", async () => {
		const asks = async (version: string): Promise<string> => {
			const asked: string[] = [];
			const host = createHost(
				machine({
					files: {
						"/usr/bin/nvidia-smi": executable(),
						"/proc/driver/nvidia/version": `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${version}  Tue\n`,
					},
					run: async (command) => {
						asked.push(command.join(" "));
						return exited(row);
					},
				}),
			);
			await collect(nvidiaProbe, host);
			return asked.join("\n");
		};
		expect(await asks("580.126.09")).toBe(ask(fields));
		expect(await asks("550.163.01")).toBe(ask(before550));
		expect(await asks("470.256.02")).toBe(ask(withoutComputeCap));
	});

	it("tells the state of GPUs that wait for something", async () => {
		const gpus = async (cells: string) => {
			const line = row.replace("Not Active, Not Active, Not Active, N/A, N/A, [N/A], None", cells);
			const { run } = await collect(nvidiaProbe, createHost(machine({ programs: { [ask(fields)]: exited(line) } })));
			return run?.gpus[0];
		};
		expect(await gpus("Active, Active, Active, In Progress, N/A, Yes, Drain and Reset")).toMatchObject({
			thermalSlowdown: true,
			hardwareSlowdown: true,
			powerBrake: true,
			fabricState: "In Progress",
			rowRemapPending: true,
			recoveryAction: "Drain and Reset",
		});
		const well = await gpus("Not Active, Not Active, Not Active, Completed, Success, No, [N/A]");
		expect(well).toMatchObject({ fabricState: "Completed", fabricStatus: "Success", rowRemapPending: false });
		expect(well).not.toHaveProperty("recoveryAction");
	});

	it("that is an empty file is looked at", async () => {
		const programs = { [ask(fields)]: exited("") };
		expect(await collect(nvidiaProbe, createHost(machine({ programs })))).toMatchObject({ smiEmpty: true });
	});

	it("that does not tell the memory of a GPU makes the machine's a fact", async () => {
		const programs = { [ask(fields)]: exited(row.replace("24564, 512", "[N/A], [N/A]").replace("23600", "[N/A]")) };
		const files = {
			"/usr/bin/nvidia-smi": executable(),
			"/proc/meminfo": "MemTotal:       125513728 kB\nMemAvailable:   100000000 kB\n",
		};
		const facts = await collect(nvidiaProbe, createHost(machine({ programs, files })));
		expect(facts.systemMemory).toEqual({ totalBytes: 125_513_728 * 1024, availableBytes: 100_000_000 * 1024 });
		const own = await collect(nvidiaProbe, createHost(machine({ programs: { [ask(fields)]: exited(row) }, files })));
		expect(own).not.toHaveProperty("systemMemory");
		// A part of a split GPU was given to this container, which is not told the memory of the whole one.
		const mig = row
			.replace(", [N/A], 0000", ", Enabled, 0000")
			.replace("24564, 512", "[N/A], [N/A]")
			.replace("23600", "[N/A]");
		const split = await collect(nvidiaProbe, createHost(machine({ programs: { [ask(fields)]: exited(mig) }, files })));
		expect(split.run?.gpus).toMatchObject([{ mig: true }]);
		expect(split).not.toHaveProperty("systemMemory");
	});

	it("is run without arguments if it does not know other fields either", async () => {
		const programs = {
			[ask(fields)]: exited('Field "compute_cap" is not a valid field to query.\n\n', 2),
			[ask(withoutComputeCap)]: exited('Field "mig.mode.current" is not a valid field to query.\n\n', 2),
			"/usr/bin/nvidia-smi": exited("Unable to determine the device handle for GPU 0: GPU is lost.\n", 15),
		};
		const { run } = await collect(nvidiaProbe, createHost(machine({ programs })));
		expect(run).toMatchObject({
			command: "nvidia-smi",
			code: 15,
			messages: "Unable to determine the device handle for GPU 0: GPU is lost.",
		});
	});

	it("gets the probe's deadline, and a hang is a fact", async () => {
		let signal: AbortSignal | undefined;
		const programs = {
			[ask(fields)]: (options: RunOptions) => {
				signal = options.signal;
				return { kind: "timed-out", abandoned: true, stdout: "", stderr: "", ms: 10_250 } as const;
			},
		};
		const { run } = await collect(nvidiaProbe, createHost(machine({ programs })));
		expect(run).toEqual({
			command: ask(fields).replace("/usr/bin/", ""),
			kind: "timed-out",
			abandoned: true,
			ms: 10_250,
			form: "other",
			gpus: [],
			messages: "",
		});
		expect(signal).toBeInstanceOf(AbortSignal);
	});

	it("may write to stderr", async () => {
		const programs = { [ask(fields)]: exited("", 127, "sh: 1: nvidia-smi: not found\n") };
		const { run } = await collect(nvidiaProbe, createHost(machine({ programs })));
		expect(run).toMatchObject({ kind: "exited", code: 127, messages: "sh: 1: nvidia-smi: not found" });
	});

	it("is not spoiled by a remark of the loader on stderr", async () => {
		const remark = "ERROR: ld.so: object '/usr/lib/x.so' from LD_PRELOAD cannot be preloaded: ignored.\n";
		const row =
			"0, NVIDIA GeForce RTX 4090, GPU-1, 580.126.09, 24564, 1, 24563, 40, 0, 8.9, [N/A], [N/A], 00000000:01:00.0\n";
		const run = async (stdout: string) => {
			const programs = { [ask(fields)]: exited(stdout, 0, remark) };
			return (await collect(nvidiaProbe, createHost(machine({ programs })))).run;
		};
		expect(await run(row)).toMatchObject({ form: "csv", messages: "" });
		expect(await run("")).toMatchObject({ form: "other", messages: expect.stringContaining("LD_PRELOAD") });
	});

	it("is searched in the order of PATH, and elsewhere only if PATH has none", async () => {
		const files = {
			"/usr/lib/wsl/lib/nvidia-smi": executable(),
			"/usr/bin/nvidia-smi": file({ mode: 0o644, uid: 0, gid: 0 }),
		};
		const facts = await collect(nvidiaProbe, createHost(machine({ files })));
		expect(facts).toEqual({
			smiOffPath: "/usr/lib/wsl/lib/nvidia-smi",
			smiUnusable: { path: "/usr/bin/nvidia-smi", kind: "not-executable", mode: 0o644, uid: 0, gid: 0 },
		});
	});
});

describe("the rest of the machine", () => {
	it("lists the device nodes with their permissions, and no directories", async () => {
		const host = createHost({
			directories: { "/dev": ["nvidiactl", "nvidia0", "nvidia-caps", "nvidia-uvm", "null", "nvidia1"] },
			files: {
				"/dev/nvidia0": device(),
				"/dev/nvidia1": device({ mode: 0o060, gid: 44 }),
				"/dev/nvidiactl": device(),
				"/dev/nvidia-uvm": device(),
			},
			access: async (path, mode) => ({ kind: path !== "/dev/nvidia1" || mode === "r" ? "granted" : "denied" }),
		});
		expect((await collect(nvidiaProbe, host)).nodes).toEqual([
			{ path: "/dev/nvidia-uvm", mode: 0o666, gid: 0, usable: true },
			{ path: "/dev/nvidia0", mode: 0o666, gid: 0, usable: true },
			{ path: "/dev/nvidia1", mode: 0o060, gid: 44, usable: false },
			{ path: "/dev/nvidiactl", mode: 0o666, gid: 0, usable: true },
		]);
	});

	it.each([
		[
			"NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.163.01  Tue Apr  8 12:41:17 UTC 2025\nGCC version:  gcc 12\n",
			"550.163.01",
		],
		[
			"NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.126.09  Release Build  (dvs-builder)\n",
			"580.126.09",
		],
		["something new\nGCC", "something new"],
	])("reads the module's version: %j", async (text, version) => {
		const host = createHost({ files: { "/proc/driver/nvidia/version": text } });
		expect((await collect(nvidiaProbe, host)).kernelDriver).toBe(version);
	});

	it("finds NVIDIA's cards on the bus, and the drivers that hold them", async () => {
		const line = (place: string, id: string, driver: string) => `${place}\t${id}\t0${"\t0".repeat(14)}\t${driver}`;
		const text = [
			line("0000", "80860d57", ""),
			line("0100", "10de2684", "nouveau"),
			line("0101", "10de22ba", "snd_hda_intel"),
			line("4100", "10de2331", ""),
			"",
		].join("\n");
		const { pciDevices } = await collect(nvidiaProbe, createHost({ files: { "/proc/bus/pci/devices": text } }));
		expect(pciDevices).toEqual([
			{ address: "01:00.0", driver: "nouveau" },
			{ address: "41:00.0", driver: "" },
		]);
	});

	it("looks at the classes of the cards if nvidia-smi lists fewer", async () => {
		const line = (place: string, driver: string) => `${place}\t10de2330\t0${"\t0".repeat(14)}\t${driver}\n`;
		const device = (name: string, kind: string, vendor = "0x10de") => ({
			[`/sys/bus/pci/devices/${name}/vendor`]: `${vendor}\n`,
			[`/sys/bus/pci/devices/${name}/class`]: `${kind}\n`,
		});
		const names = ["0000:01:00.0", "0000:02:00.0", "0000:07:00.0", "0001:07:00.0", "0000:08:00.0"];
		const host = createHost(
			machine({
				files: {
					"/usr/bin/nvidia-smi": executable(),
					"/proc/bus/pci/devices": `${line("0100", "nvidia")}${line("0200", "")}${line("0700", "nvidia-nvswitch")}${line("0800", "nvidia")}`,
					...device("0000:01:00.0", "0x030200"),
					...device("0000:02:00.0", "0x030000"),
					...device("0000:07:00.0", "0x020000", "0x15b3"),
					...device("0001:07:00.0", "0x068000"),
					...device("0000:08:00.0", "0x030200"),
				},
				links: { "/sys/bus/pci/devices/0000:08:00.0/physfn": "../0000:01:00.0" },
				directories: { "/sys/bus/pci/devices": names },
				programs: { [ask(fields)]: exited(row) },
			}),
		);
		expect((await collect(nvidiaProbe, host)).pciDevices).toEqual([
			{ address: "01:00.0", driver: "nvidia", class: "030200" },
			{ address: "02:00.0", driver: "", class: "030000" },
			{ address: "07:00.0", driver: "nvidia-nvswitch", class: "068000" },
			{ address: "08:00.0", driver: "nvidia", class: "030200", virtual: true },
		]);
	});

	describe("a Jetson", () => {
		const release = "# R35 (release), REVISION: 4.1, GCID: 33958178, BOARD: t186ref, EABI: aarch64\n";

		it("is told by its release, its device tree, its kernel or its nodes", async () => {
			const tegra = async (overrides: FakeMachine) => (await collect(nvidiaProbe, createHost(overrides))).tegra;
			expect(await tegra({ files: { "/etc/nv_tegra_release": release } })).toEqual({
				sign: "/etc/nv_tegra_release",
				release: "R35 (release), REVISION: 4.1",
			});
			const tree = "nvidia,p3509-0000+p3668-0000\0nvidia,tegra194\0";
			expect(await tegra({ files: { "/proc/device-tree/compatible": tree } })).toEqual({
				sign: "/proc/device-tree/compatible",
			});
			expect(await tegra({ files: { "/proc/sys/kernel/osrelease": "5.10.120-tegra\n" } })).toEqual({
				sign: "/proc/sys/kernel/osrelease",
			});
			const nodes = { directories: { "/dev": ["nvmap"] }, files: { "/dev/nvmap": device() } };
			expect(await tegra(nodes)).toEqual({ sign: "/dev/nvmap" });
			expect(await tegra({ files: { "/proc/sys/kernel/osrelease": "6.8.0-generic\n" } })).toBeUndefined();
		});

		it("has the nodes of its GPU, and the memory of the machine", async () => {
			const facts = await collect(
				nvidiaProbe,
				createHost({
					directories: { "/dev": ["nvgpu", "nvhost-as-gpu", "nvhost-ctrl-gpu", "nvhost-gpu", "nvmap"] },
					files: {
						"/dev/nvmap": device(),
						"/dev/nvhost-gpu": device(),
						"/dev/nvhost-ctrl-gpu": device(),
						"/dev/nvgpu/igpu0/ctrl": device(),
						"/proc/meminfo": "MemTotal: 8000 kB\nMemAvailable: 4000 kB\n",
					},
				}),
			);
			expect(facts.nodes?.map(({ path }) => path)).toEqual([
				"/dev/nvhost-ctrl-gpu",
				"/dev/nvhost-gpu",
				"/dev/nvmap",
				"/dev/nvgpu/igpu0/ctrl",
			]);
			expect(facts.systemMemory).toEqual({ totalBytes: 8000 * 1024, availableBytes: 4000 * 1024 });
		});
	});

	it("finds the library of CUDA where there is a GPU, but not an empty file in its place", async () => {
		const library = async (size: number, node = "nvidia0") => {
			const files = { [`/dev/${node}`]: device(), "/usr/lib64/libcuda.so.1": file({ size }) };
			return (await collect(nvidiaProbe, createHost({ directories: { "/dev": [node] }, files }))).cudaLibrary;
		};
		expect(await library(100)).toBe("/usr/lib64/libcuda.so.1");
		expect(await library(0)).toBeUndefined();
		expect(await library(100, "null")).toBeUndefined();
	});

	it("sees a GPU behind hundreds of other devices", async () => {
		const line = (id: string) => `0100\t${id}${"\t0000000000000000".repeat(14)}\t\n`;
		const text = line("15b31018").repeat(1000) + line("10de2331");
		const host = createHost({
			readText: async (_path, maxBytes = 64 * 1024) => ({ kind: "ok", value: text.slice(0, maxBytes) }),
		});
		expect((await collect(nvidiaProbe, host)).pciDevices).toEqual([{ address: "01:00.0", driver: "" }]);
	});

	it("keeps the two variables that control NVIDIA's runtime", async () => {
		const env = { NVIDIA_VISIBLE_DEVICES: "", NVIDIA_DRIVER_CAPABILITIES: "x".repeat(9999), NVIDIA_SECRET: "canary" };
		const facts = await collect(nvidiaProbe, createHost({ env }));
		expect(facts).toEqual({ visibleDevices: "", driverCapabilities: "x".repeat(512) });
	});
});
