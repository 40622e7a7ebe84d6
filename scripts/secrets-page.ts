/** Makes docs/secrets.md of the tables that the redaction uses. */
import { formatWords, nameRules, openEnds, openNames } from "../src/knowledge/secret-names.ts";
import { contextShapes, type SecretShape, tokenShapes } from "../src/knowledge/secret-shapes.ts";

const code = (text: string): string => `<code>${escaped(text)}</code>`;

function escaped(text: string): string {
	const letters: Readonly<Record<string, string>> = {
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		"|": "&#124;",
		"\n": "⏎",
	};
	return text.replace(/[&<>|\n]/g, (letter) => letters[letter] ?? "");
}

/** A form without its random part: no reader and no scanner takes it for a real secret. */
function formOf(form: string): string {
	return form.replace(/\{[ahdul]\d+\}/g, "…");
}

function tableOf(shapes: readonly SecretShape[]): readonly string[] {
	return [
		"| what | hidden, for example | stays |",
		"|---|---|---|",
		...shapes.map(({ what, hidden, shown = [] }) => row(what, hidden.map(formOf), shown.map(formOf))),
	];
}

function row(what: string, hidden: readonly string[], shown: readonly string[]): string {
	return `| ${what} | ${hidden.map(code).join("<br>")} | ${shown.map(code).join("<br>")} |`;
}

/** The text of the page. */
export function secretsPage(): string {
	return `${[
		"# What counts as a secret",
		"",
		"No output of runner-check holds a secret: not the log, the summary, the annotations, the outputs, the reports, nor what the terminal prints. In a report, `***` replaces it. In an excerpt of `lint`, each of its characters becomes a star. This page is generated from the tables that decide it, and a test runs every example of it through the environment, texts and the lint.",
		"",
		"## Known secrets",
		"",
		"These values are hidden wherever they turn up:",
		"",
		"- the values of environment variables whose names are in the table below,",
		"- what has the shape of a secret in any other variable, such as `-Dtoken=…` in `JAVA_TOOL_OPTIONS`,",
		"- user and password of addresses in variables, inputs and the policy,",
		"- every token and login that a check sends, because the answer may repeat it.",
		"",
		"They are also found as base64 (also for URLs, within a longer text, as `user:secret`, and in lines), as hex, in URL encoding (either case, also twice), in JSON (also in JSON), XML and YAML, in the quotes of a shell, and if the text was cut off in the middle of them.",
		"",
		"A value of 4 or 5 characters is hidden where no letter or digit continues it, and a word or a number only where it is not part of a name or a path. Words of every report, such as `true`, `docker` or `root`, numbers of up to 5 digits, and what everyone may see, such as the name of the user or of the repository, are never hidden.",
		"",
		"## Names",
		"",
		`A name is judged by its words: \`MY_API_KEY\`, \`my-api-key\` and \`myApiKey\` have three. It may end in a number or a format (${list(formatWords)}). The same names count in texts: \`NAME=value\`, \`"name": "value"\`, \`--name value\` and \`?name=value\`.`,
		"",
		"| what | secret | not secret |",
		"|---|---|---|",
		...nameRules.map(({ what, hidden, shown }) => row(what, hidden, shown)),
		"",
		`Never secret: names that end in ${openEnds
			.split("|")
			.map((words) => `\`${words}\``)
			.join(
				", ",
			)}, and ${list(openNames)}. A path in a variable such as \`TOKEN_FILE\` stays, and so does a word under the name of a token: \`AUTH_METHOD=kerberos\`.`,
		"",
		"## Tokens",
		"",
		"Tokens that their prefix tells, in any text:",
		"",
		...tableOf(tokenShapes),
		"",
		"## Shapes",
		"",
		"Secrets that the text around them tells:",
		"",
		...tableOf(contextShapes),
		"",
		"The token of a Gitea or Forgejo instance is 40 hex digits, like a commit. It is hidden where a name, a header or the environment tells it.",
	].join("\n")}\n`;
}

function list(words: string): string {
	return words
		.split(" ")
		.map((word) => `\`${word}\``)
		.join(", ");
}
