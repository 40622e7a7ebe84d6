import { readFile } from "node:fs/promises";
import { unpackedPackages } from "./debian.ts";
import { which } from "./run.ts";

/** What starts a program so that a file has every process that it and its children start. The program itself stays the child. */
export async function traced(file: string): Promise<readonly string[]> {
	const arguments_ = [
		"-D",
		"-f",
		"-qq",
		"-s",
		"200",
		"-e",
		"trace=execve,execveat,fork,vfork,clone,clone3",
		"-o",
		file,
	];
	if (await which("strace")) return ["strace", ...arguments_];
	const packages = await unpackedPackages("bookworm", ["strace", "libunwind8"]);
	const libraries = ["x86_64", "aarch64"].map((name) => `${packages}/usr/lib/${name}-linux-gnu`).join(":");
	// Only strace itself gets them: it hands its environment on.
	return ["env", `LD_LIBRARY_PATH=${libraries}`, `${packages}/usr/bin/strace`, "-E", "LD_LIBRARY_PATH", ...arguments_];
}

/** The processes of such a file that were started after a program whose command line has a text: calls, threads left out. */
export async function startedAfter(file: string, text: string): Promise<readonly string[]> {
	const lines = (await readFile(file, "utf8")).split("\n");
	const last = lines.map((line) => line.includes("execve(") && line.includes(text)).lastIndexOf(true);
	if (last < 0) throw new Error(`no program with "${text}" was started:\n${lines.slice(-20).join("\n")}`);
	const starts = lines.slice(last + 1).filter((line) => /^\d+ +(?:execve(?:at)?|v?fork|clone3?)\(/.test(line));
	return starts.filter((line) => !line.includes("CLONE_THREAD"));
}
