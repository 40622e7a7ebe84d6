import type { RegistryLook } from "../../probes/registry.ts";
import type { LoginFacts } from "../../probes/registry-login.ts";
import type { Remedy } from "../check.ts";
import { type Situation, setVariables } from "../docker/situation.ts";
import { code, shellQuote, yamlValue } from "../text.ts";
import { causeOf } from "./connection.ts";
import type { RegistryReason } from "./registry.ts";

interface Case {
	readonly host: string;
	readonly reason: RegistryReason;
	/** The question that failed; absent where the login is the trouble. */
	readonly look?: RegistryLook;
	readonly login: LoginFacts;
	readonly situation: Situation;
}

/** The way out for the reason found. */
export function remedyFor(seen: Case): Remedy {
	const { host, look } = seen;
	switch (seen.reason) {
		case "unresolvable":
			return {
				text: `Look whether the name is right and what the machine's nameservers say. Where the host knows it and the job container does not, give Docker's containers nameservers that do.`,
				commands: [`getent hosts ${shellQuote(nameIn(look?.url, host))}`, "cat /etc/resolv.conf"],
				kind: "host",
				otherwise: {
					text: "Nameservers for all containers of this host; restart Docker after it.",
					config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "dns": ["192.0.2.53"] }' },
					commands: ["sudo systemctl restart docker"],
					kind: "host",
				},
			};
		case "unreachable":
			return mendConnection(seen);
		case "tls-untrusted":
			return mendTrust(seen);
		case "unauthorized":
		case "denied":
			return mendAccess(seen);
		case "not-found":
			return {
				text:
					look?.image === undefined
						? `Correct ${code(host)} in the policy's \`registries\`, or start the registry there.`
						: `Compare name and tag with what the registry shows, and correct them wherever they stand: in the label of the runner's \`config.yaml\`, the workflow and the policy. If the image is private, log in.`,
				commands:
					look?.image === undefined
						? [`curl -sS -D - -o /dev/null ${shellQuote(`https://${host}/v2/`)}`]
						: [`docker buildx imagetools inspect ${shellQuote(look.image)}`],
				kind: "runner",
				...(look?.image !== undefined && !look.loggedIn && { otherwise: logIn(seen) }),
			};
		case "rate-limited":
			return {
				text: `${waitFor(look)}Registries count requests without a login by the address of the whole network: log in, or let Docker pull through a mirror of your own.`,
				commands: [`docker login${host === "docker.io" ? "" : ` ${shellQuote(host)}`}`],
				kind: "host",
				...(host === "docker.io" && {
					otherwise: {
						text: "A mirror of Docker Hub for all pulls of this host; restart Docker after it.",
						config: {
							file: "/etc/docker/daemon.json",
							language: "json",
							text: '{ "registry-mirrors": ["https://mirror.example"] }',
						},
						kind: "host",
					} as const,
				}),
			};
		case "credential-helper-missing":
			return mendHelper(seen);
		case "timeout":
			return {
				text: `Look at what lies between: a firewall that drops packets, a proxy that is not set, or in containers a network whose packets are larger than what the host's line takes (\`mtu\` of the Docker network).`,
				commands: [
					`curl -sS -m 20 -o /dev/null -w '%{http_code} %{time_connect} %{time_appconnect}\\n' ${shellQuote(look?.url ?? `https://${host}/v2/`)}`,
				],
				kind: "host",
			};
	}
}

/** Who could not be asked: the registry, or its token server. */
function nameIn(url: string | undefined, host: string): string {
	return (/^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url ?? "")?.[1] ?? host).replace(/^\[(.*)\]$/, "$1");
}

function waitFor(look: RegistryLook | undefined): string {
	const seconds = look?.answer.kind === "answered" ? look.answer.retryAfter : undefined;
	return seconds === undefined ? "" : `It says to come back in ${seconds} s. `;
}

function mendConnection({ host, look, situation }: Case): Remedy {
	const check = `curl -sS -D - -o /dev/null ${shellQuote(look?.url ?? `https://${host}/v2/`)}`;
	const cause = look?.answer.kind === "failed" ? causeOf(look.answer) : undefined;
	const name = nameIn(look?.url, host);
	switch (cause) {
		case "proxy":
			return {
				text: "Mend the proxy or its address; or let this registry be reached without it, by its name at the end of what `NO_PROXY` holds already. The Docker daemon has proxy settings of its own.",
				...setVariables(situation, { NO_PROXY: name, no_proxy: name }),
				kind: "runner",
			};
		case "no-tls":
			return {
				text: "Docker asks a registry on another machine with TLS only. Give the registry a certificate, or tell every Docker daemon that pulls from it to do without, which lets anybody on the way change the images.",
				config: {
					file: "/etc/docker/daemon.json",
					language: "json",
					text: JSON.stringify({ "insecure-registries": [host] }),
				},
				commands: ["sudo systemctl restart docker"],
				kind: "host",
			};
		case "refused":
			return {
				text: `Start the registry, or correct its port. In a job container, \`localhost\` is the container itself.`,
				commands: [check],
				kind: "host",
			};
		default:
			return {
				text: "Ask the same by hand, from here and from the host, and look at what answers: the registry, a firewall, or a proxy that is not set.",
				commands: [check],
				kind: "host",
			};
	}
}

