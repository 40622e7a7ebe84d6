import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Report, Result } from "../../src/report/report.ts";

/** What a real machine does not let a run find out is `error`, and says what a finding says: not `missing`, not `broken`, not `pass`. */
const root = mkdtempSync(join(tmpdir(), "undecided-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const dist = join(root, "dist");
cpSync(fileURLToPath(new URL("../../dist", import.meta.url)), dist, { recursive: true });
chmodSync(root, 0o755);

const bin = join(root, "bin");
const home = join(root, "home");
const cache = join(root, "cache");
// Programs in a workspace are not run.
const workspace = join(root, "workspace");
const plugins = join(home, ".docker/cli-plugins");
for (const directory of [bin, plugins, workspace, join(cache, "node")]) mkdirSync(directory, { recursive: true });
writeFileSync(
	join(root, "policy.yml"),
	"version: 1\nprofiles:\n  team:\n    docker: { require: required, plugins: [buildx] }\n    tool-cache: persistent\n",
);

function program(name: string, lines: string): void {
	writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
	chmodSync(join(bin, name), 0o755);
}

/** Results of a run, by id. @param before Shell commands that limit the run. @param wrapper Starts the run as another user. */
function check(before: string, wrapper: readonly string[] = [], flags: readonly string[] = []): Map<string, Result> {
	const command = [...wrapper, process.execPath, join(dist, "cli.js"), "check", "--format", "json", ...flags];
	const { stdout, stderr } = spawnSync("sh", ["-c", `${before}; exec "$@"`, "sh", ...command], {
		cwd: workspace,
		encoding: "utf8",
		env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home, RUNNER_TOOL_CACHE: cache },
	});
	expect(stdout, stderr).toMatch(/^\{/);
	const { results } = JSON.parse(stdout) as Report;
	for (const result of results.filter(({ status }) => status === "error")) {
		const { title, message, why, expected, observed, remedy } = result;
		for (const text of [title, message, why, expected, observed, remedy?.text]) expect(text, result.id).toMatch(/\S/);
		expect(title.length, title).toBeLessThanOrEqual(60);
	}
	return new Map(results.map((result) => [result.id, result]));
}

const team = ["--policy", join(root, "policy.yml"), "--profile", "team"];

test.each([22, 24, 26])("with %i open files, no tool is called missing or broken", (limit) => {
	program("docker", 'echo "Docker version 29.1.2, build x"');
	program("git", 'echo "git version 2.50.0"');
	const results = check(`ulimit -n ${limit}`, [], ["--profile", "generic", "--docker", "required"]);
	for (const id of ["docker/cli", "tool/git"]) {
		// How many files a run needs is its own business: with a few more, one of the tools may start.
		if (limit > 22 && results.get(id)?.status === "pass") continue;
		expect(results.get(id)).toMatchObject({ status: "error", reason: "undecided", observed: "EMFILE" });
		expect(results.get(id)?.remedy?.commands).toContain("ulimit -n");
	}
});

test("a CLI that hangs is named, with the command to try by hand", () => {
	program("docker", "exec sleep 600");
	const result = check(":", [], [...team, "--timeout", "1s"]).get("docker/cli");
	expect(result).toMatchObject({ status: "error", title: "`docker --version` did not answer in time" });
	expect(result?.remedy?.commands).toContain("time timeout 60 docker --version");
});

describe.runIf(process.getuid?.() === 0)("an ordinary user", () => {
	const nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

	test("and directories that are closed to it, which are not empty", () => {
		program("docker", 'echo "Docker version 29.1.2, build x"');
		chmodSync(cache, 0o777);
		chmodSync(plugins, 0o700);
		chmodSync(join(cache, "node"), 0o700);
		const results = check(":", nobody, team);
		expect(results.get("docker/plugins")).toMatchObject({ status: "error", observed: "EACCES" });
		expect(results.get("docker/plugins")?.message).toContain(join(plugins, "docker-buildx"));
		expect(results.get("runner/tool-cache")).toMatchObject({ status: "error", observed: "EACCES" });
		expect(results.get("runner/tool-cache")?.message).toContain(join(cache, "node"));
	});

	test("and a directory of plugins that it may enter, though not list: the CLI finds the plugin, and so does the check", () => {
		program("docker", 'echo "Docker version 29.1.2, build x"');
		writeFileSync(join(plugins, "docker-buildx"), "#!/bin/sh\n");
		chmodSync(join(plugins, "docker-buildx"), 0o755);
		chmodSync(plugins, 0o711);
		expect(check(":", nobody, team).get("docker/plugins")).toMatchObject({ status: "pass", message: "buildx" });
	});
});
