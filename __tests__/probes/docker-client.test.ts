import { describe, expect, it } from "vitest";
import { dockerClientProbe } from "../../src/probes/docker-client.ts";
import { collect, createPolicy, createRequest, createTool } from "../support/builders.ts";
import { createHost, executable, type FakeMachine, file } from "../support/fake-host.ts";

const home = "/home/ci";
const config = `${home}/.docker/config.json`;
const passwd = "root:x:0:0::/root:/bin/sh\nci:x:1001:1001::/home/ci:/bin/sh\n";
const look = ({ env, files, ...machine }: FakeMachine) =>
	collect(
		dockerClientProbe,
		createHost({
			uid: 1001,
			...machine,
			env: { HOME: home, PATH: "/usr/bin", ...env },
			files: { "/etc/passwd": passwd, ...files },
		}),
	);
const own = (kind: "file" | "directory" = "directory") => file({ kind, uid: 1001, mode: 0o700 });
/** Of root, closed to everyone else: the fake host looks at all bits at once, so none is set. */
const closed = (kind: "file" | "directory", mode = 0) => file({ kind, uid: 0, mode });

describe("config.json", () => {
	const stateOf = async (text: string) => (await look({ files: { [config]: text } })).config;

	it.each([
		["", "ok"],
		["{}", "ok"],
		['{"auths": {}} trailing', "ok"],
		['{"auths": {"ghcr.io": {"auth": "dTpw"}}}', "ok"],
		['{"auths": {"ghcr.io": {}}}', "ok"],
		['{"auths": {"ghcr.io": {"identitytoken": "x"}}}', "ok"],
		['{"auths": {', "invalid"],
		["[]", "invalid"],
		['{"auths": []}', "invalid"],
		['{"credsStore": 5}', "invalid"],
		['{"credHelpers": ["ghcr.io"]}', "invalid"],
		['{"experimental": true}', "invalid"],
		['{"features": {"buildkit": true}}', "invalid"],
		['{"features": {"buildkit": "true"}, "experimental": "enabled", "credHelpers": null}', "ok"],
		["null", "ok"],
		['{"auths": {"ghcr.io": {"auth": "s3cr3t"}}}', "invalid"],
	])("%s is %s", async (text, state) => {
		const seen = await stateOf(text);
		expect(seen.state).toBe(state);
		expect(JSON.stringify(seen)).not.toContain("s3cr3t");
	});

	it("may be absent, or closed", async () => {
		expect((await look({})).config).toEqual({ path: config, state: "absent" });
		expect((await look({ files: { [config]: closed("file") } })).config).toMatchObject({
			state: "unreadable",
			why: "EACCES",
		});
	});
});

describe("login helpers", () => {
	const missing = async (settings: unknown, machine: FakeMachine = {}) => {
		const text = JSON.stringify(settings);
		const facts = await look({ ...machine, files: { [config]: text, ...machine.files } });
		return facts.missingHelpers.map(({ helper, registry }) => `${helper} ${registry ?? "*"}`);
	};

	it("are missing if they are not on PATH", async () => {
		expect(await missing({ auths: {}, credsStore: "desktop" })).toEqual(["docker-credential-desktop *"]);
		expect(await missing({ credsStore: "desktop.exe" })).toEqual(["docker-credential-desktop.exe *"]);
		expect(await missing({ credHelpers: { "gcr.io": "gcloud", "x.lan": "pass" } })).toEqual([
			"docker-credential-gcloud gcr.io",
			"docker-credential-pass x.lan",
		]);
	});

	it("are not started, and nothing is said of those that are there", async () => {
		const there = { files: { "/usr/bin/docker-credential-pass": executable() } };
		expect(await missing({ credsStore: "pass", credHelpers: { "x.lan": "pass", "y.lan": "" } }, there)).toEqual([]);
		expect(await missing({ credsStore: "" })).toEqual([]);
	});

	it("are not looked for in the working directory", async () => {
		const machine = {
			env: { PATH: ".:/usr/bin" },
			files: { "/workspace/fortemi/fortemi/docker-credential-pass": executable() },
		};
		expect(await missing({ credsStore: "pass" }, machine)).toEqual(["docker-credential-pass *"]);
	});
});

