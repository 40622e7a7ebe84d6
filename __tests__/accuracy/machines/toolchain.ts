import type { RunOutcome } from "../../../src/host/host.ts";
import { createTool } from "../../support/builders.ts";
import { executable, exited, type FakeMachine, file } from "../../support/fake-host.ts";
import type { State } from "../states.ts";
import { type Change, directory, ended, variablesOf, workspace } from "./machine.ts";
import { fullDisk, readOnly, withoutInodes } from "./resources.ts";

/** The name in `tool/<name>:…`. */
function toolOf({ expect, judges }: State): string {
	const id = expect === "pass" ? (judges[0] ?? "") : expect.replace(/:.*/, "");
	return id.replace("tool/", "");
}

/** Its version command ends as recorded, for every way in which it is asked for. */
function saying(name: string, outcome: RunOutcome, rest: Change = {}): Change {
	return {
		...rest,
		policy: { tools: { [name]: createTool(name) }, ...rest.policy },
		machine: { ...rest.machine, files: { [`/usr/bin/${name}`]: executable(), ...rest.machine?.files } },
		run: (command) => (command[0]?.endsWith(`/${name}`) ? outcome : undefined),
	};
}

function withoutTool(name: string): Change {
	const absent = { kind: "absent" } as const;
	return {
		policy: { tools: { [name]: createTool(name) } },
		machine: { files: { [`/usr/bin/${name}`]: absent } },
		run: (command) =>
			command[0]?.endsWith(`/${name}`)
				? { kind: "not-started", code: "ENOENT", stdout: "", stderr: "", ms: 0 }
				: undefined,
	};
}

/** An ELF file's head: 64 bits, this machine number, this loader. */
function elf(machine: number, loader: string): string {
	const head = Buffer.alloc(256);
	head.write("\u007fELF", "latin1");
	head.set([2, 1, 1], 4);
	head.writeUInt16LE(machine, 18);
	head.writeUInt32LE(64, 32);
	head.writeUInt16LE(56, 54);
	head.writeUInt16LE(1, 56);
	head.writeUInt32LE(3, 64);
	head.writeUInt32LE(128, 72);
	head.writeUInt32LE(loader.length + 1, 96);
	head.write(loader, 128, "latin1");
	return head.toString("latin1");
}

/** An executable with this content: the fake host's texts are not executable by themselves. */
function programText(text: string, path: string): FakeMachine {
	return { files: { [path]: text }, access: async () => ({ kind: "granted" }) };
}

