import { isLoopback, type ProxyVariable } from "../../probes/proxy.ts";
import type { Remedy } from "../check.ts";
import { type Situation, setVariables } from "../docker/situation.ts";
import { code, cut, listed, shellQuote } from "../text.ts";
import { reason } from "../words.ts";
import { describeFailure } from "./connection.ts";
import { type DeadProxy, speaksNoTls } from "./dead-proxy.ts";
import { type OddVariable, union } from "./odd-variables.ts";
import type { FailedRequest, ProxiedForge } from "./proxied-forge.ts";

interface Inconsistent {
	readonly odd: readonly OddVariable[];
	readonly situation: Situation;
}

interface ForgeNotExcluded extends ProxiedForge {
	readonly situation: Situation;
}

interface ProxyUnreachable {
	readonly dead: DeadProxy;
	/** The forge's address, to try by hand. */
	readonly forge: string | undefined;
	readonly situation: Situation;
}

const noTls =
	"Checkout, downloads and pulls go through it, and fail with `wrong version number` or `first record does not look like a TLS handshake`.";

export const intro =
	"Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower and upper case, like the tools of a job do. It connects to each proxy once, without a login, and never shows users or passwords. It passes if no proxy is set.";

export const words = {
	"proxy-unreachable": reason<ProxyUnreachable>({
		level: "fail",
		title: "The proxy cannot be reached",
		headline: ({ dead }) =>
			`The proxy ${code(cut(dead.proxy, 30))} ${speaksNoTls(dead) ? "does not speak TLS" : "cannot be reached"}`,
		why: ({ dead }) => {
			if (speaksNoTls(dead)) return noTls;
			return dead.variables.every((name) => name === "all_proxy")
				? "git and curl use it for every address that `NO_PROXY` does not exclude: checkout and downloads fail with `Failed to connect`. JavaScript actions, Docker and Go programs ignore `ALL_PROXY`, so some steps still work."
				: "Checkout, downloads and installations go through it, and fail with `Failed to connect` or `ECONNREFUSED`.";
		},
		expected: ({ dead }) =>
			speaksNoTls(dead) ? "a proxy that speaks TLS, or `http://`" : "a proxy that accepts connections",
		tell: (seen) => ({ what: whatIsDead(seen), fix: fixProxy(seen) }),
		more: "What goes through such a proxy is not reported again: `runner/server`, `runner/cache-server`, `registry/*` and `service/*` are skipped as `needs:network/proxy`.",
	}),
	inconsistent: reason<Inconsistent>({
		level: "warn",
		title: "Tools read the proxy settings differently",
		headline: ({ odd: [first] }) =>
			first === undefined ? "Tools read the proxy settings differently" : titleOf(first),
		why: "curl and git read the lower-case variable first, Go programs such as Docker the upper-case one, and npm rejects an address without `http://`. So some steps work and others fail.",
		expected: "the same address, with http://, in both spellings",
		tell: ({ odd, situation }) => ({
			what: `Tools of this job read the proxy settings differently: ${listed(odd.map(problemIn))}.`,
			fix: {
				text: "Set both spellings to the same value. If the proxy requires a user and a password, add them: this report does not show them. Gitea's runner 3.0.0 and newer passes its own service's proxy variables to jobs in both spellings.",
				...setVariables(situation, sameInBoth(odd)),
				kind: "runner",
			},
		}),
	}),
	"forge-not-excluded": reason<ForgeNotExcluded>({
		level: "warn",
		title: "The forge is in a private network, but not in `NO_PROXY`",
		headline: ({ host, isForOthers }) =>
			isForOthers
				? `git and curl do not read \`NO_PROXY\` for ${code(cut(host, 17))}`
				: `\`NO_PROXY\` does not contain the forge ${code(cut(host, 23))}`,
		why: ({ failed }) =>
			failed
				? "Checkout, artifacts, the cache and every action that calls the forge fail in this job."
				: "Most proxies cannot reach a private network: checkout, artifacts and the cache fail with status 403 or 502, or time out.",
		expected: ({ host }) => `${host} in NO_PROXY`,
		tell: (seen) => {
			const { host, noProxy, situation } = seen;
			const value = noProxy === undefined ? host : `${noProxy},${host}`;
			return {
				what: whatGoesThrough(seen),
				fix: {
					text: "Add the forge to `NO_PROXY`, in both spellings.",
					...setVariables(situation, { NO_PROXY: value, no_proxy: value }),
					kind: "runner",
				},
			};
		},
		more: "A host counts as private if it is a private or loopback address, a name without a dot, or a name that ends in `.local`, `.lan`, `.internal` or similar. Not reported if the forge answers through the proxy. A failure, in place of `runner/server`, if it was asked through the proxy and did not answer.",
	}),
};

