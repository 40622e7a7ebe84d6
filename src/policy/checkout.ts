import type { Host } from "../host/host.ts";
import { join } from "../probes/program-search.ts";

/** Whose files the workspace holds: this run's, another run's, or nobody can tell. */
export type Checkout =
	/** Also outside of a job, where there is no run that the files could belong to. */
	| { readonly kind: "this-run" }
	| { readonly kind: "other-commit"; readonly commit: string; readonly wanted: string }
	| { readonly kind: "unknown"; readonly wanted: string };

const commitName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** A repository with ten thousand branches has about as much. */
const maxPackedRefs = 1024 * 1024;

/**
 * Compares GITHUB_SHA with the commit that is checked out. A step before the checkout finds what the job before has left, which may be
 * of another branch, or of a stranger. Read as text: git itself would obey the configuration that it finds there.
 */
export async function checkoutOf(host: Host, workspace: string): Promise<Checkout> {
	const wanted = host.env.GITHUB_SHA?.toLowerCase() ?? "";
	if (!commitName.test(wanted)) return { kind: "this-run" };
	const commit = await checkedOutCommit(host, workspace);
	if (commit === undefined) return { kind: "unknown", wanted };
	return commit === wanted ? { kind: "this-run" } : { kind: "other-commit", commit, wanted };
}

async function checkedOutCommit(host: Host, workspace: string): Promise<string | undefined> {
	const directory = await gitDirectory(host, workspace);
	const head = (await readShort(host, join(directory, "HEAD"))) ?? "";
	if (commitName.test(head)) return head;
	const ref = /^ref: (refs\/[\w./@+-]+)$/.exec(head)?.[1];
	if (ref === undefined || ref.includes("..")) return undefined;
	// A worktree keeps its branches in the repository that it belongs to.
	const common = await readShort(host, join(directory, "commondir"));
	const places = common === undefined ? [directory] : [directory, below(directory, common)];
	for (const place of places) {
		const loose = await readShort(host, join(place, ref));
		if (loose !== undefined && commitName.test(loose)) return loose;
		const packed = await host.readText(join(place, "packed-refs"), maxPackedRefs);
		const line = packed.kind === "ok" ? packed.value.split("\n").find((entry) => entry.endsWith(` ${ref}`)) : undefined;
		const commit = line?.split(" ")[0] ?? "";
		if (commitName.test(commit)) return commit;
	}
	return undefined;
}

/** `.git`, or where a file of that name says the repository is: a worktree, a submodule. */
async function gitDirectory(host: Host, workspace: string): Promise<string> {
	const directory = join(workspace, ".git");
	if ((await host.stat(directory)).kind !== "file") return directory;
	const place = /^gitdir: (.+)$/.exec((await readShort(host, directory)) ?? "")?.[1];
	return place === undefined ? directory : below(workspace, place);
}

/** The only line of a small file. It is compared, and never shown. */
async function readShort(host: Host, path: string): Promise<string | undefined> {
	if ((await host.stat(path)).kind !== "file") return undefined;
	const text = await host.readText(path, 4096);
	return text.kind === "ok" ? text.value.trim() : undefined;
}

function below(directory: string, path: string): string {
	return path.startsWith("/") ? path : join(directory, path);
}
