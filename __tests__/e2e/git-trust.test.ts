import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, Result } from "../../src/report/report.ts";

/** A forge with a certificate of a company's authority, against the built program and the real git. */
const root = mkdtempSync(join(tmpdir(), "git-trust-"));
const at = (name: string): string => join(root, name);
const asked: string[] = [];
let url = "";

const server = { close: () => undefined as unknown };
beforeAll(async () => {
	writeFileSync(at("names"), "subjectAltName=DNS:localhost");
	const openssl = (command: string) => execFileSync("openssl", command.split(" "), { cwd: root, stdio: "pipe" });
	openssl("req -x509 -newkey rsa:2048 -nodes -days 90 -keyout ca.key -out ca.pem -subj /CN=corp");
	openssl("req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=localhost");
	openssl("x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 60 -extfile names -out cert.pem");
	const tls = { key: readFileSync(at("key.pem")), cert: readFileSync(at("cert.pem")) };
	const forge = createServer(tls, (request, response) => {
		asked.push(request.url ?? "");
		if (request.url === "/api/v1/version") response.end('{"version":"1.27.0"}');
		else response.writeHead(401, { "www-authenticate": 'Basic realm="Gitea"' }).end();
	});
	await new Promise<void>((resolve) => forge.listen(0, "127.0.0.1", resolve));
	url = `https://localhost:${(forge.address() as AddressInfo).port}`;
	server.close = () => forge.close();
	writeFileSync(at("helper"), `#!/bin/sh\ntouch ${at("stolen")}\n`);
	chmodSync(at("helper"), 0o755);
});
afterAll(() => {
	server.close();
	rmSync(root, { recursive: true, force: true });
});

/** @param prepare Run before, in a mount namespace of its own. */
async function check(
	env: NodeJS.ProcessEnv,
	prepare = "true",
): Promise<{ server: Result; requests: readonly string[] }> {
	asked.length = 0;
	const args = [
		"--mount",
		"sh",
		"-c",
		`${prepare} && exec "$0" "$@"`,
		process.execPath,
		"dist/cli.js",
		"--format",
		"json",
	];
	const job = { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", GITHUB_SERVER_URL: url };
	const child = spawn("unshare", args, { env: { PATH: "/usr/bin:/bin", HOME: root, ...job, ...env } });
	let text = "";
	child.stdout.on("data", (chunk) => {
		text += chunk;
	});
	await new Promise((resolve) => child.on("close", resolve));
	const found = (JSON.parse(text) as Report).results.find(({ id }) => id === "runner/server");
	if (!found) throw new Error("no runner/server");
	return { server: found, requests: [...asked] };
}

const bundle = "/etc/ssl/certs/ca-certificates.crt";
const withAuthority = () =>
	`cat ${bundle} ${at("ca.pem")} > ${at("all.pem")} && mount --bind ${at("all.pem")} ${bundle}`;

describe("a forge that Node trusts because of NODE_EXTRA_CA_CERTS", () => {
	it("is not trusted by git, if the system does not know the authority", async () => {
		const { server: found } = await check({ NODE_EXTRA_CA_CERTS: at("ca.pem") });
		expect(found).toMatchObject({ status: "fail", reason: "git-tls-untrusted" });
		expect(found.message).toContain(at("ca.pem"));
		expect(found.observed).toMatch(/certificate/);
	});

	it("is trusted by both after the fix, and then git is not asked", async () => {
		const { server: found, requests } = await check({ NODE_EXTRA_CA_CERTS: at("ca.pem") }, withAuthority());
		expect(found).toMatchObject({ status: "pass" });
		expect(requests).toEqual(["/api/v1/version"]);
	});

	it("is trusted by git, if its configuration names the authority, and no helper for logins is started", async () => {
		const config = `[http "${url}/"]\n\tsslCAInfo = ${at("ca.pem")}\n[credential]\n\thelper = ${at("helper")}\n[core]\n\taskPass = ${at("helper")}\n`;
		writeFileSync(at(".gitconfig"), config);
		const { server: found, requests } = await check({ NODE_EXTRA_CA_CERTS: at("ca.pem") });
		rmSync(at(".gitconfig"));
		expect(found).toMatchObject({ status: "pass" });
		expect(requests).toContain("/info/refs?service=git-upload-pack");
		expect(() => readFileSync(at("stolen"))).toThrow();
	});
});

it("a system without authorities is told, also if Node has its own", async () => {
	const nothing = `mount -t tmpfs tmpfs ${bundle.replace(/\/[^/]*$/, "")}`;
	const { server: found } = await check({ NODE_EXTRA_CA_CERTS: at("ca.pem") }, nothing);
	expect(found).toMatchObject({ status: "fail", reason: "git-tls-untrusted" });
	expect(found.message).toContain("`ca-certificates` is not installed");
});
