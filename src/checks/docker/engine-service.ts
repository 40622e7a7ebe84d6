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
	readonly restart: string;
	/** Prints its log. */
	readonly journal: string;
	/** Prints the last lines of the log. */
	readonly log: string;
	/** Upgrades it, if that is not up to the system's packages. */
	readonly upgrade?: string;
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
	if (uid !== undefined) return ofUser(podman === undefined ? "docker" : "podman", uid);
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

/** Of the user that a rootless daemon runs as. */
const userConfig = "~/.config/docker/daemon.json";

interface Unit extends Partial<Pick<EngineService, "config" | "interrupts">> {
	readonly name: string;
	readonly unit: string;
	/** What has to be looked at and started again, if that is not just the unit. */
	readonly units?: string;
	/** `systemctl --user` */
	readonly systemctl?: string;
	readonly journal: string;
	/** A comment behind the commands. */
	readonly note?: string;
}

function ofUnit(seen: Unit): EngineService {
	const { unit, units = unit, systemctl = "sudo systemctl", note = "" } = seen;
	const { name, config, journal, interrupts = stopsContainers } = seen;
	return {
		name,
		...(config !== undefined && { config }),
		// Everyone may look at the system's units.
		status: `${systemctl.replace(/^sudo systemctl/, "systemctl")} status ${units}${note}`,
		enable: [`${systemctl} enable --now ${unit}${note}`],
		restart: `${systemctl} restart ${units}${note}`,
		journal,
		log: `${recent(journal)}${note}`,
		interrupts,
	};
}

const docker = ofUnit({
	name: "Docker",
	config: systemConfig,
	unit: "docker",
	units: "docker.socket docker.service",
	journal: "sudo journalctl -u docker",
});

const podmanOfSystem = ofUnit({
	name: "Podman",
	unit: "podman.socket",
	journal: "sudo journalctl -u podman",
	interrupts: keepsContainers,
});

/** A rootless daemon whose user nothing names: a job container sees its socket only. */
const rootless = ofUnit({
	name: "rootless Docker",
	config: userConfig,
	unit: "docker",
	systemctl: "systemctl --user",
	journal: "journalctl --user -u docker",
	note: "   # as the user of the daemon",
});

const desktop = ofUnit({
	name: "Docker Desktop",
	config: "~/.docker/daemon.json",
	unit: "docker-desktop",
	systemctl: "systemctl --user",
	journal: "journalctl --user -u docker-desktop",
});

/** Source: the README of docker-snap. */
const snap: EngineService = {
	name: "Docker's snap",
	config: "/var/snap/docker/current/config/daemon.json",
	status: "snap services docker",
	enable: ["sudo snap start --enable docker"],
	restart: "sudo snap restart docker",
	upgrade: "sudo snap refresh docker",
	journal: "sudo snap logs -n all docker",
	log: "sudo snap logs -n 50 docker",
	interrupts: stopsContainers,
};

/** Who serves an engine that answers: it says more than its socket's path. */
export function serviceOfEngine({ endpoint, info }: EngineFacts): EngineService {
	const byPath = serviceAt(endpoint.replace(/^unix:\/\//, ""));
	if (byPath !== docker || info.kind !== "ok") return byPath;
	if (info.value.dockerRootDir.startsWith("/var/snap/docker/")) return snap;
	return info.value.securityOptions.some((option) => option.includes("rootless")) ? rootless : docker;
}

/** A fix names the configuration and the log of the daemon that has the problem, and restarts that one. */
export function fitToEngine<V extends Verdict>(verdict: V, engine: EngineFacts): V {
	if (!("remedy" in verdict)) return verdict;
	const service = serviceOfEngine(engine);
	if (service === docker) return verdict;
	const { config = systemConfig, restart, journal } = service;
	const adapt = <R extends Omit<Remedy, "otherwise">>(remedy: R): R => ({
		...remedy,
		text: remedy.text.split(systemConfig).join(config),
		...(remedy.config?.file === systemConfig && { config: { ...remedy.config, file: config } }),
		...(remedy.commands && {
			commands: remedy.commands.map((command) =>
				command === "sudo systemctl restart docker"
					? restart
					: command
							.split(systemConfig)
							.join(config)
							.replace(/^sudo journalctl (?:-u|--unit) docker(?: --since \S+)?(?= \|)/, journal),
			),
		}),
	});
	const { otherwise, ...remedy } = verdict.remedy;
	return { ...verdict, remedy: { ...adapt(remedy), ...(otherwise && { otherwise: adapt(otherwise) }) } };
}

/** Without lingering, systemd ends a user's services with the user's last session, and removes `/run/user/<uid>`. */
function ofUser(engine: "docker" | "podman", uid: string): EngineService {
	const isDocker = engine === "docker";
	const service = ofUnit({
		name: `${isDocker ? "rootless Docker" : "Podman"} of uid ${uid}`,
		unit: isDocker ? "docker" : "podman.socket",
		systemctl: `sudo -u '#${uid}' XDG_RUNTIME_DIR=/run/user/${uid} systemctl --user`,
		journal: `sudo journalctl _UID=${uid} _SYSTEMD_USER_UNIT=${engine}.service`,
		...(isDocker ? { config: userConfig } : { interrupts: keepsContainers }),
	});
	return { ...service, enable: [`sudo loginctl enable-linger "$(id -nu ${uid})"`, ...service.enable] };
}

function colima(profile = "default"): EngineService {
	const name = profile === "default" ? "" : ` ${shellQuote(profile)}`;
	const journal = `colima ssh --profile ${shellQuote(profile)} -- sudo journalctl -u docker`;
	return {
		name: "Colima",
		status: `colima status${name}`,
		enable: [`colima start${name}`],
		restart: `colima restart${name}`,
		journal,
		log: recent(journal),
		interrupts: stopsContainers,
	};
}
