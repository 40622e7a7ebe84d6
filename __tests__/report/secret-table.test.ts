import { describe, expect, it } from "vitest";
import { nameRules } from "../../src/knowledge/secret-names.ts";
import { contextShapes, tokenShapes } from "../../src/knowledge/secret-shapes.ts";
import { runLint } from "../../src/lint/lint-command.ts";
import { createRedactor } from "../../src/report/redact.ts";
import { isSecretName } from "../../src/report/secret-names.ts";
import { createConfigHost } from "../lint/support/lint.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { encodings, exampleOf, hiddenPartsOf } from "../support/secret-examples.ts";

const shapes = [...tokenShapes, ...contextShapes];
const { text } = createRedactor({});

/** The lint of a configuration that has a text in a comment and in an option, next to a problem. */
async function lintOf(example: string, format: "text" | "json"): Promise<string> {
	const line = example.replace(/\s+/g, " ");
	const config = `container:\n  options: --bogus # ${line}\nrunner:\n  # ${line}\n  capacity: x # ${line}\n  timeout: ${JSON.stringify(`3h ${line}`)}\n`;
	const host = createConfigHost({ "config.yaml": config, "other.yaml": `runner:\n  capacity: x # ${line}\n` });
	const options = { failOn: "fail", color: false, unicode: true, annotate: true, width: 100 } as const;
	const { signal } = new AbortController();
	const files = ["config.yaml", "other.yaml"];
	return (await runLint(host, { ...options, signal, files, format })).text;
}

describe.each(shapes)("$what", ({ hidden, shown = [] }) => {
	it.each(hidden)(
		"%s is hidden in texts, in the lint, and in every encoding once it is in the environment",
		async (form) => {
			const example = exampleOf(form);
			const parts = hiddenPartsOf(form);
			expect(parts.length).toBeGreaterThan(0);
			const outputs = [
				text(example),
				text(`said ${example} here`),
				text(`a\n${example}\nb`),
				text(JSON.stringify({ said: example })),
				await lintOf(example, "text"),
				await lintOf(example, "json"),
			];
			for (const output of outputs) for (const part of parts) expect(output).not.toContain(part);

			const known = createRedactor({ SOME_SETTING: example });
			for (const [name, encode] of Object.entries(encodings)) {
				const encoded = known.text(`x ${encode(example)} y`);
				expect(encoded, name).toContain("***");
				for (const part of parts.filter(({ length }) => length >= 8)) expect(encoded, name).not.toContain(encode(part));
			}
		},
	);

	it.each(shown)("%s stays", async (form) => {
		const example = exampleOf(form);
		expect(text(example)).toBe(example);
		expect(text(`said ${example} here`)).toBe(`said ${example} here`);
		expect(await lintOf(example, "text")).toContain(JSON.stringify(example.replace(/\s+/g, " ")).slice(1, -1));
	});
});

describe.each(nameRules)("$what, by name", ({ hidden, shown }) => {
	const value = exampleOf("{a12}");
	it.each(hidden)("%s hides its value in the environment, in texts and in the lint", async (name) => {
		expect(isSecretName(name)).toBe(true);
		const { text: knowing } = createRedactor({ [name]: value });
		expect(knowing(`said ${value}!`)).toBe("said ***!");
		expect(createRedactor({ [name]: "x7Qz" }).text("said x7Qz!")).toBe("said ***!");
		for (const written of [
			`${name}=${value}`,
			`${name}: ${value}`,
			`"${name}": "${value}"`,
			`{\\"${name}\\":\\"${value}\\"}`,
			`--${name} ${value}`,
			`--${name}=${value}`,
			`https://x.example/?a=b&${name}=${value}&c=d`,
			`Server=db;${name}=${value};Port=1`,
			`${name}='${value}'`,
			`${name} = ${value}`,
		]) {
			expect(text(written), written).not.toContain(value);
			expect(await lintOf(written, "text"), written).not.toContain(value);
		}
	});

	it.each(shown)("%s does not", async (name) => {
		expect(isSecretName(name)).toBe(false);
		expect(createRedactor({ [name]: value }).text(`said ${value}`)).toBe(`said ${value}`);
		expect(text(`${name}=${value}`)).toBe(`${name}=${value}`);
	});
});

