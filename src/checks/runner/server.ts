import { containerProbe } from "../../probes/container.ts";
import { type ForgeFacts, type ForgeReply, forgeProbe } from "../../probes/forge.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { configFile, restartRunner, type Situation, setVariables, situationOf } from "../docker/situation.ts";
import { causeOf, describeFailure, tellFailure } from "../network/connection.ts";
import { code, shellQuote } from "../text.ts";

type Reason = "localhost-url" | "unresolvable" | "unreachable" | "tls-untrusted" | "clock-skew" | "http-error";

interface Case {
	readonly forge: ForgeFacts;
	readonly situation: Situation;
}

/** Seconds by which clocks may differ before tokens and certificates of a few seconds' life suffer. */
const skewWarn = 5;
const skewFail = 300;

export const runnerServer = defineCheck({
	id: "runner/server",
	title: "The forge can be reached from the job",
	reasons: {
		"localhost-url": {
			level: "fail",
			title: "The forge calls itself `localhost`, which is the job container itself",
		},
		unresolvable: { level: "fail", title: "The forge's name has no address here" },
		unreachable: { level: "fail", title: "The forge cannot be reached" },
		"tls-untrusted": { level: "fail", title: "Node does not trust the forge's certificate" },
		"clock-skew": { level: "warn", title: "The clocks of this machine and of the forge differ" },
		"http-error": { level: "fail", title: "What answers at the forge's address is an error, or no forge" },
	},
	needs: { forge: forgeProbe, container: containerProbe, job: jobProbe },
	judge({ forge, container, job }): Verdict<Reason> {
		const { answer, url } = forge;
		const seen: Case = { forge, situation: situationOf(container, job) };
		const isolated = container.mode === "container" || container.insideContainer !== undefined;
		// In a container that shares the host's network, `localhost` is right: an answer of the forge proves it.
		const answers = answer.kind === "answered" && judgeReply(seen, answer) === undefined;
		if (url !== undefined && forge.isLoopback && isolated && job.inJob && !answers) return localhostUrl(seen, url);
		switch (answer.kind) {
			case "not-asked":
				return { kind: "skip", reason: "not-applicable", message: whyNotAsked(url, job.inJob, job.system) };
			case "other-proxy":
				return {
					kind: "skip",
					reason: "not-applicable",
					message: `A proxy applies to the forge that this check does not speak to: ${code(forge.via ?? "?")}.`,
				};
			case "timed-out":
				return unreachable(seen, `${code(url ?? "")} gives no answer within the deadline`);
			case "failed": {
				const what = describeFailure(answer, forge.via);
				const message = `${code(url ?? "")} cannot be reached: ${what}`;
				if (answer.code === "ERR_INVALID_URL") return noAddress(seen, answer.message);
				const cause = causeOf(answer);
				if (cause === "unresolvable") return unresolvable(seen, message);
				return cause === "untrusted" ? untrusted(seen, message, answer.code) : unreachable(seen, message);
			}
			case "answered":
				if (forge.untrusted !== undefined) {
					const what = describeFailure({ kind: "failed", code: forge.untrusted, message: "" });
					return untrusted(seen, `Node does not trust ${code(url ?? "")}: ${what}`, forge.untrusted);
				}
				return skewed(seen, answer) ?? judgeReply(seen, answer) ?? pass(seen, answer);
		}
	},
});

function whyNotAsked(url: string | undefined, inJob: boolean, system: string): string {
	if (!inJob) return "Outside of a job there is no forge to ask.";
	if (url === undefined) return "This run has no forge: `GITHUB_SERVER_URL` names none.";
	return system === "github" ? "GitHub is not asked." : "A run without a server has no forge to ask.";
}

function pass(seen: Case, answer: ForgeReply): Verdict<Reason> {
	const { url, asked } = seen.forge;
	const version = answer.version === undefined ? "" : ` ${answer.version}`;
	const closed =
		answer.status === 401 || answer.status === 403 ? `, and tells strangers no more: ${code(asked ?? "")}` : "";
	return { kind: "pass", message: `${code(url ?? "")} answers${version}${closed}`, evidence: evidenceOf(seen) };
}

