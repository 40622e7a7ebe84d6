import { code, cut, shellQuote } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import type { MachineState } from "../../probes/machine-state.ts";
import { span } from "../span.ts";

interface Lost {
	readonly address: string;
	readonly host: string;
	readonly observed: string;
	readonly start: MachineState;
	readonly state: MachineState;
}

export const intro =
	"Asks the forge and the runner's cache server once more, as at the start. It shows the end of the job only: what was away in the middle and is back leaves no trace here. If the job itself changed the way to the forge (a proxy, another address), the two looks cannot be compared. If it may have (a new `/etc/resolv.conf` or `/etc/hosts`), the answer is `undecided`.";

const noForge = "Checkouts, pushes, and calls of the forge's API fail with a connection error.";

export const words = {
	"forge-lost": reason<Lost>({
		level: "fail",
		title: "The forge is not reachable any more",
		why: noForge,
		expected: "an answer, as at the start",
		tell: ({ address, observed, start, state }) => ({
			what: `The forge ${code(cut(address, 100))} became unreachable ${span(start, state)} (${cut(observed, 60)}).`,
			fix: {
				text: "Look whether the forge was restarted, or whether the way to it broke, from the runner's host.",
				commands: [`curl --max-time 10 --verbose ${shellQuote(`${address}/api/v1/version`)}`],
				kind: "forge",
			},
		}),
	}),
	"dns-lost": reason<Lost>({
		level: "fail",
		title: "The name of the forge does not resolve any more",
		why: "Every connection by name fails, to the forge, to registries and to package servers: `Could not resolve host`.",
		expected: "an address, as at the start",
		tell: ({ host, observed, start, state }) => ({
			what: `The name ${code(cut(host, 100))} stopped resolving ${span(start, state)} (${cut(observed, 60)}).`,
			fix: {
				text: "Ask the name servers of the machine by hand.",
				commands: ["cat /etc/resolv.conf", `getent hosts ${shellQuote(host)}`],
				kind: "host",
			},
		}),
	}),
	"cache-lost": reason<Lost>({
		level: "warn",
		title: "The cache server is not reachable any more",
		why: "`actions/cache` goes on without a cache, so jobs take longer. That alone fails no job.",
		expected: "an answer, as at the start",
		tell: ({ address, observed, start, state }) => ({
			what: `The runner's cache server ${code(cut(address, 100))} became unreachable ${span(start, state)} (${cut(observed, 60)}).`,
			fix: {
				text: "The runner itself serves it: look whether the runner was stopped, and what its log says.",
				commands: ["sudo journalctl --unit gitea-runner --since -1h | tail -n 50"],
				kind: "runner",
			},
		}),
	}),
};

export const unknowns = {
	forge: unknown<Lost & { readonly isChanged: boolean }>({
		title: "It is unknown whether the way to the forge broke",
		why: noForge,
		expected: "an answer in the same way as at the start",
		tell: ({ address, observed, isChanged }) => ({
			what: `The forge ${code(cut(address, 100))} answered at the start, and now: ${cut(observed, 60)}.${isChanged ? " `/etc/resolv.conf` or `/etc/hosts` was changed meanwhile, perhaps by the job itself." : ""}`,
			fix: {
				text: "Ask it by hand from the runner's host.",
				commands: [`curl --max-time 10 --verbose ${shellQuote(`${address}/api/v1/version`)}`],
				kind: "host",
			},
		}),
	}),
};
