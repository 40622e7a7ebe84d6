import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/report/redact.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { encodings } from "../support/secret-examples.ts";

const secrets: Readonly<Record<string, string>> = {
	"a token": "Canary5f2c9e71Kq2ZpXw9",
	"a password with everything": `C4n"a'r&y<5f>2c\\9 /+e%7$1`,
	"what looks like escapes": "C4n%41ry\\u0041&amp;\\n5f2c",
	"another script": "Canäry-5f2c-密码-9e71",
	"a short password": "x7Qz!",
	"a key in lines": "Canary-line-one-5f2c\nCanary-line-two-9e71",
};

const around: readonly (readonly [string, string])[] = [
	["said ", " here"],
	["", ""],
	['{"x":"', '"}'],
	["a=", "&b=c"],
];

/** A few characters of base64 or hex that are broken up are no evidence. */
const needsLength = /pairs/;

describe.each(Object.entries(secrets))("%s", (_, secret) => {
	const seen = Object.entries(encodings).filter(([name]) => secret.length > 5 || !needsLength.test(name));
	it.each(seen)("is hidden as %s", (_, encode) => {
		const { text, again } = createRedactor({ DEPLOY_PASSWORD: secret });
		for (const [before, after] of around) {
			const shown = text(`${before}${encode(secret)}${after}`);
			expect(shown).toContain("***");
			expect(shown.startsWith(before) && shown.endsWith(after), shown).toBe(true);
			expect(remains(shown, encode(secret))).toBe("");
			expect(again({ x: `${before}${encode(secret)}${after}` }).x).toContain("***");
		}
	});
});

/** Eight characters in a row of what should be hidden. */
function remains(shown: string, encoded: string): string {
	for (let at = 0; at + 8 <= encoded.length; at++) {
		const part = encoded.slice(at, at + 8);
		if (/\w{4}/.test(part) && shown.includes(part)) return part;
	}
	return "";
}

it("leaves harmless escapes as they are", () => {
	const { text } = createRedactor({ DEPLOY_TOKEN: secrets["a token"] });
	const harmless = `C:\\new\\x64 50%25 &amp; it''s '\\'' /a%20b ${Buffer.from("harmless text").toString("base64")} 6861726d6c657373`;
	expect(text(harmless)).toBe(harmless);
});

it("finds 200 secrets in a megabyte within 100 ms, also where everything looks like an escape or a secret", async () => {
	const env = Object.fromEntries(
		Array.from({ length: 200 }, (_, index) => [
			`S${index}_TOKEN`,
			`Canary${(index * 7919).toString(36)}-5f2c9e71/+${index}`,
		]),
	);
	const texts = ["ordinary words of a log, 1.2.3 ", "%25", "\\", "&amp;", "''", "Canary", "QUJD", "Q2FuYXJ5"];
	const { again } = createRedactor(env);
	for (const unit of texts) {
		const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
		again(text);
		const ms = Math.min(...(await Promise.all([1, 2, 3].map(() => cpuTime(() => again(text))))));
		// Ten times as much for a machine under load.
		expect(ms, unit).toBeLessThan(1000);
	}
	const start = performance.now();
	expect(again(`said ${Object.values(env).join(" ")}`)).toMatch(/^said \*\*\*( \*\*\*){199}$/);
	expect(performance.now() - start).toBeLessThan(1000);
});
