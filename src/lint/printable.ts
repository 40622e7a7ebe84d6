/** What comes from a file must not steer the terminal. One character for each, so that columns hold. */
export function printable(text: string, keep = ""): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (char) =>
		keep.includes(char) ? char : "?",
	);
}
