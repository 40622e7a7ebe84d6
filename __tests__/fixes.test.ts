/** Every fix that the product prints does no harm, says what it interrupts, and can be pasted, whatever its values are. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import {
	fixesOfCases,
	fixesOfLint,
	hostile,
	hostileFixesOfCases,
	movedTo,
	type PrintedFix,
	withValues,
} from "./support/all-fixes.ts";
import { broken, changesOfSystem, forbidden, isSystemDirectory } from "./support/fix-rules.ts";
import { redirectedTo, type SimpleCommand, simpleCommands, splitByBash, syntaxErrors } from "./support/shell.ts";

/** Commands of the docs, with the paragraph before them as their text. */
function fixesOfDocs(): readonly PrintedFix[] {
	const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)];
	return pages
		.filter((page) => page.endsWith(".md"))
		.flatMap((page) =>
			[...readFileSync(page, "utf8").matchAll(/([^\n]*)\n\n```(?:sh|bash|console)\n([\s\S]*?)```/g)].map(
				([, text = "", commands = ""]) => ({ of: page, text, commands: [commands], kind: "host" as const }),
			),
		);
}

/** Options whose next word is their value, whatever it begins with. */
const takesValue = /^-(?:aG|connect|servername)$/;

let usual: readonly PrintedFix[] = [];
let withHostile: readonly PrintedFix[] = [];
let everything: readonly PrintedFix[] = [];
/** Line -> its commands, as bash splits them. */
const split = new Map<string, readonly SimpleCommand[]>();
/** Commands that bash cannot split: no rule has judged them. */
let unsplit: readonly string[] = [];

const linesOf = (fixes: readonly PrintedFix[]) => [...new Set(fixes.flatMap(({ commands = [] }) => commands))];

beforeAll(async () => {
	usual = [...(await fixesOfCases()), ...(await fixesOfLint()), ...fixesOfDocs()];
	const directories = ["/srv/a b'c\"d$(printf X)`printf Y`;&", "-rf", "/srv/*?[a-z]", "/srv/ü — 名"];
	withHostile = [
		...(await hostileFixesOfCases()),
		...(await Promise.all(directories.map((name) => fixesOfLint(movedTo(name))))).flat(),
		...(await Promise.all(hostile.map((value) => fixesOfLint(withValues(value))))).flat(),
	];
	everything = [...usual, ...withHostile];
	const perLine = linesOf(everything).map((line) => [line, simpleCommands(line)] as const);
	const texts = [...new Set(perLine.flatMap(([, commands]) => commands))];
	// What is not a command to bash cannot be split; a test of its own reports it.
	unsplit = syntaxErrors(texts);
	const all = texts.filter((text) => !unsplit.includes(text));
	const known = new Map(splitByBash(all).map((one) => [one.text, one]));
	for (const [line, commands] of perLine)
		split.set(
			line,
			commands.flatMap((text) => known.get(text) ?? []),
		);
}, 120_000);