function whatGoesThrough({ host, proxy, failed, isForOthers }: ForgeNotExcluded): string {
	const problem = isForOthers
		? "`NO_PROXY` contains it only in a form that git and curl ignore (`*.`, a port, or brackets)"
		: "`NO_PROXY` does not contain it";
	const said = `The forge ${code(host)} is in a private network, but ${problem}`;
	if (!failed) return `${said}: git and curl send requests to it through the proxy ${code(proxy)}.`;
	return `${said}. It cannot be reached: ${whyFailed(failed)}.`;
}

function whyFailed({ answer, via }: FailedRequest): string {
	switch (answer.kind) {
		case "failed":
			return describeFailure(answer, via);
		case "answered":
			return `the answer through the proxy ${code(via)} has status ${answer.status} and is not a forge's`;
		case "timed-out":
			return `nothing answers through the proxy ${code(via)} within the deadline`;
	}
}

function whatIsDead({ dead: { proxy, host, variables, answer } }: ProxyUnreachable): string {
	const names = listed(variables.map((name) => code(name.toUpperCase())));
	const how =
		answer.kind === "timed-out"
			? "it does not answer within the deadline"
			: describeFailure({ ...answer, kind: "failed" }).replace("its name", `the name ${code(host)}`);
	return `${names} ${variables.length === 1 ? "names" : "name"} the proxy ${code(proxy)}, but ${how}.`;
}

function fixProxy({ dead, forge, situation }: ProxyUnreachable): Remedy {
	const { proxy, host, variables } = dead;
	if (speaksNoTls(dead)) {
		// Without a port, each scheme has another one.
		const plain = `${proxy.replace(/^https:/i, "http:").replace(/\/$/, "")}${/:\d+\/?$/.test(proxy) ? "" : ":443"}`;
		return {
			text: "Name the proxy with `http://`: `https_proxy` says what the proxy is used for, not how it is reached. If the proxy requires a user and a password, add them: this report does not show them.",
			...setVariables(
				situation,
				Object.fromEntries(
					variables.flatMap((name) => [name.toUpperCase(), name].map((spelling) => [spelling, plain])),
				),
			),
			kind: "runner",
		};
	}
	const address = forge ?? "https://github.com";
	// What looks like an option is neither a proxy nor a forge, and curl has no mark for the end of options.
	const test = [proxy, address].some((value) => value.startsWith("-"))
		? []
		: [`curl --max-time 10 --verbose --output /dev/null --proxy ${shellQuote(proxy)} ${shellQuote(address)}`];
	if (isLoopback(host) && situation.inContainer) {
		return {
			text: `Name the proxy by an address that job containers reach: ${code(host)} is the container itself there. The variables are set in \`runner.envs\` of the runner's \`config.yaml\`, in the unit of its service, in the workflow, or in \`~/.docker/config.json\` (\`proxies\`).`,
			commands: test,
			kind: "runner",
		};
	}
	return {
		text: "Start the proxy, or correct or remove the variables. They are set in `runner.envs` of the runner's configuration, in the unit of its service, in `/etc/environment`, or in the workflow.",
		commands: test,
		kind: situation.inContainer ? "runner" : "host",
	};
}

function titleOf({ name, problem }: OddVariable): string {
	const both = `${code(name)} and ${code(name.toUpperCase())}`;
	switch (problem) {
		case "malformed":
			return `${code(name)} is not a valid address`;
		case "values":
			return `${both} differ`;
		case "credentials":
			return `${both} have different logins`;
	}
}

function problemIn(variable: OddVariable): string {
	const { name, problem, malformed } = variable;
	switch (problem) {
		case "malformed":
			return `the value of ${code(name)} is not a valid address (${malformed})`;
		case "values":
			return titleOf(variable);
		case "credentials":
			return `${code(name)} and ${code(name.toUpperCase())} have different users or passwords`;
	}
}

function sameInBoth(odd: readonly ProxyVariable[]): Readonly<Record<string, string>> {
	const entries = odd.flatMap(({ name, lower = "", upper = "" }) => {
		const value = name === "no_proxy" ? union(lower, upper) : withScheme(lower || upper);
		return [
			[name, value],
			[name.toUpperCase(), value],
		];
	});
	return Object.fromEntries(entries);
}

function withScheme(address: string): string {
	return /^[a-z][\w+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}
