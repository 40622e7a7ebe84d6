import { defineConfig } from "vitest/config";
import { pageForVite } from "./scripts/page-plugin.mjs";
import { yamlForVite } from "./scripts/yaml-plugin.mjs";

export default defineConfig({
	plugins: [yamlForVite, pageForVite],
	test: {
		expect: { requireAssertions: true },
		include: ["__tests__/{e2e,adversarial}/**/*.test.ts"],
		globalSetup: ["__tests__/e2e/support/world.ts"],
		fileParallelism: false, // some tests measure time, and all share one engine
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
