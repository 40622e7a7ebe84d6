import { describe, expect, it } from "vitest";
import { type Inputs, inputNames, resolveInputs } from "../src/inputs.ts";
import { ConfigurationError, describeMistake } from "../src/mistake.ts";
import { readPolicy } from "../src/policy/policy-file.ts";
import { builtInProfiles, toPolicy } from "../src/policy/profile.ts";
import { cpuTime } from "./support/cpu-time.ts";
import { createHost } from "./support/fake-host.ts";

/** How many policies and inputs are made; CI makes 100,000. */
const rounds = Number(process.env.FUZZ_ROUNDS ?? 3000);
const seed = Number(process.env.FUZZ_SEED ?? 20261124);

/** mulberry32: the same numbers for the same seed, so that a failure can be had again. */
function createRandom(state: number): () => number {
	let a = state;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const random = createRandom(seed);
const below = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;

const words = [
	"required",
	"optional",
	"forbidden",
	"container",
	"host",
	"any",
	"*",
	">=1.92",
	"^22",
	"40GiB",
	"-1",
	"0",
	"1.90",
	"1e9",
	"true",
	"null",
	"~",
	"workspace",
	"/",
	"../..",
	"disk/free",
	"docker/*",
	"gpu",
	"generic",
	"a",
	"2026-12-31",
	"2026-02-30",
	"30d",
	"10s",
	"",
	" ",
	"${{ x }}",
	"::error::x",
	"`",
	"<script>",
	"\u0000",
	"\u202e",
	"\ufeff",
	"𝒳",
	"x".repeat(300),
	"constructor",
	"__proto__",
	"toString",
	"&a",
	"*a",
	"<<",
	"!!binary",
	"? ",
	"- ",
	": ",
	"#",
];
const keys = [
	"version",
	"profiles",
	"severity",
	"accept",
	"expect",
	"file",
	"mode",
	"contains",
	"env",
	"sysctl",
	"platform",
	"is",
	"matches",
	"stdout",
	"exit",
	"timeout",
	"extends",
	"labels",
	"runs-in",
	"image",
	"image-max-age",
	"tools",
	"docker",
	"gpu",
	"privileged",
	"tool-cache",
	"disk",
	"registries",
	"services",
	"require",
	"plugins",
	"count",
	"memory",
	"free-memory",
	"driver",
	"compute-capability",
	"path",
	"free",
	"inodes",
	"check",
	"reason",
	"until",
	"name",
	"url",
	"models",
	"command",
	"optional",
	"matric-builder",
	"rustc",
	"__proto__",
	"constructor",
	"hasOwnProperty",
];

const example = `version: 1
profiles:
  matric-builder:
    extends: generic
    tools: { rustc: ">=1.92", ffmpeg: { version: "*", command: [ffmpeg, -version], optional: true } }
    docker: { require: required, plugins: [buildx] }
    gpu: { require: required, count: 1, memory: 24GiB, driver: ">=550" }
    disk:
      - { path: workspace, free: 40GiB, inodes: 1000000 }
severity:
  docker/socket: off
accept:
  - { check: disk/free, reason: ordered, until: 2026-12-31 }
`;

/** A value of any shape, as YAML in flow style: mostly what a policy could hold somewhere. */
function value(depth: number): string {
	const kind = below(depth > 4 ? 2 : 4);
	if (kind === 0) return pick(words);
	if (kind === 1) return JSON.stringify(pick(words));
	if (kind === 2) return `[${Array.from({ length: below(4) }, () => value(depth + 1)).join(", ")}]`;
	return `{${Array.from({ length: below(4) }, () => `${pick(keys)}: ${value(depth + 1)}`).join(", ")}}`;
}

/** The example with some of its characters, lines or values changed. */
function mutate(text: string): string {
	let result = text;
	for (let count = 1 + below(4); count > 0; count--) {
		const at = below(result.length + 1);
		const lines = result.split("\n");
		const line = below(lines.length);
		switch (below(6)) {
			case 0:
				result = result.slice(0, at) + pick(words) + result.slice(at);
				break;
			case 1:
				result = result.slice(0, at) + result.slice(at + 1 + below(8));
				break;
			case 2:
				result = [...lines.slice(0, line), ...lines.slice(line + 1)].join("\n");
				break;
			case 3:
				result = [...lines.slice(0, line), lines[line], ...lines.slice(line)].join("\n");
				break;
			case 4:
				result = lines
					.map((text, index) => (index === line ? text.replace(/: .*$/, `: ${value(0)}`) : text))
					.join("\n");
				break;
			default:
				result = lines
					.map((text, index) => (index === line ? text.replace(/[\w-]+:/, `${pick(keys)}:`) : text))
					.join("\n");
		}
	}
	return result;
}

const known = {
	profiles: Object.keys(builtInProfiles),
	knowsId: (pattern: string) => /^(?:disk\/free|docker\/(?:\*|socket))$/.test(pattern),
	knowsCheck: (pattern: string) => /^(?:disk\/free|docker\/(?:\*|socket))(?::[a-z-]+)?$/.test(pattern),
	checkIds: ["disk/free", "docker/socket"],
};

async function inTime<T>(what: string, work: () => T | Promise<T>): Promise<T> {
	let result: T | undefined;
	const ms = await cpuTime(async () => {
		result = await work();
	});
	expect(ms, `time for ${what}`).toBeLessThan(1000);
	return result as T;
}

describe(`fuzzing, ${rounds} rounds from seed ${seed}`, () => {
	it("a policy is read or refused with places, in time, whatever it holds", { timeout: 1_200_000 }, async () => {
		const outcomes = { read: 0, refused: 0 };
		for (let round = 0; round < rounds / 2; round++) {
			const text = below(3) === 0 ? `version: 1\nprofiles:\n  ${pick(keys)}: ${value(0)}\n` : mutate(example);
			const what = JSON.stringify(text);
			const policy = await inTime(what, () => readPolicy("p.yml", text, known));
			if ("source" in policy) {
				outcomes.read++;
				for (const name of Object.keys(policy.source.profiles ?? {})) await inTime(what, () => toPolicy(name, policy));
			} else {
				outcomes.refused++;
				expect(policy.length, what).toBeGreaterThan(0);
				for (const mistake of policy) {
					expect(mistake.place, what).toMatch(/^p\.yml:\d+:\d+$/);
					expect(describeMistake(mistake).length, what).toBeLessThan(3000);
				}
			}
		}
		// Both happen often, or the generator tests nothing.
		expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(rounds / 40);
	});

	it("inputs are taken or refused with their names, in time, whatever they hold", { timeout: 1_200_000 }, async () => {
		const outcomes = { taken: 0, refused: 0 };
		const options = {
			host: createHost({ env: { GITHUB_WORKSPACE: "/w" } }),
			decideProfile: async () => ({ name: "titan", decidedBy: "environment" as const }),
			defaultReportDir: undefined,
		};
		for (let round = 0; round < rounds / 2; round++) {
			const entries = Array.from({ length: 1 + below(3) }, () => [
				pick(inputNames),
				below(4) === 0 ? value(2) : pick(words),
			]);
			const inputs: Inputs = Object.fromEntries(entries.filter(([, text]) => text !== ""));
			const what = JSON.stringify(inputs);
			try {
				await inTime(what, () => resolveInputs(inputs, options));
				outcomes.taken++;
			} catch (error) {
				if (!(error instanceof ConfigurationError)) throw error;
				outcomes.refused++;
				for (const { place } of error.mistakes) expect(place, what).toMatch(/^(?:input `[a-z-]+`|.+:\d+:\d+$)/);
			}
		}
		expect(Math.min(outcomes.taken, outcomes.refused)).toBeGreaterThan(rounds / 40);
	});
});
