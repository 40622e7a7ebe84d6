import { errnoText } from "../../errno-text.ts";
import type { CargoHome, FullHome, PinnedToolchain, RustFacts, RustTool, Toolchains } from "../../probes/rust.ts";
import type { Remedy } from "../check.ts";
import { lookAt } from "../find-out.ts";
import { isOfSystem } from "../resources/places.ts";
import { code, listed, operand, shellPath, shellQuote } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { choose, dockerfileText } from "./install.ts";

type Mode = RustFacts["mode"];

interface RustcCargoMismatch {
	readonly rustc: RustTool;
	readonly cargo: RustTool;
	/** `1.63.0` */
	readonly compiler: string;
	readonly builder: string;
	readonly mode: Mode;
}

interface PinnedToolchainMissing {
	readonly pinned: PinnedToolchain;
	readonly toolchains: Toolchains;
	readonly profile: string;
	readonly mode: Mode;
}

interface CargoHomeFull {
	readonly path: string;
	readonly full: FullHome;
	readonly mode: Mode;
}

interface CargoHomeNotWritable {
	readonly home: Exclude<CargoHome, { kind: "writable" | "unknown" }>;
	readonly uid: number | undefined;
	readonly mode: Mode;
	/** Unit of the runner that started the job. */
	readonly service: string;
}

export const intro =
	"Compares the versions of `rustc` and `cargo`, reads which toolchain the workspace asks for (`rust-toolchain` or `rust-toolchain.toml`), and looks whether cargo can write where it keeps its downloads. It writes no file and does not start rustup.";

