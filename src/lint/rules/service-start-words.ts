import { code, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import { goSeconds } from "../read/go-values.ts";
import { unitLines } from "./fixes.ts";

interface StartLimit {
	readonly file: string;
	/** `RestartSec`, if the unit has it. */
	readonly delay: string | undefined;
	readonly interval: number;
	readonly burst: number;
}

interface BootRace {
	readonly file: string;
}

type KillMode =
	/** Processes of jobs stay behind. */
	| { readonly kind: "left"; readonly file: string; readonly mode: string }
	| {
			/** systemd kills before `shutdown_timeout` ends, or its first signal stops host jobs as well. */
			readonly kind: "too-early" | "jobs-too";
			readonly file: string;
			readonly written: string;
			readonly timeout: string | undefined;
			/** The first signal goes to host jobs as well. */
			readonly reachesJobs: boolean;
	  };

/** When systemd starts the service, starts it again, and stops it. */
export const startStopWords = {
	"start-limit": reason<StartLimit>({
		level: "warn",
		title: "systemd gives up after a few restarts",
		why: ({ burst, interval }) =>
			`If Docker or the forge does not answer when the service starts, as after a boot, the runner exits at once. After ${burst} exits within ${interval} seconds, systemd says \`Start request repeated too quickly\` and leaves it down, whatever \`Restart\` says.`,
		expected: "`RestartSec=5s`, or `StartLimitIntervalSec=0`",
		tell: ({ file, delay, burst, interval }) => ({
			what: `systemd starts the service again ${delay === undefined ? "after 100 ms" : `after ${code(delay)}`}, but at most ${burst} times in ${interval} seconds.`,
			fix: {
				text: "Wait longer between two starts.",
				config: unitLines(file, `[Service]\nRestartSec=${Math.max(5, Math.ceil(interval / Math.max(1, burst)) + 1)}s`),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
	}),

	"boot-race": reason<BootRace>({
		level: "warn",
		title: "After a boot, the runner can start before the network",
		why: "The runner then cannot reach its forge and exits, and nothing starts it again. Its jobs wait until someone notices.",
		expected: "`After=network-online.target` and `Wants=network-online.target`",
		tell: ({ file }) => ({
			what: "The unit does not wait for `network-online.target`; `network.target` is reached before the machine has an address.",
			fix: {
				text: "Start the service when the network is up.",
				config: unitLines(file, "[Unit]\nAfter=network-online.target\nWants=network-online.target"),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
		more: "A service that systemd starts again, however often, finds its network by itself and is not reported.",
	}),

	"kill-mode": reason<KillMode>({
		level: "warn",
		title: "The stop of the service does not fit its jobs",
		headline: (seen) => {
			switch (seen.kind) {
				case "left":
					return titleWith("Processes of jobs survive a stop: ", `KillMode=${seen.mode}`);
				case "too-early":
					return "systemd kills jobs before `shutdown_timeout` ends";
				case "jobs-too":
					return "A stop of the service ends host jobs at once";
			}
		},
		why: (seen) => {
			switch (seen.kind) {
				case "left":
					return "What a job started goes on after the runner has stopped. It holds ports, files and GPUs, and disturbs the jobs of the next start.";
				case "too-early":
					return `A restart or a shutdown ends running jobs with SIGKILL, although the runner would let them finish.${seen.reachesJobs ? ` ${diesAtOnce}` : ""}`;
				case "jobs-too":
					return diesAtOnce;
			}
		},
		expected: (seen) =>
			[
				...(seen.kind === "too-early" ? [`\`TimeoutStopSec\` of at least ${code(seen.written)}`] : []),
				...(wantsMixed(seen) ? ["`KillMode=mixed`"] : []),
			].join(", "),
		tell: (seen) => ({
			what: whatKilled(seen),
			fix: {
				text: [
					...(seen.kind === "too-early" ? ["Give the service as much time as its jobs."] : []),
					...(wantsMixed(seen) ? ["Let systemd stop the runner first, and what is left of its jobs at the end."] : []),
				].join(" "),
				config: unitLines(
					seen.file,
					[
						"[Service]",
						...(seen.kind === "too-early" ? [`TimeoutStopSec=${systemdTime(seen.written)}`] : []),
						...(wantsMixed(seen) ? ["KillMode=mixed"] : []),
					].join("\n"),
				),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
	}),
};

const diesAtOnce =
	"systemd sends SIGTERM to every process of the service: jobs on the host die while the runner still waits for them.";

function wantsMixed(seen: KillMode): boolean {
	return seen.kind === "left" || seen.reachesJobs;
}

function whatKilled(seen: KillMode): string {
	switch (seen.kind) {
		case "left":
			return `With ${code(`KillMode=${seen.mode}`)}, systemd stops the runner alone and leaves the processes of its jobs.`;
		case "too-early":
			return `\`runner.shutdown_timeout\` is ${code(seen.written)}, but systemd kills the service after ${seen.timeout === undefined ? "90 seconds" : code(seen.timeout)}${seen.reachesJobs ? ", and the unit has no `KillMode=mixed`" : ""}.`;
		case "jobs-too":
			return `\`runner.shutdown_timeout\` gives jobs ${code(seen.written)} to finish, but the unit has no \`KillMode=mixed\`.`;
	}
}

/** A Go duration as systemd writes it. */
function systemdTime(text: string): string {
	return `${Math.ceil(goSeconds(text) ?? 0)}s`;
}
