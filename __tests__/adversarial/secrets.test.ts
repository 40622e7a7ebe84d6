import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inputNames } from "../../src/inputs.ts";
import { exampleOf } from "../support/secret-examples.ts";

/** Begins and ends like no other text, so that a part of it is found too. Each place has its own. */
const canary = (place: string): string => `Canary${place}9x7Zq`;
const marks = ["Canary", "9x7Zq"];

let folder: string;
let path: string;
const servers: Server[] = [];
const ports: number[] = [];

const hostile = (name: string): readonly string[] => [
	`fatal: unable to access 'https://joe:${canary(`${name}Url`)}@git.example/x.git/'`,
	`Authorization: Basic ${Buffer.from(`joe:${canary(`${name}Basic`)}`).toString("base64")}`,
	`password=${canary(`${name}Pair`)} --token ${canary(`${name}Flag`)}`,
	`{"auths":{"ghcr.io":{"auth":"${canary(`${name}Auth`)}"}}}`,
	`<password>${canary(`${name}Xml`)}</password>`,
	`curl -u joe:${canary(`${name}Curl`)} https://x.example`,
	`machine x.example login joe password ${canary(`${name}Netrc`)}`,
	exampleOf("token ghp_{a36}").replace(/.{6}$/, "9x7Zq"),
	`-----BEGIN PRIVATE KEY-----\n${canary(`${name}Pem`)}\n-----END PRIVATE KEY-----`,
];

/** The environment, in every encoding that a program may print it in. */
const printsAll = `env; env | base64; env | od -An -tx1 | tr -d ' \\n'; echo; env | sed 's/"/\\\\"/g; s/^/"/; s/$/"/'
printf '%s' "$DEPLOY_TOKEN" | base64; printf 'joe:%s' "$DEPLOY_TOKEN" | base64 | tr '+/' '-_'`;

const secretEnv = (): Record<string, string> => ({
	DEPLOY_TOKEN: canary("Token"),
	DB_PASSWORD: `${canary("Password")}"'&<\\ %41`,
	SENTRY_DSN: `https://${canary("Dsn")}@sentry.example/1`,
	SESSION_COOKIE: canary("Cookie"),
	SHORT_PIN: "x9x7Zq",
	AWS_CREDS: canary("Creds"),
	CONNECTION_STRING: `Server=db;Pwd=${canary("Connection")};`,
	JAVA_TOOL_OPTIONS: `-Dtoken=${canary("Java")}`,
	DATABASE_URL: `postgres://app:${canary("Database")}@db.example/app`,
	http_proxy: `http://me:${canary("Proxy")}@127.0.0.1:1`,
	HTTPS_PROXY: `http://me:${canary("Proxies")}@127.0.0.1:1`,
	no_proxy: "127.0.0.1",
	ACTIONS_RUNTIME_TOKEN: `head.${Buffer.from('{"JobID":7}').toString("base64url")}.${canary("Jwt")}`,
	GITEA_RUNNER_REGISTRATION_TOKEN: canary("Registration"),
});

async function serve(listener: RequestListener, where?: string): Promise<number> {
	const server = createServer(listener);
	servers.push(server);
	await new Promise<void>((resolve) =>
		where === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(where, resolve),
	);
	return where === undefined ? (server.address() as AddressInfo).port : 0;
}

