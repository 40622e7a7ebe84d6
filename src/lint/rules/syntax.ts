import type { Finding } from "../../checks/check.ts";
import { finding, undecided } from "../../checks/words.ts";
import type { Problem } from "../read/tree.ts";
import { isRegistration } from "../recognize/recognize.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import type { Setup } from "../setup/setup.ts";
import { files } from "../setup/subjects.ts";
import { type FileKind, intro, type Unreadable, unknowns, words } from "./syntax-words.ts";

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
	find({ config, registration, others }) {
		const broken = [config, registration].flatMap((file) =>
			file?.problem ? [syntaxError(file.path, file.kind, file.problem)] : [],
		);
		// `config/registration` reports a missing registration.
		const notRead = others.filter((file) => file.kind !== "absent" || !isRegistration(file.path));
		return [...broken, ...notRead.map(whyNotJudged)];
	},
});

/** A file that cannot be parsed. */
export function syntaxError(file: string, kind: FileKind, problem: Problem): Finding<"invalid-yaml"> {
	return finding(words, "invalid-yaml", { file, kind, problem }, at(placeIn(file, problem), problem.message));
}

function whyNotJudged(file: Setup["others"][number]): Finding<keyof typeof words> {
	switch (file.kind) {
		case "foreign":
			return finding(words, "not-a-config", file, at({ file: file.path, line: 1, column: 1 }, file.what));
		case "template":
			return finding(words, "template", file, at(placeIn(file.path, file), `\`${file.form}\``));
		default:
			return finding(words, "unreadable", { file }, at({ file: file.path }, observedOf(file)));
	}
}

function observedOf(file: Unreadable): string {
	switch (file.kind) {
		case "absent":
			return "no such file";
		case "unreadable":
			return file.code;
		case "other":
			return file.what;
	}
}
