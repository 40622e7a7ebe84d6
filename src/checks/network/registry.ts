import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type RegistryFacts, type RegistryLook, type RegistryTarget, registryProbe } from "../../probes/registry.ts";
import type { LoginFacts } from "../../probes/registry-login.ts";
import { type Check, defineCheck, type Evidence, type Family, type Finding, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { code, listed } from "../text.ts";
import { causeOf, describeFailure, tellFailure } from "./connection.ts";
import { isUnseenTrust, remedyFor } from "./registry-remedies.ts";
import { type InvalidEntry, registryTargets } from "./registry-targets.ts";

export type RegistryReason =
	| "unresolvable"
	| "unreachable"
	| "tls-untrusted"
	| "unauthorized"
	| "denied"
	| "not-found"
	| "rate-limited"
	| "credential-helper-missing"
	| "timeout";

/** In the order in which they decide where the images of a registry fare differently. */
const reasons: Check<RegistryReason>["reasons"] = {
	unresolvable: { level: "fail", title: "The registry's name has no address here" },
	unreachable: { level: "fail", title: "The registry cannot be reached" },
	"tls-untrusted": { level: "fail", title: "The registry's certificate is not trusted" },
	unauthorized: { level: "fail", title: "The registry wants a login, or another one" },
	denied: { level: "fail", title: "The registry denies access to the image" },
	"not-found": { level: "fail", title: "The registry does not have the image" },
	"rate-limited": { level: "fail", title: "The registry refuses: too many requests" },
	"credential-helper-missing": { level: "fail", title: "The program that keeps the login is missing" },
	timeout: { level: "fail", title: "The registry does not answer in time" },
};

/** One check for each registry of the policy: its images could be pulled. */
export const registryFamily: Family = {
	id: "registry/*",
	title: "The registry can be reached and its images pulled",
	reasons,
	expand({ registries }) {
		const { targets, invalid } = registryTargets(registries);
		return [...targets.map(checkOf), ...invalid.map(invalidCheck)];
	},
};

function checkOf(target: RegistryTarget): Check {
	return defineCheck({
		id: `registry/${target.host}`,
		title: `${code(target.host)} can be reached and its images pulled`,
		reasons,
		needs: { registry: registryProbe(target), container: containerProbe, job: jobProbe },
		judge: ({ registry, container, job }) => judgeRegistry(target.host, registry, situationOf(container, job)),
	});
}

function invalidCheck({ entry, name }: InvalidEntry): Check {
	return defineCheck({
		id: `registry/${name}`,
		title: `${code(entry)} can be reached`,
		reasons,
		needs: {},
		judge: () => ({
			kind: "undecided",
			message: `The policy's \`registries\` hold ${code(entry)}, which is neither a host such as \`ghcr.io\` nor an image such as \`ghcr.io/fortemi/fortemi/builder:latest\`.`,
		}),
	});
}

function judgeRegistry(host: string, facts: RegistryFacts, situation: Situation): Verdict<RegistryReason> {
	const { login, looks } = facts;
	const unasked = looks.find(({ answer }) => answer.kind === "other-proxy");
	if (unasked) {
		return {
			kind: "skip",
			reason: "not-applicable",
			message: `A proxy applies to ${code(host)} that this check does not speak to: ${code(unasked.via ?? "?")}.`,
		};
	}
	const judged = looks.map((look) => ({ look, reason: reasonOf(look) }));
	const order = Object.keys(reasons);
	const [worst] = judged
		.filter((entry) => entry.reason !== undefined)
		.sort((a, b) => order.indexOf(a.reason ?? "") - order.indexOf(b.reason ?? ""));
	const evidence = [...looks.map(tell), ...tellLogin(login)];
	const byLogin = judgeLogin(host, login, evidence, situation);
	// Whatever the registry says to somebody without a login, the login is what has to be mended first.
	if (byLogin && (worst?.reason === undefined || aboutAccess.includes(worst.reason))) return byLogin;
	if (worst?.reason !== undefined) return finding(host, worst.reason, worst.look, facts, evidence, situation);
	return { kind: "pass", message: praise(host, looks), evidence };
}

const aboutAccess: readonly RegistryReason[] = ["unauthorized", "denied", "not-found", "rate-limited"];

function reasonOf({ image, answer, loggedIn }: RegistryLook): RegistryReason | undefined {
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
			return undefined;
		case 401:
			// A registry that gives out tokens asks everybody for one first; what is public needs no login.
			return image === undefined && !loggedIn && answer.challenge === "bearer" ? undefined : "unauthorized";
		case 403:
			return "denied";
		case 404:
			return "not-found";
		case 429:
			return "rate-limited";
		default: {
			// Some registries serve their images from another host. A login page of the network leads elsewhere.
			const elsewhere = answer.status >= 300 && answer.status < 400 && answer.location?.includes("/v2/");
			return elsewhere && image !== undefined ? undefined : "unreachable";
		}
	}
}

