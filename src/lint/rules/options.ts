import type { Finding } from "../../checks/check.ts";
import { cut } from "../../checks/text.ts";
import { type Details, finding } from "../../checks/words.ts";
import { keysOf } from "../../knowledge/config-keys.ts";
import { editDistance } from "../../policy/nearest.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import type { ConfigFile } from "../facts.ts";
import { type GivenFlag, isOn, type OptionProblem } from "../read/read-options.ts";
import { entryAt, positionIn, type Scalar } from "../read/tree.ts";
import { variableIn } from "../recognize/look-alikes.ts";
import { type Applies, applies, at, type Context, defineRule, placeIn } from "../rule.ts";
import { isPrivileged, optionsOf, type SocketSharing, socketSharing } from "../setup/docker-access.ts";
import { type Setup, textsAt } from "../setup/setup.ts";
import { settings } from "../setup/subjects.ts";
import { isAllowed, type Mount, mountsOf, normalize, socketPath, sourceOfEntry } from "../setup/volumes.ts";
import { intro, type UnknownFlag, words } from "./options-words.ts";
import { unsettledBy } from "./unsettled.ts";

type Problem = Finding<keyof typeof words>;

/** `container.options`: read as the runner reads them, mounts judged against `valid_volumes` and `docker_host`. */
export const options = defineRule({
	id: "config/options",
	title: "The runner accepts and keeps every option of its job containers",
	intro,
	reasons: words,
	subject: settings,
	fine: "the runner accepts and keeps every option",
	waitsFor({ config }, context) {
		return unsettledBy(config, ["container.options", "container.valid_volumes", "container.privileged"], context);
	},
	find(setup, context): readonly Problem[] {
		const { config } = setup;
		const { scalar, options } = optionsOf(setup);
		if (!config) return [];
		const elsewhere = otherVariables(config);
		if (!scalar) return elsewhere;
		const given = new GivenOptions(config, scalar, setup, context);
		const command = /\$\(|`/.exec(scalar.text);
		if (options.problem && command)
			return [given.notExpanded(command[0] === "`" ? "`…`" : "$(…)", command.index), ...elsewhere];
		if (options.problem) return [given.unreadable(options.problem), ...elsewhere];
		return [
			...elsewhere,
			...options.flags.flatMap((flag) => given.judgeFlag(flag)),
			...mountsOf(options.flags).flatMap((mount) => given.judgeMount(mount)),
		];
	},
});

/** The options of one configuration with what it takes to judge each of them. */
class GivenOptions {
	private readonly config: ConfigFile;
	private readonly scalar: Scalar;
	private readonly setup: Setup;
	private readonly context: Context;
	private readonly sharing: SocketSharing;
	/** What `valid_volumes` says. */
	private readonly valid: readonly string[];
	/** No other finding is about `valid_volumes`. */
	private readonly knowsValid: boolean;
	/** It is, or another finding is about `privileged`. */
	private readonly mayBePrivileged: boolean;
	/** The same, and what the runner allows without it: its own volume and the socket that it mounts. */
	private readonly allowed: readonly string[];
	/** Do globs stop at slashes? */
	private readonly strictGlobs: Applies | undefined;

	constructor(config: ConfigFile, scalar: Scalar, setup: Setup, context: Context) {
		this.config = config;
		this.scalar = scalar;
		this.setup = setup;
		this.context = context;
		this.sharing = socketSharing(setup);
		this.valid = textsAt(config.root, "container", "valid_volumes");
		const own = this.sharing.kind === "mounted" ? [this.sharing.source, "act-toolcache"] : ["act-toolcache"];
		this.allowed = [...this.valid, ...own];
		this.knowsValid = unsettledBy(config, ["container.valid_volumes"], context) === undefined;
		this.mayBePrivileged = isPrivileged(setup) || unsettledBy(config, ["container.privileged"], context) !== undefined;
		this.strictGlobs = applies("volume-glob-stops-at-slash", setup, context);
	}

	notExpanded(variable: string, offset: number): Problem {
		const seen = { file: this.config.path, key: "container.options", variable };
		return finding(words, "not-expanded", seen, this.details(offset, `\`${cut(variable)}\``));
	}

	unreadable(problem: OptionProblem): Problem {
		const variable = problem.kind === "bad-value" ? variableIn(problem.value) : undefined;
		if (variable !== undefined && problem.kind === "bad-value") return this.notExpanded(variable, problem.offset);
		if (problem.kind !== "unterminated") return this.unknownFlag(problem, problem.offset, observedIn(problem));
		const line = lineAround(this.scalar.text, problem.offset).trim();
		const inComment = line.startsWith("#");
		const observed = inComment ? "a line that looks like a comment" : `\`${cut(line)}\``;
		const details = this.details(problem.offset, observed);
		return finding(words, "unterminated-quote", { what: problem.what, inComment }, details);
	}

	judgeFlag(flag: GivenFlag): readonly Problem[] {
		const { setup, context, config } = this;
		const isGitea = setup.system === "gitea";
		const variable = flag.value === undefined || keepsDollars.has(flag.name) ? undefined : variableIn(flag.value);
		if (variable !== undefined) return [this.notExpanded(variable, flag.valueOffset)];
		if (flag.name === "read-only" && isOn(flag)) {
			const seen = { file: config.path, options: without(this.scalar.text, flag.written) };
			return [finding(words, "read-only-root", seen, this.details(flag.offset, `\`${flag.written}\``))];
		}
		if (flag.name === "tmpfs") return this.judgeTmpfs(flag);
		if (flag.name === "network" || flag.name === "net") {
			const network = flag.value ?? "";
			const details = this.details(flag.offset, `\`${flag.written} ${cut(network)}\``);
			return [finding(words, "ignored-network", { file: config.path, flag: flag.written, network }, details)];
		}
		if (flag.name === "use-api-socket" && isGitea) {
			return [this.unknownFlag({ kind: "refused", flag: flag.written }, flag.offset, `\`${flag.written}\``)];
		}
		const version = context.version === undefined ? undefined : findVersion(context.version);
		const since = flag.since === undefined ? undefined : findVersion(flag.since);
		if (isGitea && version && since && compareVersions(version, since) < 0) {
			const tooNew = { kind: "too-new", flag: flag.written, since: since.text, version: version.text } as const;
			return [this.unknownFlag(tooNew, flag.offset, `\`${flag.written}\``)];
		}
		if (this.mayBePrivileged) return [];
		if (flag.name === "privileged" && isOn(flag)) return [this.stripped(flag, "privileged", undefined)];
		const dropped = flag.reachesHost ? applies("gpu-option-dropped", setup, context) : undefined;
		if (!dropped) return [];
		const isGpu = flag.name === "gpus" || flag.name === "runtime" || /nvidia|gpu/i.test(flag.value ?? "");
		return [this.stripped(flag, isGpu ? "gpu" : "other", dropped.versions)];
	}

	/** Docker mounts a tmpfs `noexec` unless its options say `exec`. */
	private judgeTmpfs(flag: GivenFlag): readonly Problem[] {
		const [target = "", settings = ""] = (flag.value ?? "").split(":");
		if (!runsPrograms.test(normalize(target)) || settings.split(",").includes("exec")) return [];
		const fixed = `${target}:${[...settings.split(",").filter((word) => word !== "" && word !== "noexec"), "exec"].join(",")}`;
		const seen = {
			file: this.config.path,
			target,
			fixed,
			options: this.scalar.text.split(flag.value ?? "").join(fixed),
		};
		return [
			finding(
				words,
				"noexec-tmpfs",
				seen,
				this.details(flag.offset, `\`${cut(`${flag.written} ${flag.value ?? ""}`)}\``),
			),
		];
	}

	judgeMount(mount: Mount): readonly Problem[] {
		const { setup, context, sharing } = this;
		if (mount.source === "" || !this.knowsValid || variableIn(mount.source) !== undefined) return [];
		// `config/volumes` reports an entry that has a target as well.
		if (this.valid.some((entry) => sourceOfEntry(entry) === mount.source)) return [];
		const refusal = this.refusalOf(mount);
		if (mount.target !== socketPath) return refusal ? [this.notAllowed(mount, refusal.versions)] : [];
		if (!refusal) return sharing.kind === "mounted" ? this.duplicate(mount) : [];
		if (sharing.kind === "none") return [this.socketNotMounted(mount, refusal.versions)];
		const displaces = applies("option-volume-displaces-mount", setup, context);
		return [displaces ? this.socketNotMounted(mount, displaces.versions) : this.notAllowed(mount, refusal.versions)];
	}

	/** Is a mount refused, and in which releases if they differ and the runner's is unknown? */
	private refusalOf(mount: Mount): Applies | undefined {
		const isRefusedBefore = !isAllowed(mount, this.allowed, false);
		const isRefusedSince = !isAllowed(mount, this.allowed, true);
		const versions = this.strictGlobs?.versions;
		if (versions === undefined) return (this.strictGlobs ? isRefusedSince : isRefusedBefore) ? {} : undefined;
		if (isRefusedBefore && isRefusedSince) return {};
		if (isRefusedSince) return { versions };
		return isRefusedBefore ? { versions: "before 4.0.0" } : undefined;
	}

	private duplicate(mount: Mount): readonly Problem[] {
		const { setup, context } = this;
		const holds: Applies | undefined =
			setup.system === "forgejo" ? {} : applies("duplicate-socket-mount", setup, context);
		if (!holds) return [];
		const seen = { ...this.asked(mount, holds.versions), system: setup.system };
		return [finding(words, "duplicate-socket-mount", seen, this.mountDetails(mount))];
	}

	private socketNotMounted(mount: Mount, versions: string | undefined): Problem {
		const { setup, sharing, valid } = this;
		const seen = { ...this.asked(mount, versions), system: setup.system, valid, own: sharing };
		return finding(words, "socket-not-mounted", seen, this.mountDetails(mount));
	}

	private notAllowed(mount: Mount, versions: string | undefined): Problem {
		const { valid } = this;
		const observed =
			valid.length === 0
				? "no `valid_volumes`, so nothing is allowed"
				: valid.map((entry) => `\`${cut(entry)}\``).join(", ");
		const seen = { ...this.asked(mount, versions), valid };
		return finding(words, "volume-not-allowed", seen, this.details(mount.offset, observed));
	}

	private stripped(flag: GivenFlag, kind: "privileged" | "gpu" | "other", versions: string | undefined): Problem {
		const details = this.details(flag.offset, `\`${cut(`${flag.written} ${flag.value ?? ""}`.trim())}\``);
		return finding(words, "stripped", { file: this.config.path, flag: `--${flag.name}`, kind, versions }, details);
	}

	private unknownFlag(seen: UnknownFlag, offset: number, observed: string): Problem {
		const { line, column } = positionIn(this.scalar, offset);
		const meant = seen.kind === "unknown" ? surelyMeant(seen.flag, seen.meant) : undefined;
		const edits = meant === undefined ? undefined : [{ line, column, from: [seen.flag], to: meant }];
		return finding(words, "unknown-flag", seen, { ...this.details(offset, observed), edits });
	}

	private asked({ source, target }: Mount, versions: string | undefined) {
		return { file: this.config.path, source, target, versions };
	}

	private mountDetails({ source, target, offset }: Mount): Details {
		return this.details(offset, `\`${cut(`${source}:${target}`)}\``);
	}

	private details(offset: number, observed: string): Details {
		return at(placeIn(this.config.path, positionIn(this.scalar, offset)), observed);
	}
}

/** The option of which this is a typing error, unless it opens the machine to jobs. */
function surelyMeant(flag: string, meant: string | undefined): string | undefined {
	if (meant === undefined || opens.has(meant) || meant.length < 6) return undefined;
	return editDistance(flag.toLowerCase(), meant) <= 1 ? meant : undefined;
}

const opens = new Set(
	"--privileged --volume --mount --device --cap-add --security-opt --pid --ipc --uts --userns --network --volumes-from".split(
		" ",
	),
);

/** Options whose values may have a `$` of their own. */
const keepsDollars = new Set(["env", "label", "annotation", "health-cmd", "entrypoint", "log-opt"]);

/** Directories in which jobs start programs. */
const runsPrograms = /^(?:\/(?:tmp|var\/tmp|root|home|workspace|opt\/hostedtoolcache))(?:\/|$)/;

/** Options without one of them. */
function without(text: string, written: string): string {
	return text
		.split(/\s+/)
		.filter((word) => word !== "" && word.split("=")[0] !== written)
		.join(" ");
}

/** Variables in other values of the configuration, except those of the jobs: a `$` there may be wanted. */
function otherVariables(config: ConfigFile): readonly Problem[] {
	const table = keysOf(config.system);
	return Object.keys(table).flatMap((key) => {
		const { type, secret } = table[key] ?? {};
		if (key === "container.options" || secret || (type !== "text" && type !== "texts")) return [];
		const value = entryAt(config.root, ...key.split("."))?.value;
		const scalars = value?.kind === "list" ? value.items : value ? [value] : [];
		return scalars.flatMap((scalar) => {
			const variable = scalar.kind === "scalar" ? variableIn(scalar.text) : undefined;
			if (variable === undefined) return [];
			const details = at(placeIn(config.path, scalar), `\`${cut(variable)}\``);
			return [finding(words, "not-expanded", { file: config.path, key, variable }, details)];
		});
	});
}

function observedIn(problem: Exclude<OptionProblem, { kind: "unterminated" }>): string {
	switch (problem.kind) {
		case "unknown":
			return `\`${problem.flag}\``;
		case "no-value":
			return "nothing after it";
		case "bad-value":
			return `\`${cut(problem.value)}\``;
	}
}

function lineAround(text: string, offset: number): string {
	const start = text.lastIndexOf("\n", offset - 1) + 1;
	const end = text.indexOf("\n", offset);
	return text.slice(start, end < 0 ? undefined : end);
}