/** What is wrong with an answer. A forge that is closed to strangers refuses in JSON; one that has moved sends on within itself. */
function judgeReply(seen: Case, answer: ForgeReply): Finding<Reason> | undefined {
	const { status, version, isJson, location } = answer;
	if (status === 200 && version !== undefined) return undefined;
	if ((status === 401 || status === 403) && isJson) return undefined;
	const { host, url, asked } = seen.forge;
	if (status >= 300 && status < 400 && host !== undefined && hostOf(location) === host) return undefined;
	const what =
		location !== undefined
			? `sends on to ${code(location)}`
			: status === 200
				? "answers, but not as Gitea or Forgejo do"
				: `answers with status ${status}`;
	return finding(seen, "http-error", {
		message: `The forge ${code(url ?? "")} ${what}.`,
		observed: `status ${status}${answer.body ? `, ${answer.body}` : ""}`,
		remedy: {
			text:
				status >= 500
					? "Look at the forge, and at the proxy before it: this is their error, not the runner's."
					: "Look at what answers there: a login page of the network, a proxy, or a forge under another path. The runner takes the address from the forge's `ROOT_URL`.",
			commands: [`curl -sS -i ${shellQuote(asked ?? "")} | head -20`],
			kind: "forge",
		},
	});
}

function hostOf(url: string | undefined): string | undefined {
	return /^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url ?? "")?.[1]?.replace(/^\[(.*)\]$/, "$1");
}

function skewed(seen: Case, { clockAheadSeconds: ahead = 0 }: ForgeReply): Finding<Reason> | undefined {
	const seconds = Math.abs(ahead);
	if (seconds <= skewWarn) return undefined;
	const how = seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
	const message = `The clock of this machine is ${how} ${ahead > 0 ? "ahead of" : "behind"} that of the forge.`;
	const grave = seconds > skewFail;
	return {
		...finding(seen, "clock-skew", {
			message,
			observed: `${ahead > 0 ? "+" : "-"}${seconds} s`,
			remedy: {
				text: "Let the host keep its clock by the network's, and the forge's machine too. A container has the clock of its host.",
				commands: ["timedatectl status", "sudo timedatectl set-ntp true"],
				kind: "host",
			},
		}),
		why: grave
			? "Tokens of the job count as not valid yet or as expired, certificates too: uploads, the cache and logins fail."
			: "What compares times goes wrong by that much: incremental builds, short-lived tokens, caches.",
		expected: `a difference of at most ${skewWarn} s`,
		...(grave && { level: "fail" as const }),
	};
}

function finding(
	seen: Case,
	reason: Reason,
	about: { readonly message: string; readonly observed: string; readonly remedy: Remedy },
): Finding<Reason> {
	return {
		kind: "finding",
		reason,
		why: "Checkout, artifacts, the cache and every action that calls the forge fail in this job.",
		expected: "a forge that answers `GET /version` of its API",
		evidence: evidenceOf(seen),
		...about,
	};
}

function evidenceOf({ forge }: Case): readonly Evidence[] {
	const { url, asked, answer, via, trustedBy, untrusted: refused } = forge;
	const source =
		asked === undefined
			? "environment, GITHUB_SERVER_URL"
			: `GET ${asked}${via === undefined ? "" : ` through ${via}`}`;
	switch (answer.kind) {
		case "not-asked":
			return [{ source, text: url ?? "none" }];
		case "answered": {
			const said = answer.version ?? answer.body ?? "";
			const trust =
				trustedBy === undefined ? [] : [{ source: trustedBy, text: `trusts it; Node says ${refused ?? "no"}` }];
			return [{ source, text: `${answer.status} ${said}`.trim() }, ...trust];
		}
		default:
			return [{ source, text: tellFailure(answer) }];
	}
}

function noAddress(seen: Case, why: string): Finding<Reason> {
	const { url = "" } = seen.forge;
	return {
		...finding(seen, "unreachable", {
			message: `The forge cannot be reached: ${why}, but ${code(url)}.`,
			observed: url,
			remedy: {
				text: "Look who says so: jobs are told the address that the forge has of itself, its `ROOT_URL`, unless `runner.envs` of the runner's configuration or `env` of the workflow sets another.",
				config: {
					file: "app.ini of the forge",
					language: "ini",
					text: "[server]\nROOT_URL = https://git.example.com/",
				},
				kind: "forge",
			},
		}),
		evidence: [{ source: "environment", text: tellAnswer(seen) }],
	};
}

function localhostUrl(seen: Case, url: string): Finding<Reason> {
	const { answer } = seen.forge;
	return finding(seen, "localhost-url", {
		message: `The forge calls itself ${code(url)}, and in a job container that is the container itself.`,
		observed: answer.kind === "not-asked" || answer.kind === "answered" ? url : `${url}: ${tellFailure(answer)}`,
		remedy: {
			text: "Give the forge an address that holds from everywhere, in its `ROOT_URL`, and register the runner with it: jobs are told what the forge calls itself.",
			config: { file: "app.ini of the forge", language: "ini", text: "[server]\nROOT_URL = https://git.example.com/" },
			kind: "forge",
			otherwise: {
				text: "If forge and runner are on one machine and this is to stay, let the job containers share its network.",
				config: { file: configFile, language: "yaml", text: "container:\n  network: host" },
				commands: restartRunner(seen.situation),
				kind: "runner",
			},
		},
	});
}

