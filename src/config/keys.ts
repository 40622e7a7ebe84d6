/**
 * The keys that a runner's configuration may have, what a value of each must be, and since which release of
 * the runner there is such a key (read in `internal/pkg/config/config.go` of every release up to 3.3.0).
 */

export type KeyType =
	| "text"
	| "flag"
	| "number"
	| "port"
	/** Go's durations: `3h`, `1h30m`, `0s`. A bare number is none. */
	| "duration"
	/** `10GB`, `512MB`, or bytes. */
	| "size"
	| "texts"
	/** Names to values, all of them text. */
	| "environment";

export interface KnownKey {
	readonly type: KeyType;
	/** First release with this key; `undefined`: there since the configuration has the form of today (0.2.0). */
	readonly since?: string;
	/** The values that it may have. */
	readonly oneOf?: readonly string[];
	/** The key to use instead. */
	readonly insteadOf?: string;
	/** What it holds must never be shown. */
	readonly secret?: true;
}

/** Dotted path -> what is known of it. */
export type KeyTable = Readonly<Record<string, KnownKey>>;

const levels = ["trace", "debug", "info", "warn", "warning", "error", "fatal", "panic"];

export const giteaKeys: KeyTable = {
	"log.level": { type: "text", oneOf: levels },
	"log.job.dir": { type: "text", since: "3.3.0" },
	"log.job.retention": { type: "duration", since: "3.3.0" },
	"log.job.max_size": { type: "size", since: "3.3.0" },
	"runner.file": { type: "text" },
	"runner.capacity": { type: "number" },
	"runner.envs": { type: "environment" },
	"runner.env_file": { type: "text" },
	"runner.timeout": { type: "duration" },
	"runner.shutdown_timeout": { type: "duration", since: "0.2.11" },
	"runner.insecure": { type: "flag" },
	"runner.fetch_timeout": { type: "duration" },
	"runner.fetch_interval": { type: "duration" },
	"runner.fetch_interval_max": { type: "duration", since: "0.4.0" },
	"runner.workdir_cleanup_age": { type: "duration", since: "1.0.0" },
	"runner.idle_cleanup_interval": { type: "duration", since: "1.0.0" },
	"runner.log_report_interval": { type: "duration", since: "0.4.0" },
	"runner.log_report_max_latency": { type: "duration", since: "0.4.0" },
	"runner.log_report_batch_size": { type: "number", since: "0.4.0" },
	"runner.state_report_interval": { type: "duration", since: "0.4.0" },
	"runner.report_close_timeout": { type: "duration", since: "1.0.7" },
	"runner.labels": { type: "texts" },
	"runner.github_mirror": { type: "text", since: "0.2.13" },
	"runner.action_shallow_clone": { type: "flag", since: "2.0.0" },
	"runner.set_act_env": { type: "flag", since: "2.1.0" },
	"runner.patch_actions": { type: "flag", since: "3.3.0" },
	"runner.allocate_pty": { type: "flag", since: "1.0.4" },
	"runner.default_image": { type: "text", since: "3.3.0" },
	"runner.tool_cache_mode": { type: "text", since: "3.2.0", oneOf: ["none", "shared"] },
	"runner.post_task_script": { type: "text", since: "2.0.0" },
	"runner.post_task_script_timeout": { type: "duration", since: "2.0.0" },
	"runner.hooks.job_started": { type: "text", since: "3.0.0" },
	"runner.hooks.job_completed": { type: "text", since: "3.0.0" },
	"cache.enabled": { type: "flag" },
	"cache.dir": { type: "text" },
	"cache.host": { type: "text" },
	"cache.port": { type: "port" },
	"cache.external_server": { type: "text", since: "0.2.4" },
	"cache.external_secret": { type: "text", since: "0.6.0", secret: true },
	"cache.external_secret_file": { type: "text", since: "2.3.0" },
	"cache.offline_mode": { type: "flag", since: "1.0.5" },
	"cache.v2": { type: "flag", since: "3.0.0" },
	"cache.retention": { type: "duration", since: "3.2.0" },
	"cache.repo_size_limit": { type: "size", since: "3.2.0" },
	"cache.size_limit": { type: "size", since: "3.2.0" },
	"cache.sweep_interval": { type: "duration", since: "3.2.0" },
	"container.network": { type: "text" },
	"container.network_create_options.enable_ipv4": { type: "flag", since: "2.0.0" },
	"container.network_create_options.enable_ipv6": { type: "flag", since: "2.0.0" },
	"container.network_mode": { type: "text", insteadOf: "container.network" },
	"container.privileged": { type: "flag" },
	"container.options": { type: "text" },
	"container.workdir_parent": { type: "text" },
	"container.valid_volumes": { type: "texts", since: "0.2.1" },
	"container.docker_host": { type: "text", since: "0.2.1" },
	"container.force_pull": { type: "flag", since: "0.2.6" },
	"container.force_rebuild": { type: "flag", since: "0.2.7" },
	"container.require_docker": { type: "flag", since: "0.2.13" },
	"container.docker_timeout": { type: "duration", since: "0.2.13" },
	"container.bind_workdir": { type: "flag", since: "0.3.1" },
	"container.service_ready_timeout": { type: "duration", since: "3.1.0" },
	"host.workdir_parent": { type: "text", since: "0.2.1" },
	"metrics.enabled": { type: "flag", since: "0.4.0" },
	"metrics.addr": { type: "text", since: "0.4.0" },
	"metrics.readiness_grace": { type: "duration", since: "2.2.0" },
	"health_check.enabled": { type: "flag", since: "2.2.0" },
	"health_check.min_free_disk_space_mb": { type: "number", since: "2.2.0" },
	"health_check.script": { type: "text", since: "2.2.0" },
	"health_check.interval": { type: "duration", since: "2.2.0" },
	"health_check.timeout": { type: "duration", since: "2.2.0" },
};

