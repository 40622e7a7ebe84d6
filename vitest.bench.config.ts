import { defineConfig } from "vitest/config";

/** `npm run bench`: measures in the end-to-end suite's world. No test: what it prints goes into docs/performance.md. */
export default defineConfig({
	test: {
		include: ["__tests__/bench/**/*.bench.ts"],
		fileParallelism: false, // they measure time
		globalSetup: ["__tests__/e2e/support/world.ts"],
	},
});
