import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { checkout } from "./project.ts";
import { must } from "./run.ts";

/** A forge that has this action as `fortemi/runner-check@v1`, for runners to fetch it as they do in reality. */
export async function startForge(folder: string): Promise<AsyncDisposable & { url: string }> {
	const source = await checkout(join(folder, "source"));
	await must("git", ["tag", "v1"], { cwd: source });
	await mkdir(join(folder, "git/fortemi"), { recursive: true });
	await must("git", ["clone", "--quiet", "--bare", source, join(folder, "git/fortemi/runner-check")]);

	const server = createServer((request, response) => serveGit(join(folder, "git"), request, response));
	await once(server.listen(0, "127.0.0.1"), "listening");
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
