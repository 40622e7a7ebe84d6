import { describe, expect, it } from "vitest";
import { dockerCli } from "../../../src/checks/docker/cli.ts";
import type { DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import type { ToolFacts } from "../../../src/probes/tools.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { exited } from "../../support/fake-host.ts";
import { createCli, createContainer, createTool, debian, findingOf, wayOut } from "./facts.ts";

interface Place {
	readonly require?: "required" | "optional";
	readonly mode?: "container" | "host";
	readonly os?: string;
}

const none: DockerCliFacts = { product: "none", plugins: [] };
const judgeCli = (tool: Partial<ToolFacts>, cli: DockerCliFacts = none, place: Place = {}) =>
	judge(
		dockerCli,
		{
			tool: createTool(tool),
			cli,
			container: createContainer({ mode: place.mode ?? "container" }),
			os: { ...debian, name: place.os ?? debian.name },
		},
		createPolicy({ docker: { require: place.require ?? "required", plugins: [] } }),
	);
const notFound: Partial<ToolFacts> = { run: { kind: "not-found" } };
const ran = (stdout: string, code = 0, stderr = ""): Partial<ToolFacts> => ({
	run: { kind: "ran", outcome: exited(stdout, code, stderr) },
});

describe("what is right", () => {
	it("names the version", () => {
		expect(judgeCli({}, createCli())).toMatchObject({ kind: "pass", message: "docker 29.1.2" });
	});

	it("takes a build that has no number, and a relative of Docker's CLI", () => {
		const unnumbered: DockerCliFacts = { product: "docker", plugins: [] };
		expect(judgeCli(ran("Docker version dev, build abc\n"), unnumbered).kind).toBe("pass");
		const nerdctl: DockerCliFacts = { product: "other", version: "2.0.0", plugins: [] };
		expect(judgeCli(ran("nerdctl version 2.0.0\n"), nerdctl).kind).toBe("pass");
	});

	it("takes one that warns on the side", () => {
		const warning = "WARNING: Error loading config file: open /root/.docker/config.json: permission denied\n";
		expect(judgeCli(ran("Docker version 29.7.2, build 9f4be4fde6\n", 0, warning), createCli()).kind).toBe("pass");
	});

	it("lets an optional one be absent", () => {
		expect(judgeCli(notFound, none, { require: "optional" })).toMatchObject({ kind: "skip", reason: "absent" });
	});
});

describe("what cannot be known", () => {
	it("is no success", () => {
		expect(judgeCli({ run: { kind: "search-timed-out", directory: "/mnt/nfs/bin" } }).kind).toBe("undecided");
		const hung = { kind: "timed-out", abandoned: false, stdout: "", stderr: "", ms: 10_000 } as const;
		expect(judgeCli({ run: { kind: "ran", outcome: hung } }).kind).toBe("undecided");
	});
});

describe("missing", () => {
	it("is installed in the image, on the host, in Alpine", () => {
		const image = judgeCli(notFound);
		expect(findingOf(image)).toMatchObject({ reason: "missing", observed: "not found" });
		expect(findingOf(image).message).toBe("There is no `docker` in this image.");
		expect(wayOut(image)).toContain("apt-get install -y docker-ce-cli docker-buildx-plugin");
		expect(wayOut(image)).toContain("COPY --from=docker:29-cli");
		const host = judgeCli(notFound, none, { mode: "host" });
		expect(findingOf(host).remedy.commands).toEqual([expect.stringMatching(/^sudo apt-get/)]);
		expect(wayOut(host)).not.toContain("COPY");
		expect(wayOut(judgeCli(notFound, none, { os: "Alpine Linux v3.20" }))).toContain("apk add docker-cli");
		const rocky = judgeCli(notFound, none, { os: "Rocky Linux 9.4", mode: "host" });
		expect(findingOf(rocky).remedy.commands).toEqual(["sudo dnf install -y docker-ce-cli docker-buildx-plugin"]);
	});
});

describe("off-path", () => {
	it("tells where it is", () => {
		const verdict = judgeCli({ ...notFound, elsewhere: ["/opt/docker/bin/docker"] });
		expect(findingOf(verdict)).toMatchObject({ reason: "off-path", observed: "/opt/docker/bin/docker" });
		expect(wayOut(verdict)).toContain("ln -s /opt/docker/bin/docker /usr/local/bin/docker");
		expect(wayOut(judgeCli({ ...notFound, elsewhere: ["/x/docker"] }, none, { mode: "host" }))).toContain("sudo ln -s");
	});

	it("links to a directory that is on the PATH, and quotes", () => {
		const verdict = judgeCli({ ...notFound, path: ["/my tools"], elsewhere: ["/usr/local/bin/docker"] });
		expect(wayOut(verdict)).toContain("ln -s /usr/local/bin/docker '/my tools/docker'");
	});

	it("is no absence: somebody installed it", () => {
		const verdict = judgeCli({ ...notFound, elsewhere: ["/x/docker"] }, none, { require: "optional" });
		expect(findingOf(verdict).reason).toBe("off-path");
	});
});

describe("broken", () => {
	const brokenBy = (tool: Partial<ToolFacts>, expected: string) => {
		const verdict = judgeCli(tool);
		expect(findingOf(verdict).reason).toBe("broken");
		expect(findingOf(verdict).message).toContain(expected);
		return verdict;
	};

	it("by its exit, with what it said as evidence", () => {
		const verdict = brokenBy(ran("", 2, "panic: runtime error"), "exits with 2");
		expect(findingOf(verdict).evidence[0]).toEqual({
			source: "/usr/bin/docker --version",
			text: "exits with 2: panic: runtime error",
		});
	});

	it("by a signal, or by not starting at all", () => {
		const ended = { stdout: "", stderr: "", ms: 1 };
		brokenBy({ run: { kind: "ran", outcome: { kind: "signalled", signal: "SIGSEGV", ...ended } } }, "dies of SIGSEGV");
		const run = { kind: "ran", outcome: { kind: "not-started", code: "ENOENT", ...ended } } as const;
		brokenBy({ run }, "cannot be started (ENOENT)");
		brokenBy(
			{
				run,
				file: { format: "elf", machine: "x64", interpreter: "/lib/ld-musl-x86_64.so.1", interpreterFound: false },
			},
			"It needs `/lib/ld-musl-x86_64.so.1`",
		);
		brokenBy({ run, file: { format: "elf", machine: "arm64" } }, "made for arm64, and this machine is x64");
		brokenBy({ run, file: { format: "empty" } }, "The file is empty.");
	});

	it("by a file that nobody may execute", () => {
		const unusable = [{ path: "/usr/bin/docker", kind: "not-executable", mode: 0o644, uid: 0, gid: 0 }] as const;
		const verdict = brokenBy({ ...notFound, unusable }, "may not be executed by this user (mode 0644, owner 0)");
		expect(wayOut(verdict)).toContain("chmod a+rx /usr/bin/docker");
	});

	it("by a link that leads nowhere, or a directory that is closed", () => {
		brokenBy({ ...notFound, unusable: [{ path: "/usr/bin/docker", kind: "dangling-link" }] }, "leads nowhere");
		brokenBy({ ...notFound, unusable: [{ path: "/x/docker", kind: "closed", code: "EACCES" }] }, "closed to this user");
		brokenBy({ ...notFound, unusable: [{ path: "/x/docker", kind: "unreadable", code: "EIO" }] }, "(EIO)");
	});

	it("by a script that prints something else", () => {
		const verdict = judgeCli(ran("hello\n"), { product: "other", plugins: [] });
		expect(findingOf(verdict)).toMatchObject({ reason: "broken", observed: "no version" });
	});

	it("by a Podman that is gone", () => {
		brokenBy(ran("", 127, "/usr/bin/docker: 4: exec: /usr/bin/podman: not found\n"), "the Podman behind it is gone");
	});
});

describe("podman-shim", () => {
	it("is a warning that says what differs", () => {
		const verdict = judgeCli(ran("podman version 4.3.1\n"), { product: "podman", version: "4.3.1", plugins: [] });
		expect(findingOf(verdict)).toMatchObject({ reason: "podman-shim", observed: "Podman 4.3.1" });
		expect(findingOf(verdict).why).toContain("ignores `DOCKER_HOST`");
		expect(wayOut(verdict)).toContain("docker/cli:podman-shim");
	});
});
