import type { Remedy } from "../../checks/check.ts";
import { yamlValue } from "../../checks/text.ts";
import type { Service } from "./model.ts";

type Lines = NonNullable<Remedy["config"]>;

/** Lines of a service, indented below its name. */
export function serviceLines({ name, place }: Service, lines: readonly string[], top: readonly string[] = []): Lines {
	const body = [`services:`, `  ${yamlKey(name)}:`, ...lines.map((line) => `    ${line}`), ...top];
	return { file: place.file, language: "yaml", text: body.join("\n") };
}

/** The same of two services. */
export function linesOfServices(
	file: string,
	services: readonly (readonly [name: string, lines: readonly string[]])[],
	top: readonly string[] = [],
): Lines {
	const body = services.flatMap(([name, lines]) => [`  ${yamlKey(name)}:`, ...lines.map((line) => `    ${line}`)]);
	return { file, language: "yaml", text: ["services:", ...body, ...top].join("\n") };
}

/** Variables as lines of `environment`. */
export function environmentLines(variables: Readonly<Record<string, string>>): readonly string[] {
	return ["environment:", ...Object.entries(variables).map(([name, value]) => `  ${name}: ${composeValue(value)}`)];
}

/** A value that Compose does not change: a `$` is written twice. */
export function composeText(value: string): string {
	return yamlValue(value.split("$").join("$$"));
}

/** A value with variables that Compose replaces. */
function composeValue(value: string): string {
	return /^\$\{\w+\}$/.test(value) ? value : composeText(value);
}

/** A key of a map. */
export function yamlKey(name: string): string {
	return /^[A-Za-z][\w.-]*$/.test(name) ? name : JSON.stringify(name);
}
