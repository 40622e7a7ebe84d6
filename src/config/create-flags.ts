import { own } from "../own.ts";
import { nearest } from "../policy/nearest.ts";
import { splitWords, type Words } from "./shell-words.ts";

/** What the value of a flag has to be; `flag` takes none unless it is written `--init=false`. */
type ValueType = "flag" | "text" | "number" | "bytes" | "duration" | "volume" | "mount" | "environment";

interface CreateFlag {
	readonly short?: string;
	readonly type: ValueType;
	/** First release of the runner that knows it. */
	readonly since?: string;
	/** What its value looks like, where that is more than its type, and the same in words. */
	readonly shape?: readonly [RegExp, string];
}

const pair = [/^[^=\s]+=/, "`name=value`"] as const;
const address = [
	/^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$|^[\da-f.]*:[\da-f:.]*$/i,
	"an IP address",
] as const;
const size = /^\d+(?:\.\d*)? ?(?:[kmgtpKMGTP]?[iI]?[bB]?)$/;

/** Flags of `docker create` that the runner reads in `container.options`. */
const createFlags: Readonly<Record<string, CreateFlag>> = {
	"add-host": { type: "text", shape: [/^[^:=]+[:=].+$/, "`name:address`"] },
	annotation: { type: "text", since: "1.0.4" },
	attach: { type: "text", short: "a", shape: [/^(?:stdin|stdout|stderr)$/i, "`stdin`, `stdout` or `stderr`"] },
	"blkio-weight": { type: "number", shape: [/^\d{1,4}$/, "a number from 10 to 1000"] },
	"blkio-weight-device": { type: "text" },
	"cap-add": { type: "text" },
	"cap-drop": { type: "text" },
	"cgroup-parent": { type: "text" },
	cgroupns: { type: "text", shape: [/^(?:host|private)?$/, "`host` or `private`"] },
	cidfile: { type: "text" },
	"cpu-count": { type: "number" },
	"cpu-percent": { type: "number" },
	"cpu-period": { type: "number" },
	"cpu-quota": { type: "number" },
	"cpu-rt-period": { type: "number" },
	"cpu-rt-runtime": { type: "number" },
	"cpu-shares": { type: "number", short: "c" },
	cpus: { type: "text", shape: [/^\d*\.?\d+$|^\d+\.$/, "a number such as `2` or `1.5`"] },
	"cpuset-cpus": { type: "text" },
	"cpuset-mems": { type: "text" },
	device: { type: "text" },
	"device-cgroup-rule": {
		type: "text",
		shape: [/^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/, "a rule such as `c 42:* rmw`"],
	},
	"device-read-bps": { type: "text" },
	"device-read-iops": { type: "text" },
	"device-write-bps": { type: "text" },
	"device-write-iops": { type: "text" },
	"disable-content-trust": { type: "flag", since: "2.3.0" },
	dns: { type: "text", shape: address },
	"dns-opt": { type: "text" },
	"dns-option": { type: "text" },
	"dns-search": { type: "text" },
	domainname: { type: "text" },
	entrypoint: { type: "text" },
	env: { type: "environment", short: "e", shape: [/^[^=]/, "`NAME=value`"] },
	"env-file": { type: "text" },
	expose: { type: "text" },
	gpus: {
		type: "text",
		shape: [
			/^(?:all|-?\d+|(?:driver|count|device|capabilities|options)=.*|"[^"]*")(?:,.*)?$/,
			"`all`, a number, or `device=0`",
		],
	},
	"group-add": { type: "text" },
	"health-cmd": { type: "text" },
	"health-interval": { type: "duration" },
	"health-retries": { type: "number" },
	"health-start-interval": { type: "duration", since: "1.0.4" },
	"health-start-period": { type: "duration" },
	"health-timeout": { type: "duration" },
	hostname: { type: "text", short: "h" },
	init: { type: "flag" },
	interactive: { type: "flag", short: "i" },
	"io-maxbandwidth": { type: "bytes" },
	"io-maxiops": { type: "number" },
	ip: { type: "text", shape: address },
	ip6: { type: "text", shape: address },
	ipc: { type: "text" },
	isolation: { type: "text" },
	"kernel-memory": { type: "bytes" },
	label: { type: "text", short: "l", shape: [/^[^\s=]+(?:=|$)/, "`name=value`, without blanks in the name"] },
	"label-file": { type: "text" },
	link: { type: "text" },
	"link-local-ip": { type: "text" },
	"log-driver": { type: "text" },
	"log-opt": { type: "text" },
	"mac-address": {
		type: "text",
		shape: [/^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$/i, "an address such as `92:d0:c6:0a:29:33`"],
	},
	memory: { type: "bytes", short: "m" },
	"memory-reservation": { type: "bytes" },
	"memory-swap": { type: "text", shape: [/^-1$|^\d+(?:\.\d*)? ?(?:[kmgtp]?i?b?)$/i, "a size such as `8g`, or `-1`"] },
	"memory-swappiness": { type: "number", shape: [/^(?:-1|\d{1,2}|100)$/, "a number from 0 to 100"] },
	mount: {
		type: "mount",
		shape: [
			/^(?:[\w-]+=[^,]*|readonly|ro|"[^"]*")(?:,(?:[\w-]+=[^,]*|readonly|ro|bind-nonrecursive|volume-nocopy|"[^"]*"))*$/,
			"fields such as `type=bind,source=/a,target=/b`",
		],
	},
	name: { type: "text", since: "2.3.0" },
	net: { type: "text" },
	"net-alias": { type: "text" },
	network: { type: "text" },
	"network-alias": { type: "text" },
	"no-healthcheck": { type: "flag" },
	"oom-kill-disable": { type: "flag" },
	"oom-score-adj": { type: "number" },
	pid: { type: "text", shape: [/^(?:host|container:.+)?$/, "`host` or `container:name`"] },
	"pids-limit": { type: "number" },
	platform: { type: "text", since: "2.3.0" },
	privileged: { type: "flag" },
	publish: {
		type: "text",
		short: "p",
		shape: [/(?:^|:)\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp))?$/i, "ports such as `8080:80`"],
	},
	"publish-all": { type: "flag", short: "P" },
	pull: { type: "text", since: "2.3.0" },
	quiet: { type: "flag", short: "q", since: "2.3.0" },
	"read-only": { type: "flag" },
	restart: { type: "text" },
	rm: { type: "flag" },
	runtime: { type: "text" },
	"security-opt": { type: "text" },
	"shm-size": { type: "bytes" },
	"stop-signal": { type: "text" },
	"stop-timeout": { type: "number" },
	"storage-opt": { type: "text", shape: pair },
	sysctl: { type: "text", shape: pair },
	tmpfs: { type: "text" },
	tty: { type: "flag", short: "t" },
	ulimit: { type: "text", shape: [/^[a-z]+=-?\d+(?::-?\d+)?$/, "a limit such as `nofile=65536:65536`"] },
	"use-api-socket": { type: "flag", since: "2.3.0" },
	user: { type: "text", short: "u" },
	userns: { type: "text", shape: [/^(?:host)?$/, "`host`"] },
	uts: { type: "text", shape: [/^(?:host)?$/, "`host`"] },
	volume: {
		type: "volume",
		short: "v",
		shape: [/^[^:]+(?::[^:]+){0,2}$/, "`source:target`, with options after a second colon"],
	},
	"volume-driver": { type: "text" },
	"volumes-from": { type: "text" },
	workdir: { type: "text", short: "w" },
};

