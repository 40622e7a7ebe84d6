import type { Finding } from "../../checks/check.ts";
import { finding, undecided } from "../../checks/words.ts";
import type { Problem } from "../read/tree.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { files } from "../seen.ts";
import { isRegistration, type Setup } from "../setup.ts";
import { type FileKind, intro, unknowns, words } from "./syntax-words.ts";

/** Can the files be read at all? No other rule judges what cannot. */
export const syntax = defineRule({
	id: "config/syntax",
	title: "The runner's files can be read",
	intro,
	reasons: words,
	subject: files,
	fine: "every file can be read",
	nothingIn: (paths) =>
		undecided(
			unknowns,
			"empty",
			{ paths },
			{ observed: "no setting", evidence: paths.map((path) => ({ source: path, text: "no setting" })) },
		),
	find({ config, registration, units, others }) {
		const broken = [config, registration, ...units].flatMap((file) =>
			file?.problem ? [syntaxError(file.path, file.kind, file.problem)] : [],
		);
		// `config/registration` reports a missing registration.
		const unreadable = others.filter((file) => file.kind !== "absent" || !isRegistration(file.path));
		return [...broken, ...unreadable.map(cannotRead)];
	},
});

/** A file that cannot be parsed. */
export function syntaxError(file: string, kind: FileKind, problem: Problem): Finding<"invalid-yaml"> {
	return finding(words, "invalid-yaml", { file, kind, problem }, at(placeIn(file, problem), problem.message));
}

function cannotRead(file: Setup["others"][number]): Finding<"unreadable"> {
	return finding(words, "unreadable", { file }, at({ file: file.path }, observedOf(file)));
}

function observedOf(file: Setup["others"][number]): string {
	switch (file.kind) {
		case "absent":
			return "no such file";
		case "unreadable":
			return file.code;
		case "other":
			return file.what;
	}
}
