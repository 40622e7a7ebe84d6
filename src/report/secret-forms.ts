/** In which forms a secret turns up, and what a text says when its escapes are taken away. */

/** A text with its escapes taken away. Each character comes from a place in the text; the last entry is the text's end. */
export interface View {
	readonly text: string;
	readonly places: Int32Array | undefined;
	/** Its blanks were removed. */
	readonly isJoined?: boolean;
}

/** A longer secret is recognized by its beginning, and hidden with the run of characters that it begins. */
const maxEncoded = 2048;
/** Characters of an encoded secret that are surely no coincidence. */
const minEncoded = 5;

/** Base64 of a secret wherever it begins within a longer text, without the characters that its neighbors have a part in. */
function base64Forms(bytes: Buffer): readonly string[] {
	return [0, 1, 2].flatMap((offset) => {
		const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
		const core = whole.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + bytes.length) * 8) / 6));
		// All small or all capital letters may be a word, and digits a number.
		const isClear = core.length >= minEncoded && !/^(?:[a-z]*|[A-Z]*|\d*)$/.test(core);
		if (!isClear) return [];
		return [core, core.replace(/\+/g, "-").replace(/\//g, "_")];
	});
}

/** Encodings that leave nothing of a secret as it is: base64, also of JSON, and hex. */
export function encodedForms(secret: string): readonly string[] {
	const bytes = bytesOf(secret);
	const hex = bytes.toString("hex");
	const json = inJson(secret);
	return [...base64Forms(bytes), ...(json === secret ? [] : base64Forms(bytesOf(json))), hex, hex.toUpperCase()];
}

function bytesOf(secret: string): Buffer {
	return Buffer.from(secret).subarray(0, maxEncoded);
}

/**
 * What escaping makes of a secret. Views find most of it, but one that undoes all escapes at once cannot know that `%41` belongs
 * to the secret itself.
 */
