/**
 * What is kept between two runs of the fleet, if an input names a directory for it: what the logs of finished jobs said, which never
 * changes, and lists with the forge's ETag, for conditional requests.
 */
import * as v from "valibot";
import { reportSchema } from "../../report/schema.ts";
import type { Look } from "../look.ts";

/** Bytes of the file that is read. */
export const maxCache = 32 * 1024 * 1024;
export const cacheFile = "fleet-cache.json";

const names = v.array(v.string());
const text = v.optional(v.string());
const count = v.number();
const look = v.looseObject({
	at: v.string(),
	status: v.picklist(["reported", "set-up-failed"]),
	verdict: v.optional(v.picklist(["healthy", "degraded", "misconfigured", "unknown"])),
	failures: names,
	warnings: names,
	url: text,
	name: v.string(),
	profile: text,
	labels: names,
	versions: v.record(v.string(), v.string()),
	disks: v.optional(v.record(v.string(), v.looseObject({ free: count, total: count }))),
	runner: v.optional(reportSchema.entries.runner),
	results: reportSchema.entries.results,
	why: text,
	after: v.optional(v.looseObject({ runner: count, job: count, unknown: count })),
});

const schema = v.object({
	version: v.literal(1),
	repository: v.string(),
	answers: v.record(v.string(), v.object({ etag: v.string(), data: v.unknown() })),
	jobs: v.record(v.string(), v.object({ looks: v.array(look), rejected: names })),
});

/** What the log of a job said. */
export interface JobSaid {
	readonly looks: readonly Look[];
	readonly rejected: readonly string[];
	/** Set if it may say something else later: it is not kept. */
	readonly isPassing?: true;
}

/** An answer that is still right if the forge says so. */
export interface KeptAnswer {
	readonly etag: string;
	readonly data: unknown;
}

/** Only what this run used is kept for the next one. */
export class ForgeCache {
	readonly #repository: string;
	readonly #answers = new Map<string, KeptAnswer>();
	readonly #jobs = new Map<string, JobSaid>();
	readonly #used = { answers: new Map<string, KeptAnswer>(), jobs: new Map<string, JobSaid>() };

	/** @param json What an earlier run has kept. Anything else is as if nothing was kept. */
	constructor(repository: string, json?: string) {
		this.#repository = repository;
		const kept = readKept(json);
		if (kept?.repository !== repository) return;
		for (const [path, answer] of Object.entries(kept.answers)) this.#answers.set(path, answer);
		for (const [key, said] of Object.entries(kept.jobs)) this.#jobs.set(key, said as JobSaid);
	}

	answer(path: string): KeptAnswer | undefined {
		return this.#answers.get(path);
	}

	keepAnswer(path: string, answer: KeptAnswer): void {
		this.#used.answers.set(path, answer);
	}

	/** @param key Job and time: a job that runs again has another log. */
	job(key: string): JobSaid | undefined {
		return this.#jobs.get(key);
	}

	keepJob(key: string, said: JobSaid): void {
		this.#used.jobs.set(key, said);
	}

	toJson(): string {
		const { answers, jobs } = this.#used;
		return JSON.stringify({
			version: 1,
			repository: this.#repository,
			answers: Object.fromEntries(answers),
			jobs: Object.fromEntries(jobs),
		});
	}
}

function readKept(json: string | undefined): v.InferOutput<typeof schema> | undefined {
	if (json === undefined || json.length > maxCache) return undefined;
	try {
		const outcome = v.safeParse(schema, JSON.parse(json));
		return outcome.success ? outcome.output : undefined;
	} catch {
		return undefined;
	}
}
