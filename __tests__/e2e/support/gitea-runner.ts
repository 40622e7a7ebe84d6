import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "./cache.ts";
import { must } from "./run.ts";

const module = "gitea.com/gitea/runner";
/** The last tag that the Go module system can name. */
export const giteaRunnerVersion = "v1.0.8";
/** As its own Makefile sets it for a release. */
const versionFlag = `-X ${module}/internal/pkg/ver.version=${giteaRunnerVersion}`;

/** The real Gitea runner, built from its source. */
export async function buildGiteaRunner(): Promise<string> {
	const folder = await cached("gitea-runner", versionFlag, async (folder) => {
		await requireRunner(folder);
		const output = join(folder, "gitea-runner");
		await must("go", ["build", "-mod=mod", "-ldflags", versionFlag, "-o", output, module], { cwd: folder });
	});
	return join(folder, "gitea-runner");
}

/** A small Gitea for the runner's daemon, of our own. Its protocol is of the version that the runner requires, so the two fit. */
export async function buildGiteaServer(): Promise<string> {
	const source = fileURLToPath(new URL("./runner-server/main.go", import.meta.url));
	const key = `${giteaRunnerVersion}\n${await readFile(source, "utf8")}`;
	const folder = await cached("gitea-server", key, async (folder) => {
		await requireRunner(folder);
		await copyFile(source, join(folder, "main.go"));
		await must("go", ["build", "-mod=mod", "-o", "gitea-server", "."], { cwd: folder });
	});
	return join(folder, "gitea-server");
}

/** A module that requires the runner, not `go install`: that would ask for the list of all versions, which a proxy need not have. */
function requireRunner(folder: string): Promise<void> {
	return writeFile(join(folder, "go.mod"), `module build\n\ngo 1.26.0\n\nrequire ${module} ${giteaRunnerVersion}\n`);
}
