import { describe, expect, it } from "vitest";
import { dockerCli } from "../../../src/checks/docker/cli.ts";
import type { DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import type { ToolFacts } from "../../../src/probes/tools.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { exited } from "../../support/fake-host.ts";
import { createCli, createContainer, createJob, createTool, debian, findingOf, fixOf } from "./facts.ts";

const none: DockerCliFacts = { product: "none", plugins: [] };
const judgeCli = (
	tool: Partial<ToolFacts>,
	cli: DockerCliFacts = none,
	require: "required" | "optional" = "required",
) =>
	judge(
		dockerCli,
		{ tool: createTool(tool), cli, container: createContainer(), job: createJob(), os: debian },
		createPolicy({ docker: { require, plugins: [] } }),
	);
const notFound: Partial<ToolFacts> = { run: { kind: "not-found" } };
const ran = (stdout: string, code = 0, stderr = ""): Partial<ToolFacts> => ({
	run: { kind: "ran", outcome: exited(stdout, code, stderr) },
});

describe("passes", () => {
	it("a build without a version number, and a relative of Docker's CLI", () => {
		const unnumbered: DockerCliFacts = { product: "docker", plugins: [] };
		expect(judgeCli(ran("Docker version dev, build abc\n"), unnumbered).kind).toBe("pass");
		const nerdctl: DockerCliFacts = { product: "other", version: "2.0.0", plugins: [] };
		expect(judgeCli(ran("nerdctl version 2.0.0\n"), nerdctl).kind).toBe("pass");
	});

	it("one that warns on stderr", () => {
		const warning = "WARNING: Error loading config file: open /root/.docker/config.json: permission denied\n";
		expect(judgeCli(ran("Docker version 29.7.2, build 9f4be4fde6\n", 0, warning), createCli()).kind).toBe("pass");
	});

	it("skips an absent one that is optional", () => {
		expect(judgeCli(notFound, none, "optional")).toMatchObject({ kind: "skip", reason: "absent" });
	});
});

it("does not pass what it could not find out", () => {
	expect(judgeCli({ run: { kind: "search-timed-out", directory: "/mnt/nfs/bin" } }).kind).toBe("undecided");
	const hung = { kind: "timed-out", abandoned: false, stdout: "", stderr: "", ms: 10_000 } as const;
	expect(judgeCli({ run: { kind: "ran", outcome: hung } }).kind).toBe("undecided");
});

it.each(["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"])("is undecided if the machine has no room for it (%s)", (code) => {
	const full = { kind: "not-started", code, stdout: "", stderr: "", ms: 1 } as const;
	expect(judgeCli({ run: { kind: "ran", outcome: full } })).toMatchObject({
		kind: "undecided",
		remedy: { commands: expect.arrayContaining([expect.any(String)]) },
	});
	const unreadable = judgeCli({ ...notFound, unusable: [{ path: "/x/docker", kind: "unreadable", code }] });
	expect(unreadable).toMatchObject({ kind: "undecided", observed: code });
});

it("is undecided if a directory of PATH cannot be read, and names it", () => {
	const verdict = judgeCli({ ...notFound, unusable: [{ path: "/x/docker", kind: "unreadable", code: "EIO" }] });
	expect(verdict).toMatchObject({ kind: "undecided", message: expect.stringContaining("`/x/docker`") });
});

describe("off-path", () => {
	it("gets its directory onto the PATH like any tool, and writes to no directory of the system", () => {
		const verdict = judgeCli({ ...notFound, path: ["/usr/bin"], elsewhere: ["/my tools/docker"] });
		expect(findingOf(verdict).remedy.config?.text).toBe('ENV PATH="/my tools:$PATH"');
		expect(findingOf(verdict).remedy.otherwise?.commands).toEqual(["echo '/my tools' >> \"$GITHUB_PATH\""]);
		expect(fixOf(verdict)).not.toContain("/usr/bin");
	});

	it("is not an absence: someone installed it", () => {
		expect(findingOf(judgeCli({ ...notFound, elsewhere: ["/x/docker"] }, none, "optional")).reason).toBe("off-path");
	});
});

describe("broken", () => {
	const ended = { stdout: "", stderr: "", ms: 1 };

	it.each<[string, Partial<ToolFacts>]>([
		["is killed by SIGSEGV", { run: { kind: "ran", outcome: { kind: "signalled", signal: "SIGSEGV", ...ended } } }],
		[
			"The file is empty.",
			{
				run: { kind: "ran", outcome: { kind: "not-started", code: "ENOEXEC", ...ended } },
				file: { format: "empty" },
			},
		],
	])("%s", (message, tool) => {
		expect(findingOf(judgeCli(tool))).toMatchObject({ reason: "broken", message: expect.stringContaining(message) });
	});
});
