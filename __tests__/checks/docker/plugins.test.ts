import { describe, expect, it } from "vitest";
import { dockerPlugins } from "../../../src/checks/docker/plugins.ts";
import type { CliPlugin, DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createCli, createContainer, debian, findingOf, fixOf } from "./facts.ts";

const plugin = (name: string, state: CliPlugin["state"] = "executable"): CliPlugin => ({
	name,
	path: `/usr/libexec/docker/cli-plugins/docker-${name}`,
	state,
});
const wanting = (...plugins: string[]) => createPolicy({ docker: { require: "required", plugins } });
const judgePlugins = (
	cli: Partial<DockerCliFacts>,
	wanted: string[] = ["buildx"],
	mode: "container" | "host" = "container",
) =>
	judge(dockerPlugins, { cli: createCli(cli), container: createContainer({ mode }), os: debian }, wanting(...wanted));

describe("docker/plugins", () => {
	it("passes with what the profile asks for, and shows what is there", () => {
		const verdict = judgePlugins({ plugins: [plugin("buildx"), plugin("scout")] });
		expect(verdict).toMatchObject({ kind: "pass", message: "buildx" });
		expect(verdict).toMatchObject({ evidence: [{ text: "executable" }, { text: "executable" }] });
		expect(judgePlugins({ plugins: [plugin("buildx"), plugin("compose")] }, ["buildx", "compose"])).toMatchObject({
			message: "buildx and compose",
		});
	});

	it("is nothing for a profile that asks for none, or forbids Docker", () => {
		expect(dockerPlugins.applies?.(wanting())).toBe(false);
		expect(dockerPlugins.applies?.(createPolicy({ docker: { require: "forbidden", plugins: ["buildx"] } }))).toBe(
			false,
		);
		expect(dockerPlugins.applies?.(wanting("buildx"))).toBe(true);
	});

	it.each([
		["none", "absent"],
		["podman", "not-applicable"],
	] as const)("has nothing to judge where the CLI is %s", (product, reason) => {
		expect(judgePlugins({ product })).toMatchObject({ kind: "skip", reason });
	});

	it("buildx-missing", () => {
		const verdict = judgePlugins({ plugins: [plugin("compose")] });
		expect(findingOf(verdict)).toMatchObject({ reason: "buildx-missing", expected: "buildx", observed: "compose" });
		expect(findingOf(verdict).message).toBe("The plugin `buildx` of the Docker CLI is not installed.");
		expect(fixOf(verdict)).toContain("Install the plugin from Docker's own packages.");
		expect(fixOf(verdict)).toContain("apt-get install -y docker-buildx-plugin");
		expect(fixOf(verdict)).not.toContain("/usr/local/bin/docker");
	});

	it("compose-missing", () => {
		const verdict = judgePlugins({ plugins: [plugin("buildx")] }, ["buildx", "compose"]);
		expect(findingOf(verdict)).toMatchObject({ reason: "compose-missing", observed: "buildx" });
		expect(fixOf(verdict)).toContain("docker-compose-plugin");
	});

	it("names both where both are missing", () => {
		const verdict = judgePlugins({}, ["compose", "buildx"]);
		expect(findingOf(verdict)).toMatchObject({ reason: "buildx-missing", observed: "no plugins" });
		expect(findingOf(verdict).message).toContain("Also missing: `compose`.");
		expect(fixOf(verdict)).toContain("docker-buildx-plugin docker-compose-plugin");
	});

	it("tells a file that may not be executed from one that is not there", () => {
		const verdict = judgePlugins({ plugins: [plugin("buildx", "not-executable")] }, ["buildx"], "host");
		expect(findingOf(verdict).message).toContain("may not be executed by this user");
		expect(fixOf(verdict)).toContain("sudo chmod a+rx /usr/libexec/docker/cli-plugins/docker-buildx");
		const dangling = judgePlugins({ plugins: [plugin("buildx", "dangling-link")] });
		expect(findingOf(dangling).message).toContain("leads nowhere");
		expect(fixOf(dangling)).toContain("apt-get install");
	});
});
