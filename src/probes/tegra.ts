import type { Host } from "../host/host.ts";

/** What shows that this is an NVIDIA Jetson, whose GPU is part of the processor: it has no PCI device, and long had no nvidia-smi. */
export interface TegraFacts {
	/** Where it was seen: `/etc/nv_tegra_release`, `/dev/nvmap`, … */
	readonly sign: string;
	/** Release of L4T, NVIDIA's Linux for it, in its own words: `R35 (release), REVISION: 4.1`. */
	readonly release?: string;
}

/** Names in /dev that only a Tegra has. `nvmap` is its memory manager, the others are its GPU. */
export const tegraNode = /^nv(?:map|host-gpu|host-ctrl-gpu)$/;

/**
 * Source: /etc/nv_tegra_release, /proc/device-tree/compatible and the kernel's release. A container sees the kernel of its host,
 * with or without the GPU.
 */
export async function lookForTegra(host: Host): Promise<TegraFacts | undefined> {
	const [text, compatible, kernel] = await Promise.all(
		["/etc/nv_tegra_release", "/proc/device-tree/compatible", "/proc/sys/kernel/osrelease"].map(async (path) => {
			const read = await host.readText(path, 4096);
			return read.kind === "ok" ? read.value : undefined;
		}),
	);
	const release = /^#?\s*(R\d+ [^,\n]*, REVISION: [\d.]+)/m.exec(text ?? "")?.[1];
	const sign =
		(text !== undefined && "/etc/nv_tegra_release") ||
		(/nvidia,tegra/.test(compatible ?? "") && "/proc/device-tree/compatible") ||
		(/-tegra\b/.test(kernel ?? "") && "/proc/sys/kernel/osrelease");
	return sign ? { sign, ...(release !== undefined && { release }) } : undefined;
}
