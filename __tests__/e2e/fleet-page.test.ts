/** The page of the fleet in a real browser, as a file. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderFleetPage, renderReportPage } from "../../src/fleet/render-page.ts";
import { hostileFleet } from "../fleet/support/hostile-fleet.ts";
import { plausibleFleet } from "../fleet/support/plausible-fleet.ts";
import { hostileTexts } from "../render/hostile.ts";
import { startBrowser } from "./support/browser.ts";

const fleet = plausibleFleet(14, 30);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "fleet-page-"));
	browser = await startBrowser();
}, 300_000);
afterAll(async () => {
	await browser.close();
	await rm(folder, { recursive: true, force: true });
});

interface Opened extends AsyncDisposable {
	readonly page: Page;
	readonly url: string;
	/** What the browser complained about, and what it asked for in addition to the file itself. */
	readonly troubles: readonly string[];
}

let files = 0;

/** Opens a page from a file. */
async function open(html: string, options: BrowserContextOptions = {}, hash = ""): Promise<Opened> {
	const file = join(folder, `${++files}.html`);
	await writeFile(file, html);
	const context = await browser.newContext({ viewport: { width: 1240, height: 900 }, ...options });
	const page = await context.newPage();
	const troubles: string[] = [];
	const url = `file://${file}${hash}`;
	page.on("console", (message) => troubles.push(`console: ${message.text()}`));
	page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
	page.on("dialog", (dialog) => troubles.push(`dialog: ${dialog.message()}`));
	page.on("popup", (popup) => troubles.push(`popup: ${popup.url()}`));
	page.on("request", (request) => {
		if (request.url() !== `file://${file}`) troubles.push(`request: ${request.url().slice(0, 200)}`);
	});
	await page.goto(url);
	return { page, url, troubles, [Symbol.asyncDispose]: () => context.close() };
}

/** Opens a page, does something with it, and sees that nothing was asked for and nothing went wrong. */
async function withPage(
	html: string,
	look: (page: Page) => Promise<void>,
	options?: BrowserContextOptions,
	hash?: string,
): Promise<void> {
	const opened = await open(html, options, hash);
	try {
		await look(opened.page);
		expect(opened.troubles).toEqual([]);
	} finally {
		await opened[Symbol.asyncDispose]();
	}
}

const rows = (page: Page) => page.locator(".rows > li:visible");
const row = (page: Page, name: string) =>
	page.locator(".row > summary").filter({ has: page.getByText(name, { exact: true }) });

