import { describe, expect, test } from "vitest";
import type { RunOutcome } from "../../src/host/host.ts";
import { askGitAboutForge, doubtAboutGit } from "../../src/probes/git-trust.ts";
import { createHost, exited, type FakeMachine } from "../support/fake-host.ts";

const bundle = "/etc/ssl/certs/ca-certificates.crt";
const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const files = {
	[bundle]: pem("UFVC\nTElD") + pem("Q09SUA=="),
	"/etc/corp/known.pem": `# Corp\n${pem("Q09S\nUA==")}`,
	"/etc/corp/new.pem": pem("Q09SUA==") + pem("TkVX"),
};
const doubtOf = (machine: FakeMachine = {}) => doubtAboutGit(createHost({ files, ...machine }));

describe("git is asked about the forge only if it may have other authorities than Node", () => {
	test.each<[string, FakeMachine]>([
		["usual authorities", {}],
		["Node reads the system's file, too", { env: { NODE_EXTRA_CA_CERTS: bundle } }],
		["the system's file holds what Node was given", { env: { NODE_EXTRA_CA_CERTS: "/etc/corp/known.pem" } }],
		["Node was given a file that is not there", { env: { NODE_EXTRA_CA_CERTS: "/etc/corp/gone.pem" } }],
		[
			"a configuration without authorities",
			{ files: { ...files, "/root/.gitconfig": "[user]\n\tname = sslCAInfo\n" } },
		],
		["OpenSSL's variable without the option", { env: { SSL_CERT_FILE: "/etc/corp/new.pem" } }],
	])("no: %s", async (_, machine) => {
		expect(await doubtOf({ ...machine, env: { HOME: "/root", ...machine.env } })).toBeUndefined();
	});

	test.each<[string, FakeMachine, object]>([
		[
			"Node was given another one",
			{ env: { NODE_EXTRA_CA_CERTS: "/etc/corp/new.pem" } },
			{ bundle, extra: "/etc/corp/new.pem" },
		],
		[
			"Node was given another one for OpenSSL",
			{ env: { NODE_OPTIONS: "--use-openssl-ca", SSL_CERT_FILE: "/etc/corp/new.pem" } },
			{ bundle, extra: "/etc/corp/new.pem" },
		],
		["the system has none", { files: {} }, {}],
		["the system's file is empty", { files: { [bundle]: "" } }, {}],
		["a variable of git", { env: { GIT_SSL_CAINFO: "/x" } }, { bundle, named: "GIT_SSL_CAINFO" }],
		[
			"git's configuration",
			{ env: { HOME: "/root" }, files: { ...files, "/root/.gitconfig": "[http]\n\tsslcainfo = /x\n" } },
			{ bundle, named: "configuration" },
		],
		[
			"git's configuration in variables",
			{ env: { GIT_CONFIG_KEY_0: "http.https://git.lan/.sslCAInfo" } },
			{ bundle, named: "configuration" },
		],
	])("yes: %s", async (_, machine, doubt) => {
		expect(await doubtOf(machine)).toEqual(doubt);
	});
});

/** Said by real programs: git with GnuTLS and with OpenSSL, with and without authorities. */
test.each<[string, RunOutcome]>([
	[
		"distrusts",
		exited(
			"",
			128,
			"fatal: unable to access 'https://g/': server certificate verification failed. CAfile: none CRLfile: none\n",
		),
	],
	[
		"distrusts",
		exited("", 128, "fatal: unable to access 'https://g/': Problem with the SSL CA cert (path? access rights?)\n"),
	],
	[
		"distrusts",
		exited(
			"",
			128,
			"fatal: unable to access 'https://g/': SSL certificate problem: self-signed certificate in certificate chain\n",
		),
	],
	[
		"distrusts",
		exited(
			"",
			128,
			"fatal: unable to access 'https://g/': error setting certificate verify locations:  CAfile: /x CApath: none\n",
		),
	],
	["trusts", exited("", 128, "fatal: repository 'https://g/' not found\n")],
	["trusts", exited("", 128, "fatal: could not read Username for 'https://g': terminal prompts disabled\n")],
	["trusts", exited("", 128, "fatal: unable to access 'https://g/': The requested URL returned error: 403\n")],
	["unknown", exited("", 128, "fatal: unable to access 'https://g/': Could not resolve host: g\n")],
	["unknown", exited("", 128, "fatal: transport 'ssh' not allowed\n")],
	["unknown", { kind: "not-started", code: "ENOENT", stdout: "", stderr: "", ms: 1 }],
])("git %s the forge", async (kind, outcome) => {
	const host = createHost({ run: async () => outcome });
	const told = await askGitAboutForge(host, "https://g", { bundle }, "/workspace", new AbortController().signal);
	expect(told.kind).toBe(kind);
});
