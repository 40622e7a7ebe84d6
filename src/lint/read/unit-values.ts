/** What systemd makes of the values of a unit. */

const times = new Set(
	"TimeoutStopSec TimeoutStartSec TimeoutSec TimeoutAbortSec RestartSec RuntimeMaxSec WatchdogSec StartLimitIntervalSec StartLimitInterval JobTimeoutSec".split(
		" ",
	),
);
const switches = new Set(
	"DynamicUser GuessMainPID LockPersonality NoNewPrivileges PrivateDevices PrivateTmp RemainAfterExit RestrictRealtime RestrictSUIDSGID SendSIGHUP SendSIGKILL".split(
		" ",
	),
);
const numbers = new Set("StartLimitBurst Nice OOMScoreAdjust RestartSteps".split(" "));
const choices: Readonly<Record<string, readonly string[]>> = {
	Restart: ["no", "always", "on-success", "on-failure", "on-abnormal", "on-abort", "on-watchdog"],
	KillMode: ["control-group", "mixed", "process", "none"],
	Type: ["simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"],
};

/** What the value of a key has to be, if systemd ignores this one; `undefined`: it takes it, or takes any text. */
export function expectedValue(name: string, value: string): string | undefined {
	// Empty resets, and a specifier can stand for anything.
	if (value === "" || value.includes("%")) return undefined;
	if (times.has(name)) return systemdSeconds(value) === undefined ? "a time such as `30s`, `5min` or `3h`" : undefined;
	if (switches.has(name))
		return /^(?:1|0|yes|no|y|n|true|false|t|f|on|off)$/i.test(value) ? undefined : "`yes` or `no`";
	if (numbers.has(name)) return /^[+-]?\d+$/.test(value) ? undefined : "a whole number";
	if (/^Limit[A-Z]/.test(name)) {
		const number = /^(?:infinity|\d+\s*[A-Za-z]*)(?::(?:infinity|\d+\s*[A-Za-z]*))?$/;
		return number.test(value) ? undefined : "a number";
	}
	if (name === "EnvironmentFile") return /^-?\//.test(value) ? undefined : "an absolute path";
	const allowed = Object.entries(choices).find(([key]) => key === name)?.[1];
	return !allowed || allowed.includes(value) ? undefined : allowed.map((one) => `\`${one}\``).join(", ");
}

/** The value without a remark that follows it: systemd knows no comments behind values. */
export function withoutRemark(value: string): string | undefined {
	const bare = /^(.*?)\s+[#;]/.exec(value)?.[1];
	return bare === undefined || bare === "" ? undefined : bare.trim();
}

const units: Readonly<Record<string, number>> = {
	us: 1e-6,
	usec: 1e-6,
	µs: 1e-6,
	ms: 1e-3,
	msec: 1e-3,
	s: 1,
	sec: 1,
	second: 1,
	seconds: 1,
	m: 60,
	min: 60,
	minute: 60,
	minutes: 60,
	h: 3600,
	hr: 3600,
	hour: 3600,
	hours: 3600,
	d: 86_400,
	day: 86_400,
	days: 86_400,
	w: 604_800,
	week: 604_800,
	weeks: 604_800,
	M: 2_629_800,
	month: 2_629_800,
	months: 2_629_800,
	y: 31_557_600,
	year: 31_557_600,
	years: 31_557_600,
};

/** `30`, `5min 20s`, `1h30m`, `infinity` in seconds; `undefined`: systemd cannot read it. */
export function systemdSeconds(text: string): number | undefined {
	if (text === "infinity") return Number.POSITIVE_INFINITY;
	let seconds = 0;
	let rest = text.trim();
	if (rest === "" || rest.length > 200) return undefined;
	while (rest !== "") {
		const part = /^(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-zµ]*)\s*/.exec(rest);
		const unit = part?.[2] === "" ? 1 : units[part?.[2] ?? ""];
		if (!part || unit === undefined) return undefined;
		seconds += Number(part[1]) * unit;
		rest = rest.slice(part[0].length);
	}
	return seconds;
}
