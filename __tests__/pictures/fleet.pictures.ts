import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderFleetPage } from "../../src/fleet/render-page.ts";
import { startBrowser } from "../e2e/support/browser.ts";
import { plausibleFleet } from "../fleet/support/plausible-fleet.ts";

/** The page of a fleet, made of real reports by the program that makes it in reality. */
test.each(["light", "dark"] as const)("fleet, %s", { timeout: 120_000 }, async (colorScheme) => {
	const folder = mkdtempSync(join(tmpdir(), "picture-"));
	const browser = await startBrowser();
	try {
		const file = join(folder, "fleet.html");
		writeFileSync(file, renderFleetPage(plausibleFleet(14, 30)));
		const page = await browser.newPage({ viewport: { width: 1240, height: 800 }, colorScheme });
		await page.goto(`file://${file}`);
		// Either the runners with their history, or one of them with its findings.
		if (colorScheme === "light") await page.locator(".row > summary", { hasText: "gpu-2" }).first().click();
		const picture = await page.screenshot({ path: `docs/images/fleet-${colorScheme}.png` });
		expect(picture.length).toBeLessThan(200_000);
	} finally {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
