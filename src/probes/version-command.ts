import { own } from "../own.ts";

/** How programs that know no `--version` are asked for it. */
const versionArguments: Readonly<Record<string, readonly string[]>> = {
	// These want to be called as cargo calls them: `expected subcommand 'hack', found argument '--version'`.
	"cargo-hack": ["hack", "--version"],
	"cargo-llvm-cov": ["llvm-cov", "--version"],
	ffmpeg: ["-version"],
	ffplay: ["-version"],
	ffprobe: ["-version"],
	go: ["version"],
	helm: ["version"],
	java: ["-version"],
	javac: ["-version"],
	kubectl: ["version", "--client"],
	lua: ["-v"],
	openssl: ["version"],
	ssh: ["-V"],
	tmux: ["-V"],
	unzip: ["-v"],
	zip: ["-v"],
};

/** The command of the policy; where it is only the usual guess, what the program really understands. */
export function versionCommand(name: string, command: readonly string[]): readonly string[] {
	const guessed = command.length === 2 && command[0] === name && command[1] === "--version";
	const known = guessed ? own(versionArguments, name) : undefined;
	return known ? [name, ...known] : command;
}
