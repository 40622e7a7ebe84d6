import type { NoAnswer } from "../../probes/ask-url.ts";
import type { GitTrust } from "../../probes/git-trust.ts";
import type { Remedy } from "../check.ts";
import { configFile, recreateRunner, restartRunner, type Situation, setVariables } from "../docker/situation.ts";
import { expiringMore, inDays, shownTime } from "../network/certificate.ts";
import {
	addAuthorityToImage,
	bypassProxy,
	causeOf,
	curl,
	describeFailure,
	installAuthority,
	isOtherName,
	isOutdated,
	showCertificate,
} from "../network/connection.ts";
import { code, cut, operand, shellPath } from "../text.ts";
import { reason } from "../words.ts";

interface LocalhostUrl {
	readonly url: string;
	readonly situation: Situation;
}

export interface NoConnection {
	/** The forge as the job is told it. */
	readonly url: string;
	readonly host: string;
	/** What was asked. */
	readonly asked: string;
	readonly via: string | undefined;
	readonly answer: Exclude<NoAnswer, { kind: "other-proxy" }>;
	readonly situation: Situation;
}

interface Unresolvable extends NoConnection {
	readonly answer: Extract<NoAnswer, { kind: "failed" }>;
}

interface Untrusted {
	readonly url: string;
	readonly host: string;
	readonly asked: string;
	/** Why Node does not trust the certificate. */
	readonly errno: string;
	/** The file of authorities that does trust it. */
	readonly trustedBy: string | undefined;
	readonly situation: Situation;
}

interface ClockSkew {
	/** Seconds that this machine's clock is ahead (+) or behind (-). */
	readonly ahead: number;
	/** Seconds that are tolerated. */
	readonly limit: number;
	readonly isGrave: boolean;
}

interface GitUntrusted {
	readonly url: string;
	readonly host: string;
	readonly git: Extract<GitTrust, { kind: "distrusts" }>;
	readonly situation: Situation;
}

interface Expiring {
	readonly url: string;
	readonly host: string;
	readonly asked: string;
	readonly days: number;
	readonly until: string;
}

interface HttpError {
	readonly url: string;
	readonly asked: string;
	readonly status: number;
	/** Where it redirects to. */
	readonly location: string | undefined;
}

export const intro = `Asks the job's forge for its version: \`GET /version\` below \`GITHUB_API_URL\`, without a token, for at most three seconds. It asks only in jobs of Gitea's and Forgejo's runner: not on GitHub, not in a run without a server, and not in a terminal. A forge that requires a login (401 or 403) counts as reached.

Node has its own list of certificate authorities, so a certificate that git trusts may still make every action fail. The time in the answer is compared with this machine's clock, minus the time the answer may have taken.`;

const why = "Checkout, artifacts, the cache and every action that calls the forge fail in this job.";
const expected = "a forge that answers `GET /version` of its API";
const rootUrl = "`ROOT_URL` (section `[server]` of the forge's `app.ini`)";

