import type { NvidiaFacts } from "../probes/nvidia.ts";
import type { Facts } from "../probes/probe.ts";
import type { SelfContainerFacts } from "../probes/self-container.ts";
import { diskSpaceOf } from "../report/disk-space.ts";
import type { Report, Result } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";
import type { FleetRunner, Sighting } from "./fleet.ts";

/** One look at a runner, with what the fleet keeps. Facts are not kept: ten thousand reports have to fit into memory. */
export interface Look extends Omit<Sighting, "status"> {
	readonly status: "reported" | "set-up-failed";
	readonly name: string;
	readonly profile?: string;
	readonly labels: readonly string[];
	readonly versions: Readonly<Record<string, string>>;
	readonly disks?: FleetRunner["disks"];
	readonly runner?: Report["runner"];
	readonly results: readonly Result[];
	/** Of a job that died in set-up. */
	readonly why?: string;
	readonly after?: FleetRunner["after"];
}

/** Texts of a result that are kept, and how long they may be: a report from elsewhere may hold anything. */
const maxName = 200;
const maxResults = 200;

/** What a report says about its runner. @param record What is known from elsewhere, and holds whatever the report says. */
export function lookOf(report: Report, record: Partial<Pick<Look, "name" | "labels" | "at" | "url">> = {}): Look {
	const findings = report.results.filter(({ status }) => status !== "pass" && status !== "skip");
	const named = (statuses: readonly string[]): readonly string[] =>
		findings
			.filter(({ status }) => statuses.includes(status))
			.slice(0, maxResults)
			.map(({ id, reason }) => `${id}:${reason ?? ""}`.slice(0, maxName));
	return {
		name: report.runner.name.slice(0, maxName),
		profile: report.profile.name.slice(0, maxName),
		labels: [],
		at: report.started,
		status: "reported",
		verdict: report.verdict,
		failures: named(["fail", "error"]),
		warnings: named(["warn"]),
		versions: versionsIn(report),
		disks: diskSpaceOf(report.facts),
		runner: report.runner,
		results: findings.slice(0, maxResults),
		...record,
	};
}

/** Versions of tools, and of what the machine has, by what they are of. */
function versionsIn(report: Report): Readonly<Record<string, string>> {
	const tools = versionsFrom(report).map(([name, version]) => [`tool/${name}`, version]);
	const image = factsOf<SelfContainerFacts>(report.facts, "self-container");
	const digests = Array.isArray(image?.imageDigests) ? image.imageDigests : [];
	const nvidia = factsOf<NvidiaFacts>(report.facts, "nvidia");
	const engine = factsOf<{ readonly version?: { readonly value?: { readonly version?: unknown } } }>(
		report.facts,
		"docker-engine",
	);
	const others = [
		// The digest is the same in every registry; an image that was built here has only an id.
		["image", typeof digests[0] === "string" ? digests[0].replace(/^.*@/, "") : image?.imageId],
		["docker", engine?.version?.value?.version],
		["nvidia-driver", nvidia?.kernelDriver],
	];
	const texts = [...tools, ...others].filter((entry): entry is [string, string] => typeof entry[1] === "string");
	return Object.fromEntries(texts.map(([name, version]) => [name.slice(0, maxName), version.slice(0, maxName)]));
}

/** A report from elsewhere may hold expectations in another form. */
function versionsFrom(report: Report): readonly (readonly [string, string])[] {
	const { tools } = report.expectations as { readonly tools?: unknown };
	return typeof tools === "object" && tools !== null ? [...versionsOf(report)] : [];
}

function factsOf<T>(facts: Facts, name: string): Partial<T> | undefined {
	const answer = facts[name];
	return answer?.ok && typeof answer.value === "object" && answer.value !== null
		? (answer.value as Partial<T>)
		: undefined;
}
