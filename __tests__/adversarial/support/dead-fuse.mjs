/**
 * A FUSE file system in a mount namespace, for a command that is run beside it: `node dead-fuse.mjs MODE MOUNTPOINT COMMAND…`. It has a
 * root directory without entries.
 *
 * - `deaf` reads no request, so a process that waits for an answer can be killed.
 * - `silent` reads every request and answers none: a process that waits then cannot even be killed.
 * - `alive` answers.
 * - `dying` answers until there is a file MOUNTPOINT.dead, and then is silent.
 *
 * Prints nothing. Exits like the command; before that it ends the connection, which frees everybody who still waits.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, openSync, read, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";

const [mode, mountpoint, ...command] = process.argv.slice(2);
// Of the command. Its PATH may lead to the mount, and our own programs must not be searched for there.
const env = { ...process.env };
process.env.PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
const device = openSync("/dev/fuse", "r+");
const options = "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other";
const type = `fuse.${mode}`;
const mounted = spawnSync("mount", ["-i", "-t", type, "-o", options, "storage.example:/jobs", mountpoint], {
	stdio: ["ignore", "inherit", "inherit", device],
	timeout: 10_000,
});
if (mounted.status !== 0) process.exit(99);

const opcode = {
	lookup: 1,
	forget: 2,
	getattr: 3,
	statfs: 17,
	release: 18,
	init: 26,
	opendir: 27,
	readdir: 28,
	releasedir: 29,
};
const ENOENT = 2;
const ENOSYS = 38;

/** fuse_attr of a directory that everybody may use. */
function attributes() {
	const attr = Buffer.alloc(88);
	attr.writeBigUInt64LE(1n, 0);
	attr.writeUInt32LE(0o40777, 60);
	attr.writeUInt32LE(2, 64);
	return attr;
}

function bodyFor(operation) {
	switch (operation) {
		case opcode.init: {
			const body = Buffer.alloc(64);
			body.writeUInt32LE(7, 0);
			body.writeUInt32LE(31, 4);
			body.writeUInt32LE(4096, 20);
			return body;
		}
		case opcode.getattr:
			return Buffer.concat([Buffer.alloc(16), attributes()]);
		case opcode.opendir:
			return Buffer.alloc(16);
		case opcode.statfs:
			return Buffer.alloc(80);
		case opcode.readdir:
		case opcode.release:
		case opcode.releasedir:
			return Buffer.alloc(0);
		case opcode.lookup:
			return -ENOENT;
		default:
			return -ENOSYS;
	}
}

function answer(request) {
	const operation = request.readUInt32LE(4);
	if (operation === opcode.forget) return;
	const isDead = mode === "silent" || (mode === "dying" && existsSync(`${mountpoint}.dead`));
	if (isDead && operation !== opcode.init) return;
	const body = bodyFor(operation);
	const header = Buffer.alloc(16);
	header.writeUInt32LE(16 + (typeof body === "number" ? 0 : body.length), 0);
	if (typeof body === "number") header.writeInt32LE(body, 4);
	request.copy(header, 8, 8, 16);
	writeSync(device, typeof body === "number" ? header : Buffer.concat([header, body]));
}

const buffer = Buffer.alloc(1024 * 1024);
function next() {
	read(device, buffer, 0, buffer.length, null, (error, length) => {
		// ENODEV: unmounted or aborted.
		if (error) return;
		answer(buffer.subarray(0, length));
		if (mode !== "deaf") next();
	});
}
next();

/** Frees everybody who waits: the minor number of its device names the connection. */
function abort() {
	const line = readFileSync("/proc/self/mountinfo", "utf8")
		.split("\n")
		.find((each) => each.split(" ")[4] === mountpoint);
	const minor = line?.split(" ")[2]?.split(":")[1];
	if (!readdirSync("/sys/fs/fuse/connections").includes(minor ?? ""))
		spawnSync("mount", ["-t", "fusectl", "fusectl", "/sys/fs/fuse/connections"]);
	writeFileSync(`/sys/fs/fuse/connections/${minor}/abort`, "1");
}

const [program, ...args] = command;
const child = spawn(program, args, { stdio: "inherit", detached: true, env });
child.on("exit", (code, signal) => {
	abort();
	process.exit(code ?? (signal ? 98 : 97));
});
// The command did not end: whoever called gives up, and nothing may stay. Nothing here may touch the mount.
process.on("SIGTERM", () => {
	abort();
	process.kill(-child.pid, "SIGKILL");
});
