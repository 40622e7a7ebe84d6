import type { Host } from "../../host/host.ts";
import { homeDirectory } from "../../probes/paths.ts";

/** Names under which Gitea's runner (old and new) and Forgejo's are installed. */
const names = ["gitea-runner", "act_runner", "act-runner", "forgejo-runner"];

/** Where runners of the system and of the user keep their files. Not all of these exist. */
export interface Places {
	readonly configs: readonly string[];
	readonly registrations: readonly string[];
	readonly units: readonly string[];
}

export function placesOf(host: Host): Places {
	const home = homeDirectory(host);
	const userConfigs = host.env.XDG_CONFIG_HOME || (home && `${home}/.config`);
	const configFolders = [
		...names.map((name) => `/etc/${name}`),
		...(userConfigs ? names.map((name) => `${userConfigs}/${name}`) : []),
		"/data",
	];
	const unitFolders = [
		"/etc/systemd/system",
		"/usr/local/lib/systemd/system",
		"/usr/lib/systemd/system",
		"/lib/systemd/system",
		...(userConfigs ? [`${userConfigs}/systemd/user`] : []),
	];
	return {
		configs: [
			...(host.env.CONFIG_FILE ? [host.env.CONFIG_FILE] : []),
			...configFolders.flatMap((folder) => [`${folder}/config.yaml`, `${folder}/config.yml`]),
		],
		registrations: [...names.map((name) => `/var/lib/${name}/.runner`), "/data/.runner"],
		units: unitFolders.flatMap((folder) => names.map((name) => `${folder}/${name}.service`)),
	};
}
