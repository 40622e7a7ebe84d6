/** Words for tools that rustup cannot run: it has no toolchain, or the toolchain lacks the tool. */
import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { onPathAndWorking } from "./expected-tool.ts";
import { choose, componentOf, hostOrImage, installRemedy, withRustup } from "./install.ts";
import { reinstallToolchain, rustupWhy } from "./tool-start-words.ts";
import type { DefectSeen } from "./tool-words.ts";

export const words = {
	"no-default-toolchain": reason<DefectSeen>({
		level: "fail",
		title: "rustup has no default toolchain",
		headline: ({ expected: { name } }) => `rustup has no toolchain to run ${name}`.slice(0, 60),
		why: rustupWhy,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => {
			const proxy = `${code(facts.found?.path ?? expected.name)} is rustup's proxy`;
			return {
				what:
					defect.variant === "never-set-up"
						? `${proxy}, but rustup was never set up for this user: ${code(defect.subject ?? "")}, where it looks for toolchains, is empty.`
						: `${proxy}, and rustup has no default toolchain to run ${code(expected.name)}.`,
				fix: fixDefault(facts, defect),
			};
		},
		more: "Often a toolchain is installed for another user: rustup looks in `RUSTUP_HOME`, or else in `~/.rustup` of the job's user and HOME.",
	}),

	"toolchain-not-installed": reason<DefectSeen>({
		level: "fail",
		title: "The requested Rust toolchain is not installed",
		headline: ({ expected: { name }, defect }) =>
			defect.variant === "toolchain-path"
				? "The toolchain file names a directory without a toolchain"
				: `Rust ${withoutTarget(defect.subject ?? "toolchain")} is not installed for ${name}`.slice(0, 60),
		why: ({ defect }) =>
			defect.variant === "toolchain-path"
				? rustupWhy
				: "Every job tries to download it. It fails if that is switched off or there is no network.",
		expected: onPathAndWorking,
		tell: ({ facts, defect }) => {
			const subject = code(defect.subject ?? "");
			if (defect.variant === "toolchain-path") {
				return {
					what: `The workspace's toolchain file names the directory ${subject}, but there is no toolchain in it.`,
					fix: {
						text: "Install the toolchain there, or name a channel in the toolchain file instead of a path.",
						config: { file: "rust-toolchain.toml", language: "toml", text: '[toolchain]\nchannel = "stable"' },
						kind: "workflow",
					},
				};
			}
			return {
				what: `rustup is asked for the toolchain ${subject}, which is not installed.`,
				fix: fixToolchain(defect.subject ?? "stable", facts),
			};
		},
		more: "`RUSTUP_TOOLCHAIN`, a `rust-toolchain.toml`, an override of a directory, or rustup's default asks for it. If only the workspace asks for it and rustup may install what is missing, jobs work after a download. This check then judges the default toolchain, and [`rust/consistency`](rust.md#pinned-toolchain-missing) warns about the download.",
	}),

	"component-missing": reason<DefectSeen>({
		level: "fail",
		title: "A component or plugin is not installed",
		headline: ({ expected: { name }, defect }) => {
			const part = defect.subject ?? name;
			return (part === name ? `${name} is not installed` : `${name}: ${part} is not installed`).slice(0, 60);
		},
		why: ({ expected: { name } }) => `Every step that calls ${code(name)} fails.`,
		expected: onPathAndWorking,
		tell: tellComponent,
	}),
};

/** `1.70.0` of `1.70.0-x86_64-unknown-linux-gnu` */
function withoutTarget(toolchain: string): string {
	return toolchain.replace(/-[a-z0-9_]+-[a-z]+-[a-z]+(?:-[a-z]+)?$/, "");
}

