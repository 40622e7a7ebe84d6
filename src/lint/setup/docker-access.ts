import { runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import { type GivenFlag, isOn, type Options, readOptions } from "../read/read-options.ts";
import { type Scalar, scalarAt } from "../read/tree.ts";
import { applies, type Context } from "../rule.ts";
import { flagAt, type Setup, textAt, unitEnvironment } from "./setup.ts";
import { socketPath } from "./volumes.ts";

/** What the runner itself does with the Docker socket for a job, apart from options. */
export type SocketSharing =
	/** It mounts this socket of the daemon's host into every job container. `assumed`: the runner searches for it. */
	| { readonly kind: "mounted"; readonly source: string; readonly assumed: boolean }
	/** It mounts none. */
	| { readonly kind: "none"; readonly because: string };

/** `container.docker_host`, or what replaces it if it is empty. */
function dockerHostOf(setup: Setup): string {
	const configured = textAt(setup.config?.root, "container", "docker_host");
	if (configured !== "" || setup.system === "forgejo") return configured;
	return unitEnvironment(setup, "DOCKER_HOST") ?? "";
}

/** Decides like the runner: `getDockerDaemonSocketMountPath` and the start of the daemon. */
export function socketSharing(setup: Setup): SocketSharing {
	const host = dockerHostOf(setup);
	const isForgejo = setup.system === "forgejo";
	if (host === "-") return { kind: "none", because: '`container.docker_host` is `"-"`' };
	if (host === "") {
		return isForgejo
			? { kind: "none", because: "Forgejo's runner mounts no socket unless `container.docker_host` says so" }
			: { kind: "mounted", source: socketPath, assumed: true };
	}
	if (host === "automount") return { kind: "mounted", source: socketPath, assumed: true };
	const [scheme = "", rest] = host.split("://");
	if (rest === undefined) return { kind: "mounted", source: host, assumed: false };
	if (/^unix$/i.test(scheme)) return { kind: "mounted", source: rest, assumed: false };
	if (/^npipe$/i.test(scheme)) return { kind: "mounted", source: socketPath, assumed: false };
	return { kind: "none", because: `the runner connects to the daemon by \`${scheme}://\`, which cannot be mounted` };
}

/** The flags in `container.options`, and the scalar that has their places. */
export function optionsOf(setup: Setup): { readonly scalar: Scalar | undefined; readonly options: Options } {
	const scalar = scalarAt(setup.config?.root, "container", "options");
	return { scalar, options: scalar ? readOptions(scalar.text) : { flags: [] } };
}

export function isPrivileged(setup: Setup): boolean {
	return flagAt(setup.config?.root, "container", "privileged");
}

/** Does this flag give a job container a GPU? */
export function givesGpu(flag: GivenFlag): boolean {
	const value = flag.value ?? "";
	switch (flag.name) {
		case "gpus":
			return true;
		case "device":
			return /nvidia|\/dev\/(?:dri|kfd)|gpu/i.test(value);
		case "runtime":
			return value === "nvidia";
		case "env":
			return value.startsWith("NVIDIA_VISIBLE_DEVICES");
		case "privileged":
			return isOn(flag);
		default:
			return false;
	}
}

/** The releases that drop `--gpus` from unprivileged containers, if this runner may be one of them. */
export function releasesThatDropGpus(setup: Setup, context: Context): string | undefined {
	return applies("gpu-option-dropped", setup, context) && versionsOf(runnerKnowledge("gpu-option-dropped"));
}
