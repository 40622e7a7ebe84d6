import type { Policy } from "../../policy/policy.ts";
import { jobProbe } from "../../probes/job.ts";
import { osProbe } from "../../probes/os.ts";
import { type BuildProgram, type RustBuildFacts, rustBuildProbe } from "../../probes/rust-build.ts";
import { defineCheck, type Evidence, isProof, type Verdict } from "../check.ts";
import { serviceOfJob } from "../docker/situation.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { code, listed, octal } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { waitsOnPathFor } from "./leaders.ts";
import { pathOf } from "./paths.ts";
import { askedBy, intro, unknowns, words } from "./rust-build-words.ts";
import { sameCause } from "./tool-words.ts";

type Reason = keyof typeof words;

/** Is everything there that cargo and rustc start in a build of this workspace? */
export const rustBuild = defineCheck({
	id: "rust/build",
	title: "cargo finds the linker and the wrappers of a build",
	intro,
	reasons: words,
	needs: { build: rustBuildProbe, job: jobProbe, os: osProbe },
	after: ["tool/rustc", "tool/cargo"],
	applies: ({ tools }: Policy) => tools.rustc !== undefined || tools.cargo !== undefined,
	judge({ build, job, os }, policy): Verdict<Reason> {
		if (!build.project) {
			return { kind: "skip", reason: "not-applicable", message: "The workspace has no `Cargo.toml`." };
		}
		const missing = build.programs.find(({ found }) => found === undefined);
		const { unread } = build;
		// A variable goes before every file.
		if (unread && missing?.variable === undefined) {
			if (unread.why === "outside" || unread.why === "irregular") {
				const message = `${code(unread.file)} is not a file of the workspace, so what cargo would read there was not read.`;
				return { kind: "skip", reason: "untrusted", message };
			}
			const source = unread.line === undefined ? unread.file : `${unread.file}:${unread.line}`;
			return undecided(unknowns, "config", unread, {
				observed: unread.why,
				evidence: [{ source, text: unread.why }],
				...(unread.line !== undefined && { location: { file: unread.file, line: unread.line } }),
			});
		}
		if (missing) return judgeMissing(missing, build, policy, { os: os.name, service: serviceOfJob(job) });
		const evidence = build.programs.map((one) => ({ source: askedBy(one), text: `${one.program}: ${one.found}` }));
		if (isProof(evidence)) {
			const names = [...new Set(build.programs.map(({ program }) => code(program)))];
			return { kind: "pass", message: `${listed(names)}, which a build starts, can be started`, evidence };
		}
		const message = `Builds are for ${code(build.otherTarget ?? "another target")}, whose linker is not judged.`;
		return { kind: "skip", reason: "not-applicable", message };
	},
});

function judgeMissing(
	missing: BuildProgram,
	build: RustBuildFacts,
	policy: Policy,
	place: { readonly os: string; readonly service: string },
): Verdict<Reason> {
	const { program, role, file, line } = missing;
	const first =
		(missing.path === undefined ? reporterOf(missing, build, policy) : undefined) ??
		(missing.elsewhere?.length ? waitsOnPathFor("", missing, policy) : undefined);
	if (first !== undefined) return { kind: "skip", reason: `needs:tool/${first}`, message: sameCause(program, first) };
	const details = {
		observed: observedOf(missing),
		evidence: evidenceOf(missing, build),
		...(file !== undefined && line !== undefined && { location: { file, line } }),
	};
	const seen = { missing, build, ...place };
	return role === "linker" || role === "ld" || role === "libc"
		? finding(words, "linker-missing", seen, details)
		: finding(words, "wrapper-missing", seen, details);
}

/** The tool of the profile that is this program, or that brings it: its own check reports that it is not there. */
function reporterOf({ program }: BuildProgram, { compilers = [] }: RustBuildFacts, policy: Policy): string | undefined {
	const bring = program === "cc" && !compilers.some((path) => path.endsWith("/gcc")) ? ["cc", "gcc"] : [program];
	return bring.find((name) => {
		const tool = policy.tools[name];
		return tool && !tool.optional && !isSwitchedOff(`tool/${name}`, "missing", policy);
	});
}

function observedOf({ program, path, unusable, elsewhere = [], unnamed }: BuildProgram): string {
	if (unnamed !== undefined) return `${unnamed}, which nothing names`;
	if (unusable) return `${unusable.path}: ${unusable.kind.replace("-", " ")}`;
	if (elsewhere[0] !== undefined) return `only at ${elsewhere[0]}`;
	return path === undefined ? `no ${program} on PATH` : `no file ${path}`;
}

function evidenceOf(missing: BuildProgram, build: RustBuildFacts): readonly Evidence[] {
	const { path, unusable, elsewhere = [] } = missing;
	const what = unusable?.mode === undefined ? (unusable?.code ?? unusable?.kind) : `mode ${octal(unusable.mode)}`;
	return [
		{ source: askedBy(missing), text: missing.program },
		...(path === undefined || unusable ? [] : [{ source: path, text: "no such file" }]),
		...(unusable ? [{ source: unusable.path, text: what ?? "" }] : []),
		...elsewhere.slice(0, 3).map((place) => ({ source: "outside PATH", text: place })),
		...(build.compilers ?? []).map((compiler) => ({ source: "PATH", text: compiler })),
		...(path === undefined ? [{ source: "PATH", text: pathOf(build) }] : []),
	];
}
