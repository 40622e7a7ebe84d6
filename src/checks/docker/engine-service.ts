import type { EngineFacts } from "../../probes/docker-engine.ts";
import type { Remedy, Verdict } from "../check.ts";
import { shellQuote } from "../text.ts";
import { stopsContainers } from "./situation.ts";

/** How the daemon behind a socket is started and looked at, on its machine. */
export interface EngineService {
	/** `Docker`, `rootless Docker of uid 1000` */
	readonly name: string;
	readonly status: string;
	/** Starts it now and from now on. */
	readonly enable: readonly string[];
	/** Starts it again. */
	readonly restart: readonly string[];
	/** Prints its log. */
	readonly journal: string;
	readonly log: readonly string[];
	/** What a restart interrupts. */
	readonly interrupts: string;
	/** Where its settings are, if it reads Docker's `daemon.json`. */
	readonly config?: string;
}

/**
 * Who serves a socket, by its path: the system's daemon, or that of a user, whose unit the system's `systemctl` does not know.
 * Sources: dockerd-rootless-setuptool.sh, podman-system-service(1), and the documentation of Docker Desktop for Linux and Colima.
 */
export function serviceAt(path: string): EngineService {
	const [, uid, podman] = /^(?:\/var)?\/run\/user\/(\d+)\/(?:docker|(podman)\/podman)\.sock$/.exec(path) ?? [];
	if (uid !== undefined) return podman === undefined ? ofUser("docker", uid) : ofUser("podman.socket", uid);
	if (/^(?:\/var)?\/run\/podman\/podman\.sock$/.test(path)) return podmanOfSystem;
	if (/\/\.docker\/desktop\/docker\.sock$/.test(path)) return desktop;
	const [, profile] = /\/\.colima\/(?:([\w.-]+)\/)?docker\.sock$/.exec(path) ?? [];
	return /\/\.colima\//.test(path) ? colima(profile) : docker;
}

const keepsContainers = "Podman's containers go on running.";

function recent(journal: string): string {
	return `${journal} --since -1h --no-pager | tail -50`;
}

const systemConfig = "/etc/docker/daemon.json";

const docker: EngineService = {
	name: "Docker",
	config: systemConfig,
	status: "systemctl status docker.socket docker.service",
	enable: ["sudo systemctl enable --now docker"],
	restart: ["sudo systemctl restart docker.socket docker.service"],
	journal: "sudo journalctl -u docker",
	log: [recent("sudo journalctl -u docker")],
	interrupts: stopsContainers,
};

const podmanOfSystem: EngineService = {
	name: "Podman",
	status: "systemctl status podman.socket",
	enable: ["sudo systemctl enable --now podman.socket"],
	restart: ["sudo systemctl restart podman.socket"],
	journal: "sudo journalctl -u podman",
	log: [recent("sudo journalctl -u podman")],
	interrupts: keepsContainers,
};

/** Of the user that a rootless daemon runs as. */
const userConfig = "~/.config/docker/daemon.json";

/** A rootless daemon whose user nothing names: a job container sees its socket only. */
const rootless: EngineService = {
	name: "rootless Docker",
	config: userConfig,
	status: "systemctl --user status docker   # as the user of the daemon",
	enable: ["systemctl --user enable --now docker   # as the user of the daemon"],
	restart: ["systemctl --user restart docker   # as the user of the daemon"],
	journal: "journalctl --user -u docker",
	log: [`${recent("journalctl --user -u docker")}   # as the user of the daemon`],
	interrupts: stopsContainers,
};

/** Source: the README of docker-snap. */
const snap: EngineService = {
	name: "Docker's snap",
	config: "/var/snap/docker/current/config/daemon.json",
	status: "snap services docker",
	enable: ["sudo snap start --enable docker"],
	restart: ["sudo snap restart docker"],
	journal: "sudo snap logs -n all docker",
	log: ["sudo snap logs -n 50 docker"],
	interrupts: stopsContainers,
};

/** Who serves an engine that answers: it says more than its socket's path. */
export function serviceOfEngine({ endpoint, info }: EngineFacts): EngineService {
	const byPath = serviceAt(endpoint.replace(/^unix:\/\//, ""));
	if (byPath !== docker || info.kind !== "ok") return byPath;
	if (info.value.dockerRootDir.startsWith("/var/snap/docker/")) return snap;
	return info.value.securityOptions.some((option) => option.includes("rootless")) ? rootless : docker;
}

/** The fix of a finding names the configuration of the daemon that has the problem, and restarts that one. */
export function fitToEngine<V extends Verdict>(verdict: V, engine: EngineFacts): V {
	if (verdict.kind !== "finding") return verdict;
	const { config = systemConfig, restart, journal } = serviceOfEngine(engine);
	if (config === systemConfig) return verdict;
	const adapt = <R extends Omit<Remedy, "otherwise">>(remedy: R): R => ({
		...remedy,
		text: remedy.text.split(systemConfig).join(config),
		...(remedy.config && {
			config: { ...remedy.config, file: remedy.config.file === systemConfig ? config : remedy.config.file },
		}),
		...(remedy.commands && {
			commands: remedy.commands.flatMap((command) =>
				command === "sudo systemctl restart docker"
					? restart
					: command
							.split(systemConfig)
							.join(config)
							.replace(/^sudo journalctl (?:-u|--unit) docker(?= )/, journal),
			),
		}),
	});
	const { otherwise, ...remedy } = verdict.remedy;
	return { ...verdict, remedy: { ...adapt(remedy), ...(otherwise && { otherwise: adapt(otherwise) }) } };
}

/** Without lingering, systemd ends a user's services with the user's last session, and removes `/run/user/<uid>`. */
function ofUser(unit: "docker" | "podman.socket", uid: string): EngineService {
	const systemctl = `sudo -u '#${uid}' XDG_RUNTIME_DIR=/run/user/${uid} systemctl --user`;
	const service = unit === "docker" ? "docker" : "podman";
	const journal = `sudo journalctl _UID=${uid} _SYSTEMD_USER_UNIT=${service}.service`;
	return {
		name: `${unit === "docker" ? "rootless Docker" : "Podman"} of uid ${uid}`,
		...(unit === "docker" && { config: userConfig }),
		status: `${systemctl} status ${unit}`,
		enable: [`sudo loginctl enable-linger "$(id -nu ${uid})"`, `${systemctl} enable --now ${unit}`],
		restart: [`${systemctl} restart ${unit}`],
		journal,
		log: [recent(journal)],
		interrupts: unit === "docker" ? stopsContainers : keepsContainers,
	};
}

const desktop: EngineService = {
	name: "Docker Desktop",
	status: "systemctl --user status docker-desktop",
	enable: ["systemctl --user enable --now docker-desktop"],
	restart: ["systemctl --user restart docker-desktop"],
	journal: "journalctl --user -u docker-desktop",
	log: [recent("journalctl --user -u docker-desktop")],
	interrupts: stopsContainers,
};

function colima(profile = "default"): EngineService {
	const name = profile === "default" ? "" : ` ${shellQuote(profile)}`;
	const journal = `colima ssh --profile ${shellQuote(profile)} -- sudo journalctl -u docker`;
	return {
		name: "Colima",
		status: `colima status${name}`,
		enable: [`colima start${name}`],
		restart: [`colima restart${name}`],
		journal,
		log: [recent(journal)],
		interrupts: stopsContainers,
	};
}