const shorthands: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(createFlags).flatMap(([name, flag]) => (flag.short ? [[flag.short, name]] : [])),
);

/** One flag as it was given. */
export interface GivenFlag {
	/** Long name without dashes. */
	readonly name: string;
	/** As it stands there: `-v`, `--gpus`. */
	readonly written: string;
	/** `undefined` for a switch without value. */
	readonly value: string | undefined;
	/** Where it begins in the text of the options. */
	readonly offset: number;
	/** Where its value begins. */
	readonly valueOffset: number;
	readonly since?: string;
}

/** Why the runner cannot read the options; `offset` tells where. */
export type OptionProblem =
	| { readonly kind: "unterminated"; readonly what: "'" | '"' | "\\"; readonly offset: number }
	| { readonly kind: "unknown"; readonly flag: string; readonly meant: string | undefined; readonly offset: number }
	| { readonly kind: "no-value"; readonly flag: string; readonly offset: number }
	| {
			readonly kind: "bad-value";
			readonly flag: string;
			readonly value: string;
			readonly expected: string;
			readonly offset: number;
	  };

export interface Options {
	readonly flags: readonly GivenFlag[];
	/** The first thing that the runner cannot read; it reads nothing after it. */
	readonly problem?: OptionProblem;
}

/** Reads `container.options` as the runner does: words, then flags as Docker's command line knows them; lone words are ignored. */
export function readOptions(text: string): Options {
	const split: Words = splitWords(text);
	if (split.kind === "unterminated") return { flags: [], problem: split };
	const flags: GivenFlag[] = [];
	const { words } = split;
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (!word) break;
		if (word.text === "--") break;
		if (!word.text.startsWith("-") || word.text === "-") continue;
		const isLong = word.text.startsWith("--");
		const outcome = isLong
			? readLong(word.text, word.offset, words[index + 1])
			: readShort(word.text, word.offset, words[index + 1]);
		flags.push(...outcome.flags);
		if (outcome.problem) return { flags, problem: outcome.problem };
		if (outcome.tookNext) index++;
	}
	return { flags };
}

