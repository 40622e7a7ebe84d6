import { matchesId } from "../checks/matches-id.ts";
import type { FileOutcome, Host, ReadOutcome, RunOutcome } from "../host/host.ts";
import { inWorkspace, isOfWorkspace, isWithin, readPerhapsInside } from "../host/workspace.ts";
import { platforms } from "../policy/platforms.ts";
import type { Expectation, Wanted } from "../policy/policy.ts";
import { isSecretName } from "../report/secret-names.ts";
import { secretsIn } from "../report/secret-shapes.ts";
import type { Request } from "../request.ts";
import { type Binfmt, binfmtOf } from "./binfmt.ts";
import { within } from "./deadline.ts";
import { bounded } from "./docker-endpoint.ts";
import type { Probe } from "./probe.ts";

/** What one expectation of the policy found. Of a file and of a variable, only whether they hold the text, never the whole. */
export type ExpectFacts =
	| {
			readonly kind: "file";
			/** Absolute. */
			readonly path: string;
			readonly look: FileOutcome | { readonly kind: "outside" };
			/** Name -> uid of the owner that is wanted; without uid, no user has that name. */
			readonly user?: { readonly name: string; readonly uid?: number };
			readonly content?: Content;
	  }
	| {
			readonly kind: "env";
			readonly state: "unset" | "empty" | "set";
			/** Does the value fit? */
			readonly fits?: boolean;
			/** Absent if it may be a secret, or a stranger asks. */
			readonly value?: string;
	  }
	| {
			readonly kind: "command";
			readonly outcome: RunOutcome;
			/** Does stdout hold the text? */
			readonly holds?: boolean;
			/** The run's deadline came first, not that of the command. */
			readonly isRunOver?: true;
	  }
	| { readonly kind: "sysctl"; readonly path: string; readonly read: ReadOutcome<string> }
	| { readonly kind: "platform"; readonly os: string; readonly arch: string; readonly binfmt?: Binfmt }
	/** Not looked at: the workspace's policy asks for it, and is not trusted. `program`: the program is the workspace's. */
	| { readonly kind: "untrusted"; readonly what: "command" | "program" | "content" };

type Content =
	| { readonly kind: "read"; readonly holds: boolean; readonly truncated: boolean }
	| { readonly kind: "refused" | "absent" }
	| { readonly kind: "unreadable"; readonly code: string };

/** Bytes of a file that are searched. */
const maxContent = 1024 * 1024;
/** Characters shown of a value and of each output. */
const maxShown = 500;

type Of<K extends Wanted["kind"]> = Extract<Wanted, { kind: K }>;

/** Looks at what one expectation names. A command runs only if a trusted policy states it. */
export function expectProbe({ name, wants, from }: Expectation): Probe<ExpectFacts> {
	return {
		name: `expect:${name}`,
		async collect(host: Host, request: Request, signal: AbortSignal): Promise<ExpectFacts> {
			switch (wants.kind) {
				case "file":
					return lookAtFile(host, request, wants, from);
				case "env":
					return lookAtVariable(host, wants, from);
				case "command":
					return from === "untrusted"
						? { kind: "untrusted", what: "command" }
						: runCommand(host, request, wants, from, signal);
				case "sysctl": {
					const path = `/proc/sys/${wants.setting.split(".").join("/")}`;
					const read = await host.readText(path, 4096);
					if (read.kind !== "ok") return { kind: "sysctl", path, read };
					const value = bounded(read.value.trim().replace(/\s+/g, " "), maxShown);
					return { kind: "sysctl", path, read: { kind: "ok", value } };
				}
				case "platform": {
					const { platform: os, arch } = host;
					if (platforms[wants.platform].native.includes(arch)) return { kind: "platform", os, arch };
					return { kind: "platform", os, arch, binfmt: await binfmtOf(host, wants.platform) };
				}
			}
		},
	};
}

