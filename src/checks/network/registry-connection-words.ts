import { commonNameOnly } from "../../probes/registry-insecure.ts";
import type { Remedy } from "../check.ts";
import { type Situation, setVariables, stopsContainers } from "../docker/situation.ts";
import { code, cut, operand, shellQuote, yamlValue } from "../text.ts";
import { reason } from "../words.ts";
import { expiringMore, inDays, shownTime } from "./certificate.ts";
import {
	causeOf,
	describeFailure,
	hostIn,
	installAuthority,
	isOtherName,
	isOutdated,
	showCertificate,
	tellFailure,
} from "./connection.ts";
import { type Asked, also, expectedOf, isOnlyForPulls, subjectOf, urlOf, whyOf } from "./registry-asked.ts";

/** Reasons of a registry that cannot be asked at all. */
export const connectionWords = {
	unresolvable: reason<Asked>({
		level: "fail",
		title: "The registry's name does not resolve",
		headline: (seen) => `${titleSubject(seen)} does not resolve`,
		why: (seen) => whyOf(seen, "no such host"),
		expected: expectedOf,
		tell: (seen) => ({ what: `${cannotBeReached(seen)}.${also(seen)}`, fix: resolve(seen) }),
		more: "The registry may resolve while its token server does not (`auth.docker.io` for Docker Hub): the message says which. If only containers fail, compare their nameservers: `docker run --rm debian:12 cat /etc/resolv.conf`.",
	}),
	unreachable: reason<Asked>({
		level: "fail",
		title: "The registry cannot be reached",
		headline: (seen) =>
			isOnlyForPulls(seen.look)
				? `Builds do not reach the registry ${code(cut(seen.host, 22))}`
				: `${titleSubject(seen)} cannot be reached`,
		why: (seen) =>
			isOnlyForPulls(seen.look)
				? "`docker pull` and `docker run` work. `docker build` gets its token for the registry without the daemon, and fails with `failed to fetch anonymous token`."
				: whyOf(seen, dockerErrorOf(seen.look)),
		expected: (seen) => (isOnlyForPulls(seen.look) ? "a registry that this job reaches, too" : expectedOf(seen)),
		tell: (seen) =>
			isOnlyForPulls(seen.look)
				? { what: `${onlyTheDaemon(seen)}.${also(seen)}`, fix: lendProxy(seen) }
				: { what: `${cannotBeReached(seen)}.${also(seen)}`, fix: reach(seen) },
		more: "The message says how it fails: nothing listens there, no route leads there, the connection is closed, the proxy refuses, the answer is a web page (often the login page of a network), or the status is 500 or above. Docker refuses a registry without TLS everywhere but on `localhost`. A job without Docker's socket cannot see `insecure-registries`, so the finding stays there after that fix. A warning, if the daemon reaches it through a proxy of its own: pulls work then, and builds do not.",
	}),
	"tls-untrusted": reason<Asked>({
		level: "fail",
		title: "The registry's certificate is not trusted",
		headline: ({ host }) => `The certificate of ${code(cut(host, 24))} is not trusted`,
		why: (seen) => whyOf(seen, dockerErrorOf(seen.look)),
		expected: expectedOf,
		tell: (seen) => ({
			what: `${subjectOf(seen)} is not trusted: ${failureIn(seen.look)}.${isUnseenTrust(seen) ? unseenTrust : ""}${also(seen)}`,
			fix: trust(seen),
		}),
	}),
};

interface Expiring {
	readonly host: string;
	readonly url: string;
	readonly days: number;
	readonly until: string;
}

/** Comes after all that fails. */
export const expiringWords = reason<Expiring>({
	level: "warn",
	title: "The registry's certificate expires soon",
	headline: ({ host, days }) => `The certificate of ${code(cut(host, 18))} expires ${inDays(days)}`,
	why: "From then on, jobs whose image comes from there fail during setup with `x509: certificate has expired`.",
	expected: "a certificate that is valid for more than 14 days",
	tell: ({ host, url, until }) => ({
		what: `The certificate of the registry ${code(host)} is valid until ${shownTime(until)}.`,
		fix: {
			text: "Renew the registry's certificate. If that is automatic, find out why it did not happen.",
			commands: [showCertificate(hostIn(url) || host, /:(\d+)(?:\/|$)/.exec(url)?.[1] ?? "443")],
			kind: "host",
		},
	}),
	more: expiringMore,
});

/** Docker reads the authorities of registries on the machine of the daemon. */
const unseenTrust =
	" This goes by what this container trusts. `docker pull` uses the daemon's own `/etc/docker/certs.d` on the host, which this check cannot see.";

