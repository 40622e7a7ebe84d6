import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Servers } from "../../support/servers.ts";

/**
 * A forge's API for tests. `gitea` answers as Gitea 1.27.0 was recorded: shapes, 403 texts, pages of at most 50, `queued` jobs with
 * dates of 1970. `github` and `forgejo` (16) answer as they document themselves; nobody recorded those.
 * Not known, so not imitated: rate limits of Gitea and Forgejo, ETags of Gitea, and how long an index of labels lags behind.
 */
export type ForgeSystem = "gitea" | "github" | "forgejo";

export interface FakeRun {
	readonly id: number;
	readonly event?: string;
	readonly branch?: string;
	readonly workflow?: string;
	/** Full name of the repository that the run's code comes from. */
	readonly from?: string;
	readonly jobs: readonly FakeJob[];
}

export interface FakeJob {
	readonly id: number;
	readonly name: string;
	readonly labels: readonly string[];
	/** Absent: no runner has taken it. */
	readonly runner?: string;
	readonly status: "queued" | "in_progress" | "success" | "failure" | "cancelled";
	/** ISO 8601. */
	readonly at: string;
	/** When it ended. */
	readonly completed?: string;
	readonly log?: string;
}

export interface FakeIssue {
	readonly number: number;
	title: string;
	body: string;
	state: "open" | "closed";
	readonly labels: readonly string[];
	readonly user: string;
	readonly comments: { readonly id: number; body: string; readonly user: string }[];
}

export interface FakeRunner {
	readonly name: string;
	readonly labels: readonly string[];
	readonly status?: "online" | "offline";
	readonly busy?: boolean;
	readonly disabled?: boolean;
}

export const token = "f0rge-t0ken-canary-0123456789abcdef01234";
export const repository = "fortemi/fortemi";

/** `runners`: those of the repository; `instance`: all, as a site admin. */
type Permission = "actions" | "issues" | "runners" | "instance";
type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

const forbidden = (message: string): Reply => ({
	status: 403,
	body: { message, url: "https://git.example.com/api/swagger" },
});
const notFound: Reply = { status: 404, body: { message: "The target couldn't be found." } };

export class ForgeApi implements AsyncDisposable {
	readonly system: ForgeSystem;
	runs: FakeRun[] = [];
	issues: FakeIssue[] = [];
	labels: { readonly id: number; readonly name: string }[] = [];
	runners: readonly FakeRunner[] = [];
	may = new Set<Permission>(["actions", "issues"]);
	/** `GET /repos/…` of each request, in order. */
	readonly asked: string[] = [];
	/** Called before each request is answered; may wait, and may break it off by `false`. */
	before: (asked: string) => Promise<boolean | undefined> | boolean | undefined = () => undefined;
	/** Called when a request was carried out; `false` breaks it off before its answer. */
	after: (asked: string) => boolean | undefined = () => undefined;
	/** Answers that replace the real ones: `GET /repos/…` -> answer. */
	readonly instead = new Map<RegExp, Reply>();
	filtersByLabel = true;
	/** Answers have ETags, as GitHub's do. */
	hasEtags = false;
	/** Requests that were answered with 304. */
	unchanged = 0;
	/** Largest page. */
	maxPage = 50;
	#url = "";
	#number = 0;
	readonly #servers = new Servers();

	private constructor(system: ForgeSystem) {
		this.system = system;
	}

	static async start(system: ForgeSystem = "gitea"): Promise<ForgeApi> {
		const forge = new ForgeApi(system);
		const port = await forge.#servers.http((request, response) => void forge.#serve(request, response));
		forge.#url = `http://127.0.0.1:${port}`;
		return forge;
	}

	/** What a job's environment says of this forge. */
	get env(): Record<string, string> {
		const names = {
			gitea: { GITEA_ACTIONS: "true" },
			github: {},
			forgejo: { FORGEJO_ACTIONS: "true", GITEA_ACTIONS: "true" },
		};
		return {
			GITHUB_ACTIONS: "true",
			GITHUB_SERVER_URL: this.#url,
			GITHUB_API_URL: `${this.#url}/api/v1`,
			GITHUB_REPOSITORY: repository,
			...names[this.system],
		};
	}