/** A login that the CLI cannot get at stops its pulls, public images or not. */
function judgeLogin(
	host: string,
	login: LoginFacts,
	evidence: readonly Evidence[],
	situation: Situation,
): Finding<RegistryReason> | undefined {
	const helper = code(login.helper ?? "");
	const why =
		"`docker build` and `docker compose` ask this program before every pull and fail without its answer, for public images too; `docker pull` does so from release 29 on.";
	const common = { kind: "finding", why, expected: `${helper} that gives the login for ${host}`, evidence } as const;
	const remedy = (reason: RegistryReason) => remedyFor({ host, reason, login, situation });
	switch (login.kind) {
		case "helper-missing":
			return {
				...common,
				reason: "credential-helper-missing",
				message: `The login for ${code(host)} is kept by ${helper}, as ${code(login.config)} says, and there is no such program on PATH.`,
				observed: login.message ?? "not on PATH",
				remedy: remedy("credential-helper-missing"),
			};
		case "helper-failed":
			return {
				...common,
				reason: "unauthorized",
				message: `The login for ${code(host)} is kept by ${helper}, which fails: ${code(login.message ?? "")}.`,
				observed: login.message ?? "it fails",
				remedy: remedy("credential-helper-missing"),
			};
		case "helper-hangs":
			return {
				...common,
				reason: "timeout",
				message: `The login for ${code(host)} is kept by ${helper}, which does not end within the deadline.`,
				observed: "no answer within the deadline",
				remedy: remedy("credential-helper-missing"),
			};
		default:
			return undefined;
	}
}

function finding(
	host: string,
	reason: RegistryReason,
	look: RegistryLook,
	{ login, looks }: RegistryFacts,
	evidence: readonly Evidence[],
	situation: Situation,
): Finding<RegistryReason> {
	const others = looks.filter((other) => other !== look && reasonOf(other) === reason);
	const also = others.flatMap(({ image }) => (image === undefined ? [] : [code(image)]));
	const told = messageOf(host, reason, look, login) + (isUnseenTrust(look, situation) ? unseenTrust : "");
	return {
		kind: "finding",
		reason,
		message: also.length > 0 ? `${told} The same holds for ${listed(also)}.` : told,
		why:
			look.image === undefined
				? "Jobs whose image comes from there die in set-up, and so does every pull in a job."
				: "A job that needs this image dies in set-up, and so does every pull of it in a job.",
		expected: look.image === undefined ? `a registry that answers at ${host}` : `a manifest for ${look.image}`,
		observed: observedOf(look),
		evidence,
		remedy: remedyFor({ host, reason, look, login, situation }),
	};
}

/** Docker reads the authorities of registries where the daemon runs. */
const unseenTrust =
	" That goes by what this container trusts. For `docker pull` the daemon's own `/etc/docker/certs.d` on the host counts, which cannot be seen from here.";

