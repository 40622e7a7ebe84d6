/** Marks a value from outside as code. A backquote of its own would end the mark, so it becomes an apostrophe. */
export function code(value: string): string {
	return `\`${value.split("`").join("'")}\``;
}

/** The value as one word of a shell command. What needs no quotes gets none. */
export function shellQuote(value: string): string {
	if (/^[\w@%+=:,./-]+$/.test(value)) return value;
	// A line break in quotes would get the indentation of what shows the command.
	return /[\u0000-\u001f\u007f]/.test(value)
		? `$'${value.replace(/[\\']/g, "\\$&").replace(/[\u0000-\u001f\u007f]/g, inOctal)}'`
		: `'${value.split("'").join(`'\\''`)}'`;
}

function inOctal(character: string): string {
	return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** The same for a path, which may begin with a dash if it is relative. */
export function shellPath(path: string): string {
	return shellQuote(path.startsWith("-") ? `./${path}` : path);
}

/** The same for any other value that a program must not take for an option. */
export function operand(value: string): string {
	return value.startsWith("-") ? `-- ${shellQuote(value)}` : shellQuote(value);
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
	const plain =
		/^(?:[a-z/]|--?[a-z])[\w./:@= -]*$/i.test(value) && !/: |[: ]$|^(true|false|yes|no|on|off|null)$/i.test(value);
	// YAML allows no character in quotes that cannot be seen; JSON does.
	return plain ? value : JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, inUnicode);
}

function inUnicode(character: string): string {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
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

/** The value without what would end its line. */
export function oneLine(value: string): string {
	return value.replace(/[\u0000-\u001f\u007f]/g, "?");
}

/** A value between the double quotes of a unit file. */
export function systemdText(value: string): string {
	return oneLine(value).replace(/["\\]/g, "\\$&").split("%").join("%%");
}
