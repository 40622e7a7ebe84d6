import { describe, expect, test } from "vitest";
import { runnerImage, runnerImageFamily } from "../../../src/checks/runner/image.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { LabelledTool } from "../../../src/probes/labelled-tools.ts";
import type { SelfContainerFacts } from "../../../src/probes/self-container.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob } from "./facts.ts";
import { builderImage, createSelf } from "./self.ts";

const digest = `sha256:${"d".repeat(64)}`;
const wantsBuilder = createPolicy({ profile: "matric-builder", runsIn: "container", image: builderImage });

interface Case {
	self?: Partial<SelfContainerFacts>;
	policy?: Policy;
	job?: Partial<JobFacts>;
	tools?: readonly LabelledTool[];
	facts?: Record<string, unknown>;
}
const judgeImage = ({ self, policy = wantsBuilder, job, tools = [], facts = {} }: Case = {}) =>
	judge(
		runnerImage,
		{ self: createSelf(self), container: createContainer(), job: createJob(job), labelled: { tools }, ...facts },
		policy,
	);

describe("the right image", () => {
	test.each<[string, Case]>([
		["by the same name", {}],
		["nothing asked", { policy: createPolicy() }],
		[
			"asked without its registry",
			{ policy: createPolicy({ image: "debian:12" }), self: { image: "docker.io/library/debian:12" } },
		],
		[
			"pinned by digest where a tag is asked",
			{ self: { image: `ghcr.io/fortemi/fortemi/builder@${digest}`, imageTags: [] } },
		],
		["started by its id", { self: { image: `sha256:${"c51b24b4".repeat(8)}` } }],
		[
			"started under another name of the same image",
			{ self: { image: "builder", imageTags: ["builder:latest", builderImage] } },
		],
		[
			"a tag that has moved on: the image has lost its name, the container was started by it",
			{ self: { imageTags: [], imageDigests: [] } },
		],
		["the very digest", { policy: createPolicy({ image: `ghcr.io/fortemi/fortemi/builder@${digest}` }) }],
	])("%s", (_, seen) => {
		expect(judgeImage(seen)).toMatchObject({ kind: "pass" });
	});
});

describe("another image", () => {
	test.each([
		"docker.gitea.com/runner-images:ubuntu-latest",
		"docker.io/gitea/runner-images:ubuntu-22.04",
		"ghcr.io/catthehacker/ubuntu:act-22.04",
		"node:16-bullseye",
	])("the default %s", (image) => {
		expect(judgeImage({ self: { image, imageTags: [image], imageDigests: [] } })).toMatchObject({
			kind: "finding",
			reason: "default-image",
			observed: image,
		});
	});

	test("the image before the team moved it", () => {
		const policy = createPolicy({ profile: "matric-builder", image: "ghcr.io/fortemi/fortemi-builder:latest" });
		expect(judgeImage({ policy })).toMatchObject({ kind: "finding", reason: "wrong-image" });
	});

	test("a digest that the daemon no longer knows", () => {
		const { imageDigests: _, ...self } = createSelf();
		const policy = createPolicy({ image: `ghcr.io/fortemi/fortemi/builder@${digest}` });
		expect(judgeImage({ policy, facts: { self } }).kind).toBe("undecided");
	});

	test("a default image that the profile names is the right one", () => {
		const image = "docker.gitea.com/runner-images:ubuntu-latest";
		const self = { image, imageTags: [image] };
		expect(judgeImage({ policy: createPolicy({ image }), self }).kind).toBe("pass");
		const other = createPolicy({ image: "docker.gitea.com/runner-images:ubuntu-24.04" });
		expect(judgeImage({ policy: other, self })).toMatchObject({ reason: "wrong-image" });
	});

	test("a hostile name stays one word of the command", () => {
		const verdict = judgeImage({
			policy: createPolicy({ image: "a/b:$(reboot)" }),
			self: { image: "x", imageTags: [] },
			job: { system: "none" },
		});
		expect(verdict).toMatchObject({ reason: "wrong-image", remedy: { commands: ["docker pull 'a/b:$(reboot)'"] } });
	});

	test("an image by its id", () => {
		const id = "c51b24b4".repeat(8);
		expect(judgeImage({ policy: createPolicy({ image: id }) }).kind).toBe("pass");
		expect(judgeImage({ policy: createPolicy({ image: `sha256:${id}` }) }).kind).toBe("pass");
		expect(judgeImage({ policy: createPolicy({ image: "f".repeat(64) }) })).toMatchObject({ reason: "wrong-image" });
	});
});

