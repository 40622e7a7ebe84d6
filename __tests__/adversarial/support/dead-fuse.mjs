/**
 * A FUSE file system in a mount namespace, for a command that is run beside it: `node dead-fuse.mjs MODE MOUNTPOINT COMMAND…`. Its root
 * directory has one file, `tool`, a script that makes the file MOUNTPOINT.dead, and fails after a while.
 * With SEARCH set, it waits first, until only its own calls are under way, and searches PATH for a program afterwards.
 *
 * - `deaf` reads no request, so a process that waits for an answer can be killed.
 * - `silent` reads every request and answers none: a process that waits then cannot even be killed.
 * - `alive` answers.
 * - `dying` answers until there is a file MOUNTPOINT.dead, and then is silent; `vanishing` becomes deaf then, and makes MOUNTPOINT.gone when it is.
 *
 * Exits like the command; before that it ends the connection, which frees everybody who still waits.
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
	open: 14,
	read: 15,
	statfs: 17,
	release: 18,
	init: 26,
	opendir: 27,
	readdir: 28,
};
const [releasedir, batchForget] = [29, 42];
const ENOENT = 2;
const ENOSYS = 38;
const toolNode = 2n;
const untilGone = mode === "vanishing" ? `until [ -e ${mountpoint}.gone ]; do /bin/sleep 0.02; done` : ":";
const tool = Buffer.from(
	`#!/bin/sh\n[ -z "$SEARCH" ] || /bin/sleep 1\n: > ${mountpoint}.dead\n${untilGone}\n[ -z "$SEARCH" ] || ls\n/bin/sleep 1\nexit 1\n`,
);

/** fuse_attr of the directory or the file, which everybody may use. */
function attributes(node) {
	const attr = Buffer.alloc(88);
	attr.writeBigUInt64LE(node, 0);
	attr.writeBigUInt64LE(BigInt(node === toolNode ? tool.length : 0), 8);
	attr.writeUInt32LE(node === toolNode ? 0o100755 : 0o40777, 60);
	attr.writeUInt32LE(1, 64);
	return attr;
}

/** The answer, or a negative errno. */
function bodyFor(operation, node, request) {
	switch (operation) {
		case opcode.init: {
			const body = Buffer.alloc(64);
			body.writeUInt32LE(7, 0);
			body.writeUInt32LE(31, 4);
			body.writeUInt32LE(4096, 20);
			return body;
		}
		case opcode.lookup: {
			const name = request.toString("utf8", 40, request.length - 1);
			if (name !== "tool") return -ENOENT;
			const entry = Buffer.alloc(40);
			entry.writeBigUInt64LE(toolNode, 0);
			return Buffer.concat([entry, attributes(toolNode)]);
		}
		case opcode.getattr:
			return Buffer.concat([Buffer.alloc(16), attributes(node)]);
		case opcode.open:
		case opcode.opendir:
			return Buffer.alloc(16);
		case opcode.read: {
			const offset = Number(request.readBigUInt64LE(48));
			return tool.subarray(offset, offset + request.readUInt32LE(56));
		}
		case opcode.statfs:
			return Buffer.alloc(80);
		case opcode.readdir:
		case opcode.release:
		case releasedir:
			return Buffer.alloc(0);
		default:
			return -ENOSYS;
	}
}

/** The process whose request is the last that is read. */
let lastCaller;

const hasDied = () => existsSync(`${mountpoint}.dead`);

/** Deaf from now on: it was read, and nothing will be after it. */
const isLastRequest = (request) => lastCaller !== undefined && request.readUInt32LE(32) === lastCaller;

function answer(request) {
	const operation = request.readUInt32LE(4);
	if (operation === opcode.forget || operation === batchForget) return;
	const isDead = mode === "silent" || (mode === "dying" && hasDied());
	if (isDead && operation !== opcode.init) return;
	const body = bodyFor(operation, request.readBigUInt64LE(16), request);
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
		const request = buffer.subarray(0, length);
		if (isLastRequest(request)) {
			writeFileSync(`${mountpoint}.gone`, "");
			return;
		}
		answer(request);
		if (mode !== "deaf") next();
	});
}
next();

if (mode === "vanishing") {
	const timer = setInterval(() => {
		if (!hasDied()) return;
		clearInterval(timer);
		// Takes the read that already waits, so that the next request is read by nobody. Another's request that was read and is
		// not answered could not be killed, so those are answered until then.
		lastCaller = spawn("stat", ["-f", mountpoint], { stdio: "ignore" }).pid;
	}, 20);
}

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
