/** Each line tries to be more than text: for a runner, a Markdown renderer, a terminal, an XML parser or Prometheus. */
export const payload = [
	"::error::pwned",
	"::set-output name=pwned::yes",
	"::set-env name=PWNED::yes",
	"::add-path::/pwned",
	"::add-mask::e",
	"::stop-commands::pwned",
	"##[error]pwned",
	"##[group]pwned",
	"  ::warning file=pwned.js,line=1::pwned",
	"pwned=yes",
	"a | pwned | cell |",
	"`pwned` ``pwned`` ```pwned",
	"```",
	"<script>pwned()</script>",
	"<img src=x onerror=pwned()>",
	"</details></code></pre><script>pwned()</script>",
	"]]></system-out></testsuite><pwned/>",
	'pwned"} NaN\nrunner_check_healthy{runner="pwned"} NaN',
	"[pwned](javascript:pwned) ![pwned](https://pwned.example/x.png)",
	"# pwned",
	"@pwned #1",
	"\u001b[95mpwned\u001b[0m\u001b]8;;https://pwned.example\u0007pwned\u001b]8;;\u0007",
	"pwned\r::error::pwned\rpwned",
	"pwned%0A::error::pwned",
	"nul\u0000pwned",
	"\u202epwned\u200b\u2028::error::pwned",
].join("\n");

/** The worst of it in one line below 100 characters, which no probe cuts. `place` names its source, for `placesIn`. */
export const hostile = (place: string) =>
	`::error::pwned-${place} \`<script>pwned()</script>|"\u001b[95m##[error]\u2028::add-mask::e\u202e`;

/** A log without the colors that it uses itself. Hostile texts have another one. */
export const withoutColors = (log: string) => log.replace(/\u001b\[(?:[012]|3[1236])m/g, "");

/** The sources of all hostile lines in an output, sorted. */
export function placesIn(text: string): string[] {
	return [...new Set([...text.matchAll(/pwned-([a-z]+)/g)].map(([, place = ""]) => place))].sort();
}
