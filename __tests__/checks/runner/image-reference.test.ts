import { describe, expect, test } from "vitest";
import { isDefaultImage, isImage, parseImage } from "../../../src/checks/runner/image-reference.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("references", () => {
	test.each([
		["debian", { repository: "docker.io/library/debian", tag: "latest" }],
		["debian:12", { repository: "docker.io/library/debian", tag: "12" }],
		["docker.io/debian:12", { repository: "docker.io/library/debian", tag: "12" }],
		["index.docker.io/library/debian:12", { repository: "docker.io/library/debian", tag: "12" }],
		["gitea/runner-images:ubuntu-latest", { repository: "docker.io/gitea/runner-images", tag: "ubuntu-latest" }],
		["ghcr.io/fortemi/fortemi/builder:gpu", { repository: "ghcr.io/fortemi/fortemi/builder", tag: "gpu" }],
		["localhost/builder", { repository: "localhost/builder", tag: "latest" }],
		["registry.test:5000/a/b", { repository: "registry.test:5000/a/b", tag: "latest" }],
		["registry.test:5000/a/b:1", { repository: "registry.test:5000/a/b", tag: "1" }],
		[`ghcr.io/a/b@${digest}`, { repository: "ghcr.io/a/b", digest }],
		[`ghcr.io/a/b:1@${digest}`, { repository: "ghcr.io/a/b", tag: "1", digest }],
	])("%s", (text, reference) => {
		expect(parseImage(text)).toEqual(reference);
	});

	test.each(["", digest, "a".repeat(64), "a b", "@"])("%j names no repository", (text) => {
		expect(parseImage(text)).toBeUndefined();
	});

	test.each([
		["debian:12", "docker.io/library/debian:12", true],
		["debian", "debian:latest", true],
		["debian:12", "debian:13", false],
		["ghcr.io/a/b:1", "docker.io/a/b:1", false],
		[`ghcr.io/a/b@${digest}`, "ghcr.io/a/b:latest", true],
		[`ghcr.io/a/b:1@${digest}`, "ghcr.io/a/b:latest", false],
		["ghcr.io/a/b:1", `ghcr.io/a/b@${digest}`, false],
		[`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`, true],
	])("%s is %s: %s", (actual, wanted, expected) => {
		const [a, b] = [parseImage(actual), parseImage(wanted)];
		expect(a && b && isImage(a, b)).toBe(expected);
	});

	test.each([
		"docker.gitea.com/runner-images:ubuntu-latest",
		"gitea/runner-images:ubuntu-22.04",
		"ghcr.io/catthehacker/ubuntu:act-latest",
		"node:16-bullseye",
		"data.forgejo.org/oci/node:20-bookworm",
	])("%s is a default", (text) => {
		const image = parseImage(text);
		expect(image && isDefaultImage(image)).toBe(true);
	});
});
