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
	readonly log: readonly string[];
	/** What a restart interrupts. */
	readonly interrupts: string;
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

const docker: EngineService = {
	name: "Docker",
	status: "systemctl status docker.socket docker.service",
	enable: ["sudo systemctl enable --now docker"],
	restart: ["sudo systemctl restart docker.socket docker.service"],
	log: ["sudo journalctl -u docker --since -1h --no-pager | tail -50"],
	interrupts: stopsContainers,
};

const podmanOfSystem: EngineService = {
	name: "Podman",
	status: "systemctl status podman.socket",
	enable: ["sudo systemctl enable --now podman.socket"],
	restart: ["sudo systemctl restart podman.socket"],
	log: ["sudo journalctl -u podman --since -1h --no-pager | tail -50"],
	interrupts: keepsContainers,
};

/** Without lingering, systemd ends a user's services with the user's last session, and removes `/run/user/<uid>`. */
function ofUser(unit: "docker" | "podman.socket", uid: string): EngineService {
	const systemctl = `sudo -u '#${uid}' XDG_RUNTIME_DIR=/run/user/${uid} systemctl --user`;
	const service = unit === "docker" ? "docker" : "podman";
	return {
		name: `${unit === "docker" ? "rootless Docker" : "Podman"} of uid ${uid}`,
		status: `${systemctl} status ${unit}`,
		enable: [`sudo loginctl enable-linger "$(id -nu ${uid})"`, `${systemctl} enable --now ${unit}`],
		restart: [`${systemctl} restart ${unit}`],
		log: [`sudo journalctl _UID=${uid} _SYSTEMD_USER_UNIT=${service}.service --since -1h --no-pager | tail -50`],
		interrupts: unit === "docker" ? stopsContainers : keepsContainers,
	};
}

const desktop: EngineService = {
	name: "Docker Desktop",
	status: "systemctl --user status docker-desktop",
	enable: ["systemctl --user enable --now docker-desktop"],
	restart: ["systemctl --user restart docker-desktop"],
	log: ["journalctl --user -u docker-desktop --since -1h --no-pager | tail -50"],
	interrupts: stopsContainers,
};

function colima(profile = "default"): EngineService {
	const name = profile === "default" ? "" : ` ${shellQuote(profile)}`;
	return {
		name: "Colima",
		status: `colima status${name}`,
		enable: [`colima start${name}`],
		restart: [`colima restart${name}`],
		log: [`colima ssh --profile ${shellQuote(profile)} -- sudo journalctl -u docker --no-pager | tail -50`],
		interrupts: stopsContainers,
	};
}
