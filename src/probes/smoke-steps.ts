import { isSwitchedOff } from "../checks/switched-off.ts";
import { isDeadMount } from "../host/dead-mount.ts";
import type { Host, PlacedFile, ReadOutcome, RunOutcome } from "../host/host.ts";
import { messageOf } from "../message-of.ts";
import type { Policy } from "../policy/policy.ts";
import type { Request } from "../request.ts";
import { type SmokePart, smokeParts } from "../smoke/parts.ts";
import { maxOutput, type Sequence, type SmokePlan, type StepEvent } from "../smoke/plan.ts";
import { within } from "./deadline.ts";
import { tempDirectory } from "./paths.ts";
import type { Ask, Probe } from "./probe.ts";
import { dockerPart } from "./smoke-docker.ts";
import { gitPart } from "./smoke-git.ts";
import { gpuPart } from "./smoke-gpu.ts";
import type { PartFacts, Prepared, Preparing, StepFacts } from "./smoke-part.ts";
import { rustPart } from "./smoke-rust.ts";

/** What became of the work that `smoke` did as a job would, by the part that it is of. */
export interface SmokeStepsFacts {
	/** Empty without the input: nothing was started. */
	readonly parts: Readonly<Partial<Record<SmokePart, PartFacts>>>;
	/** What could not be removed. */
	readonly leftBehind?: readonly string[];
}

const prepare: Readonly<Record<SmokePart, (preparing: Preparing) => Promise<Prepared>>> = {
	docker: dockerPart,
	rust: rustPart,
	git: gitPart,
	gpu: gpuPart,
};

/** Parts that are asked for and that a check will judge. */
function partsOf(policy: Policy): readonly SmokePart[] {
	const asked = policy.smoke?.parts ?? [];
	return smokeParts.filter(
		(part) =>
			asked.includes(part) &&
			!isSwitchedOff(`smoke/${part}`, "", policy) &&
			!(part === "docker" && policy.docker.require === "forbidden") &&
			!(part === "gpu" && policy.gpu.require === "forbidden"),
	);
}

/**
 * Does what jobs do, if the input asks for it: in one process of its own, whose group is killed at the deadline, on a signal, and if
 * this process is killed. Directories and containers are removed then too; the last fifth of the probe's time is for that.
 */
export const smokeStepsProbe: Probe<SmokeStepsFacts> = {
	name: "smoke-steps",
	async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<SmokeStepsFacts> {
		const asked = partsOf(request.policy);
		if (asked.length === 0) return { parts: {} };
		const places = new Places(host);
		const id = `${host.pid}-${Math.random().toString(36).slice(2, 12)}`;
		const preparing: Preparing = {
			host,
			request,
			ask,
			id,
			workspace: () => places.make("workspace", request.workspace),
			temp: () => places.make("temp", tempDirectory(host.env)),
		};
		const prepared = new Map<SmokePart, Prepared>();
		let parts: SmokeStepsFacts["parts"] = {};
		let leftBehind: readonly string[] = [];
		try {
			parts = await within(request.timeoutMs * 0.8, signal, async (limited) => {
				await Promise.all(asked.map(async (part) => prepared.set(part, await prepareOne(part, preparing))));
				return runAll(host, request, prepared, limited);
			});
		} finally {
			const removed = [...prepared].map(([part, one]) =>
				one.kind === "ready" ? one.remove?.(parts[part]) : undefined,
			);
			const left = (await Promise.all([...removed, places.remove()])).flat();
			leftBehind = left.filter((one): one is string => one !== undefined);
		}
		return { parts, ...(leftBehind.length > 0 && { leftBehind }) };
	},
};

/** The directories of a run, each made once, when it is first asked for. */
class Places {
	readonly #host: Host;
	readonly #made = new Map<string, Promise<{ readonly path: string; readonly placed: ReadOutcome<PlacedFile> }>>();

	constructor(host: Host) {
		this.#host = host;
	}

	/** @throws if it cannot be made. */
	async make(key: string, parent: string): Promise<string> {
		const known = this.#made.get(key) ?? this.#make(parent);
		this.#made.set(key, known);
		const { path, placed } = await known;
		if (placed.kind === "ok") return `${path}/${placed.value.name}`;
		throw new Error(`no directory can be made in ${path}: ${placed.kind === "absent" ? "ENOENT" : placed.code}`);
	}

	async #make(parent: string) {
		const real = await this.#host.realPath(parent);
		const path = real.kind === "ok" ? real.value : parent;
		return { path, placed: await this.#host.placeDirectory(path) };
	}

