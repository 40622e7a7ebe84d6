import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { must } from "./run.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** The bundles, as they are committed. */
export const actionDist = join(repository, "dist");
/** The workflows that this repository ships, in a checkout. */
export const shippedWorkflows = ".gitea/workflows";

/** A checkout of this action as a workflow's `uses: ./` sees it, with one workflow of its own or with those that are shipped. */
export async function checkout(folder: string, workflow?: { file: string; content: unknown }): Promise<string> {
	await mkdir(folder, { recursive: true });
	for (const part of ["action.yml", "dist", "hooks", "sh", ...(workflow ? [] : [shippedWorkflows])]) {
		await cp(join(repository, part), join(folder, part), { recursive: true });
	}
	if (workflow) {
		await mkdir(join(folder, shippedWorkflows), { recursive: true });
		// JSON is YAML
		await writeFile(join(folder, shippedWorkflows, workflow.file), JSON.stringify(workflow.content, undefined, "\t"));
	}
	const git = (...args: string[]) =>
		must("git", ["-c", "user.name=e2e", "-c", "user.email=e2e@example.test", ...args], { cwd: folder });
	await git("init", "--quiet", ".");
	await git("remote", "add", "origin", "https://git.example.test/acme/widgets.git");
	await git("add", "--all", "--force");
	await git("commit", "--quiet", "--message", "checkout");
	return folder;
}
