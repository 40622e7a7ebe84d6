import { describe, expect, it } from "vitest";
import { dockerSocket } from "../../../src/checks/docker/socket.ts";
import type { SocketFacts } from "../../../src/probes/docker-socket.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createEndpoint, createJob, createSocket, findingOf, fixOf } from "./facts.ts";

interface Place {
	readonly runner?: string;
	readonly system?: "gitea" | "forgejo";
	readonly mode?: "container" | "host";
	readonly require?: "required" | "optional";
}

const judgeSocket = (socket: SocketFacts, place: Place = {}) =>
	judge(
		dockerSocket,
		{
			socket,
			endpoint: createEndpoint(),
			container: createContainer({ mode: place.mode ?? "container" }),
			job: createJob({ system: place.system ?? "gitea", runnerVersion: place.runner ?? "v4.1.0" }),
		},
		createPolicy({ docker: { require: place.require ?? "required", plugins: [] } }),
	);

/** Without the keys that the state does not have. */
function without(socket: ReturnType<typeof createSocket>, ...keys: ("owner" | "link")[]): SocketFacts {
	return Object.fromEntries(Object.entries(socket).filter(([key]) => !keys.includes(key as "owner"))) as SocketFacts;
}
const missing = without(createSocket({ found: "absent", connection: "ENOENT" }), "owner");

