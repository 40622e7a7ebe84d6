import { defineConfig } from "vitest/config";

/** `npm run pictures`: takes the README's pictures from real runs in the end-to-end suite's world. */
export default defineConfig({
	test: {
		include: ["__tests__/pictures/**/*.pictures.ts"],
		fileParallelism: false,
		globalSetup: ["__tests__/e2e/support/world.ts"],
	},
});
