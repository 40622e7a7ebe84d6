import { describe, expect, test } from "vitest";
import { runLint } from "../../src/config/lint-command.ts";
import { runnerConfigProbe } from "../../src/config/probe.ts";
import { collect, createRequest } from "../support/builders.ts";
import { createConfigHost } from "./support/lint.ts";

/** A word that must never come out; made anew for each place, so that a failure says where. */
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

/** The same, broken: then nothing is known of what is where. */
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
	colour: false,
	annotate: true,
	width: 100,
	signal: new AbortController().signal,
} as const;

describe("secrets", () => {
	const files = { "config.yaml": config, ".runner": registration, "gitea-runner.service": unit };
	for (const format of ["text", "json"] as const) {
		test(`of whole files are not in the ${format} of the lint`, async () => {
			const outcome = await runLint(createConfigHost(files), { ...options, files: Object.keys(files), format });
			expect(outcome.mistakes.length).toBeGreaterThan(8);
			expect(outcome.text).not.toMatch(/Canary|5fG8kLq2/);
		});
		test.for(Object.entries(broken))(
			`of broken files are not in the ${format} of the lint: %s`,
			async ([name, text]) => {
				const outcome = await runLint(createConfigHost({ [name]: text }), { ...options, files: [name], format });
				expect(outcome.text).toContain("config/syntax");
				expect(outcome.text).not.toMatch(/Canary/);
			},
		);
	}

	test("are not in the facts", async () => {
		for (const path of Object.keys(files)) {
			const request = createRequest({ runnerConfig: path, workspace: "/etc/test" });
			const facts = await collect(runnerConfigProbe, createConfigHost(files), request);
			expect(JSON.stringify(facts)).not.toMatch(/Canary|5fG8kLq2/);
		}
	});
});
