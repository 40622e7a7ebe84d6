import type { RunOutcome } from "../../../src/host/host.ts";
import { executable, exited, type FakeMachine, file } from "../../support/fake-host.ts";
import type { Recording, State } from "../states.ts";
import { type Change, ended } from "./machine.ts";

/** Kernel module, device nodes and a place on the PCI bus: what a machine with GPUs has. */
function withGpus(count: number, driver: string): FakeMachine {
	const names = [...Array.from({ length: count }, (_, index) => `nvidia${index}`), "nvidiactl", "nvidia-uvm"];
	const node = file({ kind: "device", mode: 0o666 });
	const bus = Array.from({ length: count }, (_, index) => pciLine(index)).join("");
	return {
		directories: { "/dev": names },
		files: {
			"/usr/bin/nvidia-smi": executable(),
			...Object.fromEntries(names.map((name) => [`/dev/${name}`, node])),
			"/proc/driver/nvidia/version": `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${driver}  Release Build\n`,
			"/proc/bus/pci/devices": bus,
		},
	};
}

function pciLine(index: number): string {
	return `${(index + 1).toString(16).padStart(2, "0")}00\t10de1e81\t10\t${Array(14).fill("0").join("\t")}\tnvidia\n`;
}

/** Machines of `nvidia`. */
export function nvidiaMachine({ name, recordings }: State): Change {
	const gpu = { require: "required" } as const;
	if (name === "nvidia-smi is not installed") {
		const { files: _, ...rest } = withGpus(1, "550.163.01") ?? {};
		return { policy: { gpu }, machine: rest };
	}
	const release = /nvidia-smi (\d+)/.exec(name)?.[1] ?? "";
	const driver = driverIn(recordings) ?? { 470: "470.256.02" }[release] ?? "550.163.01";
	const machine = withGpus(/two GPUs/.test(name) ? 2 : 1, driver);
	const { "/proc/driver/nvidia/version": _, ...withoutModule } = machine?.files ?? {};
	return {
		policy: { gpu },
		// The text says that the kernel module is not loaded, or the recording's note.
		machine: /not loaded|DRIVER_NOT_LOADED/.test(name)
			? {
					files: {
						"/usr/bin/nvidia-smi": executable(),
						"/proc/bus/pci/devices": withoutModule["/proc/bus/pci/devices"] ?? "",
					},
				}
			: machine,
		run: (command) => (command[0]?.endsWith("/nvidia-smi") ? answer(command.slice(1), recordings, release) : undefined),
	};
}

function driverIn(recordings: readonly Recording[]): string | undefined {
	return recordings.map(({ stdout }) => /\b(?:5|6)\d\d\.\d+\.\d+\b/.exec(stdout)?.[0]).find(Boolean);
}

/** What this nvidia-smi says to these arguments, by the recording of the same kind of question. */
function answer(args: readonly string[], recordings: readonly Recording[], release: string): RunOutcome {
	const fields = /^--query-gpu=(.*)$/.exec(args[0] ?? "")?.[1]?.split(",");
	// 470 refuses a query before it looks at a GPU, but not before it has started.
	const starts = !recordings.every(({ name }) => /-(?:init|nodriver|nolib|with-lib)/.test(name));
	if (release === "470" && fields?.includes("compute_cap") && starts) {
		return exited('Field "compute_cap" is not a valid field to query.\n', 2);
	}
	const asked = fields ? /query$/ : args[0] === "-L" ? /-L$/ : /(?:plain|table)$/;
	const usable = recordings.filter((one) => !/is not a valid field to query/.test(one.stdout));
	const recording = usable.find((one) => asked.test(one.name)) ?? usable[0];
	if (!recording) throw new Error("no answer was recorded");
	const row = recording.stdout.trim();
	return fields && recording.exit === 0 && row.includes(",")
		? exited(`${rowFor(fields, row, recording.command)}\n`)
		: ended(recording);
}

/** The recorded row with the columns that are asked for now. One that was not recorded has no value, or the error of all. */
function rowFor(fields: readonly string[], row: string, command: string): string {
	const columns = /--query-gpu=(\S+)/.exec(command)?.[1]?.split(",") ?? [];
	const cells = row.split(",").map((cell) => cell.trim().replace(/ (?:MiB|%)$/, ""));
	const values = new Map(columns.map((column, index) => [column, cells[index] ?? ""]));
	const [first = ""] = cells;
	const otherwise = /^\[/.test(first) ? first : "[N/A]";
	return fields.map((field) => values.get(field) ?? otherwise).join(", ");
}