export const words = {
	"localhost-url": reason<LocalhostUrl>({
		level: "fail",
		title: "The forge's address is `localhost`, which is the container",
		why,
		expected,
		tell: ({ url, situation }) => ({
			what: `Jobs are told that the forge is at ${code(url)}, but ${situation.inRunnerContainer ? "here that address is the runner's own container" : "in a job container that address is the container itself"}.`,
			fix: {
				text: `Set ${rootUrl} to an address that job containers can reach, restart the forge, and register the runner with that address. The forge tells jobs its \`ROOT_URL\`.`,
				kind: "forge",
				otherwise: shareNetwork(situation),
			},
		}),
		more: "Not reported if the forge does answer at that address.",
	}),
	unresolvable: reason<Unresolvable>({
		level: "fail",
		title: "The forge's name does not resolve",
		headline: ({ host }) => `The name ${code(cut(host, 32))} does not resolve`,
		why,
		expected,
		tell: ({ url, host, answer, via, situation }) => ({
			what: `The forge ${code(url)} cannot be reached: ${describeFailure(answer, via)}.`,
			fix: situation.inContainer ? resolveInContainer(host, situation) : resolveOnHost(host),
		}),
	}),
	unreachable: reason<NoConnection>({
		level: "fail",
		title: "The forge cannot be reached",
		headline: ({ host }) =>
			host === "" ? "The forge's address is invalid" : `The forge ${code(cut(host, 30))} cannot be reached`,
		why,
		expected,
		tell: (seen) => ({ what: noConnectionIn(seen), fix: reach(seen) }),
	}),
	"tls-untrusted": reason<Untrusted>({
		level: "fail",
		title: "Node does not trust the forge's certificate",
		headline: ({ host }) => `Node does not trust the certificate of ${code(cut(host, 19))}`,
		why: ({ trustedBy }) =>
			trustedBy === undefined
				? why
				: "Checkout works, because git trusts the certificate. Artifacts, the cache and every other JavaScript action fail in this job.",
		expected: "a certificate that Node trusts",
		tell: (seen) => ({
			what: `Node does not trust ${code(seen.url)}: ${describeFailure({ kind: "failed", code: seen.errno, message: "" })}.`,
			fix: trust(seen),
		}),
	}),
	"clock-skew": reason<ClockSkew>({
		level: "warn",
		title: "The clocks of this machine and of the forge differ",
		headline: ({ ahead }) => `This machine's clock is ${durationOf(ahead)} ${ahead > 0 ? "ahead" : "behind"}`,
		why: ({ isGrave }) =>
			isGrave
				? "Tokens and certificates count as expired or not valid yet: uploads, the cache and logins fail."
				: "Everything that compares times is off by that much: incremental builds, short-lived tokens, caches.",
		expected: ({ limit }) => `a difference of at most ${limit} s`,
		tell: ({ ahead }) => ({
			what: `This machine's clock is ${durationOf(ahead)} ${ahead > 0 ? "ahead of" : "behind"} the forge's clock.`,
			fix: {
				text: "Synchronize the host's clock, and that of the forge's machine too. A container uses the clock of its host.",
				commands: ["timedatectl status", "sudo timedatectl set-ntp true"],
				kind: "host",
			},
		}),
		more: "More than five seconds is a warning, more than five minutes a failure.",
	}),
	"http-error": reason<HttpError>({
		level: "fail",
		title: "The forge's address answers with an error",
		headline: ({ status, location }) => {
			if (location !== undefined) return "The forge's address redirects to another server";
			return status === 200
				? "What answers at the forge's address is not a forge"
				: `The forge answers with status ${status}`;
		},
		why,
		expected,
		tell: ({ url, asked, status, location }) => ({
			what: `The forge ${code(url)} ${replyIn(status, location)}.`,
			fix: {
				text:
					status >= 500
						? "Check the forge, and the proxy in front of it: the error is theirs, not the runner's."
						: `See what answers there: a login page of the network, a proxy, or a forge at another path. The address comes from ${rootUrl}.`,
				commands: [curl(asked)],
				kind: "forge",
			},
		}),
	}),
	"git-tls-untrusted": reason<GitUntrusted>({
		level: "fail",
		title: "git does not trust the forge's certificate",
		headline: ({ host }) => `git does not trust the certificate of ${code(cut(host, 20))}`,
		why: ({ git }) =>
			`JavaScript actions reach the forge, but checkout, which calls git, stops with ${code(git.message.replace(/^fatal: /, ""))}.${alsoFailing(git)}`,
		expected: "a certificate that git trusts",
		tell: (seen) => ({ what: whyGitDistrusts(seen), fix: trustInGit(seen) }),
		more: "git is asked (`git ls-remote`) only if it may have other authorities than Node: `NODE_EXTRA_CA_CERTS` holds one that the system's file lacks, the system has no such file (`CAfile: none`), or git's configuration or `GIT_SSL_CAINFO` names a file of its own.",
	}),
	"tls-expiring": reason<Expiring>({
		level: "warn",
		title: "The forge's certificate expires soon",
		headline: ({ host, days }) => `The certificate of ${code(cut(host, 18))} expires ${inDays(days)}`,
		why: "From then on, checkout and every action that calls the forge fail with `certificate has expired`.",
		expected: "a certificate that is valid for more than 14 days",
		tell: ({ url, host, asked, until }) => ({
			what: `The certificate of ${code(url)} is valid until ${shownTime(until)}.`,
			fix: {
				text: "Renew the forge's certificate. If that is automatic, find out why it did not happen.",
				commands: [showCertificate(host, portOf(asked))],
				kind: "forge",
			},
		}),
		more: expiringMore,
	}),
};

