import { describe, expect, test } from "vitest";
import { globMatches } from "../../src/lint/glob.ts";
import { isFloating, isImageReference, parseLabel, secretsInLabel } from "../../src/lint/read/labels.ts";
import { readOptions } from "../../src/lint/read/read-options.ts";
import { splitWords } from "../../src/lint/read/shell-words.ts";
import { parseUnit } from "../../src/lint/read/unit.ts";
import { maskSetting, maskText } from "../../src/lint/secrets/mask.ts";
import { normalize } from "../../src/lint/setup/volumes.ts";
import { cpuTime } from "../support/cpu-time.ts";

describe("words of the options", () => {
	test.for([
		["a b", ["a", "b"]],
		["  a\tb\n c ", ["a", "b", "c"]],
		[`'a b' "c d"`, ["a b", "c d"]],
		[`a'b'"c"d`, ["abcd"]],
		["a\\ b", ["a b"]],
		["a\\\nb", ["ab"]],
		['"a\\"b" "a\\nb" "a\\$b"', ['a"b', "a\\nb", "a$b"]],
		["''", [""]],
		["# no comment", ["#", "no", "comment"]],
		["a\rb", ["a\rb"]],
		["", []],
	] as const)("%j are %j", ([text, words]) => {
		const split = splitWords(text);
		expect(split.kind === "ok" && split.words.map((word) => word.text)).toEqual(words);
	});

	test.for([
		["a 'b", "'", 2],
		['a "b', '"', 2],
		["a \\", "\\", 2],
	] as const)("%j is not terminated", ([text, what, offset]) => {
		expect(splitWords(text)).toEqual({ kind: "unterminated", what, offset });
	});
});

describe("flags of the options", () => {
	test.for([
		["-v /a:/b", "volume", "/a:/b", 3],
		["-v/a:/b", "volume", "/a:/b", 2],
		["-v=/a:/b", "volume", "/a:/b", 3],
		["--volume=/a:/b", "volume", "/a:/b", 9],
		["-itv /a:/b", "volume", "/a:/b", 5],
		["word --init", "init", undefined, 5],
		["--init=false", "init", "false", 7],
	] as const)("%s", ([text, name, value, valueOffset]) => {
		const { flags } = readOptions(text);
		expect(flags[flags.length - 1]).toMatchObject({ name, valueOffset, ...(value !== undefined && { value }) });
	});
	test("end at `--`", () => {
		expect(readOptions("-- --foo")).toEqual({ flags: [] });
	});
	test.for(["--constructor x", "--__proto__ x", "--toString"])("%s is unknown", (text) => {
		expect(readOptions(text).problem).toMatchObject({ kind: "unknown" });
	});
});

describe("globs", () => {
	test.for([
		["**", "/any/thing", true, true],
		["/srv/*", "/srv/a", true, true],
		["/srv/*", "/srv/a/b", true, false],
		["/srv/**", "/srv/a/b", true, true],
		["/srv/?", "/srv/a", true, true],
		["/srv/?", "/srv/ab", false, false],
		["/srv/[ab]", "/srv/b", true, true],
		["/srv/[!ab]", "/srv/b", false, false],
		["/srv/[a-c]x", "/srv/bx", true, true],
		["/{srv,opt}/a", "/opt/a", true, true],
		["/{srv,opt}/{a,b}", "/srv/b", true, true],
		["/srv/\\*", "/srv/*", true, true],
		["/srv/\\*", "/srv/a", false, false],
		["/srv", "/srv/a", false, false],
		["", "", true, true],
		["[", "[", true, true],
	] as const)("%s and %s", ([pattern, text, before, after]) => {
		expect(globMatches(pattern, text, false)).toBe(before);
		expect(globMatches(pattern, text, true)).toBe(after);
	});

	test("are fast for a pattern that is made to be slow", async () => {
		const ms = await cpuTime(() => {
			expect(globMatches(`${"*a".repeat(200)}b`, "a".repeat(2000), false)).toBe(false);
			expect(globMatches("{a,b}".repeat(40), "a".repeat(40), false)).toBe(true);
		});
		expect(ms).toBeLessThan(2000);
	});
});

describe("paths", () => {
	test.for([
		["/a/b/", "/a/b"],
		["/a//b/./c/../d", "/a/b/d"],
		["/var/run/docker.sock", "/run/docker.sock"],
		["/var/running", "/var/running"],
		["/../..", "/"],
		["a/../b", "b"],
	] as const)("%s is %s", ([path, clean]) => {
		expect(normalize(path)).toBe(clean);
	});
});

