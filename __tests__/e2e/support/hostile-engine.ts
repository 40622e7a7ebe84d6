import { createServer, type ServerResponse } from "node:http";
import { hostname } from "node:os";
import { hostile, payload } from "./hostile-texts.ts";
import { listening } from "./sockets.ts";

/** The answer to one question: JSON, or whatever `respond` sends. */
type Answer = { status?: number; json: unknown } | { respond: (response: ServerResponse) => void };
/** Maps the beginning of a path to its answer. The longest match wins. */
export type Answers = Readonly<Record<string, Answer>>;

/** Answers like an engine on a Unix socket, until it is disposed. */
export function hostileEngine(socket: string, answers: Answers): Promise<AsyncDisposable & { path: string }> {
	const prefixes = Object.keys(answers).sort((a, b) => b.length - a.length);
	const server = createServer((request, response) => {
		const path = (request.url ?? "").replace(/^\/v[\d.]+(?=\/)/, "");
		const answer = answers[prefixes.find((prefix) => path.startsWith(prefix)) ?? ""];
		response.setHeader("Content-Type", "application/json");
		response.setHeader("Server", `Docker/26.1.5 ${hostile("header").replace(/[^ -~]/g, "")}`);
		// An engine rejects the invalid request that asks whether a proxy keeps it back.
		if (answer === undefined)
			response.writeHead(request.method === "POST" ? 400 : 404).end('{"message":"page not found"}');
		else if ("respond" in answer) answer.respond(response);
		else response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.json));
	});
	return listening(server, socket);
}

const names = (place: string, count: number) => Array.from({ length: count }, () => hostile(place));

/** `GET /version`. `release` is a real one, so that no check finds fault with it. */
export const version = (release: string) => ({
	Version: `${release} ${hostile("version")}`,
	ApiVersion: "1.45",
	MinAPIVersion: "1.24",
	Components: [{ Name: hostile("component"), Version: hostile("component") }, ...payload.split("\n").map(component)],
});
const component = (line: string) => ({ Name: line, Version: line });
/** Podman gets a finding that names it, and all other checks still run. */
export const podman = {
	...version("4.3.1"),
	Components: [{ Name: `Podman ${hostile("component")}`, Version: hostile("component") }],
};

export const info = {
	...{ Name: hostile("name"), OperatingSystem: hostile("os"), Driver: hostile("driver") },
	...{ DockerRootDir: `/${hostile("directory")}`, CgroupDriver: hostile("cgroup"), DefaultRuntime: hostile("runtime") },
	SecurityOptions: names("security", 3),
	// The first one is a finding.
	Warnings: [`API is accessible on ${hostile("warning")} without encryption`, ...payload.split("\n")],
};

/** Too many unused volumes, and networks left by past jobs. */
export const storage = {
	"/system/df": { json: { ImageUsage: { TotalCount: 1 }, BuildCacheUsage: {} } },
	"/volumes": { json: { Volumes: names("volume", 60).map((Name) => ({ Name })) } },
	"/networks": {
		json: names("network", 20).map((Name) => ({ Id: Name, Name, Labels: { "com.gitea.runner.job": Name } })),
	},
	"/containers/json": { json: [] },
} satisfies Answers;

/** The job's own container under any name. Its workspace has another path on the engine's host. */
export function container(workspace: string): Answers {
	return {
		"/containers/": {
			respond(response) {
				const [, name = ""] = /\/containers\/([^/]*)\/json/.exec(response.req.url ?? "") ?? [];
				const record = {
					Id: name,
					Image: "sha256:0123",
					Config: { Hostname: hostname(), Image: hostile("image"), User: hostile("user"), Labels: {} },
					HostConfig: { Binds: names("bind", 2) },
					Mounts: [{ Type: "bind", Source: hostile("mount"), Destination: workspace, RW: true }],
				};
				response.end(JSON.stringify(record));
			},
		},
		"/images/": {
			json: { RepoTags: names("tag", 2), RepoDigests: names("digest", 2), Created: "2026-01-01T00:00:00Z" },
		},
	};
}

/** An error, in the form that engines use. */
export const failure = (place: string): Answer => ({ status: 500, json: { message: hostile(place) } });

/** Not JSON. */
export const page = (text: string): Answer => ({
	respond: (response) => void response.end(`${text}\n${payload}`),
});

/** An answer that begins well and continues until the client closes the connection. */
export const endless: Answer = {
	respond(response) {
		response.write(`{"Version":${JSON.stringify(hostile("version"))},"Padding":"`);
		const padding = "::error::pwned ".repeat(5000);
		const more = () => {
			while (!response.destroyed && response.write(padding));
		};
		response.on("drain", more);
		more();
	},
};
