import type { Host } from "../host/host.ts";
import { isOfWorkspace, workspaceOf } from "../host/workspace.ts";
import { jsonOf } from "../json-of.ts";
import { compareVersions, type Version } from "../versions.ts";
import { type AuthConfig, readAuthConfig, readsAuthConfigFrom } from "./docker-auth-config.ts";
import { readConfigFile } from "./docker-config-file.ts";
import { bounded, configDirectory, objectOf } from "./docker-endpoint.ts";
import { pathEntries, searchProgram } from "./program-search.ts";

/** How this job's Docker CLI would log in to a registry. Never the login itself. */
export interface LoginFacts {
	/**
	 * `none`: it would not; `found`: there is a login; `helper-missing`, `helper-failed`, `helper-hangs`: the program that keeps
	 * the login is not on PATH, fails, or does not finish; `config-ignored`: the CLI cannot read its configuration and continues
	 * without it; `withheld`: it is not looked for, as a stranger's policy names the registry.
	 */
	readonly kind: "withheld" | "none" | "found" | "helper-missing" | "helper-failed" | "helper-hangs" | "config-ignored";
	/** Path of `config.json`, or `DOCKER_AUTH_CONFIG` if the login is from this variable. */
	readonly config: string;
	/** The Docker CLI cannot read its configuration or DOCKER_AUTH_CONFIG, which may have a login: `docker/client` reports that. */
	readonly isLost?: true;
	/** DOCKER_AUTH_CONFIG has a login, but this release of the Docker CLI does not read the variable. */
	readonly unreadBy?: string;
	/** `docker-credential-ecr-login`, if the configuration names such a program. */
	readonly helper?: string;
	/** The setting that names it. */
	readonly setting?: "credHelpers" | "credsStore";
	/** The error message. */
	readonly message?: string;
}

/** A login. It is sent to its registry and to the token server that this names, and never becomes a fact. */
export interface Credentials {
	/** `user:password` in base64. */
	readonly basic?: string;
	/** A token with which tokens are requested, in place of a password. */
	readonly identityToken?: string;
}

export interface Login {
	readonly facts: LoginFacts;
	readonly credentials?: Credentials;
}

/** Longest configuration that is read: it may contain the logins of many registries. */
const maxConfig = 1024 * 1024;
/** The key of Docker Hub's login, whatever its API is called. */
const dockerHubKey = "https://index.docker.io/v1/";

/** For a registry that must not get one. */
export function withheldLogin(host: Host): Login {
	return { facts: { kind: "withheld", config: `${configDirectory(host)}/config.json` } };
}

/**
 * Looks up the login for a registry like the Docker CLI: the variable DOCKER_AUTH_CONFIG, else `credHelpers`, else `credsStore`, else `auths` of its `config.json`.
 * @param registry `ghcr.io`, `localhost:5000`, `docker.io`.
 * @param cliVersion Tells the release of the Docker CLI, if there is one: older ones do not read the variable.
 */
export async function findLogin(
	host: Host,
	registry: string,
	signal: AbortSignal,
	cliVersion: () => Promise<Version | undefined>,
): Promise<Login> {
	const variable = readAuthConfig(host);
	const login = await findIn(host, variable, registry, signal, cliVersion);
	const { kind } = login.facts;
	if (kind !== "none" && kind !== "config-ignored") return login;
	if (kind === "none" && variable.kind !== "malformed") return login;
	const version = await cliVersion();
	if (!version || (kind === "none" && !readsVariable(version))) return login;
	return { ...login, facts: { ...login.facts, isLost: true } };
}

function readsVariable(version: Version): boolean {
	return compareVersions(version, { numbers: [...readsAuthConfigFrom, 0], prerelease: [] }) >= 0;
}

async function findIn(
	host: Host,
	variable: AuthConfig,
	registry: string,
	signal: AbortSignal,
	cliVersion: () => Promise<Version | undefined>,
): Promise<Login> {
	const logins = variable.kind === "ok" ? variable.logins : {};
	const basic = Object.entries(logins).find(([name]) => registryOf(name) === registry)?.[1];
	if (basic === undefined) return fromFile(host, registry, signal);
	const version = await cliVersion();
	if (!version || readsVariable(version)) {
		return { facts: { kind: "found", config: "DOCKER_AUTH_CONFIG" }, credentials: { basic } };
	}
	const login = await fromFile(host, registry, signal);
	return { ...login, facts: { ...login.facts, unreadBy: version.text } };
}

async function fromFile(host: Host, registry: string, signal: AbortSignal): Promise<Login> {
	const config = `${configDirectory(host)}/config.json`;
	const text = await host.readText(config, maxConfig);
	if (text.kind === "absent") return { facts: { kind: "none", config } };
	if (text.kind === "unreadable") return { facts: { kind: "config-ignored", config, message: text.code } };
	const { settings, why } = readConfigFile(text.value);
	const ignored: Login = { facts: { kind: "config-ignored", config, ...(why !== undefined && { message: why }) } };
	if (!settings) return ignored;

	const key = registry === "docker.io" ? dockerHubKey : registry;
	// A registry's helper is listed under its plain name, that of Docker Hub under either.
	const helpers = objectOf(settings.credHelpers);
	const own = helpers?.[registry] ?? helpers?.[key];
	const store = own ?? settings.credsStore;
	if (typeof store === "string" && store !== "") {
		return askHelper(host, { config, setting: own === undefined ? "credsStore" : "credHelpers" }, store, key, signal);
	}
	return why === undefined ? fromAuths(objectOf(settings.auths) ?? {}, registry, config) : ignored;
}

