import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { usualAuthorities } from "./ask-url.ts";
import { bounded } from "./docker-endpoint.ts";
import { runGit } from "./git.ts";
import { absolute } from "./paths.ts";

/** Whether git trusts the forge's certificate, as Node does. */
export type GitTrust =
	| { readonly kind: "trusts" | "unknown" }
	| {
			readonly kind: "distrusts";
			/** What git says. */
			readonly message: string;
			/** The file that makes Node trust it (NODE_EXTRA_CA_CERTS). */
			readonly extra?: string;
			/** The system's file of authorities; absent if it has none. */
			readonly bundle?: string;
			/** What makes git use another file: `GIT_SSL_CAINFO`, `GIT_SSL_CAPATH`, or its `configuration`. */
			readonly named?: string;
	  };

/** A bundle of all public authorities has 250 kB. */
const maxPem = 4 * 1024 * 1024;

type Doubt = Pick<Extract<GitTrust, { kind: "distrusts" }>, "extra" | "bundle" | "named">;

/**
 * Does git have other authorities than Node? Looked up in files and variables, so that a usual machine is not asked twice: Node was
 * given authorities that the system lacks, the system has none at all, or git was told to use its own.
 */
export function doubtAboutGit(host: Host): Promise<Doubt | undefined> {
	return unlessDead(findDoubt(host), () => undefined);
}

async function findDoubt(host: Host): Promise<Doubt | undefined> {
	const { env } = host;
	const bundle = await firstFile(host, usualAuthorities);
	const usesOpenssl = /--use-openssl-ca/.test(env.NODE_OPTIONS ?? "");
	const given = [env.NODE_EXTRA_CA_CERTS, usesOpenssl ? env.SSL_CERT_FILE : undefined].flatMap(
		(path) => absolute(path) ?? [],
	);
	const variable = ["GIT_SSL_CAINFO", "GIT_SSL_CAPATH"].find((name) => env[name]);
	const named = variable ?? ((await isConfigured(host)) ? "configuration" : undefined);
	const doubt: Doubt = {
		...(given[0] !== undefined && { extra: bounded(given[0], 500) }),
		...(bundle !== undefined && { bundle }),
		...(named !== undefined && { named }),
	};
	if (bundle === undefined || named !== undefined || (usesOpenssl && env.SSL_CERT_DIR)) return doubt;
	for (const path of given) if (!(await isContained(host, path, bundle))) return doubt;
	return undefined;
}

async function firstFile(host: Host, paths: readonly string[]): Promise<string | undefined> {
	for (const path of paths) {
		const look = await host.stat(path);
		if (look.kind === "file" && look.size > 0) return path;
	}
	return undefined;
}

/** Does git's configuration name authorities? Only a hint: git itself knows which of its files count. */
async function isConfigured({ env, readText }: Host): Promise<boolean> {
	const home = absolute(env.HOME);
	const config = absolute(env.XDG_CONFIG_HOME) ?? (home === undefined ? undefined : `${home}/.config`);
	const files = [
		absolute(env.GIT_CONFIG_SYSTEM) ?? "/etc/gitconfig",
		...(home === undefined ? [] : [`${home}/.gitconfig`]),
		...(config === undefined ? [] : [`${config}/git/config`]),
		...(absolute(env.GIT_CONFIG_GLOBAL) === undefined ? [] : [env.GIT_CONFIG_GLOBAL ?? ""]),
	];
	const texts = await Promise.all(files.map((file) => readText(file)));
	const variables = Object.entries(env).filter(([name]) => /^GIT_CONFIG_KEY_\d+$/.test(name));
	return (
		texts.some((text) => text.kind === "ok" && /^\s*(?:sslCA(?:Info|Path)|\[include)/im.test(text.value)) ||
		variables.some(([, key = ""]) => /\.sslCA(?:Info|Path)$/i.test(key))
	);
}

/** Is every certificate of a file in the bundle? A file that cannot be read gives Node nothing. */
async function isContained(host: Host, path: string, bundle: string): Promise<boolean> {
	if (path === bundle) return true;
	const [some, all] = await Promise.all([host.readText(path, maxPem), host.readText(bundle, maxPem)]);
	if (some.kind !== "ok") return true;
	const known = new Set(all.kind === "ok" ? certificatesIn(all.value) : []);
	return certificatesIn(some.value).every((certificate) => known.has(certificate));
}

function certificatesIn(pem: string): readonly string[] {
	const found = pem.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\w+/=\s]*)-----END/g);
	return [...found].map(([, base64 = ""]) => base64.replace(/\s/g, ""));
}

/** What git says if its TLS library (GnuTLS, OpenSSL, …) does not trust a certificate, or has no authorities. */
const distrust =
	/certificate verification failed|SSL certificate problem|problem with the SSL CA cert|error setting certificate|certificate verify failed|SSL peer certificate/i;

/**
 * `git ls-remote` of an address at which there is no repository: it gets as far as TLS, and needs no login. No helper for logins is
 * started, and no redirect followed.
 * @param url The forge's, with https.
 */
export async function askGitAboutForge(
	host: Host,
	url: string,
	doubt: Doubt,
	workspace: string,
	signal: AbortSignal,
): Promise<GitTrust> {
	const quiet = ["credential.helper=", "core.askPass=", "http.followRedirects=false"].flatMap((one) => ["-c", one]);
	const ran = await runGit(host, [...quiet, "ls-remote", `${url.replace(/\/$/, "")}/`], workspace, signal);
	if (ran.kind !== "exited") return { kind: "unknown" };
	const said = ran.stderr.split("\n").find((line) => distrust.test(line));
	if (said !== undefined) return { kind: "distrusts", message: bounded(said.trim(), 500), ...doubt };
	// It got an answer of the server, whatever it is.
	const isAnswered =
		ran.code === 0 || /not found|could not read Username|Authentication failed|returned error: \d/i.test(ran.stderr);
	return { kind: isAnswered ? "trusts" : "unknown" };
}
