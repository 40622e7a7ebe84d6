import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Cleanup } from "./cleanup.ts";
import { unpackedPackages } from "./debian.ts";
import { freePort } from "./free-port.ts";

/** Debian's packages of Prometheus, unpacked: `prometheus`, `promtool`, `amtool`, … are in this folder. */
export async function prometheusPrograms(): Promise<string> {
	const names = ["prometheus", "prometheus-alertmanager", "prometheus-node-exporter", "prometheus-pushgateway"];
	return join(await unpackedPackages("bookworm", names), "usr/bin");
}

/** An alert as Alertmanager tells it. */
export interface Alert {
	readonly status: "firing" | "resolved";
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations: Readonly<Record<string, string>>;
}

export interface PrometheusStack extends AsyncDisposable {
	/** Files here that end in `.prom` are what the host tells. */
	readonly textfiles: string;
	/** Address of the Pushgateway. */
	readonly gateway: string;
	/** All that was told so far, the oldest first. */
	readonly alerts: readonly Alert[];
	/** The value of an expression; `undefined` if it has none. */
	query(expression: string): Promise<number | undefined>;
}

/** Prometheus with the configuration and rules of the examples, but in seconds instead of minutes, on loopback. */
export async function startPrometheus(folder: string): Promise<PrometheusStack> {
	const cleanup = new Cleanup();
	const programs = await prometheusPrograms();
	const alerts: Alert[] = [];
	try {
		const [prometheus, alertmanager, gateway, exporter] = await Promise.all([
			freePort(),
			freePort(),
			freePort(),
			freePort(),
		]);
		const receiver = createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk);
			alerts.push(...JSON.parse(Buffer.concat(chunks).toString()).alerts);
			response.end();
		});
		await once(receiver.listen(0, "127.0.0.1"), "listening");
		cleanup.add(() => receiver.close());
		const { port } = receiver.address() as AddressInfo;

		const textfiles = join(folder, "runner-check/node-exporter");
		await mkdir(textfiles, { recursive: true });
		const inSeconds = (text: string) => text.replace(/(interval|wait): \d+[ms]$/gm, "$1: 1s");
		const example = async (name: string) => inSeconds(await readFile(`examples/prometheus/${name}`, "utf8"));
		const config = (await example("prometheus.yml"))
			.replace(
				"/etc/prometheus/runner-check.rules.yml",
				join(process.cwd(), "examples/prometheus/runner-check.rules.yml"),
			)
			.replace("localhost:9093", `127.0.0.1:${alertmanager}`)
			.replace("localhost:9091", `127.0.0.1:${gateway}`)
			.replace("titan.example:9100, gpu.example:9100", `"127.0.0.1:${exporter}"`);
		const routes = (await example("alertmanager.yml")).replace("localhost:8080", `127.0.0.1:${port}`);
		await writeFile(join(folder, "prometheus.yml"), config);
		await writeFile(join(folder, "alertmanager.yml"), routes);

		const start = (program: string, listen: number, ...flags: readonly string[]) =>
			cleanup.use(startProgram(programs, program, [...flags, `--web.listen-address=127.0.0.1:${listen}`]));
		start("prometheus-pushgateway", gateway, "--persistence.file=");
		// The pattern of docs/prometheus.md.
		start(
			"prometheus-node-exporter",
			exporter,
			"--collector.disable-defaults",
			"--collector.textfile",
			`--collector.textfile.directory=${folder}/*/node-exporter`,
		);
		start(
			"prometheus-alertmanager",
			alertmanager,
			`--config.file=${folder}/alertmanager.yml`,
			`--storage.path=${folder}/alerts`,
			"--cluster.listen-address=",
		);
		start("prometheus", prometheus, `--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`);
		const ready = [`${alertmanager}/-/ready`, `${gateway}/-/ready`, `${exporter}/metrics`, `${prometheus}/-/ready`];
		await Promise.all(ready.map((path) => answers(`http://127.0.0.1:${path}`)));
		return {
			textfiles,
			gateway: `http://127.0.0.1:${gateway}`,
			alerts,
			async query(expression) {
				const url = `http://127.0.0.1:${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`;
				const { data } = (await (await fetch(url)).json()) as {
					data: { result: readonly { value: [number, string] }[] };
				};
				const value = data.result[0]?.value[1];
				return value === undefined ? undefined : Number(value);
			},
			[Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose](),
		};
	} catch (error) {
		await cleanup[Symbol.asyncDispose]();
		throw error;
	}
}

/**
 * A daemon that ends with this process, however that ends. It sees its own package in /usr/share, because Debian's Alertmanager
 * looks for its templates there.
 */
function startProgram(programs: string, program: string, flags: readonly string[]): AsyncDisposable {
	const start = 'mount --bind "$1/../share" /usr/share && shift && exec "$@"';
	const words = [
		"--pdeathsig=KILL",
		"unshare",
		"--mount",
		"sh",
		"-c",
		start,
		"sh",
		programs,
		join(programs, program),
		...flags,
	];
	const child = spawn("setpriv", words, { stdio: "ignore" });
	const ended = once(child, "exit");
	return {
		async [Symbol.asyncDispose]() {
			child.kill("SIGKILL");
			await ended;
		},
	};
}

async function answers(url: string): Promise<void> {
	const deadline = Date.now() + 30_000;
	while (Date.now() < deadline) {
		const isReady = await fetch(url).then(
			(response) => response.ok,
			() => false,
		);
		if (isReady) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${url} is not ready`);
}
