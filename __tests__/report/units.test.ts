import { expect, test } from "vitest";
import { formatBytes, formatCount } from "../../src/report/units.ts";

test.each([
	[0, "0 bytes"],
	[1, "1 byte"],
	[1023, "1023 bytes"],
	[1024, "1 KiB"],
	[1536, "1.5 KiB"],
	[40 * 2 ** 30, "40 GiB"],
	[40 * 2 ** 30 - 1, "39.9 GiB"],
	[41_072_984_064, "38.2 GiB"],
	[500e6, "476 MiB"],
	[3 * 2 ** 50, "3 PiB"],
	[5000 * 2 ** 50, "5000 PiB"],
])("%d bytes are %s", (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

test.each([
	[0, "0"],
	[999, "999"],
	[1000, "1,000"],
	[1_048_576, "1,048,576"],
])("counts %d as %s", (count, text) => {
	expect(formatCount(count)).toBe(text);
});
