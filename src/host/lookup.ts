import { promises as fs } from "node:fs";
import type { LookupFunction } from "node:net";
import { runProgram } from "./run-program.ts";

/** An address that a name stands for. */
export interface Address {
	readonly address: string;
	readonly family: 4 | 6;
}

export interface LookupOptions {
	/** Nameservers instead of those of /etc/resolv.conf: `127.0.0.1:5353`. */
	readonly servers?: readonly string[];
	/** Instead of /etc/hosts. */
	readonly hostsFile?: string;
	/** The environment that the system's lookup reads, instead of this process's. */
	readonly system?: NodeJS.ProcessEnv;
}

/** What the second family of addresses may take longer than the first: some nameservers never answer for AAAA. */
const otherFamilyMs = 100;

/** When a nameserver that says nothing is given up for the next one. The system waits five seconds, longer than some who ask here. */
const nextServerMs = 1000;

const loopback: readonly Address[] = [
	{ address: "127.0.0.1", family: 4 },
	{ address: "::1", family: 6 },
];

/**
 * Addresses of a name, IPv4 first. The system's own lookup (getaddrinfo) occupies a thread that nobody can end: a
 * nameserver that never answers would hold up other lookups and even the end of this process by its ten seconds or
 * more. So `localhost`, the hosts file and DNS are asked here, in a way that `signal` ends. The system's lookup is asked only if
 * DNS has answered that there is no such name, since it knows search domains and other sources, and in a process of its own.
 * @throws Error with `code` ENOTFOUND (there is no such name) or EAI_AGAIN (nobody could say).
 */
export async function lookup(
	name: string,
	signal: AbortSignal,
	options: LookupOptions = {},
): Promise<readonly Address[]> {
	const wanted = name.toLowerCase().replace(/\.$/, "");
	if (wanted === "localhost" || wanted.endsWith(".localhost")) return loopback;
	const listed = await fromHostsFile(wanted, options.hostsFile ?? "/etc/hosts");
	if (listed.length > 0) return listed;
	const found = await fromDns(wanted, signal, options.servers);
	if (found === "unknown") throw lookupError("EAI_AGAIN", name);
	if (found.length > 0) return found;
	const known = await fromSystem(name, signal, options.system ?? process.env);
	if (known === "unknown") throw lookupError("EAI_AGAIN", name);
	if (known.length === 0) throw lookupError("ENOTFOUND", name);
	return known;
}

/** `lookup` as `net.connect` wants it. */
export function lookupFor(signal: AbortSignal): LookupFunction {
	return (name, options, callback) => {
		lookup(name, signal).then(
			(addresses) => {
				const [first] = addresses;
				if (options.all) callback(null, [...addresses]);
				else callback(null, first?.address ?? "", first?.family);
			},
			(error: NodeJS.ErrnoException) => callback(error, ""),
		);
	};
}

async function fromHostsFile(name: string, path: string): Promise<readonly Address[]> {
	let text: string;
	try {
		text = await fs.readFile(path, "utf8");
	} catch {
		// A machine without one, or a hosts file that is closed to us: DNS has the word.
		return [];
	}
	const found: Address[] = [];
	for (const line of text.split("\n")) {
		const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
		if (names.some((entry) => entry.toLowerCase() === name)) {
			found.push({ address, family: address.includes(":") ? 6 : 4 });
		}
	}
	return found.sort((a, b) => a.family - b.family);
}

/** `unknown`: no nameserver could say. An empty list: there is no such name, for certain. */
async function fromDns(
	name: string,
	signal: AbortSignal,
	servers: readonly string[] | undefined,
): Promise<readonly Address[] | "unknown"> {
	const { promises: dns } = await import("node:dns");
	const resolver = new dns.Resolver({ timeout: nextServerMs });
	if (servers) resolver.setServers([...servers]);
	const cancel = (): void => resolver.cancel();
	if (signal.aborted) return "unknown";
	signal.addEventListener("abort", cancel, { once: true });
	try {
		const four = settle(resolver.resolve4(name), 4);
		const six = settle(resolver.resolve6(name), 6);
		const first = await four;
		const second =
			first !== "unknown" && first.length > 0 ? await Promise.race([six, nothingAfter(otherFamilyMs)]) : await six;
		if (first === "unknown") return second === "unknown" || second.length === 0 ? "unknown" : second;
		// Without IPv4, and with no word about IPv6, nobody could say.
		if (second === "unknown") return first.length > 0 ? first : "unknown";
		return [...first, ...second];
	} finally {
		signal.removeEventListener("abort", cancel);
		resolver.cancel();
	}
}

/** Prints what getaddrinfo says about the name in its arguments. */
const askSystem = `require("dns").lookup(process.argv[1], { all: true }, (error, found) =>
	process.stdout.write(JSON.stringify(error ? { code: error.code } : found)))`;

/** What libc's resolver reads, and what Node may need to start. No secret is among them. */
const systemNames = ["LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES", "LD_LIBRARY_PATH", "PATH"];

/** What the system's own lookup says. An empty list: there is no such name. */
async function fromSystem(
	name: string,
	signal: AbortSignal,
	env: NodeJS.ProcessEnv,
): Promise<readonly Address[] | "unknown"> {
	const wanted = Object.fromEntries(systemNames.map((variable) => [variable, env[variable]]));
	const outcome = await runProgram([process.execPath, "-e", askSystem, "--", name], { signal, cwd: "/" }, wanted);
	try {
		const said: unknown = JSON.parse(outcome.stdout);
		if (Array.isArray(said)) return said.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
		return (said as { readonly code?: unknown }).code === "ENOTFOUND" ? [] : "unknown";
	} catch {
		// It was ended, or could not start.
		return "unknown";
	}
}

async function settle(query: Promise<readonly string[]>, family: 4 | 6): Promise<readonly Address[] | "unknown"> {
	try {
		return (await query).map((address) => ({ address, family }));
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? "";
		// A name that DNS cannot hold does not exist.
		return ["ENOTFOUND", "ENODATA", "EBADNAME"].includes(code) ? [] : "unknown";
	}
}

function nothingAfter(ms: number): Promise<readonly Address[]> {
	return new Promise((resolve) => setTimeout(() => resolve([]), ms).unref());
}

function lookupError(code: string, name: string): NodeJS.ErrnoException {
	return Object.assign(new Error(`lookup of ${name} failed: ${code}`), { code });
}
