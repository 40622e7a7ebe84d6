/** The help text. */
export function usage(commands: Readonly<Record<string, readonly string[]>>): string {
	const flags = (commands.check ?? []).map((flag) => `--${flag}`).join(" ");
	return `runner-check: says whether this machine is a runner that is set up right

  runner-check [check] [flags]      checks this machine and prints the report
  runner-check list                 prints every check with its reasons
  runner-check explain ID[:REASON]  explains a check or one of its reasons

Flags of check, each with a value, as the inputs of the action:
  ${flags}
  --format is text, json or markdown. list takes --format text or json.

Exit code: 0 as good as --fail-on asks, 1 findings, 2 usage error, 3 internal error.
`;
}