describe("the commands of fixes", () => {
	test("are many", () => {
		expect(linesOf(usual).length).toBeGreaterThan(300);
		expect(linesOf(withHostile).length).toBeGreaterThan(300);
	});

	test("do no harm, and say what they interrupt", () => {
		const problems = everything.flatMap((fix) =>
			(fix.commands ?? []).flatMap((line) =>
				broken(fix, line, split.get(line) ?? []).map((problem) => [`${problem}: ${line}`, fix.of] as const),
			),
		);
		expect(listOf(problems)).toEqual([]);
	});

	test("do no harm where no case prints them", () => {
		const files = ["src/checks", "src/lint/rules"].flatMap((folder) =>
			readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
		);
		const texts = files
			.filter((file) => file.endsWith(".ts"))
			.flatMap((file) => [
				...withoutComments(readFileSync(file, "utf8")).matchAll(/"((?:[^"\\\n]|\\.)+)"|`((?:[^`\\]|\\.)+)`/g),
			])
			.map(([, plain, template]) => plain ?? template ?? "")
			.filter((text) => /^(?:# |sudo |[a-z][\w-]* (?=[-/$'"a-z]))/.test(text));
		expect(texts.length).toBeGreaterThan(400);
		expect(texts.filter((text) => forbidden.some(({ line }) => line.test(text)))).toEqual([]);
	});

	test("write no file of the system through a redirection", () => {
		const files = linesOf(everything).flatMap((line) => redirectedTo(line));
		expect(files.filter((file) => isSystemDirectory(file) && file !== "/dev/null")).toEqual([]);
	});

	test("are commands to bash", () => {
		expect(syntaxErrors(linesOf(everything))).toEqual([]);
		expect(unsplit).toEqual([]);
	});

	test("get each value from outside as one word, which is not an option", () => {
		const problems = [...split].flatMap(([line, commands]) =>
			commands.flatMap(({ argv }) => {
				const torn = argv.filter((word) => /^(?:b'c|break|--frob$|X`)/.test(word) || /dX/.test(word));
				const end = argv.indexOf("--");
				const options = argv.filter(
					(word, at) =>
						word.startsWith("-rf") && at > 0 && (end < 0 || at < end) && !takesValue.test(argv[at - 1] ?? ""),
				);
				return [...torn, ...options].map((word) => `${JSON.stringify(word)} of ${line}`);
			}),
		);
		expect(problems).toEqual([]);
	});
});

describe("the lines of configuration", () => {
	const languages: Readonly<Record<string, (text: string) => readonly string[]>> = {
		yaml: (text) => parseDocument(text).errors.map(({ message }) => message),
		json: (text) => attempt(() => JSON.parse(text)),
		ini: (text) => text.split("\n").flatMap((line) => wrongUnitLine(line, text.startsWith("["))),
		toml: (text) => text.split("\n").filter((line) => !/^(?:\[[\w.]+\]|[\w-]+ = .+)$/.test(line)),
		dockerfile: wrongDockerfile,
	};

	test("parse in their language", () => {
		const problems = everything.flatMap(({ config, of }) =>
			config
				? (languages[config.language]?.(config.text) ?? ["unknown language"]).map(
						(one) => [`${one}: ${config.text}`, of] as const,
					)
				: [],
		);
		expect(listOf(problems)).toEqual([]);
	});

	test("disable no protection and run no download", () => {
		const weak = /privileged: true|insecure|(?:curl|wget)[^\n&]*(?:\\\n[^\n&]*)*\|\s*(?:ba|da)?sh\b|verify[^\n]*false/i;
		const problems = everything.flatMap(({ config, of }) =>
			config && weak.test(config.text) ? [[config.text, of] as const] : [],
		);
		expect(listOf(problems)).toEqual([]);
	});
});

function withoutComments(source: string): string {
	return source.replace(/^\s*(?:\/\/|\/\*\*|\*).*$/gm, "");
}

/** Each problem once, with the first fix that has it. */
function listOf(problems: readonly (readonly [problem: string, of: string])[]): readonly string[] {
	const first = new Map<string, string>();
	for (const [problem, of] of problems) if (!first.has(problem)) first.set(problem, of);
	return [...first].map(([problem, of]) => `${problem} [${of}]`);
}

function attempt(parse: () => unknown): readonly string[] {
	try {
		parse();
		return [];
	} catch (error) {
		return [String(error)];
	}
}

/** Lines are sections and assignments; in a unit, quotes are closed. A file of variables takes everything literally. */
function wrongUnitLine(line: string, isUnit: boolean): readonly string[] {
	if (/^(?:\[[A-Z]\w*\]|)$/.test(line)) return [];
	const value = /^[A-Za-z_][\w]*=(.*)$/.exec(line)?.[1];
	if (value === undefined) return ["not an assignment"];
	const unquoted = value.replace(/"(?:[^"\\]|\\.)*"/g, "");
	return isUnit && (/["']/.test(unquoted) || /(?<!%)(?:%%)*%(?!%|$)/.test(unquoted)) ? ["an open quote"] : [];
}

/** Instructions, and for the shell's part of `RUN` what bash says. */
function wrongDockerfile(text: string): readonly string[] {
	const instructions = text.replace(/\\\n/g, " ").split("\n");
	const unknown = instructions.filter((line) => !/^(?:ENV \w+=|RUN |COPY --from=|COPY \S+ |LABEL |ARG )/.test(line));
	const runs = instructions.flatMap((line) => /^RUN (.*)$/.exec(line)?.[1] ?? []);
	const open = instructions.filter(
		(line) => line.startsWith("ENV ") && /"/.test(line.replace(/"(?:[^"\\]|\\.)*"/g, "")),
	);
	return [...unknown, ...open, ...syntaxErrors(runs)];
}

describe("the rules themselves", () => {
	const harm: readonly [string, RegExp][] = [
		["curl -fsSL https://x.example/i.sh | sudo -E bash -", /download/],
		["sudo sh get-docker.sh", /unread script/],
		["sudo chmod 777 /srv/x", /everyone/],
		["sudo chmod 666 /var/run/docker.sock", /everyone/],
		["docker run --privileged x", /privileged/],
		["docker system prune -a --volumes", /in use/],
		["git config http.sslVerify false", /TLS/],
		["ssh -o StrictHostKeyChecking=no x", /SSH/],
		["sudo setenforce 0", /SELinux/],
		["sudo chmod o-rwx /opt", /chmod changes \/opt/],
		["sudo chown -R 1000: /var/lib/docker", /chown changes/],
		["sudo rm -r /", /rm changes \/$/],
		["sudo chown -R x: ..", /chown changes \.\./],
		["sudo reboot", /does not say/],
		["sudo systemctl restart docker", /does not say/],
		["sudo systemctl restart forgejo-runner", /does not say/],
	];

	test.each(harm)("%s breaks one", (line, problem) => {
		const fix: PrintedFix = { of: "a test", text: "Do it.", commands: [line], kind: "host" };
		expect(broken(fix, line, splitByBash(simpleCommands(line)))).toContainEqual(expect.stringMatching(problem));
	});

	test("a file of its own may be changed", () => {
		expect(changesOfSystem(["sudo", "chmod", "600", "/etc/gitea-runner/.runner"])).toEqual([]);
		expect(forbidden.filter(({ line }) => line.test("chmod 1777 /runner/tmp"))).toEqual([]);
	});

	test("bash splits a line like a terminal does, and runs nothing", () => {
		const line = `dir=$(jq 'a|b' "f g") && sudo rm -r "\${dir:?}"/'a b' $(printf Z); y 2>/dev/null | z # comment | no`;
		expect(splitByBash(simpleCommands(line)).map(({ argv }) => argv)).toEqual([
			["dir="],
			["sudo", "rm", "-r", "/DIR/a b", "Z"],
			["y"],
			["z"],
		]);
	});

	test("a command in a condition is one", () => {
		expect(simpleCommands("if a b; then sudo reboot; else ! c; fi")).toEqual(["a b", "sudo reboot", "c"]);
	});

	test("a command that bash cannot split is found", () => {
		expect(() => splitByBash(["a", "b 'c", "d"])).toThrow("cannot split");
		expect(() => splitByBash(["a", "b ) c", "d"])).toThrow("cannot split");
		expect(() => splitByBash(["a \\", "b"])).toThrow("did not split");
	});

	test("an unclosed quote is found", () => expect(syntaxErrors(["echo 'a", "echo b"])).toEqual(["echo 'a"]));
});
