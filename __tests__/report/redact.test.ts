import { describe, expect, it } from "vitest";
import { clean } from "../../src/render/text.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { cpuTime } from "../support/cpu-time.ts";

const canary = "canary-5f2c9e71";

describe("createRedactor", () => {
	it.each([
		"GITHUB_TOKEN",
		"NPM_AUTH",
		"DB_PASSWORD",
		"MY_SECRET",
		"AWS_ACCESS_KEY_ID",
		"ACTIONS_RUNTIME_TOKEN",
		"DB_PASS",
		"PASS",
		"GH_PAT",
		"SSH_KEY",
		"DEPLOY_KEY",
		"SIGNING_KEY",
		"ENCRYPTION_KEY",
		"STRIPE_KEY",
		"SLACK_WEBHOOK_URL",
		"SIGNING_KEY_BASE64",
		"GH_PAT_2",
		"SSHPASS",
		"INPUT_DEPLOY-KEY",
		"GIT_AUTHOR_TOKEN",
		"XDG_SESSION_TOKEN",
	])("knows the value of %s wherever it turns up", (name) => {
		const { text } = createRedactor({ [name]: canary });
		expect(text(`error: cannot read ${canary}!`)).toBe("error: cannot read ***!");
	});

	it("knows the passwords of URLs in the environment, as written and decoded", () => {
		const { text } = createRedactor({ HTTPS_PROXY: "http://user:p%40ss-word-1@proxy:3128" });
		expect(text("said p%40ss-word-1 and p@ss-word-1")).toBe("said *** and ***");
	});

	it.each([
		["http_proxy", `http://joe:${canary}/1#x@proxy:3128`],
		["HTTPS_PROXY", `joe:${canary}/1#x@proxy:3128`],
		["GITHUB_SERVER_URL", `http://joe:${canary}/1#x@forge.example`],
		["INPUT_REGISTRIES", `["https://joe:${canary}/1#x@registry.example/x"]`],
	])("knows the password in %s, whatever characters it holds", (name, value) => {
		expect(createRedactor({ [name]: value }).text(`said ${canary}/1#x`)).toBe("said ***");
	});

	it("takes a value that begins like a path for a secret, unless the name says that it is a path", () => {
		const { text } = createRedactor({
			DEPLOY_TOKEN: `/${canary}`,
			TOKEN_FILE: "/run/secrets/token",
			AUTH_DIR: "/var/lib/auth",
			COOKIE_PATH: "/srv/cookies",
			SSH_AUTH_SOCK: "/tmp/ssh-x/agent.1",
		});
		expect(text(`/${canary} /run/secrets/token /var/lib/auth /srv/cookies /tmp/ssh-x/agent.1`)).toBe(
			"*** /run/secrets/token /var/lib/auth /srv/cookies /tmp/ssh-x/agent.1",
		);
	});

	it("knows a secret in URL encoding and in JSON, too", () => {
		const { text } = createRedactor({ MY_TOKEN: 'a"b c/d\\e-5f2c9e71' });
		expect(text('a"b c/d\\e-5f2c9e71')).toBe("***");
		expect(text("x=a%22b%20c%2Fd%5Ce-5f2c9e71")).toBe("x=***");
		expect(text('{"x":"a\\"b c/d\\\\e-5f2c9e71"}')).toBe('{"x":"***"}');
	});

	it("knows what else it is told to be a secret", () => {
		expect(createRedactor({}, [canary, "x"]).text(`x ${canary}`)).toBe("x ***");
	});

	it.each([8, 9, 14, 15])("knows the first %i characters of a secret where the text ends", (length) => {
		const { text } = createRedactor({ MY_TOKEN: canary });
		const cut = canary.slice(0, length);
		expect(text(`${"x".repeat(4096 - length)}${cut}`)).toBe(`${"x".repeat(4096 - length)}***`);
		expect(text(`said ${cut}…`)).toBe("said ***…");
	});

	it("leaves a word at the end that a secret happens to begin with", () => {
		const { text } = createRedactor({ MY_TOKEN: "matric-builder-5f2c9e71" });
		expect(text("matric-builder")).toBe("matric-builder");
		expect(text("matric-builder is ready")).toBe("matric-builder is ready");
	});

	it.each([
		["https://joe:", "…"],
		["https://joe:", ""],
		["`ftp://joe:", "…`; allowed: https"],
	])("takes out a password whose @ was cut off: %s", (before, after) => {
		const shown = createRedactor({}).text(`found ${before}${canary}${after}`);
		expect(shown).toContain(`***${after}`);
		expect(shown).not.toContain("canary");
	});

	it.each(["\u061c", "\u180e", "\u3164", "\ufe0f", "\u{e0041}", "\ud800", "\u200b", "\u2028", "\u001b[1m", "\u009b1m"])(
		"sees through what is invisible inside a secret (%j)",
		(unseen) => {
			const { text } = createRedactor({ MY_TOKEN: canary });
			expect(text(`said ${canary.slice(0, 5)}${unseen}${canary.slice(5)}`)).toBe("said ***");
		},
	);

	it("removes whatever a renderer would remove later, so that no secret comes together again behind it", () => {
		const { text } = createRedactor({});
		const missed: string[] = [];
		for (let point = 0; point <= 0x10ffff; point++) {
			const character = String.fromCodePoint(point);
			if (clean(`a${character}b`) === "ab" && text(`a${character}b`) !== "ab") missed.push(point.toString(16));
		}
		expect(missed).toEqual([]);
	});

	it.each([
		["a URL", `fatal: unable to access 'https://user:${canary}@git.example/x.git/'`],
		["a URL with a token only", `https://${canary}@git.example/x`],
		["a URL whose password holds an @", `tcp://u:${canary}@x@docker:2376`],
		["a URL whose password holds a slash", `https://u:pw/${canary}@git.example/x`],
		["a URL whose password holds a hash", `https://u:pw#${canary}@git.example/x`],
		["an address without a scheme", `cannot pull joe:${canary}@registry.example/img:1`],
		["an address without a scheme, in quotes", `found \`joe:${canary}@reg\``],
		["an assignment", `registry_token=${canary}`],
		["JSON", `{"password": "${canary}"}`],
		["docker's config", `{"auths":{"ghcr.io":{"auth":"${canary}"}}}`],
		["a header", `Authorization: Basic ${canary}`],
		["a bearer header", `authorization: bearer ${canary}aaaaaaaa`],
		["a private key", `-----BEGIN OPENSSH PRIVATE KEY-----\n${canary}\n-----END OPENSSH PRIVATE KEY-----`],
		["a cut private key", `-----BEGIN PRIVATE KEY-----\n${canary}`],
		["a GitHub token", "ghp_canary5f2c9e71canary5f2c9e71cana"],
		["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOiI1ZjJjOWU3MSJ9.canary5f2c9e71"],
	])("takes a secret out of %s", (_, hostile) => {
		expect(createRedactor({}).text(hostile)).not.toMatch(/canary|5f2c9e71/);
	});

	it.each([
		"rustc 1.95.0 (59807616e 2026-04-14)",
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
		"error: rustup could not choose a version of rustc to run, because one wasn't specified explicitly",
		"git version 2.39.5 (Apple Git-154)",
		"ghcr.io/fortemi/fortemi/builder@sha256:4c5e0b1f2a",
		"basic information about tokens and secrets",
		"docker://node:22@sha256:4c5e0b1f2a",
		"builder:latest@sha256:4c5e0b1f2a",
		"ubuntu-latest:docker://node:22-bookworm",
		"ubuntu:docker://node:lts,small:docker://alpine:latest",
		"http://localhost:5000",
		"http://[::1]:5000",
		"tcp://docker:2376",
		"https://git.example:3000/actions/checkout@v4",
		"uses: actions/checkout@v4",
		"git@git.example:acme/widgets.git",
		"npm:prettier@3.1",
		"glob-pattern-of-a-label and glibc-minimal-langpack",
		"getty@tty1.service",
	])("leaves harmless text as it is: %s", (text) => {
		expect(createRedactor({ PATH: "/usr/bin", HOME: "/root", PWD: "/usr/bin/work" }).text(text)).toBe(text);
	});

	it("does not blot out short or common values", () => {
		const { text } = createRedactor({ USE_TOKEN: "true", MY_SECRET: "no", AUTH_FILE: "/etc/auth.json" });
		expect(text("true /etc/auth.json no")).toBe("true /etc/auth.json no");
	});

	it.each([
		["TOKEN_EXPIRES", "1735689600"],
		["AUTH_METHOD", "kerberos"],
		["GDMSESSION", "ubuntu"],
		["DEPLOY_KEY", "production"],
		["XDG_SESSION_DESKTOP", "ubuntu-xorg"],
		["GIT_AUTHOR_NAME", "Release Robot"],
		["GIT_URL", "ssh://forgejo@git.example/x"],
		["BYPASS", "localhost-only"],
		["GITHUB_ACTION_PATH", "/opt/action-1"],
		["DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/1000/bus"],
	])("takes no plain word or number for a secret: %s", (name, value) => {
		const said = value.replace(/^ssh:.*/, "forgejo");
		expect(createRedactor({ [name]: value }).text(`it is ${said} here`)).toBe(`it is ${said} here`);
	});

	it("removes terminal sequences, control and invisible characters", () => {
		const { text } = createRedactor({});
		expect(text("\u001b[31mred\u001b[0m \u001b]0;title\u0007a\u0000b\rc\u202edcba\u200b\ufeff")).toBe("red ab\ncdcba");
		expect(text("one\r\ntwo\tthree")).toBe("one\ntwo\tthree");
	});

	it("bounds text without cutting a secret in half", () => {
		const { text } = createRedactor({ MY_TOKEN: canary });
		const long = text("x".repeat(4090) + canary + "y".repeat(10_000_000));
		expect(long.length).toBeLessThan(4200);
		expect(long).not.toContain("canary");
	});

	it("goes through every string of a value, keys included, and leaves the rest", () => {
		const { deep } = createRedactor({ MY_TOKEN: canary });
		const value = { a: [canary, 1, null, true], [canary]: { b: undefined, c: `x${canary}` } };
		expect(deep(value)).toEqual({ a: ["***", 1, null, true], "***": { b: undefined, c: "x***" } });
	});

	it("leaves our own words alone in what was made of redacted texts, and finds what is known there", () => {
		const words = "It holds the runner's own token: whoever has that can act as this runner.";
		const { again } = createRedactor({ MY_TOKEN: canary });
		const long = "x".repeat(20_000);
		expect(again({ words, told: [`joe:pw@h, https://joe:pw@h, ${canary}`, long] })).toEqual({
			words,
			told: ["***@h, https://***@h, ***", long],
		});
	});

	it("stays fast on hostile text", async () => {
		const { text } = createRedactor({ A_TOKEN: canary });
		const units = [
			"a://",
			"://",
			"a:",
			"a:!",
			"://a:",
			"a://b:c",
			"x:y@",
			"token=",
			"bearer ",
			"\u001b[",
			"eyJ.",
			'"auth":"',
			"-----BEGIN ",
		];
		const ms = await cpuTime(() => {
			for (const unit of units) text(unit.repeat(200_000));
		});
		expect(ms).toBeLessThan(2000);
	});

	it("changes nothing the second time: a report can be judged again", () => {
		const { text } = createRedactor({});
		const once = text(`https://u:${canary}@h/ joe:${canary}@h token=${canary} ${"z".repeat(9000)}`);
		expect(text(once)).toBe(once);
	});
});
