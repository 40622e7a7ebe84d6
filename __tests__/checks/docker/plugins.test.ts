import { describe, expect, it } from "vitest";
import { dockerPlugins } from "../../../src/checks/docker/plugins.ts";
import type { DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createCli, createContainer, debian, findingOf, fixOf } from "./facts.ts";

const wanting = (...plugins: string[]) => createPolicy({ docker: { require: "required", plugins } });
const judgePlugins = (cli: Partial<DockerCliFacts>, wanted: string[] = ["buildx"]) =>
	judge(dockerPlugins, { cli: createCli(cli), container: createContainer(), os: debian }, wanting(...wanted));

describe("docker/plugins", () => {
	it("does not apply to a profile that asks for none, or forbids Docker", () => {
		expect(dockerPlugins.applies?.(wanting())).toBe(false);
		expect(dockerPlugins.applies?.(createPolicy({ docker: { require: "forbidden", plugins: ["buildx"] } }))).toBe(
			false,
		);
		expect(dockerPlugins.applies?.(wanting("buildx"))).toBe(true);
	});

	it.each([
		["none", "absent"],
		["podman", "not-applicable"],
	] as const)("skips if the CLI is %s", (product, reason) => {
		expect(judgePlugins({ product })).toMatchObject({ kind: "skip", reason });
	});

	it("waits for `fs/mount` if plugins may be on a mount that does not answer", () => {
		expect(judgePlugins({ pluginsOnDeadMount: true })).toMatchObject({ kind: "waits-for-mount" });
	});

	it("reports buildx first, whatever the order of the profile", () => {
		const verdict = judgePlugins({}, ["compose", "buildx"]);
		expect(findingOf(verdict)).toMatchObject({ reason: "buildx-missing", observed: "no plugins" });
		expect(fixOf(verdict)).toContain("docker-buildx-plugin docker-compose-plugin");
	});

	it("does not install a CLI that exists", () => {
		expect(fixOf(judgePlugins({}))).not.toContain("/usr/local/bin/docker");
	});
});