describe("the page of a fleet", () => {
	const html = renderFleetPage(fleet);

	test("groups runners by label, and tells each one's state in words", () =>
		withPage(html, async (page) => {
			expect(await page.title()).toBe("Runner fleet");
			expect(await page.locator(".group > h2").allInnerTexts()).toEqual([
				expect.stringMatching(/^arm64/),
				expect.stringMatching(/^gpu\s+3 runners, 1 to look at$/),
				expect.stringMatching(/^matric-builder\s/),
				expect.stringMatching(/^titan\s/),
				expect.stringMatching(/^matric-builder-gpu\s+4 runners$/),
			]);
			for (const runner of fleet.runners) {
				const state = runner.status === "reported" ? runner.verdict : runner.status;
				expect(((await row(page, runner.name).textContent()) ?? "").toLowerCase()).toContain(state);
			}
			await page.getByLabel("Group runners").selectOption("state");
			expect(await page.locator(".group > h2").first().innerText()).toMatch(/^Misconfigured/);
			await expect.poll(() => rows(page).count(), { timeout: 5000 }).toBe(fleet.runners.length);
		}));

	test("is filtered by state, by text, and by both", () =>
		withPage(html, async (page) => {
			const shown = page.getByRole("status").first();
			expect(await shown.innerText()).toBe(`All ${fleet.runners.length} runners`);
			await page.getByRole("button", { name: "Silent" }).click();
			expect(await rows(page).allInnerTexts()).toEqual([expect.stringContaining("titan-3")]);
			await page.getByRole("button", { name: "Misconfigured" }).click();
			await expect.poll(() => rows(page).count(), { timeout: 5000 }).toBe(3);
			await page.getByLabel("Filter runners by text").fill("Docker/Socket");
			expect(await shown.innerText()).toBe(`2 of ${fleet.runners.length} runners`);
			await expect.poll(() => page.locator(".group:visible").count(), { timeout: 5000 }).toBe(2);
			await page.getByLabel("Filter runners by text").fill("no such thing");
			await expect.poll(() => rows(page).count(), { timeout: 5000 }).toBe(0);
			await page.keyboard.press("Escape");
			await expect.poll(() => rows(page).count(), { timeout: 5000 }).toBe(3);
		}));

	test("opens a runner with its findings and fixes, and copies a fix", () =>
		withPage(
			html,
			async (page) => {
				await row(page, "gpu-2").click();
				const body = page.locator(".row[open] > .body");
				await expect.poll(() => body.locator(".finding").count(), { timeout: 5000 }).toBe(4);
				expect(await body.innerText()).toContain("Fix it in the image:");
				const block = body.locator(".block").first();
				const [pre, button] = [block.locator("pre"), block.getByRole("button")];
				await button.click();
				await block.getByText("Copied").first().waitFor();
				expect(await page.evaluate("navigator.clipboard.readText()")).toBe(await pre.innerText());
				expect(await body.locator("a").first().getAttribute("href")).toMatch(
					/^https:\/\/github\.com\/fortemi\/runner-check\/.*docs\/checks\//,
				);
				await body.getByText("History: 30 looks").click();
				await expect.poll(() => body.locator(".looks li").count(), { timeout: 5000 }).toBe(30);
			},
			{ permissions: ["clipboard-read", "clipboard-write"] },
		));

	test("selects a fix where there is no clipboard", () =>
		withPage(html, async (page) => {
			await page.evaluate(`Object.defineProperty(navigator, "clipboard", { value: undefined })`);
			await row(page, "gpu-2").click();
			const block = page.locator(".row[open] .block").first();
			await block.getByRole("button").click();
			expect(await page.evaluate("getSelection().toString()")).toBe(await block.locator("pre").innerText());
		}));

	test("needs no mouse", () =>
		withPage(html, async (page) => {
			await page.keyboard.press("/");
			await page.keyboard.type("builder");
			await expect.poll(() => rows(page).count(), { timeout: 5000 }).toBe(8);
			const focused = () =>
				page.evaluate<string | undefined>(`document.activeElement.querySelector(".name")?.textContent`);
			// Buttons and the list of groups come first.
			for (let presses = 0; presses < 12 && (await focused()) === undefined; presses++)
				await page.keyboard.press("Tab");
			const first = await focused();
			expect(first).toMatch(/^builder-/);
			await page.keyboard.press("ArrowDown");
			expect(await focused()).not.toBe(first);
			await page.keyboard.press("End");
			expect(await focused()).toMatch(/^builder-gpu-4/);
			await page.keyboard.press("Home");
			expect(await focused()).toBe(first);
			await page.keyboard.press("Enter");
			await expect.poll(() => page.locator(".row[open]").count(), { timeout: 5000 }).toBe(1);
			await page.keyboard.press("Space");
			await expect.poll(() => page.locator(".row[open]").count(), { timeout: 5000 }).toBe(0);
		}));

	test("shows history as a picture that a screen reader tells", () =>
		withPage(html, async (page) => {
			const strip = row(page, "gpu-2").getByRole("img");
			expect(await strip.getAttribute("aria-label")).toBe("The last 25 looks: 24 healthy, 1 misconfigured");
			const size =
				"const { width, height } = document.querySelector('.row:not([open]) .strip').getBBox(); [width, height]";
			expect(await page.evaluate(size)).toEqual([99, expect.any(Number)]);
		}));

	test("leads from drift and changes to the runner, and from an address", () =>
		withPage(
			html,
			async (page) => {
				expect(await page.locator(".row[open] .name").innerText()).toMatch(/^gpu-2/);
				const drift = page.locator(".card").filter({ hasText: "Drift" });
				expect(await drift.innerText()).toMatch(
					/tool\/rustc of gpu since 23 Nov\s+1\.92\.0\s+2\s+1\.91\.0\s+1\s+gpu-1/,
				);
				await drift.getByRole("button", { name: "gpu-1" }).first().click();
				expect(await rows(page).allInnerTexts()).toEqual(expect.arrayContaining([expect.stringContaining("gpu-1")]));
				await row(page, "gpu-1").first().click();
				await expect
					.poll(() => page.locator(".row[open] >> text=differs: 2 have 1.92.0").count(), { timeout: 5000 })
					.toBe(2);
			},
			{},
			"#gpu-2",
		));
});

