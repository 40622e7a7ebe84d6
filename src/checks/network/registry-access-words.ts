import type { LoginFacts } from "../../probes/registry-login.ts";
import type { Remedy } from "../check.ts";
import { type Situation, stopsContainers } from "../docker/situation.ts";
import { code, cut, operand, shellQuote, yamlValue } from "../text.ts";
import { reason } from "../words.ts";
import { type Asked, also, expectedOf, subjectOf, urlOf, whyOf } from "./registry-asked.ts";

/** The program that keeps the login for a registry fails. */
export interface LoginHelper {
	readonly host: string;
	readonly login: LoginFacts & { readonly helper: string };
	readonly situation: Situation;
}

/** Reasons of a registry that answers, and does not hand out the image. */
export const accessWords = {
	unauthorized: reason<Asked | LoginHelper>({
		level: "fail",
		title: "The registry requires a login, or another one",
		headline: (seen) => {
			const registry = code(cut(seen.host, 28));
			if (!isAsked(seen)) return `The login helper for ${registry} fails`;
			return seen.look.loggedIn ? `${registry} rejects the login` : `${registry} requires a login`;
		},
		why: (seen) => (isAsked(seen) ? whyOf(seen) : whyHelper(seen)),
		expected: (seen) => (isAsked(seen) ? expectedOf(seen) : expectedHelper(seen)),
		tell: (seen) =>
			isAsked(seen)
				? { what: `${unauthorizedIn(seen)}${also(seen)}`, fix: gainAccess(seen) }
				: {
						what: `${code(seen.login.helper)} keeps the login for ${code(seen.host)} and fails: ${code(seen.login.message ?? "")}.`,
						fix: fixHelper(seen),
					},
		more: "The runner pulls the images of its labels itself, with the login of the user it runs as. Docker Hub also answers 401 for an image that does not exist.",
	}),
	denied: reason<Asked>({
		level: "fail",
		title: "The registry denies access to the image",
		headline: ({ host }) => `The registry ${code(cut(host, 28))} denies access`,
		why: (seen) => whyOf(seen),
		expected: expectedOf,
		tell: (seen) => ({ what: `${deniedIn(seen)}${also(seen)}`, fix: gainAccess(seen) }),
		more: "ghcr.io gives the same answer for a private image and for one that does not exist. A stale login blocks even public images.",
	}),
	"not-found": reason<Asked>({
		level: "fail",
		title: "The registry does not have the image",
		headline: ({ host, look: { image } }) =>
			image === undefined
				? `${code(cut(host, 28))} is not a registry`
				: `${code(cut(host, 18))} does not have ${code(cut(image.replace(/^.*\//, ""), 20))}`,
		why: (seen) => whyOf(seen),
		expected: expectedOf,
		tell: (seen) => ({ what: `${notFoundIn(seen)}${also(seen)}`, fix: correctName(seen) }),
	}),
	"rate-limited": reason<Asked>({
		level: "fail",
		title: "The registry's rate limit is reached",
		headline: ({ host }) => `The rate limit of ${code(cut(host, 28))} is reached`,
		why: (seen) => whyOf(seen, seen.host === "docker.io" ? "toomanyrequests" : undefined),
		expected: expectedOf,
		tell: (seen) => ({
			what: `${limitedIn(seen)}${also(seen)}`,
			fix: slowDown(seen),
		}),
	}),
	"credential-helper-missing": reason<LoginHelper>({
		level: "fail",
		title: "The program that keeps the login is missing",
		headline: ({ host }) => `The login helper for ${code(cut(host, 26))} is missing`,
		why: ({ login, ...seen }) =>
			`${whyHelper({ login, ...seen })} A job sees ${code(`error getting credentials - err: exec: "${login.helper}": executable file not found in $PATH`)}.`,
		expected: expectedHelper,
		tell: (seen) => ({
			what: `According to ${code(seen.login.config)}, ${code(seen.login.helper)} keeps the login for ${code(seen.host)}, but no such program is on PATH.`,
			fix: fixHelper(seen),
		}),
	}),
};

function isAsked(seen: Asked | LoginHelper): seen is Asked {
	return "look" in seen;
}

