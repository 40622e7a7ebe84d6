import { describe, expect, it } from "vitest";
import { dockerSocket } from "../../../src/checks/docker/socket.ts";
import type { EndpointFacts } from "../../../src/probes/docker-endpoint.ts";
import type { SocketFacts } from "../../../src/probes/docker-socket.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createEndpoint, createJob, createSocket, findingOf, wayOut } from "./facts.ts";

interface Place {
	readonly runner?: string;
	readonly system?: "gitea" | "forgejo" | "github" | "act" | "none";
	readonly mode?: "container" | "host";
	readonly endpoint?: Partial<EndpointFacts>;
	readonly require?: "required" | "optional";
}

const judgeSocket = (socket: SocketFacts, place: Place = {}) =>
	judge(
		dockerSocket,
		{
			socket,
			endpoint: createEndpoint(place.endpoint),
			container: createContainer({ mode: place.mode ?? "container" }),
			job: createJob({ system: place.system ?? "gitea", runnerVersion: place.runner ?? "v4.1.0" }),
		},
		createPolicy({ docker: { require: place.require ?? "required", plugins: [] } }),
	);

/** Without the keys that the state has not. */
function without(socket: ReturnType<typeof createSocket>, ...keys: ("owner" | "link")[]): SocketFacts {
	return Object.fromEntries(Object.entries(socket).filter(([key]) => !keys.includes(key as "owner"))) as SocketFacts;
}
const missing = without(createSocket({ found: "absent", connection: "ENOENT" }), "owner");
const denied = (mode = 0o660, gid = 998) =>
	createSocket({
		owner: { mode, uid: 0, gid },
		user: { uid: 1001, name: "runner", groups: [1001] },
		connection: "EACCES",
	});

