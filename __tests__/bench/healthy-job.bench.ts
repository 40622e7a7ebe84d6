import { resolve } from "node:path";
import { expect, inject, test } from "vitest";
import { builderImage } from "../e2e/support/builder-image.ts";
import { npmPackage } from "../e2e/support/node-versions.ts";
import { must } from "../e2e/support/run.ts";

/** What others offer, in one folder. */
const peers = "peers";

test("the whole action in a healthy job container, next to what else one could do", { timeout: 600_000 }, async () => {
	const world = inject("world");
	const [envinfo, checkNodeVersion] = await Promise.all([
		npmPackage("envinfo", "7"),
		npmPackage("check-node-version", "4"),
	]);
	const volumes = [
		`${world.socket}:/var/run/docker.sock`,
		`${resolve(".")}:/repo:ro`,
		`${envinfo}/node_modules:/${peers}/node_modules:ro`,
		`${checkNodeVersion}/node_modules:/more:ro`,
	];
	const name = "runner-check-bench";
	const table = await must(
		"docker",
		[
			...["--host", `unix://${world.socket}`, "run", "--rm", "--name", name, "--hostname", name, "--network=host"],
			// As the runner does: a volume for the workspace, with room for the profile's floor, and the container's name.
			...[
				"--volume",
				"/workspace",
				"--env",
				"TMPDIR=/workspace",
				"--env",
				`JOB_CONTAINER_NAME=${name}`,
				"--env",
				"NODE_PATH=/more",
			],
			...(process.env.BENCH_AGAINST ? ["--env", `BENCH_AGAINST=${process.env.BENCH_AGAINST}`] : []),
			...volumes.flatMap((volume) => ["--volume", volume]),
			...[
				builderImage,
				"node",
				"/repo/scripts/bench.mjs",
				process.env.BENCH_ROUNDS ?? "40",
				`/${peers}`,
				"/more/check-node-version/bin.js",
			],
		],
		{ timeout: 500_000 },
	);
	console.log(table);
	expect(table).toContain("Verdict of the runs: healthy.");
});
