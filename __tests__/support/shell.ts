import { spawnSync } from "node:child_process";

/** One command of a pipeline or list. */
export interface SimpleCommand {
	/** As it is written, without comment and redirections. */
	readonly text: string;
	/** What the program gets, as bash splits it; its name first. */
	readonly argv: readonly string[];
}

/** The end of the quoted or substituted part that begins at `at`. */
function endOfPart(text: string, at: number): number {
	const open = text[at];
	if (open === "\\") return at + 2;
	if (open === "'") {
		const dollar = text[at - 1] === "$";
		for (let i = at + 1; i < text.length; i++) {
			if (dollar && text[i] === "\\") i++;
			else if (text[i] === "'") return i + 1;
		}
		return text.length;
	}
	const close = open === "(" ? ")" : '"';
	for (let i = at + 1; i < text.length; ) {
		if (text[i] === close) return i + 1;
		if (text[i] === "\\" || (close === ")" && /['"(]/.test(text[i] ?? ""))) i = endOfPart(text, i);
		else if (text[i] === "$" && text[i + 1] === "(") i = endOfPart(text, i + 1);
		else i++;
	}
	return text.length;
}

/** Words of the shell in front of a command, or after the last. */
const reserved = /^(?:if|then|elif|else|fi|while|until|do|done|!|[{}])$/;

/** The simple commands of a line, by the operators of a shell outside of quotes; each without comment and redirections. */
export function simpleCommands(line: string): readonly string[] {
	const commands: string[] = [];
	let words: string[] = [];
	let word = "";
	const endWord = () => {
		if (word !== "") words.push(word);
		word = "";
	};
	const endCommand = () => {
		endWord();
		while (reserved.test(words[0] ?? "")) words.shift();
		if (words.length > 0) commands.push(withoutRedirections(words).join(" "));
		words = [];
	};
	for (let i = 0; i < line.length; ) {
		const character = line[i] ?? "";
		if (/['"\\]/.test(character) || (character === "(" && word.endsWith("$"))) {
			const end = endOfPart(line, i);
			word += line.slice(i, end);
			i = end;
			continue;
		}
		if (character === "#" && word === "") {
			while (i < line.length && line[i] !== "\n") i++;
			continue;
		}
		const isRedirection = character === "&" && /[<>]$/.test(word);
		if (/[;|\n]/.test(character) || (character === "&" && !isRedirection)) endCommand();
		else if (/\s/.test(character)) endWord();
		else word += character;
		i++;
	}
	endCommand();
	return commands;
}

function withoutRedirections(words: readonly string[]): readonly string[] {
	return words.filter((word, at) => !/^\d*[<>]/.test(word) && !/^\d*[<>]{1,2}$/.test(words[at - 1] ?? ""));
}

/** Files that a line writes through a redirection. */
export function redirectedTo(line: string): readonly string[] {
	return [...line.matchAll(/(?<![\w'"\\])\d?>{1,2}\s*([^\s&;|]+)/g)].map(([, file = ""]) => file);
}

/**
 * Splits every command with a real bash, which runs no program: each command becomes the arguments of a function, PATH is
 * empty, and a substitution that would start a program gives nothing.
 */
export function splitByBash(commands: readonly string[]): readonly SimpleCommand[] {
	const script = [
		"set -f; PATH=/nonexistent; dir=/DIR; command_not_found_handle() { :; }",
		`show() { printf '%s\\0' "$#" "$@"; }`,
		// An assignment in front of a command is a word of it, and a pattern matches no file.
		...commands.map((text) => `show ${text}`),
	].join("\n");
	// Not as an argument: one has at most 128 KiB.
	const { stdout, stderr, status } = spawnSync("/bin/bash", ["--norc", "--noprofile"], {
		input: `${script}\n`,
		encoding: "utf8",
		cwd: "/",
		env: { LC_ALL: "C.UTF-8" },
		maxBuffer: 1e9,
	});
	if (status !== 0 || /syntax error|unexpected EOF/.test(stderr))
		throw new Error(`bash cannot split: ${stderr.slice(-500)}`);
	const parts = stdout.split("\0");
	let at = 0;
	const split = commands.map((text) => {
		const count = Number(parts[at]);
		const argv = parts.slice(at + 1, at + 1 + count);
		at += count + 1;
		return { text, argv };
	});
	if (at !== parts.length - 1) throw new Error("bash did not split every command");
	return split;
}

/** The lines in which `bash -n` finds an error. All are read by one bash, which runs none of them. */
export function syntaxErrors(lines: readonly string[]): readonly string[] {
	const script =
		'while IFS= read -r -d "" line; do eval "if false; then :\n$line\nfi" 2>/dev/null || printf "%s\\0" "$line"; done';
	const { stdout, status } = spawnSync("/bin/bash", ["--norc", "--noprofile", "-c", script], {
		input: lines.map((line) => `${line}\0`).join(""),
		encoding: "utf8",
		env: { PATH: "", LC_ALL: "C.UTF-8" },
		maxBuffer: 1e9,
	});
	if (status !== 0) throw new Error(`bash failed with ${status}`);
	return stdout.split("\0").slice(0, -1);
}
