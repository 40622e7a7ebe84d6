import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { gpuDriver } from "../../../src/checks/gpu/driver.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import { gpuPresence } from "../../../src/checks/gpu/presence.ts";
import { gpuVisibility } from "../../../src/checks/gpu/visibility.ts";

const page = readFileSync(new URL("../../../docs/checks/gpu.md", import.meta.url), "utf8");

it.each([gpuVisibility, gpuDriver, gpuInventory, gpuPresence])(
	"$id: every reason has its section, and no other",
	(check) => {
		const name = check.id.replace("gpu/", "");
		const section = page.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? "";
		const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
		expect(headings).toEqual(Object.keys(check.reasons));
	},
);