describe("the helper of a key ring", () => {
	const files = { "/usr/bin/docker-credential-secretservice": executable() };
	const unusable = async (settings: unknown, machine: FakeMachine = {}) => {
		const text = settings === undefined ? {} : { [config]: JSON.stringify(settings) };
		return (await look({ ...machine, files: { ...files, ...text, ...machine.files } })).unusableHelper;
	};
	const helper = "docker-credential-secretservice";

	it("does not work without a session, named or taken by the CLI itself", async () => {
		expect(await unusable({ credsStore: "secretservice" })).toEqual({ helper });
		expect(await unusable(undefined)).toEqual({ helper, isDetected: true });
		expect(await unusable({ auths: {} })).toEqual({ helper, isDetected: true });
	});

	it("is not used, or has a session", async () => {
		expect(await unusable({ auths: { "ghcr.io": {} } })).toBeUndefined();
		expect(await unusable({ credHelpers: { "ghcr.io": "pass" } })).toBeUndefined();
		expect(await unusable({ credsStore: "pass" })).toBeUndefined();
		expect(await unusable(undefined, { files: { "/usr/bin/pass": executable() } })).toBeUndefined();
		expect(await unusable(undefined, { env: { DBUS_SESSION_BUS_ADDRESS: "unix:path=/x" } })).toBeUndefined();
		const bus = {
			env: { XDG_RUNTIME_DIR: "/run/user/1001" },
			files: { "/run/user/1001/bus": file({ kind: "socket" }) },
		};
		expect(await unusable(undefined, bus)).toBeUndefined();
		expect((await look({})).unusableHelper).toBeUndefined();
	});
});

