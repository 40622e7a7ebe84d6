import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/** UPDATE_GOLDEN=1 writes the files again; read the difference before committing it. */
const update = process.env.UPDATE_GOLDEN === "1";
const folder = new URL("../golden/", import.meta.url);

/** A file of `__tests__/golden` holds this text. */
export function matchesGolden(name: string, text: string): void {
	const file = new URL(name, folder);
	if (update) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(file, text);
	}
	expect(existsSync(file) ? readFileSync(file, "utf8") : "", `golden file ${name}`).toBe(text);
}
