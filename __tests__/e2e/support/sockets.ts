import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { Cleanup } from "./cleanup.ts";
import { Engine } from "./engine.ts";
import type { World } from "./world.ts";

/** What can lie at /var/run/docker.sock in place of a good engine's socket. */
export type BrokenSocket =
	| "directory"
	| "plain-file"
	| "stale"
	| "stopped"
	| "silent"
	| "drip"
	| "garbage"
	| "http-500"
	| "world-writable"
	| "minimum-api-1.44";

export type BrokenSockets = AsyncDisposable & { readonly [kind in BrokenSocket]: string };

/** One of each, alive until disposed. */
export async function brokenSockets(world: World, folder: string): Promise<BrokenSockets> {
	await mkdir(folder);
	const directory = join(folder, "directory.sock");
	await mkdir(directory);
	const plainFile = join(folder, "plain-file.sock");
	await writeFile(plainFile, "");

	const cleanup = new Cleanup();
	try {
		const listen = async (name: string, server: Server) =>
			cleanup.use(await listening(server, join(folder, `${name}.sock`))).path;
		const engine = async (name: string, options: { env?: NodeJS.ProcessEnv; args?: string[] } = {}) =>
			cleanup.use(await Engine.start({ folder: join(folder, name), path: world.enginePath, ...options }));

		const stopped = await engine("stopped");
		await stopped.crash();
		const open = await engine("open");
		await chmod(open.socket, 0o666);
		const modern = await engine("modern", { env: { DOCKER_MIN_API_VERSION: "1.44" } });
		return {
			directory,
			"plain-file": plainFile,
			stale: await abandonedSocket(join(folder, "stale.sock")),
			stopped: stopped.socket,
			silent: await listen("silent", createServer()),
			drip: await listen(
				"drip",
				createHttpServer((_, response) => drip(response)),
			),
			garbage: await listen(
				"garbage",
				createServer((connection) => void connection.end("\u0000\u0007 220 mail.example ESMTP ready\r\n")),
			),
			"http-500": await listen(
				"http-500",
				createHttpServer((_, response) => response.writeHead(500).end('{"message":"layer store is corrupt"}')),
			),
			"world-writable": open.socket,
			"minimum-api-1.44": modern.socket,
			[Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
		};
	} catch (error) {
		await cleanup[Symbol.asyncDispose]();
		throw error;
	}
}

/** A server on a socket, until it is disposed: then it hangs up on whoever is still connected. */
export async function listening(server: Server, path: string): Promise<AsyncDisposable & { path: string }> {
	const connections = new Set<Socket>();
	server.on("connection", (connection) => {
		connections.add(connection);
		connection.on("error", () => {}).on("close", () => connections.delete(connection));
	});
	await once(server.listen(path), "listening");
	return {
		path,
		async [Symbol.asyncDispose]() {
			for (const connection of connections) connection.destroy();
			server.close();
			await once(server, "close");
		},
	};
}

/** Begins an answer as a good engine does, and never comes to its end. */
function drip(response: ServerResponse): void {
	response.writeHead(200, { "Content-Type": "application/json", "Api-Version": "1.45" });
	const drop = setInterval(() => response.write(" "), 200);
	response.on("close", () => clearInterval(drop));
}

/** A socket whose owner died without removing it. */
async function abandonedSocket(path: string): Promise<string> {
	const listen =
		'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
	await once(spawn(process.execPath, ["-e", listen, path]), "exit");
	return path;
}