describe("what is right", () => {
	it.each<[string, SocketFacts]>([
		["root and a socket of root", createSocket()],
		["a member of the group", createSocket({ user: { uid: 1001, groups: [1001, 998] } })],
		["a link to a live socket", createSocket({ found: "link", link: { to: "/run/docker.sock", found: "socket" } })],
		["a daemon that hangs: another check's business", createSocket({ connection: "timed-out" })],
		["a daemon whose queue is full", createSocket({ connection: "EAGAIN" })],
		["a user without a name", createSocket({ user: { uid: 4242, groups: [998] } })],
	])("passes: %s", (_, socket) => {
		expect(judgeSocket(socket).kind).toBe("pass");
	});

	it("has nothing to judge where Docker is no socket", () => {
		expect(judgeSocket({ kind: "none" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	it("lets an optional Docker be absent", () => {
		expect(judgeSocket(missing, { require: "optional" })).toMatchObject({ kind: "skip", reason: "absent" });
	});

	it("lets no address be wrong that somebody wrote down", () => {
		const elsewhere = { ...missing, path: "/run/user/1000/docker.sock" } as SocketFacts;
		expect(findingOf(judgeSocket(elsewhere, { require: "optional" })).reason).toBe("missing");
		const dangling = createSocket({ found: "link", link: { to: "/gone", found: "absent" }, connection: "ENOENT" });
		expect(findingOf(judgeSocket(dangling, { require: "optional" })).reason).toBe("missing");
	});
});

describe("missing", () => {
	it("says what is missing, and what it does to jobs", () => {
		const finding = findingOf(judgeSocket(missing));
		expect(finding).toMatchObject({ reason: "missing", observed: "nothing there" });
		expect(finding.message).toBe("`/var/run/docker.sock` does not exist in this job container.");
	});

	it("leaves the mount to Gitea's runner, and has a way for `-` since 3.0.0", () => {
		const way = wayOut(judgeSocket(missing, { runner: "v4.1.0" }));
		expect(way).toContain('docker_host: ""');
		expect(way).toContain("valid_volumes:\n    - /var/run/docker.sock");
		expect(way).not.toContain("Duplicate mount point");
	});

	it.each(["v2.3.0", "v1.0.8", "v0.2.11", "dev"])("never advises %s to mount it by options", (runner) => {
		const way = wayOut(judgeSocket(missing, { runner }));
		expect(way).toContain('docker_host: ""');
		expect(way).toContain("Do not add it to `container.options`");
		expect(way).not.toContain("--volume");
	});

	it.each([
		["forgejo", "docker_host: automount"],
		["github", "systemctl enable --now docker"],
		["act", "docker run --volume /var/run/docker.sock"],
		["none", "docker run --volume /var/run/docker.sock"],
	] as const)("knows what to do with %s", (system, expected) => {
		expect(wayOut(judgeSocket(missing, { system }))).toContain(expected);
	});

	it("starts Docker on the host", () => {
		const finding = findingOf(judgeSocket(missing, { mode: "host" }));
		expect(finding.message).toBe("`/var/run/docker.sock` does not exist.");
		expect(finding.remedy).toMatchObject({
			kind: "host",
			commands: [expect.anything(), expect.stringContaining("enable")],
		});
	});

	it("gives the socket, or its group, to a runner that runs in a container itself", () => {
		const container = createContainer({ mode: "host", insideContainer: "/.dockerenv" });
		const others = { endpoint: createEndpoint(), container, job: createJob() };
		expect(wayOut(judge(dockerSocket, { socket: missing, ...others }))).toContain(
			"docker run --volume /var/run/docker.sock:/var/run/docker.sock …",
		);
		expect(wayOut(judge(dockerSocket, { socket: denied(), ...others }))).toContain("docker run --group-add 998 …");
	});

	it("points to a socket at another place", () => {
		const endpoint = { elsewhere: ["/run/user/1000/docker.sock"] };
		const verdict = judgeSocket(missing, { mode: "host", endpoint });
		expect(findingOf(verdict).message).toContain("There is one at `/run/user/1000/docker.sock`");
		expect(wayOut(verdict)).toContain("DOCKER_HOST: unix:///run/user/1000/docker.sock");
		expect(wayOut(judgeSocket(missing, { endpoint }))).toContain("DOCKER_HOST: unix:///run/user/1000/docker.sock");
	});

	it("doubts the address where somebody set it", () => {
		const odd = { ...missing, path: "/run/dockr.sock" } as SocketFacts;
		const endpoint = { source: "DOCKER_HOST", address: "unix:///run/dockr.sock" } as const;
		expect(wayOut(judgeSocket(odd, { endpoint }))).toContain("is what `DOCKER_HOST` says");
		expect(wayOut(judgeSocket(odd, { endpoint, mode: "host" }))).toContain("is what `DOCKER_HOST` says");
	});

	it("follows a link that leads nowhere", () => {
		const dangling = createSocket({
			found: "link",
			link: { to: "/mnt/gone.sock", found: "absent" },
			connection: "ENOENT",
		});
		expect(findingOf(judgeSocket(dangling)).message).toContain("link to `/mnt/gone.sock`, which is not there");
	});

	it("is also what went away between two looks", () => {
		expect(findingOf(judgeSocket(createSocket({ connection: "ENOENT" }))).reason).toBe("missing");
	});
});

describe("directory", () => {
	const directory = createSocket({ found: "directory", connection: "ECONNREFUSED" });

	it("explains who made it", () => {
		const verdict = judgeSocket(directory);
		expect(findingOf(verdict)).toMatchObject({ reason: "directory", observed: "a directory" });
		expect(findingOf(verdict).message).toContain("told to mount a path that does not exist");
		expect(wayOut(verdict)).toContain("sudo rmdir /var/run/docker.sock");
	});

	it("blames runners before 0.3.0", () => {
		expect(wayOut(judgeSocket(directory, { runner: "v0.2.11" }))).toContain("upgrade the runner");
		expect(wayOut(judgeSocket(directory, { runner: "v0.3.0" }))).not.toContain("upgrade the runner");
		// Forgejo counts differently.
		expect(wayOut(judgeSocket(directory, { runner: "v0.2.11", system: "forgejo" }))).not.toContain(
			"upgrade the runner",
		);
	});

	it("is removed on the host", () => {
		expect(findingOf(judgeSocket(directory, { mode: "host" })).remedy.kind).toBe("host");
	});

	it("is one behind a link, too", () => {
		const linked = createSocket({
			found: "link",
			link: { to: "/mnt", found: "directory" },
			connection: "ECONNREFUSED",
		});
		expect(findingOf(judgeSocket(linked)).reason).toBe("directory");
	});
});

describe("not-a-socket", () => {
	it.each([
		["file", "ECONNREFUSED", "a plain file"],
		// Connecting to a file asks for its rights first.
		["file", "EACCES", "a plain file"],
		["device", "ECONNREFUSED", "a device"],
		["other", "ECONNREFUSED", "neither a socket nor a file"],
		["socket", "EPROTOTYPE", "a socket of another type than Docker's"],
	] as const)("is a %s (%s)", (found, connection, observed) => {
		expect(findingOf(judgeSocket(createSocket({ found, connection })))).toMatchObject({
			reason: "not-a-socket",
			observed,
		});
	});

	it("is looked for in the mounts, or removed", () => {
		const file = createSocket({ found: "file", connection: "ECONNREFUSED", path: "/run/my docker.sock" });
		expect(findingOf(judgeSocket(file)).remedy.kind).toBe("runner");
		expect(wayOut(judgeSocket(file, { mode: "host" }))).toContain("sudo rm '/run/my docker.sock'");
	});
});

describe("permission-denied", () => {
	it("names the group by its number, and the exact option", () => {
		const verdict = judgeSocket(denied());
		expect(findingOf(verdict)).toMatchObject({ reason: "permission-denied", observed: "EACCES" });
		expect(findingOf(verdict).message).toBe(
			"`/var/run/docker.sock` has mode 0660, owner 0, group 998, and the job runs as `runner` (uid 1001), groups 1001.",
		);
		expect(findingOf(verdict).remedy).toMatchObject({
			kind: "runner",
			config: { text: "container:\n  options: --group-add 998" },
			otherwise: { kind: "workflow" },
		});
	});

	it("advises no group in a user namespace, where the socket's has no number", () => {
		const owner = { mode: 0o660, uid: 65534, gid: 65534, group: "nogroup" };
		const inNamespace = createSocket({ owner, connection: "EACCES", userNamespace: true });
		const verdict = judgeSocket(inNamespace);
		expect(findingOf(verdict)).toMatchObject({
			reason: "permission-denied",
			message: expect.stringContaining("in a user namespace"),
		});
		expect(wayOut(verdict)).not.toContain("--group-add");
		expect(wayOut(judgeSocket(createSocket({ owner, connection: "EACCES" })))).toContain("--group-add 65534");
	});

	it("asks GitHub's workflow, and whoever starts a container by hand", () => {
		expect(findingOf(judgeSocket(denied(), { system: "github" })).remedy.kind).toBe("workflow");
		expect(wayOut(judgeSocket(denied(), { system: "none" }))).toContain("docker run --group-add 998");
	});

	it("lets the runner's user join the group on the host", () => {
		const socket = createSocket({
			owner: { mode: 0o660, uid: 0, gid: 998, group: "docker" },
			user: { uid: 1001, name: "runner", groups: [1001] },
			connection: "EACCES",
		});
		const commands = findingOf(judgeSocket(socket, { mode: "host" })).remedy.commands;
		expect(commands?.[0]).toBe("sudo usermod -aG docker runner");
		expect(commands?.[1]).toContain("systemctl restart");
	});

	it("finds names that are not known here", () => {
		const socket = createSocket({
			owner: { mode: 0o660, uid: 0, gid: 998 },
			user: { uid: 7, groups: [] },
			connection: "EACCES",
		});
		const [command] = findingOf(judgeSocket(socket, { mode: "host" })).remedy.commands ?? [];
		expect(command).toBe('sudo usermod -aG "$(getent group 998 | cut -d: -f1)" "$(getent passwd 7 | cut -d: -f1)"');
	});

	it("does not let anyone join root's group", () => {
		const [first, second] = findingOf(judgeSocket(denied(0o660, 0), { mode: "host" })).remedy.commands ?? [];
		expect([first, second]).toEqual(["sudo groupadd --force docker", "sudo usermod -aG docker runner"]);
	});

	it("opens a socket of which not even the group has use", () => {
		const verdict = judgeSocket(denied(0o600));
		expect(wayOut(verdict)).toContain("SocketMode");
		expect(wayOut(verdict)).not.toContain("--group-add");
	});

	it("leaves a rootless daemon to its user", () => {
		const rootless = createSocket({
			owner: { mode: 0o600, uid: 1000, gid: 1000 },
			user: { uid: 1001, groups: [] },
			connection: "EACCES",
		});
		expect(wayOut(judgeSocket(rootless))).toContain("--user 1000");
		expect(wayOut(judgeSocket(rootless, { mode: "host" }))).toContain("Only uid 1000");
	});

	it("suspects SELinux where the bits would do", () => {
		const socket = createSocket({ user: { uid: 1001, groups: [998] }, connection: "EACCES" });
		expect(wayOut(judgeSocket(socket))).toContain("label=disable");
		expect(wayOut(judgeSocket(socket, { mode: "host" }))).not.toContain("label=disable");
	});

	it("looks at the directory where that is closed", () => {
		const closed = without(createSocket({ found: "unreadable", code: "EACCES", connection: "EACCES" }), "owner");
		const verdict = judgeSocket(closed);
		expect(findingOf(verdict)).toMatchObject({ reason: "permission-denied", observed: "EACCES" });
		expect(findingOf(verdict).message).toContain("lies in a directory that is closed");
		expect(wayOut(verdict)).toContain("namei -l /var/run/docker.sock");
	});

	it("says why the path could not be looked at, rather than how connecting went", () => {
		const unreadable = without(createSocket({ found: "unreadable", code: "ELOOP", connection: "timed-out" }), "owner");
		expect(findingOf(judgeSocket(unreadable))).toMatchObject({ reason: "permission-denied", observed: "ELOOP" });
	});

	it("is what a security module forbids, too", () => {
		const forbidden = createSocket({ connection: "EPERM" });
		expect(findingOf(judgeSocket(forbidden))).toMatchObject({ reason: "permission-denied", observed: "EPERM" });
	});
});

describe("world-writable", () => {
	const open = createSocket({ owner: { mode: 0o666, uid: 0, gid: 998 } });

	it("says what that gives away, and takes it back", () => {
		const verdict = judgeSocket(open);
		expect(findingOf(verdict)).toMatchObject({ reason: "world-writable", observed: "mode 0666, owner 0, group 998" });
		expect(findingOf(verdict).remedy.commands).toEqual([
			"sudo chmod 0660 /var/run/docker.sock",
			expect.stringContaining("SocketMode"),
		]);
	});

	it("gives the socket a group where it has root's", () => {
		const socket = createSocket({ owner: { mode: 0o777, uid: 0, gid: 0 } });
		expect(wayOut(judgeSocket(socket, { mode: "host" }))).toContain("sudo chgrp docker /var/run/docker.sock");
	});

	it("comes before a daemon that is gone", () => {
		const stale = createSocket({ owner: { mode: 0o777, uid: 0, gid: 0 }, connection: "ECONNREFUSED" });
		expect(findingOf(judgeSocket(stale)).reason).toBe("world-writable");
	});

	describe("in a job that has a socket of its own", () => {
		const proxied = (mountRoot: string) => createSocket({ owner: { mode: 0o666, uid: 0, gid: 0 }, mountRoot });

		it("is nobody's business", () => {
			expect(judgeSocket(proxied("/gitea-runner-42/api.sock"), { runner: "v4.1.0" }).kind).toBe("pass");
		});

		it.each([
			"/docker.sock",
			"/run/docker.sock",
			"/var/run/docker.sock",
			"/user/1000/docker.sock",
			"/podman/podman.sock",
		])("but the daemon's own is: %s", (mountRoot) => {
			expect(findingOf(judgeSocket(proxied(mountRoot), { runner: "v4.1.0" })).reason).toBe("world-writable");
		});

		it("and older runners make none", () => {
			expect(findingOf(judgeSocket(proxied("/x/api.sock"), { runner: "v3.3.0" })).reason).toBe("world-writable");
			expect(findingOf(judgeSocket(proxied("/x/api.sock"), { runner: "dev" })).reason).toBe("world-writable");
		});
	});
});

describe("refused", () => {
	const stale = createSocket({ connection: "ECONNREFUSED" });

	it("restarts Docker, and in a container what holds on to the old socket", () => {
		expect(findingOf(judgeSocket(stale, { mode: "host" }))).toMatchObject({
			reason: "refused",
			observed: "ECONNREFUSED",
		});
		expect(wayOut(judgeSocket(stale, { mode: "host" }))).toContain("journalctl -u docker");
		expect(wayOut(judgeSocket(stale))).toContain("systemctl restart gitea-runner");
	});
});
