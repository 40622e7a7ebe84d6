import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { gpuDriver } from "../../src/checks/gpu/driver.ts";
import { stateOf } from "../../src/checks/gpu/smi-state.ts";
import { knownMessages, reasonOfMessage } from "../../src/knowledge/nvidia-smi.ts";
import { saying } from "../checks/gpu/support.ts";

const readJson = (file: string) => JSON.parse(readFileSync(`src/knowledge/${file}`, "utf8"));
const data = readJson("nvidia-smi.json");
const schema = readJson("nvidia-smi.schema.json");

test("the file follows its schema", () => {
	const validate = new Ajv({ formats: { regex: (text: string) => new RegExp(text) !== null } }).compile(schema);
	validate(data);
	expect(validate.errors ?? []).toEqual([]);
});

test("the schema allows the reasons of gpu/driver, and no others", () => {
	expect([...schema.definitions.reason.enum].sort()).toEqual(Object.keys(gpuDriver.reasons).sort());
});

describe("every message is recognized in its example, by its own pattern", () => {
	test.each(knownMessages.map((message) => [message.pattern, message] as const))(
		"%s",
		(_, { pattern, reason, example }) => {
			expect(reasonOfMessage(example)).toBe(reason);
			// The pattern itself has to match, or the example tests another entry with the same reason.
			const first = knownMessages.find((other) => new RegExp(other.pattern, "im").test(example));
			expect(first?.pattern).toBe(pattern);
		},
	);
});

test.each(Object.entries(data.exitCodes))("exit code %s without a known message: %s", (code, reason) => {
	expect(stateOf(saying("", Number(code)))).toMatchObject({ kind: "trouble", reason });
});

test("a message counts more than the exit code", () => {
	expect(stateOf(saying("Failed to initialize NVML: GPU is lost", 18))).toMatchObject({ reason: "gpu-lost" });
});