function unresolvable(seen: Case, message: string): Finding<Reason> {
	const { situation, forge } = seen;
	const host = forge.host ?? "";
	const text =
		"Job containers are in a Docker network of their own and know neither the names of another one (a compose file's `gitea`) nor the host's `/etc/hosts`.";
	return finding(seen, "unresolvable", {
		message: `${message}.`,
		observed: tellAnswer(seen),
		remedy: situation.inContainer
			? {
					text: `${text} Put them into the network in which the forge has that name, or give the forge a name that DNS knows.`,
					config: {
						file: configFile,
						language: "yaml",
						text: "container:\n  network: gitea_default   # docker network ls",
					},
					commands: restartRunner(situation),
					kind: "runner",
					otherwise: {
						text: "Or write its address into every job container.",
						config: {
							file: configFile,
							language: "yaml",
							text: `container:\n  options: --add-host=${host}:192.0.2.10`,
						},
						kind: "runner",
					},
				}
			: {
					text: "Look at the machine's nameservers and its `/etc/hosts`.",
					commands: [`getent hosts ${shellQuote(host)}`, "cat /etc/resolv.conf"],
					kind: "host",
				},
	});
}

function unreachable(seen: Case, message: string): Finding<Reason> {
	const { forge, situation } = seen;
	const { answer, host = "", asked = "" } = forge;
	const throughProxy = answer.kind === "failed" && causeOf(answer) === "proxy";
	return finding(seen, "unreachable", {
		message: `${message}.`,
		observed: tellAnswer(seen),
		remedy: throughProxy
			? {
					text: "Let the forge be reached without the proxy: add its name at the end of what `NO_PROXY` holds already, in both spellings.",
					...setVariables(situation, { NO_PROXY: host, no_proxy: host }),
					kind: "runner",
				}
			: {
					text: situation.inContainer
						? "Ask the same from the host. If it answers there, the network of the job containers does not lead to the forge: look at the host's firewall and at `container.network` of the runner. If it does not, look at the forge."
						: "Look whether the forge runs, and whether a firewall or a missing proxy lies between.",
					commands: [`curl -sS -m 10 -i ${shellQuote(asked)} | head -20`],
					kind: "host",
				},
	});
}

function tellAnswer({ forge: { answer } }: Case): string {
	return answer.kind === "not-asked" || answer.kind === "answered" ? "an answer" : tellFailure(answer);
}

/** Where the system's authorities trust it, git does, and only Node has to be told. */
function untrusted(seen: Case, message: string, errno: string): Finding<Reason> {
	const { situation, forge } = seen;
	const { host = "", asked = "", trustedBy } = forge;
	const port = /^https:\/\/[^/]*:(\d+)(?:\/|$)/.exec(asked)?.[1] ?? "443";
	const show = `openssl s_client -connect ${shellQuote(`${host}:${port}`)} -servername ${shellQuote(host)} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
	const remedy = ((): Remedy => {
		if (trustedBy !== undefined) {
			return {
				text: `git, curl and Docker trust it by ${code(trustedBy)}; Node has authorities of its own. Tell it of that file, in the variables of the jobs.`,
				...setVariables(situation, { NODE_EXTRA_CA_CERTS: trustedBy }),
				kind: "runner",
			};
		}
		if (errno === "CERT_HAS_EXPIRED" || errno === "CERT_NOT_YET_VALID") {
			return {
				text: "Renew the certificate of the forge. If its dates are right, the clock of this machine is wrong.",
				commands: [show, "date -u"],
				kind: "forge",
			};
		}
		if (errno === "ERR_TLS_CERT_ALTNAME_INVALID" || errno === "HOSTNAME_MISMATCH") {
			return {
				text: "Give the forge a certificate that holds this name, or a `ROOT_URL` with a name that the certificate holds.",
				commands: [show],
				kind: "forge",
			};
		}
		return {
			text: "Put the certificate of the authority into the image (for host jobs: onto the host), for git and Node. `insecure: true` of the runner's configuration holds for the runner only.",
			commands: [show, "install -m 644 ca.crt /usr/local/share/ca-certificates/own-ca.crt && update-ca-certificates"],
			...configOf(setVariables(situation, { NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/ca-certificates.crt" })),
			kind: situation.inContainer ? "image" : "host",
		};
	})();
	return {
		...finding(seen, "tls-untrusted", { message: `${message}.`, observed: errno, remedy }),
		...(trustedBy !== undefined && {
			why: "Checkout works, for git trusts it; artifacts, the cache and every other action in JavaScript fail in this job.",
		}),
		expected: "a certificate that Node trusts",
	};
}

function configOf({ config }: Pick<Remedy, "config" | "commands">): Pick<Remedy, "config"> {
	return config ? { config } : {};
}