describe("age", () => {
	const policy = createPolicy({ image: builderImage, imageMaxAgeDays: 30 });
	test.each([
		["2026-11-10T07:51:38.129638128Z", "pass"],
		["2026-10-25T06:00:00Z", "pass"],
		["2026-10-25T05:00:00Z", "finding"],
		["2025-01-01T00:00:00Z", "finding"],
	])("built %s: %s", (imageCreated, kind) => {
		expect(judgeImage({ policy, self: { imageCreated } }).kind).toBe(kind);
	});

	test.each(["1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z", "0001-01-01T00:00:00Z", ""])(
		"an image dated %j has no date, unless its label has one",
		(imageCreated) => {
			expect(judgeImage({ policy, self: { imageCreated } }).kind).toBe("undecided");
			const imageLabels = { "org.opencontainers.image.created": "2026-11-20T00:00:00Z" };
			expect(judgeImage({ policy, self: { imageCreated, imageLabels } }).kind).toBe("pass");
		},
	);

	test("a daemon that did not report it", () => {
		const { imageTags: _, imageCreated: __, ...self } = createSelf();
		expect(judgeImage({ policy, facts: { self } })).toMatchObject({
			kind: "undecided",
			message: expect.stringContaining("did not report when"),
		});
	});

	test("a profile without a maximum age", () => {
		expect(judgeImage({ self: { imageCreated: "2020-01-01T00:00:00Z" } }).kind).toBe("pass");
	});
});

describe("labels", () => {
	const rust = (stated: string, printed: string, more: Partial<LabelledTool> = {}): LabelledTool => ({
		label: "matric.builder.rust-version",
		stated,
		tool: "rustc",
		printed,
		...more,
	});
	const printed = "rustc 1.91.1 (ed61e7d7e 2025-11-07)";

	test.each([
		["1.91.1", printed],
		["1.91", printed],
		["1", printed],
		["v1.91.1", printed],
		["22", "v22.11.0"],
		["0.8", "sqlx-cli-sqlx 0.8.6"],
		["stable", printed],
		["1.92.0", "no version at all"],
	])("%s matches %s", (stated, text) => {
		expect(judgeImage({ tools: [rust(stated, text)] }).kind).toBe("pass");
	});

	test.each(["1.92.0", "1.92", "2"])("%s does not", (stated) => {
		expect(judgeImage({ tools: [rust(stated, printed)] })).toMatchObject({
			kind: "finding",
			reason: "label-mismatch",
			expected: `rustc ${stated}`,
			observed: "rustc 1.91.1",
		});
	});

	test("a toolchain that the workspace chose on purpose is not compared", () => {
		const tools = [rust("1.92.0", printed, { pinnedBy: "rust-toolchain.toml" })];
		expect(judgeImage({ tools }).kind).toBe("pass");
	});
});

describe("no daemon to ask", () => {
	test.each<[string, SelfContainerFacts]>([
		["without a socket", { state: "none", why: "no-engine" }],
		["a proxy that forbids it", { state: "unknown", why: "forbidden", detail: "HTTP 403" }],
	])("%s: skipped", (_, self) => {
		expect(judgeImage({ facts: { self } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});

describe("an image whose tag has moved", () => {
	const newest = `sha256:${"a".repeat(64)}`;
	const published = (answer: unknown, image = builderImage) => ({
		facts: {
			registry: { login: {}, looks: [{ image, at: "registry", url: "https://ghcr.io/v2/x", loggedIn: false, answer }] },
		},
	});

	test("is outdated if the registry has another digest", () => {
		expect(judgeImage(published({ kind: "answered", status: 200, genuine: true, digest: newest }))).toMatchObject({
			reason: "outdated",
			expected: newest,
			observed: digest,
			remedy: { commands: [`docker pull ${builderImage}`] },
		});
	});

	test.each<[string, Case]>([
		["the same digest", published({ kind: "answered", status: 200, genuine: true, digest })],
		[
			"another image's digest",
			published({ kind: "answered", status: 200, genuine: true, digest: newest }, "debian:12"),
		],
		["no answer", published({ kind: "timeout" })],
		["a refusal", published({ kind: "answered", status: 401, genuine: true })],
		[
			"an image that was built here and has no digest",
			{ ...published({ kind: "answered", status: 200, genuine: true, digest: newest }), self: { imageDigests: [] } },
		],
	])("is not reported for %s", (_, seen) => {
		expect(judgeImage(seen)).toMatchObject({ kind: "pass" });
	});

	test("is asked for only if the policy names the image among its registries", () => {
		const needs = (registries: readonly string[]) =>
			runnerImageFamily
				.expand(createPolicy({ image: builderImage, registries }))
				.flatMap((check) => Object.keys(check.needs));
		expect(needs([builderImage])).toContain("registry");
		expect(needs(["ghcr.io"])).not.toContain("registry");
	});
});
