import type { Location } from "../../checks/check.ts";

/**
 * A compose file as Compose reads it, reduced to what the lint judges. Values of variables are stars unless their names are known to
 * be harmless. Whatever could not be resolved here says so, and is never judged.
 */
export interface ComposeProject {
	/** The file that was named. */
	readonly path: string;
	readonly services: readonly Service[];
	/** Name of each volume, network, secret and config at the top -> is it `external`? */
	readonly volumes: ReadonlyMap<string, boolean>;
	readonly networks: ReadonlyMap<string, NetworkDefinition>;
	/** Configs and secrets at the top: the file of each, or its text. */
	readonly files: ReadonlyMap<string, { readonly path: string } | { readonly text: string }>;
	/** The name that Compose gives the project; `undefined`: it cannot be told here. */
	readonly name?: string;
	/** Why not all of it is known: files that it includes or extends, and that cannot be read. */
	readonly missing: readonly string[];
}

export interface NetworkDefinition {
	readonly external: boolean;
	/** `bridge` if the file says nothing. */
	readonly driver: string;
	/** The name that Docker knows it by, if the file sets one. */
	readonly name?: string;
}

/** A text with its place. */
export interface Value {
	readonly text: string;
	/** Variables without a value here, so the text is incomplete. */
	readonly unset: readonly string[];
	/** Written in this file as it is, or as the default of a variable that is not set here. */
	readonly literal: boolean;
	readonly place: Location;
}

/** A variable of a service's environment. */
export interface Variable extends Value {
	/** The value is not in a file of these: it comes from the shell that calls Compose. */
	readonly passed: boolean;
	/** Is there any value? */
	readonly filled: boolean;
}

export interface Mount {
	readonly type: string;
	/** Path on the host, absolute if it can be told, or name of a volume; empty for an anonymous one. */
	readonly source: string;
	/** As written. */
	readonly written: string;
	readonly target: string;
	readonly readOnly: boolean;
	readonly unset: readonly string[];
	readonly place: Location;
}

export interface Dependency {
	readonly service: string;
	readonly condition: string;
	readonly place: Location;
}

/** A command as words; a string is split as Compose does. */
export interface Command {
	readonly words: readonly string[];
	readonly unset: readonly string[];
	readonly place: Location;
	/** `command: []` and `command: ""` take away the image's own. */
	readonly empty: boolean;
}

/** What one file says of a service, and what all of them together say, in the same form. */
export interface ServiceFields {
	readonly name: string;
	readonly image?: Value;
	readonly build?: Value;
	readonly command?: Command;
	readonly entrypoint?: Command;
	readonly mounts: readonly Mount[];
	readonly ports: readonly Value[];
	readonly dependsOn: readonly Dependency[];
	readonly networkMode?: Value;
	readonly restart?: Value;
	/** Does it have `deploy.restart_policy`? */
	readonly restartPolicy: boolean;
	readonly user?: Value;
	readonly groups: readonly Value[];
	readonly hostname?: Value;
	readonly containerName?: Value;
	readonly extraHosts: readonly Value[];
	readonly links: readonly Value[];
	readonly profiles: readonly string[];
	/** Where its configs and secrets are mounted. */
	readonly placed: readonly Mount[];
}

export interface Service extends ServiceFields {
	readonly place: Location;
	readonly environment: ReadonlyMap<string, Variable>;
	/** An env file that cannot be read, so variables may be missing here. */
	readonly openEnvironment: boolean;
	/** Names of networks -> the aliases of the service there; `default` if the file names none. */
	readonly networks: ReadonlyMap<string, readonly string[]>;
	readonly privileged: boolean;
}
