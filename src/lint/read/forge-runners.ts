import type { Host } from "../../host/host.ts";
import { isMalformed } from "../../probes/forge.ts";
import { forgeApi, forgeRequest, type TrustedApi } from "../../probes/forge-request.ts";
import type { ForgeAnswer, ForgeRunner } from "./workflow-facts.ts";

/** Runners per page, and pages that are read: at most 2000 runners of a scope. */
const pageSize = 50;
const maxPages = 40;

type Scope = { readonly name: string; readonly path: string };

/**
 * Asks the forge for the runners of the repository, of its owner and of the whole instance. A job's own token can list none of
 * them. Never throws: the answer contains what was refused.
 * @param asked Names of the scopes. On Gitea 1.27, a job's token gets the runners of everyone in the scope `user`, which is a leak.
 */
export async function askForge(
	host: Host,
	token: string,
	signal: AbortSignal,
	asked: readonly string[] = ["repository", "organization", "user", "instance"],
): Promise<ForgeAnswer | undefined> {
	const { GITHUB_API_URL: address, GITHUB_REPOSITORY: repository = "" } = host.env;
	const forge = forgeApi(host.env);
	const [owner = "", name = ""] = repository.split("/");
	if ((forge.kind === "none" && !isMalformed(address)) || owner === "" || name === "") return undefined;
	const path = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join("/");
	const all: readonly Scope[] = [
		{ name: "repository", path: `/repos/${path(owner, name)}/actions/runners` },
		{ name: "organization", path: `/orgs/${path(owner)}/actions/runners` },
		{ name: "user", path: "/user/actions/runners" },
		{ name: "instance", path: "/admin/actions/runners" },
	];
	const scopes = all.filter((scope) => asked.includes(scope.name));
	const answers = await Promise.all(
		scopes.map((scope) =>
			forge.kind === "trusted"
				? listScope(host, forge.api, scope, token, signal)
				: notAsked[forge.kind === "none" ? "malformed" : forge.why],
		),
	);
	const runners = new Map<string, ForgeRunner>();
	for (const answer of answers) {
		if (answer.kind === "ok") for (const runner of answer.runners) runners.set(`${runner.id} ${runner.name}`, runner);
	}
	const answered = scopes.filter((_, index) => answers[index]?.kind === "ok").map((scope) => scope.name);
	return {
		scopes: answered,
		runners: [...runners.values()].map(({ name: runnerName, labels, online, disabled, busy }) => {
			return { name: runnerName, labels, online, disabled, ...(busy && { busy }) };
		}),
		refused: scopes.flatMap((scope, index) => {
			const answer = answers[index];
			return answer?.kind === "refused" ? [{ scope: scope.name, why: answer.why }] : [];
		}),
		// A repository's list does not contain the runners of its owner; only the instance lists all.
		complete: answered.includes("instance"),
	};
}

type ScopeAnswer =
	| { readonly kind: "ok"; readonly runners: readonly (ForgeRunner & { readonly id: string })[] }
	| { readonly kind: "refused"; readonly why: string };

const notAsked = {
	malformed: refused("not asked: GITHUB_API_URL is not a URL"),
	insecure: refused("not asked: GITHUB_API_URL does not use TLS, so the token is not sent there"),
	foreign: refused(
		"not asked: GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there",
	),
};

function refused(why: string): ScopeAnswer {
	return { kind: "refused", why };
}

async function listScope(
	host: Host,
	api: TrustedApi,
	scope: Scope,
	token: string,
	signal: AbortSignal,
): Promise<ScopeAnswer> {
	const runners: (ForgeRunner & { id: string })[] = [];
	for (let page = 1; page <= maxPages; page++) {
		// `limit` is Gitea's word, `per_page` GitHub's.
		const path = `${scope.path}?page=${page}&limit=${pageSize}&per_page=${pageSize}`;
		const answer = await host.request(forgeRequest(api, path, token, signal));
		if (answer.kind === "timed-out") return { kind: "refused", why: "no answer in time" };
		if (answer.kind === "failed") return { kind: "refused", why: `no connection (${answer.code})` };
		if (answer.status !== 200) return { kind: "refused", why: refusalOf(answer.status) };
		const body = parseRunners(answer.body);
		if (!body) return { kind: "refused", why: "the answer is not a list of runners" };
		for (const runner of body.runners) runners.push(runner);
		// A forge may return smaller pages than asked for. The count or an empty page tells the end.
		if (body.runners.length === 0 || runners.length >= body.total) break;
	}
	return { kind: "ok", runners };
}

function refusalOf(status: number): string {
	switch (status) {
		case 401:
			return "401: the token is not valid";
		case 403:
			return "403: the token cannot list them; a job's own token never can, an owner's with the right scope can";
		case 404:
			return "404: this scope does not exist, or the forge is too old to list runners (Gitea before 1.25)";
		default:
			return `HTTP status ${status}`;
	}
}

function parseRunners(
	body: string,
): { readonly runners: (ForgeRunner & { id: string })[]; readonly total: number } | undefined {
	let document: unknown;
	try {
		document = JSON.parse(body);
	} catch {
		return undefined;
	}
	if (typeof document !== "object" || document === null) return undefined;
	const { runners, total_count: total } = document as { runners?: unknown; total_count?: unknown };
	if (!Array.isArray(runners)) return undefined;
	return { runners: runners.map(toRunner), total: typeof total === "number" ? total : Number.POSITIVE_INFINITY };
}

function toRunner(entry: unknown): ForgeRunner & { id: string } {
	const { id, name, status, disabled, busy, labels } = (entry ?? {}) as Readonly<Record<string, unknown>>;
	return {
		id: String(id),
		name: typeof name === "string" ? name.slice(0, 200) : "",
		online: status === "online" || status === "active" || status === "idle",
		disabled: disabled === true,
		...(busy === true && { busy: true }),
		labels: Array.isArray(labels) ? labels.slice(0, 200).flatMap(labelName) : [],
	};
}

/** `{"name": "gpu"}`, or the bare name. */
function labelName(label: unknown): readonly string[] {
	if (typeof label === "string") return [label.slice(0, 200)];
	const name = (label as { name?: unknown } | null)?.name;
	return typeof name === "string" ? [name.slice(0, 200)] : [];
}