function messageOf(host: string, reason: RegistryReason, look: RegistryLook, login: LoginFacts): string {
	const { answer, loggedIn } = look;
	const who = look.at === "registry" ? code(host) : `The token server of ${code(host)} (${code(look.url)})`;
	const what = look.image === undefined ? who : code(look.image);
	const how = loggedIn ? `with the login that ${code(login.helper ?? login.config)} holds` : "without a login";
	switch (reason) {
		case "unresolvable":
		case "tls-untrusted":
			return `${who} cannot be asked: ${answer.kind === "failed" ? describeFailure(answer, look.via) : ""}.`;
		case "unreachable":
			return `${who} cannot be reached: ${whyUnreachable(look)}.`;
		case "timeout":
			return `${who} gives no answer within the deadline.`;
		case "unauthorized":
			if (look.publicAnyway)
				return `${what} is public, but ${host} refuses the login that comes along: it is stale or wrong.`;
			if (look.at === "token-server" && loggedIn) return `${host} refuses the login for ${what}: it is stale or wrong.`;
			return `${what} is not to be had ${how}: ${host} answers 401. It is private, or does not exist.`;
		case "denied":
			if (look.publicAnyway) return `${what} is public, but ${host} denies it to the login that comes along.`;
			return `${host} denies ${what} ${how}. It is private, or does not exist.`;
		case "not-found":
			if (look.image === undefined) return `${code(host)} answers, but is no registry: \`GET /v2/\` finds nothing.`;
			return `${host} has no ${what}: the name or the tag is wrong${loggedIn ? "" : ", or the image is private and there is no login"}.`;
		case "rate-limited":
			return `${host} refuses ${what} ${how}: too many requests.`;
		case "credential-helper-missing":
			return `The program that keeps the login for ${host} is missing.`;
	}
}

function whyUnreachable({ answer, via }: RegistryLook): string {
	if (answer.kind === "failed") {
		return answer.code === "EINSECURE" ? answer.message : describeFailure(answer, via);
	}
	if (answer.kind !== "answered") return tellFailure(answer);
	if (!answer.genuine) return "what answers there is a web page or a login page of the network, and no registry";
	return answer.location === undefined
		? `it answers with status ${answer.status}`
		: `it sends on to ${code(answer.location)}`;
}

function observedOf({ answer }: RegistryLook): string {
	if (answer.kind !== "answered") return tellFailure(answer);
	return `status ${answer.status}${answer.message === undefined ? "" : `, ${answer.message}`}`;
}

function tell(look: RegistryLook): Evidence {
	const { image, at, url, answer, via, trustedBy, insecure, loggedIn } = look;
	const method = at === "registry" && image !== undefined ? "HEAD" : "GET";
	const notes = [
		...(answer.kind === "answered" && answer.digest !== undefined ? [answer.digest] : []),
		...(answer.kind === "answered" && answer.location !== undefined ? [`leads to ${answer.location}`] : []),
		...(loggedIn ? ["with a login"] : []),
		...(via === undefined ? [] : [`through ${via}`]),
		...(trustedBy === undefined ? [] : [`trusted by ${trustedBy}`]),
		...(insecure ? ["as the daemon's `insecure-registries` say"] : []),
	];
	return { source: `${method} ${url}`, text: [observedOf(look), ...notes].join(", ") };
}

function tellLogin({ kind, config, helper, message }: LoginFacts): readonly Evidence[] {
	const source = helper === undefined ? config : `${config}, ${helper}`;
	switch (kind) {
		case "none":
			return [{ source, text: "no login for this registry" }];
		case "found":
			return [{ source, text: "a login for this registry" }];
		case "config-ignored":
			return [{ source, text: `the Docker CLI goes on without it: ${message ?? "it cannot be read"}` }];
		case "helper-missing":
		case "helper-failed":
			return [{ source, text: message ?? "not on PATH" }];
		case "helper-hangs":
			return [{ source, text: "it does not end" }];
	}
}

function praise(host: string, looks: readonly RegistryLook[]): string {
	const images = looks.flatMap(({ image }) => (image === undefined ? [] : [code(image)]));
	const login = looks.some(({ loggedIn }) => loggedIn) ? ", with a login" : "";
	const how = `${login}${praiseInsecure(looks)}`;
	return images.length === 0 ? `${code(host)} answers${how}` : `${listed(images)} can be pulled${how}`;
}

/** Nobody shall take such an answer for one of a registry that proved who it is. */
function praiseInsecure(looks: readonly RegistryLook[]): string {
	const look = looks.find(({ insecure }) => insecure);
	if (!look) return "";
	const tls = /^http:/.test(look.url) ? "TLS" : "verified TLS";
	return `, without ${tls}, as the Docker daemon is told (\`insecure-registries\`)`;
}
