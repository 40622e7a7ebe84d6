import { createRedactor } from "../report/redact.ts";
import { isSecretName } from "../report/secret-names.ts";
import { isWithin } from "./workspace.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What no program can do without, and what is therefore never taken for a secret. */
const basic = new Set([
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"SHELL",
	"LANG",
	"TZ",
	"TMPDIR",
	"TEMP",
	"TMP",
	"SystemRoot",
]);

/**
 * The job's own: tokens, inputs, and the files through which a step speaks to the runner (GITHUB_ENV, GITHUB_PATH). No tool needs them
 * to tell its version.
 */
const ofTheJob = /^(?:INPUT|STATE|ACTIONS|GITHUB|GITEA|FORGEJO)_/i;

/** Options by which a program loads other code or starts other programs: as text, or as paths that need not be absolute. */
const loadsCode = new RegExp(
	`^(?:${[
		"LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|OPENSSL_(?:CONF|ENGINES|MODULES)",
		"BASH_ENV|BASH_FUNC_.*|ENV|SHELLOPTS|BASHOPTS|PS4",
		"NODE_REPL_EXTERNAL_MODULE|NPM_CONFIG_.*|YARN_.*",
		"PYTHON(?:STARTUP|INSPECT|BREAKPOINT|WARNINGS)|PERL5(?:OPT|DB)|RUBYOPT|BUNDLE_.*|PHPRC|PHP_INI_SCAN_DIR|LUA_INIT.*",
		"_?JAVA_(?:TOOL_)?OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|(?:MAVEN|GRADLE)_(?:OPTS|ARGS)|DOTNET_STARTUP_HOOKS",
		"GOFLAGS|GOENV|RUSTC(?:_.*)?|RUSTDOC|CARGO_(?:BUILD|ALIAS|TARGET)_.*",
		"GIT_.*|SSH_ASKPASS|PAGER|LESSOPEN|LESSCLOSE|EDITOR|VISUAL|BROWSER",
	].join("|")})$`,
	"i",
);

/** Of NODE_OPTIONS, what any node fails for is a finding; what it would load is not. */
const nodeLoads = /-r\b|require|import|loader|inspect|env-file|config|preload/;

/** Lists of directories to search: only the entries of the workspace are taken out. */
const isPathList =
	/^(?:PATH|LD_LIBRARY_PATH|NODE_PATH|PYTHONPATH|PERL5LIB|RUBYLIB|GEM_PATH|CLASSPATH|XDG_(?:DATA|CONFIG)_DIRS)$/;

/**
 * What a program that we start sees of our environment: nothing of the job's, no secret except what it needs, nothing that makes it
 * load code, and nothing that leads it into the workspace, which is untrusted.
 * @param workspaces The workspace's path as it is written, and its real path.
 * @param needs Secret-like variables that this program cannot do without: the login of a cloud for a credential helper.
 */
export function childEnvironment(env: Env, workspaces: readonly string[], needs?: RegExp): NodeJS.ProcessEnv {
	const isNeeded = (name: string): boolean => needs?.test(name) ?? false;
	const { text } = createRedactor(Object.fromEntries(Object.entries(env).filter(([name]) => !isNeeded(name))));
	const isWithheld = (name: string, value: string): boolean =>
		ofTheJob.test(name) ||
		loadsCode.test(name) ||
		(name === "NODE_OPTIONS" && nodeLoads.test(value)) ||
		isSecretName(name) ||
		text(value) !== value;
	const kept = Object.entries(env).flatMap(([name, value]): [string, string][] => {
		if (value === undefined) return [];
		if (isPathList.test(name)) return entriesOf(name, value, workspaces);
		if (leadsInto(value, workspaces)) return [];
		return isNeeded(name) || basic.has(name) || !isWithheld(name, value) ? [[name, value]] : [];
	});
	return Object.fromEntries(kept);
}

/** A relative entry, or an empty one, is below the working directory, which for a job is the workspace. */
function entriesOf(name: string, value: string, workspaces: readonly string[]): [string, string][] {
	const entries = value.split(":").filter((entry) => entry.startsWith("/") && !leadsInto(entry, workspaces));
	return entries.length === 0 && name !== "PATH" ? [] : [[name, entries.join(":")]];
}

/** Does a value name a place in the workspace: `/ws/x`, `--require /ws/x`, `file:///ws/x`? */
function leadsInto(value: string, workspaces: readonly string[]): boolean {
	return workspaces.some((workspace) => {
		for (let at = value.indexOf(workspace); at >= 0; at = value.indexOf(workspace, at + 1)) {
			const path = /^[^:;,\s"'=]*/.exec(value.slice(at))?.[0] ?? "";
			if (isWithin(path, workspace)) return true;
		}
		return false;
	});
}
