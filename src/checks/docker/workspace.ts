import { containerProbe } from "../../probes/container.ts";
import { type DockerEndpoint, dockerEndpointProbe } from "../../probes/docker-endpoint.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { type SelfContainerFacts, type SelfMount, selfContainerProbe } from "../../probes/self-container.ts";
import { type SmokeFacts, smokeProbe } from "../../probes/smoke.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { code, yamlValue } from "../text.ts";
import { configFile, restartRunner, type Situation, situationOf, wantsDocker } from "./situation.ts";

type Reason = "not-visible";

/**
 * What `docker run -v "$PWD:/x"` mounts is looked up by the daemon on its own host, and a job container's path usually means
 * nothing there. By default the runner keeps the workspace in a volume (GitHub: under another path), which suits
 * builds and actions, and `-v "$PWD:…"` was never promised: that is skipped, with a word about it, since a warning on every
 * runner that is set up as usual would be one that everybody ignores. It is a finding where somebody set the runner up for it
 * and it does not work, and, with `smoke`, wherever a container that was started for this does not see the workspace.
 */
export const dockerWorkspace = defineCheck({
	id: "docker/workspace",
	title: "Containers that a job starts see its workspace",
	reasons: {
		"not-visible": { level: "warn", title: "What `-v $PWD:…` mounts is not the job's workspace" },
	},
	needs: {
		engine: dockerEngineProbe,
		endpoint: dockerEndpointProbe,
		container: containerProbe,
		job: jobProbe,
		self: selfContainerProbe,
		smoke: smokeProbe,
	},
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine, endpoint: { endpoint }, container, job, self, smoke }): Verdict<Reason> {
		if (engine.version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
		}
		const situation = situationOf(container, job);
		if (smoke.outcome.kind !== "not-asked") return bySmoke(smoke, self, situation);
		if (container.mode === "host" && container.insideContainer === undefined) return onHost(smoke, endpoint);
		if (self.state !== "found") {
			return skip(
				"How the daemon sees the workspace cannot be told from here. `smoke: true` finds out by starting a container.",
			);
		}
		return byMounts(smoke.workspace, self, situation, job.inJob);
	},
});

function skip(message: string): Verdict<Reason> {
	return { kind: "skip", reason: "not-applicable", message };
}

function onHost({ workspace }: SmokeFacts, endpoint: DockerEndpoint): Verdict<Reason> {
	if (endpoint.kind !== "unix") {
		return skip(
			"The daemon is reached over the network. If it runs on another machine, it does not see this workspace; `smoke: true` finds out.",
		);
	}
	return { kind: "pass", message: `${code(workspace)} lies on the daemon's own host` };
}

/** The mount of our container that holds the workspace: the longest target wins. */
function mountOf(workspace: string, mounts: readonly SelfMount[]): SelfMount | undefined {
	const covering = mounts.filter(
		({ target }) => workspace === target || workspace.startsWith(`${target.replace(/\/$/, "")}/`),
	);
	return [...covering].sort((a, b) => b.target.length - a.target.length)[0];
}

function describeMount(mount: SelfMount | undefined): Evidence {
	const source = "GET /containers/{self}/json, Mounts";
	if (!mount) return { source, text: "none holds the workspace: it is part of the container" };
	return { source, text: `${mount.type} ${mount.name ?? mount.source} on ${mount.target}` };
}

function byMounts(workspace: string, self: SelfContainerFacts, situation: Situation, inJob: boolean): Verdict<Reason> {
	const mount = mountOf(workspace, self.mounts ?? []);
	const evidence = [describeMount(mount)];
	if (mount?.type === "bind" && mount.source.replace(/\/$/, "") === mount.target.replace(/\/$/, "")) {
		return { kind: "pass", message: `${code(workspace)} has the same path on the daemon's host`, evidence };
	}
	const usual =
		"`docker build` and actions are not affected; a container that has to see the workspace gets it with `--volumes-from`.";
	if (mount?.type === "volume") {
		return skip(
			`The workspace is a volume of the runner (${code(mount.name ?? mount.source)}), as it is by default, so \`-v "$PWD:…"\` would mount something else. ${usual}`,
		);
	}
	if (situation.system === "github" || !inJob) {
		return skip(
			`The workspace has another path on the daemon's host, so \`-v "$PWD:…"\` would mount something else. ${usual}`,
		);
	}
	const observed = mount
		? mount.type === "bind"
			? `it is ${code(mount.source)} on the daemon's host`
			: `it is a ${mount.type} of this container`
		: "it lies in this container alone";
	return {
		kind: "finding",
		reason: "not-visible",
		message: `\`docker run -v "$PWD:…"\` does not mount this workspace: the daemon looks for ${code(workspace)} on its own host, and ${observed}.`,
		why: "The started container finds an empty directory, or files of something else, and the job fails with missing files.",
		expected: `${workspace} bound to the same path, or a volume of the runner`,
		observed: describeMount(mount).text,
		evidence,
		remedy: makeVisible(workspace, situation),
	};
}

