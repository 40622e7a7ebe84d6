import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { containerProbe } from "./container.ts";
import { within } from "./deadline.ts";
import { bounded, dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import { askEngine } from "./docker-engine.ts";
import { nvidiaProbe } from "./nvidia.ts";
import type { Ask, Probe } from "./probe.ts";

/** The programs that hold memory of the GPUs. */
export interface GpuHoldersFacts {
	/** The command that listed them. */
	readonly command: string;
	/** Those with the most memory first; empty: none was listed, or none can be seen from this container. */
	readonly holders: readonly GpuHolder[];
}

export interface GpuHolder {
	readonly pid: number;
	/** The program, as nvidia-smi names it: a path. */
	readonly program: string;
	readonly gpu?: string;
	/** Bytes; left out if the driver does not say. */
	readonly memory?: number;
	/** Seconds since it was started. Left out in a container, whose processes have other numbers. */
	readonly ageSeconds?: number;
	/** Id of its container, and its name if the engine could be asked. */
	readonly container?: string;
	readonly containerName?: string;
	/** Or the systemd unit that it belongs to. */
	readonly unit?: string;
}

const command = ["--query-compute-apps=gpu_uuid,pid,process_name,used_memory", "--format=csv,noheader,nounits"];
const maxHolders = 20;
const mebibyte = 2 ** 20;
const namingMs = 1000;

/**
 * Source: one more `nvidia-smi`, which lists the processes that use CUDA, /proc of each, and the engine for the names of their
 * containers. For a GPU that is short of memory only.
 */
export const gpuHoldersProbe: Probe<GpuHoldersFacts> = {
	name: "gpu-holders",
	async collect(host: Host, _request: Request, signal: AbortSignal, ask: Ask): Promise<GpuHoldersFacts> {
		const { smi, smiUntrusted } = await ask(nvidiaProbe);
		const asked = ["nvidia-smi", ...command].join(" ");
		if (smi === undefined || smiUntrusted) return { command: asked, holders: [] };
		const [{ stdout }, { mode, insideContainer }] = await Promise.all([
			host.run([smi, ...command], { signal }),
			ask(containerProbe),
		]);
		const listed = stdout
			.split("\n")
			.flatMap(holderIn)
			.sort((a, b) => (b.memory ?? 0) - (a.memory ?? 0));
		const holders = listed.slice(0, maxHolders);
		// In a container, this number is one of another process.
		if (mode !== "host" || insideContainer !== undefined) return { command: asked, holders };
		const uptime = await secondsUp(host);
		const known = await Promise.all(holders.map((holder) => withProcess(host, holder, uptime)));
		return { command: asked, holders: await withNames(host, known, signal, ask) };
	},
};

/** `GPU-5f6a…, 1234, /usr/local/bin/ollama, 17000` */
function holderIn(line: string): readonly GpuHolder[] {
	const cells = line
		.slice(0, 600)
		.split(",")
		.map((cell) => cell.trim());
	const [gpu = "", pid = ""] = cells;
	if (!/^\d{1,10}$/.test(pid) || cells.length < 4) return [];
	// A name may have commas.
	const program = cells.slice(2, -1).join(", ");
	const memory = /^(\d{1,12})(?:\s|$)/.exec(cells[cells.length - 1] ?? "")?.[1];
	return [
		{
			pid: Number(pid),
			program: bounded(program, 200),
			...(gpu.startsWith("GPU-") && { gpu }),
			...(memory !== undefined && { memory: Number(memory) * mebibyte }),
		},
	];
}

async function secondsUp(host: Host): Promise<number | undefined> {
	const read = await host.readText("/proc/uptime", 100);
	const seconds = read.kind === "ok" ? Number.parseFloat(read.value) : Number.NaN;
	return Number.isFinite(seconds) ? seconds : undefined;
}

/** Ticks of the clock in which the kernel counts starts of processes; the same on every Linux that runs Node. */
const ticksPerSecond = 100;

async function withProcess(host: Host, holder: GpuHolder, uptime: number | undefined): Promise<GpuHolder> {
	const [stat, cgroup] = await Promise.all([
		host.readText(`/proc/${holder.pid}/stat`, 4096),
		host.readText(`/proc/${holder.pid}/cgroup`, 16 * 1024),
	]);
	// The name of the program is in parentheses, and may have any character.
	const started =
		stat.kind === "ok" ? Number(stat.value.slice(stat.value.lastIndexOf(")") + 2).split(" ")[19]) : Number.NaN;
	const age = uptime === undefined ? Number.NaN : Math.round(uptime - started / ticksPerSecond);
	const text = cgroup.kind === "ok" ? cgroup.value : "";
	const container = /(?:docker|libpod|cri-containerd|containerd|crio)[-/]([\da-f]{64})\b/.exec(text)?.[1];
	const unit = /\/([\w@:.\\-]+\.service)(?:\/|$)/m.exec(text)?.[1];
	return {
		...holder,
		...(age >= 0 && { ageSeconds: age }),
		...(container === undefined ? unit !== undefined && { unit: bounded(unit, 100) } : { container }),
	};
}

async function withNames(
	host: Host,
	holders: readonly GpuHolder[],
	signal: AbortSignal,
	ask: Ask,
): Promise<readonly GpuHolder[]> {
	if (holders.every(({ container }) => container === undefined)) return holders;
	const endpoint = await ask(dockerEndpointProbe).catch(() => undefined);
	if (!endpoint) return holders;
	return within(namingMs, signal, (limited) =>
		Promise.all(
			holders.map(async (holder) => {
				if (holder.container === undefined) return holder;
				const answer = await askEngine(host, endpoint.endpoint, `/containers/${holder.container}/json`, limited);
				const name = answer.kind === "ok" ? objectOf(answer.value)?.Name : undefined;
				return typeof name === "string" ? { ...holder, containerName: bounded(name.replace(/^\//, ""), 100) } : holder;
			}),
		),
	);
}
