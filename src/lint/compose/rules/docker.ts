import type { Finding } from "../../../checks/check.ts";
import { finding } from "../../../checks/words.ts";
import { at } from "../../rule.ts";
import type { Service } from "../model.ts";
import { defineComposeRule } from "../rule.ts";
import { jobPlace, mountAt, type RunnerService, setting, socketMount, startText } from "../runner.ts";
import { intro, type Mismatch, words } from "./docker-words.ts";

type Problem = Finding<keyof typeof words>;

/** The way from the service to a Docker daemon: the socket, or a daemon in a service of its own. */
export const composeDocker = defineComposeRule({
	id: "compose/docker",
	title: "The service can use the Docker daemon that it is given",
	intro,
	reasons: words,
	find(runner): readonly Problem[] {
		return [...socketWithoutGroup(runner), ...daemonService(runner)];
	},
});

function socketWithoutGroup(runner: RunnerService): readonly Problem[] {
	const { image, service } = runner;
	const mount = socketMount(runner);
	const user = service.user ?? (image && { text: image.image.user, unset: [], place: service.place });
	if (!mount || mount.unset.length > 0 || !user || user.unset.length > 0 || image?.image.user === "adapts") return [];
	if (image && image.variant !== "basic") return [];
	const [name = "", group] = user.text.split(":");
	if (/^(?:root|0+)$/.test(name) || name === "" || service.groups.length > 0) return [];
	// Another group than that of the user's own name is there for the socket.
	if (group !== undefined && group !== name) return [];
	const host = service.environment.get("DOCKER_HOST");
	if (host && !/^(?:unix:|$)/.test(host.text)) return [];
	// An image of one's own may well have the group.
	if (!image) return [];
	// The socket of a daemon without root belongs to the user that runs it.
	if (/^(?:\/var)?\/run\/user\/\d+\//.test(mount.source)) return [];
	const seen = { service, user: user.text, source: mount.source || "/var/run/docker.sock" };
	return [finding(words, "socket-without-group", seen, at(mount.place, `user \`${user.text}\`, no \`group_add\``))];
}

function daemonService(runner: RunnerService): readonly Problem[] {
	const place = jobPlace(runner);
	if (place.kind !== "service" || !isDaemon(place.service)) return [];
	const mismatch = tlsMismatch(runner, place.service, place.host, place.port);
	const { service } = runner;
	const host = service.environment.get("DOCKER_HOST");
	const where = host?.place ?? service.place;
	const problems: Problem[] = [];
	if (mismatch) {
		const seen = { service, daemon: place.service, mismatch, host: place.host, port: place.port };
		problems.push(finding(words, "tls-mismatch", seen, at(where, mismatch)));
	}
	if (!waits(runner, place.service)) {
		const seen = { service, daemon: place.service };
		const dependency = service.dependsOn.find((one) => one.service === place.service.name);
		problems.push(
			finding(
				words,
				"not-waiting",
				seen,
				at(dependency?.place ?? service.place, dependency ? `\`${dependency.condition}\`` : "no `depends_on`"),
			),
		);
	}
	return problems;
}

/** Docker's own image with a daemon, also from a mirror. */
function isDaemon({ image }: Service): boolean {
	return /(?:^|\/)docker:[\w.-]*dind/.test(image?.text ?? "") && image?.unset.length === 0;
}

/** Does something make sure that the daemon answers before the runner asks, or that the runner asks again? */
function waits(runner: RunnerService, daemon: Service): boolean {
	const { service } = runner;
	if (startsAgain(service)) return true;
	const start = startText(service);
	if (/\b(?:while|until|sleep|wait|for)\b/.test(start)) return true;
	const timeout = setting(runner, ["container", "docker_timeout"]);
	if (timeout === undefined || (timeout !== "" && !/^0+[a-z]*$/.test(timeout))) return true;
	return service.dependsOn.some(
		({ service: name, condition }) => name === daemon.name && condition === "service_healthy",
	);
}

/**
 * Does Docker start the runner again until the daemon answers? It waits 100 ms the first time and twice as long each time after
 * that, up to a minute, so that nine times are enough for a slow daemon.
 */
function startsAgain({ restart, restartPolicy }: Service): boolean {
	if (restartPolicy || (restart && restart.unset.length > 0)) return true;
	const [policy, times] = (restart?.text ?? "no").split(":");
	if (policy === "on-failure") return times === undefined || Number(times) === 0 || Number(times) >= 9;
	return policy === "always" || policy === "unless-stopped";
}

/** What daemon and client do not agree on; `undefined`: nothing, or it cannot be told. */
function tlsMismatch(runner: RunnerService, daemon: Service, host: string, port: string): Mismatch | undefined {
	const { service } = runner;
	const isOpen = [service, daemon].some(({ openEnvironment }) => openEnvironment);
	const certificates = daemon.environment.get("DOCKER_TLS_CERTDIR");
	const path = service.environment.get("DOCKER_CERT_PATH");
	const verify = service.environment.get("DOCKER_TLS_VERIFY");
	if (isOpen || [certificates, path, verify].some((variable) => variable && variable.unset.length > 0))
		return undefined;
	const served = servedBy(daemon, certificates === undefined || certificates.filled);
	if (served === undefined) return undefined;
	const wantsTls = path?.filled === true;
	const wanted = port === "" ? "2375" : port;
	if (!served.has(wanted))
		return wanted === "2375" || wanted === "2376" ? (served.has("2376") ? "plain-client" : "tls-client") : undefined;
	const isTls = served.get(wanted) === true;
	if (isTls && !wantsTls) return "no-certificates";
	if (!isTls && wantsTls) return "tls-client";
	if (!isTls) return undefined;
	const folder = certificates?.text || "/certs";
	const theirs = mountAt(daemon, `${folder}/client`);
	const ours = mountAt(service, path?.text ?? "");
	if (!theirs || !ours || theirs.source !== ours.source || theirs.source === "") return "certificates-not-shared";
	const names = ["docker", "localhost", daemon.hostname?.text];
	const more = daemon.environment.get("DOCKER_TLS_SAN");
	return verify?.filled && !names.includes(host) && !more ? "other-name" : undefined;
}

/** Port -> TLS, as the image's entrypoint starts the daemon; `undefined`: its command decides in a way that is not known here. */
function servedBy(
	{ command, entrypoint }: Service,
	hasCertificates: boolean,
): ReadonlyMap<string, boolean> | undefined {
	if (entrypoint) return undefined;
	const words = command?.words.join(" ") ?? "";
	if (words === "") return new Map(hasCertificates ? [["2376", true]] : [["2375", false]]);
	if (/--tls(?:verify|=true|cacert)|\$/.test(words)) return undefined;
	const ports = [...words.matchAll(/tcp:\/\/[^\s:]*:(\d+)/g)].map((match) => match[1] ?? "");
	if (ports.length > 0) return new Map(ports.map((port) => [port, false]));
	return undefined;
}