interface ReadFlag {
	readonly flags: readonly GivenFlag[];
	readonly tookNext: boolean;
	readonly problem?: OptionProblem;
}

type Next = { readonly text: string; readonly offset: number } | undefined;

function readLong(written: string, offset: number, next: Next): ReadFlag {
	const equals = written.indexOf("=");
	const name = equals < 0 ? written.slice(2) : written.slice(2, equals);
	const flag = own(createFlags, name);
	if (!flag) {
		const meant = nearest(name, Object.keys(createFlags));
		const problem = { kind: "unknown", flag: `--${name}`, meant: meant && `--${meant}`, offset } as const;
		return { flags: [], tookNext: false, problem };
	}
	if (equals >= 0) {
		return given(name, `--${name}`, written.slice(equals + 1), offset, offset + equals + 1, false);
	}
	if (flag.type === "flag") return given(name, `--${name}`, undefined, offset, offset, false);
	if (!next) return { flags: [], tookNext: false, problem: { kind: "no-value", flag: `--${name}`, offset } };
	return given(name, `--${name}`, next.text, offset, next.offset, true);
}

/** `-it`, `-v/a:/b`, `-v=/a:/b`, `-v /a:/b` */
function readShort(written: string, offset: number, next: Next): ReadFlag {
	const flags: GivenFlag[] = [];
	for (let at = 1; at < written.length; at++) {
		const letter = written[at] ?? "";
		const name = own(shorthands, letter);
		const flag = name === undefined ? undefined : createFlags[name];
		if (name === undefined || !flag) {
			// `-gpus all` is `--gpus all` with a dash too few.
			const word = written.slice(1).split("=")[0] ?? "";
			const long = word.length > 2 ? nearest(word, Object.keys(createFlags)) : undefined;
			const shown = long ? `-${word}` : `-${letter}`;
			const problem = { kind: "unknown", flag: shown, meant: long && `--${long}`, offset } as const;
			return { flags, tookNext: false, problem };
		}
		const rest = written.slice(at + 1);
		if (rest.startsWith("=")) {
			return prepend(flags, given(name, `-${letter}`, rest.slice(1), offset, offset + at + 2, false));
		}
		if (flag.type === "flag") {
			flags.push(...given(name, `-${letter}`, undefined, offset, offset, false).flags);
			continue;
		}
		if (rest !== "") return prepend(flags, given(name, `-${letter}`, rest, offset, offset + at + 1, false));
		if (!next) return { flags, tookNext: false, problem: { kind: "no-value", flag: `-${letter}`, offset } };
		return prepend(flags, given(name, `-${letter}`, next.text, offset, next.offset, true));
	}
	return { flags, tookNext: false };
}

function prepend(flags: readonly GivenFlag[], last: ReadFlag): ReadFlag {
	return { ...last, flags: [...flags, ...last.flags] };
}

function given(
	name: string,
	written: string,
	value: string | undefined,
	offset: number,
	valueOffset: number,
	tookNext: boolean,
): ReadFlag {
	const flag = createFlags[name];
	const expected = value === undefined || !flag ? undefined : expectedOf(flag, value);
	if (value !== undefined && expected !== undefined) {
		const problem = { kind: "bad-value", flag: written, value, expected, offset: valueOffset } as const;
		return { flags: [], tookNext, problem };
	}
	const since = flag?.since;
	const entry: GivenFlag = { name, written, value, offset, valueOffset, ...(since !== undefined && { since }) };
	return { flags: [entry], tookNext };
}

/** What a value should have been; `undefined` where it is fine. */
function expectedOf({ type, shape }: CreateFlag, value: string): string | undefined {
	if (shape) return shape[0].test(value) ? undefined : shape[1];
	switch (type) {
		case "flag":
			return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value) ? undefined : "`true` or `false`";
		case "number":
			return /^[+-]?(?:0[xob])?[\d_a-fA-F]+$/.test(value) && /\d/.test(value) ? undefined : "a whole number";
		case "bytes":
			return size.test(value) ? undefined : "a size such as `8g` or `512m`";
		case "duration":
			return isDuration(value) ? undefined : "a duration such as `30s` or `1m30s`";
		default:
			return undefined;
	}
}

/** A duration as Go reads it: `1h30m`, `-1s`, `0`, never `1d` and never a bare number other than 0. */
export function isDuration(text: string): boolean {
	return /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}

/** Is the switch on? `--privileged`, `--privileged=true`. */
export function isOn(flag: GivenFlag): boolean {
	return flag.value === undefined || /^(?:1|t|T|TRUE|true|True)$/.test(flag.value);
}
