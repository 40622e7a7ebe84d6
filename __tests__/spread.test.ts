import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Lists of a few: the reasons or the needs of a check, the GPUs of a machine, the mistakes that are told at most. */
const short = [
	"cli/list.ts: Math.max(0, ...reasons",
	"engine.ts: Math.max(0, ...Object.values(check.needs",
	"checks/gpu/inventory-judgements.ts: Math.max(...free",
	"policy/find-policy.ts: mistakes.push(...policy",
	"inputs.ts: mistakes.push(...read",
	"lint/secrets/secret-text.ts: Math.min(...starts",
	"lint/read/read-options.ts: flags.push(...given(",
	"host/mount-guard.ts: names.unshift(...namesIn(link)",
	"policy/workflow-labels.ts: candidates.push(...candidateOf(",
];

it("no call takes a list of any length apart: a stack holds about a hundred thousand arguments", () => {
	const taken = readdirSync("src", { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".ts"))
		.flatMap((path) =>
			readFileSync(`src/${path}`, "utf8")
				.split("\n")
				.filter((line) =>
					/(?:Math\.(?:max|min)|\.(?:push|unshift|splice)|String\.fromCh\w+)\((?:[^{]*, )?\.\.\.\w/.test(line),
				)
				.map((line) => `${path}: ${line.trim()}`),
		);
	const unknown = taken.filter((line) => {
		const [file, code = ""] = line.split(/: (.*)/s);
		return !short.some(
			(known) => known.split(/: (.*)/s)[0] === file && code.includes(known.split(/: (.*)/s)[1] ?? "?"),
		);
	});
	expect(unknown).toEqual([]);
});
