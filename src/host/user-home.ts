import { userInfo } from "node:os";

let home: { readonly path: string | undefined } | undefined;

/** The user's home by the user database, which is asked once. A uid without an entry in it has none: `userInfo` throws then. */
export function homeOfUser(): string | undefined {
	home ??= { path: look() };
	return home.path;
}

function look(): string | undefined {
	try {
		return userInfo().homedir;
	} catch {
		return undefined;
	}
}
