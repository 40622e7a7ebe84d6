import { defineConfig } from "vitest/config";
import { pageForVite } from "./scripts/page-plugin.mjs";
import { yamlForVite } from "./scripts/yaml-plugin.mjs";

export default defineConfig({
	plugins: [yamlForVite, pageForVite],
	test: {
		expect: { requireAssertions: true },
		include: ["__tests__/**/*.test.ts"],
		exclude: ["__tests__/e2e/**", "__tests__/adversarial/**"],
		// Releases and builds of a whole repository are made in hooks.
		testTimeout: 20_000,
		hookTimeout: 60_000,
	},
});