/** Answers with what it was asked, logins included, as a debugging proxy would. */
const echo =
	(name: string): RequestListener =>
	({ headers, url }, response) => {
		const body = {
			message: `${headers.authorization} ${headers.cookie} ${url} ${hostile(name).join("\n")}`,
			version: `1 token=${canary(name)}`,
		};
		response.writeHead(/version|tags/.test(url ?? "") ? 200 : 401, {
			"content-type": "application/json",
			"www-authenticate": "Basic",
		});
		response.end(JSON.stringify(body));
	};

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "secrets-"));
	const place = (file: string, text: string, mode = 0o644): void => {
		mkdirSync(join(folder, file, ".."), { recursive: true });
		writeFileSync(join(folder, file), text);
		chmodSync(join(folder, file), mode);
	};
	for (const tool of ["git", "rustc", "cargo", "docker", "node", "nvidia-smi", "gitea-runner"]) {
		const print = `cat <<'END'\n${hostile(tool).join("\n")}\nEND`;
		// A secret at the end of what is read of a tool.
		place(
			`bin/${tool}`,
			`#!/bin/sh\n${print}\n${printsAll}\nhead -c 4000 /dev/zero | tr '\\0' x; printf '%s' "$DEPLOY_TOKEN" | head -c 14\nexit 1\n`,
			0o755,
		);
	}
	path = `${join(folder, "bin")}:${process.env.PATH}`;
	const config = {
		auths: {
			"127.0.0.1:1": { auth: Buffer.from(`me:${canary("Login")}`).toString("base64") },
			"ghcr.io": { password: canary("Config") },
		},
		HttpHeaders: { "X-Meta-Token": canary("Header") },
		proxies: { default: { httpProxy: `http://me:${canary("DockerProxy")}@proxy.example:3128` } },
		currentContext: `x-${exampleOf("ghp_{a36}")}`,
	};
	place("home/.docker/config.json", JSON.stringify(config));
	place("home/.netrc", `machine git.example login joe password ${canary("HomeNetrc")}\n`);
	place("work/.git/config", `[remote "origin"]\n\turl = https://joe:${canary("Remote")}@git.example/x.git\n`);
	place("work/.git/HEAD", "ref: refs/heads/main\n");
	place("work/rust-toolchain.toml", `[toolchain]\nchannel = "token=${canary("Channel")}"\n`);
	place(
		"work/.gitea/workflows/ci.yml",
		`on: push\njobs:\n  build:\n    runs-on: nolabel # password ${canary("WorkflowComment")}\n    env: { A: ${canary("WorkflowEnv")} }\n    steps: []\n`,
	);
	place(
		"work/.runner",
		JSON.stringify({
			id: 1,
			token: canary("Runner"),
			address: `http://joe:${canary("Address")}@x`,
			labels: ["a:host "],
		}),
	);
	place(
		"work/config.yaml",
		`runner:\n  file: .runner\n  capacity: zero # ${canary("ConfigComment")}\n  envs: { A: ${canary("ConfigEnv")} }\ncache: { external_secret: &s ${canary("Cache")} }\nlog: { level: *s }\ncontainer:\n  docker_host: joe:${canary("DockerHost")}@dind\n  options: "--bogus -e A=${canary("Option")}"\n`,
	);
	place(
		"work/gitea-runner.service",
		`[Service]\nExecStart=/x daemon --token ${canary("Unit")}\nEnvironment=A=${canary("UnitEnv")}\n`,
	);
	place(
		"work/broken.yml",
		`version: 1\nservices: {x: "http://joe:${canary("BrokenPolicy")}@h/?key=${canary("BrokenQuery")}", y: [\n`,
	);
	place(
		"work/policy.yml",
		JSON.stringify({
			version: 1,
			profiles: {
				mine: {
					tools: { git: { version: "*", command: ["git", "--password", canary("Command")] }, rustc: "*" },
					docker: "required",
					registries: ["127.0.0.1:1"],
					services: [
						{
							name: "own",
							url: `http://joe:${canary("Service")}@127.0.0.1:1/api/tags?token=${canary("ServiceQuery")}`,
						},
					],
				},
			},
			accept: [{ check: "disk/free", reason: `password=${canary("Reason")}`, until: "2099-01-01" }],
		}),
	);
	ports.push(await serve(echo("Forge")), await serve(echo("Registry")), await serve(echo("ServiceAnswer")));
	await serve(
		(request, response) => {
			const info = {
				ServerVersion: `27.0 token=${canary("DockerVersion")}`,
				Labels: [`registry.token=${canary("DockerLabel")}`],
				HttpProxy: `http://me:${canary("EngineProxy")}@p`,
				Warnings: hostile("Engine"),
				ApiVersion: "1.47",
				MinAPIVersion: "1.24",
				DockerRootDir: `/x/password=${canary("Root")}`,
			};
			response
				.writeHead(200, { "content-type": "application/json" })
				.end(request.url?.endsWith("_ping") ? "OK" : JSON.stringify(info));
		},
		join(folder, "docker.sock"),
	);
});
afterAll(() => {
	for (const server of servers) server.close();
	rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
	readonly status: number | null;
	readonly texts: Readonly<Record<string, string>>;
}

/** Runs the built program, and gives everything that it wrote. */
async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
	const out = mkdtempSync(join(folder, "out-"));
	for (const file of ["outputs", "summary"]) writeFileSync(join(out, file), "");
	const child = spawn(
		process.execPath,
		words.map((word) => word.replace(/^dist\//, `${process.cwd()}/dist/`)),
		{
			cwd: join(folder, "work"),
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				PATH: path,
				HOME: join(folder, "home"),
				GITHUB_WORKSPACE: join(folder, "work"),
				RUNNER_TEMP: out,
				GITHUB_OUTPUT: join(out, "outputs"),
				GITHUB_STEP_SUMMARY: join(out, "summary"),
				DOCKER_HOST: `unix://${join(folder, "docker.sock")}`,
				...secretEnv(),
				...env,
			},
		},
	);
	const streams = { stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"] as const) child[name].on("data", (chunk) => (streams[name] += String(chunk)));
	const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
	const files = filesIn(out).map((file) => [file, readFileSync(file, "utf8")]);
	return { status, texts: { ...streams, ...Object.fromEntries(files), names: filesIn(out).join("\n") } };
}

function filesIn(directory: string): readonly string[] {
	return readdirSync(directory).flatMap((name) => {
		const file = join(directory, name);
		return statSync(file).isDirectory() ? filesIn(file) : [file];
	});
}

/** A text, and what it says when it is read as base64 at any alignment, as hex, as a URL, or as JSON, and that again. */
function readings(text: string, depth = 2): readonly string[] {
	if (depth === 0) return [text];
	const base64 = (text.match(/[A-Za-z0-9+/_-]{12,}/g) ?? []).flatMap((run) =>
		[0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), "base64").toString("latin1")),
	);
	const hex = (text.match(/(?:[0-9a-fA-F]{2} ?){8,}/g) ?? []).map((run) =>
		Buffer.from(run.replace(/ /g, ""), "hex").toString("latin1"),
	);
	const plain = text
		.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
		.replace(/\\/g, "");
	const url = text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
	const next = [base64.join("\n"), hex.join("\n"), plain, url].filter((other) => other !== text);
	return [text, text.replace(/\s/g, ""), ...next.flatMap((other) => readings(other, depth - 1))];
}

