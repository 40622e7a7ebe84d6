/**
 * Runs and jobs as three forges tell them. Gitea 1.27 was recorded; GitHub and Forgejo 16 are as they document themselves. Whatever
 * is missing or of another type is left out, never trusted.
 */

export interface Run {
	readonly id: string;
	readonly event: string;
	readonly branch: string;
	readonly url?: string;
	/** Of a repository that is not this one: a pull request from a fork. */
	readonly isForeign: boolean;
}

export interface Job {
	readonly id: string;
	readonly name: string;
	readonly labels: readonly string[];
	/** `undefined`: no runner has taken it, or the forge does not tell. */
	readonly runner?: string;
	readonly state: "waiting" | "running" | "success" | "failure" | "skipped" | "canceled";
	/** ISO 8601. */
	readonly created?: string;
	readonly started?: string;
	readonly completed?: string;
	readonly url?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Entries of a list that may be the answer itself, or under one of these names in it. */
export function entriesIn(data: unknown, ...names: readonly string[]): readonly Fields[] | undefined {
	const lists = [data, ...names.map((name) => (data as Fields | null | undefined)?.[name])];
	const list = lists.find((value): value is readonly unknown[] => Array.isArray(value));
	return list?.filter((entry): entry is Fields => typeof entry === "object" && entry !== null);
}

/** How many entries there are on all pages; without that, as many as are known. */
export function totalOf(data: unknown): number {
	const total = (data as Fields | null | undefined)?.total_count;
	return typeof total === "number" ? total : Number.POSITIVE_INFINITY;
}

export function runOf(entry: Fields, repository: string): Run | undefined {
	const id = idOf(entry.id);
	if (id === undefined) return undefined;
	const branch = text(entry.head_branch) ?? text(entry.prettyref) ?? refOf(text(entry.path)) ?? "";
	const head = (entry.head_repository as Fields | null | undefined)?.full_name;
	const url = addressOf(entry.html_url);
	return {
		id,
		event: text(entry.event) ?? text(entry.trigger_event) ?? "",
		branch: branch.replace(/^refs\/heads\//, ""),
		isForeign: typeof head === "string" && head.toLowerCase() !== repository.toLowerCase(),
		...(url !== undefined && { url }),
	};
}

/** `post.yml@refs/heads/main` */
function refOf(path: string | undefined): string | undefined {
	return path?.split("@refs/heads/")[1];
}

export function jobOf(entry: Fields): Job | undefined {
	const id = idOf(entry.id);
	if (id === undefined) return undefined;
	const labels = Array.isArray(entry.labels) ? entry.labels : Array.isArray(entry.runs_on) ? entry.runs_on : [];
	const created = timeOf(entry.created_at);
	const started = timeOf(entry.started_at);
	const completed = timeOf(entry.completed_at);
	const url = addressOf(entry.html_url);
	const runner = text(entry.runner_name);
	return {
		id,
		name: text(entry.name) ?? "",
		labels: labels.slice(0, 50).flatMap((label) => text(label) ?? []),
		state: stateOf(text(entry.status) ?? "", text(entry.conclusion) ?? ""),
		...(runner !== undefined && { runner }),
		...(created !== undefined && { created }),
		...(started !== undefined && { started }),
		...(completed !== undefined && { completed }),
		...(url !== undefined && { url }),
	};
}

/** `completed` with a conclusion on Gitea and GitHub, one word on Forgejo. */
function stateOf(status: string, conclusion: string): Job["state"] {
	const word = status === "completed" ? conclusion : status;
	if (/^(?:queued|waiting|pending|requested|blocked)$/.test(word)) return "waiting";
	if (/^(?:in_progress|running)$/.test(word)) return "running";
	if (word === "success") return "success";
	if (/^cancell?ed$/.test(word)) return "canceled";
	return /^(?:skipped|neutral)$/.test(word) ? "skipped" : "failure";
}

function text(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value.slice(0, 200) : undefined;
}

function idOf(value: unknown): string | undefined {
	return Number.isSafeInteger(value) && (value as number) > 0 ? String(value) : undefined;
}

/** Gitea gives 1970 to what has not happened yet, and the server's time zone. */
function timeOf(value: unknown): string | undefined {
	const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
	return time > Date.UTC(2000) ? new Date(time).toISOString() : undefined;
}

function addressOf(value: unknown): string | undefined {
	return typeof value === "string" && /^https?:\/\/[\w.:/%~-]{1,500}$/.test(value) ? value : undefined;
}