/** Is the certificate's authority not known in a container, whose files are not those that the daemon reads? */
export function isUnseenTrust(look: RegistryLook | undefined, situation: Situation): boolean {
	if (look?.answer.kind !== "failed" || causeOf(look.answer) !== "untrusted") return false;
	const inside = situation.inContainer || situation.inRunnerContainer;
	return inside && /^(?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/.test(look.answer.code);
}

function mendTrust({ host, look, situation }: Case): Remedy {
	const errno = look?.answer.kind === "failed" ? look.answer.code : "";
	const name = nameIn(look?.url, host);
	const show = `openssl s_client -connect ${shellQuote(authorityOf(look?.url, host))} -servername ${shellQuote(name)} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
	if (errno === "CERT_HAS_EXPIRED" || errno === "CERT_NOT_YET_VALID") {
		return {
			text: "Renew the certificate of the registry. If its dates are right, the clock of this machine is wrong.",
			commands: [show, "date -u"],
			kind: "host",
		};
	}
	if (errno === "ERR_TLS_CERT_ALTNAME_INVALID" || errno === "HOSTNAME_MISMATCH") {
		return {
			text: "Use a name that the certificate holds, or give the registry a certificate that holds this one.",
			commands: [show],
			kind: "host",
		};
	}
	const unseen = isUnseenTrust(look, situation)
		? " If it lies there already, pulls work, and only tools in this container do not know the authority: give it to the image of the job."
		: "";
	return {
		text: `Give Docker the certificate of the authority, on every host that pulls from there. Docker reads it at once.${unseen}`,
		commands: [show, `sudo install -D -m 644 ca.crt ${shellQuote(`/etc/docker/certs.d/${host}/ca.crt`)}`],
		kind: "host",
		otherwise: {
			text: "For everything on a Debian or Ubuntu, or in an image made from it, Docker and git included.",
			commands: [
				"sudo install -m 644 ca.crt /usr/local/share/ca-certificates/own-ca.crt",
				"sudo update-ca-certificates",
			],
			kind: "image",
		},
	};
}

function authorityOf(url: string | undefined, host: string): string {
	const authority = /^https?:\/\/([^/]+)/.exec(url ?? "")?.[1] ?? host;
	return /:\d+$/.test(authority) ? authority : `${authority}:443`;
}

function mendAccess(seen: Case): Remedy {
	const { host, look, login } = seen;
	const registry = host === "docker.io" ? "" : ` ${shellQuote(host)}`;
	if (look?.publicAnyway) {
		return {
			text: `Log out: the image needs no login. Where other images do, log in anew instead. The login is kept in ${code(login.config)}.`,
			commands: [`docker logout${registry}`],
			kind: "host",
			otherwise: logIn(seen),
		};
	}
	if (look?.loggedIn) {
		return {
			text: `Log in anew with a token that may read this image${scopeHint(host)}, as the user of ${code(login.config)}. Check the name of the image too: many registries answer the same for one that does not exist.`,
			commands: [`docker login${registry}`],
			kind: "host",
		};
	}
	return logIn(seen);
}

function scopeHint(host: string): string {
	return host === "ghcr.io" ? " (scope `read:packages`; the package must also grant its owner access)" : "";
}

function logIn({ host, situation }: Case): Remedy {
	const registry = host === "docker.io" ? "" : ` ${shellQuote(host)}`;
	const inJob = situation.system !== "none";
	return {
		text: `Log in with a token that may read the image${scopeHint(host)}. The runner pulls the images of its labels itself: for those, log in as the user that the runner runs as.`,
		commands: [`docker login${registry}`],
		kind: "host",
		...(inJob && {
			otherwise: {
				text: "For pulls in the job itself, log in there.",
				config: {
					file: "the job in the workflow",
					language: "yaml",
					text: [
						"- uses: docker/login-action@v3",
						"  with:",
						...(host === "docker.io" ? [] : [`    registry: ${yamlValue(host)}`]),
						"    username: ${{ vars.REGISTRY_USER }}",
						"    password: ${{ secrets.REGISTRY_TOKEN }}",
					].join("\n"),
				},
				kind: "workflow",
			} as const,
		}),
	};
}

function mendHelper({ host, login, situation }: Case): Remedy {
	const { helper = "docker-credential-…", config } = login;
	const path = login.setting === "credHelpers" ? `.credHelpers[${JSON.stringify(host)}]` : ".credsStore";
	const fix =
		login.kind === "helper-missing"
			? `Take the setting out of ${code(config)} and log in anew, which keeps the login in the file itself. It often came with a file copied from a machine with Docker Desktop.`
			: `Mend ${code(helper)}, or take the setting out of ${code(config)} and log in anew, which keeps the login in the file itself.`;
	return {
		text: fix,
		commands: [
			`jq ${shellQuote(`del(${path})`)} ${shellQuote(config)} > config.new && cat config.new > ${shellQuote(config)} && rm config.new`,
			`docker login${host === "docker.io" ? "" : ` ${shellQuote(host)}`}`,
		],
		kind: situation.inContainer ? "image" : "host",
		otherwise: {
			text: `If the program is wanted, install it where PATH leads, and try it.`,
			commands: [`echo ${shellQuote(host)} | ${shellQuote(helper)} get`],
			kind: situation.inContainer ? "image" : "host",
		},
	};
}