describe("passes", () => {
	it.each<[string, SocketFacts]>([
		["root and a socket of root", createSocket()],
		["a member of the group", createSocket({ user: { uid: 1001, groups: [1001, 998] } })],
		["a link to a live socket", createSocket({ found: "link", link: { to: "/run/docker.sock", found: "socket" } })],
		["a daemon that hangs: another check's task", createSocket({ connection: "timed-out" })],
		["a daemon whose queue is full", createSocket({ connection: "EAGAIN" })],
		["a user without a name", createSocket({ user: { uid: 4242, groups: [998] } })],
	])("%s", (_, socket) => {
		expect(judgeSocket(socket).kind).toBe("pass");
	});

	it("skips what is not a socket", () => {
		expect(judgeSocket({ kind: "none" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	it("skips an absent Docker that is optional", () => {
		expect(judgeSocket(missing, { require: "optional" })).toMatchObject({ kind: "skip", reason: "absent" });
	});

	it("but not one at an address that someone wrote down", () => {
		const elsewhere = { ...missing, path: "/run/user/1000/docker.sock" } as SocketFacts;
		expect(findingOf(judgeSocket(elsewhere, { require: "optional" })).reason).toBe("missing");
		const dangling = createSocket({ found: "link", link: { to: "/gone", found: "absent" }, connection: "ENOENT" });
		expect(findingOf(judgeSocket(dangling, { require: "optional" })).reason).toBe("missing");
	});
});

describe("a link that the package podman-docker makes at every boot", () => {
	const link = { to: "/run/podman/podman.sock", found: "absent" } as const;
	const dangling = without(createSocket({ found: "link", link, connection: "ENOENT" }), "owner");

	it("is no sign that Docker was set up", () => {
		const verdict = judgeSocket(dangling, { require: "optional", mode: "host" });
		expect(verdict).toMatchObject({ kind: "skip", reason: "absent" });
	});

	it("starts Podman's socket where Docker is required", () => {
		const fix = fixOf(judgeSocket(dangling, { mode: "host" }));
		expect(fix).toContain("sudo systemctl enable --now podman.socket");
		expect(fix).not.toContain("docker");
	});
});

describe("the daemon of a socket is named by its path", () => {
	it.each([
		["/var/run/docker.sock", "sudo systemctl restart docker.socket docker.service"],
		["/run/user/1000/docker.sock", "XDG_RUNTIME_DIR=/run/user/1000 systemctl --user restart docker"],
		["/run/user/1000/podman/podman.sock", "XDG_RUNTIME_DIR=/run/user/1000 systemctl --user restart podman.socket"],
		["/run/podman/podman.sock", "sudo systemctl restart podman.socket"],
		["/home/ci/.docker/desktop/docker.sock", "systemctl --user restart docker-desktop"],
		["/home/ci/.colima/default/docker.sock", "colima restart"],
		["/home/ci/.colima/build/docker.sock", "colima restart build"],
	])("%s that is refused: %s", (path, command) => {
		const refused = createSocket({ path, connection: "ECONNREFUSED" });
		expect(fixOf(judgeSocket(refused, { mode: "host" }))).toContain(command);
	});

	it("a rootless daemon lives on without its user's session", () => {
		const gone = { ...missing, path: "/run/user/1000/docker.sock" } as SocketFacts;
		const fix = fixOf(judgeSocket(gone, { mode: "host" }));
		expect(fix).toContain("loginctl enable-linger");
		expect(fix).toContain("systemctl --user enable --now docker");
		expect(fix).not.toContain("sudo systemctl");
	});
});

describe("missing", () => {
	it.each(["v2.3.0", "v1.0.8", "v0.2.11", "dev"])("never tells %s to mount it by options", (runner) => {
		const fix = fixOf(judgeSocket(missing, { runner }));
		expect(fix).toContain("Do not add the socket to `container.options`");
		expect(fix).not.toContain("--volume");
	});

	it("includes a socket that is removed between two looks", () => {
		expect(findingOf(judgeSocket(createSocket({ connection: "ENOENT" }))).reason).toBe("missing");
	});
});

describe("directory", () => {
	const directory = createSocket({ found: "directory", connection: "ECONNREFUSED" });

	it("suspects only Gitea's runner before 0.3.0", () => {
		expect(fixOf(judgeSocket(directory, { runner: "v0.2.11" }))).toContain("Upgrade the runner");
		expect(fixOf(judgeSocket(directory, { runner: "v0.3.0" }))).not.toContain("Upgrade the runner");
		expect(fixOf(judgeSocket(directory, { runner: "v0.2.11", system: "forgejo" }))).not.toContain("Upgrade the runner");
	});

	it("can be behind a link", () => {
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
		["device", "ECONNREFUSED", "a device"],
		["other", "ECONNREFUSED", "neither a socket nor a file"],
		["socket", "ENOTSOCK", "a socket of another type"],
		["socket", "EPROTOTYPE", "a socket of another type"],
	] as const)("%s (%s)", (found, connection, observed) => {
		const verdict = judgeSocket(createSocket({ found, connection }));
		expect(findingOf(verdict)).toMatchObject({ reason: "not-a-socket", observed });
	});

	it("quotes the path", () => {
		const file = createSocket({ found: "file", connection: "ECONNREFUSED", path: "/run/my docker.sock" });
		expect(fixOf(judgeSocket(file, { mode: "host" }))).toContain("sudo mv '/run/my docker.sock'");
	});
});

describe("permission-denied", () => {
	const outsider = { user: { uid: 1001, name: "runner", groups: [1001] }, connection: "EACCES" };

	it("adds no group in a user namespace, where the socket's group has no number", () => {
		const owner = { mode: 0o660, uid: 65534, gid: 65534, group: "nogroup" };
		const inNamespace = createSocket({ owner, connection: "EACCES", userNamespace: true });
		expect(fixOf(judgeSocket(inNamespace))).not.toContain("--group-add");
		expect(fixOf(judgeSocket(createSocket({ owner, connection: "EACCES" })))).toContain("--group-add 65534");
	});

	it("looks up names that are unknown here", () => {
		const socket = createSocket({
			owner: { mode: 0o660, uid: 0, gid: 998 },
			user: { uid: 7, groups: [] },
			connection: "EACCES",
		});
		const [command] = findingOf(judgeSocket(socket, { mode: "host" })).remedy.commands ?? [];
		expect(command).toBe('sudo usermod -aG "$(getent group 998 | cut -d: -f1)" "$(getent passwd 7 | cut -d: -f1)"');
	});

	it("never adds a user to root's group", () => {
		const socket = createSocket({ ...outsider, owner: { mode: 0o660, uid: 0, gid: 0, group: "root" } });
		expect(fixOf(judgeSocket(socket, { mode: "host" }))).not.toMatch(/usermod -aG (?:root|"\$\(getent group 0)/);
	});

	it("adds no group that has no access", () => {
		expect(fixOf(judgeSocket(createSocket({ ...outsider, owner: { mode: 0o600, uid: 0, gid: 998 } })))).not.toContain(
			"--group-add",
		);
	});

	it.each([
		[0, { uid: 0, name: "root", groups: [0] }],
		[1000, { uid: 1000, groups: [1000] }],
	])("does not blame the mode if uid %d already owns the socket", (uid, user) => {
		const owned = createSocket({ owner: { mode: 0o600, uid, gid: uid }, user, connection: "EACCES" });
		expect(findingOf(judgeSocket(owned)).remedy.text).toContain("SELinux or AppArmor");
	});

	it("changes no option of a container for a job on the host", () => {
		const rootless = createSocket({ ...outsider, owner: { mode: 0o600, uid: 1000, gid: 1000 } });
		expect(fixOf(judgeSocket(rootless, { mode: "host" }))).not.toContain("--user");
		const labelled = createSocket({ user: { uid: 1001, groups: [998] }, connection: "EACCES" });
		expect(fixOf(judgeSocket(labelled, { mode: "host" }))).not.toContain("label=disable");
	});

	it("tells why the path could not be read, not how connecting went", () => {
		const unreadable = without(createSocket({ found: "unreadable", code: "ELOOP", connection: "timed-out" }), "owner");
		expect(findingOf(judgeSocket(unreadable))).toMatchObject({ reason: "permission-denied", observed: "ELOOP" });
	});

	it("includes what a security module denies", () => {
		const forbidden = createSocket({ connection: "EPERM" });
		expect(findingOf(judgeSocket(forbidden))).toMatchObject({ reason: "permission-denied", observed: "EPERM" });
	});
});

describe("world-writable", () => {
	it("comes before a daemon that is gone", () => {
		const stale = createSocket({ owner: { mode: 0o777, uid: 0, gid: 0 }, connection: "ECONNREFUSED" });
		expect(findingOf(judgeSocket(stale)).reason).toBe("world-writable");
	});

	describe("in a job that has its own socket", () => {
		const proxied = (mountRoot: string) => createSocket({ owner: { mode: 0o666, uid: 0, gid: 0 }, mountRoot });

		it("passes", () => {
			expect(judgeSocket(proxied("/gitea-runner-42/api.sock"), { runner: "v4.1.0" }).kind).toBe("pass");
		});

		it.each([
			"/docker.sock",
			"/run/docker.sock",
			"/var/run/docker.sock",
			"/user/1000/docker.sock",
			"/podman/podman.sock",
		])("but not with the daemon's socket: %s", (mountRoot) => {
			expect(findingOf(judgeSocket(proxied(mountRoot), { runner: "v4.1.0" })).reason).toBe("world-writable");
		});

		it("nor with an older runner, which creates none", () => {
			expect(findingOf(judgeSocket(proxied("/x/api.sock"), { runner: "v3.3.0" })).reason).toBe("world-writable");
			expect(findingOf(judgeSocket(proxied("/x/api.sock"), { runner: "dev" })).reason).toBe("world-writable");
		});
	});
});
