/** Builds `dist`: the bundles, the launchers that load them, the licenses of what is bundled, and the docs that `explain` prints. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gzipSync, strToU8 } from "fflate";
import { pageModule } from "./page-plugin.mjs";
import { yamlModule } from "./yaml-plugin.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @actions/core imports its HTTP client (undici: two thirds of a bundle, half of its start) for OIDC, which we never use. */
const sideEffectFree = /^(?:@actions\/|undici$|tunnel$)/;

const plugin = {
	name: "runner-check",
	setup(builder) {
		builder.onLoad({ filter: /\.ya?ml$/ }, ({ path }) => ({ contents: yamlModule(path), loader: "js" }));
		builder.onLoad({ filter: /\/page\.html$/ }, async ({ path }) => ({
			contents: await pageModule(path),
			loader: "js",
		}));
		// These two stay imports: `run.js` is loaded by the launchers, `more.js` by the runs that need it.
		builder.onResolve({ filter: /\/(?:run|more)\.ts$/ }, ({ path, kind }) =>
			kind === "dynamic-import" ? { path: path.replace(/^.*\/(\w+)\.ts$/, "./$1.js"), external: true } : undefined,
		);
		builder.onResolve({ filter: sideEffectFree }, async ({ path, ...options }) => {
			if (options.pluginData === "resolving") return undefined;
			const result = await builder.resolve(path, { ...options, pluginData: "resolving" });
			return { ...result, sideEffects: false };
		});
	},
};

const options = {
	absWorkingDir: root,
	outdir: "dist",
	bundle: true,
	platform: "node",
	format: "cjs",
	// `require` starts faster than Node's loader of ES modules.
	supported: { "dynamic-import": false },
	plugins: [plugin],
	// A release has 2 MB, and every job gets a copy. What is committed is proved by building it again, not by reading it.
	minify: true,
	lineLimit: 500,
	legalComments: "none",
	metafile: true,
	logLevel: "warning",
};

rmSync(`${root}dist`, { recursive: true, force: true });
mkdirSync(`${root}dist`);
const results = await Promise.all([
	build({
		...options,
		target: "node16",
		// esbuild lowers it for the sake of 16.0 to 16.3, which fail at one form of it: `spreadInChain` looks for that.
		supported: { ...options.supported, "optional-chain": true },
		entryPoints: { run: "src/run.ts", more: "src/more.ts", smoke: "src/host/smoke-program.ts" },
	}),
	// An old Node must be able to parse these, and to report that it is too old. esbuild lowers no destructuring, which 6.5 has.
	build({
		...options,
		target: "node6.5",
		entryPoints: {
			main: "src/launch/main.ts",
			post: "src/launch/post.ts",
			cli: "src/launch/cli.ts",
			fleet: "src/launch/fleet.ts",
		},
	}),
]);
/** `a?.b(...c, d)` throws where `a` is null, up to V8 9.0 (v8:11558). */
const spreadInChain = /\?\.[\w$.[\]"]*\([^()]*\.\.\./;
/** V8 keeps a file with any other character in two bytes for each, and parses it 6 % slower. esbuild escapes strings, but not regular expressions. */
for (const name of ["run", "more", "smoke"]) {
	const path = `${root}dist/${name}.js`;
	const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
	const text = readFileSync(path, "utf8").replace(/[^\0-\x7f]/g, escaped);
	const [broken] = spreadInChain.exec(text) ?? [];
	if (broken !== undefined) throw new Error(`${name}.js has ${broken}, at which the first Nodes 16 fail`);
	writeFileSync(path, text);
}
const outputs = results.flatMap(({ metafile }) => Object.entries(metafile.outputs));

/** Packages of which something is in a bundle. */
const bundled = new Set();
for (const [file, { bytes, inputs }] of outputs) {
	const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
	const own = used.filter(([path]) => path.startsWith("src/")).reduce((sum, [, input]) => sum + input.bytesInOutput, 0);
	console.log(`${file}: ${Math.ceil(bytes / 1000)} kB, ${Math.ceil(own / 1000)} kB of it our own`);
	for (const [path] of used) {
		const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
		if (name === "undici" || name === "tunnel")
			throw new Error(`${name} came back into ${file}: it costs 40 ms of every start`);
		if (name !== undefined) bundled.add(name);
	}
}

/** A package with the text of its license. */
function licenseOf(name) {
	const folder = `${root}node_modules/${name}`;
	const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
	const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry));
	if (file === undefined) throw new Error(`${name} is bundled and has no license text`);
	return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
}

const rule = `\n${"-".repeat(80)}\n\n`;
writeFileSync(`${root}dist/licenses.txt`, [...bundled].sort().map(licenseOf).join(rule));

const pages = readdirSync(`${root}docs/checks`)
	.filter((name) => name.endsWith(".md"))
	.sort();
/** A page with the first case of each reason alone: every job gets a copy. */
const withFirstCases = (page) =>
	page
		.split(/^(?=#{2,4} )/m)
		.filter((section, index, sections) => !(section.startsWith("#### ") && sections[index - 1].startsWith("#### ")))
		.join("");
const docs = pages.map((name) => [
	`docs/checks/${name}`,
	withFirstCases(readFileSync(`${root}docs/checks/${name}`, "utf8")),
]);
// A fifth of its size. Not by node:zlib, whose output differs from one Node to the next.
const packed = gzipSync(strToU8(JSON.stringify(Object.fromEntries(docs))), { level: 9, mtime: 0 });
writeFileSync(`${root}dist/docs.json.gz`, packed);
// The bundles are CommonJS although the project is not.
writeFileSync(`${root}dist/package.json`, '{ "type": "commonjs" }\n');