/** The newest release of Gitea's runner whose keys are all in `giteaKeys`: a newer one may know more. */
export const giteaKeysUpTo = "3.3.0";

/** Forgejo's runner, as of release 12. Its version numbers have nothing to do with Gitea's, so no `since` here. */
export const forgejoKeys: KeyTable = {
	"log.level": { type: "text", oneOf: levels },
	"log.job_level": { type: "text", oneOf: levels },
	"runner.file": { type: "text" },
	"runner.capacity": { type: "number" },
	"runner.envs": { type: "environment" },
	"runner.env_file": { type: "text" },
	"runner.timeout": { type: "duration" },
	"runner.shutdown_timeout": { type: "duration" },
	"runner.insecure": { type: "flag" },
	"runner.fetch_timeout": { type: "duration" },
	"runner.fetch_interval": { type: "duration" },
	"runner.report_interval": { type: "duration" },
	"runner.report_retry.max_retries": { type: "number" },
	"runner.report_retry.initial_delay": { type: "duration" },
	"runner.report_retry.max_delay": { type: "duration" },
	"runner.labels": { type: "texts" },
	"cache.enabled": { type: "flag" },
	"cache.dir": { type: "text" },
	"cache.host": { type: "text" },
	"cache.port": { type: "port" },
	"cache.proxy_port": { type: "port" },
	"cache.external_server": { type: "text" },
	"cache.actions_cache_url_override": { type: "text" },
	"cache.secret": { type: "text", secret: true },
	"container.network": { type: "text" },
	"container.network_mode": { type: "text", insteadOf: "container.network" },
	"container.enable_ipv6": { type: "flag" },
	"container.privileged": { type: "flag" },
	"container.options": { type: "text" },
	"container.workdir_parent": { type: "text" },
	"container.valid_volumes": { type: "texts" },
	"container.docker_host": { type: "text" },
	"container.force_pull": { type: "flag" },
	"container.force_rebuild": { type: "flag" },
	"host.workdir_parent": { type: "text" },
};

export type RunnerSystem = "gitea" | "forgejo";

export function keysOf(system: RunnerSystem): KeyTable {
	return system === "gitea" ? giteaKeys : forgejoKeys;
}

const sections: ReadonlyMap<KeyTable, ReadonlySet<string>> = new Map(
	[giteaKeys, forgejoKeys].map((table) => [table, new Set(Object.keys(table).flatMap(pathsAbove))]),
);

/** `log.job.dir` -> `log`, `log.job` */
function pathsAbove(path: string): readonly string[] {
	const keys = path.split(".");
	return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join("."));
}

/** Is there a key below this path, so that a map is expected here? */
export function isSection(table: KeyTable, path: string): boolean {
	return sections.get(table)?.has(path) ?? false;
}
