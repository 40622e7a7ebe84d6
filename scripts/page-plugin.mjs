import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** Bytes of script, style and markup. */
const maxSize = 40_000;

/**
 * The module that stands for `page.html`: the page before and after its data, with `page.css` and `page.ts` next to it in it. Its
 * policy allows this script and this style by their digests, and nothing else: no request, no other script, no text that becomes HTML.
 */
export async function pageModule(path) {
	const folder = dirname(path);
	const common = { bundle: true, minify: true, write: false, legalComments: "none", logLevel: "warning" };
	const [script, style] = await Promise.all([
		build({ ...common, entryPoints: [join(folder, "page.ts")], format: "iife", target: "es2020" }),
		build({ ...common, entryPoints: [join(folder, "page.css")], target: ["chrome100", "firefox100", "safari15"] }),
	]).then((results) => results.map(({ outputFiles: [file] }) => file.text.trim()));
	if (/<\/(?:script|style)|<!--/i.test(script + style))
		throw new Error(`${path}: its script or style would end its element`);
	const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
	const policy = [
		"default-src 'none'",
		`script-src ${digest(script)}`,
		`style-src ${digest(style)}`,
		"img-src data:",
		"base-uri 'none'",
		"form-action 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	].join("; ");
	const page = replaced(readFileSync(path, "utf8"), {
		'content=""': `content="${policy}"`,
		'<link rel="stylesheet" href="page.css">': `<style>${style}</style>`,
		'<script src="page.ts"></script>': `<script>${script}</script>`,
	});
	if (page.length > maxSize) throw new Error(`${path} has ${page.length} bytes, more than ${maxSize}`);
	const parts = page.split(/(?<=id="data">)null(?=<)/);
	if (parts.length !== 2) throw new Error(`${path} has no place for its data`);
	return `export default ${JSON.stringify(parts)};`;
}

/** Each of these parts must be there once. */
function replaced(text, parts) {
	return Object.entries(parts).reduce((page, [part, content]) => {
		const pieces = page.split(part);
		if (pieces.length !== 2) throw new Error(`the page has ${pieces.length - 1} times ${part}`);
		return pieces.join(content);
	}, text);
}

/** For vitest. */
export const pageForVite = {
	name: "page",
	enforce: "pre",
	load(id) {
		return id.endsWith("/page.html") ? pageModule(id) : undefined;
	},
};
