import { expect, test } from "vitest";
import type { Undecided } from "../../../src/checks/check.ts";
import { fitToEngine, serviceAt, serviceOfEngine } from "../../../src/checks/docker/engine-service.ts";
import { dockerWarnings } from "../../../src/checks/docker/warnings.ts";
import { judge } from "../../support/builders.ts";
import { createEngine, createInfo } from "./facts.ts";

test.each([
	["tcp://docker:2376", createInfo(), "Docker"],
	["unix:///var/run/docker.sock", createInfo(), "Docker"],
	["unix:///run/user/1001/docker.sock", createInfo(), "rootless Docker of uid 1001"],
	["unix:///var/run/docker.sock", createInfo({ securityOptions: ["name=rootless"] }), "rootless Docker"],
	[
		"unix:///var/run/docker.sock",
		createInfo({ dockerRootDir: "/var/snap/docker/common/var-lib-docker" }),
		"Docker's snap",
	],
])("%s is served by %j", (endpoint, info, name) => {
	expect(serviceOfEngine(createEngine({ endpoint, info: { kind: "ok", value: info } })).name).toBe(name);
});

test("an engine that does not describe itself is known by its path alone", () => {
	const info = { kind: "timed-out" } as const;
	expect(serviceOfEngine(createEngine({ info })).name).toBe("Docker");
});

test("a hostile path puts nothing into a command", () => {
	for (const path of ["/run/user/1;id/docker.sock", "/x/.colima/$(id)/docker.sock", "/run/user/1000/docker.sock;id"]) {
		const { status, enable, restart, log } = serviceAt(path);
		expect([status, ...enable, restart, log].join("\n")).not.toMatch(/;id|\$\(id\)/);
	}
});

test("what could not be decided names the log of the daemon that did not answer", () => {
	const failed = { kind: "http-error", status: 500, body: "" } as const;
	const of = (endpoint: string) => judge(dockerWarnings, { engine: createEngine({ endpoint, info: failed }) });
	const commandsOf = (endpoint: string) => (of(endpoint) as Undecided).remedy.commands;
	expect(commandsOf("unix:///run/user/1001/docker.sock")).toEqual([
		"time timeout 60 docker info",
		"sudo journalctl _UID=1001 _SYSTEMD_USER_UNIT=docker.service | tail -n 50",
	]);
	expect(commandsOf("unix:///run/podman/podman.sock")).toContain("sudo journalctl -u podman | tail -n 50");
	expect(commandsOf("unix:///var/run/docker.sock")).toContain(
		"sudo journalctl --unit docker --since -10min | tail -n 50",
	);
});

test("other files, and verdicts without a fix, stay as they are", () => {
	const engine = createEngine({
		info: { kind: "ok", value: createInfo({ securityOptions: ["name=rootless"] }) },
	});
	const pass = { kind: "skip", reason: "absent", message: "" } as const;
	expect(fitToEngine(pass, engine)).toBe(pass);
	const remedy = {
		text: "See `/etc/docker/daemon.json`.",
		config: { file: "config.yaml", language: "yaml", text: "x: 1" },
		commands: ["sudo journalctl -u docker | tail", "sudo systemctl restart docker", "docker info"],
		kind: "host",
	} as const;
	const verdict = {
		kind: "finding",
		reason: "x",
		message: "",
		why: "",
		expected: "",
		observed: "",
		evidence: [],
		remedy,
	};
	expect(fitToEngine(verdict as never, engine)).toMatchObject({
		remedy: {
			text: "See `~/.config/docker/daemon.json`.",
			config: { file: "config.yaml" },
			commands: [
				"journalctl --user -u docker | tail",
				expect.stringContaining("systemctl --user restart docker"),
				"docker info",
			],
		},
	});
});
