import { expect, it } from "vitest";
import { fieldOf } from "../../src/probes/fields.ts";

it.each([
	["a: 1\nb: 2\n", "a:", "1"],
	["a: 1\nb:\t 2 \n", "b:", "2"],
	["a: 1\nb: 2", "b:", "2"],
	["ab: 1\nxb: 2\n", "b:", undefined],
	["a:\n", "a:", ""],
	["a: 1\na: 2\n", "a:", "1"],
	["", "a:", undefined],
])("finds in %j behind %j: %j", (text, key, expected) => {
	expect(fieldOf(text, key)).toBe(expected);
});
