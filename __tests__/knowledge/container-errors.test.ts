import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startTrouble } from "../../src/checks/docker/container-start.ts";
import { startErrorIn, startErrors } from "../../src/knowledge/container-errors.ts";

test("the file follows its schema", () => {
	const validate = new Ajv({ formats: { regex: true } }).compile(
		JSON.parse(readFileSync("src/knowledge/container-errors.schema.json", "utf8")),
	);
	validate(parse(readFileSync("src/knowledge/container-errors.yaml", "utf8")));
	expect(validate.errors ?? []).toEqual([]);
});

test.each(startErrors.map(({ cause, example }) => [cause, example] as const))("%s", (cause, example) => {
	expect(startErrorIn(`docker: Error response from daemon: ${example}`)?.cause).toBe(cause);
});

test("a runtime that is missing is named", () => {
	expect(startErrorIn("unknown or invalid runtime name: nvidia")).toEqual({
		cause: "runtime-missing",
		subject: "nvidia",
	});
	expect(startErrorIn("docker: Error response from daemon: Unknown runtime specified nvidia.")?.subject).toBe("nvidia");
});

test.each([
	"OCI runtime create failed: runc create failed: unable to start container process: an error of tomorrow: unknown",
	'exec: "true": executable file not found in $PATH',
	"runc did not say why",
])("what is not known stays so: %s", (message) => {
	expect(startErrorIn(message)).toBeUndefined();
});

test.each([
	// docker-library/docker#467
	[
		"iptables failed: iptables --wait -A DOCKER -j RETURN: iptables v1.8.10 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain DOCKER",
		"nft_compat",
	],
	[
		"(iptables failed: iptables -A X: Warning: Extension addrtype revision 0 not supported, missing kernel module?",
		"xt_",
	],
	// moby/moby#47895
	[
		"ip6tables v1.8.9 (legacy): can't initialize ip6tables table `nat': Table does not exist",
		"modprobe -a ip6table_nat",
	],
	["iptables v1.8.3 (legacy): can't initialize iptables table `raw': Table does not exist", "modprobe -a iptable_raw"],
])("a module of the kernel is named: %s", (message, command) => {
	expect(startErrorIn(message)?.cause).toBe("iptables-kernel");
	expect(startTrouble(message, "debian").fix.commands?.join("\n")).toContain(command);
});

test("a chain that something flushed is still that", () => {
	const message = "(iptables failed: iptables --wait -t nat -A DOCKER: iptables: No chain/target/match by that name.";
	expect(startErrorIn(message)?.cause).toBe("iptables");
});

test("containerd that was replaced while it ran has to be restarted", () => {
	const message =
		"failed to create task for container: Unimplemented: failed to start shim: start failed: unsupported shim version (3): not implemented";
	expect(startErrorIn(message)?.cause).toBe("containerd");
});