function whyGitDistrusts({ url, git: { extra, bundle, named } }: GitUntrusted): string {
	const node = `Node trusts ${code(url)}${extra === undefined ? "" : `, because of ${code(extra)}`}. git does not:`;
	if (named !== undefined) return `${node} ${namedBy(named)} sets the authorities that it uses.`;
	if (bundle === undefined)
		return `${node} this system has no authorities, because the package \`ca-certificates\` is not installed.`;
	return `${node} it uses the system's authorities, and none of them has signed the certificate.`;
}

function alsoFailing({ bundle, named }: GitUntrusted["git"]): string {
	if (named !== undefined) return "";
	return bundle === undefined
		? " No other address with https can be used either."
		: " curl and package managers fail in the same way.";
}

function namedBy(named: string): string {
	return named === "configuration" ? "`http.sslCAInfo` in its configuration" : code(named);
}

const systems =
	"On Alpine, `apk add ca-certificates` installs the package; on Fedora and Red Hat, authorities go to `/etc/pki/ca-trust/source/anchors`, and the command is `update-ca-trust`.";

function trustInGit({ git, situation }: GitUntrusted): Remedy {
	const { extra, bundle, named } = git;
	const kind = situation.inContainer ? "image" : "host";
	if (named !== undefined) {
		return {
			text: `Add the authority's certificate to the file that ${namedBy(named)} names, or remove that setting, so that git uses the system's authorities.`,
			commands: ["git config --show-origin --get-regexp '^http[.].*ssl'", "env | grep ^GIT_SSL"],
			kind,
		};
	}
	const needsPackage = bundle === undefined;
	// Without the package, even public certificates are not trusted.
	const needsAuthority = !needsPackage || extra !== undefined;
	const text = [
		...(needsPackage ? [`Install \`ca-certificates\`${situation.inContainer ? " in the image" : ""}.`] : []),
		...(needsAuthority
			? [`Add the authority's certificate (${code(extra ?? "ca.crt")}) to the system's authorities.`]
			: []),
		systems,
	].join(" ");
	const file = "/usr/local/share/ca-certificates/own-ca.crt";
	if (!situation.inContainer) {
		const install = needsPackage ? ["sudo apt-get install ca-certificates"] : [];
		const add = [`sudo install -m 644 ${shellPath(extra ?? "ca.crt")} ${file}`, "sudo update-ca-certificates"];
		return { text, commands: [...install, ...(needsAuthority ? add : [])], kind };
	}
	const install = "apt-get update && apt-get install --yes --no-install-recommends ca-certificates";
	const steps = [...(needsPackage ? [install] : []), ...(needsAuthority ? ["update-ca-certificates"] : [])];
	const lines = [...(needsAuthority ? [`COPY ca.crt ${file}`] : []), `RUN ${steps.join(" && ")}`];
	return { text, config: { file: "Dockerfile", language: "dockerfile", text: lines.join("\n") }, kind };
}

function portOf(asked: string): string {
	return /^https:\/\/[^/]*:(\d+)(?:\/|$)/.exec(asked)?.[1] ?? "443";
}

/** For a forge on the runner's own machine. */
function shareNetwork(situation: Situation): Omit<Remedy, "otherwise"> {
	if (situation.inRunnerContainer) return recreateRunner("--network host");
	return {
		text: "If forge and runner stay on one machine, let the job containers share the host's network.",
		config: { file: configFile, language: "yaml", text: "container:\n  network: host" },
		commands: restartRunner(situation),
		kind: "runner",
	};
}

