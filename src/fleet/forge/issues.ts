/**
 * One issue for each sick runner: opened once, commented on change, closed on recovery. The issues are also the memory of the fleet:
 * what they say was told. Each step can be repeated, by the next run or by another collector at the same time, and changes nothing
 * then: an issue is found again by its label and a hidden marker, a comment by the marker of its change.
 */
import { digest } from "../../host/packed.ts";
import { markdown } from "../../render/markdown-text.ts";
import { oneLine } from "../../render/text.ts";
import type { Fleet, FleetRunner } from "../fleet.ts";
import { isSick, stateOf } from "../judge-fleet.ts";
import { details } from "../render-summary.ts";
import { nameOf } from "../words.ts";
import type { ForgeClient, ForgeReply } from "./client.ts";
import { entriesIn } from "./shapes.ts";

const label = "runner-check";
const maxPages = 10;
const maxClosedPages = 4;
const pageSize = { limit: 50, per_page: 50 };
/** Issues that one run opens: a forge that lost all runners at once needs no thousand. */
const maxOpened = 50;
/** With the marker, less than the 65,536 characters that GitHub takes. */
const maxBody = 40_000;
/** Findings that an issue remembers, and their length: its marker must be read again, whatever a report holds. */
const maxFindings = 50;
const maxFinding = 80;

/** Something that changed with a runner, as it is told. */
export interface Transition {
	/** The same whenever it is told again. */
	readonly id: string;
	readonly name: string;
	readonly profile?: string;
	readonly before?: string;
	readonly now: string;
	readonly came: readonly string[];
	readonly went: readonly string[];
	readonly why?: string;
	readonly url?: string;
}

/** An issue of ours, with what its marker says. */
export interface TrackedIssue {
	readonly number: number;
	readonly isOpen: boolean;
	readonly author: string;
	readonly name: string;
	readonly profile?: string;
	readonly state: TrackedState;
}

/** What an issue says of its runner. */
interface TrackedState {
	/** `new`: the issue was opened and nobody was told yet. `duplicate`: an older issue is about the same runner. */
	readonly word: string;
	readonly findings: readonly string[];
}

export interface Issues {
	readonly all: readonly TrackedIssue[];
	/** Why they cannot be read, or not be written, as a sentence. */
	readonly trouble?: string;
}

/** Every open issue of ours and the last closed ones, the oldest first. */
export async function listIssues(forge: ForgeClient): Promise<Issues> {
	const all = new Map<number, TrackedIssue>();
	for (const [state, pages] of [
		["open", maxPages],
		["closed", maxClosedPages],
	] as const) {
		for (let page = 1; page <= pages; page++) {
			const query = { state, labels: label, type: "issues", sort: "created", direction: "desc", page, ...pageSize };
			const reply = await forge.get(["issues"], query);
			const entries = reply.kind === "ok" ? entriesIn(reply.data) : undefined;
			if (!entries) return { all: [], trouble: troubleOf("The issues cannot be read", reply) };
			for (const entry of entries) {
				const issue = issueOf(entry);
				if (issue) all.set(issue.number, issue);
			}
			// A forge may give smaller pages than asked for, so only an empty one is the last.
			if (entries.length === 0) break;
		}
	}
	return { all: [...all.values()].sort((a, b) => a.number - b.number) };
}

/** Tells of a change elsewhere, too. @returns false if it could not be told: it will be told again. */
export type Tell = (transition: Transition) => Promise<boolean>;

export interface TrackOutcome {
	/** What could not be done, a sentence each. */
	readonly troubles: readonly string[];
	readonly done: readonly string[];
}

/** Brings the issues in line with the fleet. */
export async function trackIssues(forge: ForgeClient, fleet: Fleet, known: Issues, tell: Tell): Promise<TrackOutcome> {
	if (known.trouble !== undefined) return { troubles: [known.trouble], done: [] };
	const tracker = new Tracker(forge, tell);
	const seen = new Set<string>();
	for (const runner of fleet.runners) {
		seen.add(keyOf(runner));
		const own = known.all.filter((issue) => keyOf(issue) === keyOf(runner));
		await (isSick(runner) ? tracker.sick(runner, own) : tracker.well(runner, own));
	}
	// A label that somebody serves again goes by the name of its runner now.
	for (const issue of known.all.filter(({ isOpen, profile }) => isOpen && profile === undefined))
		if (!seen.has(keyOf(issue))) await tracker.gone(issue);
	await tracker.closeDuplicates();
	return { troubles: [...tracker.troubles], done: tracker.done };
}

class Tracker {
	readonly troubles = new Set<string>();
	readonly done: string[] = [];
	readonly #forge: ForgeClient;
	readonly #tell: Tell;
	#labels: readonly (string | number)[] | undefined;
	#opened = 0;

