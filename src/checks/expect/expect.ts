import { isInRange, looksLikeRange, parseNumberRange } from "../../policy/number-range.ts";
import { platforms } from "../../policy/platforms.ts";
import type { Expectation, Wanted } from "../../policy/policy.ts";
import { binfmtDirectory, type Handler } from "../../probes/binfmt.ts";
import { containerProbe } from "../../probes/container.ts";
import { type ExpectFacts, expectProbe } from "../../probes/expect.ts";
import { type Check, defineCheck, type Evidence, type Family, type Proof, type Verdict } from "../check.ts";
import { isExhausted } from "../find-out.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code, cut, octal, oneLine } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { intro, notLookedAt, type Seen, unknowns, words } from "./expect-words.ts";
import { commandText, seconds, subjectOf, wantedText } from "./wanted-text.ts";

type Reason = keyof typeof words;
type Facts<K extends ExpectFacts["kind"]> = Extract<ExpectFacts, { kind: K }>;
type Wants<K extends Wanted["kind"]> = Extract<Wanted, { kind: K }>;

/** One check for each entry of `expect` in the policy. */
export const expectFamily: Family = {
	id: "expect/*",
	title: "The machine is what the policy declares",
	intro,
	reasons: words,
	expand: ({ expect = [], sources }) =>
		expect.map((expectation) => checkOf(expectation, sources[`expect.${expectation.name}`])),
};

function checkOf(expectation: Expectation, source: string | undefined): Check {
	const { name } = expectation;
	return defineCheck({
		id: `expect/${name}`,
		title: `${code(cut(name, 40))} is as declared`,
		reasons: words,
		needs: { found: expectProbe(expectation), container: containerProbe },
		judge: ({ found, container }) =>
			judgeExpectation({ expectation, source, inContainer: container.mode === "container" }, found),
	});
}

function judgeExpectation(seen: Seen, facts: ExpectFacts): Verdict<Reason> {
	const { wants } = seen.expectation;
	if (facts.kind === "untrusted")
		return { kind: "skip", reason: "untrusted", message: notLookedAt(facts.what, seen.expectation) };
	if (wants.kind === "file" && facts.kind === "file") return judgeFile(seen, wants, facts);
	if (wants.kind === "env" && facts.kind === "env") return judgeVariable(seen, wants, facts);
	if (wants.kind === "command" && facts.kind === "command") return judgeCommand(seen, wants, facts);
	if (wants.kind === "sysctl" && facts.kind === "sysctl") return judgeSysctl(seen, wants, facts);
	if (wants.kind === "platform" && facts.kind === "platform") return judgePlatform(seen, wants, facts);
	return nothingSeen(`expect/${seen.expectation.name}`, "what was found");
}

function passed({ expectation: { wants } }: Seen, ...evidence: Proof): Verdict<Reason> {
	return { kind: "pass", message: wantedText(wants), evidence };
}

