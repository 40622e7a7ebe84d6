import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/report/redact.ts";

const canary = "canary-5f2c9e71";

describe("createRedactor", () => {
	it.each(["GITHUB_TOKEN", "NPM_AUTH", "DB_PASSWORD", "MY_SECRET", "AWS_ACCESS_KEY_ID", "ACTIONS_RUNTIME_TOKEN"])(
		"knows the value of %s wherever it turns up",
		(name) => {
			const { text } = createRedactor({ [name]: canary });
			expect(text(`error: cannot read ${canary}!`)).toBe("error: cannot read ***!");
		},
	);

	it("knows the passwords of URLs in the environment, as written and decoded", () => {
		const { text } = createRedactor({ HTTPS_PROXY: "http://user:p%40ss-word-1@proxy:3128" });
		expect(text("said p%40ss-word-1 and p@ss-word-1")).toBe("said *** and ***");
	});

	it.each([
		["a URL", `fatal: unable to access 'https://user:${canary}@git.example/x.git/'`],
		["a URL with a token only", `https://${canary}@git.example/x`],
		["a URL whose password holds an @", `tcp://u:${canary}@x@docker:2376`],
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
	])("leaves harmless text as it is: %s", (text) => {
		expect(createRedactor({ PATH: "/usr/bin", HOME: "/root", PWD: "/usr/bin/work" }).text(text)).toBe(text);
	});

	it("does not blot out short or common values", () => {
		const { text } = createRedactor({ USE_TOKEN: "true", MY_SECRET: "no", AUTH_FILE: "/etc/auth.json" });
		expect(text("true /etc/auth.json no")).toBe("true /etc/auth.json no");
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

	it("stays fast on hostile text", () => {
		const { text } = createRedactor({ A_TOKEN: canary });
		const started = Date.now();
		for (const unit of ["a://", "token=", "bearer ", "\u001b[", "eyJ.", '"auth":"', "-----BEGIN "])
			text(unit.repeat(200_000));
		expect(Date.now() - started).toBeLessThan(2000);
	});

	it("changes nothing the second time: a report can be judged again", () => {
		const { text } = createRedactor({});
		const once = text(`https://u:${canary}@h/ token=${canary} ${"z".repeat(9000)}`);
		expect(text(once)).toBe(once);
	});
});