/** Machines of `rust`, `node` and the tools of `misc`. */
export function toolchainMachine(state: State): Change {
	const recording = state.recordings[0];
	if (!recording) throw new Error(state.name);
	const outcome = ended(recording);
	const name = toolOf(state);
	const env = variablesOf(recording.command);
	const start: RunOutcome = { kind: "not-started", code: "ENOENT", stdout: "", stderr: "", ms: 0 };

	if (/^\S+ is not installed$/.test(state.name)) return withoutTool(name);
	if (/^Node \d/.test(state.name)) {
		const version = state.name.slice("Node ".length);
		return {
			machine: { nodeVersion: version },
			run: ([path, ...args]) =>
				path?.endsWith("/node") && args[0] === "--version" ? exited(`v${version}\n`) : undefined,
		};
	}
	switch (state.name) {
		case "rust-toolchain.toml pins a toolchain that is not installed and cannot be downloaded":
			return saying(name, outcome, {
				machine: { files: { [`${workspace}/rust-toolchain.toml`]: '[toolchain]\nchannel = "1.70.0"\n' } },
			});
		case "rust-toolchain.toml says nothing about a toolchain":
			return saying(name, outcome, { machine: { files: { [`${workspace}/rust-toolchain.toml`]: "[toolchain]\n" } } });
		case "rust-toolchain.toml names a directory that holds no toolchain":
			return saying(name, outcome, {
				machine: { files: { [`${workspace}/rust-toolchain.toml`]: '[toolchain]\npath = "/opt/rust-none"\n' } },
			});
		case "custom toolchain without rustc": {
			// cargo shows what rustc printed.
			const stderr = recording.stderr.split("--- stderr\n")[1] ?? "";
			return saying(name, exited("", 1, stderr), { machine: { env } });
		}
		case "Cargo.toml asks for a newer Rust than 1.95":
			return rustVersion("1.95.0", "1.95.0");
		case "Cargo.toml asks for a newer Rust than the 1.63 of Debian 12":
			return rustVersion("1.63.0", "1.65.0");
		case ".cargo/config.toml names a linker that is not installed":
			return linker(/linker `(.+)` not found/.exec(recording.stderr)?.[1] ?? "");
		case "file system without inodes (8 in all)":
			return withoutInodes(8);
		case "full workspace":
			return fullDisk();
		case "read-only workspace":
			return readOnly();
		case "glibc node on musl":
			return {
				...saying(name, start),
				machine: programText(elf(62, "/lib64/ld-linux-x86-64.so.2"), "/usr/bin/node"),
			};
		case "node for another architecture":
			// The kernel refuses it, and Node's spawn leaves it to `sh`.
			return {
				...saying(name, outcome),
				machine: programText(elf(183, "/lib/ld-linux-aarch64.so.1"), "/usr/bin/node"),
			};
		case "program without its execute bit":
			return { ...withoutTool(name), machine: { files: { [`/usr/bin/${name}`]: file() } } };
		case "a directory where a program should be":
			return { ...withoutTool(name), machine: { files: { [`/usr/bin/${name}`]: directory() } } };
		case "script with an interpreter that does not exist":
			return { ...saying(name, start), machine: programText("#!/no/such/interpreter\n", `/usr/bin/${name}`) };
		case "file that is not a program": {
			const { code, message } = JSON.parse(recording.stdout) as { code: number; message: string };
			const stderr = message.split("\n").slice(1).join("\n");
			return { ...saying(name, exited("", code, stderr)), machine: programText("\u0001garbage\n", `/usr/bin/${name}`) };
		}
		case "the working directory is gone":
			return saying(name, start);
	}
	const unwritable = /^CARGO_HOME that this user cannot write \((.+)\)$/.exec(state.name)?.[1];
	if (unwritable !== undefined) return cargoHome(unwritable, env.CARGO_HOME ?? "");
	return saying(name, outcome, { machine: { env } });
}

function rustVersion(rustc: string, cargo: string): Change {
	return {
		machine: { files: { [`${workspace}/Cargo.toml`]: '[package]\nname = "p"\nrust-version = "1.99"\n' } },
		run: ([path, ...args]) => {
			if (args[0] !== "--version") return undefined;
			if (path?.endsWith("/rustc")) return exited(`rustc ${rustc}\n`);
			return path?.endsWith("/cargo") ? exited(`cargo ${cargo}\n`) : undefined;
		},
	};
}

function linker(name: string): Change {
	return {
		machine: {
			files: {
				[`${workspace}/Cargo.toml`]: '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n',
				[`${workspace}/.cargo`]: directory(1000),
				[`${workspace}/.cargo/config.toml`]: `[target.x86_64-unknown-linux-gnu]\nlinker = "${name}"\n`,
			},
		},
	};
}

/** CARGO_HOME of the recorded command, closed to this user in the recorded way. */
function cargoHome(kind: string, path: string): Change {
	const shut = { uncreatable: "/home/ci", "root-owned-cache": `${path}/registry` }[kind] ?? path;
	const exists = kind === "uncreatable" ? {} : { [path]: directory(0, kind === "mode700-of-root" ? 0o700 : 0o755) };
	return {
		machine: {
			env: { CARGO_HOME: path },
			files: { ...exists, [shut]: directory(0, kind === "mode700-of-root" ? 0o700 : 0o755) },
			async access(asked, wanted) {
				const isShut = asked === shut || asked.startsWith(`${shut}/`);
				return { kind: isShut && (wanted === "w" || kind === "mode700-of-root") ? "denied" : "granted" };
			},
		},
	};
}
