// Answers every question with "no such name", but never one about a domain called `dead`. Prints `up` when it listens.
import { createSocket } from "node:dgram";

const socket = createSocket("udp4");
socket.on("message", (query, { port, address }) => {
	const end = query.indexOf(0, 12);
	if (query.includes("dead", 12)) return;
	const header = Buffer.alloc(12);
	query.copy(header, 0, 0, 2);
	header.writeUInt16BE(0x8183, 2);
	header.writeUInt16BE(1, 4);
	socket.send(Buffer.concat([header, query.subarray(12, end + 5)]), port, address);
});
socket.bind(53, "127.0.0.1", () => console.log("up"));
