import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { type ActionOutcome, runAction, standIns } from "./support/action.ts";
import { Engine } from "./support/engine.ts";
import { everyFile, findings } from "./support/outcome.ts";

const world = inject("world");
const formats = "json,markdown";

/** Every canary has this in it, so that none is overlooked. */
const mark = "cAnArY";
let count = 0;
const canary = (place: string) => `${mark}${++count}${place.replace(/\W/g, "")}`;

/** Whatever leaves the program: log, summary, outputs, report files. */
async function everythingOf(outcome: ActionOutcome) {
	const files = await everyFile(outcome.folder);
	const { stdout, stderr, summary, outputsFile } = outcome;
	return [
		...Object.entries({ stdout, stderr, summary, outputsFile }).map(([path, text]) => ({ path, text })),
		...files,
	];
}

async function expectNoCanary(outcome: ActionOutcome) {
	const everything = await everythingOf(outcome);
	expect(everything.filter(({ path }) => /report\.json|\.md/.test(path))).not.toHaveLength(0);
	const encoded = [mark, Buffer.from(mark).toString("hex")];
	const leaks = everything.flatMap(({ path, text }) =>
		[text, ...decodedBase64(text)]
			.filter((each) => encoded.some((code) => each.includes(code)))
			.map((each) => `${path}: …${each.slice(Math.max(0, each.indexOf(mark) - 60), each.indexOf(mark) + 60)}…`),
	);
	expect(leaks).toEqual([]);
}

/** Logins are base64 in Docker's configuration: look into what looks like it. */
const decodedBase64 = (text: string) =>
	(text.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? []).map((part) => Buffer.from(part, "base64").toString("latin1"));

describe("a secret reaches no output", () => {
	test("from the environment", async () => {
		const names = [
			"DEPLOY_TOKEN",
			"DB_PASSWORD",
			"AWS_SECRET_ACCESS_KEY",
			"ACTIONS_RUNTIME_TOKEN",
			"GITEA_RUNNER_REGISTRATION_TOKEN",
		];
		const secrets = Object.fromEntries(names.map((name) => [name, canary(name)]));
		const multiline = `-----BEGIN OPENSSH PRIVATE KEY-----\n${canary("key")}\n-----END OPENSSH PRIVATE KEY-----`;
		// a broken tool that prints its whole environment, as some do, and that of the process that started it, which is kept from it
		const git = `env; env >&2; for name in ${names.join(" ")}; do
	echo "fatal: cannot log in with $(tr '\\0' '\\n' < /proc/$PPID/environ | grep -e "^$name=")" >&2
done; exit 1`;
		const bin = await standIns(world, { git });
		const outcome = await runAction(world, {
			path: `${bin}:${world.hostPath}`,
			env: { ...secrets, DEPLOY_KEY: multiline, DATABASE_URL: `postgres://app:${canary("url")}@db.example.test/app` },
			with: { formats, token: canary("input") },
		});
		expect(findings(outcome.report, "fail")).toContain("tool/git:broken");
		expect(outcome.log).toContain("***"); // the tool's words are shown
		await expectNoCanary(outcome);
	});

	test("from the userinfo of DOCKER_HOST", async () => {
		for (const scheme of ["tcp", "https", "ssh", "nonsense"]) {
			const host = `${scheme}://${canary("user")}:${canary("password")}@127.0.0.1:1`;
			const outcome = await runAction(world, { env: { DOCKER_HOST: host }, with: { formats, docker: "required" } });
			await expectNoCanary(outcome);
		}
	});

	test("from the proxy variables", async () => {
		const names = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
		const env = Object.fromEntries(names.map((name) => [name, `http://me:${canary(name)}@proxy.example.test:3128`]));
		await expectNoCanary(await runAction(world, { env, with: { formats } }));
	});

	test("from ~/.docker/config.json", async () => {
		const home = join(world.folder, "home-with-logins");
		await mkdir(join(home, ".docker"), { recursive: true });
		const config = {
			auths: {
				"ghcr.io": { auth: Buffer.from(`me:${canary("auth")}`).toString("base64") },
				"registry.example.test": { username: "me", password: canary("password"), identitytoken: canary("identity") },
			},
			HttpHeaders: { "X-Meta-Token": canary("header") },
			proxies: { default: { httpProxy: `http://me:${canary("proxy")}@proxy.example.test:3128` } },
			currentContext: "missing",
		};
		await writeFile(join(home, ".docker/config.json"), JSON.stringify(config));
		for (const docker_host of [undefined, `unix://${world.socket}`]) {
			const outcome = await runAction(world, {
				env: { HOME: home, DOCKER_HOST: docker_host },
				with: { formats, docker: "required" },
			});
			await expectNoCanary(outcome);
		}
	});

	test("from docker info", async () => {
		await using engine = await Engine.start({
			folder: join(world.folder, "engine-with-secrets"),
			path: world.enginePath,
			env: { HTTP_PROXY: `http://me:${canary("proxy")}@proxy.example.test:3128` },
			args: [`--label=registry.token=${canary("label")}`],
		});
		const outcome = await runAction(world, {
			env: { DOCKER_HOST: `unix://${engine.socket}` },
			with: { formats, docker: "required" },
		});
		expect(findings(outcome.report, "fail", "error")).toEqual([]);
		await expectNoCanary(outcome);
	});

	test("from what a tool prints", async () => {
		const lines = [
			`fatal: Authentication failed for 'https://ci:${canary("userinfo")}@git.example.test/acme/widgets.git/'`,
			`> Authorization: Bearer ${canary("bearer")}`,
			`> Authorization: Basic ${Buffer.from(`ci:${canary("basic")}`).toString("base64")}`,
			`error: password=${canary("password")}`,
			`{"token": "${canary("json")}"}`,
			`ghp_${canary("github")}abcdefghijklmnopqrstuvwxyz`,
		];
		const print = `cat <<'END'\n${lines.join("\n")}\nEND`;
		const bin = await standIns(world, {
			rustc: `${print}\nexit 1`,
			git: `{ ${print}\n} >&2; exit 101`,
			docker: `${print}\nexit 0`,
		});
		const outcome = await runAction(world, { path: `${bin}:${world.hostPath}`, with: { formats, docker: "required" } });
		expect(outcome.exit).toBe(1);
		expect(outcome.log).toContain("***");
		await expectNoCanary(outcome);
	});
});
