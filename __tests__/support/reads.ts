export type Path = readonly string[];

/** The paths in `value` that `use` reads, without those of a list's own methods. */
export function readsOf(value: unknown, use: (watched: unknown) => void): readonly Path[] {
	const paths = new Map<string, Path>();
	use(watched(value, [], (path) => paths.set(JSON.stringify(path), path)));
	return [...paths.values()];
}

function watched(value: unknown, path: Path, note: (path: Path) => void): unknown {
	if (typeof value !== "object" || value === null) return value;
	return new Proxy(value, {
		get(target, key) {
			const item: unknown = Reflect.get(target, key);
			const isOfFacts = Reflect.getOwnPropertyDescriptor(target, key)?.enumerable === true;
			if (typeof key !== "string" || !isOfFacts) return item;
			note([...path, key]);
			return watched(item, [...path, key], note);
		},
	});
}

/** What can be missing at a path: the field itself, its value, or the content of its value. */
export const losses = ["dropped", "null", "empty"] as const;
export type Loss = (typeof losses)[number];

/** The value with a loss at the path. */
export function without(value: unknown, [head, ...rest]: Path, loss: Loss): unknown {
	if (head === undefined) return loss === "null" ? null : emptied(value);
	const isLost = rest.length === 0 && loss === "dropped";
	if (Array.isArray(value)) {
		const index = Number(head);
		return isLost
			? value.filter((_, at) => at !== index)
			: value.map((item, at) => (at === index ? without(item, rest, loss) : item));
	}
	const { [head]: item, ...others } = value as Record<string, unknown>;
	return isLost ? others : { ...others, [head]: without(item, rest, loss) };
}

function emptied(value: unknown): unknown {
	if (Array.isArray(value)) return [];
	if (typeof value === "string") return "";
	return typeof value === "object" && value !== null ? {} : value;
}

/** Is there something to lose at the path? A number or a flag has no content. */
export function hasContent(value: unknown, path: Path): boolean {
	const at = path.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], value);
	return (typeof at === "string" && at !== "") || (typeof at === "object" && at !== null && Object.keys(at).length > 0);
}