/** Why a login helper that gives no login matters. */
export function whyHelper({ login }: LoginHelper): string {
	return `\`docker build\` and \`docker compose\` run ${code(login.helper)} before every pull and fail without its answer, for public images too; \`docker pull\` does since release 29.`;
}

/** What the login helper should do. */
export function expectedHelper({ host, login }: LoginHelper): string {
	return `${login.helper} that returns the login for ${host}`;
}

/** The image, or the registry itself. */
function imageIn(seen: Asked): string {
	return seen.look.image === undefined ? subjectOf(seen) : code(seen.look.image);
}

function loginIn({ look, login }: Asked): string {
	return look.loggedIn ? `with the login in ${code(login.helper ?? login.config)}` : "without a login";
}

function unauthorizedIn(seen: Asked): string {
	const { host, look } = seen;
	const image = imageIn(seen);
	if (look.publicAnyway)
		return `${image} is public, but ${host} rejects the login that is sent along: it is stale or wrong.`;
	if (look.at === "token-server" && look.loggedIn)
		return `${host} rejects the login for ${image}: it is stale or wrong.`;
	return look.image === undefined
		? `${host} answers with status 401 ${loginIn(seen)}.`
		: `${image} cannot be pulled ${loginIn(seen)}: ${host} answers with status 401. The image is private, or does not exist.`;
}

function deniedIn(seen: Asked): string {
	const { host, look } = seen;
	const image = imageIn(seen);
	if (look.publicAnyway) return `${image} is public, but ${host} denies access with the login that is sent along.`;
	return `${host} denies access to ${image} ${loginIn(seen)} (status 403). It is private, or does not exist.`;
}

function notFoundIn(seen: Asked): string {
	const { host, look } = seen;
	if (look.image === undefined) return `${code(host)} answers, but is not a registry: \`GET /v2/\` returns 404.`;
	const isPrivate = look.loggedIn ? "" : ", or the image is private and requires a login";
	return `${host} does not have ${code(look.image)}: the name or the tag is wrong${isPrivate}.`;
}

function limitedIn(seen: Asked): string {
	const { host, look } = seen;
	const pulls = look.answer.kind === "answered" && look.answer.status === 200 ? look.answer.pulls : undefined;
	if (!pulls)
		return `${host} rejects the request for ${imageIn(seen)} ${loginIn(seen)}: too many requests (status 429).`;
	const hours = pulls.seconds === undefined ? "" : ` in ${Math.round(pulls.seconds / 360) / 10} hours`;
	const all = pulls.of === undefined ? "" : ` of ${pulls.of}${hours}`;
	return `${host} has ${imageIn(seen)}, but this address has no pulls left${all} ${loginIn(seen)}: the next one is rejected with status 429.`;
}

function gainAccess(seen: Asked): Remedy {
	const { host, look, login, situation } = seen;
	if (look.loggedIn && login.config === "DOCKER_AUTH_CONFIG") {
		return {
			text: `Replace the login for ${code(host)} in \`DOCKER_AUTH_CONFIG\`, usually a secret of the workflow or \`runner.envs\`, with a token that may read the image${scopeHint(host)}. The CLI prefers it to the login of its configuration. If the image is public, remove it there.`,
			kind: "workflow",
		};
	}
	if (login.unreadBy !== undefined) {
		return {
			text: `\`DOCKER_AUTH_CONFIG\` has a login for ${code(host)}, but Docker CLI ${login.unreadBy} does not read this variable: upgrade the CLI to 28.3 or newer. Until then, log in.`,
			commands: [docker("login", host)],
			kind: situation.inContainer ? "image" : "host",
		};
	}
	if (look.publicAnyway) {
		return {
			text: `Log out: the image does not require a login. If other images do, log in again instead. The login is in ${code(login.config)}.`,
			commands: [docker("logout", host)],
			kind: "host",
			otherwise: logIn(host, situation),
		};
	}
	if (look.loggedIn) {
		return {
			text: `Log in again with a token that may read this image${scopeHint(host)}, as the user of ${code(login.config)}. Check the image's name too: many registries give the same answer for an image that does not exist.`,
			commands: [docker("login", host)],
			kind: "host",
		};
	}
	return { ...logIn(host, situation), ...(situation.system !== "none" && { otherwise: logInInJob(host) }) };
}

