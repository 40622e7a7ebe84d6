import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graceMs, outcomeOf, reportIn, run } from "./support/run.ts";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "deadline-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = [process.execPath, resolve("dist/cli.js")];
const generic = ["--profile", "generic", "--format", "json", "--fail-on", "never"];

describe("a dead DNS search domain", () => {
	it("costs one deadline, although nothing can end the system's own lookup", async () => {
		const resolvConf = join(folder, "resolv.conf");
		writeFileSync(resolvConf, "nameserver 127.0.0.1\nsearch dead.example dead2.example\n");
		const script = [
			"ip link set lo up",
			`mount --bind ${resolvConf} /etc/resolv.conf`,
			`"$0" ${resolve("__tests__/adversarial/support/slow-nameserver.mjs")} > ${folder}/up & server=$!`,
			`until [ -s ${folder}/up ]; do sleep 0.05; done`,
			'start=$(date +%s%N); "$@"; echo "took $(( ($(date +%s%N) - start) / 1000000 ))" >&2',
			"kill $server",
		].join("\n");
		const registries = ["--registries", "[registry.corp.example]"];
		const services = ["--services", '[{ name: s, url: "http://service.corp.example/" }]'];
		const words = [...cli, ...generic, "--timeout", "2s", ...registries, ...services];
		const namespaces = ["unshare", "--net", "--mount", "--propagation", "private"];
		const ended = await run([...namespaces, "sh", "-c", script, process.execPath, ...words]);
		const took = Number(/took (\d+)/.exec(ended.stderr)?.[1]);
		console.log(`dead search domain, timeout 2 s: ended after ${took} ms`);
		expect(took).toBeLessThan(2000 + graceMs);
		const report = reportIn(ended);
		expect(outcomeOf(report, "registry/registry.corp.example")).toBe("fail:timeout");
		expect(outcomeOf(report, "service/s")).toBe("fail:timeout");
	});
});

describe("100,000 workflows", () => {
	const workspace = () => join(folder, "workflows");
	beforeAll(() => {
		const directory = join(workspace(), ".gitea/workflows");
		mkdirSync(directory, { recursive: true });
		for (let index = 0; index < 100_000; index++) {
			const text = `name: w${index}\non: push\njobs:\n  build:\n    runs-on: titan\n    steps:\n      - run: make\n`;
			writeFileSync(join(directory, `w${index}.yml`), text);
		}
	});

	const inJob = { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", GITHUB_JOB: "build", GITHUB_WORKFLOW: "none" };

	it("cost `profile: auto` one deadline, and decide nothing", async () => {
		const env = { ...inJob, GITHUB_WORKSPACE: workspace() };
		const words = [...cli, "--format", "json", "--fail-on", "never", "--timeout", "2s"];
		const ended = await run(words, { env, cwd: workspace() });
		console.log(`100,000 workflows, timeout 2 s: ended after ${Math.round(ended.ms)} ms`);
		expect(ended.ms).toBeLessThan(2000 + graceMs);
		expect(reportIn(ended).profile.decided_by).toBe("environment");
	});
});

describe("a clock that is set back while a run looks", () => {
	it("gives no duration below zero", async () => {
		const shift = join(folder, "shift.cjs");
		// An hour back at every look.
		writeFileSync(
			shift,
			`const RealDate = Date; let back = 0;
			const early = () => RealDate.prototype.getTime.call(new RealDate()) - 3_600_000 * back++;
			globalThis.Date = class extends RealDate {
				constructor(...given) { given.length === 0 ? super(early()) : super(...given); }
				static now() { return early(); }
			};`,
		);
		const services = ["--services", '[{ name: s, url: "http://127.0.0.1:9/" }]'];
		const words = [process.execPath, "--require", shift, resolve("dist/cli.js"), ...generic, ...services];
		const report = reportIn(await run([...words, "--tools", "git: '*'"]));
		const negative = (value: unknown): readonly string[] =>
			typeof value !== "object" || value === null
				? []
				: Object.entries(value).flatMap(([key, inner]) =>
						/^(?:ms|duration_ms)$/.test(key) && !(Number(inner) >= 0) ? [`${key}: ${inner}`] : negative(inner),
					);
		expect(negative(report)).toEqual([]);
		expect(report.duration_ms).toBeLessThan(60_000);
		expect(report.facts["tool:git"]?.ms).toBeGreaterThan(0);
	});
});
