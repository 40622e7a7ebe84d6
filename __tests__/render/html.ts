import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** What a forge's renderer makes of a summary, before any sanitizer has been at it. */
export function toHtml(markdown: string): string {
	return micromark(markdown, {
		extensions: [gfm()],
		htmlExtensions: [gfmHtml()],
		allowDangerousHtml: true,
		allowDangerousProtocol: true,
	});
}

/** Every tag with its attributes, in order. In rendered HTML a `<` that is no tag is an entity. */
export function tagsOf(html: string): readonly string[] {
	return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
}

/** The text that a person sees, without tags and with entities resolved. */
export function textOf(html: string): string {
	return html
		.replace(/<[^>]*>/g, "")
		.replace(/&#(\d+);/g, (_, digits) => String.fromCodePoint(Number(digits)))
		.replace(/&#x([\da-f]+);/gi, (_, digits) => String.fromCodePoint(Number.parseInt(digits, 16)))
		.split("&lt;")
		.join("<")
		.split("&gt;")
		.join(">")
		.split("&quot;")
		.join('"')
		.split("&amp;")
		.join("&");
}