	constructor(forge: ForgeClient, tell: Tell) {
		this.#forge = forge;
		this.#tell = tell;
	}

	async sick(runner: FleetRunner, issues: readonly TrackedIssue[]): Promise<void> {
		const open = issues.filter(({ isOpen }) => isOpen);
		const [first, ...younger] = open;
		for (const issue of younger) await this.#retire(issue);
		if (first) {
			const state = stateIn(runner, first.state);
			return isSame(first.state, state) ? undefined : this.#change(first, runner, state);
		}
		const last = lastOf(issues);
		// Somebody closed it, and knows.
		if (last && isSame(last.state, stateIn(runner, last.state))) return;
		await this.#open(runner, stateIn(runner));
	}

	async well(runner: FleetRunner, issues: readonly TrackedIssue[]): Promise<void> {
		const [first, ...younger] = issues.filter(({ isOpen }) => isOpen);
		for (const issue of younger) await this.#retire(issue);
		const state = stateIn(runner);
		if (first) return this.#change(first, runner, state, "closed");
		const last = lastOf(issues);
		// Somebody closed it while the runner was sick: when it is sick again, that is news.
		const isOver = last === undefined || ["healthy", "degraded"].includes(last.state.word);
		if (!isOver) await this.#patch(last.number, { body: bodyOf(runner, state) });
	}

	async gone(issue: TrackedIssue): Promise<void> {
		const runner: FleetRunner = {
			name: issue.name,
			labels: [],
			status: "reported",
			verdict: "healthy",
			failures: [],
			warnings: [],
			why: "A runner takes jobs with this label again.",
			results: [],
			versions: {},
			history: [],
			failed: 0,
		};
		await this.#change(issue, runner, { word: "healthy", findings: [] }, "closed");
	}

