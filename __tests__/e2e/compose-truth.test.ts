import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { Service } from "../../src/lint/compose/model.ts";
import { loadProject } from "../../src/lint/compose/project.ts";
import { readCorpus } from "../lint/support/corpus.ts";
import { tricky } from "./compose-truth/tricky.ts";
import { cached } from "./support/cache.ts";
import { must, which } from "./support/run.ts";

/** The library that Docker Compose reads its files with. */
const version = "v2.16.2";
const hasGo = (await which("go")) !== undefined;

interface Truth {
	readonly error?: string;
	readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
}

async function truthProgram(): Promise<string> {
	const folder = await cached("compose-truth", `${version} 1`, async (made) => {
		await cp(new URL("./compose-truth/main.go", import.meta.url), join(made, "main.go"));
		const requires = `require github.com/compose-spec/compose-go/v2 ${version}`;
		await writeFile(join(made, "go.mod"), `module truth\n\ngo 1.26.0\n\n${requires}\n`);
		await must("go", ["mod", "tidy"], { cwd: made, timeout: 300_000 });
		await must("go", ["build", "-o", "truth", "."], { cwd: made, timeout: 600_000 });
	});
	return join(folder, "truth");
}

let folder = "";
let program = "";
beforeAll(async () => {
	if (!hasGo) return;
	program = await truthProgram();
	folder = await mkdtemp(join(tmpdir(), "compose-truth-"));
}, 900_000);
afterAll(() => (folder === "" ? undefined : rm(folder, { recursive: true, force: true })));

type Folder = readonly [name: string, files: Readonly<Record<string, string>>];

/** The file of a folder that is named to Compose and to us. */
function mainFile(files: Readonly<Record<string, string>>): string {
	const names = Object.keys(files);
	return (
		names.find((name) => /^(?:docker-)?compose\.ya?ml$/.test(name)) ?? names.find((name) => /\.ya?ml$/.test(name)) ?? ""
	);
}

async function read(path: string): Promise<string | undefined> {
	return readFile(path, "utf8").catch(() => undefined);
}

/** The same of our reader: without secrets hidden, and with what is not set empty, as Compose has it. */
async function ours(path: string): Promise<Truth> {
	const loaded = await loadProject(path, (await read(path)) ?? "", read, { hide: false });
	if (loaded.kind === "broken") return { error: loaded.problem.message, services: null };
	return { services: Object.fromEntries(loaded.project.services.map((service) => [service.name, plain(service)])) };
}

const sorted = <T>(items: readonly T[]): readonly T[] =>
	[...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function plain(service: Service): Readonly<Record<string, unknown>> {
	const environment = [...service.environment].map(([name, { text, passed, unset }]) => [
		name,
		passed && unset.length > 0 ? null : text,
	]);
	return {
		image: service.image?.text ?? "",
		command: service.command?.words ?? null,
		entrypoint: service.entrypoint?.words ?? null,
		environment: Object.fromEntries(environment),
		mounts: sorted(service.mounts.map(({ type, source, target, readOnly }) => ({ type, source, target, readOnly }))),
		dependsOn: Object.fromEntries(service.dependsOn.map(({ service: other, condition }) => [other, condition])),
		networks: sorted([...service.networks.keys()]),
		restart: service.restart?.text ?? "",
		user: service.user?.text ?? "",
		privileged: service.privileged,
		profiles: sorted(service.profiles),
	};
}

async function compare(folders: readonly Folder[]): Promise<readonly (readonly [string, Truth, Truth])[]> {
	const apart = await mkdtemp(join(folder, "files-"));
	const paths = await Promise.all(
		folders.map(async ([, files], index) => {
			const place = join(apart, String(index));
			for (const [name, text] of Object.entries(files)) {
				await mkdir(dirname(join(place, name)), { recursive: true });
				await writeFile(join(place, name), text);
			}
			return join(place, mainFile(files));
		}),
	);
	await writeFile(join(folder, "paths"), `${paths.join("\n")}\n`);
	const output = await must("sh", ["-c", `env -i "$1" < "$2"`, "sh", program, join(folder, "paths")]);
	const truths = output
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Truth);
	return Promise.all(
		folders.map(async ([name], index) => {
			const { error, services } = truths[index] as Truth;
			const same = Object.entries(services ?? {}).map(([service, one]) => [
				service,
				{
					...one,
					environment: one.environment ?? {},
					mounts: sorted((one.mounts as readonly object[] | null) ?? []),
					networks: sorted((one.networks as readonly string[] | null) ?? []),
					profiles: sorted((one.profiles as readonly string[] | null) ?? []),
				},
			]);
			const truth = { ...(error !== undefined && { error }), services: Object.fromEntries(same) };
			return [name, truth, await ours(paths[index] ?? "")] as const;
		}),
	);
}

describe.runIf(hasGo)(`compose files, read by us and by compose-go ${version}`, () => {
	test("are the same services in everything that is tricky", async () => {
		const compared = await compare(Object.entries(tricky));
		expect(compared.length).toBeGreaterThanOrEqual(30);
		for (const [name, truth, mine] of compared) {
			expect.soft(truth.error, name).toBeUndefined();
			expect.soft(mine.services, name).toEqual(truth.services);
		}
	});

	test("are the same services in all cases", async () => {
		const cases = readCorpus().flatMap(({ name, texts }) => {
			const main = texts[mainFile(texts)];
			const isCompose =
				main !== undefined && /^services:/m.test(main) && parseAllDocuments(main, { merge: true })[0]?.toJS()?.services;
			return isCompose ? [[name, texts] as const] : [];
		});
		expect(cases.length).toBeGreaterThan(20);
		for (const [name, truth, mine] of await compare(cases)) {
			// A variable that is required, or a file that is missing, is not there for Compose either.
			if (truth.error !== undefined && /required variable|no such file|not found/.test(truth.error)) continue;
			expect.soft(truth.error !== undefined, `${name}: ${truth.error}`).toBe(mine.error !== undefined);
			if (truth.error === undefined) expect.soft(mine.services, name).toEqual(truth.services);
		}
	});
});
