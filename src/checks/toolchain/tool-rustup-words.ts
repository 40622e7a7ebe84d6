/** Words for tools that rustup cannot run: it has no toolchain, or the toolchain lacks the tool. */
import { isOfficialToolchain, probableChannel } from "../../knowledge/rust-channels.ts";
import type { OtherHome, ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, listed, shellQuote, systemdText, titleWith } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { onPathAndWorking } from "./expected-tool.ts";
import { choose, componentOf, dockerfileText, type Fix, hostOrImage, installRemedy, withRustup } from "./install.ts";
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
						? `${proxy}, but rustup was never set up for this user: ${code(defect.subject ?? "")}, where it looks for toolchains, is empty.${tellHomes(facts)}`
						: `${proxy}, and rustup has no default toolchain to run ${code(expected.name)}.${tellHomes(facts)}`,
				fix: homeWith(facts)
					? fixHome(homeWith(facts)?.path ?? "", facts, expected.service)
					: fixDefault(facts, defect),
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
				: isOfficialToolchain(defect.subject ?? "")
					? `Rust ${withoutTarget(defect.subject ?? "toolchain")} is not installed for ${name}`.slice(0, 60)
					: titleWith("Rust has no toolchain ", defect.subject ?? ""),
		why: ({ defect }) =>
			defect.variant === "toolchain-path" || !isOfficialToolchain(defect.subject ?? "")
				? rustupWhy
				: "Every job tries to download it. It fails if that is switched off or there is no network.",
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => {
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
			const name = defect.subject ?? "stable";
			const by = askerOf(facts);
			const asked = by === undefined ? "rustup is asked" : `${by} asks rustup`;
			return isOfficialToolchain(name)
				? {
						what: `${asked} for the toolchain ${subject}, which is not installed.`,
						fix: fixToolchain(name, facts, expected.service),
					}
				: {
						what: `${asked} for the toolchain ${subject}. Rust has no channel of that name, and no toolchain of that name is linked here.`,
						fix: fixName(name, facts),
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

/** Who names the toolchain: `RUSTUP_TOOLCHAIN`, or a line. */
function askerOf({ rustup }: ToolFacts): string | undefined {
	const by = rustup?.chosenBy;
	return by === undefined ? undefined : code(typeof by === "string" ? by : `${by.file}:${by.line}`);
}

/** A home of rustup elsewhere, which has the toolchain, or any. */
function homeWith({ rustup }: ToolFacts, toolchain?: string): OtherHome | undefined {
	return rustup?.otherHomes?.find(({ toolchains }) => toolchain === undefined || toolchains.includes(toolchain));
}

function tellHomes(facts: ToolFacts): string {
	const home = homeWith(facts);
	return home ? ` ${code(home.path)} has ${listed(home.toolchains.slice(0, 3).map(code))}.` : "";
}

/** The toolchain is installed, for another user or HOME. */
function fixHome(home: string, facts: ToolFacts, service: string): Remedy {
	return {
		...choose(
			facts.mode,
			{
				text: `Set \`RUSTUP_HOME\` to ${code(home)}, where the toolchains are.`,
				config: { file: "Dockerfile", language: "dockerfile", text: `ENV RUSTUP_HOME="${dockerfileText(home)}"` },
				kind: "image",
			},
			{
				text: `Set \`RUSTUP_HOME\` to ${code(home)}, where the toolchains are, in the runner's unit. Then restart the runner while no job runs.`,
				config: {
					file: `/etc/systemd/system/${service}.service.d/override.conf`,
					language: "ini",
					text: `[Service]\nEnvironment="RUSTUP_HOME=${systemdText(home)}"`,
				},
				commands: [`sudo systemctl edit ${service}   # opens this file`, `sudo systemctl restart ${service}`],
				kind: "host",
			},
		),
		otherwise: {
			text: "Until then, set it in the first step of the job.",
			commands: [`echo ${shellQuote(`RUSTUP_HOME=${home}`)} >> "$GITHUB_ENV"`],
			kind: "workflow",
		},
	};
}

/** rustup can install nothing for a name that is not a channel: it is corrected where it is written. */
function fixName(name: string, facts: ToolFacts): Remedy {
	const by = facts.rustup?.chosenBy;
	const meant = probableChannel(name);
	const place = by === "RUSTUP_TOOLCHAIN" ? "`RUSTUP_TOOLCHAIN`" : (askerOf(facts) ?? "the line that names it");
	const link: Fix = {
		text: "If it is a toolchain of your own, link it as the runner's user: `rustup toolchain link`.",
		commands: ["rustup toolchain list"],
		kind: hostOrImage(facts),
	};
	const correct = `Correct the name in ${place}: ${code(meant)} exists.`;
	if (typeof by !== "object") return { text: correct, kind: "workflow", otherwise: link };
	if (by.file.endsWith("/settings.toml")) {
		const commands = by.isDefault ? [`rustup default ${meant}`] : ["rustup override list"];
		return { text: correct, commands, kind: hostOrImage(facts), otherwise: link };
	}
	const isToml = by.file.endsWith(".toml");
	return {
		text: correct,
		...(isToml && {
			config: { file: by.file, language: "toml" as const, text: `[toolchain]\nchannel = "${meant}"` },
		}),
		kind: by.file.startsWith("/") ? hostOrImage(facts) : "workflow",
		otherwise: link,
	};
}

function fixToolchain(name: string, facts: ToolFacts, service: string): Remedy {
	const elsewhere = homeWith(facts, name);
	if (elsewhere) return fixHome(elsewhere.path, facts, service);
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
			text: `Ask for an installed toolchain in ${askerOf(facts) ?? "`RUSTUP_TOOLCHAIN`, `rust-toolchain.toml`, or rustup's own settings"}.`,
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
