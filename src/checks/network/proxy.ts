import { containerProbe } from "../../probes/container.ts";
import { forgeProbe } from "../../probes/forge.ts";
import { jobProbe } from "../../probes/job.ts";
import { isLoopback, numberOf, type ProxyFacts, type ProxyVariable, proxyProbe } from "../../probes/proxy.ts";
import { defineCheck, type Evidence, type Finding } from "../check.ts";
import { type Situation, setVariables, situationOf } from "../docker/situation.ts";
import { code, listed } from "../text.ts";

type Reason = "inconsistent" | "forge-not-excluded";

export const networkProxy = defineCheck({
	id: "network/proxy",
	title: "The proxy settings fit together",
	reasons: {
		inconsistent: { level: "warn", title: "Tools read the proxy settings differently" },
		"forge-not-excluded": { level: "warn", title: "The forge in the own network is looked for through the proxy" },
	},
	needs: { proxy: proxyProbe, forge: forgeProbe, container: containerProbe, job: jobProbe },
	judge({ proxy, forge, container, job }) {
		const { variables } = proxy;
		if (variables.every(({ name }) => name === "no_proxy")) return { kind: "pass", message: "No proxy is set" };
		const situation = situationOf(container, job);
		const odd = variables.filter((variable) => whatIsWrong(variable) !== undefined);
		if (odd.length > 0) return inconsistent(odd, proxy, situation);
		const named = proxy.forge;
		if (named?.proxy !== undefined && isOwnNetwork(named.host)) {
			// A proxy that does know the way is no trouble.
			const knowsTheWay = forge.via !== undefined && forge.answer.kind === "answered" && forge.answer.status < 500;
			if (!knowsTheWay) return notExcluded(named.host, named.proxy, proxy, situation);
		}
		const set = variables.filter(({ name }) => name !== "no_proxy").map(({ name }) => code(name));
		return { kind: "pass", message: `${listed(set)} fit together`, evidence: evidenceOf(proxy) };
	},
});

function evidenceOf({ variables }: ProxyFacts): readonly Evidence[] {
	return variables.flatMap(({ name, lower, upper }) => [
		...(lower === undefined ? [] : [{ source: `environment, ${name}`, text: lower }]),
		...(upper === undefined ? [] : [{ source: `environment, ${name.toUpperCase()}`, text: upper }]),
	]);
}

/** Half a sentence, or `undefined` where all tools read the same. */
function whatIsWrong({ name, lower, upper, malformed, credentialsDiffer }: ProxyVariable): string | undefined {
	if (malformed !== undefined) return `the value of ${code(name)} is no address: ${malformed}`;
	if (lower !== undefined && upper !== undefined && normal(name, lower) !== normal(name, upper)) {
		return `${code(name)} and ${code(name.toUpperCase())} differ`;
	}
	if (credentialsDiffer) return `${code(name)} and ${code(name.toUpperCase())} differ in user or password`;
	return undefined;
}

/** Without what makes no difference: order and blanks of a list, a slash at the end of an address. */
function normal(name: string, value: string): string {
	if (name !== "no_proxy") return value.toLowerCase().replace(/\/+$/, "");
	const entries = value
		.toLowerCase()
		.split(/[\s,]+/)
		.filter(Boolean);
	return [...new Set(entries)].sort().join(",");
}

function inconsistent(odd: readonly ProxyVariable[], facts: ProxyFacts, situation: Situation): Finding<Reason> {
	const [first] = odd;
	const wanted = Object.fromEntries(
		odd.flatMap(({ name, lower, upper }) => {
			const value = meant(name, lower ?? upper ?? "");
			return [
				[name, value],
				[name.toUpperCase(), value],
			];
		}),
	);
	return {
		kind: "finding",
		reason: "inconsistent",
		message: `Tools of this job read the proxy settings differently: ${listed(odd.map((variable) => whatIsWrong(variable) ?? ""))}.`,
		why: "curl and git read small letters first, Go programs such as Docker capitals, and npm refuses an address without a scheme: some steps get through, and others fail for no visible reason.",
		expected: "the same address, with `http://`, in both spellings",
		observed: [first?.lower, first?.upper].filter((value) => value !== undefined).join(" and "),
		evidence: evidenceOf(facts),
		remedy: {
			text: "Set both spellings to the same, where the jobs of this runner get their variables. Gitea's runner 3.0.0 and newer hands on the proxy variables of its own service in both spellings.",
			...setVariables(situation, wanted),
			kind: "runner",
		},
	};
}

/** The value with a scheme, where it lacks only that. */
function meant(name: string, value: string): string {
	return name === "no_proxy" || /^[a-z][\w+.-]*:\/\//i.test(value) ? value : `http://${value}`;
}

/** Names and addresses that mean something in the own network only. */
function isOwnNetwork(host: string): boolean {
	if (isLoopback(host) || /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/i.test(host)) return true;
	const address = numberOf(host);
	if (address !== undefined)
		return privateNetworks.some(([start, size]) => Math.floor(address / size) === start / size);
	if (host.includes(":")) return false;
	return !host.includes(".") || /\.(?:local|lan|internal|intranet|home|corp|localdomain|home\.arpa)$/i.test(host);
}

/** 10/8, 172.16/12, 192.168/16, 169.254/16 and 100.64/10 (Tailscale and its like): first address and size. */
const privateNetworks: readonly (readonly [number, number])[] = [
	[10 * 2 ** 24, 2 ** 24],
	[172 * 2 ** 24 + 16 * 2 ** 16, 2 ** 20],
	[192 * 2 ** 24 + 168 * 2 ** 16, 2 ** 16],
	[169 * 2 ** 24 + 254 * 2 ** 16, 2 ** 16],
	[100 * 2 ** 24 + 64 * 2 ** 16, 2 ** 22],
];

function notExcluded(host: string, proxy: string, facts: ProxyFacts, situation: Situation): Finding<Reason> {
	const noProxy = facts.variables.find(({ name }) => name === "no_proxy");
	const now = noProxy?.lower ?? noProxy?.upper;
	const wanted = [...(now === undefined ? [] : [now]), host].join(",");
	return {
		kind: "finding",
		reason: "forge-not-excluded",
		message: `The forge ${code(host)} is in the own network, and \`NO_PROXY\` does not name it: git and curl look for it through the proxy ${code(proxy)}.`,
		why: "Most proxies do not know the way into the own network: checkout, artifacts and the cache fail with 403, 502 or a time-out.",
		expected: `${host} in NO_PROXY`,
		observed: now === undefined ? "NO_PROXY is not set" : `NO_PROXY is ${now}`,
		evidence: evidenceOf(facts),
		remedy: {
			text: "Add the forge to `NO_PROXY`, in both spellings, where the jobs of this runner get their variables, and restart the runner.",
			...setVariables(situation, { NO_PROXY: wanted, no_proxy: wanted }),
			kind: "runner",
		},
	};
}
