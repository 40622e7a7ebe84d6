import * as fs from "node:fs";
import { promises } from "node:fs";
import { promisify } from "node:util";
import { now } from "../clock.ts";

type Answer<T> = T | Promise<T>;

/** The calls by which we look at files. They reject, or throw, as Node's do. None writes: on a frozen file system that waits for its thaw. */
export interface FileCalls {
	/** `undefined`, or an error, if there is nothing. */
	lstat(path: string): Answer<fs.Stats | undefined>;
	stat(path: string): Answer<fs.Stats | undefined>;
	access(path: string, mode: number): Answer<void>;
	readlink(path: string): Answer<string>;
	realpath(path: string): Answer<string>;
	/** @returns a file descriptor. */
	open(path: string, flags: number): Answer<number>;
	fstat(file: number): Answer<fs.Stats>;
	/** Fills a buffer from an offset on. @returns how many bytes were read. */
	read(file: number, buffer: Buffer, offset: number): Answer<number>;
	close(file: number): Answer<void>;
}

/** So long may calls at once take, in milliseconds, before timers, answers and the output of programs get their turn. */
const turnMs = 10;
let spentMs = 0;

/** May a call still be made at once in this turn of the event loop? */
export function hasTurn(): boolean {
	return spentMs < turnMs;
}

/** The same call, whose time counts. */
function timed<Args extends unknown[], T>(call: (...args: Args) => T): (...args: Args) => T {
	return (...args) => {
		const began = now();
		try {
			return call(...args);
		} finally {
			if (spentMs === 0)
				setImmediate(() => {
					spentMs = 0;
				});
			spentMs += now() - began;
		}
	};
}

/** Everything waits for the answer, which takes a tenth of the time: a run makes hundreds of such calls. */
export const atOnce: FileCalls = {
	lstat: timed((path) => fs.lstatSync(path, { throwIfNoEntry: false })),
	stat: timed((path) => fs.statSync(path, { throwIfNoEntry: false })),
	access: timed(fs.accessSync),
	readlink: timed((path) => fs.readlinkSync(path)),
	realpath: timed((path) => fs.realpathSync.native(path)),
	open: timed(fs.openSync),
	fstat: timed((file) => fs.fstatSync(file)),
	read: timed((file, buffer, offset) => fs.readSync(file, buffer, offset, buffer.length - offset, null)),
	close: timed(fs.closeSync),
};

const [open, fstat, close] = [promisify(fs.open), promisify(fs.fstat), promisify(fs.close)];
const read = promisify(fs.read);

/** Through Node's thread pool: deadlines go on counting, and a call that never returns occupies one of its four threads. */
export const pooled: FileCalls = {
	lstat: (path) => promises.lstat(path),
	stat: (path) => promises.stat(path),
	access: promises.access,
	readlink: (path) => promises.readlink(path),
	realpath: (path) => promises.realpath(path),
	open,
	fstat: (file) => fstat(file),
	read: async (file, buffer, offset) => (await read(file, buffer, offset, buffer.length - offset, null)).bytesRead,
	close,
};
