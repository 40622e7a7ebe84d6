import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** HTML of a job summary, as a forge renders its Markdown. */
export function summaryHtml(markdown: string): string {
	return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

/**
 * Takes a picture of a page. Needs Chromium on the PATH (`apt-get install chromium fonts-noto-color-emoji`).
 * @param template One of the pages next to this file.
 */
export function takePicture(
	template: "summary.html" | "log.html" | "terminal.html",
	body: string,
	output: string,
	width: number,
): void {
	const folder = mkdtempSync(join(tmpdir(), "picture-"));
	try {
		const page = join(folder, "page.html");
		const html = readFileSync(fileURLToPath(new URL(template, import.meta.url)), "utf8");
		writeFileSync(
			page,
			html.replace("<!-- body -->", () => body),
		);
		const height = heightOf(folder, page, width);
		browse(folder, `--screenshot=${resolve(output)}`, `--window-size=${width},${height}`, `file://${page}`);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** A screenshot is as high as its window, so the page is measured first. */
function heightOf(folder: string, page: string, width: number): number {
	const measured = `${page}.measured.html`;
	const script = "<script>document.title = 'height=' + document.documentElement.offsetHeight</script>";
	writeFileSync(measured, readFileSync(page, "utf8") + script);
	const dom = browse(folder, "--dump-dom", `--window-size=${width},600`, `file://${measured}`);
	return Number(/<title>height=(\d+)/.exec(dom)?.[1] ?? 2000);
}

function browse(folder: string, ...args: readonly string[]): string {
	const flags = [
		...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
		...["--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"],
		`--user-data-dir=${join(folder, "profile")}`,
	];
	return execFileSync("chromium", [...flags, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