describe.each(["light", "dark"] as const)("axe-core, %s", (colorScheme) => {
	const pages = {
		"a fleet": renderFleetPage(fleet),
		"a report": renderReportPage(JSON.parse(readFileSync("__tests__/fixtures/reports/broken-container.json", "utf8"))),
	};

	test.each(Object.entries(pages))("%s has no violation", (_, html) =>
		withPage(
			html,
			async (page) => {
				if ((await page.locator(".row[open]").count()) === 0) await row(page, "gpu-2").click();
				for (const summary of await page.locator(".row[open] .fold > summary").all()) await summary.click();
				await page.evaluate(axe);
				const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
				expect(
					violations.map(
						({ id, nodes }) =>
							`${id}: ${nodes
								.map(({ html }) => html)
								.slice(0, 3)
								.join(" ")}`,
					),
				).toEqual([]);
				expect(passes.map(({ id }) => id)).toContain("color-contrast");
			},
			{ colorScheme },
		),
	);
});

interface AxeResults {
	readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
	readonly passes: readonly { readonly id: string }[];
}

test("a phone needs no sideways scrolling, also with long words", () =>
	Promise.all(
		[renderFleetPage(fleet), renderFleetPage(hostileFleet("x".repeat(500)))].map((html) =>
			withPage(
				html,
				async (page) => {
					await page.locator(".row > summary").first().click();
					const width = await page.evaluate(
						"Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)",
					);
					expect(width).toBe(360);
				},
				{ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
			),
		),
	));

test("1,000 runners can be filtered in less than a second after the page was asked for", {
	timeout: 120_000,
}, async () => {
	const large = plausibleFleet(1000, 30);
	expect(large.runners.length).toBeGreaterThanOrEqual(1000);
	await withPage(renderFleetPage(large), async (page) => {
		const times: number[] = [];
		// Others may use this machine: the best of several tries tells what the page needs.
		for (let tries = 0; tries < 6; tries++) {
			const begun = performance.now();
			await page.goto(page.url());
			await page.getByLabel("Filter runners by text").fill("gpu-1");
			expect(await page.locator(".shown").innerText()).toMatch(/^\d+ of 1001 runners$/);
			times.push(performance.now() - begun);
		}
		expect(Math.min(...times)).toBeLessThan(1000);
	});
});

const attacks: Readonly<Record<string, string>> = {
	...Object.fromEntries(Object.entries(hostileTexts).filter(([, text]) => text.length < 20_000)),
	"script that tells": "</script><script>window.__pwned = 1</script>",
	"handlers that tell": `"><img src=x onerror="window.__pwned = 1"><svg onload="window.__pwned = 1"><details open ontoggle="window.__pwned = 1">`,
	"link that tells": "javascript:window.__pwned = 1",
	"request that tells":
		"<link rel=stylesheet href=https://canary.example/><iframe src=https://canary.example></iframe>",
	"end of a comment": "<!--<script>",
};

test("no text becomes an element, a request or a script", { timeout: 180_000 }, async () => {
	const seen = `({
		pwned: window.__pwned,
		elements: document.querySelectorAll("script, iframe, img, object, embed, form, base, link, style, meta").length,
		handlers: [...document.querySelectorAll("*")].filter((e) => e.getAttributeNames().some((n) => n.startsWith("on"))).length,
		links: [...document.querySelectorAll("a")].map((a) => a.protocol).filter((p) => !/^https?:$/.test(p)),
	})`;
	for (const [name, text] of Object.entries(attacks)) {
		await withPage(renderFleetPage(hostileFleet(text)), async (page) => {
			for (const summary of await page.locator("summary").all()) await summary.evaluate((element) => element.click());
			for (const summary of await page.locator(".fold > summary").all())
				await summary.evaluate((element) => element.click());
			await page.waitForTimeout(20);
			// Two scripts, a style, an icon, and six of `meta`: those of the template.
			expect(await page.evaluate(seen), name).toEqual({ pwned: undefined, elements: 10, handlers: 0, links: [] });
			expect(await page.locator(".row").count(), name).toBe(3);
		});
	}
});