/**
 * `bind_workdir` alone is not enough: before 3.3.1 the runner drops a directory that `valid_volumes` does not name, without an
 * error, and the workspace then is part of the container.
 */
function makeVisible(workspace: string, situation: Situation): Remedy {
	const otherwise = {
		text: "Or leave the runner as it is, and let the container share the mounts of the job's.",
		commands: ['docker run --rm --volumes-from "$JOB_CONTAINER_NAME" --workdir "$GITHUB_WORKSPACE" IMAGE COMMAND'],
		kind: "workflow",
	} as const;
	if (situation.system !== "gitea" && situation.system !== "forgejo") {
		return {
			...otherwise,
			text: "Let the container share the mounts of the job's, which works wherever its workspace lies.",
		};
	}
	const parent = `/${workspace.split("/")[1] || "workspace"}`;
	return {
		text: `Let the runner bind the workspace from the host. If the runner itself runs in a container, mount ${code(parent)} of the host there under the same path.`,
		config: {
			file: configFile,
			language: "yaml",
			text: `container:\n  bind_workdir: true\n  workdir_parent: ${yamlValue(parent.slice(1))}\n  valid_volumes:\n    - ${yamlValue(`${parent}/**`)}`,
		},
		commands: restartRunner(situation),
		kind: "runner",
		otherwise,
	};
}

function bySmoke(smoke: SmokeFacts, self: SelfContainerFacts, situation: Situation): Verdict<Reason> {
	const { outcome, workspace, leftBehind } = smoke;
	const mount = mountOf(workspace, self.mounts ?? []);
	const evidence: Evidence[] = [
		...("image" in outcome
			? [{ source: "POST /containers/create", text: `image ${outcome.image}, ${workspace} as a bind mount` }]
			: []),
		...("message" in outcome ? [{ source: "the started container", text: outcome.message }] : []),
		...(self.state === "found" ? [describeMount(mount)] : []),
		...(leftBehind === undefined ? [] : [{ source: "left behind", text: `docker rm --force ${leftBehind}` }]),
	];
	const undecided = (message: string): Verdict<Reason> => ({ kind: "undecided", message, evidence });
	switch (outcome.kind) {
		case "seen":
			return { kind: "pass", message: `a started container saw ${code(workspace)}`, evidence };
		case "not-seen":
			return {
				kind: "finding",
				reason: "not-visible",
				level: "fail",
				message: `A container that was started for this did not see the workspace ${code(workspace)}.`,
				why: 'What `docker run -v "$PWD:…"` or Compose mounts in a job is something else or nothing, and the job fails with missing files.',
				expected: "the workspace's files in a container started by the job",
				observed: outcome.message,
				evidence,
				remedy: makeVisible(workspace, situation),
			};
		case "not-started":
			return {
				kind: "finding",
				reason: "not-visible",
				level: "fail",
				message: `No container can be started here: ${code(outcome.message)}.`,
				why: "The daemon answers and looks healthy, but every `docker run` and every build step fails, and the runner itself cannot start jobs.",
				expected: "a container that starts and sees the workspace",
				observed: outcome.message,
				evidence,
				remedy: mendRuntime(outcome.message),
			};
		case "no-image":
			return undecided("`smoke` starts no container here: no image is present, and none is pulled for it.");
		case "no-file":
			return undecided(
				`\`smoke\` could not put a file into ${code(workspace)} (${outcome.code}), so nothing can be seen from a container.`,
			);
		case "forbidden":
			return undecided(
				`\`smoke\` may not start a container: the daemon, or a proxy before it, forbids it (${outcome.message}).`,
			);
		case "no-answer":
			return undecided(`\`smoke\` did not get to an end: ${outcome.message}.`);
		case "not-asked":
			return skip("`smoke` is not set.");
	}
}

function mendRuntime(message: string): Remedy {
	if (/namespace .*time.* does not exist|unknown (?:field|namespace|version)|oci runtime|runc/i.test(message)) {
		return {
			text: "The runtime below the daemon does not go with it: a new dockerd asks runc for things that an old one does not know. Take both, and containerd, from one source, and restart.",
			commands: [
				"docker version   # Engine, containerd and runc",
				"sudo apt-get install --only-upgrade docker-ce containerd.io   # from Docker's own packages, runc comes with containerd.io",
				"sudo systemctl restart docker",
			],
			kind: "host",
		};
	}
	return {
		text: "Try the same on the host, and look into the daemon's log.",
		commands: ["docker run --rm IMAGE true", "journalctl -u docker --since -10min"],
		kind: "host",
	};
}