	/** @returns what is left. */
	async remove(): Promise<readonly (string | undefined)[]> {
		const made = await Promise.all(this.#made.values());
		return Promise.all(
			made.map(async ({ path, placed }) => {
				if (placed.kind !== "ok") return undefined;
				await placed.value.remove();
				const left = `${path}/${placed.value.name}`;
				return (await this.#host.lstat(left)).kind === "absent" ? undefined : left;
			}),
		);
	}
}

async function prepareOne(part: SmokePart, preparing: Preparing): Promise<Prepared> {
	try {
		return await prepare[part](preparing);
	} catch (error) {
		if (isDeadMount(error)) throw error;
		return { kind: "not-done", message: messageOf(error) };
	}
}

async function runAll(
	host: Host,
	{ trusts }: Request,
	prepared: ReadonlyMap<SmokePart, Prepared>,
	signal: AbortSignal,
): Promise<SmokeStepsFacts["parts"]> {
	const sequences = [...prepared.values()].flatMap((one) => (one.kind === "ready" ? one.sequences : []));
	const plan: SmokePlan = { sequences };
	const outcome: RunOutcome | undefined =
		sequences.length === 0
			? undefined
			: await host.run([host.execPath, host.smokeProgram], {
					signal,
					input: JSON.stringify(plan),
					// JSON writes a control character in six.
					maxOutput: 8 * maxOutput * sequences.reduce((sum, { steps }) => sum + steps.length, 0),
					isTrusted: trusts,
					...(trusts && { cwd: "/" }),
				});
	const events = eventsIn(outcome?.stdout ?? "");
	return Object.fromEntries(
		[...prepared].map(([part, one]): [SmokePart, PartFacts] => {
			if (one.kind !== "ready" || !outcome) return [part, one as PartFacts];
			const steps = one.sequences.flatMap((sequence) => stepsOf(sequence, events, outcome));
			const { subject, leftOut } = one;
			const planned = one.sequences.reduce((sum, sequence) => sum + sequence.steps.length, 0);
			if (steps.length === 0) return [part, { kind: "not-done", message: whyNothing(outcome) }];
			return [
				part,
				{
					kind: "done",
					...(subject !== undefined && { subject }),
					...(leftOut?.length && { leftOut }),
					planned,
					steps,
				},
			];
		}),
	);
}

function eventsIn(stdout: string): readonly StepEvent[] {
	return stdout.split("\n").flatMap((line): StepEvent[] => {
		try {
			return [JSON.parse(line) as StepEvent];
		} catch {
			return []; // the last line of one that was killed
		}
	});
}

function stepsOf({ name, steps }: Sequence, events: readonly StepEvent[], outcome: RunOutcome): readonly StepFacts[] {
	return steps.flatMap((step, index): StepFacts[] => {
		const base = { sequence: name, command: step.shown ?? shown(step.command) };
		const ended = events.find((event) => "ended" in event && event.ended === name && event.step === index);
		if (ended && "ended" in ended) {
			const { code, error, ms, output } = ended;
			if (error !== undefined) return [{ ...base, end: "not-started", output: `${output}${error}`, ms }];
			const text = shortLines(output);
			return typeof code === "number"
				? [{ ...base, end: "exited", code, output: text, ms }]
				: [{ ...base, end: "signalled", output: text, ms }];
		}
		const began = events.some((event) => "began" in event && event.began === name && event.step === index);
		if (outcome.kind !== "timed-out")
			return began ? [{ ...base, end: "not-started", output: whyNothing(outcome) }] : [];
		// Before the first one began, nobody had the time.
		return began || index === 0 ? [{ ...base, end: "hung", output: "" }] : [];
	});
}

/** `/usr/bin/docker run` -> `docker run` */
function shown([program = "", ...args]: readonly string[]): string {
	return [program.slice(program.lastIndexOf("/") + 1), ...args].join(" ").slice(0, 500);
}

/** A linker's command is longer than all that it says. */
function shortLines(text: string): string {
	return text.replace(/^(.{1000}).+$/gm, "$1…");
}

function whyNothing(outcome: RunOutcome): string {
	const said = outcome.stderr.trim().slice(-500);
	switch (outcome.kind) {
		case "not-started":
			return `the process for it did not start: ${outcome.code}`;
		case "signalled":
			return `the process for it was killed by ${outcome.signal}`;
		case "timed-out":
			return "no time was left";
		default:
			return `the process for it ended with exit code ${outcome.code}${said === "" ? "" : `: ${said}`}`;
	}
}
