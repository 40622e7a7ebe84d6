import { connect } from "node:net";
import { codeOf } from "./files.ts";
import type { HttpOutcome, HttpRequest } from "./host.ts";
import { failed, HttpAnswer } from "./http-answer.ts";

/**
 * One HTTP request over a unix socket, on a connection of its own. Never rejects. A healthy run asks Docker eight questions;
 * Node's own client takes 8 ms more for them, a third of what Node itself needs to start (docs/performance.md).
 * Outcomes are those of Node's client, with its codes.
 */
export function requestOverSocket(socketPath: string, wanted: HttpRequest): Promise<HttpOutcome> {
	return new Promise((resolve) => {
		if (!isSendable(wanted)) {
			resolve(failed("ERR_UNESCAPED_CHARACTERS", "The request has characters that HTTP does not allow there"));
			return;
		}
		const answer = new HttpAnswer(wanted.maxBody ?? 1024 * 1024, wanted.method !== "HEAD");
		const socket = connect({ path: socketPath });
		const end = (outcome: HttpOutcome): void => {
			wanted.signal.removeEventListener("abort", onAbort);
			socket.destroy();
			resolve(outcome);
		};
		const onAbort = (): void => end({ kind: "timed-out" });

		socket.on("error", (error) => end(failed(codeOf(error), error.message)));
		socket.on("data", (bytes: Buffer) => {
			const outcome = answer.take(bytes);
			if (outcome) end(outcome);
		});
		socket.on("end", () => end(answer.end()));
		if (wanted.signal.aborted) return onAbort();
		wanted.signal.addEventListener("abort", onAbort, { once: true });
		socket.write(headOf(wanted) + (wanted.body ?? ""));
	});
}

/** Nothing that would end the line it stands in. */
function isSendable({ path, headers = {} }: HttpRequest): boolean {
	return !/[^!-~]/.test(path) && !/[^ -~]/.test(Object.entries(headers).flat().join(""));
}

function headOf({ method = "GET", path, headers, body }: HttpRequest): string {
	const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
	const lines = Object.entries({ host: "localhost", connection: "close", ...length, ...headers });
	return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}
