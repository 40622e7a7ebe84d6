import { reason } from "../../checks/words.ts";

export const intro =
	"Compares how far the clock and the time since the machine was started went on. They differ if the clock was set. A virtual machine that was paused has both wrong, which nothing here shows.";

export const words = {
	jumped: reason<{ readonly seconds: number }>({
		level: "warn",
		title: "The clock was set during the job",
		why: "Tokens and certificates are refused, `make` builds too much or too little, and tests that measure time fail. That alone fails no job.",
		expected: "a difference of less than a second",
		tell: ({ seconds }) => ({
			what: `The clock was set ${seconds > 0 ? "forward" : "back"} by ${Math.abs(seconds)} s during the job.`,
			fix: {
				text: "Let a time service keep the clock, which adjusts it in small steps.",
				commands: ["timedatectl", "chronyc tracking"],
				kind: "host",
			},
		}),
	}),
};
