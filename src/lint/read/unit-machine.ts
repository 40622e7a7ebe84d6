import type { Host } from "../../host/host.ts";
import type { UnitMachine, UnitSetting } from "../facts.ts";
import { registrationAt } from "./find-registration.ts";
import { placesOf } from "./usual-places.ts";

/** Directories of tools that a login shell finds and a service does not. `~` is the home of the unit's user. */
const toolchainFolders = ["~/.cargo/bin", "/usr/local/cargo/bin", "~/.volta/bin", "~/.nvm/versions/node"];

/** Looks up on this machine what a unit refers to: its user, the user's groups and tools, and the working directory. */
export async function lookAround(host: Host, settings: readonly UnitSetting[]): Promise<UnitMachine | undefined> {
	const last = (name: string): string | undefined =>
		[...settings].reverse().find((setting) => setting.section === "Service" && setting.name === name)?.value;
	const [users, groups] = await Promise.all([host.readText("/etc/passwd"), host.readText("/etc/group")]);
	const user = last("User") ?? "root";
	const entry = users.kind === "ok" ? entryFor(users.value, user) : undefined;
	const home = entry?.[5];
	const group = groups.kind === "ok" ? entryFor(groups.value, "docker") : undefined;
	const inDockerGroup =
		entry && group ? entry[3] === group[2] || (group[3] ?? "").split(",").includes(entry[0] ?? "") : undefined;

	const configs = (
		await Promise.all(
			placesOf(host).configs.map(async (path) => ((await host.stat(path)).kind === "file" ? [path] : [])),
		)
	).flat();
	const workingDirectory = last("WorkingDirectory")
		?.replace(/^-/, "")
		.replace(/^~$/, home ?? "~");
	// A directory such as `/srv` is on every machine, and proves nothing.
	const isHere = await isRunnersMachine(host, settings, configs);
	const registration =
		isHere && workingDirectory?.startsWith("/")
			? await registrationAt(host, `${workingDirectory.replace(/\/+$/, "")}/.runner`)
			: undefined;
	const folders = toolchainFolders.flatMap((folder) => {
		if (!folder.startsWith("~")) return [folder];
		return home ? [`${home}${folder.slice(1)}`] : [];
	});
	const found = await Promise.all(
		folders.map(async (path) => ((await host.stat(path)).kind === "directory" ? [path] : [])),
	);
	if (users.kind !== "ok" && !registration && configs.length === 0) return undefined;
	return {
		configs,
		userKnown: entry !== undefined,
		...(inDockerGroup !== undefined && { inDockerGroup }),
		toolchains: entry ? found.flat() : [],
		...(registration && { registration }),
	};
}

/** Does more than its directory say that the runner is on this machine: its program, or its configuration? */
async function isRunnersMachine(
	host: Host,
	settings: readonly UnitSetting[],
	configs: readonly string[],
): Promise<boolean> {
	if (configs.length > 0) return true;
	const command = [...settings].reverse().find(({ name }) => name === "ExecStart")?.value ?? "";
	const words = command.split(/[\s="']+/).map((word) => word.replace(/^[-@:+!|]+(?=\/)/, ""));
	const paths = words.filter((word) => word.startsWith("/") && /runner|config/.test(word)).slice(0, 10);
	const found = await Promise.all(paths.map(async (path) => (await host.stat(path)).kind === "file"));
	return found.includes(true);
}

/** The fields of a line of `/etc/passwd` or `/etc/group`, found by name or by number. */
function entryFor(text: string, key: string): readonly string[] | undefined {
	const lines = text.split("\n").map((line) => line.split(":"));
	return lines.find((fields) => fields[0] === key) ?? lines.find((fields) => fields.length > 3 && fields[2] === key);
}
