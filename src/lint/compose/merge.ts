import type { Mount, Value } from "./model.ts";
import type { ServicePart } from "./service.ts";

/** A service of one file over the same service of another, or over the one that it extends, as Compose merges them. */
export function merged(base: ServicePart, over: ServicePart): ServicePart {
	return {
		...base,
		...over,
		file: base.file,
		entry: base.entry,
		environment: new Map([...base.environment, ...over.environment]),
		envFiles: [
			...base.envFiles.filter(({ path }) => !over.envFiles.some((other) => other.path === path)),
			...over.envFiles,
		],
		mounts: byTarget([...base.mounts, ...over.mounts]),
		placed: byTarget([...base.placed, ...over.placed]),
		ports: withoutDoubles([...base.ports, ...over.ports]),
		dependsOn: lastOf([...base.dependsOn, ...over.dependsOn], ({ service }) => service),
		networks:
			base.networks && over.networks ? new Map([...base.networks, ...over.networks]) : (over.networks ?? base.networks),
		restartPolicy: base.restartPolicy || over.restartPolicy,
		groups: withoutDoubles([...base.groups, ...over.groups]),
		extraHosts: withoutDoubles([...base.extraHosts, ...over.extraHosts]),
		links: withoutDoubles([...base.links, ...over.links]),
		profiles: [...new Set([...base.profiles, ...over.profiles])],
	};
}

/** Two mounts at one place: the last one counts. */
export function byTarget(mounts: readonly Mount[]): readonly Mount[] {
	return lastOf(mounts, ({ target }) => target.replace(/(?<=.)\/+$/, ""));
}

function withoutDoubles(values: readonly Value[]): readonly Value[] {
	return lastOf(values, ({ text }) => text);
}

/** One entry per key: the last, at the position of the first. */
function lastOf<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
	const found = new Map<string, T>();
	for (const item of items) found.set(keyOf(item), item);
	return [...found.values()];
}
