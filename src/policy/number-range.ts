/** A range of whole numbers as people write it for a kernel setting: `>=524288`, or `>=1 <10`. */
export interface NumberRange {
	readonly all: readonly { readonly operator: string; readonly number: bigint }[];
}

const comparator = /^(>=|<=|>|<|=)\s*(-?\d{1,20})(?:\s+|$)/;

/** Does the text begin like a range? What does not is a plain value. */
export function looksLikeRange(text: string): boolean {
	return /^\s*[<>=]/.test(text);
}

/** Parses a range; `undefined` if it is not one. */
export function parseNumberRange(text: string): NumberRange | undefined {
	const all: NumberRange["all"][number][] = [];
	let rest = text.trim();
	while (rest !== "") {
		const [whole = "", operator = "", number = ""] = comparator.exec(rest) ?? [];
		if (whole === "" || all.length === 4) return undefined;
		all.push({ operator, number: BigInt(number) });
		rest = rest.slice(whole.length);
	}
	return all.length === 0 ? undefined : { all };
}

/** Is this text a whole number in the range? `undefined` if it is not a number. */
export function isInRange(text: string, { all }: NumberRange): boolean | undefined {
	if (!/^-?\d{1,20}$/.test(text)) return undefined;
	const value = BigInt(text);
	return all.every(({ operator, number }) => {
		switch (operator) {
			case ">=":
				return value >= number;
			case "<=":
				return value <= number;
			case ">":
				return value > number;
			case "<":
				return value < number;
			default:
				return value === number;
		}
	});
}

/** A number that is in the range for sure, for a command that sets it; `undefined` if the range does not name one. */
export function numberIn(range: NumberRange): string | undefined {
	const named = range.all.filter(({ operator }) => operator.includes("=")).map(({ number }) => number.toString());
	return named.find((number) => isInRange(number, range));
}
