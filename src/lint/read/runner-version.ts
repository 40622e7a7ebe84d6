import { ConfigurationError } from "../../mistake.ts";
import { findVersion } from "../../versions.ts";

/** @throws ConfigurationError if the text is not a version of a runner. */
export function requireRunnerVersion(text: string | undefined): void {
	if (text === undefined || findVersion(text)) return;
	const allowed = "a version of the runner, such as `3.3.0` or `v1.0.8`";
	throw new ConfigurationError([{ place: "input `runner-version`", found: `\`${text}\``, allowed }]);
}
