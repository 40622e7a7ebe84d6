import { own } from "../own.ts";
import file from "./create-flags.json" with { type: "json" };

/** An option of `docker create`. `create-flags.schema.json` describes the fields. */
export interface CreateFlag {
	readonly type: "flag" | "text" | "number" | "bytes" | "duration";
	readonly short?: string;
	readonly since?: string;
	readonly reachesHost?: true;
	readonly pattern?: string;
	readonly ignoreCase?: true;
	readonly expected?: string;
	readonly example?: string;
	readonly wrong?: string;
}

/** Long name without dashes -> what is known about the flag. A test validates the file against its schema. */
export const createFlags = file.flags as unknown as Readonly<Record<string, CreateFlag>>;

const names: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(createFlags).flatMap(([name, { short }]) => (short ? [[short, name]] : [])),
);

/** The long name of a one-letter option. */
export function longName(letter: string): string | undefined {
	return own(names, letter);
}
