import type { Host, ReadOutcome } from "../host/host.ts";
import { fieldOf } from "./fields.ts";
import type { Probe } from "./probe.ts";

/** The system and the user, as the report shows them. */
export interface OsFacts {
	/** `Debian GNU/Linux 12 (bookworm)`, or the platform (`linux`, `darwin`) if no file names it. */
	readonly name: string;
	/** Name of the effective user, or `uid 1001` if the user database has no entry for it. */
	readonly user: string;
	readonly hostname: string;
	/** In Node's names: `x64`, `arm64`. */
	readonly arch: string;
}

const maxName = 200;

/** Source: /etc/os-release (or /usr/lib/os-release) and /etc/passwd. */
export const osProbe: Probe<OsFacts> = {
	name: "os",
	async collect(host: Host): Promise<OsFacts> {
		const [etc, passwd] = await Promise.all([
			host.readText("/etc/os-release"),
			host.readText("/etc/passwd", 256 * 1024),
		]);
		return {
			name: prettyName(etc) ?? prettyName(await host.readText("/usr/lib/os-release")) ?? host.platform,
			user: userName(passwd, host.uid) ?? (host.uid === undefined ? "unknown" : `uid ${host.uid}`),
			hostname: host.hostname,
			arch: host.arch,
		};
	},
};

/** `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"` */
function prettyName(file: ReadOutcome<string>): string | undefined {
	if (file.kind !== "ok") return undefined;
	const value = fieldOf(file.value, "PRETTY_NAME=") ?? "";
	return value.replace(/^(["'])(.*)\1$/, "$2").slice(0, maxName) || undefined;
}

/** `runner:x:1001:1001:,,,:/home/runner:/bin/bash` */
function userName(passwd: ReadOutcome<string>, uid: number | undefined): string | undefined {
	if (passwd.kind !== "ok") return undefined;
	const entry = passwd.value
		.split("\n")
		.find((line) => line.includes(`:${uid}:`) && line.split(":")[2] === String(uid));
	return entry?.split(":")[0]?.slice(0, maxName) || undefined;
}