function tellComponent({ expected, facts, defect }: DefectSeen): Told {
	const { name } = expected;
	const subject = code(defect.subject ?? "");
	const toolchain = code(defect.within ?? "");
	const proxy = `${code(facts.found?.path ?? name)} is rustup's proxy`;
	switch (defect.variant) {
		case "component-damaged":
			return {
				what: `${proxy}. rustup lists the component ${subject} in the toolchain ${toolchain}, but its program is missing.`,
				fix: reinstallToolchain(defect.within ?? "stable", facts),
			};
		case "component-unavailable":
			return {
				what: `${proxy}, and the toolchain ${toolchain} does not offer the component ${subject}.`,
				fix: fixOnNightly(name, facts, defect.subject ?? name),
			};
		case "subcommand":
			return {
				what: `${code(facts.command[0] ?? name)} works, but has no command ${subject}: the package that provides it is not installed.`,
				fix: fixSubcommand(facts, defect.subject ?? "", hostOrImage(facts)),
			};
		default:
			return {
				what: `${proxy}, and the component with ${subject} is not installed${defect.within === undefined ? "" : ` in the toolchain ${toolchain}`}.`,
				fix: fixComponent(name, facts, defect),
			};
	}
}

function fixDefault(facts: ToolFacts, { variant, subject }: DefectSeen["defect"]): Remedy {
	const hint =
		variant === "never-set-up"
			? ` If the toolchains were installed for another user or HOME, set \`RUSTUP_HOME\` (and \`CARGO_HOME\`) to their place instead. Now rustup looks in ${code(subject ?? "~/.rustup")}.`
			: "";
	const { image, host } = withRustup(["default", "stable"]);
	return choose(
		facts.mode,
		{
			text: `Select a default toolchain in the image, in a \`RUSTUP_HOME\` that all users share.${hint}`,
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: ["ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo", ...image].join("\n"),
			},
			kind: "image",
		},
		{ text: `Select a default toolchain as the runner's user.${hint}`, commands: host, kind: "host" },
	);
}

function fixToolchain(name: string, facts: ToolFacts): Remedy {
	const { image, host } = withRustup(["toolchain", "install", "--profile", "minimal"], name);
	return {
		...choose(
			facts.mode,
			{
				text: "Install the toolchain in the image, so that no job has to download it.",
				config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
				kind: "image",
			},
			{ text: "Install the toolchain as the runner's user.", commands: host, kind: "host" },
		),
		otherwise: {
			text: "Ask for an installed toolchain. The name comes from `RUSTUP_TOOLCHAIN`, from `rust-toolchain.toml` in the workspace, or from rustup's own settings.",
			commands: ["rustup toolchain list", "rustup show"],
			kind: "workflow",
		},
	};
}

function fixComponent(name: string, facts: ToolFacts, { subject, within, told }: DefectSeen["defect"]): Remedy {
	const advised = /rustup component add (?:--toolchain \S+ )?([\w-]+)/.exec(told)?.[1];
	const wanted = advised ?? componentOf(subject ?? name) ?? subject ?? name;
	const toolchain = within === undefined ? [] : ["--toolchain", within];
	const { image, host } = withRustup(["component", "add", ...toolchain], wanted);
	return choose(
		facts.mode,
		{
			text: "Add the component to the toolchain in the image.",
			config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
			kind: "image",
		},
		{ text: "Add the component as the runner's user.", commands: host, kind: "host" },
	);
}

/** Some components, such as miri, come with nightly toolchains only. */
function fixOnNightly(name: string, facts: ToolFacts, component: string): Remedy {
	const { image, host } = withRustup([
		...["toolchain", "install", "nightly", "--profile", "minimal"],
		...["--component", component],
	]);
	const use = `Then call it as ${code(name.replace(/^cargo-/, "cargo +nightly "))}, and give the tool a \`command\` in the policy that names the toolchain.`;
	return choose(
		facts.mode,
		{
			text: `Install a nightly toolchain, which offers the component, next to the other one. ${use}`,
			config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
			kind: "image",
		},
		{
			text: `Install a nightly toolchain, which offers the component, next to the other one. ${use}`,
			commands: host,
			kind: "host",
		},
	);
}

function fixSubcommand(facts: ToolFacts, subject: string, kind: "host" | "image"): Remedy {
	const program = facts.command[0] ?? "";
	if (program !== "docker") return installRemedy(`${program}-${subject}`, facts.mode, { text: "*", anyOf: [[]] });
	const plugin = `docker-${subject}-plugin`;
	return {
		text: `Install the plugin ${code(`docker-${subject}`)} (Docker's package ${code(plugin)}).`,
		commands: [`${kind === "host" ? "sudo " : ""}apt-get install -y ${shellQuote(plugin)}`],
		kind,
	};
}
