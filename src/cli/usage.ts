/** The help text. */
export function usage(commands: Readonly<Record<string, readonly string[]>>): string {
	const flags = (commands.check ?? []).map((flag) => `--${flag}`).join(" ");
	return `runner-check: says whether this machine is a runner that is set up right

  runner-check [check] [flags]      checks this machine and prints the report
  runner-check list                 prints every check with its reasons
  runner-check explain ID[:REASON]  explains a check or one of its reasons

  runner-check policy [--profile P] prints what a profile asks for, and which line of which file says so
  runner-check lint [FILE…]         lints a runner's config.yaml, .runner, systemd units and workflows; without FILE, where
                                    runners keep theirs: [--runner-version V] [--format text|json]
  runner-check init                 prints a policy that asks for what this machine has
  runner-check init --runner LABELS prints a config.yaml for a runner with these labels: [--runner-version V]
  runner-check replay REPORT        judges an old report again: [--policy FILE] [--profile P]
  runner-check diff REPORT REPORT   prints what differs between two reports

Flags of check, each with a value, as the inputs of the action:
  ${flags}
  --format is text, lines (one a finding), json, markdown, junit or prometheus. list takes --format text or json.

Exit code: 0 as good as --fail-on asks, 1 findings, 2 usage error, 3 internal error.
`;
}