async function lookAtFile(
	host: Host,
	{ workspace }: Request,
	wants: Of<"file">,
	from: Expectation["from"],
): Promise<ExpectFacts> {
	const isRelative = !wants.path.startsWith("/");
	const path = inWorkspace(workspace, wants.path);
	if (isRelative && !(await staysInside(host, path, workspace)))
		return { kind: "file", path, look: { kind: "outside" } };
	const look = withoutIdentity(wants.type === "link" ? await host.lstat(path) : await host.stat(path));
	const user = typeof wants.owner === "string" ? await userOf(host, wants.owner) : undefined;
	const found = { kind: "file" as const, path, look, ...(user && { user }) };
	if (wants.contains === undefined || look.kind !== "file") return found;
	// A stranger could ask a machine's files for their content, a guess at a time.
	if (from === "untrusted" && !(await isOfWorkspace(host, path, workspace)))
		return { kind: "untrusted", what: "content" };
	return { ...found, content: await contentOf(host, workspace, path, wants.contains) };
}

/** Number and times are of no interest, and differ from run to run. */
function withoutIdentity(look: FileOutcome): FileOutcome {
	if (!("inode" in look)) return look;
	const { inode: _inode, changed: _changed, modified: _modified, ...rest } = look;
	return rest;
}

/** Does a path of the workspace lead to a place in it, wherever its links go? What does not exist leads nowhere. */
async function staysInside(host: Host, path: string, workspace: string): Promise<boolean> {
	const [real, root] = await Promise.all([host.realPath(path), host.realPath(workspace)]);
	return real.kind !== "ok" || isWithin(real.value, root.kind === "ok" ? root.value : workspace);
}

async function contentOf(host: Host, workspace: string, path: string, text: string): Promise<Content> {
	const read = await readPerhapsInside(host, workspace, path, maxContent);
	if (read.kind === "refused") return { kind: "refused" };
	if (read.kind !== "ok") return read;
	return {
		kind: "read",
		holds: read.value.includes(text),
		truncated: Buffer.byteLength(read.value) >= maxContent,
	};
}

/** Source: /etc/passwd. */
async function userOf(host: Host, name: string): Promise<{ readonly name: string; readonly uid?: number }> {
	const passwd = await host.readText("/etc/passwd", 256 * 1024);
	const line = passwd.kind === "ok" ? passwd.value.split("\n").find((one) => one.startsWith(`${name}:`)) : undefined;
	const uid = line?.split(":")[2] ?? "";
	return { name, ...(/^\d+$/.test(uid) && { uid: Number(uid) }) };
}

function lookAtVariable(host: Host, { variable, is, matches }: Of<"env">, from: Expectation["from"]): ExpectFacts {
	const value = host.env[variable];
	if (value === undefined) return { kind: "env", state: "unset" };
	const isOpen = from !== "untrusted" && !isSecretName(variable) && secretsIn(value).length === 0;
	const fits = is !== undefined ? value === is : matches !== undefined ? matchesId(matches, value) : undefined;
	return {
		kind: "env",
		state: value === "" ? "empty" : "set",
		...(fits !== undefined && { fits }),
		...(isOpen && fits !== undefined && { value: bounded(value, maxShown) }),
	};
}

async function runCommand(
	host: Host,
	{ workspace, trusts }: Request,
	wants: Of<"command">,
	from: Expectation["from"],
	signal: AbortSignal,
): Promise<ExpectFacts> {
	const [first = "", ...args] = wants.command;
	const program = first.includes("/") ? inWorkspace(workspace, first) : first;
	const isInside = first.includes("/") && (await isOfWorkspace(host, program, workspace));
	// A policy that a person names in a terminal is trusted without the input.
	const isOurs = from === "workspace";
	if (isInside && !trusts && !isOurs) return { kind: "untrusted", what: "program" };
	const isTrusted = isInside || isOurs;
	const hasWorkspace = isTrusted && (await host.stat(workspace)).kind === "directory";
	const where = isTrusted ? { isTrusted, cwd: hasWorkspace ? workspace : "/" } : {};
	const outcome = await within(wants.timeoutMs, signal, (limited) =>
		host.run([program, ...args], { signal: limited, env: { LC_ALL: "C" }, ...where }),
	);
	if (outcome.kind === "not-started" && outcome.code === "EUNTRUSTED") return { kind: "untrusted", what: "program" };
	return {
		kind: "command",
		outcome: {
			...outcome,
			stdout: bounded(outcome.stdout.trim(), maxShown),
			stderr: bounded(outcome.stderr.trim(), maxShown),
		},
		...(wants.stdout !== undefined && { holds: outcome.stdout.includes(wants.stdout) }),
		...(outcome.kind === "timed-out" && signal.aborted && { isRunOver: true as const }),
	};
}
