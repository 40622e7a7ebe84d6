import { describe, expect, it } from "vitest";
import { builtInProfiles, toPolicy } from "../../src/policy/profile.ts";

const runnerProfiles = ["matric-builder", "matric-builder-gpu", "titan", "gpu"];

describe("the built-in profiles", () => {
	it("are the four labels of the guide and a general one", () => {
		expect(Object.keys(builtInProfiles)).toEqual([...runnerProfiles, "generic"]);
	});

	it("ask for the guide's four tools and git, in any version", () => {
		for (const name of Object.keys(builtInProfiles)) {
			const { tools } = toPolicy(name);
			expect(Object.keys(tools).sort()).toEqual(["cargo", "docker", "git", "node", "rustc"]);
			expect(Object.values(tools).every(({ version }) => version.text === "*")).toBe(true);
		}
	});

	it.each(runnerProfiles)("give %s the team's floors for the workspace", (name) => {
		const { disk } = toPolicy(name);
		expect(disk).toEqual([{ path: "workspace", free: 40 * 2 ** 30, inodes: 1_000_000 }]);
	});

	it.each(Object.keys(builtInProfiles))("give %s floors of memory and open files that any machine meets", (name) => {
		const policy = toPolicy(name);
		expect(policy).toMatchObject({ memory: 2 ** 30, openFiles: 1024 });
		expect(policy).not.toHaveProperty("cpus");
		expect(policy).not.toHaveProperty("shm");
		expect(policy.sources).toEqual({});
	});

	it("say where each runs, and what it needs", async () => {
		const brief = await Promise.all(
			Object.keys(builtInProfiles).map((name) => {
				const { runsIn, docker, gpu, disk } = toPolicy(name);
				return [name, runsIn, docker.require, gpu.require, disk[0]?.inodes].join(" ");
			}),
		);
		expect(brief).toEqual([
			"matric-builder container required optional 1000000",
			"matric-builder-gpu container required required 1000000",
			"titan host optional optional 1000000",
			"gpu host optional required 1000000",
			"generic any optional optional 50000",
		]);
	});
});