export const words = {
	"rustc-cargo-mismatch": reason<RustcCargoMismatch>({
		level: "warn",
		title: "rustc and cargo are from different releases",
		headline: ({ compiler, builder }) => `rustc ${compiler} and cargo ${builder} do not match`,
		why: "rustc and cargo are released as a pair. A newer cargo passes options that the compiler does not know. An older one cannot read today's manifests: `this version of Cargo does not understand this lock file`.",
		expected: "rustc and cargo of the same release",
		tell: ({ rustc, cargo, compiler, builder, mode }) => ({
			what: `rustc is ${compiler} (${code(rustc.path)}) and cargo is ${builder} (${code(cargo.path)})${rustc.rustup === cargo.rustup ? "" : ": one comes from rustup, the other does not"}.`,
			fix: choose(
				mode,
				{
					text: "Use one installation in the image: put its directory first on PATH, for example rustup's.",
					config: { file: "Dockerfile", language: "dockerfile", text: 'ENV PATH="/usr/local/cargo/bin:$PATH"' },
					commands: ["which -a rustc cargo"],
					kind: "image",
				},
				{
					text: "Use one installation: put its directory first on the PATH of the runner's service.",
					commands: ["which -a rustc cargo", "systemctl show gitea-runner --property=Environment"],
					kind: "host",
				},
			),
		}),
		more: "Usually there are two installations, and PATH finds one tool of each: rustup's in `~/.cargo/bin`, the distribution's in `/usr/bin`.",
	}),

	"pinned-toolchain-missing": reason<PinnedToolchainMissing>({
		level: "warn",
		title: "Every job downloads the pinned Rust toolchain",
		headline: ({ pinned }) => `Every job downloads Rust ${pinned.channel}`.slice(0, 60),
		why: "rustup downloads it in every job that starts without it: some hundred megabytes and a minute each time. Without network access, no build works at all.",
		expected: ({ pinned, toolchains }) =>
			`the toolchain ${code(pinned.channel)} in ${code(`${toolchains.home}/toolchains`)}`,
		tell: ({ pinned, profile, mode }) => {
			const install = `rustup toolchain install --profile minimal ${operand(pinned.channel)}`;
			return {
				what: `${code(`${pinned.file}:${pinned.line}`)} asks for the Rust toolchain ${code(pinned.channel)}, which is not installed here.`,
				fix: {
					...choose(
						mode,
						{
							text: `Install the toolchain in the image of ${code(profile)}.`,
							config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${install}` },
							kind: "image",
						},
						{ text: "Install the toolchain as the runner's user.", commands: [install], kind: "host" },
					),
					otherwise: {
						text: `Ask for an installed toolchain in ${code(pinned.file)}.`,
						commands: ["rustup toolchain list"],
						kind: "workflow",
					},
				},
			};
		},
		more: "`RUSTUP_TOOLCHAIN` wins over the file; if it is set, the file is not looked at. If rustup may not install what is missing (`RUSTUP_AUTO_INSTALL=0`), builds fail, and `tool/rustc` reports it.",
	}),

	"cargo-home-not-writable": reason<CargoHomeNotWritable>({
		level: "fail",
		title: "cargo cannot write to its home directory",
		headline: ({ home }) =>
			home.kind === "no-home" ? "cargo has no home directory" : "cargo cannot write to its home directory",
		why: "cargo keeps the registry index, downloaded crates and its locks there. The first build with a dependency fails with `Permission denied (os error 13)`.",
		expected: "a CARGO_HOME that the job's user can write to",
		tell: ({ home, uid, mode, service }) => ({
			what: tellHome(home, uid === undefined ? "the job's user" : `the job's user (uid ${uid})`),
			fix: fixHome(home, uid, mode, service),
		}),
		more: `This happens if an image installs Rust as root and the job runs as another user, if \`sudo cargo\` on a host left parts of \`~/.cargo\` to root, and if the job has no HOME (a uid without an entry in the user database gets \`/\`).

Two setups build nevertheless, and pass: a home owned by root with a \`registry\` that the user can write to, such as a volume on \`/usr/local/cargo/registry\` (cargo works without its lock), and \`CARGO_NET_OFFLINE=true\` with unpacked crates in \`registry/src\`, as an image can bring them.`,
	}),

	"cargo-home-full": reason<CargoHomeFull>({
		level: "fail",
		title: "The disk with cargo's home directory is full",
		why: "The first build with a dependency fails with `No space left on device (os error 28)`.",
		expected: "free space and inodes where CARGO_HOME is",
		tell: ({ path, full, mode }) => {
			const left = full.freeInodes === 0 && full.freeBytes > 1024 ? "no free inodes" : "no free space";
			const where = full.target === undefined ? "" : `, mounted at ${code(full.target)},`;
			return {
				what: `cargo's home is ${code(path)}. Its file system${where} has ${left}.`,
				fix: {
					text: "See what fills it, and remove what no build uses. cargo downloads and unpacks crates again when it needs them, so `registry/src` can go while no job runs.",
					commands: [
						`df -h ${shellPath(path)} && df -i ${shellPath(path)}`,
						`du -xh --max-depth=2 ${shellPath(path)} | sort -h | tail -n 15`,
					],
					kind: mode === "host" ? "host" : "runner",
					otherwise: {
						text: "Give cargo a home on a larger disk: set `CARGO_HOME` for these jobs.",
						kind: mode === "host" ? "host" : "workflow",
					},
				},
			};
		},
		more: "Disks of the policy, the workspace, the temporary directory and HOME have checks of their own. If one of them is on the same mount, this one waits for it.",
	}),
};

/** `rustc 1.95.0, cargo 1.95.0; cargo writes to …` */
export function pass(tools: readonly string[], home: CargoHome | undefined): string {
	// If cargo's home is not writable and the check passes, cargo does not need to write there.
	const use = home?.kind === "writable" ? "cargo writes to" : "cargo is offline and reads";
	return `${listed(tools)}${home && "path" in home ? `; ${use} ${code(home.path)}` : ""}`;
}

function tellHome(home: CargoHomeNotWritable["home"], user: string): string {
	if (home.kind === "no-home") {
		return "cargo finds no home directory: CARGO_HOME and HOME are not set, and the user is not in the user database.";
	}
	const { path, at, exists } = home;
	if (!exists)
		return `cargo's home ${code(path)} does not exist, and ${user} has no permission to create it in ${code(at)}.`;
	return `${code(at)} is not writable for ${user}${at === path ? "" : `, but cargo must write there: its home is ${code(path)}`}.`;
}

function fixHome(home: CargoHomeNotWritable["home"], uid: number | undefined, mode: Mode, service: string): Remedy {
	const path = home.kind === "not-writable" && home.exists ? home.path : undefined;
	const shared = path !== undefined && !path.startsWith("/root") && !isOfSystem(path) ? path : "/usr/local/cargo";
	return choose(
		mode,
		{
			text: "Give cargo a home in the image that every user can write to. Files below `/root` are for root only.",
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: `ENV CARGO_HOME="${dockerfileText(shared)}"\nRUN mkdir -p "$CARGO_HOME" && chmod -R a+rwX "$CARGO_HOME"`,
			},
			kind: "image",
		},
		path === undefined || uid === undefined || !mayBeGivenBack(home, path, uid)
			? {
					text: "Give the runner's user a home directory, or set `CARGO_HOME` in the runner's unit to a directory of that user. Then restart the runner while no job runs.",
					config: {
						file: `/etc/systemd/system/${service}.service.d/override.conf`,
						language: "ini",
						text: `[Service]\nEnvironment=CARGO_HOME=/var/lib/${service}/.cargo`,
					},
					commands: [`sudo systemctl edit ${service}   # opens this file`, `sudo systemctl restart ${service}`],
					kind: "host",
				}
			: {
					text: "Give the directory back to the runner's user: `sudo cargo` leaves files of root there. Or set `CARGO_HOME` to another directory of that user.",
					commands: [
						`ls -ld ${shellQuote(home.kind === "not-writable" ? home.at : path)}`,
						`sudo chown -R ${uid}: ${shellQuote(path)}`,
					],
					kind: "host",
				},
	);
}

/** Only what root left in a home: other users' homes and directories of the system keep their owner. */
function mayBeGivenBack(home: CargoHomeNotWritable["home"], path: string, uid: number): boolean {
	return home.kind === "not-writable" && home.uid === 0 && uid !== 0 && !/^\/root\//.test(path) && !isOfSystem(path);
}

export const unknowns = {
	"cargo-home": unknown<{ readonly path: string; readonly errno: string }>({
		title: "Unknown whether cargo can write to its home",
		why: "If it cannot, every build that downloads a crate fails with `Permission denied`.",
		expected: "a directory that can be inspected",
		tell: ({ path, errno }) => ({
			what: `Could not find out whether cargo can write to ${code(path)}: ${errnoText(errno)}.`,
			fix: lookAt(path, errno),
		}),
	}),
};
