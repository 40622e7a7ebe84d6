import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import type { Ailment } from "./diagnose.ts";
import { choose, componentOf, hostOrImage, withRustup } from "./install.ts";

export function defaultToolchain(facts: ToolFacts, { variant, subject }: Ailment): Remedy {
	const home =
		variant === "never-set-up"
			? ` Mostly the toolchains were installed for another user or another HOME: then set \`RUSTUP_HOME\` (and \`CARGO_HOME\`) to where they are instead. Now rustup looks in ${code(subject ?? "~/.rustup")}.`
			: "";
	const { image, host } = withRustup(["default", "stable"]);
	return choose(
		facts.mode,
		{
			text: `Choose a default toolchain in the image, under a \`RUSTUP_HOME\` that every user shares.${home}`,
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: ["ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo", ...image].join("\n"),
			},
			kind: "image",
		},
		{ text: `Choose a default toolchain as the user that the runner runs as.${home}`, commands: host, kind: "host" },
	);
}

export function toolchain(name: string, facts: ToolFacts): Remedy {
	const { image, host } = withRustup(["toolchain", "install", name, "--profile", "minimal"]);
	return {
		...choose(
			facts.mode,
			{
				text: "Install the toolchain in the image, so that no job has to download it.",
				config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
				kind: "image",
			},
			{ text: "Install the toolchain as the user that the runner runs as.", commands: host, kind: "host" },
		),
		otherwise: {
			text: "Or ask for one that is installed: the name comes from `RUSTUP_TOOLCHAIN`, from `rust-toolchain.toml` in the workspace, or from rustup's own settings.",
			commands: ["rustup toolchain list", "rustup show"],
			kind: "workflow",
		},
	};
}

export function component(name: string, facts: ToolFacts, { subject, within, told }: Ailment): Remedy {
	const advised = /rustup component add (?:--toolchain \S+ )?([\w-]+)/.exec(told)?.[1];
	const wanted = advised ?? componentOf(subject ?? name) ?? subject ?? name;
	const add = ["component", "add", wanted, ...(within === undefined ? [] : ["--toolchain", within])];
	const { image, host } = withRustup(add);
	return choose(
		facts.mode,
		{
			text: "Add the component to the toolchain in the image.",
			config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
			kind: "image",
		},
		{ text: "Add the component as the user that the runner runs as.", commands: host, kind: "host" },
	);
}

/** Components that a release does not have, such as miri, come with nightly toolchains only. */
export function onNightly(name: string, facts: ToolFacts, { subject = name }: Ailment): Remedy {
	const install = ["toolchain", "install", "nightly", "--profile", "minimal", "--component", subject];
	const { image, host } = withRustup(install);
	const use = `Then call it as ${code(name.replace(/^cargo-/, "cargo +nightly "))}, and ask for it in the policy by a \`command\` that names the toolchain.`;
	return choose(
		facts.mode,
		{
			text: `Install a toolchain that has it beside the other one in the image. ${use}`,
			config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
			kind: "image",
		},
		{ text: `Install a toolchain that has it beside the other one. ${use}`, commands: host, kind: "host" },
	);
}

export function rustupHome(facts: ToolFacts, { subject }: Ailment): Remedy {
	const look = subject === undefined ? [] : [`namei -l ${shellQuote(subject)}`];
	return choose(
		facts.mode,
		{
			text: "Let every user of the image use rustup's home, or point `RUSTUP_HOME` to one that the job's user owns.",
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: 'ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo\nRUN chmod -R a+w "$RUSTUP_HOME" "$CARGO_HOME"',
			},
			kind: "image",
		},
		{
			text: "Give the runner's user a home that it may write to, and HOME (or `RUSTUP_HOME`) that names it.",
			commands: [...look, 'sudo chown -R RUNNER_USER: "$RUSTUP_HOME"'],
			kind: "host",
		},
	);
}

export function damaged(name: string, facts: ToolFacts): Remedy {
	const commands = [`rustup toolchain uninstall ${shellQuote(name)}`, `rustup toolchain install ${shellQuote(name)}`];
	return {
		text: "Install the toolchain anew. An interrupted installation, or two at once, leaves one like this; `rustup component add` does not mend it.",
		commands,
		kind: hostOrImage(facts),
	};
}
