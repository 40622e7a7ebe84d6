import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { registryFamily } from "../../src/checks/network/registry.ts";
import { collectFacts } from "../../src/collect.ts";
import { judgeAll, probesOf } from "../../src/engine.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { createPolicy, createRequest } from "../support/builders.ts";
import { runFolder } from "./support/cache.ts";
import { Cleanup } from "./support/cleanup.ts";
import { unpackedPackages } from "./support/debian.ts";
import { Engine } from "./support/engine.ts";
import { freePort } from "./support/free-port.ts";

const world = inject("world");
const user = "build";
const password = "s3cr3t";
/** bcrypt of the password: the only kind that the registry takes. */
const passwords = `${user}:$2y$05$abcdefghijklmnopqrstuu9Avu/WgbsK7g7xfCY1X3pdjsTgxqQLS\n`;
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

let cleanup: Cleanup;
let folder: string;
/** Registries of Debian's package: one for everybody, and one that wants a login. */
let open: string;
let closed: string;
beforeAll(async () => {
	cleanup = new Cleanup();
	folder = await mkdtemp(join(tmpdir(), "runner-check-registry-"));
	cleanup.add(() => rm(folder, { recursive: true, force: true }));
	await writeFile(join(folder, "passwords"), passwords);
	open = await startRegistry("open", "");
	closed = await startRegistry("closed", `auth: { htpasswd: { realm: test, path: ${join(folder, "passwords")} } }\n`);
	for (const registry of [open, closed]) await pushImage(registry, "fortemi/builder", "latest");
}, 300_000);
afterAll(() => cleanup[Symbol.asyncDispose]());

async function startRegistry(name: string, auth: string): Promise<string> {
	const program = `${await unpackedPackages("bookworm", ["docker-registry"])}/usr/bin/docker-registry`;
	const address = `127.0.0.1:${await freePort()}`;
	const config = join(folder, `${name}.yml`);
	const storage = `storage: { filesystem: { rootdirectory: ${join(folder, name)} } }`;
	await writeFile(config, `version: 0.1\nlog: { level: error }\n${storage}\nhttp: { addr: "${address}" }\n${auth}`);
	const registry = spawn(program, ["serve", config], { stdio: "ignore" });
	cleanup.add(async () => {
		const ended = once(registry, "exit");
		registry.kill();
		await ended;
	});
	for (let tries = 0; tries < 100; tries++) {
		const answers = await fetch(`http://${address}/v2/`).then(
			() => true,
			() => false,
		);
		if (answers) return address;
		await sleep(50);
	}
	throw new Error(`the registry ${name} did not start`);
}

/** An image of no layers, pushed as a client does it. */
async function pushImage(registry: string, repository: string, tag: string): Promise<void> {
	const base = `http://${registry}/v2/${repository}`;
	const send = async (method: string, url: string, body?: string, type?: string) => {
		const headers = { authorization, ...(type !== undefined && { "content-type": type }) };
		const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
		if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
		return answer;
	};
	const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
	const digest = `sha256:${createHash("sha256").update(config).digest("hex")}`;
	const upload = await send("POST", `${base}/blobs/uploads/`);
	const place = new URL(upload.headers.get("location") ?? "", base);
	place.searchParams.set("digest", digest);
	await send("PUT", place.href, config, "application/octet-stream");
	const mediaType = "application/vnd.oci.image.manifest.v1+json";
	const described = { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: config.length };
	const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: described, layers: [] });
	await send("PUT", `${base}/manifests/${tag}`, manifest, mediaType);
}

/** What was said of each entry. */
const messages: string[] = [];

/** Looks at one entry of `registries` with a login, or none. */
async function judged(entry: string, login?: string, env: Record<string, string> = {}) {
	const home = await mkdtemp(join(folder, "home-"));
	if (login !== undefined) {
		await mkdir(join(home, ".docker"));
		const auth = Buffer.from(login).toString("base64");
		await writeFile(join(home, ".docker/config.json"), JSON.stringify({ auths: { [closed]: { auth } } }));
	}
	const policy = createPolicy({ registries: [entry] });
	const checks = registryFamily.expand(policy);
	const facts = await collectFacts(probesOf(checks), createRealHost({ HOME: home, ...env }), createRequest({ policy }));
	expect(JSON.stringify(facts)).not.toContain(password);
	const [result] = judgeAll(checks, facts, policy, { started: new Date().toISOString() });
	messages.push(result?.message ?? "");
	return `${result?.status}${result?.reason === undefined ? "" : `:${result.reason}`}`;
}

describe("a registry for everybody", () => {
	test.each([
		["fortemi/builder:latest", "pass"],
		["", "pass"],
		["fortemi/builder:gpu", "fail:not-found"],
		["fortemi/nothing", "fail:not-found"],
	])("%s", async (image, expected) => {
		expect(await judged(`${open}/${image}`)).toBe(expected);
	});
});

describe("a registry that wants a login", () => {
	test.each([
		["fortemi/builder:latest", undefined, "fail:unauthorized"],
		["", undefined, "fail:unauthorized"],
		["fortemi/builder:latest", `${user}:wrong`, "fail:unauthorized"],
		["fortemi/builder:latest", `${user}:${password}`, "pass"],
		["", `${user}:${password}`, "pass"],
		["fortemi/nothing", `${user}:${password}`, "fail:not-found"],
	])("%s with %s", async (image, login, expected) => {
		expect(await judged(`${closed}/${image}`, login)).toBe(expected);
	});
});

describe("a login in DOCKER_AUTH_CONFIG", () => {
	const variable = (login: string) =>
		JSON.stringify({ auths: { [closed]: { auth: Buffer.from(login).toString("base64") } } });

	test.each([
		[`${user}:${password}`, `${user}:wrong`, "pass"],
		[`${user}:wrong`, `${user}:${password}`, "fail:unauthorized"],
	])("%s, with %s in config.json", async (inVariable, inFile, expected) => {
		// Without the Docker CLI of this machine, which may be too old to read the variable.
		const env = { DOCKER_AUTH_CONFIG: variable(inVariable), PATH: "/nowhere" };
		expect(await judged(`${closed}/fortemi/builder:latest`, inFile, env)).toBe(expected);
	});
});

describe("an engine with a mirror of Docker Hub", () => {
	test("pulls from it, and so the image can be pulled", async () => {
		await pushImage(open, "library/debian", "12");
		const parent = await runFolder("engine");
		cleanup.add(() => rm(parent, { recursive: true, force: true }));
		const mirrors = [`http://127.0.0.1:${await freePort()}`, `http://${open}`];
		const args = mirrors.map((mirror) => `--registry-mirror=${mirror}`);
		const engine = cleanup.use(await Engine.start({ folder: join(parent, "engine"), path: world.enginePath, args }));
		const env = { DOCKER_HOST: `unix://${engine.socket}` };
		expect(await judged("debian:12", undefined, env)).toBe("pass");
		expect(messages.at(-1)).toContain(`from the daemon's mirror \`http://${open}\``);
		expect(await judged("debian:13", undefined, env)).toMatch(/^fail:/);
		expect(messages.at(-1)).toContain("(status 404) were asked first");
	}, 60_000);
});
