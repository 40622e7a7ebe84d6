import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cache.ts";
import { must } from "./run.ts";

const version = "v1.0.8"; // the last tag that the Go module system can name

/** The real Gitea runner, built from its source. */
export async function buildGiteaRunner(): Promise<string> {
	const module = "gitea.com/gitea/runner";
	const folder = await cached("gitea-runner", version, async (folder) => {
		// A module that requires it, not `go install`: that would ask for the list of all versions, which a proxy need not have.
		await writeFile(join(folder, "go.mod"), `module build\n\ngo 1.26.0\n\nrequire ${module} ${version}\n`);
		await must("go", ["build", "-mod=mod", "-o", "gitea-runner", module], { cwd: folder });
	});
	return join(folder, "gitea-runner");
}