/** Is the authority unknown in a container, whose files are not those of the daemon? */
function isUnseenTrust({ look: { answer }, situation }: Asked): boolean {
	if (answer.kind !== "failed" || causeOf(answer) !== "untrusted") return false;
	const isInside = situation.inContainer || situation.inRunnerContainer;
	return isInside && /^(?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/.test(answer.code);
}

function titleSubject({ host, look }: Asked): string {
	const registry = code(cut(host, 18));
	return look.at === "registry" ? `The registry ${registry}` : `The token server of ${registry}`;
}

function cannotBeReached(seen: Asked): string {
	return `${subjectOf(seen)} cannot be reached: ${failureIn(seen.look)}`;
}

function onlyTheDaemon({ host, look }: Asked): string {
	return `The daemon reaches ${code(host)} through its own proxy ${code(look.via ?? "?")}, but this job, which does not use it, does not`;
}

/** Only for the build: another step may have to reach the forge without a proxy. */
function lendProxy({ look }: Asked): Remedy {
	return {
		text: "If jobs build images, give the steps that build the daemon's proxy. Other steps stay as they are: not every proxy reaches the forge.",
		config: {
			file: "the workflow's step that builds",
			language: "yaml",
			text: `env:\n  HTTPS_PROXY: ${yamlValue(look.via ?? "")}`,
		},
		kind: "workflow",
	};
}

function failureIn({ answer, via }: Asked["look"]): string {
	if (answer.kind === "failed") {
		return answer.code === "EINSECURE" ? answer.message : describeFailure(answer, via);
	}
	if (answer.kind !== "answered") return tellFailure(answer);
	if (!answer.genuine) return "a web page or a network's login page answers there, not a registry";
	return answer.location === undefined
		? `it answers with status ${answer.status}`
		: `it redirects to ${code(answer.location)}`;
}

/** The end of Docker's error message, where it is always the same. */
function dockerErrorOf({ answer }: Asked["look"]): string | undefined {
	if (answer.kind !== "failed") return undefined;
	if (isOutdated(answer.code)) return "x509: certificate has expired or is not yet valid";
	switch (causeOf(answer)) {
		case "no-tls":
			return "http: server gave HTTP response to HTTPS client";
		case "refused":
			return "connect: connection refused";
		case "untrusted":
			if (answer.code === commonNameOnly)
				return "x509: certificate relies on legacy Common Name field, use SANs instead";
			return isOtherName(answer.code) ? undefined : "x509: certificate signed by unknown authority";
		default:
			return undefined;
	}
}

function resolve(seen: Asked): Remedy {
	return {
		text: "Check that the name is right, and what this machine's nameservers say.",
		commands: [`getent hosts ${operand(nameOf(seen))}`, "cat /etc/resolv.conf"],
		kind: "host",
		otherwise: {
			text: `If the host resolves the name and the job container does not, set \`dns\` in \`/etc/docker/daemon.json\` to the addresses of nameservers that do, and restart Docker. ${stopsContainers}`,
			commands: ["sudo systemctl restart docker"],
			kind: "host",
		},
	};
}

/** The host that was asked: the registry or its token server. */
function nameOf({ host, look }: Asked): string {
	return hostIn(look.url) || host;
}

function reach(seen: Asked): Remedy {
	const { look, situation } = seen;
	const check = `curl -sS -D - -o /dev/null ${operand(urlOf(seen))}`;
	switch (look.answer.kind === "failed" ? causeOf(look.answer) : undefined) {
		case "proxy":
			return avoidProxy(nameOf(seen), situation);
		case "old-tls":
			return {
				text: "Let the registry, or the proxy in front of it, offer TLS 1.2 and 1.3 with a key of at least 2048 bits. Docker refuses older versions everywhere, and `insecure-registries` does not change that. In nginx, the setting is `ssl_protocols TLSv1.2 TLSv1.3;`.",
				commands: [
					`openssl s_client -connect ${shellQuote(`${nameOf(seen)}:${portOf(look.url)}`)} -tls1_2 </dev/null   # must show a certificate`,
				],
				kind: "host",
			};
		case "no-tls":
			return {
				text: "Give the registry a certificate, or correct its port: Docker requires TLS for registries on other machines. A proxy in front of the registry can provide it.",
				commands: [check],
				kind: "host",
			};
		case "refused":
			return {
				text: "Start the registry, or correct its port. In a job container, `localhost` is the container itself.",
				commands: [check],
				kind: "host",
			};
		default:
			return {
				text: "Run this command in the job and on the host, and see what answers: the registry, a firewall, or a proxy. A missing proxy setting has the same effect.",
				commands: [check],
				kind: "host",
			};
	}
}

function portOf(url: string): string {
	return /^https?:\/\/[^/]*:(\d+)(?:\/|$)/.exec(url)?.[1] ?? "443";
}

function avoidProxy(name: string, situation: Situation): Remedy {
	return {
		text: "Fix the proxy or its address. Or exclude this registry from it, in both spellings: if `NO_PROXY` already has a value, append the name to it. The Docker daemon has its own proxy settings.",
		...setVariables(situation, { NO_PROXY: name, no_proxy: name }),
		kind: "runner",
	};
}

function trust(seen: Asked): Remedy {
	const { host, look } = seen;
	const errno = look.answer.kind === "failed" ? look.answer.code : "";
	const show = showCertificate(nameOf(seen), portOf(look.url));
	if (isOutdated(errno)) {
		return {
			text: "Renew the registry's certificate. If its dates are right, this machine's clock is wrong.",
			commands: [show, "date -u"],
			kind: "host",
		};
	}
	if (errno === commonNameOnly) {
		return {
			text: `Make a new certificate for the registry that names ${code(nameOf(seen))} as a subject alternative name too (\`openssl req -addext\`). Docker does not read the common name.`,
			commands: [show],
			kind: "host",
		};
	}
	if (isOtherName(errno)) {
		return {
			text: "Use a name that the certificate contains, or give the registry a certificate for this name.",
			commands: [show],
			kind: "host",
		};
	}
	const isThere = isUnseenTrust(seen)
		? " If it is there already, pulls work, and only tools in this container (`curl`, `skopeo`) lack the authority: add it to the job's image."
		: "";
	return {
		text: `Give Docker the authority's certificate (\`ca.crt\`), on every host that pulls from this registry. Docker needs no restart.${isThere}`,
		commands: [show, `sudo install -D -m 644 ca.crt ${shellQuote(`/etc/docker/certs.d/${host}/ca.crt`)}`],
		kind: "host",
		otherwise: {
			text: "Make the authority known to every program on a Debian or Ubuntu machine, including Docker and git.",
			commands: installAuthority,
			kind: "host",
		},
	};
}
