import { describe, expect, test } from "vitest";
import { runLint } from "../../src/lint/lint-command.ts";
import { runnerConfigProbe } from "../../src/lint/read/config-probe.ts";
import { collect, createRequest } from "../support/builders.ts";
import { createConfigHost } from "./support/lint.ts";

/** A word that must never be shown. Each place has its own, so that a failure names the place. */
const canary = (place: string): string => `Canary${place}9x7Zq`;

const config = `
runner:
  file: .runnerx
  envs:
    PLAIN: ${canary("Plain")}
    QUOTED: "${canary("Quoted")}"
    FOLDED: >-
      ${canary("Folded")}
      more ${canary("FoldedTwo")}
    LITERAL: |
      ${canary("Literal")}
    ESCAPED: "\\u0043${canary("Escaped")}"
    NESTED:
      DEEP: ${canary("Nested")}
    LIST: [${canary("List")}]
  labels:
    - "builder:docker://robot:${canary("Registry")}@ghcr.io/team/builder:1"
    - "5fG8kLq2Zp0sWv7YtR3nXc1Bm9Hd4JaEuKoP6iQz:host"
    - "x:dokcer://https://user:${canary("LabelUrl")}@ghcr.io/x"
  token: ${canary("Unknown")}
  external_secret: ${canary("Misplaced")}
  externalsecret: ${canary("Misspelt")}
  capacity: zero
runnr:
  envs:
    A: ${canary("Section")}
cache:
  external_server: http://user:${canary("CacheUrl")}@cache.example/
  external_secret: ${canary("Cache")}
container:
  docker_host: tcp://user:${canary("DockerHost")}@docker.example:2375
  options: |
    -e TOKEN=${canary("Option")} --env "SPACED=a ${canary("Spaced")}"
    --env=EQUALS='${canary("Equals")}'
    -v /srv/x:/x
    --unknown
`;

const registration = `{
  "id": 3,
  "uuid": "5a9d9c3e",
  "token": "${canary("Registration")}",
  "address": "https://user:${canary("Address")}@git.example.com",
  "labels": ["titan :host"]
}`;

const unit = `[Unit]
Description=x
[Service]
ExecStart=/usr/local/bin/gitea-runner daemon --token ${canary("Argument")}
Environment=TOKEN=${canary("Environment")} "OTHER=a ${canary("EnvironmentTwo")}" PATH=/bin
Environment='THIRD=${canary("EnvironmentThree")} b'
User=runner
Restart=no
`;

/** The same, broken, so that their structure is unknown. */
const broken: Readonly<Record<string, string>> = {
	"config.yaml": `runner:\n  envs:\n    TOKEN: ${canary("BrokenOne")}\n    - ${canary("BrokenTwo")} [\n`,
	"tabbed.yaml": `runner:\n  envs:\n\t  TOKEN: ${canary("Tabbed")}\n`,
	"quote.yaml": `cache:\n  external_secret: "${canary("Unclosed")}\n  host: x\n`,
	"bracket.yaml": `cache: {external_secret: ${canary("Flow")}\n`,
	".runner": `{"id": 3, "token": "${canary("BrokenToken")}" "labels": []}`,
	"gitea-runner.service": `[Service]\nEnvironment=A=${canary("UnitOne")}\n${canary("UnitTwo")}\n`,
};

const options = {
	failOn: "fail",
	color: false,
	unicode: true,
	annotate: true,
	width: 100,
	signal: new AbortController().signal,
} as const;

