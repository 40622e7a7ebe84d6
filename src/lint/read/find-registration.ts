import type { Host } from "../../host/host.ts";
import type { ConfigFile } from "../facts.ts";
import { directoryOf } from "../paths.ts";

/** Does the registration exist? `undefined` if its directory does not exist or cannot be read. */
export async function registrationAt(host: Host, path: string): Promise<ConfigFile["registration"]> {
	const directory = await host.stat(directoryOf(path));
	if (directory.kind !== "directory" || (await host.access(directoryOf(path), "x")).kind !== "granted")
		return undefined;
	const file = await host.stat(path);
	if (file.kind === "unreadable") return undefined;
	return { path, found: file.kind === "absent" ? "no" : "yes" };
}
