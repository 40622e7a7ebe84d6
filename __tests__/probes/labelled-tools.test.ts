import { describe, expect, test } from "vitest";
import { labelledToolsProbe } from "../../src/probes/labelled-tools.ts";
import { collect, createPolicy, createRequest, createTool } from "../support/builders.ts";
import { answered, createHost, executable, exited, type FakeMachine } from "../support/fake-host.ts";
import { recordedContainer, recordedImage } from "./engine-recording.ts";

const labels = {
	"matric.builder.rust-version": "1.92",
	"matric.builder.sqlx-version": "0.8",
	"matric.builder.node-version": "22",
	"org.opencontainers.image.version": "2026.7",
};

const look = (machine: FakeMachine = {}, tools = ["rustc", "node"]) => {
	const image = recordedImage();
	image.Config.Labels = labels;
	const host = createHost({
		env: { JOB_CONTAINER_NAME: "job", PATH: "/usr/bin", ...machine.env },
		hostname: recordedContainer().Config.Hostname,
		programs: { "rustc --version": exited("rustc 1.92.0 (ded5c06cf 2025-12-08)\n") },
		request: async ({ path }) => {
			if (path === "/containers/job/json") return answered(recordedContainer());
			return path.startsWith("/images/") ? answered(image) : answered({ message: "no" }, 404);
		},
		...machine,
		files: { "/usr/bin/rustc": executable(), "/workspace/fortemi/fortemi": "", ...machine.files },
	});
	const policy = createPolicy({ tools: Object.fromEntries(tools.map((name) => [name, createTool(name)])) });
	return collect(labelledToolsProbe, host, createRequest({ policy }));
};

describe("tools that the image's labels name", () => {
	test("with what they say themselves, those that the profile asks for", async () => {
		const programs = {
			"rustc --version": exited("rustc 1.92.0 (ded5c06cf 2025-12-08)\n"),
			"/usr/bin/rustc --version": exited("rustc 1.92.0 (ded5c06cf 2025-12-08)\n"),
		};
		expect((await look({ programs })).tools).toEqual([
			{
				label: "matric.builder.rust-version",
				stated: "1.92",
				tool: "rustc",
				printed: "rustc 1.92.0 (ded5c06cf 2025-12-08)",
			},
		]);
	});

	test("no program is started that the profile does not ask for", async () => {
		const run = () => Promise.reject(new Error("started"));
		expect((await look({ run }, [])).tools).toEqual([]);
	});

	test("a toolchain that the workspace or a variable chooses", async () => {
		const programs = { "/usr/bin/rustc --version": exited("rustc 1.90.0") };
		const file = await look({ programs, files: { "/workspace/fortemi/fortemi/rust-toolchain.toml": "" } });
		expect(file.tools[0]?.pinnedBy).toBe("rust-toolchain.toml");
		const variable = await look({
			programs,
			env: { RUSTUP_TOOLCHAIN: "1.90", JOB_CONTAINER_NAME: "job", PATH: "/usr/bin" },
		});
		expect(variable.tools[0]?.pinnedBy).toBe("RUSTUP_TOOLCHAIN");
	});

	test("a tool that does not run is the business of its own check", async () => {
		expect((await look({ programs: { "/usr/bin/rustc --version": exited("", 101, "boom") } })).tools).toEqual([]);
	});
});
