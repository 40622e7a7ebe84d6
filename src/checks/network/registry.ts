import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { proxyReachProbe } from "../../probes/proxy-reach.ts";
import { type RegistryFacts, type RegistryLook, type RegistryTarget, registryProbe } from "../../probes/registry.ts";
import type { LoginFacts } from "../../probes/registry-login.ts";
import { type Check, defineCheck, type Evidence, type Family, isProof, type Pass, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { code, cut, listed } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { certificateEvidence, daysLeft, shownTime } from "./certificate.ts";
import { causeOf, otherProxy, tellFailure } from "./connection.ts";
import { mayBeProxys, skipForProxy } from "./dead-proxy.ts";
import { isOnlyForPulls } from "./registry-asked.ts";
import { type InvalidEntry, registryTargets } from "./registry-targets.ts";
import { insecurely, intro, type RegistryReason, unknowns, withheld, words } from "./registry-words.ts";

/** One check for each registry of the policy: its images can be pulled. */
export const registryFamily: Family = {
	id: "registry/*",
	title: "The registry answers, and its images can be pulled",
	intro,
	reasons: words,
	expand({ registries }) {
		const { targets, invalid } = registryTargets(registries);
		return [...targets.map(checkOf), ...invalid.map(invalidCheck)];
	},
};

function checkOf(target: RegistryTarget): Check {
	const registry = code(cut(target.host, 32));
	return defineCheck({
		id: `registry/${target.host}`,
		title: target.images.length === 0 ? `${registry} answers` : `Images of ${registry} can be pulled`,
		reasons: words,
		needs: { registry: registryProbe(target), reach: proxyReachProbe, container: containerProbe, job: jobProbe },
		judge({ registry, reach, container, job }, policy, { started }) {
			const waits = registry.looks.map((look) => {
				const { answer, via } = (isOnlyForPulls(look) && look.own) || look;
				return mayBeProxys(answer) ? skipForProxy(reach, via, policy) : undefined;
			});
			const judged = judgeRegistry(target, registry, situationOf(container, job));
			const verdict = waits.find(Boolean) ?? (isClients(judged, registry, policy) ? waitForClient : judged);
			return verdict.kind === "pass" ? (expiring(target, registry, verdict, started) ?? verdict) : verdict;
		},
	});
}

const waitForClient: Verdict<RegistryReason> = {
	kind: "skip",
	reason: "needs:docker/client",
	message: "The Docker CLI cannot read its logins, as `docker/client` reports.",
};

/** Is a login missing because the CLI cannot read where it may be? Then `docker/client` fails for it. */
function isClients(verdict: Verdict<RegistryReason>, { login }: RegistryFacts, policy: Policy): boolean {
	if (verdict.kind !== "finding" || verdict.reason !== "unauthorized" || !login.isLost) return false;
	const reasons = ["config-unreadable", "foreign-owned", "auth-malformed"];
	return (
		policy.docker.require === "required" && !reasons.some((reason) => isSwitchedOff("docker/client", reason, policy))
	);
}

function invalidCheck({ entry, name }: InvalidEntry): Check {
	return defineCheck({
		id: `registry/${name}`,
		// Not the entry: cutting a secret in it would hide it from the redaction.
		title: `${code(cut(name, 48))} answers`,
		reasons: words,
		needs: {},
		judge: () => {
			const details = { observed: entry, evidence: [{ source: "the policy, registries", text: entry }] };
			return undecided(unknowns, "invalid-entry", { entry, name }, details);
		},
	});
}

/** What is said about a registry. Exported for `docker/client`, which waits for it if both find the same. */
export function judgeRegistry(
	{ host, images }: RegistryTarget,
	facts: RegistryFacts,
	situation: Situation,
): Verdict<RegistryReason> {
	const { login, looks } = facts;
	const unasked = looks.find(({ answer }) => answer.kind === "other-proxy");
	if (unasked) return { kind: "skip", reason: "not-applicable", message: otherProxy(code(host), unasked.via) };
	const closed = looks.find(({ closedProxy }) => closedProxy !== undefined);
	if (closed) {
		const message = `The daemon pulls through its own proxy ${code(closed.closedProxy ?? "")}, whose login only the daemon knows. This job does not reach ${code(host)} itself.`;
		return { kind: "skip", reason: "not-applicable", message };
	}
	const order = Object.keys(words);
	const [worst] = looks
		.flatMap((look) => {
			const reason = reasonOf(look);
			return reason === undefined ? [] : [{ look, reason }];
		})
		.sort(
			(a, b) =>
				order.indexOf(a.reason) - order.indexOf(b.reason) ||
				Number(isOnlyForPulls(a.look)) - Number(isOnlyForPulls(b.look)),
		);
	const evidence = [
		...looks.flatMap((look) => [...tellMirrors(look), tell(look), ...tellOwn(look)]),
		...tellLogin(login),
	];
	const byLogin = judgeLogin(host, login, evidence, situation);
	// Whatever the registry says to someone without a login, the login has to be fixed first.
	if (byLogin && (worst === undefined || aboutAccess.includes(worst.reason))) return byLogin;
	if (login.kind === "withheld" && worst && aboutAccess.includes(worst.reason)) {
		return { kind: "skip", reason: "untrusted", message: withheld(host) };
	}
	if (worst === undefined) {
		const isAsked = ({ name }: { readonly name: string }) => looks.some(({ image }) => image === name);
		const isAnswered = looks.length > 0 && looks.every(({ answer }) => answer.kind === "answered");
		return !isAnswered || !images.every(isAsked) || !isProof(evidence)
			? nothingSeen(`registry/${host}`, "looks")
			: { kind: "pass", message: praise(host, looks), evidence };
	}
	const { look, reason } = worst;
	const others = looks.filter(
		(other) => other !== look && reasonOf(other) === reason && isOnlyForPulls(other) === isOnlyForPulls(look),
	);
	const seen = { host, look, others: others.flatMap(({ image }) => image ?? []), login, situation };
	const level = isOnlyForPulls(look) && ({ level: "warn" } as const);
	return finding(words, reason, seen, { observed: observedOf(look), evidence, ...level });
}

function expiring(
	{ host }: RegistryTarget,
	{ looks }: RegistryFacts,
	{ evidence }: Pass,
	started: string,
): Verdict<RegistryReason> | undefined {
	for (const { answer, url } of looks) {
		const certificate = answer.kind === "answered" ? answer.certificate : undefined;
		const days = certificate && daysLeft(certificate, started);
		if (!certificate || days === undefined) continue;
		const { until } = certificate;
		const more = [...evidence, certificateEvidence(`TLS of ${url}`, certificate)];
		return finding(words, "tls-expiring", { host, url, days, until }, { observed: shownTime(until), evidence: more });
	}
	return undefined;
}

/** Reasons of an answer, which leave out that of a login and that of a certificate. */
type LookReason = Exclude<RegistryReason, "credential-helper-missing" | "tls-expiring">;

const aboutAccess: readonly RegistryReason[] = ["unauthorized", "denied", "not-found", "rate-limited"];

function reasonOf(look: RegistryLook): LookReason | undefined {
	const { image, at, answer, loggedIn } = look;
	if (answer.kind === "timed-out") return "timeout";
	if (answer.kind === "other-proxy") return undefined;
	if (answer.kind === "failed") {
		const cause = causeOf(answer);
		if (cause === "unresolvable") return "unresolvable";
		return cause === "untrusted" ? "tls-untrusted" : "unreachable";
	}
	if (!answer.genuine) return "unreachable";
	switch (answer.status) {
		case 200:
			// Asking is free, so the answer is good although the next pull is not.
			if (answer.pulls?.left === 0) return "rate-limited";
			return isOnlyForPulls(look) ? "unreachable" : undefined;
		case 401:
			// A registry with tokens asks everyone for one first. Public images need no login.
			return image === undefined && !loggedIn && answer.challenge === "bearer" ? undefined : "unauthorized";
		case 403:
			return "denied";
		case 404:
			// A token server does not know which images there are: its address is wrong.
			return at === "token-server" ? "unreachable" : "not-found";
		case 429:
			return "rate-limited";
		default: {
			// Some registries serve their images from another host. A network's login page redirects to other paths.
			const isElsewhere = answer.status >= 300 && answer.status < 400 && answer.location?.includes("/v2/");
			return isElsewhere && image !== undefined ? undefined : "unreachable";
		}
	}
}

/** A login that the CLI cannot get stops its pulls, even of public images. */
function judgeLogin(
	host: string,
	login: LoginFacts,
	evidence: readonly Evidence[],
	situation: Situation,
): Verdict<RegistryReason> | undefined {
	const { kind, message } = login;
	const seen = { host, login: { ...login, helper: login.helper ?? "" }, situation };
	switch (kind) {
		case "helper-missing":
			return finding(words, "credential-helper-missing", seen, { observed: message ?? "not on PATH", evidence });
		case "helper-failed":
			return finding(words, "unauthorized", seen, { observed: message ?? "it fails", evidence });
		case "helper-hangs":
			return finding(words, "timeout", seen, { observed: "no answer within the deadline", evidence });
		default:
			return undefined;
	}
}

function observedOf({ answer }: Pick<RegistryLook, "answer">): string {
	if (answer.kind !== "answered") return tellFailure(answer);
	if (answer.status === 200 && answer.pulls?.left === 0) return `status ${answer.status}, no pulls left`;
	return `status ${answer.status}${answer.message === undefined ? "" : `, ${answer.message}`}`;
}

function tellMirrors({ image, mirrors = [] }: RegistryLook): readonly Evidence[] {
	return mirrors.map(({ url, answer }) => ({
		source: `${url}, a mirror of the daemon`,
		text: `${image}: ${observedOf({ answer })}`,
	}));
}

function tell(look: RegistryLook): Evidence {
	const { image, at, url, answer, via, trustedBy, insecure, loggedIn } = look;
	const method = at === "registry" && image !== undefined ? "HEAD" : "GET";
	const notes = [
		...(answer.kind === "answered" && answer.digest !== undefined ? [answer.digest] : []),
		...(answer.kind === "answered" && answer.location !== undefined ? [`redirects to ${answer.location}`] : []),
		...(loggedIn ? ["with a login"] : []),
		...(via === undefined ? [] : [`through ${via}${look.byDaemon ? ", the daemon's own proxy" : ""}`]),
		...(trustedBy === undefined ? [] : [`trusted by ${trustedBy}`]),
		...(look.mirror === undefined ? [] : ["from a mirror of the daemon"]),
		...(insecure ? ["as the daemon's `insecure-registries` allow"] : []),
	];
	return { source: `${method} ${url}`, text: [observedOf(look), ...notes].join(", ") };
}

function tellOwn({ image, own }: RegistryLook): readonly Evidence[] {
	if (!own) return [];
	return [{ source: `${image ?? "the registry"}, without the daemon's proxy`, text: observedOf(own) }];
}

function tellLogin(login: LoginFacts): readonly Evidence[] {
	const { unreadBy } = login;
	const text = `a login for this registry, which Docker CLI ${unreadBy} does not read (28.3 does)`;
	return [...tellFoundLogin(login), ...(unreadBy === undefined ? [] : [{ source: "DOCKER_AUTH_CONFIG", text }])];
}

function tellFoundLogin({ kind, config, helper, message }: LoginFacts): readonly Evidence[] {
	const source = helper === undefined ? config : `${config}, ${helper}`;
	switch (kind) {
		case "withheld":
			return [{ source, text: "not looked into: a stranger's policy names this registry" }];
		case "none":
			return [{ source, text: "no login for this registry" }];
		case "found":
			return [{ source, text: "a login for this registry" }];
		case "config-ignored":
			return [{ source, text: `ignored by the Docker CLI: ${message ?? "it cannot be read"}` }];
		case "helper-missing":
		case "helper-failed":
			return [{ source, text: message ?? "not on PATH" }];
		case "helper-hangs":
			return [{ source, text: "it does not finish" }];
	}
}

function praise(host: string, looks: readonly RegistryLook[]): string {
	const images = looks.flatMap(({ image }) => (image === undefined ? [] : [code(image)]));
	const login = looks.some(({ loggedIn }) => loggedIn) ? ", with a login" : "";
	// Such an answer does not prove that it comes from this registry.
	const insecure = looks.find((look) => look.insecure);
	const mirrors = [...new Set(looks.flatMap(({ mirror }) => (mirror === undefined ? [] : [code(mirror)])))];
	const through = mirrors.length === 0 ? "" : ` from the daemon's mirror ${listed(mirrors)}`;
	const byDaemon = looks.find((look) => look.byDaemon)?.via;
	const proxied = byDaemon === undefined ? "" : ` through the daemon's own proxy ${code(byDaemon)}`;
	const how = `${through}${proxied}${login}${insecure ? insecurely(insecure.url.startsWith("https:")) : ""}`;
	return images.length === 0 ? `${code(host)} answers${how}` : `${listed(images)} can be pulled${how}`;
}
