import type { Host } from "../host/host.ts";
import { type PlatformName, platforms } from "../policy/platforms.ts";
import { binfmtOf } from "../probes/binfmt.ts";

/** Settings that somebody raised on a machine, as programs ask for more than a kernel's default. */
const settings = [
	{ name: "inotify-watches", setting: "fs.inotify.max_user_watches", least: 524288 },
	{ name: "inotify-instances", setting: "fs.inotify.max_user_instances", least: 512 },
	{ name: "map-count", setting: "vm.max_map_count", least: 262144 },
];

/** One name for each platform that machines emulate for image builds. */
const emulated: readonly PlatformName[] = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/riscv64"];

/** What this machine has that a policy can declare: lines of `expect` for `init`. Source: /proc/sys. */
export async function expectableOf(host: Host): Promise<readonly string[]> {
	const raised = settings.map(async ({ name, setting, least }) => {
		const read = await host.readText(`/proc/sys/${setting.split(".").join("/")}`, 100);
		const value = read.kind === "ok" && /^\d{1,15}\s*$/.test(read.value) ? Number(read.value) : 0;
		return value < least ? [] : [`  ${name}: { sysctl: ${setting}, is: ">=${least}" }  # found ${value}`];
	});
	const handled = emulated.map(async (platform) => {
		if (platforms[platform].native.includes(host.arch)) return [];
		const binfmt = await binfmtOf(host, platform);
		const works =
			binfmt.kind === "seen" && binfmt.isOn && binfmt.handlers.some((one) => one.enabled && one.isThere !== false);
		return works ? [`  ${platform.split("/").slice(1).join("-")}: { platform: ${platform} }`] : [];
	});
	return (await Promise.all([...raised, ...handled])).flat();
}
