const alphabets: Readonly<Record<string, string>> = {
	a: "7Kq2ZpXw9Lm4RtYc8VnBd3HsGf6JeUa5",
	h: "7a3f9c0e5b1d8246",
	d: "7402951836",
	u: "7KQ2ZPXW5LM4RTYC6VNBD3HSGFJEUA",
	l: "7kq2zpxw5lm4rtyc6vnbd3hsgfjeua",
};

/** The example that a form stands for, as `{a36}` for 36 letters and digits. Files hold forms only: none looks like a real secret. */
export function exampleOf(form: string): string {
	let at = 0;
	return form.replace(/\{([ahdul])(\d+)\}/g, (_, kind: string, length: string) => {
		const letters = alphabets[kind] ?? "";
		return Array.from({ length: Number(length) }, () => letters[(at++ * 7) % letters.length]).join("");
	});
}

/** The parts of an example that must not be seen: whatever its form leaves to chance. */
export function hiddenPartsOf(form: string): readonly string[] {
	const marked = exampleOf(form.replace(/\{[ahdul]\d+\}/g, "\u0001$&\u0001"));
	return marked.split("\u0001").filter((part, index) => index % 2 === 1 && part.length >= 4);
}

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const url = (text: string): string => encodeURIComponent(text);
const xml: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
const numeric = (text: string): string => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join("");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Every way in which a tool, a file or a log writes a secret. */
export const encodings: Readonly<Record<string, (secret: string) => string>> = {
	"as it is": (secret) => secret,
	base64,
	"base64 without padding": (secret) => base64(secret).replace(/=+$/, ""),
	"base64 for URLs": (secret) => Buffer.from(secret).toString("base64url"),
	"base64 of user and secret": (secret) => base64(`joe:${secret}`),
	"base64, second alignment": (secret) => base64(`a${secret}b`),
	"base64, third alignment": (secret) => base64(`ab${secret}c`),
	"base64 for URLs, third alignment": (secret) => Buffer.from(`xy${secret}z`).toString("base64url"),
	"base64 of a header": (secret) => base64(`{"auths":{"ghcr.io":{"password":"${json(secret)}"}}}`),
	"base64 in a URL": (secret) => url(base64(`joe:${secret}`)),
	"base64 in lines": (secret) => base64(`joe:${secret}`).replace(/.{7}/g, "$&\n"),
	"base64 in JSON": (secret) => json(base64(secret)).replace(/\//g, "\\/"),
	hex: (secret) => Buffer.from(secret).toString("hex"),
	"hex in capitals": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
	"hex in pairs": (secret) => (Buffer.from(secret).toString("hex").match(/../g) ?? []).join(" "),
	URL: url,
	"URL in small letters": (secret) => url(secret).replace(/%../g, (code) => code.toLowerCase()),
	"URL, every character": (secret) =>
		[...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
	"URL twice": (secret) => url(url(secret)),
	"URL of a form": (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
	JSON: json,
	"JSON in JSON": (secret) => json(json(secret)),
	"JSON three times": (secret) => json(json(json(secret))),
	"JSON with escaped slashes": (secret) => json(secret).replace(/\//g, "\\/"),
	"JSON, every character": (secret) =>
		secret.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
	"JSON in a URL": (secret) => url(json(secret)),
	XML: (secret) => secret.replace(/[&<>"']/g, (letter) => xml[letter] ?? ""),
	"XML with numbers": numeric,
	"XML with hex numbers": (secret) =>
		[...secret].map((letter) => `&#x${letter.codePointAt(0)?.toString(16)};`).join(""),
	"XML of JSON": (secret) => json(secret).replace(/[&<>"']/g, (letter) => xml[letter] ?? ""),
	"a shell's single quotes": (secret) => secret.replace(/'/g, "'\\''"),
	"a shell's single quotes, otherwise": (secret) => secret.replace(/'/g, `'"'"'`),
	"a shell's double quotes": (secret) => secret.replace(/["\\$`]/g, "\\$&"),
	"a shell's backslashes": (secret) => secret.replace(/[^\w\n]/g, "\\$&"),
	"a shell's $'…'": (secret) => secret.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n"),
	"YAML's single quotes": (secret) => secret.replace(/'/g, "''"),
	"YAML's escapes": (secret) =>
		secret.replace(/[^\w]/g, (letter) => {
			const code = letter.charCodeAt(0).toString(16);
			return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
		}),
};
