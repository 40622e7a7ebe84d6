/** The workflows of this repository run code with the rights of a runner: what they start, and for whom. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { builtInProfiles } from "../src/policy/profile.ts";

interface Workflow {
	readonly on: string | readonly string[] | Readonly<Record<string, unknown>>;
	readonly jobs: Readonly<Record<string, { readonly "runs-on": string | readonly string[] }>>;
}

const folders = [".gitea/workflows", ".github/workflows", ".forgejo/workflows"].filter((folder) => existsSync(folder));
const workflows = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));

/** Labels whose jobs are root on their machine, or close to it: those of the guide have the Docker socket, or are the host. */
const trusted = new Set(Object.values(builtInProfiles).flatMap(({ labels = [] }) => labels));

/** Anyone can cause these, and decides what the job does or reads. */
const untrustedEvents = ["pull_request", "pull_request_target", "pull_request_review", "issue_comment", "issues"];

/** A tag can move to other code, a digest cannot. The version next to it is for people. */
const pinned = /^\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
/** The action in the checkout, and our own releases, which these workflows are about. */
const own = /^(?:\.\/?|fortemi\/runner-check(?:\/\w+)?@v1)$/;

function unpinned(text: string): readonly string[] {
	return [...text.matchAll(/^\s*(?:- )?uses:\s*(.*?)\s*$/gm)]
		.map(([, used = ""]) => used)
		.filter((used) => !own.test(used) && !pinned.test(used));
}

/** Jobs that anyone can start on a runner with the socket. A label that is an expression may be any label. */
function exposed(text: string): readonly string[] {
	const { on, jobs } = parse(text) as Workflow;
	const events = typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(on);
	if (!events.some((event) => untrustedEvents.includes(event))) return [];
	const labelsOf = (job: string) => [jobs[job]?.["runs-on"] ?? []].flat();
	return Object.keys(jobs).filter((job) => labelsOf(job).some((label) => trusted.has(label) || label.includes("${{")));
}

describe("the workflows of this repository", () => {
	test("there are some", () => expect(workflows.length).toBeGreaterThan(3));

	test.each(workflows)("%s pins actions by their digest", (file) => {
		expect(unpinned(readFileSync(file, "utf8"))).toEqual([]);
	});

	test.each(workflows)("%s gives no pull request the Docker socket or the host", (file) => {
		expect(exposed(readFileSync(file, "utf8"))).toEqual([]);
	});
});

describe("the rules themselves", () => {
	test("a tag, a branch, and a digest without its version are not pinned", () => {
		const digest = "0123456789012345678901234567890123456789";
		const uses = ["a/b@v4", "a/b@main", `a/b@${digest}`, `a/b@${digest} # v1.2.3`, "./", "fortemi/runner-check@v1"];
		expect(unpinned(uses.map((one) => `      - uses: ${one}`).join("\n"))).toEqual(uses.slice(0, 3));
	});

	test.each(["on: pull_request", "on: [push, pull_request_target]", "on:\n  issue_comment:\n    types: [created]"])(
		"%j exposes the labels of the guide, not those without a socket",
		(on) => {
			const job = (name: string, label: string) => `  ${name}:\n    runs-on: ${label}\n`;
			const jobs = [
				job("host", "titan"),
				job("list", "[linux, matric-builder]"),
				job("any", "${{ matrix.label }}"),
				job("safe", "no-socket"),
			];
			expect(exposed(`${on}\njobs:\n${jobs.join("")}`)).toEqual(["host", "list", "any"]);
			expect(exposed(`on: push\njobs:\n${jobs.join("")}`)).toEqual([]);
		},
	);
});
