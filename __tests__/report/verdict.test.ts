import { expect, it } from "vitest";
import { exitCodeOf } from "../../src/report/verdict.ts";

it.each([
	["healthy", "fail", 0],
	["healthy", "warn", 0],
	["healthy", "never", 0],
	["degraded", "fail", 0],
	["degraded", "warn", 1],
	["degraded", "never", 0],
	["misconfigured", "fail", 1],
	["misconfigured", "warn", 1],
	["misconfigured", "never", 0],
	["unknown", "fail", 1],
	["unknown", "warn", 1],
	["unknown", "never", 0],
] as const)("a %s runner under `fail-on: %s` ends with %i", (verdict, failOn, code) => {
	expect(exitCodeOf(verdict, failOn)).toBe(code);
});
