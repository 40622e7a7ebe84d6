import { expect, it } from "vitest";
import { dockerOtherSocketsProbe } from "../../src/probes/docker-other-sockets.ts";
import { collect } from "../support/builders.ts";
import { answered, createHost, type FakeMachine, file } from "../support/fake-host.ts";

const socket = file({ kind: "socket", mode: 0o660 });
const files = { "/var/run/docker.sock": socket, "/run/podman/podman.sock": socket };
const look = (machine: FakeMachine) => collect(dockerOtherSocketsProbe, createHost({ files, ...machine }));

it("asks the sockets that the endpoint does not name", async () => {
	const asked: string[] = [];
	const request: FakeMachine["request"] = async ({ to, path }) => {
		if ("socket" in to && path === "/version") asked.push(to.socket);
		return "socket" in to && to.socket.includes("podman")
			? { kind: "failed", code: "EACCES", message: "" }
			: answered({ Version: "29.1.2", ApiVersion: "1.52" });
	};
	const env = { DOCKER_HOST: "tcp://docker:2375" };
	expect(await look({ env, request })).toEqual([
		{ path: "/var/run/docker.sock", version: { kind: "ok", value: expect.objectContaining({ version: "29.1.2" }) } },
		{ path: "/run/podman/podman.sock", version: { kind: "failed", code: "EACCES", message: "" } },
	]);
	expect(asked).toEqual(["/var/run/docker.sock", "/run/podman/podman.sock"]);
});

it("leaves out the one that the job uses anyway, and what is not a socket", async () => {
	const machine = { files: { "/var/run/docker.sock": socket, "/run/podman/podman.sock": "a file" } };
	expect(await look(machine)).toEqual([]);
});

it("distinguishes a daemon that hangs from one that does not exist", async () => {
	const env = { DOCKER_CONTEXT: "gone" };
	const answers = await look({ env, request: async () => ({ kind: "timed-out" }) });
	expect(answers[0]).toMatchObject({ version: { kind: "timed-out" } });
});
