import file from "./container-errors.yaml";

/** Why an engine could not start a container. */
export type StartError =
	| "old-runc"
	| "kernel-namespaces"
	| "lxc-apparmor"
	| "sysctl-read-only"
	| "openat2"
	| "lxc-nesting"
	| "apparmor"
	| "nested-mount"
	| "cgroup-devices"
	| "cgroup-systemd"
	| "cgroup-missing"
	| "cgroup-limit"
	| "cgroup"
	| "keys"
	| "rlimits"
	| "no-pivot"
	| "user-namespaces"
	| "selinux"
	| "libseccomp"
	| "seccomp"
	| "runtime-missing"
	| "nvidia-runtime"
	| "log-driver"
	| "containerd"
	| "bridge-full"
	| "network-kernel"
	| "iptables-kernel"
	| "iptables"
	| "address-pool"
	| "overlay"
	| "no-space"
	| "read-only"
	| "no-process"
	| "architecture"
	| "noexec";

/** An entry of `container-errors.yaml`. */
export interface KnownStartError {
	readonly cause: StartError;
	readonly pattern: string;
	/** A message of this kind. It is a test. */
	readonly example: string;
}

/** A test validates the file against `container-errors.schema.json`. */
export const startErrors = (file as { readonly errors: readonly KnownStartError[] }).errors;

/** The cause that an engine's message tells, with what it names: a runtime, a table, a log driver; `undefined` if none is known. */
export function startErrorIn(message: string): { readonly cause: StartError; readonly subject?: string } | undefined {
	for (const { cause, pattern } of startErrors) {
		const match = new RegExp(pattern, "i").exec(message);
		if (!match) continue;
		const { subject, other, program, path } = match.groups ?? {};
		const named = subject ?? other ?? program ?? path;
		return { cause, ...(named !== undefined && { subject: named }) };
	}
	return undefined;
}