describe("what this user cannot use", () => {
	const docker = `${home}/.docker`;
	const closedIn = async (files: NonNullable<FakeMachine["files"]>, machine: FakeMachine = {}) =>
		(await look({ files, ...machine })).closed;

	it("is nothing that does not exist", async () => {
		expect(await closedIn({})).toBeUndefined();
		expect(await closedIn({ [docker]: own() })).toBeUndefined();
	});

	it("is nothing of its own, and nothing that it may use", async () => {
		const files = {
			[docker]: own(),
			[`${docker}/buildx`]: own(),
			[`${docker}/buildx/current`]: file({ uid: 0, mode: 0o644 }),
		};
		expect(await closedIn(files)).toBeUndefined();
		expect(await closedIn({ [docker]: file({ kind: "directory", uid: 0, mode: 0o777 }) })).toBeUndefined();
	});

	it.each([
		["the directory", { [docker]: closed("directory") }, docker, "enter"],
		["a directory that may only be read", { [docker]: closed("directory", 0o555) }, docker, "write"],
		["that of buildx", { [docker]: own(), [`${docker}/buildx`]: closed("directory") }, `${docker}/buildx`, "write"],
		[
			"one inside",
			{ [docker]: own(), [`${docker}/buildx`]: own(), [`${docker}/buildx/refs`]: closed("directory", 0o555) },
			`${docker}/buildx/refs`,
			"write",
		],
		[
			"a file",
			{ [docker]: own(), [`${docker}/buildx`]: own(), [`${docker}/buildx/current`]: closed("file") },
			`${docker}/buildx/current`,
			"read",
		],
	])("is %s", async (_, files, path, need) => {
		expect(await closedIn(files)).toMatchObject({ path, need, uid: 0, owner: "root" });
	});

	it("may be an entry below, of which it looks at some only", async () => {
		const buildx = `${docker}/buildx`;
		const files = { [docker]: own(), [buildx]: own(), [`${buildx}/activity/default`]: closed("file") };
		expect(await closedIn(files, { directories: { [`${buildx}/activity`]: ["default"] } })).toMatchObject({
			need: "read",
		});
	});

	describe("a read-only mount", () => {
		const readOnly = file({ kind: "directory", uid: 1001, mode: 0o555 });
		const mounts = (...lines: readonly string[]) => ({
			"/proc/self/mountinfo": ["28 1 253:0 / / rw - ext4 /dev/vda1 rw", ...lines].join("\n"),
		});
		const secret = `30 28 0:40 / ${docker} ro,relatime - tmpfs tmpfs rw`;

		it("is one of this user too", async () => {
			const seen = await closedIn({ [docker]: readOnly, ...mounts(secret) });
			expect(seen).toMatchObject({ path: docker, need: "write", readOnly: true });
		});

		it("is not a directory that its owner closed, and not a home that is read-only", async () => {
			expect(await closedIn({ [docker]: readOnly, ...mounts() })).toBeUndefined();
			const whole = mounts(`30 28 0:40 / ${home} ro,relatime - ext4 /dev/vdb rw`);
			expect(await closedIn({ [docker]: readOnly, ...whole })).toBeUndefined();
			expect(await closedIn({ ...mounts(secret) })).toBeUndefined();
		});
	});

	it("is a directory that cannot be created, unless the home itself is closed", async () => {
		const root = { "/": file({ kind: "directory", mode: 0o555 }) };
		const create = { need: "create", uid: 0, owner: "root" };
		expect(await closedIn(root, { env: { HOME: "/" } })).toMatchObject({ path: "/.docker/buildx", ...create });
		expect(await closedIn(root, { env: { HOME: "/nonexistent" } })).toMatchObject(create);
		expect(await closedIn(root, { env: { HOME: "/", DOCKER_CONFIG: "/srv/x" } })).toMatchObject(create);
		expect(await closedIn({ ...root, [home]: file({ kind: "directory", mode: 0o555 }) })).toBeUndefined();
		expect(await closedIn({ "/": file({ kind: "directory", mode: 0o777 }) }, { env: { HOME: "/" } })).toBeUndefined();
	});

	it("is what cargo lacks as well, in a profile with Rust", async () => {
		const cargoToo = async (env: FakeMachine["env"], tools: readonly string[]) => {
			const root = file({ kind: "directory", mode: 0o555 });
			const host = createHost({ uid: 1001, env: { PATH: "/usr/bin", ...env }, files: { "/": root } });
			const policy = createPolicy({ tools: Object.fromEntries(tools.map((name) => [name, createTool(name)])) });
			return (await collect(dockerClientProbe, host, createRequest({ policy }))).closed?.cargoToo === true;
		};
		expect(await cargoToo({ HOME: "/" }, ["cargo"])).toBe(true);
		expect(await cargoToo({ HOME: "/" }, [])).toBe(false);
		expect(await cargoToo({ HOME: "/", CARGO_HOME: "/usr/local/cargo" }, ["cargo"])).toBe(false);
	});

	it("is where BUILDX_CONFIG says", async () => {
		const env = { BUILDX_CONFIG: "/srv/buildx" };
		expect(await closedIn({ [docker]: closed("directory", 0o555), "/srv/buildx": own() }, { env })).toBeUndefined();
		expect(await closedIn({ "/srv/buildx": closed("directory") }, { env })).toMatchObject({ path: "/srv/buildx" });
	});
});

/** As Docker CLI 28.5 reads it. */
describe("DOCKER_AUTH_CONFIG", () => {
	const stateOf = async (value: string) => (await look({ env: { DOCKER_AUTH_CONFIG: value } })).authConfig;

	it.each([
		["", { state: "unset" }],
		[" ", { state: "unset" }],
		["{}", { state: "ok", count: 0 }],
		['{"auths":{"registry.lan:5000":{"auth":"dTpw"}}}', { state: "ok", count: 1 }],
		["{", { state: "malformed" }],
		["[]", { state: "malformed" }],
		["{} {}", { state: "malformed" }],
		['{"auths":{"r":{"auth":"dTpw"}},"credsStore":"x"}', { state: "malformed" }],
		['{"auths":{"r":{"auth":"dTpw","email":"x"}}}', { state: "malformed" }],
		['{"auths":{"r":{"username":"u","password":"s3cr3t"}}}', { state: "malformed" }],
		['{"auths":{"r":{}}}', { state: "malformed" }],
		['{"auths":{"r":{"auth":"%%"}}}', { state: "malformed" }],
		['{"auths":{"r":{"auth":"dQ=="}}}', { state: "malformed" }],
	])("%s", async (value, expected) => {
		const seen = await stateOf(value);
		expect(seen).toMatchObject(expected);
		expect(JSON.stringify(seen)).not.toMatch(/s3cr3t|dTpw|dQ==/);
	});
});