describe("a short or common value", () => {
	it.each(["true", "none", "root", "main", "1234", "null", "docker", "runner", "host", "8080", "yes", "False", "NONE"])(
		"%s under the name of a password blots out nothing",
		(value) => {
			const said = `it is ${value}, and ${value} again: /srv/${value}/x`;
			expect(createRedactor({ DB_PASSWORD: value, API_TOKEN: value }).text(said)).toBe(said);
		},
	);

	it("that everybody may see blots out nothing", () => {
		const env = { DB_PASSWORD: "titan", GITHUB_REPOSITORY: "titan/widgets", ADMIN_PASS: "joeuser", USER: "joeuser" };
		expect(createRedactor(env).text("joeuser on titan")).toBe("joeuser on titan");
	});

	it.each([
		["blue", "blue sky, 'blue' and =blue", "*** sky, '***' and =***"],
		["blue", "blueprint, /home/blue/x, blue-green, bluefin.example, blue.example", undefined],
		["x7Qz", "x7Qz, (x7Qz) and a-x7Qz", "***, (***) and a-***"],
		["x7Qz", "ax7Qzb and x7Qz9", undefined],
		["481516", "code 481516.", "code ***."],
		["481516", "1481516 and 4815162", undefined],
	])("%s is hidden where nothing continues it: %s", (value, said, shown) => {
		expect(createRedactor({ DB_PASSWORD: value }).text(said)).toBe(shown ?? said);
	});

	it("that is a word of ours changes no fact", () => {
		const { deep } = createRedactor({ DB_PASSWORD: "answered", ROOT_PASSWORD: "kelvin" });
		const facts = { answered: 1, answer: { kind: "answered", stdout: "answered", kelvin: "kelvin" } };
		expect(deep(facts)).toEqual({ answered: 1, answer: { kind: "answered", stdout: "***", kelvin: "kelvin" } });
	});
});

it("what a variable of any name says is a secret is one everywhere", () => {
	const env = {
		JAVA_TOOL_OPTIONS: "-Dx=1 -Djavax.net.ssl.trustStorePassword=Canary-java-1",
		OTEL_EXPORTER_OTLP_HEADERS: "x-team=a,api-key=Canary-otel-2",
		DATABASE: "Server=db;User Id=joe;Password=Canary-dsn-3;",
		SETTINGS: '{"user":"joe","password":"Canary-json-4"}',
		HEADERS: "Authorization: Bearer Canary-header-5-5f2c9e71",
		INDEX: "https://pypi.example/simple?token=Canary-query-6",
	};
	const said = "Canary-java-1 Canary-otel-2 Canary-dsn-3 Canary-json-4 Canary-header-5-5f2c9e71 Canary-query-6";
	expect(createRedactor(env).text(said)).toBe("*** *** *** *** *** ***");
});

it("every pattern is linear", async () => {
	const units = [
		"-u a:",
		"sshpass -p ",
		"mysql ",
		"login x password ",
		"<password>",
		"$6$",
		"$6$a$",
		"password '",
		"cookie: ",
	];
	const long = [
		"eyJaaaaaaaa.",
		"sk-",
		"https://hooks.slack.com/services/",
		"password=",
		"--token ",
		"x=",
		"aaaa-",
		"a.b:",
		"'a",
	];
	for (const unit of [...units, ...long, "Private-Lines: 1\n", "A3-", "[M", "0123456789:", "SG.", "a".repeat(80)]) {
		const ms = await cpuTime(() => createRedactor({}).whole(unit.repeat(Math.ceil(300_000 / unit.length))));
		expect(ms, unit).toBeLessThan(2000);
	}
});