function leaksIn({ texts }: Outcome): readonly string[] {
	return Object.entries(texts).flatMap(([name, text]) =>
		readings(text).flatMap((reading) =>
			marks.flatMap((mark) => {
				const at = reading.indexOf(mark);
				return at < 0 ? [] : [`${name}: …${reading.slice(Math.max(0, at - 80), at + 60)}…`];
			}),
		),
	);
}

/** Every service that the checks ask, and every file that they read. */
const inputs = (): Record<string, string> => ({
	profile: "mine",
	policy: "policy.yml",
	token: canary("InputToken"),
	registries: JSON.stringify([`127.0.0.1:${ports[1]}`]),
	services: JSON.stringify([
		{
			name: "own",
			url: `http://joe:${canary("InputService")}@127.0.0.1:${ports[2]}/api/tags?key=${canary("InputQuery")}`,
		},
	]),
	"runner-config": "config.yaml",
	workflows: ".gitea/workflows/*.yml",
});
const job = (): Record<string, string> => ({
	GITHUB_ACTIONS: "true",
	GITEA_ACTIONS: "true",
	GITHUB_SERVER_URL: `http://joe:${canary("Server")}@127.0.0.1:${ports[0]}`,
	GITHUB_API_URL: `http://127.0.0.1:${ports[0]}/api/v1`,
	GITHUB_REPOSITORY: "acme/widgets",
	GITHUB_RUN_ID: "1",
	GITHUB_JOB: "build",
	ACTIONS_CACHE_URL: `http://127.0.0.1:${ports[0]}/${canary("CachePath")}/`,
});
const asEnv = (given: Readonly<Record<string, string>>) =>
	Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
const asFlags = (given: Readonly<Record<string, string>>) =>
	Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);

