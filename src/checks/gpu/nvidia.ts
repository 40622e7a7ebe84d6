import type { Policy } from "../../policy/policy.ts";
import { isTegraNode, type NvidiaFacts, type SmiRun } from "../../probes/nvidia.ts";
import type { Proof } from "../check.ts";
import { stateOf } from "./smi-state.ts";

/** What a job notices if it needs a GPU and has none. */
export const cudaFails =
	"Programs that need CUDA fail (`no CUDA-capable device is detected`), or silently fall back to the CPU and become many times slower.";

/** A profile that forbids a GPU is judged by `gpu/presence` alone. */
export function wantsGpu(policy: Policy): boolean {
	return policy.gpu.require !== "forbidden";
}

/** Version of the kernel driver as nvidia-smi reports it, else as the module does. */
export function driverVersion(nvidia: NvidiaFacts): string | undefined {
	return nvidia.run?.driver ?? nvidia.kernelDriver;
}

/** Nodes of GPUs, without those of the driver (`/dev/nvidiactl`). */
export function gpuNodes(nvidia: NvidiaFacts): readonly string[] {
	const nodes = (nvidia.nodes ?? []).filter(
		(node) => /^\/dev\/(?:nvidia\d+|dxg)$/.test(node.path) || isTegraNode(node),
	);
	return nodes.map(({ path }) => path);
}

/** Is this a Jetson whose release of L4T has no nvidia-smi to ask? JetPack 6 was the first that has one. */
export function isJetsonWithoutSmi(nvidia: NvidiaFacts): boolean {
	return nvidia.tegra !== undefined && nvidia.smi === undefined;
}

/** `NVIDIA Jetson with L4T R35 (release), REVISION: 4.1` */
export function nameOfJetson({ tegra }: NvidiaFacts): string {
	return `NVIDIA Jetson${tegra?.release === undefined ? "" : ` with L4T ${tegra.release}`}`;
}

/** Does nvidia-smi run without reporting a problem? */
export function smiWorks(nvidia: NvidiaFacts): boolean {
	return nvidia.run !== undefined && stateOf(nvidia.run).kind === "ok";
}

/** Everything observed about NVIDIA on this machine, as evidence of any verdict. */
export function evidenceOf(nvidia: NvidiaFacts): Proof {
	const { run, kernelDriver, nodes, pciDevices, tegra } = nvidia;
	// A Jetson's GPU is not on the bus.
	const onBus = (tegra && pciDevices?.length === 0 ? undefined : pciDevices)
		?.map(({ address, driver }) => `${address} (driver: ${driver || "none"})`)
		.join(", ");
	const module =
		tegra && kernelDriver === undefined
			? { source: tegra.sign, text: nameOfJetson(nvidia) }
			: { source: "/proc/driver/nvidia/version", text: kernelDriver ?? "no kernel module" };
	const rest = [
		...(nodes ? [{ source: "/dev", text: nodes.map(({ path }) => path).join(", ") || "no NVIDIA device nodes" }] : []),
		...(onBus === undefined ? [] : [{ source: "/proc/bus/pci/devices", text: onBus || "no NVIDIA device" }]),
	];
	return run ? [{ source: run.command, text: `${endOf(run)}${answerOf(run)}` }, module, ...rest] : [module, ...rest];
}

function endOf(run: SmiRun): string {
	switch (run.kind) {
		case "exited":
			return `exit ${run.code}`;
		case "signalled":
			return `killed by ${run.signal}`;
		case "not-started":
			return `not started (${run.code})`;
		case "timed-out":
			return run.abandoned ? "did not end in time, not even after SIGKILL" : "did not end in time";
	}
}

function answerOf({ gpus, messages }: SmiRun): string {
	const rows = gpus.map(({ name, uuid, troubles }) =>
		[name, uuid, ...Object.entries(troubles ?? {}).map(([field, text]) => `${field}: ${text}`)]
			.filter((part) => part !== undefined)
			.join(", "),
	);
	const text = [messages, ...rows].filter((line) => line !== "").join("\n");
	return text === "" ? "" : `: ${text.slice(0, 1000)}`;
}
