import type { HttpOutcome, HttpRequest } from "../../../src/host/host.ts";
import { answered, exited } from "../../support/fake-host.ts";
import type { State } from "../states.ts";
import { engineWith } from "./docker.ts";
import { type Change, directory, ended, refused, variablesOf } from "./machine.ts";

/** How Node words what a server, its name or its certificate did. From the recordings of Node in `misc` where there is one. */
const failures: Readonly<Record<string, HttpOutcome>> = {
	refused: refused("ECONNREFUSED", "connect ECONNREFUSED 192.0.2.10"),
	"no route": refused("ENETUNREACH", "connect ENETUNREACH 198.51.100.7:443 - Local (0.0.0.0:0)"),
	"unknown ca": refused("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
	"self-signed": refused("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
	expired: refused("CERT_HAS_EXPIRED", "certificate has expired"),
	notyet: refused("CERT_NOT_YET_VALID", "certificate is not yet valid"),
	wronghost: refused("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames"),
	oldtls: refused("EPROTO", "SSL routines:ssl3_read_bytes:tlsv1 alert protocol version: SSL alert number 70"),
	eof: refused("ECONNRESET", "Client network socket disconnected before secure TLS connection was established"),
	nxdomain: refused("ENOTFOUND", "getaddrinfo ENOTFOUND nx.example"),
	servfail: refused("EAI_AGAIN", "getaddrinfo EAI_AGAIN sf.example"),
	hang: { kind: "timed-out" },
	"proxy 407": refused("HTTP_407", "the proxy answers 407", "proxy"),
	"proxy 403": refused("HTTP_403", "the proxy answers 403", "proxy"),
	"proxy refused": refused("ECONNREFUSED", "connect ECONNREFUSED 192.0.2.10:3130", "proxy"),
	"proxy nxdomain": refused("ENOTFOUND", "getaddrinfo ENOTFOUND nx.proxy", "proxy"),
};

/** State -> its failure, for registries and for the forge. */
const failureOf: readonly (readonly [RegExp, keyof typeof failures])[] = [
	[/nothing listens on the port of the proxy/, "proxy refused"],
	[/the proxy's name does not exist/, "proxy nxdomain"],
	[/the proxy .*(?:wants a login)|and it wants a login/, "proxy 407"],
	[/the proxy .*forbids/, "proxy 403"],
	[/nothing listens/, "refused"],
	[/no route/, "no route"],
	[/unknown CA/, "unknown ca"],
	[/self-signed/, "self-signed"],
	[/expired/, "expired"],
	[/not valid yet|notyet/, "notyet"],
	[/for another name|wronghost/, "wronghost"],
	[/only old TLS/, "oldtls"],
	[/closes the connection/, "eof"],
	[/name does not exist/, "nxdomain"],
	[/name server/, "servfail"],
	[/says nothing/, "hang"],
];

function failureIn(name: string): HttpOutcome | undefined {
	const key = failureOf.find(([pattern]) => pattern.test(name))?.[1];
	return key === undefined ? undefined : failures[key];
}

/** Machines of `misc` that are about the forge, and git. */
export function forgeMachine({ name, recordings }: State): Change {
	const said = recordings.find((one) => one.command.includes("git ") && one.name.includes("git"));
	const run: Change["run"] = ([path, ...args]) => {
		if (!path?.endsWith("/git") || args[0] === "--version") return undefined;
		return args.includes("ls-remote") && said ? ended(said) : undefined;
	};
	if (name === "workspace of another user") {
		const repository = "/lab/np/repo";
		const files = { [repository]: directory(0, 0o777), [`${repository}/.git`]: directory(0, 0o777) };
		return {
			workspace: repository,
			// 1000 may write here, but git asks whose it is.
			machine: { uid: 1234, gid: 1234, groups: [1234, 998], files, env: { GITHUB_WORKSPACE: repository } },
			run: ([path, ...args]) => {
				if (path !== "git" || args[0] === "--version") return undefined;
				if (args.includes("config")) return exited("", 1);
				return recordings[0] && ended(recordings[0]);
			},
		};
	}
	if (name === "forge answers 403") return { run, request: onForge(answered("forbidden", 403)) };
	const failure = failureIn(name);
	if (!failure) throw new Error(`no machine for ${name}`);
	const env = recordings
		.map(({ command }) => variablesOf(command))
		.find((one) => Object.keys(one).some((key) => /proxy/i.test(key)));
	return { run, machine: { ...(env && { env: proxyOf(env) }) }, request: onForge(failure) };
}

/** Its proxy, without the settings of npm. */
function proxyOf(env: Record<string, string | undefined>): Record<string, string | undefined> {
	return Object.fromEntries(Object.entries(env).filter(([key]) => /^https?_proxy$/i.test(key)));
}

function onForge(outcome: HttpOutcome): NonNullable<Change["request"]> {
	return (request) => ("socket" in request.to ? undefined : outcome);
}

const unversioned = { "content-type": "application/json", "docker-distribution-api-version": "registry/2.0" };

function error(status: number, code: string, message: string, headers: Record<string, string> = {}): HttpOutcome {
	return answered({ errors: [{ code, message }] }, status, { ...unversioned, ...headers });
}

const bearer = { "www-authenticate": 'Bearer realm="http://registry.test:5000/token",service="registry.test"' };
const index = "application/vnd.docker.distribution.manifest.list.v2+json";
const arm = { manifests: [{ digest: `sha256:${"a".repeat(64)}`, platform: { os: "linux", architecture: "arm64" } }] };

/** State -> what the registry answered, from what Docker said about it. */
const replies: Readonly<Record<string, HttpOutcome>> = {
	'registry answers "manifest unknown"': error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
	'registry answers "name unknown"': error(404, "NAME_UNKNOWN", "repository name not known to registry"),
	'registry answers 403 "denied"': error(403, "DENIED", "denied"),
	'registry answers 401 "authentication required"': error(401, "UNAUTHORIZED", "authentication required"),
	"registry answers 429": error(429, "TOOMANYREQUESTS", "You have reached your pull rate limit."),
	"registry answers 503": answered("", 503),
	"registry answers 500": answered("", 500),
	"image exists for arm64 only": answered(arm, 200, {
		...unversioned,
		"content-type": index,
		"docker-content-digest": `sha256:${"b".repeat(64)}`,
	}),
	"a web page instead of a manifest": answered("<html></html>", 200, { "content-type": "text/html" }),
	"registry wants a login (Basic)": error(401, "UNAUTHORIZED", "authentication required", {
		"www-authenticate": 'Basic realm="registry"',
	}),
	// Node, unlike Docker, accepts a certificate that has its name only in the common name.
	"certificate with a common name only": {
		...answered("", 200, { ...unversioned, "docker-content-digest": `sha256:${"b".repeat(64)}` }),
		certificate: { from: "2026-01-01T00:00:00.000Z", until: "2036-01-01T00:00:00.000Z", commonNameOnly: true },
	},
};

const tokens: Readonly<Record<string, HttpOutcome>> = {
	"token server answers 403": answered({ details: "denied" }, 403),
	"token server answers 401": answered({ details: "incorrect username or password" }, 401),
	"token server answers 429": answered({ details: "Rate exceeded" }, 429),
	"token server answers 500": answered("", 500),
};

/** A server without TLS, asked with TLS. */
const noTls = refused("EPROTO", "write EPROTO SSL routines:ssl3_get_record:wrong version number");

/** Machines of `registry`. */
export function registryMachine({ name, recordings }: State): Change {
	const [recording] = recordings;
	if (!recording) throw new Error(name);
	if (name.startsWith("Docker CLI ")) return clientMachine(name, recording.note ?? "");
	const image = imageIn(recording.command);
	const [host = ""] = image.split("/");
	const policy = { registries: [image] };
	const failure = failureIn(name);
	if (failure) {
		const proxy = /HTTPS_PROXY=(\S+)/.exec(recording.note ?? "")?.[1];
		return { policy, machine: { ...(proxy && { env: { https_proxy: proxy } }) }, request: onRegistry(() => failure) };
	}
	// The recorded daemon has these two in `insecure-registries`.
	const insecure = name !== "registry without TLS" && /:500[01]$/.test(host);
	const info = insecure ? { RegistryConfig: { IndexConfigs: { [host]: { Secure: false } } } } : {};
	const engine = engineWith(info);
	const served = onRegistry((request) => {
		if (!("socket" in request.to) && request.to.tls && (insecure || name === "registry without TLS")) return noTls;
		if (request.path.startsWith("/token")) return tokens[name] ?? answered({}, 404);
		return withoutBody(
			request,
			tokens[name] ? error(401, "UNAUTHORIZED", "authentication required", bearer) : replies[name],
		);
	});
	return { policy, request: (request) => engine(request) ?? served(request) };
}

function withoutBody({ method }: HttpRequest, outcome: HttpOutcome | undefined): HttpOutcome {
	if (!outcome) return answered("", 200, unversioned);
	return method === "HEAD" && outcome.kind === "answered" ? { ...outcome, body: "" } : outcome;
}

function onRegistry(reply: (request: HttpRequest) => HttpOutcome): NonNullable<Change["request"]> {
	return (request) => ("socket" in request.to || request.to.host === "forge.example" ? undefined : reply(request));
}

/** The image of `docker pull`, or the registry of `docker login`. Docker Hub's are without a host. */
function imageIn(command: string): string {
	return command.trim().split(" ").at(-1) ?? "";
}

/** The CLI's configuration that the note shows. */
function clientMachine(name: string, note: string): Change {
	const config = "/home/runner/.docker";
	const text = /config\.json(?: =)? (\{.*?\}?)(?:; registry accepts the login)?$/.exec(note)?.[1] ?? "";
	const release = /^Docker CLI ([\d.]+)/.exec(name)?.[1] ?? "";
	return {
		machine: { files: { [config]: directory(1000, 0o700), [`${config}/config.json`]: text } },
		run: ([path, ...args]) =>
			path?.endsWith("/docker") && args[0] === "--version"
				? exited(`Docker version ${release}, build 0000000\n`)
				: undefined,
	};
}