describe("a secret reaches no output", () => {
	it.each(["mine", "auto"])("of the action, with the profile %s", async (profile) => {
		const outcome = await run(["dist/main.js"], {
			...job(),
			...asEnv({ ...inputs(), profile, formats: "json,junit,prometheus,markdown" }),
		});
		expect(outcome.status).toBe(1);
		expect(Object.keys(outcome.texts).filter((name) => /report\.json|junit|prom|summary\.md/.test(name))).toHaveLength(
			4,
		);
		expect(outcome.texts.stdout).toContain("***");
		expect(leaksIn(outcome)).toEqual([]);
	});

	it.each(["text", "lines", "json", "junit", "prometheus", "markdown"])("of check --format %s", async (format) => {
		const outcome = await run(["dist/cli.js", "check", ...asFlags({ ...inputs(), format })], job());
		expect(outcome.status).toBe(1);
		expect(outcome.texts.stdout?.length).toBeGreaterThan(200);
		expect(leaksIn(outcome)).toEqual([]);
	});

	it("of policy, init, lint, replay, diff and explain", async () => {
		const { texts } = await run(["dist/cli.js", "check", ...asFlags({ ...inputs(), format: "json" })], job());
		// A report from elsewhere, with secrets in it.
		const report = JSON.parse(texts.stdout ?? "");
		report.runner.name = `password=${canary("Report")}`;
		report.facts.os.value.name = hostile("Report").join("\n");
		const stranger = JSON.stringify(report);
		const [one, other] = [join(folder, "one.json"), join(folder, "other.json")];
		writeFileSync(one, texts.stdout ?? "");
		writeFileSync(other, stranger);
		const commands: readonly (readonly string[])[] = [
			["policy", "--profile", "mine", "--policy", "policy.yml"],
			["policy", "--policy", "broken.yml"],
			["check", "--registries", `[joe:${canary("Registry")}@127.0.0.1:1]`],
			["init", ...asFlags(inputs())],
			["replay", other],
			["replay", other, "--policy", "broken.yml", "--profile", "mine"],
			["diff", one, other],
			["replay", "policy.yml"],
			["explain", `https://joe:${canary("Word")}@x`],
			["lint", "config.yaml", ".runner", "gitea-runner.service", ".gitea/workflows/ci.yml"],
			["lint", "--format", "json", "config.yaml", ".runner", "gitea-runner.service", ".gitea/workflows/ci.yml"],
			["lint", "broken.yml", "policy.yml"],
			["lint", `https://joe:${canary("File")}@x`],
			[`--token=${canary("Typo")}`, "--bogus", canary("InputToken")],
			["check", "--token", canary("Typo"), "--profile", canary("Typo")],
		];
		for (const words of commands) {
			const outcome = await run(["dist/cli.js", ...words], job());
			expect(`${outcome.texts.stdout}${outcome.texts.stderr}`.length, words.join(" ")).toBeGreaterThan(20);
			expect(leaksIn(outcome), words.join(" ")).toEqual([]);
		}
	}, 120_000);

	it("of a mistyped input", async () => {
		const mistyped = (name: string): readonly string[] => [
			`https://joe:${canary(name)}@h.example/?x=${canary("Query")}`,
			`http:///joe:${canary(name)}/1@h.example`,
			`[x: {password: ${canary(name)}}`,
			`token=${canary(name)}`,
			`${canary("Path")}: https://joe:${canary(name)}@h, ${"x".repeat(150)} https://joe:${canary("Cut")}@h`.slice(
				canary("Path").length + 2,
			),
		];
		for (const name of inputNames) {
			// The directory of reports has the name that it is given.
			if (name === "report-dir") continue;
			for (const value of name === "token" ? [canary("X")] : mistyped(name.replace(/\W/g, ""))) {
				// What tools print is the business of the tests above.
				const quiet = { PATH: process.env.PATH ?? "" };
				const given = { profile: "generic", [name]: value };
				for (const outcome of [
					await run(["dist/main.js"], { ...asEnv(given), ...quiet }),
					...(name === "summary" || name === "formats" ? [] : [await run(["dist/cli.js", ...asFlags(given)], quiet)]),
				]) {
					expect(leaksIn(outcome), `${name}: ${value}`).toEqual([]);
				}
			}
		}
	}, 240_000);
});
