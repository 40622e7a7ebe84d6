/**
 * User and password in an address. Each pattern has the scheme in group 1 and the userinfo in group 2. What looks like an
 * address but is an image with its digest (`docker://node:22@sha256:…`) has no userinfo.
 */
const patterns: readonly RegExp[] = [
	// As a URL has it, also where the password holds an @.
	/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>]{1,500})@(?!sha\d{3}:)/gi,
	// The password contains a character that ends the host of a URL, so the text after the colon is not a port.
	/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>:@]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{1,500})@(?!sha\d{3}:)/gi,
	// `joe:password@registry.example`, and neither `npm:prettier@3.1` nor `actions/checkout@v4`.
	/(?<![\w/.:@%+~-])()([\w.%+~-]{1,64}:[^\s/@"'<>`,;|()]{1,200})@(?!sha\d{3}:)(?=[a-z_]|\d{1,3}(?:\.\d{1,3}){3})/gi,
];

/** Has it an @ that ends no image before its digest? One look is cheaper than three. */
const maybe = /@(?!sha\d{3}:)/;

/** A text whose addresses have `instead` in place of user, password and @. */
export function replaceUserinfo(text: string, instead: string): string {
	return changeUserinfo(text, () => instead);
}

/** The same, where what comes instead depends on user and password; it has an @ of its own. */
export function changeUserinfo(text: string, change: (userinfo: string) => string): string {
	if (!maybe.test(text)) return text;
	const replace = (_: string, scheme: string, userinfo: string): string => scheme + change(userinfo);
	return patterns.reduce((clean, pattern) => clean.replace(pattern, replace), text);
}

/** `user:password`, or a token alone, of every address in a text. */
export function userinfoIn(text: string): readonly string[] {
	if (!maybe.test(text)) return [];
	return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[2] ?? ""));
}

/** The password of `user:password`; all of it where it is a token alone. */
export function passwordOf(userinfo: string): string {
	return userinfo.slice(userinfo.indexOf(":") + 1);
}

/** Decoded text; the text itself if it is not valid URL encoding. */
export function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
