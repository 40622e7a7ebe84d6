/**
 * Takes a picture of a job summary as a forge shows it.
 *
 *   node scripts/screenshot.mjs SUMMARY.md PICTURE.png [--open] [--width 1060]
 *
 * `--open` unfolds what is folded. Needs Chromium on the PATH (`apt-get install chromium fonts-noto-color-emoji`).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { open: { type: "boolean", default: false }, width: { type: "string", default: "1060" } },
});
const [input, output] = positionals;
if (!input || !output) {
	console.error("usage: node scripts/screenshot.mjs SUMMARY.md PICTURE.png [--open] [--width 1060]");
	process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "summary-"));
try {
	const page = join(folder, "page.html");
	writeFileSync(page, pageOf(readFileSync(input, "utf8")));
	const height = heightOf(page);
	browse(`--screenshot=${resolve(output)}`, `--window-size=${values.width},${height}`, `file://${page}`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function pageOf(markdown) {
	const body = micromark(markdown, {
		extensions: [gfm()],
		htmlExtensions: [gfmHtml()],
		allowDangerousHtml: true,
	});
	const template = readFileSync(new URL("screenshot.html", import.meta.url), "utf8");
	const shown = values.open ? body.replaceAll("<details>", "<details open>") : body;
	return template.replace("<!-- summary -->", () => shown);
}

/** A screenshot is as high as its window, so the page is asked first how high it wants to be. */
function heightOf(page) {
	const measuring = `${page}.measure.html`;
	const script = "<script>document.title = 'height=' + document.documentElement.offsetHeight</script>";
	writeFileSync(measuring, readFileSync(page, "utf8") + script);
	const dom = browse("--dump-dom", `--window-size=${values.width},600`, `file://${measuring}`);
	return Number(/<title>height=(\d+)/.exec(dom)?.[1] ?? 2000);
}

function browse(...args) {
	const flags = [
		"--headless",
		"--no-sandbox",
		"--disable-gpu",
		"--disable-quic",
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--hide-scrollbars",
		`--user-data-dir=${join(folder, "profile")}`,
	];
	return execFileSync("chromium", [...flags, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