export function escapedForms(secret: string): readonly string[] {
	if (/^[\w.~-]*$/.test(secret)) return [];
	const json = inJson(secret);
	const url = inUrl(secret);
	const forms = [
		json,
		inJson(json),
		url,
		url.replace(/%../g, (code) => code.toLowerCase()),
		url.replace(/%20/g, "+"),
		secret.replace(/ /g, "+"),
		secret.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;"),
		secret.replace(/'/g, "'\\''"),
		secret.replace(/'/g, "''"),
		secret.replace(/[^\w.~-]/g, "\\$&"),
	];
	for (let layer = 0, text = secret; layer < maxLayers; layer++) {
		const next = unescaped(text)?.text;
		if (next === undefined) break;
		text = next;
		forms.push(text);
	}
	return forms;
}

function inJson(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

function inUrl(secret: string): string {
	try {
		return encodeURIComponent(secret).replace(/[!'()*]/g, (character) => `%${hexOf(character)}`);
	} catch {
		// Half a surrogate.
		return secret;
	}
}

function hexOf(character: string): string {
	return character.charCodeAt(0).toString(16).toUpperCase();
}

/** JSON in JSON in JSON, and more for a report that is looked at as JSON. */
const maxLayers = 5;

/** What a text says when it is read as JSON, URL encoding, XML or a quoted word of a shell, and again, until nothing is left to undo. */
export function viewsOf(text: string): readonly View[] {
	const views: View[] = [{ text, places: undefined }];
	for (let view = views[0] as View; views.length <= maxLayers; ) {
		const next = unescaped(view.text);
		if (!next) break;
		view = { text: next.text, places: through(view.places, next.places) };
		views.push(view);
	}
	const joined = withoutSpace(views[views.length - 1] as View);
	return joined ? [...views, joined] : views;
}

/** The first view with its escapes undone once; `undefined`: it has none. */
export function unescapedView(text: string): View | undefined {
	return unescaped(text);
}

function through(outer: Int32Array | undefined, inner: Int32Array): Int32Array {
	return outer ? inner.map((place) => outer[place] ?? 0) : inner;
}

const spaces = /[A-Za-z0-9+/=_-]\s+[A-Za-z0-9+/=_-]/;

/** `base64` and terminals break lines. */
function withoutSpace(view: View): View | undefined {
	if (!spaces.test(view.text)) return undefined;
	const joined = new Writer(view.text);
	for (let at = 0; at < view.text.length; at++) {
		const code = view.text.charCodeAt(at);
		if (code !== space && (code > 13 || code < 9)) joined.write(code, at);
	}
	const { text, places } = joined.done();
	return { text, places: through(view.places, places), isJoined: true };
}

/** A text that is written character by character, each with the place that it comes from. It gets no longer than its source. */
class Writer {
	private readonly source: string;
	private readonly codes: Uint16Array;
	private readonly places: Int32Array;
	private length = 0;

	constructor(source: string) {
		this.source = source;
		this.codes = new Uint16Array(source.length);
		this.places = new Int32Array(source.length + 1);
	}

	write(code: number, place: number): void {
		this.codes[this.length] = code;
		this.places[this.length++] = place;
	}

	done(): { readonly text: string; readonly places: Int32Array } {
		this.places[this.length] = this.source.length;
		const { buffer } = this.codes;
		const text = Buffer.from(buffer, 0, this.length * 2).toString("utf16le");
		return { text, places: this.places.subarray(0, this.length + 1) };
	}
}

const [space, percent, ampersand, quote, backslash] = [32, 37, 38, 39, 92];
const escapes = /%[0-9A-Fa-f]{2}|\\|&[#A-Za-z]|''|'"'"'/;
const entity = /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y;
const entities: Readonly<Record<string, number>> = { amp: 38, lt: 60, gt: 62, quot: 34, apos: 39, nbsp: 32 };
const codeEscape = /\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/y;
const octalEscape = /\\([0-3][0-7]{2})/y;
const letters: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12, v: 11 };

function unescaped(text: string): { readonly text: string; readonly places: Int32Array } | undefined {
	if (!escapes.test(text)) return undefined;
	const plain = new Writer(text);
	for (let at = 0; at < text.length; ) at = writeNext(text, at, plain);
	return plain.done();
}

/** Writes what the next character or escape means. @returns where the following one begins. */
function writeNext(text: string, at: number, plain: Writer): number {
	const code = text.charCodeAt(at);
	switch (code) {
		case percent:
			return writeBytes(text, at, plain);
		case backslash:
			return writeEscape(text, at, plain);
		case ampersand: {
			const [whole, decimal, hex, name] = matchAt(entity, text, at) ?? [];
			if (whole === undefined) break;
			const point =
				name !== undefined ? (entities[name] ?? 0) : Number.parseInt(decimal ?? hex ?? "", decimal ? 10 : 16);
			writePoint(point, at, plain);
			return at + whole.length;
		}
		case quote: {
			const next = text.charCodeAt(at + 1);
			// A quote within the quotes of a shell, YAML or SQL.
			const escaped =
				next === backslash && text.startsWith("'\\''", at)
					? 4
					: text.startsWith(`'"'"'`, at)
						? 5
						: next === quote
							? 2
							: 1;
			plain.write(quote, at);
			return at + escaped;
		}
	}
	plain.write(code, at);
	return at + 1;
}

function writeEscape(text: string, at: number, plain: Writer): number {
	const letter = text[at + 1] ?? "";
	if (letter === "") {
		plain.write(backslash, at);
		return at + 1;
	}
	if (letter === "\n") return at + 2;
	if (letter === "u" || letter === "U" || letter === "x") {
		const [whole, ...digits] = matchAt(codeEscape, text, at) ?? [];
		if (whole !== undefined) {
			writePoint(Number.parseInt(digits.find((part) => part !== undefined) ?? "", 16), at, plain);
			return at + whole.length;
		}
	}
	const octal = letter >= "0" && letter <= "3" ? matchAt(octalEscape, text, at)?.[1] : undefined;
	if (octal !== undefined) {
		plain.write(Number.parseInt(octal, 8), at);
		return at + 4;
	}
	plain.write(letters[letter] ?? text.charCodeAt(at + 1), at);
	return at + 2;
}

/** `%C3%A9`: bytes of UTF-8. */
function writeBytes(text: string, at: number, plain: Writer): number {
	const first = byteAt(text, at);
	if (first === undefined) {
		plain.write(percent, at);
		return at + 1;
	}
	const count = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	const bytes = Array.from({ length: count }, (_, index) => (index === 0 ? first : byteAt(text, at + 3 * index)));
	const known = bytes.filter((byte): byte is number => byte !== undefined);
	if (count === 1 || known.length < count) {
		plain.write(first, at);
		return at + 3;
	}
	const character = Buffer.from(known).toString();
	for (let index = 0; index < character.length; index++) plain.write(character.charCodeAt(index), at);
	return at + 3 * count;
}

function byteAt(text: string, at: number): number | undefined {
	if (text.charCodeAt(at) !== percent) return undefined;
	const [high, low] = [digitOf(text.charCodeAt(at + 1)), digitOf(text.charCodeAt(at + 2))];
	return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function digitOf(code: number): number | undefined {
	if (code >= 48 && code <= 57) return code - 48;
	const letter = code | 32;
	return letter >= 97 && letter <= 102 ? letter - 87 : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
	pattern.lastIndex = at;
	return pattern.exec(text);
}

function writePoint(point: number, at: number, plain: Writer): void {
	if (!(point <= 0x10ffff)) return;
	const character = String.fromCodePoint(point);
	for (let index = 0; index < character.length; index++) plain.write(character.charCodeAt(index), at);
}
