import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { own } from "../../own.ts";

/** A key that many people write and no runner has. */
export interface Believed {
	/** The key that does what they want. */
	readonly meant?: string;
	/** What to do, if no key does it, or its value has another form. */
	readonly instead?: string;
}

const atRegistration = (flag: string, variable: string): Believed => ({
	instead: `Remove the key. Give it when the runner is registered: ${flag}, or the variable \`${variable}\` of its container.`,
});
const asOption = (option: string): Believed => ({
	instead: `Remove the key, and give it as an option of the job containers in \`container.options\`: \`${option}\`.`,
});
const mounts: Believed = {
	instead:
		"Remove the key. Write each mount as `-v SOURCE:TARGET` into `container.options`, and its source into `container.valid_volumes`.",
};
const is = (meant: string): Believed => ({ meant });

const shared: Readonly<Record<string, Believed>> = {
	"runner.name": atRegistration("`register --name`", "GITEA_RUNNER_NAME"),
	"runner.token": atRegistration("`register --token`", "GITEA_RUNNER_REGISTRATION_TOKEN"),
	"runner.registration_token": atRegistration("`register --token`", "GITEA_RUNNER_REGISTRATION_TOKEN"),
	"runner.url": atRegistration("`register --instance`", "GITEA_INSTANCE_URL"),
	"runner.instance": atRegistration("`register --instance`", "GITEA_INSTANCE_URL"),
	"runner.instance_url": atRegistration("`register --instance`", "GITEA_INSTANCE_URL"),
	"runner.address": atRegistration("`register --instance`", "GITEA_INSTANCE_URL"),
	"runner.ephemeral": atRegistration("`register --ephemeral`", "GITEA_RUNNER_EPHEMERAL"),
	"runner.job_timeout": is("runner.timeout"),
	"runner.work_dir": is("host.workdir_parent"),
	"runner.workdir": is("host.workdir_parent"),
	"runner.workdir_parent": is("host.workdir_parent"),
	"host.workdir": is("host.workdir_parent"),
	"host.work_dir": is("host.workdir_parent"),
	"container.workdir": is("container.workdir_parent"),
	"container.work_dir": is("container.workdir_parent"),
	"container.pull_policy": {
		meant: "container.force_pull",
		instead: "Write `container.force_pull`: `true` pulls the image before every job, `false` only if it is missing.",
	},
	"container.pull": is("container.force_pull"),
	"container.always_pull": is("container.force_pull"),
	"runner.concurrency": is("runner.capacity"),
	"runner.concurrent": is("runner.capacity"),
	"runner.parallel": is("runner.capacity"),
	"runner.max_parallel": is("runner.capacity"),
	"runner.max_jobs": is("runner.capacity"),
	"runner.max_concurrent_jobs": is("runner.capacity"),
	"runner.log_level": is("log.level"),
	"runner.tags": is("runner.labels"),
	"runner.env": is("runner.envs"),
	"runner.environment": is("runner.envs"),
	"container.env": is("runner.envs"),
	"container.envs": is("runner.envs"),
	"container.environment": is("runner.envs"),
	"cache.path": is("cache.dir"),
	"cache.directory": is("cache.dir"),
	"cache.server": is("cache.external_server"),
	"cache.url": is("cache.external_server"),
	"runner.volumes": mounts,
	"container.volumes": mounts,
	"container.mounts": mounts,
	"container.image": {
		instead: "Remove the key. Each label names its own image: `name:docker://IMAGE` in `runner.labels`.",
	},
	"runner.image": {
		instead: "Remove the key. Each label names its own image: `name:docker://IMAGE` in `runner.labels`.",
	},
	"container.gpus": asOption("--gpus all"),
	"container.memory": asOption("--memory=8g"),
	"container.cpus": asOption("--cpus=4"),
	"container.shm_size": asOption("--shm-size=8g"),
	"container.dns": asOption("--dns=10.0.0.1"),
	"container.extra_hosts": asOption("--add-host=forge.example:10.0.0.5"),
	"container.add_hosts": asOption("--add-host=forge.example:10.0.0.5"),
	"container.user": asOption("--user=1000:1000"),
};

/** What is known about such a key. Forgejo's container has no variables for a registration. */
export function believedKey(key: string, system: RunnerSystem): Believed | undefined {
	const known = own(shared, key);
	if (system === "gitea" || known?.instead === undefined) return known;
	return { ...known, instead: known.instead.replace(/, or the variable `\w+` of its container/, "") };
}