function resolveInContainer(host: string, situation: Situation): Remedy {
	return {
		text: "Put the job containers into the forge's Docker network: set `container.network` in the runner's `config.yaml` to its name, which this command shows. Or give the forge a name that DNS knows. Job containers know neither the names of other Docker networks (a compose file's `gitea`) nor the host's `/etc/hosts`. If a Docker-in-Docker daemon starts them, only a name that DNS knows or an address helps: they are in its networks, not in the forge's.",
		commands: ["docker ps --format '{{.Names}}: {{.Networks}}'", ...restartRunner(situation)],
		kind: "runner",
		otherwise: {
			text: `If only the address is known, add it to every job container: ${code(`--add-host=${host}:ADDRESS`)} in \`container.options\`, with the forge's IP address.`,
			commands: restartRunner(situation),
			kind: "runner",
		},
	};
}

function resolveOnHost(host: string): Remedy {
	return {
		text: "Check this machine's nameservers and its `/etc/hosts`.",
		commands: [`getent hosts ${operand(host)}`, "cat /etc/resolv.conf"],
		kind: "host",
	};
}

function noConnectionIn({ url, answer, via }: NoConnection): string {
	if (answer.kind === "timed-out") return `The forge ${code(url)} does not answer within the deadline.`;
	if (answer.code === "ERR_INVALID_URL") return `The forge cannot be reached: ${answer.message} (${code(url)}).`;
	return `The forge ${code(url)} cannot be reached: ${describeFailure(answer, via)}.`;
}

function reach({ answer, host, asked, situation }: NoConnection): Remedy {
	if (answer.kind === "failed" && answer.code === "ERR_INVALID_URL") {
		return {
			text: `Correct the address where it is set. Jobs are told the forge's ${rootUrl}, unless \`runner.envs\` in the runner's configuration or \`env\` in the workflow sets another.`,
			kind: "forge",
		};
	}
	if (answer.kind === "failed" && causeOf(answer) === "proxy") return bypassProxy("the forge", host, situation);
	return {
		text: situation.inContainer
			? "Run this command on the host. If the forge answers there, the job containers' network does not reach it: check the host's firewall and `container.network` of the runner. If it does not, check the forge."
			: "Check whether the forge is running, and whether a firewall blocks it or a proxy is required.",
		commands: [curl(asked)],
		kind: "host",
	};
}

function trust({ host, asked, errno, trustedBy, situation }: Untrusted): Remedy {
	const show = showCertificate(host, portOf(asked));
	if (trustedBy !== undefined) {
		return {
			text: `Give Node the file that git, curl and Docker use (${code(trustedBy)}), in the variables of the jobs.`,
			...setVariables(situation, { NODE_EXTRA_CA_CERTS: trustedBy }),
			kind: "runner",
		};
	}
	if (isOutdated(errno)) {
		return {
			text: "Renew the forge's certificate. If its dates are right, this machine's clock is wrong.",
			commands: [show, "date -u"],
			kind: "forge",
		};
	}
	if (isOtherName(errno)) {
		return {
			text: `Give the forge a certificate for this name, or set ${rootUrl} to a name in the certificate.`,
			commands: [show],
			kind: "forge",
		};
	}
	const runnerOnly = "`insecure: true` in the runner's configuration affects the runner only, not its jobs.";
	if (situation.inContainer) {
		return {
			text: `Add the authority's certificate (\`ca.crt\`) to the image, for git and for Node. ${runnerOnly}`,
			config: addAuthorityToImage,
			commands: [show],
			kind: "image",
		};
	}
	const { config, commands = [] } = setVariables(situation, {
		NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/ca-certificates.crt",
	});
	return {
		text: `Install the authority's certificate (\`ca.crt\`) for git, and point Node to it. ${runnerOnly}`,
		...(config && { config }),
		commands: [show, ...installAuthority, ...commands],
		kind: "host",
	};
}

/** `42 s`, `5 min`, `2 h` */
function durationOf(seconds: number): string {
	const size = Math.abs(seconds);
	if (size < 120) return `${Math.round(size)} s`;
	return size < 7200 ? `${Math.round(size / 60)} min` : `${Math.round(size / 3600)} h`;
}

function replyIn(status: number, location: string | undefined): string {
	if (location !== undefined) return `redirects to ${code(location)}`;
	return status === 200 ? "answers, but not like Gitea or Forgejo" : `answers with status ${status}`;
}
