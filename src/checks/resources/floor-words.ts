import { errnoText } from "../../errno-text.ts";
import type { Remedy } from "../check.ts";
import { lookAt } from "../find-out.ts";
import { code, listed, upperFirst } from "../text.ts";
import { unknown } from "../words.ts";

/** A file that may hold a lower limit, but cannot be read. */
export interface Unreadable {
	readonly path: string;
	/** Absent: it was read, and holds no number. */
	readonly errno?: string;
}

interface Supply {
	/** Key of the floor in the policy. */
	readonly key: "memory" | "cpus" | "shm" | "openFiles";
	readonly unreadable: readonly Unreadable[];
	/** Who asks for it: "the profile `inference` asks for 1 GiB". */
	readonly demand: string;
}

const about = {
	memory: {
		title: "How much memory this job may use is unknown",
		why: "A job that needs more than it gets is killed without a message (exit code 137), or slows down the whole machine.",
	},
	cpus: {
		title: "How many CPUs this job may use is unknown",
		why: "A build on too few CPUs takes many times as long, and tests with deadlines fail.",
	},
	shm: {
		title: "The size of shared memory is unknown",
		why: "Browsers and databases crash if shared memory is too small.",
	},
	openFiles: {
		title: "How many files this job may open is unknown",
		why: "Builds and tests that open many files stop with `Too many open files`.",
	},
};

export const unreadableSupply = unknown<Supply>({
	title: "How much of a resource this job gets is unknown",
	headline: ({ key }) => about[key].title,
	why: ({ key }) => about[key].why,
	expected: ({ unreadable }) => `a number in ${listed(unreadable.map(({ path }) => code(path)))}`,
	tell: ({ unreadable, demand }) => {
		const [first] = unreadable;
		return {
			what: `Cannot read ${listed(unreadable.map(nameOf))}, which may limit this job. ${upperFirst(demand)}.`,
			fix: first?.errno === undefined ? askTheSystem : lookAt(first.path, first.errno),
		};
	},
});

/** Only the number of CPUs can be missing where it was read. */
const askTheSystem: Remedy = {
	text: "Ask the system by hand: a sandbox around the runner may hide its CPUs.",
	commands: ["nproc", "cat /sys/devices/system/cpu/online"],
	kind: "host",
};

function nameOf({ path, errno }: Unreadable): string {
	return `${code(path)} (${errno === undefined ? "it contains no number" : errnoText(errno)})`;
}
