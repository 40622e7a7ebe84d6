import { own } from "../../own.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { VersionRange } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { code, oneLine, operand, shellQuote } from "../text.ts";
import { newestNode, nodeFromImage } from "./node-runtime-words.ts";

type Mode = ToolFacts["mode"];
export type Fix = Omit<Remedy, "otherwise">;

/** How to install a tool in an image (lines of a Dockerfile) and on a host (lines for a shell). */
interface Recipe {
	readonly text: string;
	readonly image: readonly string[];
	readonly host: readonly string[];
}

/** Debian's package of a program, if its name differs. */
const packages: Readonly<Record<string, string>> = {
	"c++": "g++",
	ffprobe: "ffmpeg",
	go: "golang-go",
	java: "default-jre-headless",
	ld: "binutils",
	ninja: "ninja-build",
	php: "php-cli",
	pip: "python3-pip",
	pip3: "python3-pip",
	protoc: "protobuf-compiler",
	psql: "postgresql-client",
	python: "python-is-python3",
	ssh: "openssh-client",
	xz: "xz-utils",
};

/** Programs that are components of rustup. */
const components: Readonly<Record<string, string>> = {
	"cargo-clippy": "clippy",
	"cargo-fmt": "rustfmt",
	"cargo-miri": "miri",
	"clippy-driver": "clippy",
	"rust-analyzer": "rust-analyzer",
	rustdoc: "rustc",
	rustfmt: "rustfmt",
};

/** rustup's component of a program; `undefined` if there is none. */
export function componentOf(program: string): string | undefined {
	return own(components, program);
}

/** Crates whose program has another name. */
const crates: Readonly<Record<string, string>> = { sqlx: "sqlx-cli", sea: "sea-orm-cli", diesel: "diesel_cli" };

/** How to install a tool where this job runs. `range` is the version that is wanted. */
export function installRemedy(name: string, mode: Mode, range: VersionRange): Remedy {
	if (name === "nvidia-smi") return choose(mode, nvidia.inContainer, nvidia.onHost);
	const recipe = recipeOf(name, range);
	const image: Fix = {
		text: `Install ${code(name)} in the job's image, then pull the new image on the runner's host. ${recipe.text}`,
		config: { file: "Dockerfile", language: "dockerfile", text: recipe.image.join("\n") },
		kind: "image",
	};
	const host: Fix = {
		text: `Install ${code(name)} on the runner's host. ${recipe.text}`,
		commands: recipe.host,
		kind: "host",
	};
	return choose(mode, image, host);
}

/** The fix for this kind of job; both fixes if the kind is unknown. */
export function choose(mode: Mode, image: Fix, host: Fix): Remedy {
	if (mode === "host") return host;
	return mode === "container" ? image : { ...image, otherwise: host };
}

