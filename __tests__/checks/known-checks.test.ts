import { describe, expect, it } from "vitest";
import { knowsCheck } from "../../src/checks/known-checks.ts";

describe("knowsCheck", () => {
	it.each([
		"docker/socket",
		"docker/*",
		"*/presence",
		"tool/ffmpeg",
		"tool/*",
		"docker/socket:missing",
		"disk/free:low",
		"tool/ffmpeg:missing",
		"registry/localhost:5000",
		"registry/localhost:5000:denied",
	])("knows %s", (pattern) => expect(knowsCheck(pattern)).toBe(true));
	it.each(["docker/sockets", "docker/socket:gone", "disk/free:", ":low", "", "podman/*", "tool"])(
		"does not know %s",
		(pattern) => expect(knowsCheck(pattern)).toBe(false),
	);
});
