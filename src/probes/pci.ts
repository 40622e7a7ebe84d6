import type { Host } from "../host/host.ts";

/** A function of a device of NVIDIA on the PCI bus. */
export interface PciDevice {
	/** Bus, device and function: `01:00.0`. Not the domain, which large machines have several of. */
	readonly address: string;
	/** The driver that holds it; empty: none. */
	readonly driver: string;
	/** Its class in hexadecimal: `030200` is a GPU, `068000` an NVSwitch. Left out unless it was needed, and read. */
	readonly class?: string;
	/** It is a part of another device, for a virtual machine. */
	readonly virtual?: true;
}

/** Each function has a line of some 250 bytes, and a server with virtual ones has thousands. */
const maxBytes = 1024 * 1024;
const maxLookedAt = 64;

/** Source: /proc/bus/pci/devices. */
export async function readPciDevices(host: Host): Promise<readonly PciDevice[] | undefined> {
	const pci = await host.readText("/proc/bus/pci/devices", maxBytes);
	return pci.kind === "ok" ? nvidiaOnBus(pci.value) : undefined;
}

/**
 * Lines are `bus+devfn vendor+device irq …` and end with the driver, if one holds the device. Function 0 is the GPU, others are
 * its sound and USB.
 */
function nvidiaOnBus(text: string): readonly PciDevice[] {
	return text.split("\n").flatMap((line) => {
		const columns = line.split("\t");
		const place = Number.parseInt(columns[0] ?? "", 16);
		if (!columns[1]?.startsWith("10de") || Number.isNaN(place) || (place & 7) !== 0) return [];
		const bus = (place >> 8).toString(16).padStart(2, "0");
		const device = ((place >> 3) & 31).toString(16).padStart(2, "0");
		return [{ address: `${bus}:${device}.0`, driver: columns[17]?.trim() ?? "" }];
	});
}

/** The same with their classes, of which /proc says nothing. Source: /sys/bus/pci/devices. */
export async function withClasses(host: Host, devices: readonly PciDevice[]): Promise<readonly PciDevice[]> {
	const listed = await host.list("/sys/bus/pci/devices");
	if (listed.kind !== "ok" || devices.length > maxLookedAt) return devices;
	const names = new Set(devices.map(({ address }) => address));
	const paths = listed.value
		.filter((name) => names.has(name.slice(name.indexOf(":") + 1)))
		.map((name) => `/sys/bus/pci/devices/${name}`);
	const looks = await Promise.all(
		paths.map(async (path) => {
			const [vendor, kind, physical] = await Promise.all([
				host.readText(`${path}/vendor`, 16),
				host.readText(`${path}/class`, 16),
				host.lstat(`${path}/physfn`),
			]);
			const isNvidia = vendor.kind === "ok" && vendor.value.trim() === "0x10de";
			if (!isNvidia || kind.kind !== "ok") return undefined;
			const code = kind.value.trim().replace(/^0x/, "");
			return { path, class: code, ...(physical.kind === "link" && { virtual: true as const }) };
		}),
	);
	const left = looks.filter((look) => look !== undefined);
	return devices.map((device) => {
		// The domains are in the same order in both lists.
		const at = left.findIndex(({ path }) => path.endsWith(`:${device.address}`));
		if (at < 0) return device;
		const [{ path: _, ...found } = { path: "", class: "" }] = left.splice(at, 1);
		return { ...device, ...found };
	});
}
