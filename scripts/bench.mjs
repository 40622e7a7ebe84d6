/**
 * Measures a whole run of the action with the profile `matric-builder` on this machine, next to what else one could do, and
 * prints a table for docs/performance.md. All of it in one run, taken in turns, since machines are noisy: read the ratios.
 *
 *   [BENCH_AGAINST=DIST] node scripts/bench.mjs [ROUNDS] [FOLDER] [CHECK-NODE-VERSION]
 *
 * FOLDER holds envinfo and check-node-version (or the path of its program is given); otherwise they are installed into one.
 * BENCH_AGAINST names the `dist` of another version to compare with, relative to the repository. `npm run bench` runs this in a
 * healthy job container of a real engine.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const rounds = Number(process.argv[2] ?? 40);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "runner-check-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const peers = process.argv[3] ?? folder;
if (peers === folder)
	execFileSync(
		"npm",
		["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "envinfo", "check-node-version"],
		{ stdio: "inherit" },
	);

const summary = join(folder, "summary.md");
const outputs = join(folder, "outputs.txt");
// NODE_EXTRA_CA_CERTS makes every start of node several times slower, for all of them.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const actionEnv = {
	...env,
	GITHUB_ACTIONS: "true",
	GITEA_ACTIONS: "true",
	GITHUB_WORKSPACE: folder,
	RUNNER_TEMP: folder,
	GITHUB_STEP_SUMMARY: summary,
	GITHUB_OUTPUT: outputs,
	INPUT_PROFILE: "matric-builder",
	"INPUT_FAIL-ON": "never",
};
const guide = "rustc --version; cargo --version; docker --version; node --version; docker info; df -P .";

const subjects = {
	"`node -e 0`": ["node", ["-e", "0"], env],
	"the guide's commands in a shell, `docker info` and `df`": ["sh", ["-c", guide], env],
	"**runner-check, the whole action**": ["node", [join(root, "dist/main.js")], actionEnv],
	...(process.env.BENCH_AGAINST && {
		"the same, of the other version": ["node", [join(root, process.env.BENCH_AGAINST, "main.js")], actionEnv],
	}),
	"its programs and its questions to Docker, without any check": [
		"node",
		[join(root, "scripts/bench-floor.cjs")],
		actionEnv,
	],
	"`envinfo` (system, binaries, Docker, Rust)": [
		"node",
		[join(peers, "node_modules/envinfo/dist/cli.js"), "--system", "--binaries", "--virtualization", "--languages"],
		env,
	],
	"`check-node-version`": [
		"node",
		[process.argv[4] ?? join(peers, "node_modules/check-node-version/bin.js"), "--node", ">=12"],
		env,
	],
};

function measure([program, args, environment]) {
	writeFileSync(summary, "");
	writeFileSync(outputs, "");
	const started = process.hrtime.bigint();
	const { error } = spawnSync(program, args, { env: environment, cwd: folder, stdio: "ignore" });
	if (error) throw error;
	return Number(process.hrtime.bigint() - started) / 1e6;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Peak memory of one run in MB, as the kernel last told it before the end. Without the programs that it starts. */
async function peakMemory([program, args, environment]) {
	const child = spawn(program, args, { env: environment, cwd: folder, stdio: "ignore" });
	let peak = 0;
	while (child.exitCode === null) {
		const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
		peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
	return peak / 1000;
}

const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
for (const subject of Object.values(subjects)) measure(subject);
for (let round = 0; round < rounds; round++)
	for (const [name, subject] of Object.entries(subjects)) times[name].push(measure(subject));

const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
const [bare, shell] = [medians["`node -e 0`"], medians["the guide's commands in a shell, `docker info` and `df`"]];
measure(subjects["**runner-check, the whole action**"]);
const report = JSON.parse(readFileSync(join(folder, "runner-check/report.json"), "utf8"));
const findings = report.results
	.filter(({ status }) => !["pass", "skip"].includes(status))
	.map(({ id, reason }) => `${id}:${reason}`);
console.log(`Verdict of the runs: ${[report.verdict, ...findings].join(", ")}.\n`);
console.log(`Medians of ${rounds} rounds, taken in turns, node ${process.version}:\n`);
console.log("| what | median | × `node -e 0` | × the guide's commands | peak memory |");
console.log("|---|---:|---:|---:|---:|");
for (const [name, subject] of Object.entries(subjects)) {
	const memory = await peakMemory(subject);
	const cells = [
		name,
		`${medians[name].toFixed(0)} ms`,
		(medians[name] / bare).toFixed(2),
		(medians[name] / shell).toFixed(2),
		`${memory.toFixed(0)} MB`,
	];
	console.log(`| ${cells.join(" | ")} |`);
}
const sizes = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".js"));
const sized = sizes.map((name) => `\`${name}\` ${(statSync(join(root, "dist", name)).size / 1000).toFixed(0)} kB`);
console.log(`\nNot minified: ${sized.join(", ")}.`);
