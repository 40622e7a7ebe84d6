import { expect, it, vi } from "vitest";

it("gives 128 bits that are others in each run", async () => {
	const words = new Set<string>();
	for (let run = 0; run < 20; run++) {
		vi.resetModules();
		const { randomUUID } = await import("../../src/host/random-uuid.ts");
		const word = randomUUID();
		expect(word).toMatch(/^[0-9a-f]{32}$/);
		expect(randomUUID()).toBe(word);
		words.add(word);
	}
	expect(words.size).toBe(20);
});