	get url(): string {
		return this.#url;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#servers.close();
	}

	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const asked = `${request.method} ${(request.url ?? "").replace(/^\/api\/v1/, "")}`;
		this.asked.push(asked);
		if ((await this.before(asked)) === false) return void response.destroy();
		const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
		const isStorage = asked.startsWith("GET /storage/");
		const login = request.headers.authorization;
		const reply =
			[...this.instead].find(([pattern]) => pattern.test(asked))?.[1] ??
			(isStorage
				? this.#storage(asked, login)
				: login === `token ${token}`
					? this.#answer(asked, body)
					: { status: 401, body: { message: "invalid token" } });
		if (this.after(asked) === false) return void response.destroy();
		const hash = createHash("sha256")
			.update(JSON.stringify(reply.body ?? ""))
			.digest("hex");
		const etag = this.hasEtags && reply.status === 200 ? `W/"${hash}"` : "";
		if (etag !== "" && request.headers["if-none-match"] === etag) {
			this.unchanged++;
			return void response.writeHead(304, { etag }).end();
		}
		const text =
			typeof reply.body === "string" ? reply.body : reply.body === undefined ? "" : JSON.stringify(reply.body);
		response.writeHead(reply.status, {
			"content-type": "application/json;charset=utf-8",
			...(etag !== "" && { etag }),
			...reply.headers,
		});
		response.end(text);
	}

	/** GitHub keeps logs with another service, which refuses a request with a login of the forge. */
	#storage(asked: string, login: string | undefined): Reply {
		const job = this.#job(asked.split("/").pop()?.split("?")[0]);
		return login === undefined && job
			? { status: 200, body: job.log ?? "" }
			: { status: 400, body: "InvalidAuthenticationInfo" };
	}

	#job(id: string | undefined): FakeJob | undefined {
		return this.runs.flatMap(({ jobs }) => jobs).find((job) => String(job.id) === id);
	}

	#answer(asked: string, body: Readonly<Record<string, unknown>> | undefined): Reply {
		const [method = "", address = ""] = asked.split(" ");
		const url = new URL(address, "http://forge");
		const path = url.pathname;
		const repo = `/repos/${repository}`;
		const noUnit = forbidden("user should have specific read permission or be a repo admin or a site admin");
		if (path === repo) return { status: 200, body: { id: 2, full_name: repository, default_branch: "main" } };
		if (/\/actions\/runners$/.test(path)) {
			if (!this.may.has("runners")) return forbidden("user should be the owner of the repo");
			const isAll = path === "/admin/actions/runners" && this.may.has("instance");
			if (!isAll && path !== `${repo}/actions/runners`) return forbidden("Must be an organization owner");
			return this.#page(
				url,
				"runners",
				this.runners.map((runner, index) => ({
					id: index + 1,
					status: "online",
					busy: false,
					disabled: false,
					ephemeral: false,
					...runner,
					labels: runner.labels.map((name) => ({ id: 0, name, type: "custom" })),
				})),
			);
		}
		if (path.startsWith(`${repo}/actions/`))
			return this.may.has("actions") ? this.#actions(path.slice(`${repo}/actions/`.length), url) : noUnit;
		if (path === `${repo}/labels`) {
			if (method === "GET") return this.#list(url, this.labels);
			if (!this.may.has("issues")) return noUnit;
			const label = { id: ++this.#number, name: String(body?.name) };
			this.labels.push(label);
			return { status: 201, body: label };
		}
		if (path.startsWith(`${repo}/issues`)) return this.#issues(method, path.slice(`${repo}/issues`.length), url, body);
		return notFound;
	}

	#actions(path: string, url: URL): Reply {
		const ofWorkflow = /^workflows\/([^/]+)\/runs$/.exec(path)?.[1];
		if (ofWorkflow !== undefined || (path === "runs" && this.system === "forgejo")) {
			if (ofWorkflow !== undefined && this.system === "forgejo") return notFound;
			const workflow = ofWorkflow ?? url.searchParams.get("workflow_id");
			const runs = this.runs.filter((run) => (run.workflow ?? "health-check.yml") === workflow);
			if (ofWorkflow !== undefined && runs.length === 0) return notFound;
			return this.#page(
				url,
				"workflow_runs",
				[...runs].sort((a, b) => b.id - a.id).map((run) => this.#run(run)),
			);
		}
		const run = this.runs.find(({ id }) => path === `runs/${id}/jobs`);
		if (run) {
			const jobs = run.jobs.map((job) => this.#jobOf(run, job));
			return this.system === "forgejo" ? { status: 200, body: jobs } : this.#page(url, "jobs", jobs);
		}
		const job = this.#job(/^jobs\/(\d+)\/logs$/.exec(path)?.[1]);
		if (!job) return notFound;
		if (this.system !== "github")
			return { status: 200, body: job.log ?? "", headers: { "content-type": "text/plain" } };
		return { status: 302, headers: { location: `${this.#url}/storage/${job.id}?sig=secret` } };
	}

	#run({
		id,
		event = "schedule",
		branch = "main",
		workflow = "health-check.yml",
		from = repository,
	}: FakeRun): unknown {
		const url = `https://git.example.com/${repository}/actions/runs/${id}`;
		if (this.system === "forgejo")
			return {
				id,
				title: "health",
				workflow_id: workflow,
				index_in_repo: id,
				trigger_event: event,
				event,
				prettyref: branch,
				status: "success",
				html_url: url,
			};
		return {
			...{
				id,
				url: `https://git.example.com/api/v1/repos/${repository}/actions/runs/${id}`,
				html_url: url,
				display_title: "health",
			},
			...{
				path: `${workflow}@refs/heads/${branch}`,
				event,
				run_attempt: 1,
				run_number: id,
				head_branch: branch,
				status: "completed",
			},
			...(this.system === "github"
				? { head_repository: { full_name: from }, path: `.github/workflows/${workflow}` }
				: { repository_id: 0 }),
		};
	}

	#jobOf(run: FakeRun, { id, name, labels, runner, status, at, completed }: FakeJob): unknown {
		if (this.system === "forgejo") {
			const word = { queued: "waiting", in_progress: "running" }[status as string] ?? status;
			return {
				id,
				run_id: run.id,
				attempt: 1,
				name,
				runs_on: labels,
				task_id: runner === undefined ? 0 : id,
				status: word,
				created_at: at,
				started_at: at,
				html_url: `https://git.example.com/jobs/${id}`,
			};
		}
		const isOver = status !== "queued" && status !== "in_progress";
		const started = runner === undefined ? (this.system === "github" ? at : "1970-01-01T00:00:00Z") : at;
		return {
			...{ id, run_id: run.id, name, labels, run_attempt: 1, head_sha: "0".repeat(40), head_branch: "main" },
			...(isOver ? { status: "completed", conclusion: status } : { status }),
			...(runner === undefined
				? { runner_id: 0, ...(this.system === "github" && { runner_name: "" }) }
				: { runner_id: 1, runner_name: runner }),
			...{ created_at: at, started_at: started, steps: [], ...(completed && { completed_at: completed }) },
			html_url: `https://git.example.com/${repository}/actions/runs/${run.id}/jobs/${id}`,
		};
	}

	#issues(method: string, path: string, url: URL, body: Readonly<Record<string, unknown>> = {}): Reply {
		if (method !== "GET" && !this.may.has("issues")) return notFound;
		if (path === "") {
			if (method === "POST") return this.#create(body);
			const { searchParams } = url;
			const [state, label] = [searchParams.get("state"), searchParams.get("labels")];
			const found = this.issues.filter(
				(issue) =>
					(state === "all" || issue.state === state) && (!this.filtersByLabel || issue.labels.includes(label ?? "")),
			);
			return this.#list(
				url,
				found.reverse().map((issue) => this.#issue(issue)),
			);
		}
		const gone = /^\/comments\/(\d+)$/.exec(path)?.[1];
		if (gone !== undefined) {
			const holder = this.issues.find(({ comments }) => comments.some(({ id }) => String(id) === gone));
			holder?.comments.splice(
				holder.comments.findIndex(({ id }) => String(id) === gone),
				1,
			);
			return holder ? { status: 204 } : notFound;
		}
		const [, number, part] = /^\/(\d+)(?:\/(comments))?$/.exec(path) ?? [];
		const issue = this.issues.find((one) => String(one.number) === number);
		if (!issue) return notFound;
		if (part === undefined && method === "PATCH") {
			Object.assign(issue, body);
			return { status: 201, body: this.#issue(issue) };
		}
		if (part === undefined) return { status: 200, body: this.#issue(issue) };
		if (method === "POST") {
			const comment = { id: ++this.#number, body: String(body.body), user: "gitea-actions" };
			issue.comments.push(comment);
			return { status: 201, body: { ...comment, user: { login: comment.user } } };
		}
		const comments = issue.comments.map((comment) => ({ ...comment, user: { id: -2, login: comment.user } }));
		// Gitea knows no pages of the comments of one issue.
		return this.system === "gitea" ? { status: 200, body: comments } : this.#list(url, comments);
	}

	#create({ title, body, labels }: Readonly<Record<string, unknown>>): Reply {
		const names = (labels as readonly unknown[]).map((label) => {
			if (this.system === "github") return typeof label === "string" ? label : undefined;
			return this.labels.find(({ id }) => id === label)?.name;
		});
		if (names.includes(undefined))
			return { status: 422, body: { message: "json: cannot unmarshal string into Go struct field of type int64" } };
		const number = ++this.#number;
		const issue: FakeIssue = {
			number,
			title: String(title),
			body: String(body),
			state: "open",
			labels: names as string[],
			user: "gitea-actions",
			comments: [],
		};
		this.issues.push(issue);
		return { status: 201, body: this.#issue(issue) };
	}

	#issue({ comments, labels, user, ...issue }: FakeIssue): unknown {
		return {
			...issue,
			comments: comments.length,
			user: { id: -2, login: user },
			labels: labels.map((name) => ({ id: 1, name })),
			pull_request: null,
		};
	}

	#page(url: URL, name: string, all: readonly unknown[]): Reply {
		return { status: 200, body: { [name]: this.#slice(url, all), total_count: all.length } };
	}

	#list(url: URL, all: readonly unknown[]): Reply {
		return { status: 200, body: this.#slice(url, all) };
	}

	#slice(url: URL, all: readonly unknown[]): readonly unknown[] {
		const wanted = Number(url.searchParams.get(this.system === "github" ? "per_page" : "limit"));
		const size = Math.min(wanted || 30, this.system === "github" ? 100 : this.maxPage);
		const page = Number(url.searchParams.get("page")) || 1;
		return all.slice((page - 1) * size, page * size);
	}
}
