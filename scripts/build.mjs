/** Builds `dist`: the two entries and what they load later, for any Node from 12 on, and the docs that `explain` prints. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { yamlModule } from "./yaml-plugin.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @actions/core imports its HTTP client (undici: two thirds of a bundle, half of its start) for OIDC, which we never use. */
const sideEffectFree = /^(?:@actions\/|undici$|tunnel$)/;

/** What the entries load by a dynamic import: a file of its own, so that both share it and a run pays for what it needs. */
const parts = {
	judge: "src/judge.ts",
	"known-checks": "src/checks/known-checks.ts",
	"rare-checks": "src/checks/rare-checks.ts",
	"auto-profile": "src/policy/auto-profile.ts",
	"policy-file": "src/policy/policy-file.ts",
	"publish-mistakes": "src/publish-mistakes.ts",
	"read-report": "src/cli/read-report.ts",
	semver: "semver",
	yaml: "src/yaml.ts",
};

/**
 * What nothing calls before something is wrong: the words and remedies of findings, and rare formats. A healthy run does not
 * even read them, which saves it 3 ms: in all other files their functions are stubs, and the first call loads `findings.js`.
 */
const findings = [
	"src/checks/docker/cli-remedies.ts",
	"src/checks/docker/socket-remedies.ts",
	"src/checks/network/connection.ts",
	"src/checks/resources/floors.ts",
	"src/checks/resources/remedies.ts",
	"src/checks/resources/writable-remedies.ts",
	"src/checks/toolchain/install.ts",
	"src/render/junit.ts",
	"src/render/prometheus.ts",
	"src/render/summary-finding.ts",
];

/** The name in `findings.js` of such a module: `src_render_junit_ts`. */
const nameIn = (path) => path.replace(/\W/g, "_");

/** Such a module with the same functions, each of which calls the real one. */
function stubsOf(path) {
	const source = readFileSync(`${root}${path}`, "utf8");
	if (/^export (?!function|type|interface)/m.test(source))
		throw new Error(`${path} exports more than functions, so it cannot be loaded later`);
	const names = [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
	return names
		.map(
			(name) =>
				`export function ${name}(...args) { return require("./findings.js").${nameIn(path)}.${name}(...args); }`,
		)
		.join("\n");
}

const stubs = {
	name: "stubs",
	setup(builder) {
		builder.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
			const relative = path.slice(root.length);
			return findings.includes(relative) ? { contents: stubsOf(relative), loader: "js" } : undefined;
		});
		builder.onResolve({ filter: /^\.\/findings\.js$/ }, ({ path }) => ({ path, external: true }));
	},
};

const plugin = {
	name: "runner-check",
	setup(builder) {
		builder.onLoad({ filter: /\.yaml$/ }, ({ path }) => ({ contents: yamlModule(path), loader: "js" }));
		builder.onResolve({ filter: /./ }, ({ path, kind }) => {
			if (kind !== "dynamic-import" || path.startsWith("node:")) return undefined;
			const part = Object.keys(parts).find(
				(name) =>
					path === parts[name] || (path.startsWith(".") && parts[name].endsWith(path.replace(/^(?:\.\.?\/)+/, "/"))),
			);
			if (part === undefined)
				throw new Error(`${path} is imported dynamically and is no part of dist: name it in scripts/build.mjs`);
			return { path: `./${part}.js`, external: true };
		});
		// `node:fs` cannot be required before Node 14.18: the plain name always can.
		builder.onResolve({ filter: /^node:/ }, ({ path }) => ({ path: path.slice("node:".length), external: true }));
		// The package's ES modules can be bundled in parts; what Node would take holds it all.
		builder.onResolve({ filter: /^yaml$/ }, () => ({
			path: `${root}node_modules/yaml/browser/dist/index.js`,
			sideEffects: false,
		}));
		// Details of the platform, which core would find out by running programs; we never ask for them.
		builder.onLoad({ filter: /@actions\/core\/lib\/platform\.js$/ }, () => ({ contents: "" }));
		// Takes 3 ms to load, of which core uses one function.
		builder.onResolve({ filter: /^crypto$/ }, () => ({ path: `${root}src/host/random-uuid.ts` }));
		builder.onResolve({ filter: /^fs$/ }, ({ importer }) =>
			importer.endsWith("@actions/core/lib/summary.js") ? { path: `${root}src/host/summary-fs.ts` } : undefined,
		);
		builder.onResolve({ filter: sideEffectFree }, async ({ path, ...options }) => {
			if (options.pluginData === "resolving") return undefined;
			const result = await builder.resolve(path, { ...options, pluginData: "resolving" });
			return { ...result, sideEffects: false };
		});
	},
};

rmSync(`${root}dist`, { recursive: true, force: true });
mkdirSync(`${root}dist`);
const options = {
	absWorkingDir: root,
	outdir: "dist",
	bundle: true,
	platform: "node",
	format: "cjs",
	target: "node12",
	legalComments: "inline",
	metafile: true,
	logLevel: "warning",
};
const results = await Promise.all([
	build({
		...options,
		entryPoints: { main: "src/main.ts", cli: "src/cli.ts", ...parts },
		plugins: [stubs, plugin],
	}),
	build({
		...options,
		outdir: undefined,
		outfile: "dist/findings.js",
		stdin: {
			contents: findings.map((path) => `export * as ${nameIn(path)} from "./${path}";`).join("\n"),
			resolveDir: root,
		},
		plugins: [plugin],
	}),
]);

const kib = (bytes) => Math.ceil(bytes / 1000);
for (const [file, output] of results.flatMap(({ metafile }) => Object.entries(metafile.outputs))) {
	const inputs = Object.entries(output.inputs);
	const own = inputs
		.filter(([path]) => path.startsWith("src/"))
		.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
	console.log(`${file}: ${kib(output.bytes)} kB, ${kib(own)} kB of it our own`);
	const unwanted = inputs.find(
		([path, { bytesInOutput }]) => bytesInOutput > 0 && /node_modules\/(?:undici|tunnel)\//.test(path),
	);
	if (unwanted) throw new Error(`${unwanted[0]} came back into ${file}: it costs 40 ms of every start`);
}

const pages = readdirSync(`${root}docs/checks`)
	.filter((name) => name.endsWith(".md"))
	.sort();
const docs = pages.map((name) => [`docs/checks/${name}`, readFileSync(`${root}docs/checks/${name}`, "utf8")]);
writeFileSync(`${root}dist/docs.json`, `${JSON.stringify(Object.fromEntries(docs), null, "\t")}\n`);
// The bundles are CommonJS although the project is not.
writeFileSync(`${root}dist/package.json`, '{ "type": "commonjs" }\n');
