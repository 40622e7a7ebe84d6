import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { release as releaseSources } from "../../../scripts/release.mjs";
import { version } from "../../../src/version.ts";
import { copySources, git, releasedParts, setVersion } from "../../support/sources.ts";

/** A forge that holds this action as it is released. */
export interface Forge extends AsyncDisposable {
	url: string;
	/** The folder of its bare repositories, `fortemi/runner-check` among them. */
	repositories: string;
	/** Releases the next version, which has the same files. */
	release(version: string): Promise<void>;
}

/** A forge that has this action as `fortemi/runner-check@v1`, for runners to fetch it as they do in reality. */
export async function startForge(folder: string): Promise<Forge> {
	const repositories = join(folder, "git");
	const root = await copySources(join(folder, "source"), releasedParts);
	const remote = join(repositories, "fortemi/runner-check");
	await mkdir(remote, { recursive: true });
	git(remote, "init", "--quiet", "--bare", "--initial-branch=main");
	git(root, "push", "--quiet", remote, "main");
	const release = (next: string) => releaseSources({ root, remote, version: next, test: [], print: () => {} });
	release(version);

	const server = createServer((request, response) => serveGit(repositories, request, response));
	await once(server.listen(0, "127.0.0.1"), "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		repositories,
		async release(next) {
			await setVersion(root, next);
			release(next);
		},
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

/** Hands a request to git's own CGI program. */
function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
	const { pathname, search } = new URL(request.url ?? "/", "http://forge");
	const cgi = spawn("git", ["http-backend"], {
		env: {
			PATH: process.env.PATH,
			GIT_PROJECT_ROOT: root,
			GIT_HTTP_EXPORT_ALL: "1",
			REQUEST_METHOD: request.method,
			PATH_INFO: pathname,
			QUERY_STRING: search.slice(1),
			CONTENT_TYPE: request.headers["content-type"],
			HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
			HTTP_GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
		},
		stdio: ["pipe", "pipe", "inherit"],
	});
	request.pipe(cgi.stdin);
	const chunks: Buffer[] = [];
	cgi.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
	cgi.once("close", () => {
		const answer = Buffer.concat(chunks);
		const end = answer.indexOf("\r\n\r\n");
		const headers = answer.subarray(0, end).toString().split("\r\n");
		for (const header of headers) {
			const [name = "", value = ""] = header.split(/:\s*(.*)/);
			if (name === "Status") response.statusCode = Number.parseInt(value, 10);
			else response.setHeader(name, value);
		}
		response.end(answer.subarray(end + 4));
	});
}
