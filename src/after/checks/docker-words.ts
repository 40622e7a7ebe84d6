import { code, cut, listed } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import type { DockerSince } from "../../probes/docker-since.ts";
import { clock, span } from "../span.ts";
import type { Times } from "./docker.ts";

interface Daemon extends Times {
	readonly address: string;
	readonly docker: DockerSince;
}

export const intro =
	"Asks the daemon of the start once more. It was started again if its socket is another file, or if the network `bridge` is younger than the job; its id stays the same. If it does not answer, a job on the host also sees whether something still listens at the path of a socket whose file was removed. In a container job, everything that stops `docker exec` takes the post step away, too: the cause is in the job's log then. Docker remembers 256 events, which are about three steps of a container job, so that a list without an event proves nothing.";

const unreachable = "Every `docker` command fails with `Cannot connect to the Docker daemon`.";

export const words = {
	restarted: reason<Daemon>({
		level: "fail",
		title: "The Docker daemon was started again during the job",
		why: "Containers, builds and pulls that were running end when the daemon stops, and commands fail with `Cannot connect to the Docker daemon` or `unexpected EOF`.",
		expected: "the daemon of the start",
		tell: ({ before, now, docker: { bridgeCreated = 0 } }) => ({
			what:
				bridgeCreated > before.time && bridgeCreated <= now.time
					? `The Docker daemon was started again at ${clock(bridgeCreated)} UTC.`
					: `The Docker daemon was started again ${span(before, now)}.`,
			fix: {
				text: "Find out what restarted it, such as an unattended upgrade, and let it wait until no job runs. With `live-restore`, containers of jobs survive a restart.",
				commands: ["sudo journalctl --unit docker --since -2h | grep -E 'Starting|Stopping|Started|Stopped|killed'"],
				kind: "host",
			},
		}),
	}),
	gone: reason<Daemon>({
		level: "fail",
		title: "The Docker daemon is gone",
		headline: ({ docker }) =>
			docker.listensUnseen ? "The Docker socket was removed while the daemon runs" : "The Docker daemon is gone",
		why: unreachable,
		expected: "an answer, as at the start",
		tell: ({ before, now, address, docker }) =>
			docker.listensUnseen
				? {
						what: `The file of the Docker socket ${code(address)} was removed ${span(before, now)}, while the daemon goes on listening there.`,
						fix: {
							text: "Let no step remove it. A restart of the daemon makes it again; it stops containers unless `live-restore` is set.",
							commands: ["sudo systemctl restart docker.socket docker"],
							kind: "host",
						},
					}
				: {
						what: `The Docker daemon at ${code(address)} went away ${span(before, now)} and does not answer.`,
						fix: {
							text: "Find out why it ended, then start it.",
							commands: ["sudo journalctl --unit docker --since -2h | tail -n 50", "sudo systemctl start docker"],
							kind: "host",
						},
					},
	}),
	"network-removed": reason<Times & { readonly lost: readonly string[] }>({
		level: "fail",
		title: "The network of the job's container was removed",
		why: "Nothing can be reached from the container any more: names do not resolve, and connections fail with `Network is unreachable`.",
		expected: "the network interfaces of the start",
		tell: ({ before, now, lost }) => ({
			what: `The job's container lost its network (${code(cut(listed(lost), 60))}) ${span(before, now)}.`,
			fix: {
				text: "Find out what removed it: a `docker network rm` or `docker network disconnect --force` of another job, or a clean-up script. Clean up only what belongs to a job that has ended.",
				commands: ["docker events --since 2h --until 0s --filter type=network"],
				kind: "host",
			},
		}),
	}),
};

export const unknowns = {
	"no-answer": unknown<Daemon & { readonly observed: string }>({
		title: "It is unknown what became of the Docker daemon",
		why: unreachable,
		expected: "an answer, as at the start",
		tell: ({ address, observed }) => ({
			what: `The Docker daemon at ${code(address)} answered at the start, and now gives ${code(cut(observed, 60))}.`,
			fix: {
				text: "Ask it by hand. If it hangs, its log says since when.",
				commands: ["timeout 10 docker version", "sudo journalctl --unit docker --since -1h | tail -n 50"],
				kind: "host",
			},
		}),
	}),
};
