import { defineConfig } from "vitest/config";
import { pageForVite } from "./scripts/page-plugin.mjs";
import { yamlForVite } from "./scripts/yaml-plugin.mjs";

/** `npm run pictures`: takes the README's pictures from real runs in the end-to-end suite's world. */
export default defineConfig({
	plugins: [yamlForVite, pageForVite],
	test: {
		include: ["__tests__/pictures/**/*.pictures.ts"],
		fileParallelism: false,
		globalSetup: ["__tests__/e2e/support/world.ts"],
	},
});
