import { segmentsOf } from "../../render/text.ts";

/** What an element can hold. Every text becomes a text node: nothing here parses HTML. */
export type Child = Node | string | undefined | false;

/** An element with its class and what is in it. */
export function h<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	className: string,
	...children: readonly Child[]
): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	if (className !== "") element.className = className;
	for (const child of children) if (child !== undefined && child !== false) element.append(child);
	return element;
}

const svgSpace = "http://www.w3.org/2000/svg";

export function svg(
	tag: string,
	attributes: Readonly<Record<string, string | number>>,
	...children: readonly Node[]
): SVGElement {
	const element = document.createElementNS(svgSpace, tag);
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
	element.append(...children);
	return element;
}

/** A text of a report, with what is in backquotes as code. */
export function rich(text: string): DocumentFragment {
	const fragment = document.createDocumentFragment();
	for (const segment of segmentsOf(text)) fragment.append(segment.code ? h("code", "", segment.text) : segment.text);
	return fragment;
}

/** A link, if the address is one of the web; else the text alone. */
export function link(address: string | undefined, text: string): Node {
	if (address === undefined || !/^https?:\/\//.test(address)) return document.createTextNode(text);
	const anchor = h("a", "", text);
	anchor.href = address;
	anchor.rel = "noreferrer";
	return anchor;
}

/** Something that opens. What is in it is made when it opens for the first time. */
export function fold(className: string, head: readonly Child[], body: () => Node): HTMLDetailsElement {
	const details = h("details", className, h("summary", "", ...head));
	details.addEventListener("toggle", () => {
		if (details.open && details.childElementCount === 1) details.append(body());
	});
	return details;
}
