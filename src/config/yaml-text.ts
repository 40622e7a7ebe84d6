/** A text as YAML has it on one line: as it is where that is safe, else in quotes. */
export function yamlText(text: string): string {
	return /^[A-Za-z0-9_./][A-Za-z0-9_./:@%+=*-]*$/.test(text) && !/:$/.test(text) ? text : JSON.stringify(text);
}