describe("labels", () => {
	test.for([
		["titan", "gitea", { name: "titan", kind: "host", image: "" }],
		["titan:host", "gitea", { name: "titan", kind: "host", image: "" }],
		["a:docker:img:1", "gitea", { name: "a", kind: "docker", image: "img:1" }],
		["a:docker://img:1", "gitea", { name: "a", kind: "docker", image: "img:1" }],
		["titan", "forgejo", { name: "titan", kind: "docker", image: "node:22-bookworm" }],
		["a:lxc://debian", "forgejo", { name: "a", kind: "lxc", image: "debian" }],
	] as const)("%s of %s", ([text, system, label]) => {
		expect(parseLabel(text, system)).toEqual({ kind: "label", label });
	});

	test.for(["pool:3f2a", "team:blue", "cuda:12"])("%s is a name with a colon", (text) => {
		expect(parseLabel(text, "gitea")).toMatchObject({ kind: "opaque" });
	});

	test.for([
		["alpine", true, true],
		["alpine:latest", true, true],
		["alpine:3.20", true, false],
		["ghcr.io/a/b", true, true],
		["host:5000/a", true, true],
		["host:5000/a:1", true, false],
		["a@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", true, false],
		["docker.gitea.com/runner-images:ubuntu-latest", true, false],
		["Alpine", false, true],
		["https://a/b:1", false, false],
		[" a:1", false, false],
		["a:", false, false],
		["/a:1", false, false],
	] as const)("image %s", ([image, isReference, floats]) => {
		expect([isImageReference(image), isFloating(image)]).toEqual([isReference, floats]);
	});

	test.for([
		["titan:host", 0],
		["a:docker://x:3f786850e387550fdab836ed7e6dc881de23001b", 0],
		["3f786850e387550fdab836ed7e6dc881de23001b:host", 1],
		["a:docker://x:5fG8kLq2Zp0sWv7YtR3nXc1Bm9Hd4JaEuKoP6iQz", 1],
		["ghp_0123456789abcdefghij0123456789abcdef:host", 1],
		["a:docker://u:p@x/y:1", 1],
		["a:docker://x@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", 0],
		["a:docker://ubuntu:24.04@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", 0],
		["a:docker://u:p@x/y@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", 1],
	] as const)("%s holds %i secrets", ([text, count]) => {
		expect(secretsInLabel(text)).toHaveLength(count);
	});
});

describe("units", () => {
	test("continue a line with a backslash, past comments", () => {
		const { settings } = parseUnit("[Service]\nExecStart=/bin/x \\\n  # a remark\n  --config /y\nUser=a\n");
		expect(settings.map(({ name, value, line }) => [name, value.replace(/\s+/g, " "), line])).toEqual([
			["ExecStart", "/bin/x --config /y", 2],
			["User", "a", 5],
		]);
	});
	test.for([
		["Environment", "PATH=/bin:/usr/bin", "PATH=/bin:/usr/bin"],
		["Environment", "TOKEN=abc PATH=/bin", "TOKEN=*** PATH=/bin"],
		["Environment", '"TOKEN=a b" PATH=/bin', '"TOKEN=* *" PATH=/bin'],
		["Environment", "DOCKER_HOST=tcp://u:p@h:1", "DOCKER_HOST=tcp://***@h:1"],
		["ExecStart", "/bin/runner --token abc", "/bin/runner --token ***"],
	] as const)("%s=%s", ([name, value, masked]) => {
		expect(maskSetting(name, value)).toBe(masked);
	});
});

describe("addresses", () => {
	test.for([
		["https://u:p@h/x", "https://***@h/x"],
		["https://u:p@q@h/x", "https://*****@h/x"],
		["https://u:p/q@h/x", "https://*****@h/x"],
		["https://h:8080/x@1", "https://h:8080/x@1"],
		["https://h/x?a=b&c=d y", "https://h/x?******* y"],
		["https://h/actions/checkout@v4", "https://h/actions/checkout@v4"],
		["a:docker://ubuntu:24.04@sha256:4f53", "a:docker://ubuntu:24.04@sha256:4f53"],
	] as const)("%s is %s", ([text, masked]) => {
		expect(maskText(text)).toBe(masked);
	});
});
