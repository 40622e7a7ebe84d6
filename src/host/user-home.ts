import { userInfo } from "node:os";

/** A uid without an entry in the user database has no home: `userInfo` throws then. */
export function homeOfUser(): string | undefined {
	try {
		return userInfo().homedir;
	} catch {
		return undefined;
	}
}
