/**
 * An input of the action from its environment, trimmed: `INPUT_MIN-FREE-DISK`, or `INPUT_MIN_FREE_DISK` where a shell came
 * between, which drops names with a hyphen. The launchers use it on Node 6.
 */
export function inputOf(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
	const variable = `INPUT_${name.toUpperCase()}`;
	return (env[variable] ?? env[variable.replace(/-/g, "_")])?.trim();
}
