import type { Expectation, Wanted } from "./policy.ts";
import type { PolicyFile } from "./policy-file.ts";
import type { ExpectSource } from "./schema.ts";
import { parseDuration } from "./units.ts";

/** A command that says how a machine is answers in less. */
const usualTimeoutMs = 5000;

/** What a policy file expects of every machine, whatever its profile. */
export function expected(file: PolicyFile | undefined): readonly Expectation[] {
	return Object.entries(file?.source.expect ?? {}).flatMap(([name, entry]): Expectation[] => {
		const wants = wantedBy(entry);
		const { why, fix } = entry;
		if (!wants) return [];
		return [
			{
				name,
				wants,
				...(why !== undefined && { why }),
				...(fix !== undefined && { fix }),
				...(file?.from && { from: file.from }),
			},
		];
	});
}

/** `undefined` if it has no kind; `rejectExpectation` does not let that pass. */
function wantedBy(entry: ExpectSource): Wanted | undefined {
	const { file, env, command, sysctl, platform, type, mode, owner, contains, matches, stdout } = entry;
	const is = entry.is === undefined ? undefined : String(entry.is);
	if (file !== undefined) {
		return {
			kind: "file",
			path: file,
			exists: entry.exists ?? true,
			...(type !== undefined && { type }),
			...(mode !== undefined && { mode: Number.parseInt(mode, 8) }),
			...(owner !== undefined && { owner }),
			...(contains !== undefined && { contains }),
		};
	}
	if (env !== undefined) {
		return {
			kind: "env",
			variable: env,
			set: entry.set ?? true,
			...(is !== undefined && { is }),
			...(matches !== undefined && { matches }),
		};
	}
	if (command !== undefined) {
		const timeoutMs = parseDuration(entry.timeout ?? "") ?? usualTimeoutMs;
		return { kind: "command", command, exit: entry.exit ?? 0, timeoutMs, ...(stdout !== undefined && { stdout }) };
	}
	if (sysctl !== undefined) return { kind: "sysctl", setting: sysctl, ...(is !== undefined && { is }) };
	return platform === undefined ? undefined : { kind: "platform", platform };
}
