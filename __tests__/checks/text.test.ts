import { expect, test } from "vitest";
import { cut, titleWith, yamlValue } from "../../src/checks/text.ts";

test.each([
	["/srv/models", "/srv/models"],
	["unix:///var/run/docker.sock", "unix:///var/run/docker.sock"],
	["-v /a:/b", "-v /a:/b"],
	["/srv/**", '"/srv/**"'],
	["**", '"**"'],
	["a: b", '"a: b"'],
	["a:", '"a:"'],
	["- a", '"- a"'],
	["true", '"true"'],
	["", '""'],
	["x\ny", '"x\\ny"'],
])("%j as YAML is %s", (value, written) => {
	expect(yamlValue(value)).toBe(written);
});

test("a value is cut to its limit", () => {
	expect(cut("abcdef", 6)).toBe("abcdef");
	expect(cut("abcdefg", 6)).toBe("abcde…");
});

test("a title with a value has at most 60 characters", () => {
	expect(titleWith("Unknown key ", "runner.capacty")).toBe("Unknown key `runner.capacty`");
	const long = titleWith("The value of ", "x".repeat(100), " is not a duration");
	expect(long).toHaveLength(60);
	expect(long).toMatch(/^The value of `x+…` is not a duration$/);
});
