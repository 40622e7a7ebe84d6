import { isSecretName } from "../../report/secret-names.ts";
import { merged, replaced } from "../../report/secret-search.ts";
import { type Range, secretsIn, shapesIn } from "../../report/secret-shapes.ts";
import { changeUserinfo } from "../../report/userinfo.ts";

/**
 * Finds secrets in commands, comments, URLs and any other text. A false alarm hides a word of an excerpt; a miss shows a secret,
 * so in doubt it is one.
 */

/** Each character becomes one star, so that what follows keeps its place. */
export function stars(text: string): string {
	return text.replace(/\S/g, "*");
}

/** The same for a part of a command line: quotes and backslashes stay, so that it splits into the same words. */
export function starLetters(text: string): string {
	return text.replace(/[^\s"'\\]/g, "*");
}

/** Names of variables whose values are useful and not secret. */
const openVariables: ReadonlySet<string> = new Set([
	"CI",
	"CONFIG_FILE",
	"CUDA_VISIBLE_DEVICES",
	"DOCKER_HOST",
	"GITEA_RUNNER_LABELS",
	"HOME",
	"LANG",
	"NVIDIA_DISABLE_REQUIRE",
	"NVIDIA_DRIVER_CAPABILITIES",
	"NVIDIA_VISIBLE_DEVICES",
	"PATH",
	"TZ",
	"XDG_RUNTIME_DIR",
]);

/** Must the value of this variable be hidden? */
export function isClosedVariable(name: string): boolean {
	return !openVariables.has(name);
}

/** Is the word after this one a secret? `--token`, `Authorization:` */
export function announcesSecret(word: string): boolean {
	return /^-..|[:=]$/.test(word) && isSecretName(word);
}

/** `-u joe:` and the like of `curl`; `-u 1000:1000` is a user and a group. */
const login = /(?:^|[\s"'])(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)[\s=]{0,9}["']?(?!\d+:\d+(?:["'\s]|$))[^\s:"']{1,100}:/;
/** A colon before a slash belongs to a URL or a mount. */
const pair = /(?<![\w.-])([\w.-]+)["']?\s{0,9}(=|:(?!\/))\s*/g;
const flag = /(?:^|[\s"'])--?([A-Za-z][\w-]*)\s+["']?(?=[^\s-])/g;

/** The offset of the first secret in a text; `undefined`: it seems to have none. */
export function secretIn(text: string): number | undefined {
	// Most words have no secret, and one pattern is cheaper than three.
	if (!/[=\s]|:(?!\/)|^["']?-/.test(text)) return undefined;
	const starts = [endOf(login.exec(text)), pairIn(text), flagIn(text)].filter((start) => start !== undefined);
	return starts.length === 0 ? undefined : Math.min(...starts);
}

/** `PASSWORD=x`, `splunk-token=x`, `"auth": "x"`, `Authorization: Basic x`; a name in capitals is a variable. */
function pairIn(text: string): number | undefined {
	for (const match of text.matchAll(pair)) {
		const [, written = "", sign] = match;
		const name = written.replace(/^[-.\d]+/, "");
		const isVariable = sign === "=" && /^[A-Z_][A-Z0-9_]*$/.test(name) && isClosedVariable(name);
		if (isVariable || isSecretName(name)) return endOf(match);
	}
	return undefined;
}

/** `--token x` */
function flagIn(text: string): number | undefined {
	for (const match of text.matchAll(flag)) if (isSecretName(match[1] ?? "")) return endOf(match);
	return undefined;
}

/**
 * Hides user, password and query of addresses: `https://user:password@host/x?sig=y` -> `https://*************@host/x?*****`, and
 * `user:password@host` without a scheme.
 */
export function maskUrls(text: string): string {
	const masked = changeUserinfo(text, (userinfo) => `${starLetters(userinfo)}@`);
	if (!masked.includes("//")) return masked;
	return (
		masked
			// An `@` before a digest belongs to an image: `docker://node:22@sha256:…`.
			.replace(/(?<=\/\/)[^\s/]+(?=@(?!sha256:))/g, starLetters)
			.replace(/(?<=\/\/)[^\s/:@]{1,200}:(?!\d*\/|\/\/)[^\s@]{1,500}(?=@(?!sha256:))/g, starLetters)
			.replace(
				/(:\/\/[^\s?"']{1,2000}\?)([^\s"']+)/g,
				(_, address: string, query: string) => address + starLetters(query),
			)
	);
}

/** Hides tokens and whatever else has the shape of a secret, but not the values of names. */
export function maskShapes(text: string): string {
	return replaced(text, merged(shapesIn(text)), starLetters);
}

/** Hides the values of names as well, in a command line. */
export function maskPairs(text: string): string {
	return replaced(text, merged(secretsIn(text, false)), starLetters);
}

/** Hides the rest of a text from its first secret on. For text that is not a command line. */
export function maskProse(text: string): string {
	const starts = [secretIn(text), ...secretsIn(text).map(([from]: Range) => from)].filter(
		(start) => start !== undefined,
	);
	if (starts.length === 0) return text;
	const start = starts.reduce((first, other) => Math.min(first, other));
	return text.slice(0, start) + stars(text.slice(start));
}

function endOf(match: RegExpExecArray | null): number | undefined {
	return match ? match.index + match[0].length : undefined;
}
