/** Marks a value from outside as code. A backquote of its own would end the mark, so it becomes an apostrophe. */
export function code(value: string): string {
	return `\`${value.split("`").join("'")}\``;
}

/** The value as one word of a shell command. What needs no quotes gets none. */
export function shellQuote(value: string): string {
	return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.split("'").join(`'\\''`)}'`;
}

/** The value in at most `max` characters. */
export function cut(value: string, max = 120): string {
	return value.length <= max ? value : `${value.slice(0, max - 1)}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
	return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}

/** Permission bits as `ls` counts them: `0660`. */
export function octal(mode: number): string {
	return mode.toString(8).padStart(4, "0");
}

/** The string as YAML: plain where it stays one, else in the double quotes that YAML shares with JSON. */
export function yamlValue(value: string): string {
	const plain = /^[a-z/-][\w./:@ -]*$/i.test(value) && !/: |:$|^- |^(true|false|yes|no|on|off|null)$/i.test(value);
	return plain ? value : JSON.stringify(value);
}

export function upperFirst(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A title with values of any length; the general one if it is longer than the 60 characters of a title. */
export function shortTitle(title: string, general: string): string {
	return title.length <= 60 ? title : general;
}

/** A title with one value in it, marked as code and shortened so that the title has at most 60 characters. */
export function titleWith(before: string, value: string, after = ""): string {
	return before + code(cut(value, 58 - before.length - after.length)) + after;
}

/** A value between the double quotes of a unit file. */
export function systemdText(value: string): string {
	return value
		.replace(/[\u0000-\u001f]/g, "?")
		.replace(/["\\]/g, "\\$&")
		.split("%")
		.join("%%");
}
