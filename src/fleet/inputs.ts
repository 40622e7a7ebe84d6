import { ConfigurationError, type Mistake, quoted } from "../mistake.ts";
import { durationsAllowed, parseDuration, parseWholeNumber } from "../policy/units.ts";
import { urlOf } from "../probes/proxy.ts";
import type { FailOn } from "../request.ts";
import { type FleetFormat, fleetFormatNames } from "./formats.ts";

/** Every input of `fleet/action.yml`, in its order. */
export const fleetInputNames = [
	"token",
	"workflow",
	"runs",
	"reports",
	"policy",
	"max-age",
	"issues",
	"notify-url",
	"ping-url",
	"push-url",
	"fail-on",
	"timeout",
	"summary",
	"cache-dir",
	"report-dir",
	"formats",
] as const;
export type FleetInputs = Readonly<Partial<Record<(typeof fleetInputNames)[number], string>>>;

export interface FleetOptions {
	readonly token?: string;
	readonly workflow: string;
	readonly runs: number;
	/** Folders of reports that are read as well. */
	readonly reports: readonly string[];
	readonly policy?: string;
	readonly maxAgeMs?: number;
	readonly issues: boolean;
	readonly notifyUrl?: string;
	readonly pingUrl?: string;
	/** A Pushgateway. */
	readonly pushUrl?: string;
	readonly failOn: FailOn;
	readonly timeoutMs: number;
	readonly summary: boolean;
	/** Directory that is kept from run to run. */
	readonly cacheDir?: string;
	readonly reportDir?: string;
	readonly formats: readonly FleetFormat[];
}

const maxRuns = 50;

/** @throws ConfigurationError with every problem in the inputs. */
export function fleetOptions(inputs: FleetInputs): FleetOptions {
	const mistakes: Mistake[] = [];
	const read = <T>(
		name: keyof FleetInputs,
		parse: (text: string) => T | undefined,
		allowed: string,
		isSecret = false,
	): T | undefined => {
		const text = inputs[name];
		if (text === undefined) return undefined;
		const value = parse(text);
		if (value === undefined)
			mistakes.push({ place: `input \`${name}\``, found: isSecret ? "something else" : quoted(text), allowed });
		return value;
	};
	const address = (name: "notify-url" | "ping-url" | "push-url"): string | undefined =>
		read(name, (text) => (urlOf(text) ? text : undefined), "an http or https address", true);
	const workflow = read(
		"workflow",
		(text) => (/^[\w.-]{1,100}\.ya?ml$/.test(text) ? text : undefined),
		"the file of a workflow, such as `health-check.yml`",
	);
	const runs = read(
		"runs",
		(text) => inRange(parseWholeNumber(text), 1, maxRuns),
		`a whole number from 1 to ${maxRuns}`,
	);
	const maxAgeMs = read(
		"max-age",
		(text) => inRange(parseDuration(text), 1, Number.MAX_SAFE_INTEGER),
		`${durationsAllowed}, more than 0`,
	);
	const timeoutMs = read(
		"timeout",
		(text) => inRange(parseDuration(text), 1000, 3_600_000),
		`${durationsAllowed}, from 1s to 60m`,
	);
	const issues = read("issues", boolean, "true, false");
	const summary = read("summary", boolean, "true, false");
	const failOn = read(
		"fail-on",
		(text) => (["fail", "warn", "never"] as const).find((word) => word === text),
		"fail, warn, never",
	);
	const formats = read("formats", formatsOf, `any of ${fleetFormatNames.join(", ")}, comma-separated`);
	const [notifyUrl, pingUrl, pushUrl] = [address("notify-url"), address("ping-url"), address("push-url")];
	if (mistakes.length > 0) throw new ConfigurationError(mistakes);
	const { token, policy } = inputs;
	const reportDir = inputs["report-dir"];
	const cacheDir = inputs["cache-dir"];
	return {
		workflow: workflow ?? "health-check.yml",
		runs: runs ?? 10,
		reports: listOf(inputs.reports ?? ""),
		issues: issues ?? true,
		failOn: failOn ?? "fail",
		timeoutMs: timeoutMs ?? 300_000,
		summary: summary ?? true,
		formats: formats ?? ["json"],
		...(token !== undefined && { token }),
		...(policy !== undefined && { policy }),
		...(maxAgeMs !== undefined && { maxAgeMs }),
		...(notifyUrl !== undefined && { notifyUrl }),
		...(pingUrl !== undefined && { pingUrl }),
		...(pushUrl !== undefined && { pushUrl }),
		...(cacheDir !== undefined && { cacheDir }),
		...(reportDir !== undefined && { reportDir }),
	};
}

function inRange(value: number | undefined, least: number, most: number): number | undefined {
	return value !== undefined && value >= least && value <= most ? value : undefined;
}

function boolean(text: string): boolean | undefined {
	if (/^(?:true|True|TRUE)$/.test(text)) return true;
	return /^(?:false|False|FALSE)$/.test(text) ? false : undefined;
}

function listOf(text: string): readonly string[] {
	return text
		.split(/[,\n]/)
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

function formatsOf(text: string): readonly FleetFormat[] | undefined {
	const words = listOf(text);
	const formats = fleetFormatNames.filter((name) => words.includes(name));
	return words.length > 0 && words.every((word) => (fleetFormatNames as readonly string[]).includes(word))
		? formats
		: undefined;
}