function fromAuths(auths: Readonly<Record<string, unknown>>, registry: string, config: string): Login {
	const entry = objectOf(Object.entries(auths).find(([name]) => registryOf(name) === registry)?.[1]);
	const { auth, username, password, identitytoken } = entry ?? {};
	if (typeof identitytoken === "string" && identitytoken !== "") {
		return { facts: { kind: "found", config }, credentials: { identityToken: identitytoken } };
	}
	if (typeof auth === "string" && auth !== "") {
		return { facts: { kind: "found", config }, credentials: { basic: auth.replace(/[\r\n]/g, "") } };
	}
	if (typeof username === "string" && username !== "" && typeof password === "string") {
		return { facts: { kind: "found", config }, credentials: { basic: inBase64(username, password) } };
	}
	return { facts: { kind: "none", config } };
}

/** `https://ghcr.io/v2/` -> `ghcr.io`. All names of Docker Hub become one. */
function registryOf(name: string): string {
	const registry = name.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
	return registry.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io");
}

function inBase64(user: string, password: string): string {
	return Buffer.from(`${user}:${password}`).toString("base64");
}

/** Clouds' helpers get the login from the cloud with one of their own; others ask an agent, or a key ring. */
const needs =
	/^(?:AWS|AZURE|GOOGLE|GCLOUD|CLOUDSDK|GCR|ACR|ECR|DOCKER|OCI|IBMCLOUD|DIGITALOCEAN|PASSWORD_STORE|GNUPG|GPG|DBUS|VAULT|OP)_.*$|^GNUPGHOME$|^(?:HTTPS?|ALL|NO)_PROXY$/i;

/** A login helper takes the argument `get`, and the registry on its standard input. */
async function askHelper(
	host: Host,
	where: Pick<LoginFacts, "config" | "setting">,
	store: string,
	key: string,
	signal: AbortSignal,
): Promise<Login> {
	const helper = bounded(`docker-credential-${store}`, 100);
	const about = { ...where, helper };
	if (!/^[\w.-]+$/.test(store)) {
		return { facts: { kind: "helper-missing", ...about, message: "this is not a valid name of a program" } };
	}
	// Like the CLI, never a program in the working directory.
	const { found } = await searchProgram(
		host,
		helper,
		pathEntries(host, "/").filter((entry) => entry !== "/"),
	);
	if (found === undefined) return { facts: { kind: "helper-missing", ...about } };
	if (await isOfWorkspace(host, found, workspaceOf(host.env, host.cwd()))) {
		return {
			facts: { kind: "helper-failed", ...about, message: `${found} is a file of the workspace, and was not run` },
		};
	}
	const run = await host.run([found, "get"], { signal, input: `${key}\n`, needs });
	switch (run.kind) {
		case "not-started":
			return { facts: { kind: "helper-missing", ...about, message: `${found}: ${run.code}` } };
		case "timed-out":
			return { facts: { kind: "helper-hangs", ...about } };
		case "signalled":
			return { facts: { kind: "helper-failed", ...about, message: run.signal } };
		case "exited":
			break;
	}
	if (run.code !== 0) {
		const said = wordsOf(run.stdout.trim() || run.stderr.trim());
		// "credentials not found in native keychain": it works, but has no login for this registry.
		if (/credentials not found/i.test(said)) return { facts: { kind: "none", ...about } };
		return { facts: { kind: "helper-failed", ...about, message: said || `exit code ${run.code}` } };
	}
	const { Username: user, Secret: secret } = objectOf(jsonOf(run.stdout)) ?? {};
	if (typeof user !== "string" || typeof secret !== "string") {
		return { facts: { kind: "helper-failed", ...about, message: "it prints no login" } };
	}
	const credentials = user === "<token>" ? { identityToken: secret } : { basic: inBase64(user, secret) };
	return secret === "" ? { facts: { kind: "none", ...about } } : { facts: { kind: "found", ...about }, credentials };
}

/**
 * The first line that a failing helper prints, without anything that could be part of a login, because it may print one that
 * no redaction knows. Paths, hosts and times stay.
 */
function wordsOf(output: string): string {
	const [line = ""] = output.split("\n", 1);
	if (/^[[{"]/.test(line)) return "";
	const words = line.replace(/[\w+/=~.-]{8,}/g, (word) => (isWord(word) ? word : "***"));
	return bounded(words, 300);
}

function isWord(word: string): boolean {
	if (/^\/|^\d{4}-\d\d-|\.[a-z]/i.test(word)) return true;
	return !/[a-z]/i.test(word) || !/\d|[A-Z]{3,}[a-z]/.test(word);
}
