/**
 * Finds secrets in texts that hold anything: commands, comments, addresses. Nothing here knows whose text it is; what
 * is found too much costs a word in an excerpt, what is missed is a secret shown.
 */

/** Characters are replaced one by one, so that what stands after a secret keeps its place. */
export function stars(text: string): string {
	return text.replace(/\S/g, "*");
}

/** The same for a part of a command line: quotes and backslashes stay, so that it falls into the same words as before. */
export function starLetters(text: string): string {
	return text.replace(/[^\s"'\\]/g, "*");
}

/** Names of variables whose values help, and are no secrets. */
const openVariables: ReadonlySet<string> = new Set([
	"CI",
	"CONFIG_FILE",
	"CUDA_VISIBLE_DEVICES",
	"DOCKER_HOST",
	"HOME",
	"LANG",
	"NVIDIA_DISABLE_REQUIRE",
	"NVIDIA_DRIVER_CAPABILITIES",
	"NVIDIA_VISIBLE_DEVICES",
	"PATH",
	"TZ",
	"XDG_RUNTIME_DIR",
]);

/** Parts that make a secret of any name that they are in. */
const loud = /token|secret|passw|passphrase|credential|bearer|(?:key|pass|pwd|auth)s?$/;
/** Words that do so only by themselves: `pat` is in `path`, `auth` in `author`. */
const quiet: ReadonlySet<string> = new Set(
	"auth auths authorization cookie cred creds key keys pass pat pw pwd sig signature".split(" "),
);

/** Does a name say that its value is a secret? `splunk-token`, `MYSQL_PWD`, `apiKey`. */
export function isSecretName(name: string): boolean {
	const words = name
		.slice(-200)
		.replace(/([a-z0-9])([A-Z])/g, "$1_$2")
		.toLowerCase();
	return loud.test(words.replace(/[^a-z0-9]/g, "")) || words.split(/[^a-z0-9]+/).some((word) => quiet.has(word));
}

/** May the value of this variable not be shown? */
export function isClosedVariable(name: string): boolean {
	return !openVariables.has(name);
}

/** Is the word after this one a secret? `--token`, `Authorization:` */
export function announcesSecret(word: string): boolean {
	return /^-..|[:=]$/.test(word) && isSecretName(word);
}

/** `-u joe:` and the like of `curl`; `-u 1000:1000` is a user and a group. */
const login = /(?:^|[\s"'])(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)[\s=]{0,9}["']?(?!\d+:\d+(?:["'\s]|$))[^\s:"']{1,100}:/;
/** A colon before a slash is one of an address, or of a mount. */
const pair = /(?<![\w.-])([\w.-]+)["']?\s{0,9}(=|:(?!\/))\s*/g;
const flag = /(?:^|[\s"'])--?([A-Za-z][\w-]*)\s+["']?(?=[^\s-])/g;

/** Where the first secret of a text begins; `undefined` where there seems to be none. */
export function secretIn(text: string): number | undefined {
	// Most words are none of it, and one look is cheaper than three.
	if (!/[=\s]|:(?!\/)|^["']?-/.test(text)) return undefined;
	const starts = [endOf(login.exec(text)), pairIn(text), flagIn(text)].filter((start) => start !== undefined);
	return starts.length === 0 ? undefined : Math.min(...starts);
}

/** `PASSWORD=x`, `splunk-token=x`, `"auth": "x"`, `Authorization: Basic x`; a name in capitals is that of a variable. */
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

/** User and password of addresses, and their query: `https://user:password@host/x?sig=y` -> `https://*************@host/x?*****` */
export function maskUrls(text: string): string {
	if (!text.includes("//")) return text;
	return (
		text
			// What stands before a digest is an image: `docker://node:22@sha256:…`.
			.replace(/(?<=\/\/)[^\s/]+(?=@(?!sha256:))/g, starLetters)
			.replace(/(?<=\/\/)[^\s/:@]{1,200}:(?!\d*\/|\/\/)[^\s@]{1,500}(?=@(?!sha256:))/g, starLetters)
			.replace(
				/(:\/\/[^\s?"']{1,2000}\?)([^\s"']+)/g,
				(_, address: string, query: string) => address + starLetters(query),
			)
	);
}

/** A text that is no command line, with everything starred out from its first secret on. */
export function maskProse(text: string): string {
	const start = secretIn(text);
	return start === undefined ? text : text.slice(0, start) + stars(text.slice(start));
}

function endOf(match: RegExpExecArray | null): number | undefined {
	return match ? match.index + match[0].length : undefined;
}
