import type { CacheServerFacts } from "../../probes/forge-cache.ts";
import type { Remedy } from "../check.ts";
import { configFile, restartRunner, runnerService, type Situation } from "../docker/situation.ts";
import { bypassProxy, causeOf, describeFailure, hostIn } from "../network/connection.ts";
import { code, cut } from "../text.ts";
import { reason } from "../words.ts";

interface Unreachable {
	readonly url: string;
	readonly answer: Exclude<CacheServerFacts["answer"], { kind: "not-asked" | "other-proxy" }>;
	/** The address means the machine, or container, that uses it. */
	readonly isLoopback: boolean;
	readonly via: string | undefined;
	readonly situation: Situation;
}

interface Unauthorized {
	readonly url: string;
	/** 401 or 403 */
	readonly status: number;
	readonly situation: Situation;
}

export const intro =
	"Asks the cache server that the runner announces (`ACTIONS_CACHE_URL`) for a key that does not exist, as `actions/cache` would, with the token the runner made for it (`ACTIONS_RUNTIME_TOKEN`), which is sent nowhere else, and without TLS only to an address of a private network. Nothing is stored. It asks only in jobs of Gitea's and Forgejo's runner, and for at most three seconds. Both findings are warnings, because no step fails for lack of a cache.";

const why =
	"`actions/cache` and the `setup-*` actions wait for it in every job and then continue without a cache: builds are slow, and no step fails.";

export const words = {
	unreachable: reason<Unreachable>({
		level: "warn",
		title: "The runner's cache server cannot be reached",
		headline: ({ url, answer }) =>
			answer.kind === "answered"
				? `The cache server answers with status ${answer.status}`
				: `The cache server ${code(cut(hostIn(url), 23))} cannot be reached`,
		why,
		expected: "a cache server that answers the job",
		tell: (seen) => ({ what: failureIn(seen), fix: reach(seen) }),
		more: "A runner that itself runs in a container announces that container's address and a random port. `host: 0.0.0.0` is not an address that a job could connect to.",
	}),
	unauthorized: reason<Unauthorized>({
		level: "warn",
		title: "The runner's cache server rejects the job's token",
		why,
		expected: "an answer to the token that the runner gave this job",
		tell: ({ url, status, situation }) => ({
			what: `The runner's cache server ${code(url)} rejects the token of this job (status ${status}).`,
			fix: shareSecret(situation),
		}),
	}),
};

function failureIn({ url, answer, via }: Unreachable): string {
	const server = `The runner's cache server ${code(url)}`;
	switch (answer.kind) {
		case "timed-out":
			return `${server} does not answer within the deadline.`;
		case "failed":
			return `${server} cannot be reached: ${describeFailure(answer, via)}.`;
		case "answered":
			return `${server} answers with status ${answer.status}${answer.status < 500 ? ", as no cache server does" : ""}.`;
	}
}

function reach({ url, answer, isLoopback, situation }: Unreachable): Remedy {
	if (answer.kind === "failed" && causeOf(answer) === "proxy") {
		return bypassProxy("the cache server", hostIn(url), situation);
	}
	if (answer.kind === "answered") {
		return {
			text: "Check the log of the cache server, and the proxy in front of it if there is one. Without `cache.external_server`, the runner itself is the cache server.",
			commands: [`sudo journalctl -u ${runnerService(situation)} --since -1h --no-pager | tail -50`],
			kind: "runner",
			otherwise: turnOff(situation),
		};
	}
	const loopback = isLoopback && situation.inContainer ? " The present address is the job container itself." : "";
	return {
		text: `Set \`cache.host\` in the runner's \`config.yaml\` to an address of the runner that job containers can reach.${loopback} If the runner itself runs in a container, use the host's address, set \`cache.port\` to a fixed port such as 8088, and publish it (\`-p 8088:8088\`).`,
		commands: ["ip -brief -4 address   # addresses of this host", ...restartRunner(situation)],
		kind: "runner",
		otherwise: turnOff(situation),
	};
}

function turnOff(situation: Situation): Omit<Remedy, "otherwise"> {
	return {
		text: "If no workflow needs a cache, turn it off, so that nothing waits for it.",
		config: { file: configFile, language: "yaml", text: "cache:\n  enabled: false" },
		commands: restartRunner(situation),
		kind: "runner",
	};
}

function shareSecret(situation: Situation): Remedy {
	const restart = restartRunner(situation);
	return {
		text: "If the runner uses a separate cache server (`cache.external_server`), give both the same `cache.external_secret` and restart both. The first command makes a new secret.",
		commands: ["openssl rand -hex 32", ...restart],
		kind: "runner",
		otherwise: {
			text: "Without `external_server`, restart the runner: its built-in cache server and the jobs then get a new common secret.",
			commands: restart,
			kind: "runner",
		},
	};
}