/** A value between the double quotes of a Dockerfile. */
export function dockerfileText(value: string): string {
	return oneLine(value).replace(/["\\$]/g, "\\$&");
}

/** Where a tool of this job is fixed. */
export function hostOrImage({ mode }: Pick<ToolFacts, "mode">): "host" | "image" {
	return mode === "host" ? "host" : "image";
}

/** The toolchain of rustup to install for a range: its lowest one. */
export function toolchainFor(range: VersionRange): string {
	const highest = highestOf(range);
	return lowestOf(range) ?? (highest?.includes(".") ? highest : "stable");
}

/** The lowest version of a range: `1.92` of `>=1.92 <2`. `undefined` if it has no lower end. */
export function lowestOf(range: VersionRange): string | undefined {
	const floor = range.anyOf[0]?.find(({ operator }) => operator === ">=" || operator === "" || operator === ">");
	if (!floor || floor.numbers.every((number) => number === 0)) return undefined;
	const [major, minor, patch] = floor.numbers;
	return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** The highest release of a range: `1.79` of `<1.80`, `22` of `<23`. `undefined` if it has no upper end. */
function highestOf(range: VersionRange): string | undefined {
	const end = range.anyOf[0]?.find(({ operator }) => operator === "<" || operator === "<=");
	if (!end) return undefined;
	const [major, minor, patch] = end.numbers;
	if (end.operator === "<=") return `${major}.${minor}.${patch}`;
	if (patch > 0) return `${major}.${minor}.${patch - 1}`;
	return minor > 0 ? `${major}.${minor - 1}` : String(Math.max(0, major - 1));
}

function recipeOf(name: string, range: VersionRange): Recipe {
	const component = componentOf(name);
	if (component !== undefined) return withRustup(["component", "add", component]);
	switch (name) {
		case "rustc":
		case "cargo":
		case "rustup":
			return rust(toolchainFor(range));
		case "docker":
			return docker;
		case "node":
			return node((lowestOf(range) ?? highestOf(range))?.split(".")[0] ?? newestNode);
		case "npm":
		case "npx":
			// Their versions are not those of the Node that brings them.
			return node(newestNode);
		case "ollama":
			return ollama;
		default:
			return name.startsWith("cargo-") || own(crates, name) !== undefined ? crate(name) : debian(name);
	}
}

/** Official images and packages, not a script from the network: nothing is run that was not verified. */
function rust(toolchain: string): Recipe {
	const tag = toolchain === "stable" ? "1-slim" : `${toolchain}-slim`;
	const copy = (path: string): string => `COPY --from=rust:${tag} ${path} ${path}`;
	return {
		text: "rustup brings rustc and cargo. Debian 13 and Ubuntu 24.04 and newer have it as a package, for other systems see https://rustup.rs. In an image based on Alpine, copy from `-alpine` instead of `-slim`.",
		image: [
			copy("/usr/local/rustup"),
			copy("/usr/local/cargo"),
			"ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo",
			'ENV PATH="/usr/local/cargo/bin:$PATH"',
		],
		host: [
			"sudo apt-get update && sudo apt-get install -y rustup",
			"# as the runner's user",
			`rustup toolchain install ${toolchain} --profile minimal && rustup default ${toolchain}`,
		],
	};
}

/** A rustup command, in the image and as the runner's user. @param names Not options, whatever they look like. */
export function withRustup(args: readonly string[], ...names: readonly string[]): Recipe {
	const end = names.some((name) => name.startsWith("-")) ? ["--"] : [];
	const command = ["rustup", ...[...args, ...end, ...names].map(shellQuote)].join(" ");
	return {
		text: "Use rustup, as the user who owns the toolchains.",
		image: [`RUN ${command}`],
		host: ["# as the runner's user", command],
	};
}

const docker: Recipe = {
	text: "Use the CLI from Docker's own image or packages: a distribution's CLI is often too old for a current daemon. https://docs.docker.com/engine/install/ says how to set up the packages.",
	image: ["COPY --from=docker:cli /usr/local/bin/docker /usr/local/bin/docker"],
	host: ["sudo apt-get update && sudo apt-get install -y docker-ce-cli docker-buildx-plugin"],
};

function node(major: string): Recipe {
	const source = `deb [signed-by=/etc/apt/keyrings/nodesource.asc] https://deb.nodesource.com/node_${major}.x nodistro main`;
	return {
		text: "JavaScript actions need it as well. In an image based on Alpine, copy from `-alpine` instead of `-slim`.",
		image: nodeFromImage(major),
		host: [
			"sudo install -d -m 755 /etc/apt/keyrings",
			"sudo curl -fsSL https://deb.nodesource.com/gpgkey/nodesource-repo.gpg.key -o /etc/apt/keyrings/nodesource.asc",
			`echo '${source}' | sudo tee /etc/apt/sources.list.d/nodesource.list`,
			"sudo apt-get update && sudo apt-get install -y nodejs",
		],
	};
}

/** It belongs to the driver, so an image must not bring its own. */
const nvidia = {
	inContainer: {
		text: "Request GPUs in the runner's configuration. `nvidia-smi` belongs to the host's driver, and NVIDIA's container toolkit adds it to containers with GPUs. Do not install it in the image.",
		config: { file: "config.yaml", language: "yaml", text: "container:\n  options: --gpus all" },
		kind: "runner",
	},
	onHost: {
		text: "Install your distribution's package of the NVIDIA driver, which includes it.",
		commands: ["sudo ubuntu-drivers install", "nvidia-smi"],
		kind: "host",
	},
} as const;

function crate(name: string): Recipe {
	const command = `cargo install --locked ${operand(own(crates, name) ?? name)}`;
	return {
		text: "cargo builds and installs it.",
		image: [`RUN ${command}`],
		host: ["# as the runner's user", command],
	};
}

function debian(name: string): Recipe {
	const known = own(packages, name);
	const wanted = operand(known ?? name);
	return {
		text: `On Debian and Ubuntu, the package ${known === undefined ? "usually has the program's name" : `is \`${known}\``}; on Alpine use \`apk add --no-cache\`.`,
		image: [
			`RUN apt-get update && apt-get install -y --no-install-recommends ${wanted} \\`,
			"    && rm -rf /var/lib/apt/lists/*",
		],
		host: [`sudo apt-get update && sudo apt-get install -y ${wanted}`],
	};
}

const ollama: Recipe = {
	text: "No distribution has a package. Ollama's installer runs as root, so read it first.",
	image: [
		"COPY --from=ollama/ollama /usr/bin/ollama /usr/bin/ollama",
		"COPY --from=ollama/ollama /usr/lib/ollama /usr/lib/ollama",
	],
	host: [
		"curl -fsSL https://ollama.com/install.sh -o install-ollama.sh",
		"less install-ollama.sh",
		"sh install-ollama.sh",
	],
};
