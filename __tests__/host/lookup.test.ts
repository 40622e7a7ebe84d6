import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lookup, lookupFor } from "../../src/host/lookup.ts";

let directory: string;
let sockets: Socket[];
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "runner-check-"));
	sockets = [];
});
afterEach(() => {
	for (const socket of sockets) socket.close();
	rmSync(directory, { recursive: true, force: true });
});

const A = 1;
const AAAA = 28;
type Answer = "silence" | { readonly code: number; readonly data?: readonly number[] };

/** A nameserver that gives one answer for each type of question. */
async function nameserver(answers: Readonly<Record<number, Answer>>): Promise<string> {
	const socket = createSocket("udp4");
	sockets.push(socket);
	socket.on("message", (query, { port, address }) => {
		// A question ends with its name, two bytes of type and two of class.
		const end = query.indexOf(0, 12) + 5;
		const answer = answers[query.readUInt16BE(end - 4)] ?? { code: 0 };
		if (answer === "silence") return;
		const header = Buffer.alloc(12);
		query.copy(header, 0, 0, 2);
		header.writeUInt16BE(0x8180 | answer.code, 2);
		header.writeUInt16BE(1, 4);
		header.writeUInt16BE(answer.data ? 1 : 0, 6);
		const record = answer.data
			? Buffer.from([0xc0, 12, 0, query[end - 3] ?? 0, 0, 1, 0, 0, 0, 60, 0, answer.data.length, ...answer.data])
			: Buffer.alloc(0);
		socket.send(Buffer.concat([header, query.subarray(12, end), record]), port, address);
	});
	socket.bind(0, "127.0.0.1");
	await once(socket, "listening");
	return `127.0.0.1:${socket.address().port}`;
}

const four: Answer = { code: 0, data: [192, 0, 2, 7] };
const six: Answer = { code: 0, data: [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7] };
const noSuchName: Answer = { code: 3 };

const ask = async (answers: Readonly<Record<number, Answer>>, timeoutMs = 5000) =>
	lookup("registry.example", AbortSignal.timeout(timeoutMs), {
		servers: [await nameserver(answers)],
		hostsFile: join(directory, "nothing"),
	});

describe("lookup", () => {
	it("asks nobody for this machine's own names", async () => {
		const signal = AbortSignal.timeout(5000);
		const own = [
			{ address: "127.0.0.1", family: 4 },
			{ address: "::1", family: 6 },
		];
		for (const name of ["localhost", "LOCALHOST.", "app.localhost"]) {
			expect(await lookup(name, signal, { servers: ["127.0.0.1:1"] })).toEqual(own);
		}
	});

	it("reads the hosts file first", async () => {
		const hostsFile = join(directory, "hosts");
		writeFileSync(hostsFile, "# gitea\n::7 Gitea.lan gitea\n192.0.2.9\tgitea # the forge\n192.0.2.8 other\n");
		expect(await lookup("gitea", AbortSignal.timeout(5000), { hostsFile, servers: ["127.0.0.1:1"] })).toEqual([
			{ address: "192.0.2.9", family: 4 },
			{ address: "::7", family: 6 },
		]);
	});

	it("asks DNS for both families, IPv4 first", async () => {
		expect(await ask({ [A]: four, [AAAA]: six })).toEqual([
			{ address: "192.0.2.7", family: 4 },
			{ address: "2001:db8::7", family: 6 },
		]);
		expect(await ask({ [A]: { code: 0 }, [AAAA]: six })).toEqual([{ address: "2001:db8::7", family: 6 }]);
	});

	it("waits for no second family that never comes", async () => {
		const started = Date.now();
		expect(await ask({ [A]: four, [AAAA]: "silence" }, 15_000)).toEqual([{ address: "192.0.2.7", family: 4 }]);
		expect(Date.now() - started).toBeLessThan(10_000);
	});

	it("goes on to the next nameserver soon", async () => {
		const servers = [await nameserver({ [A]: "silence", [AAAA]: "silence" }), await nameserver({ [A]: four })];
		const hostsFile = join(directory, "nothing");
		const found = await lookup("registry.example", AbortSignal.timeout(2500), { servers, hostsFile });
		expect(found).toEqual([{ address: "192.0.2.7", family: 4 }]);
	});

	it("tells a name that does not exist from one that nobody could say", async () => {
		await expect(ask({ [A]: noSuchName, [AAAA]: noSuchName })).rejects.toMatchObject({
			code: expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/),
		});
		const refused = { code: 5 };
		await expect(ask({ [A]: refused, [AAAA]: refused })).rejects.toMatchObject({ code: "EAI_AGAIN" });
		await expect(ask({ [A]: { code: 0 }, [AAAA]: { code: 2 } })).rejects.toMatchObject({ code: "EAI_AGAIN" });
	});

	it("ends at the deadline where the nameserver never answers", async () => {
		await expect(ask({ [A]: "silence", [AAAA]: "silence" }, 200)).rejects.toMatchObject({ code: "EAI_AGAIN" });
		await expect(lookup("x.example", AbortSignal.abort())).rejects.toMatchObject({ code: "EAI_AGAIN" });
	});

	it("speaks as connections want it", async () => {
		const find = lookupFor(AbortSignal.timeout(5000));
		const one = await new Promise((resolve) => find("localhost", {}, (...answer) => resolve(answer)));
		expect(one).toEqual([null, "127.0.0.1", 4]);
		const all = await new Promise((resolve) => find("localhost", { all: true }, (...answer) => resolve(answer)));
		expect(all).toMatchObject([null, [{ address: "127.0.0.1" }, { address: "::1" }]]);
	});
});