function judgeFile(
	expected: Seen,
	wants: Wants<"file">,
	{ path, look, user, content }: Facts<"file">,
): Verdict<Reason> {
	const seen = { ...expected, path };
	const nothing = nothingSeen(`expect/${seen.expectation.name}`, "the file");
	const differs = (found: readonly string[], evidence: readonly Evidence[]): Verdict<Reason> =>
		finding(words, "differs", { ...seen, found }, { observed: found.join(", "), evidence });
	switch (look.kind) {
		case "absent": {
			const evidence = { source: path, text: "does not exist" };
			if (!wants.exists) return passed(seen, evidence);
			return finding(words, "absent", seen, { observed: "nothing", evidence: [evidence] });
		}
		case "unreadable":
			return unreadable(seen, path, look.code);
		case "outside":
			return differs(
				["a link that leads out of the workspace"],
				[{ source: path, text: "leads out of the workspace" }],
			);
	}
	const { kind, mode, uid } = look;
	if (typeof kind !== "string" || kind.length === 0 || typeof path !== "string") return nothing;
	const shown = [
		kind,
		...(wants.mode === undefined ? [] : [`mode ${octal(mode)}`]),
		...(wants.owner === undefined ? [] : [`uid ${uid}`]),
		...(content?.kind === "read" ? [content.holds ? "has the text" : "does not have the text"] : []),
	];
	const evidence = { source: path, text: shown.join(", ") };
	if (!wants.exists) return differs([kind], [evidence]);
	if (wants.mode !== undefined && !Number.isInteger(mode)) return nothing;
	const found = [
		...(wants.type !== undefined && kind !== wants.type ? [kind] : []),
		...(wants.mode !== undefined && (mode & 0o7777) !== wants.mode ? [`mode ${octal(mode & 0o7777)}`] : []),
	];
	if (wants.owner !== undefined) {
		if (!Number.isInteger(uid)) return nothing;
		const wanted = typeof wants.owner === "number" ? wants.owner : user?.uid;
		if (wanted === undefined)
			return undecided(
				unknowns,
				"no-such-user",
				{ ...seen, user: String(wants.owner) },
				{ observed: `uid ${uid}`, evidence: [evidence] },
			);
		if (wanted !== uid) found.push(`owner ${uid}`);
	}
	if (wants.contains !== undefined) {
		if (kind !== "file") found.push(`a ${kind}, which has no text`);
		else if (content?.kind === "unreadable") return unreadable(seen, path, content.code);
		else if (content?.kind === "refused") found.push("a link that leads out of the workspace");
		else if (content?.kind !== "read" || typeof content.holds !== "boolean") return nothing;
		else if (!content.holds && content.truncated)
			return undecided(unknowns, "too-long", seen, { observed: "more than 1 MiB", evidence: [evidence] });
		else if (!content.holds) found.push("a file without the text");
	}
	return found.length > 0 ? differs(found, [evidence]) : passed(seen, evidence);
}

function unreadable(seen: Seen, path: string, errno: string): Verdict<Reason> {
	return undecided(
		unknowns,
		"unreadable",
		{ ...seen, path, errno },
		{ observed: errno, evidence: [{ source: path, text: errno }] },
	);
}

function judgeVariable(seen: Seen, wants: Wants<"env">, { state, fits, value }: Facts<"env">): Verdict<Reason> {
	if (state !== "set" && state !== "empty" && state !== "unset")
		return nothingSeen(`expect/${seen.expectation.name}`, "the variable");
	const observed = state === "set" ? (value === undefined ? "set, value not shown" : oneLine(value)) : state;
	const evidence = { source: `environment, ${wants.variable}`, text: observed };
	if (!wants.set) {
		if (state !== "set") return passed(seen, evidence);
		return finding(
			words,
			"differs",
			{ ...seen, found: ["a variable that is set"] },
			{ observed, evidence: [evidence] },
		);
	}
	const asksForValue = wants.is !== undefined || wants.matches !== undefined;
	if (state === "unset" || (state === "empty" && fits !== true))
		return finding(words, "absent", seen, { observed: state, evidence: [evidence] });
	if (!asksForValue || fits === true) return passed(seen, evidence);
	const found = [value === undefined ? "another value, which is not shown" : value];
	return finding(words, "differs", { ...seen, found }, { observed, evidence: [evidence] });
}

function judgeCommand(
	seen: Seen,
	wants: Wants<"command">,
	{ outcome, holds, isRunOver }: Facts<"command">,
): Verdict<Reason> {
	const { stdout, stderr } = outcome;
	const source = oneLine(cut(commandText(wants.command)));
	const firstLine = (text: string): string =>
		cut(
			text
				.split("\n")
				.find((line) => line.trim() !== "")
				?.trim() ?? "",
		);
	const said = firstLine(stderr) || firstLine(stdout);
	const with_ = (end: string) => ({
		observed: end,
		evidence: [{ source, text: [end, said].filter(Boolean).join(": ") }],
	});
	switch (outcome.kind) {
		case "timed-out": {
			const details = with_(`no end within ${seconds(outcome.ms)}`);
			return isRunOver ? undecided(unknowns, "run-over", seen, details) : finding(words, "timeout", seen, details);
		}
		case "not-started":
			if (outcome.code === "ENOENT") return finding(words, "absent", seen, with_("not found"));
			if (isExhausted(outcome.code))
				return undecided(unknowns, "not-started", { ...seen, errno: outcome.code }, with_(outcome.code));
			return finding(words, "failed", { ...seen, end: outcome.code, said: "" }, with_(outcome.code));
		case "signalled":
			return finding(words, "failed", { ...seen, end: outcome.signal, said }, with_(outcome.signal));
		case "exited": {
			if (!Number.isInteger(outcome.code)) break;
			const end = `exit code ${outcome.code}`;
			if (outcome.code !== wants.exit) return finding(words, "failed", { ...seen, end, said }, with_(end));
			if (wants.stdout !== undefined && typeof holds !== "boolean") break;
			if (holds === false) {
				const found = [firstLine(stdout) || "no output on stdout"];
				return finding(words, "differs", { ...seen, found }, { ...with_(end), observed: found[0] ?? "" });
			}
			return passed(seen, { source, text: [end, firstLine(stdout)].filter(Boolean).join(": ") });
		}
	}
	return nothingSeen(`expect/${seen.expectation.name}`, "the command");
}