	/** Two collectors may have opened an issue for the same runner: the older one stays. Both come to the same result. */
	async closeDuplicates(): Promise<void> {
		if (this.#opened === 0) return;
		const { all, trouble } = await listIssues(this.#forge);
		if (trouble !== undefined) this.troubles.add(trouble);
		const seen = new Set<string>();
		for (const issue of all.filter(({ isOpen }) => isOpen)) {
			if (seen.has(keyOf(issue))) await this.#retire(issue);
			seen.add(keyOf(issue));
		}
	}

	async #open(runner: FleetRunner, state: TrackedState): Promise<void> {
		if (this.#opened >= maxOpened) {
			this.troubles.add(`More than ${maxOpened} runners are sick: the next run opens issues for the others.`);
			return;
		}
		this.#labels ??= await this.#makeLabel();
		if (!this.#labels) return;
		this.#opened++;
		// Only what was told is noted as told: the next run goes on from here.
		const unsaid: TrackedState = { word: "new", findings: [] };
		const issue = { title: titleOf(runner), body: bodyOf(runner, unsaid), labels: this.#labels };
		const reply = await this.#forge.send("POST", ["issues"], issue);
		const created = reply.kind === "ok" ? numberOf(reply.data) : undefined;
		if (created === undefined) {
			this.troubles.add(troubleOf("No issue can be opened", reply));
			return;
		}
		this.done.push(`opened #${created} for ${nameOf(runner)}`);
		const author = "";
		const { name, profile } = runner;
		const tracked = {
			number: created,
			isOpen: true,
			author,
			name,
			...(profile !== undefined && { profile }),
			state: unsaid,
		};
		await this.#change(tracked, runner, state);
	}

	/** Tells what changed, and notes it in the issue last: if this run ends in between, the next one does it again. */
	async #change(issue: TrackedIssue, runner: FleetRunner, state: TrackedState, close?: "closed"): Promise<void> {
		const transition = transitionOf(issue, runner, state);
		const isNew = issue.state.word === "new" && close === undefined;
		if (!isNew && !(await this.#comment(issue, transition, runner))) return;
		if (!(await this.#tell(transition))) return;
		const patch = { title: titleOf(runner), body: bodyOf(runner, state), ...(close && { state: close }) };
		if (!(await this.#patch(issue.number, close ? { body: patch.body, state: close } : patch))) return;
		if (!isNew) this.done.push(`${close ?? "commented"} #${issue.number} for ${nameOf(runner)}`);
	}

	/** @returns false if it could not be written. */
	async #comment(issue: TrackedIssue, transition: Transition, runner: FleetRunner): Promise<boolean> {
		const marker = `<!-- runner-check:change:${transition.id} -->`;
		const path = ["issues", String(issue.number), "comments"];
		const earlier = await this.#commentsWith(path, marker, issue.author);
		if (!earlier) return false;
		if (earlier.length > 0) return true;
		const reply = await this.#forge.send("POST", path, { body: `${marker}\n${commentOf(transition, runner)}` });
		if (reply.kind !== "ok") {
			this.troubles.add(troubleOf("No comment can be written", reply));
			return false;
		}
		// Another collector may have said the same at the same time.
		const [, ...younger] = (await this.#commentsWith(path, marker, issue.author)) ?? [];
		for (const id of younger) await this.#forge.send("DELETE", ["issues", "comments", String(id)]);
		return true;
	}

	/**
	 * Ids of comments that begin with a marker; `undefined` if the forge does not tell. Only those of the issue's own author count:
	 * anyone could write such a marker.
	 */
	async #commentsWith(path: readonly string[], marker: string, author: string): Promise<readonly number[] | undefined> {
		const ids = new Set<number>();
		let first: unknown;
		for (let page = 1; page <= maxPages; page++) {
			const reply = await this.#forge.get(path, { page, ...pageSize });
			const entries = reply.kind === "ok" ? entriesIn(reply.data) : undefined;
			if (!entries) {
				this.troubles.add(troubleOf("The comments cannot be read", reply));
				return undefined;
			}
			// Gitea answers with all comments on every page.
			if (entries.length === 0 || entries[0]?.id === first) break;
			first = entries[0]?.id;
			for (const { id, body, user } of entries)
				if (typeof id === "number" && typeof body === "string" && body.startsWith(marker) && loginOf(user) === author)
					ids.add(id);
		}
		return [...ids].sort((a, b) => a - b);
	}

	async #retire(issue: TrackedIssue): Promise<void> {
		const body = `${markerOf(issue, { word: "duplicate", findings: [] })}\nAn older issue is about the same runner.`;
		if (await this.#patch(issue.number, { body, state: "closed" }))
			this.done.push(`closed #${issue.number}, a duplicate`);
	}

	async #patch(number: number, change: Readonly<Record<string, unknown>>): Promise<boolean> {
		const reply = await this.#forge.send("PATCH", ["issues", String(number)], change);
		if (reply.kind !== "ok") this.troubles.add(troubleOf("The issues cannot be updated", reply));
		return reply.kind === "ok";
	}

	/** Gitea and Forgejo want the id of a label, GitHub its name. */
	async #makeLabel(): Promise<readonly (string | number)[] | undefined> {
		const known = await this.#labelIds();
		if (known === undefined) return undefined;
		if (known.length === 0) {
			const made = { name: label, color: "#d93f0b", description: "Runners that runner-check found sick" };
			const color = this.#forge.system === "github" ? "d93f0b" : made.color;
			const reply = await this.#forge.send("POST", ["labels"], { ...made, color });
			// 422: another collector was faster.
			if (reply.kind !== "ok" && !(reply.kind === "refused" && reply.status === 422)) {
				this.troubles.add(troubleOf("The label `runner-check` cannot be made", reply));
				return undefined;
			}
		}
		if (this.#forge.system === "github") return [label];
		const ids = known.length > 0 ? known : await this.#labelIds();
		return ids?.slice(0, 1);
	}

	async #labelIds(): Promise<readonly number[] | undefined> {
		const ids: number[] = [];
		for (let page = 1; page <= maxPages; page++) {
			const reply = await this.#forge.get(["labels"], { page, ...pageSize });
			const entries = reply.kind === "ok" ? entriesIn(reply.data) : undefined;
			if (!entries) {
				this.troubles.add(troubleOf("The labels cannot be read", reply));
				return undefined;
			}
			for (const { id, name } of entries) if (name === label && typeof id === "number") ids.push(id);
			if (entries.length === 0) break;
		}
		return ids.sort((a, b) => a - b);
	}
}

function keyOf({ name, profile }: { readonly name: string; readonly profile?: string }): string {
	return JSON.stringify([name, profile ?? null]);
}

/** @param before What the issue says. Of a runner that nobody could look at, this still holds: no finding is gone. */
function stateIn(runner: FleetRunner, before?: TrackedState): TrackedState {
	const word = stateOf(runner);
	if (runner.status !== "reported" && runner.status !== "set-up-failed")
		return { word, findings: before?.findings ?? [] };
	const findings = [...runner.failures, ...setUpFindings(runner)].map((finding) => oneLine(finding, maxFinding));
	return { word, findings: [...new Set(findings)].sort().slice(0, maxFindings) };
}

/** The youngest issue about a runner. A duplicate never said anything. */
function lastOf(issues: readonly TrackedIssue[]): TrackedIssue | undefined {
	return issues.filter(({ state }) => state.word !== "duplicate").pop();
}

function setUpFindings({ status, results }: FleetRunner): readonly string[] {
	return status === "set-up-failed" ? results.map(({ id, reason }) => `${id}:${reason ?? ""}`) : [];
}

function isSame(a: TrackedState, b: TrackedState): boolean {
	return JSON.stringify([a.word, a.findings]) === JSON.stringify([b.word, b.findings]);
}

/** What an issue remembers, hidden in its text. In base64, so that no name can end the comment. */
function markerOf({ name, profile }: Pick<FleetRunner, "name" | "profile">, { word, findings }: TrackedState): string {
	const data = JSON.stringify({ name, ...(profile !== undefined && { profile }), word, findings });
	return `<!-- runner-check:fleet:1:${Buffer.from(data).toString("base64")} -->`;
}

const marker = /^<!-- runner-check:fleet:1:([A-Za-z0-9+/=]{1,20000}) -->/;

function issueOf(entry: Readonly<Record<string, unknown>>): TrackedIssue | undefined {
	const { number, state, body, user, labels, pull_request: pull } = entry;
	// A forge that does not know the label may ignore the filter. Who may set labels may write here.
	const named =
		Array.isArray(labels) && labels.some((one) => (one as { readonly name?: unknown } | null)?.name === label);
	if (typeof number !== "number" || typeof body !== "string" || !named || (pull !== undefined && pull !== null))
		return undefined;
	const data = stateFrom(marker.exec(body)?.[1]);
	return data && { number, isOpen: state === "open", author: loginOf(user), ...data };
}

function stateFrom(packed: string | undefined): Pick<TrackedIssue, "name" | "profile" | "state"> | undefined {
	if (packed === undefined) return undefined;
	try {
		const { name, profile, word, findings } = JSON.parse(Buffer.from(packed, "base64").toString("utf8"));
		if (typeof name !== "string" || typeof word !== "string" || !Array.isArray(findings)) return undefined;
		const state = { word, findings: findings.filter((one): one is string => typeof one === "string") };
		return { name, ...(typeof profile === "string" && { profile }), state };
	} catch {
		return undefined;
	}
}

function loginOf(user: unknown): string {
	const login = (user as { readonly login?: unknown } | null | undefined)?.login;
	return typeof login === "string" ? login : "";
}

function numberOf(data: unknown): number | undefined {
	const number = (data as { readonly number?: unknown } | null | undefined)?.number;
	return typeof number === "number" ? number : undefined;
}

function transitionOf(issue: TrackedIssue, runner: FleetRunner, state: TrackedState): Transition {
	const { name, profile, why, url } = runner;
	const { word, findings } = issue.state;
	return {
		id: digest(JSON.stringify([keyOf(issue), issue.number, word, findings, state.word, state.findings])),
		name,
		...(profile !== undefined && { profile }),
		...(word !== "new" && { before: word }),
		now: state.word,
		came: state.findings.filter((finding) => !findings.includes(finding)),
		went: findings.filter((finding) => !state.findings.includes(finding)),
		...(why !== undefined && { why }),
		...(url !== undefined && { url }),
	};
}

/** Letters, digits and what is harmless between them: a title cannot be escaped. */
function titleOf(runner: FleetRunner): string {
	const name = oneLine(nameOf(runner), 120).replace(/[^\p{L}\p{N} .,:()/_-]/gu, "_");
	return `Runner ${name}: ${stateOf(runner)}`;
}

function bodyOf(runner: FleetRunner, state: TrackedState): string {
	const text = details(runner);
	const told = text.length > maxBody ? details({ ...runner, results: [] }) : text;
	const footer =
		"runner-check keeps this issue up to date and closes it when the runner is well again. If you close it, it stays closed until something changes.";
	return `${markerOf(runner, state)}\n${told}\n\n<sub>${footer}</sub>`;
}

function commentOf({ before, now, came, went }: Transition, runner: FleetRunner): string {
	const list = (title: string, findings: readonly string[]): string =>
		findings.length === 0 ? "" : `\n\n${title}: ${markdown(findings.join(", "), 2000)}`;
	const why = runner.why === undefined ? "" : `\n\n${markdown(runner.why, 1000)}`;
	const state =
		before === undefined || before === now ? `Still **${now}**.` : `**${markdown(before, 40)}** → **${now}**.`;
	return `${state}${why}${list("New", came)}${list("Gone", went)}`;
}

function troubleOf(what: string, reply: ForgeReply): string {
	if (reply.kind === "ok") return `${what}: the answer has another form.`;
	const isDenied = reply.kind === "refused" && [401, 403, 404, 410].includes(reply.status);
	const hint = isDenied
		? " The job needs `permissions: { contents: read, actions: read, issues: write }`, and the repository needs issues. `issues: false` does without."
		: "";
	return `${what}: ${reply.why}.${hint}`;
}