describe("secrets", () => {
	test("that are the default of a placeholder are not shown, not even their signs", async () => {
		const text = "runner:\n  file: ${A:-/x/!#$&}\n  timeout: ${B}\n  capacity: ${C}\n";
		const found = await runLint(createConfigHost({ "config.yaml": text }), {
			...options,
			files: ["config.yaml"],
			format: "json",
		});
		expect(found.text).toContain("${ … }");
		expect(found.text).not.toContain("!#");
	});
	const files = { "config.yaml": config, ".runner": registration, "gitea-runner.service": unit };
	for (const format of ["text", "json"] as const) {
		test(`of whole files are not in the ${format} of the lint`, async () => {
			const outcome = await runLint(createConfigHost(files), { ...options, files: Object.keys(files), format });
			expect(outcome.results.length).toBeGreaterThan(8);
			expect(outcome.text).not.toMatch(/Canary|5fG8kLq2/);
		});
		test.for(Object.entries(broken))(
			`of broken files are not in the ${format} of the lint: %s`,
			async ([name, text]) => {
				const outcome = await runLint(createConfigHost({ [name]: text }), { ...options, files: [name], format });
				expect(outcome.text).toMatch(/config\/syntax|ignored-line/);
				expect(outcome.text).not.toMatch(/Canary/);
			},
		);
	}

	/** Files with a problem and a secret on one line. `shown`: what must stay visible. */
	const lines: readonly (readonly [file: string, text: string, shown: string])[] = [
		[
			".runner",
			`{"id":1,"uuid":"${canary("Uuid")}","token":"${canary("OneLine")}","address":"http://${canary("Host")}","labels":["gpu:docker://img","b:host "]}`,
			'"gpu:docker://img"',
		],
		[".runner", `{\n"id": 1, "token": "${canary("Joined")}", "labels": ["b:host "],\n"address": "x"}`, '"b:host "'],
		[".runner", `{"id": 1, "labels": ["b\\u003ahost "], "token": "b:host ${canary("Escape")}"}`, "labels"],
		["config.yaml", `container:\n  options: --log-opt splunk-token=${canary("LogOpt")} --bogus`, "splunk-token="],
		[
			"config.yaml",
			`container:\n  options: --mount type=volume,target=/x,volume-opt=o=username=u,password=${canary("Mount")} --bogus`,
			"target=/x",
		],
		[
			"config.yaml",
			`container:\n  options: --health-cmd "curl -u joe:${canary("Health")} http://x" --bogus`,
			"--bogus",
		],
		["config.yaml", `container:\n  options: --health-cmd=${canary("HealthIs")} --bogus`, "--health-cmd="],
		["config.yaml", `container:\n  options: --label "x=curl -u joe:${canary("Curl")} http://x" --bogus`, "--bogus"],
		["config.yaml", `container:\n  options: --health-cmd curl -u joe:${canary("Unquoted")} --bogus`, "--bogus"],
		["config.yaml", `container:\n  options: -e NVIDIA_TOKEN=${canary("Nvidia")} --bogus`, "NVIDIA_TOKEN="],
		["config.yaml", `container:\n  options: |\n    -e "PW=a \\"${canary("Quote")}\\" x" --bogus`, "--bogus"],
		["config.yaml", `container:\n  options: "-e \\"PW=a ${canary("YamlQuote")}\\" --bogus"`, "options:"],
		["config.yaml", `container:\n  options: '-e A=''${canary("Single")}'' --bogus'`, "options:"],
		["config.yaml", `container:\n  options: -itePLAIN=${canary("Cluster")} --bogus`, "PLAIN="],
		["config.yaml", `container:\n  options: --envs lower=${canary("Envs")}`, "lower="],
		["config.yaml", `container:\n  options: -xe lower=${canary("UnknownCluster")}`, "lower="],
		["config.yaml", `container:\n  options: --bogus -env PLAIN=${canary("OneDash")}`, "PLAIN="],
		["config.yaml", `container:\n  options: -e 'lower=a ${canary("Open")} b --x ${canary("OpenTwo")}`, "lower="],
		["config.yaml", `container:\n  options: -v 'x:/x -e lower=${canary("OpenBefore")}`, "x:/x"],
		["config.yaml", `container:\n  options: --bogus http://x/y?sig=${canary("Query")}`, "http://x/y?"],
		["config.yaml", `container:\n  options: --bogus http://joe:${canary("At")}@${canary("AtTwo")}@x/`, "@x/"],
		["config.yaml", `container:\n  options: --bogus http://joe:${canary("Slash")}/${canary("SlashTwo")}@x/`, "@x/"],
		["config.yaml", `container:\n  options: --bogus --registry-token ${canary("Flag")}`, "--registry-token"],
		["config.yaml", `container:\n  options: '--bogus -H "Authorization: token ${canary("Header")}"'`, "Authorization:"],
		["config.yaml", `container:\n  options: |\n    --bogus Authorization: Basic ${canary("Basic")}`, "Authorization:"],
		["config.yaml", `container:\n  options: --bogus -H X-Api-Key:${canary("Colon")}`, "X-Api-Key:"],
		["config.yaml", `runner:\n  capacity: zero # it is ${canary("AnyComment")}`, "capacity: zero #"],
		["config.yaml", `container:\n  docker_host: joe:${canary("NoScheme")}@dind:2375`, "@dind:2375"],
		["config.yaml", `password: &pw ${canary("Alias")}\nrunner:\n  capacity: *pw`, "password: "],
		["config.yaml", `cache:\n  external_secret: &pw ${canary("SecretAlias")}\nlog:\n  level: *pw`, "log.level"],
		["config.yaml", `log:\n  level: &pw ${canary("LateAlias")}\ncache:\n  external_secret: *pw`, "log.level"],
		["config.yaml", `runner:\n  envs: {A: &pw ${canary("EnvAlias")}}\ncontainer:\n  docker_host: *pw`, "docker_host"],
		["config.yaml", `container:\n  options: --bogus # password: ${canary("Comment")}`, "--bogus"],
		["config.yaml", `container:\n  Options: -e lower=${canary("Capital")}`, "lower="],
		["config.yaml", `container:\n  option: -e lower=${canary("Misspelt")}`, "lower="],
		["config.yaml", `container:\n  options: ["-e", "lower=${canary("List")}", "--bogus"]`, "lower="],
		["config.yaml", `"--env TOKEN=${canary("Key")}": 1\nrunner: { capacity: 1 }`, "TOKEN="],
		["config.yaml", `runner: {envs: {A: "x \\u0043${canary("Escaped")}"}, timeout: 50%}`, "envs"],
		["config.yaml", `runner: {envs: {A: "x\n  ${canary("Second")}"}, timeout: 50%}`, "timeout: 50%"],
		["config.yaml", `# x\r# y\nrunner:\n  envs:\n    A: ${canary("Return")}\n  timeout: 50%`, "timeout: 50%"],
		["cache-secret", `${canary("WholeFile")}\n`, "contains a string"],
		[".env", `FOO=1\nbar=${canary("Variable")}\n`, "a file of environment variables"],
		["config.yaml", `- ${canary("Item")}\n`, "contains a list"],
		["config.yaml", `cache: ${canary("Section")}\n`, "it is a string"],
		["config.yaml", `cache: [${canary("SectionList")}]\n`, "it is a list"],
		["config.yaml", `runner: {envs: {A: !${canary("Tag")} x}, timeout: 50%}`, "timeout: 50%"],
		["config.yaml", `runner: {envs: {A: &${canary("Anchor")} x}, timeout: 50%}`, "timeout: 50%"],
		["config.yaml", `container:\n  options: --bogus -e 😀😀😀😀😀😀=${canary("Wide")}`, "--bogus"],
		["config.yaml", `runner: {\n  capacity: 1, envs: {A: ${canary("BrokenFlow")}\n`, "runner"],
		["gitea-runner.service", `FOO=${canary("NoSection")}`, "FOO="],
		[
			"gitea-runner.service",
			`[Service]\nExecStart=/x/gitea-runner daemon -H "Authorization: token ${canary("Exec")}" TOKEN=${canary("ExecTwo")}\nRestart=always`,
			"ExecStart=/x/gitea-runner daemon",
		],
	];
	for (const format of ["text", "json"] as const) {
		test.for(lines)(`next to a problem in %s are not in the ${format}: %s`, async ([name, text, shown]) => {
			const outcome = await runLint(createConfigHost({ [name]: text }), { ...options, files: [name], format });
			expect(outcome.results.length).toBeGreaterThan(0);
			expect(outcome.text).not.toMatch(/Canary/);
			if (format === "text") expect(outcome.text).toContain(shown);
		});
	}

	test.for([
		["gitea-runner.service", "[Service]\nExecStart=/x/gitea-runner daemon --token Canary9x7Zq\n", "no-config"],
		["config.yaml", "container:\n  docker_host: tcp://joe:Canary9x7Zq@dind:2376\n", "not-mounted"],
		["config.yaml", "container:\n  docker_host: tcp://joe:Canary9x7Zq@dind\n", "invalid"],
	] as const)("leave no stars in the lines of a fix: %s %s", async ([name, text, reason]) => {
		const { results } = await runLint(createConfigHost({ [name]: text }), {
			...options,
			files: [name],
			format: "json",
		});
		const result = results.find((one) => one.reason === reason);
		expect(result?.remedy?.text).toMatch(/\w/);
		expect(result?.remedy?.config?.text ?? "").not.toContain("*");
	});

	test("cause no problems by being hidden", async () => {
		const text = `container:\n  options: |\n    -e "A=a \\"b\\" c" --mount 'type=volume,"volume-opt=o=user=u,password=x",target=/x' --health-cmd 'a "b'\n    -e B='x'"y" --label key="a b"\n`;
		const outcome = await runLint(createConfigHost({ "config.yaml": text }), {
			...options,
			files: ["config.yaml"],
			format: "text",
		});
		expect(outcome.results).toEqual([]);
	});

	test("are not found in what is harmless", async () => {
		const line =
			"-e NVIDIA_VISIBLE_DEVICES=all --env=DOCKER_HOST=unix:///x -u 1000:1000 --shm-size=8g -v keys:/keys --bogus";
		const outcome = await runLint(createConfigHost({ "config.yaml": `container:\n  options: ${line}\n` }), {
			...options,
			files: ["config.yaml"],
			format: "text",
		});
		expect(outcome.text).toContain(line);
	});

	const workflows: readonly (readonly [text: string, shown: string])[] = [
		[
			`  b: { runs-on: nolabel, env: { PASSWORD: ${canary("FlowEnv")} }, x: [ }`,
			"b: { runs-on: nolabel, env: { PASSWORD: ",
		],
		[`  b: { runs-on: nolabel, steps: [ { run: "curl -u joe:${canary("Run")}, x: y" } ] }`, "runs-on: nolabel"],
		[`  b: { env: { A: ${canary("Before")} }, runs-on: [ "nolabel", x ] }`, 'runs-on: [ "nolabel", x ]'],
		[`  b: { runs-on: nolabel } # ${canary("Comment")}`, "runs-on: nolabel"],
		[`  b:\n    runs-on: "${canary("Unclosed")}\n`, "runs-on:"],
		[`  b:\n    run: "a" ${canary("Block")}`, 'run: "*"'],
		[
			`  b: { strategy: { matrix: { os: [nolabel], key: [${canary("Matrix")}] } }, runs-on: "\${{ matrix.os }}" }`,
			"os: [nolabel]",
		],
		[`  b: { runs-on: nolabel, uses: "http://joe:${canary("Uses")}@x/y" }`, "@x/y"],
	];
	test.for(workflows)("of a workflow are not shown: %s", async ([text, shown]) => {
		const files = { "config.yaml": "runner:\n  labels: [titan]\n", "ci.yml": `on: push\njobs:\n${text}\n` };
		for (const format of ["text", "json"] as const) {
			const outcome = await runLint(createConfigHost(files), { ...options, files: Object.keys(files), format });
			expect(outcome.results.length).toBeGreaterThan(0);
			expect(outcome.text).not.toMatch(/Canary/);
			if (format === "text") expect(outcome.text).toContain(shown);
		}
	});

	test("are not in the facts", async () => {
		for (const path of Object.keys(files)) {
			const request = createRequest({ runnerConfig: path, workspace: "/etc/test" });
			const facts = await collect(runnerConfigProbe, createConfigHost(files), request);
			expect(JSON.stringify(facts)).not.toMatch(/Canary|5fG8kLq2/);
		}
	});
});
