import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Real servers on this machine's loopback, which all end with the test. */
export class Servers {
	readonly #servers: Server[] = [];
	readonly #sockets = new Set<Socket>();

	/** @returns the port. */
	async listen(server: Server, address = "127.0.0.1"): Promise<number> {
		this.#servers.push(server);
		server.on("connection", (socket: Socket) => {
			this.#sockets.add(socket);
			socket.on("error", () => undefined);
			socket.on("close", () => this.#sockets.delete(socket));
		});
		server.listen(0, address);
		await new Promise((resolve) => server.once("listening", resolve));
		return (server.address() as AddressInfo).port;
	}

	http(answer: RequestListener): Promise<number> {
		return this.listen(createServer(answer));
	}

	https({ key, cert }: Certificate, answer: RequestListener): Promise<number> {
		return this.listen(createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer));
	}

	/** Takes every connection and says nothing. */
	silent(): Promise<number> {
		return this.listen(createTcpServer());
	}

	/** Takes every connection and breaks it off. */
	breaking(): Promise<number> {
		return this.listen(createTcpServer((socket) => socket.destroy()));
	}

	/** A port that nobody listens at. */
	async closed(): Promise<number> {
		const server = createTcpServer();
		const port = await this.listen(server);
		await new Promise((resolve) => server.close(resolve));
		return port;
	}

	/**
	 * A proxy that makes tunnels and fetches plain http, whatever the host: all of it comes from `port` of this machine.
	 * @returns its port, and the log of what it was asked for.
	 */
	async proxy(port: number, options: { readonly login?: string } = {}): Promise<{ port: number; asked: string[] }> {
		const asked: string[] = [];
		const welcome = (header: string | undefined): boolean =>
			options.login === undefined || header === `Basic ${Buffer.from(options.login).toString("base64")}`;
		const server = createServer((request, response) => {
			asked.push(`${request.method} ${request.url}`);
			if (!welcome(request.headers["proxy-authorization"])) return response.writeHead(407).end();
			response.setHeader("content-type", "application/json");
			response.end('{"version":"through the proxy"}');
		});
		server.on("connect", (request, socket: Socket) => {
			asked.push(`CONNECT ${request.url}`);
			socket.on("error", () => undefined);
			if (!welcome(request.headers["proxy-authorization"])) {
				socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
				return;
			}
			const onward = connect(port, "127.0.0.1", () => {
				socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
				onward.pipe(socket).pipe(onward);
			});
			onward.on("error", () => socket.destroy());
		});
		return { port: await this.listen(server), asked };
	}

	close(): void {
		for (const socket of this.#sockets) socket.destroy();
		for (const server of this.#servers) server.close();
	}
}

/** Paths of PEM files. */
export interface Certificate {
	readonly key: string;
	readonly cert: string;
}

/** Certificates made for the test, which no machine trusts. */
export class Certificates {
	readonly #directory = mkdtempSync(join(tmpdir(), "runner-check-tls-"));

	/** Signed by itself, for these names (`DNS:git.example,IP:127.0.0.1`); without any, it has the common name `name` alone. */
	make(name: string, names?: string, days = 30): Certificate {
		const file = (kind: string) => join(this.#directory, `${name}.${kind}`);
		const made = { key: file("key"), cert: file("crt") };
		const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", made.key];
		const subject = ["-subj", `/CN=${name}`, ...(names === undefined ? [] : ["-addext", `subjectAltName=${names}`])];
		execFileSync("openssl", ["req", "-x509", ...key, "-out", made.cert, "-days", `${days}`, ...subject], {
			stdio: "pipe",
		});
		return made;
	}

	remove(): void {
		rmSync(this.#directory, { recursive: true, force: true });
	}
}