function docker(command: "login" | "logout", host: string): string {
	return `docker ${command}${host === "docker.io" ? "" : ` ${operand(host)}`}`;
}

function scopeHint(host: string): string {
	return host === "ghcr.io" ? " (scope `read:packages`; the package must also grant its owner access)" : "";
}

function logIn(host: string, situation: Situation): Omit<Remedy, "otherwise"> {
	const asRunner =
		situation.system === "none"
			? ""
			: " Do it as the user that the runner runs as: it pulls the images of its labels itself.";
	return {
		text: `Log in with a token that may read the image${scopeHint(host)}.${asRunner}`,
		commands: [docker("login", host)],
		kind: "host",
	};
}

function logInInJob(host: string): Omit<Remedy, "otherwise"> {
	return {
		text: "For pulls in the job itself, log in there.",
		config: {
			file: "the workflow's job",
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
	};
}

function correctName(seen: Asked): Remedy {
	const { host, look, situation } = seen;
	if (look.image === undefined) {
		return {
			text: `Correct ${code(host)} in the policy's \`registries\`, or start the registry there.`,
			commands: [`curl -sS -D - -o /dev/null ${operand(urlOf(seen))}`],
			kind: "runner",
		};
	}
	return {
		text: "Compare name and tag with what the registry has, and correct them everywhere: in the label in the runner's `config.yaml`, in the workflow, and in the policy.",
		commands: [`docker buildx imagetools inspect ${operand(look.image)}`],
		kind: "runner",
		...(!look.loggedIn && { otherwise: logIn(host, situation) }),
	};
}

function slowDown({ host, look: { answer } }: Asked): Remedy {
	const seconds = answer.kind === "answered" ? answer.retryAfter : undefined;
	const wait = seconds === undefined ? "" : `Try again in ${seconds} s, as the registry says. `;
	return {
		text: `${wait}Log in: registries count requests without a login by address, and a whole network may share one.`,
		commands: [docker("login", host)],
		kind: "host",
		...(host === "docker.io" && {
			otherwise: {
				text: `Let Docker pull through your own mirror of Docker Hub: set \`registry-mirrors\` in \`/etc/docker/daemon.json\` to its address, and restart Docker. ${stopsContainers}`,
				commands: ["sudo systemctl restart docker"],
				kind: "host",
			},
		}),
	};
}

/** The CLI asks helpers for Docker Hub's login by this name; `config.json` may also call it `docker.io`. */
const dockerHubKey = "https://index.docker.io/v1/";

/** Lets the Docker CLI keep the login in its file, or gets the helper to work. */
export function fixHelper({ host, login, situation }: LoginHelper): Remedy {
	const { helper, config, setting } = login;
	const keys = host === "docker.io" ? [host, dockerHubKey] : [host];
	const path =
		setting === "credHelpers" ? keys.map((key) => `.credHelpers[${JSON.stringify(key)}]`).join(", ") : ".credsStore";
	const kind = situation.inContainer ? "image" : "host";
	const file = shellQuote(config);
	const remove = `Remove the setting from ${code(config)} and log in again, which keeps the login in the file itself.`;
	return {
		text:
			login.kind === "helper-missing"
				? `${remove} It often comes from a file that was copied from a machine with Docker Desktop.`
				: `Fix ${code(helper)}. Or remove the setting from ${code(config)} and log in again, which keeps the login in the file itself.`,
		commands: [
			`new=$(jq ${shellQuote(`del(${path})`)} ${file}) && cp -p ${file} ${shellQuote(`${config}.bak`)} && printf '%s\\n' "$new" > ${file}`,
			docker("login", host),
		],
		kind,
		otherwise: {
			text: "If the program is needed, install it in a directory on PATH, and try it. It prints the login.",
			commands: [`echo ${shellQuote(keys.at(-1) ?? host)} | ${shellQuote(helper)} get`],
			kind,
		},
	};
}
