import { code, cut, shellQuote, titleWith, yamlValue } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { onlyIn } from "../rule.ts";
import { normalize, socketPath } from "../setup/volumes.ts";
import { configLines } from "./fixes.ts";

/** A mount that `container.options` asks for. */
interface AskedMount {
	readonly file: string;
	readonly source: string;
	readonly target: string;
	/** The releases that this applies to, if they differ and this runner's is unknown. */
	readonly versions: string | undefined;
}

interface DuplicateSocketMount extends AskedMount {
	readonly system: RunnerSystem;
}

interface SocketNotMounted extends AskedMount {
	readonly system: RunnerSystem;
	/** What `container.valid_volumes` allows now. */
	readonly valid: readonly string[];
	/** What the runner itself does about the socket: it mounts `source`, or none for this reason. */
	readonly own:
		| { readonly kind: "mounted"; readonly source: string }
		| { readonly kind: "none"; readonly because: string };
}

interface VolumeNotAllowed extends AskedMount {
	readonly valid: readonly string[];
}

/** The reasons of `config/options` that concern mounts. */
export const mountWords = {
	"duplicate-socket-mount": reason<DuplicateSocketMount>({
		level: "fail",
		title: "The Docker socket is mounted twice",
		why: ({ versions }) =>
			`Docker refuses two mounts on one path. Every job fails during setup with \`Duplicate mount point: ${socketPath}\`.${onlyIn(versions)}`,
		expected: "one mount of the socket: the runner's own",
		tell: ({ file, source, system }) => ({
			what: `\`container.options\` mounts \`${socketPath}\`, and the runner mounts it too.`,
			fix: {
				text: "Remove the mount from the options: with `container.docker_host`, every release mounts the socket into every job.",
				config: ownMount(file, system),
				kind: "runner",
				otherwise: {
					text: "Keep the mount in the options, and turn off the runner's own.",
					config: configLines(
						file,
						`container:\n  docker_host: "-"\n  options: ${yamlValue(`-v ${shellQuote(`${source}:${socketPath}`)}`)}\n  valid_volumes:\n    - ${yamlValue(source)}`,
					),
					kind: "runner",
				},
			},
		}),
		more: "From runner 3.0.0 on, the second mount replaces the runner's own and does no harm.",
	}),

	"socket-not-mounted": reason<SocketNotMounted>({
		level: "fail",
		title: "The runner refuses the mount of the Docker socket",
		why: ({ source, versions }) =>
			`The setup log says \`${notValid(source)}\`, and the job continues. Its first \`docker\` command finds no daemon.${onlyIn(versions)}`,
		expected: ({ own }) =>
			own.kind === "mounted"
				? `one mount of the socket: ${code(cut(own.source))} by the runner itself`
				: "the socket in `container.valid_volumes`, or a `container.docker_host` that the runner mounts",
		tell: (seen) => {
			const { file, source, system, own } = seen;
			const allow = allowSource(seen);
			return own.kind === "mounted"
				? {
						what: `The mount of ${code(cut(source))} replaces the runner's own mount of ${code(cut(own.source))} and is then refused, so jobs have no Docker socket.`,
						fix: {
							text: "Remove the mount from the options: the runner mounts the socket of `container.docker_host` at the same path.",
							kind: "runner",
							otherwise: { text: "If jobs should have the other socket, allow it.", config: allow, kind: "runner" },
						},
					}
				: {
						what: `The runner refuses the mount of ${code(cut(source))}, so jobs have no Docker socket: ${own.because}, and \`container.valid_volumes\` does not allow the mount.`,
						fix: {
							text: "Allow the mount.",
							config: allow,
							kind: "runner",
							otherwise: {
								text: "Remove the mount, and let the runner mount the socket.",
								config: ownMount(file, system),
								kind: "runner",
							},
						},
					};
		},
	}),

	"volume-not-allowed": reason<VolumeNotAllowed>({
		level: "fail",
		title: "`valid_volumes` does not allow a mount",
		headline: ({ source }) => titleWith("`valid_volumes` does not allow ", source),
		why: ({ source, target, versions }) =>
			`The setup log says \`${notValid(source)}\`, and the job continues without ${normalize(target) === "/opt/hostedtoolcache" ? "the tool cache" : code(cut(target))}.${onlyIn(versions)}`,
		expected: ({ source }) => `${code(cut(source))} in \`container.valid_volumes\``,
		tell: (seen) => ({
			what: `\`container.options\` mounts ${code(cut(seen.source))}, which \`container.valid_volumes\` does not allow.`,
			fix: {
				text:
					seen.versions === undefined
						? "Add the source as it is written. `/folder/**` allows what is below a folder, not the folder itself."
						: "Add the path itself. Releases differ in what a `*` matches: before 4.0, it matches slashes too.",
				config: allowSource(seen),
				kind: "runner",
			},
		}),
	}),
};

function notValid(source: string): string {
	return `[${cut(source)}] is not a valid volume, will be ignored`;
}

function ownMount(file: string, system: RunnerSystem) {
	const address = system === "forgejo" ? "automount" : `unix://${socketPath}`;
	return configLines(file, `container:\n  docker_host: ${address}`);
}

function allowSource({ file, valid, source }: VolumeNotAllowed) {
	const entries = [...valid, source].slice(-20).map((entry) => `    - ${yamlValue(entry)}`);
	return configLines(file, ["container:", "  valid_volumes:", ...entries].join("\n"));
}
