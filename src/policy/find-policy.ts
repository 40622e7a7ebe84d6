import { checkIds, knowsCheck } from "../checks/known-checks.ts";
import { errnoText } from "../errno-text.ts";
import type { Host, InsideOutcome } from "../host/host.ts";
import { inWorkspace, isOfWorkspace } from "../host/workspace.ts";
import { type Mistake, quoted } from "../mistake.ts";
import { checkoutOf } from "./checkout.ts";
import { maxPolicySize } from "./limits.ts";
import type { PolicyFile } from "./policy-file.ts";
import { builtInProfiles } from "./profile.ts";
import { requirementFiles } from "./requirements.ts";

/** Where to look for a policy if none is named. */
const usualPlaces = [".gitea/runner-check.yml", ".github/runner-check.yml"];
const maxSize = maxPolicySize + 1;

export interface PolicySearch {
	/** The path that an input names. */
	readonly named: string | undefined;
	readonly workspace: string;
	/** False: the machine alone says what is expected, as for the runner's hooks. */
	readonly mayUseWorkspace: boolean;
	/** Has someone said that the workspace can be trusted, or named the policy with their own hands? */
	readonly trusts: boolean;
}

export interface FoundPolicy {
	readonly file?: PolicyFile;
	/** Do the files of the workspace say what this run expects? */
	readonly usesWorkspace: boolean;
	/** Those that would, but are not this run's. */
	readonly unused?: UnusedFiles;
}

export interface UnusedFiles {
	readonly files: readonly string[];
	/** The workspace holds another commit than the run's, or it cannot be told which. */
	readonly why: "other-commit" | "unknown-commit";
	/** The run's commit. */
	readonly wanted: string;
	/** The commit that is checked out. */
	readonly found?: string;
}

/**
 * The policy in effect, if any. One from the workspace is untrusted: anyone who opens a pull request can write it. Adds its problems, or
 * that a named file is missing, to `mistakes`.
 */
export async function findPolicy(host: Host, search: PolicySearch, mistakes: Mistake[]): Promise<FoundPolicy> {
	const { named, workspace, mayUseWorkspace } = search;
	if (!mayUseWorkspace)
		return { ...(named !== undefined && (await fileAt(host, search, [named], mistakes))), usesWorkspace: false };
	const checkout = await checkoutOf(host, workspace);
	const usesWorkspace = checkout.kind === "this-run";
	// A step that names a policy of the workspace wants that one.
	const places = named !== undefined ? [named] : usesWorkspace ? usualPlaces : [];
	const file = await fileAt(host, search, places, mistakes);
	if (usesWorkspace) return { ...file, usesWorkspace };
	const files = await existing(host, workspace, [...(named === undefined ? usualPlaces : []), ...requirementFiles]);
	if (files.length === 0) return { ...file, usesWorkspace };
	const { wanted } = checkout;
	const unused: UnusedFiles =
		checkout.kind === "unknown"
			? { files, why: "unknown-commit", wanted }
			: { files, why: "other-commit", wanted, found: checkout.commit };
	return { ...file, usesWorkspace, unused };
}

async function existing(host: Host, workspace: string, places: readonly string[]): Promise<readonly string[]> {
	const kinds = await Promise.all(places.map(async (place) => (await host.lstat(`${workspace}/${place}`)).kind));
	return places.filter((_, index) => kinds[index] !== "absent");
}

/** The first of these files that exists. */
async function fileAt(
	host: Host,
	{ named, workspace, mayUseWorkspace, trusts }: PolicySearch,
	places: readonly string[],
	mistakes: Mistake[],
): Promise<{ readonly file?: PolicyFile }> {
	const looks = await Promise.all(places.map((place) => read(host, workspace, place, named !== undefined)));
	const index = looks.findIndex(({ text }) => text.kind !== "absent");
	const { text = { kind: "absent" }, isInside = false } = looks[index] ?? {};
	const name = places[Math.max(0, index)] ?? "";
	const wrong = (place: string, found: string, allowed: string): Record<string, never> => {
		mistakes.push({ place, found, allowed });
		return {};
	};
	if (text.kind === "absent") {
		const allowed = "the path of a policy file, relative to the workspace";
		return named === undefined ? {} : wrong("input `policy`", `${quoted(named)}, which does not exist`, allowed);
	}
	if (isInside && !mayUseWorkspace) {
		const allowed = "a policy of this machine, which no job can write";
		return wrong("input `policy`", `${quoted(name)}, a file of the job's workspace`, allowed);
	}
	if (text.kind === "unreadable")
		return wrong(name, `a file that cannot be read: ${errnoText(text.code)}`, "a policy file that this user can read");
	if (text.kind === "refused") {
		const found = text.why === "outside" ? "a link that leads out of the workspace" : "something that is not a file";
		return wrong(name, `${found}, which was not read`, "a regular file in the workspace");
	}
	const { readPolicy } = await import("../more.ts");
	const policy = readPolicy(name, text.value, { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds });
	if (!("source" in policy)) {
		mistakes.push(...policy);
		return {};
	}
	return { file: isInside ? { ...policy, from: trusts ? "workspace" : "untrusted" } : policy };
}

async function read(
	host: Host,
	workspace: string,
	place: string,
	isNamed: boolean,
): Promise<{ readonly text: InsideOutcome; readonly isInside: boolean }> {
	const path = inWorkspace(workspace, place);
	const isInside = !isNamed || (await isOfWorkspace(host, path, workspace));
	const text = isInside ? await host.readInside(workspace, path, maxSize) : await host.readText(path, maxSize);
	return { text, isInside };
}