function judgeSysctl(seen: Seen, { is }: Wants<"sysctl">, { path, read }: Facts<"sysctl">): Verdict<Reason> {
	if (read.kind === "unreadable") return unreadable(seen, path, read.code);
	if (read.kind === "absent")
		return finding(words, "absent", seen, {
			observed: "nothing",
			evidence: [{ source: path, text: "does not exist" }],
		});
	if (read.kind !== "ok" || typeof read.value !== "string")
		return nothingSeen(`expect/${seen.expectation.name}`, "the setting");
	const { value } = read;
	const evidence = { source: path, text: value === "" ? "empty" : value };
	const range = is !== undefined && looksLikeRange(is) ? parseNumberRange(is) : undefined;
	const fits =
		is === undefined || (range ? isInRange(value, range) === true : value === is.trim().replace(/\s+/g, " "));
	if (fits) return passed(seen, evidence);
	return finding(
		words,
		"differs",
		{ ...seen, found: [evidence.text] },
		{ observed: evidence.text, evidence: [evidence] },
	);
}

function judgePlatform(seen: Seen, { platform }: Wants<"platform">, facts: Facts<"platform">): Verdict<Reason> {
	const { os, arch, binfmt } = facts;
	const { native } = platforms[platform];
	const machine = { source: "this machine", text: `${os}/${arch}` };
	if (os === "linux" && native.includes(arch)) return passed(seen, machine);
	switch (binfmt?.kind) {
		case "unreadable":
			return unreadable(seen, binfmtDirectory, binfmt.code);
		case "hidden": {
			const evidence = [machine, { source: binfmtDirectory, text: "not mounted" }];
			if (seen.inContainer) return undecided(unknowns, "hidden-binfmt", seen, { observed: "not mounted", evidence });
			return finding(words, "absent", seen, { observed: "no registration", evidence });
		}
		case "seen":
			return judgeHandlers(seen, binfmt.isOn, binfmt.handlers, machine);
		default:
			return nothingSeen(`expect/${seen.expectation.name}`, "the registrations");
	}
}

function judgeHandlers(seen: Seen, isOn: boolean, handlers: readonly Handler[], machine: Evidence): Verdict<Reason> {
	const told = handlers.map(({ name, enabled, interpreter, flags, isThere }) => ({
		source: `${binfmtDirectory}/${name}`,
		text: `${enabled ? "enabled" : "disabled"}, interpreter ${interpreter}${isThere === false ? " (missing)" : ""}, flags ${flags || "none"}`,
	}));
	const [first] = handlers;
	if (!first)
		return finding(words, "absent", seen, {
			observed: "no registration",
			evidence: [machine, { source: binfmtDirectory, text: `nothing for ${subjectOf(seen.expectation.wants)}` }],
		});
	const working = told.filter((_, at) => handlers[at]?.enabled === true && handlers[at]?.isThere !== false);
	const [proof] = working;
	if (isOn === true && proof) return passed(seen, proof);
	const found = !isOn
		? "binfmt_misc is turned off"
		: first.enabled
			? `the interpreter ${first.interpreter} is missing`
			: `the registration ${first.name} is disabled`;
	return finding(
		words,
		"differs",
		{ ...seen, found: [found], ...(isOn && { handler: first }) },
		{ observed: found, evidence: [machine, ...told.slice(0, 3)] },
	);
}
