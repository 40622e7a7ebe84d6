/** The words of the engine: a check that could not be judged, because an answer is late, something crashed, or facts are missing. */
import type { Check, Evidence, Remedy, Undecided } from "./check.ts";
import { exhaustedBy, makeRoom, moreTime } from "./find-out.ts";
import { code, lowerFirst, shortTitle, titleWith, upperFirst } from "./text.ts";
import { waitOf } from "./waits.ts";
import { undecidedOf, unknown } from "./words.ts";

type Judged = Pick<Check, "id" | "title">;

interface Late {
	readonly check: Judged;
	readonly probe: string;
	/** How long it was waited for. */
	readonly ms: number;
}

const late = unknown<Late>({
	title: "An answer did not come in time",
	headline: ({ check: { id }, probe }) =>
		shortTitle(`${code(id)} timed out waiting for ${waitOf(probe).for}`, titleWith("", id, " timed out")),
	why: ({ probe }) => waitOf(probe).why,
	expected: ({ probe }) => `an answer of ${waitOf(probe).for} before the deadline`,
	tell: ({ check, probe, ms }) => {
		const wait = waitOf(probe);
		return {
			what: `${upperFirst(wait.for)} did not answer within ${secondsOf(ms)}, so it is unknown whether this holds: ${lowerFirst(check.title)}.`,
			fix: {
				text: `Ask by hand, as the job's user, to see what hangs. ${wait.cause}`,
				...(wait.commands.length > 0 && { commands: wait.commands }),
				kind: "host",
				otherwise: moreTime(ms),
			},
		};
	},
});

/** A probe whose answer did not come before the deadline. */
export function timedOut(check: Judged, probe: string, { ms, message }: { ms: number; message: string }): Undecided {
	return undecidedOf(
		late,
		{ check, probe, ms },
		{ observed: `no answer within ${secondsOf(ms)}`, evidence: [{ source: `probe ${probe}`, text: message }] },
	);
}

interface Crash {
	readonly check: Judged;
	/** The probe that crashed; absent if the check itself did. */
	readonly probe: string | undefined;
	readonly message: string;
}

const crash = unknown<Crash>({
	title: "A check crashed, which is a bug in runner-check",
	headline: ({ check: { id } }) => titleWith("", id, " crashed"),
	why: ({ check }) => `It is unknown whether this holds, and jobs may depend on it: ${lowerFirst(check.title)}.`,
	expected: "a verdict",
	tell: ({ check: { id }, probe, message }) => {
		const errno = exhaustedBy(message);
		if (errno !== undefined) {
			return {
				what: `${nameOf(probe)} could not be run: ${message}.`,
				fix: { ...makeRoom(errno), otherwise: report(id) },
			};
		}
		return {
			what: `${nameOf(probe)} crashed, which is a bug in runner-check, not in this runner: ${message}`,
			fix: report(id),
		};
	},
});

/** A probe or a check that threw. @param probe Absent if the check itself crashed. */
export function crashed(check: Judged, { message }: { message: string }, probe?: string): Undecided {
	const evidence: readonly Evidence[] = [{ source: probe === undefined ? check.id : `probe ${probe}`, text: message }];
	return undecidedOf(crash, { check, probe, message }, { observed: message, evidence });
}

interface Lack {
	readonly check: Judged;
	readonly probe: string;
}

const lack = unknown<Lack>({
	title: "A report has no facts for a check",
	headline: ({ check: { id } }) => titleWith("The report has no facts for ", id),
	why: ({ check }) => `It is unknown whether this holds, and jobs may depend on it: ${lowerFirst(check.title)}.`,
	expected: ({ probe }) => `the facts of the probe ${code(probe)}`,
	tell: ({ probe }) => ({
		what: `This report has no facts of the probe ${code(probe)}. It comes from another version of runner-check, from a run with another profile, or was edited.`,
		fix: {
			text: "Run runner-check on the runner again, with the version and the profile that should judge. `replay` judges only what a run has looked at.",
			kind: "workflow",
		},
	}),
});

/** A probe that a report has no facts of. */
export function noFacts(check: Judged, probe: string): Undecided {
	return undecidedOf(
		lack,
		{ check, probe },
		{ observed: "none", evidence: [{ source: "facts", text: `no ${probe}` }] },
	);
}

const unnamed = unknown<{ readonly check: Judged; readonly message: string }>({
	title: "A check needs a mount that does not answer",
	headline: ({ check: { id } }) => titleWith("", id, " needs a mount that does not answer"),
	why: ({ check }) => `It is unknown whether this holds, and jobs may depend on it: ${lowerFirst(check.title)}.`,
	expected: "an answer of the mount",
	tell: ({ message }) => ({
		what: message,
		fix: {
			text: "Switch `fs/mount` on again in `skip` and in the policy's `severity`: it names the mount, and says how to fix it.",
			kind: "workflow",
		},
	}),
});

/** A mount does not answer, and `fs/mount`, which would say so, reports nothing. */
export function unnamedMount(check: Judged, message: string): Undecided {
	const evidence = [{ source: "fs/mount", text: "reports nothing" }];
	return undecidedOf(unnamed, { check, message }, { observed: "no answer", evidence });
}

/** Where bugs are reported. */
const repository = "https://github.com/fortemi/runner-check";

function report(id: string): Omit<Remedy, "otherwise"> {
	return {
		text: `Report the crash at ${repository}, with \`report.json\` (secrets are already removed). Until it is fixed, leave the check out.`,
		config: { file: "the workflow's step", language: "yaml", text: `with:\n  skip: ${JSON.stringify(id)}` },
		kind: "workflow",
	};
}

function nameOf(probe: string | undefined): string {
	return probe === undefined ? "The check" : `The probe ${code(probe)}`;
}

/** `10 s`, `0.1 s` */
function secondsOf(ms: number): string {
	return `${Math.max(0.1, Math.round(ms / 100) / 10)} s`;
}
