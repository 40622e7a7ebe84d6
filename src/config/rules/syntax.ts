import { defineRule, type Found } from "../rule.ts";
import { isRegistration, type Setup } from "../setup.ts";

type R = "invalid-yaml" | "unreadable";

/** Can the files be read at all? What cannot is judged by no other rule. */
export const syntax = defineRule<R>({
	id: "config/syntax",
	title: "The runner's files can be read",
	reasons: {
		"invalid-yaml": { level: "fail", title: "a file is no YAML, no JSON or no unit, so the runner does not start" },
		unreadable: { level: "fail", title: "a file is not there, may not be read, or is none of a runner" },
	},
	fine: "every file can be read",
	find(setup) {
		const broken = [setup.config, setup.registration, ...setup.units].flatMap((file): Found<R>[] => {
			if (!file?.problem) return [];
			const { line, column, message } = file.problem;
			return [
				{
					reason: "invalid-yaml",
					file: file.path,
					line,
					column,
					message: `${file.path} cannot be read: ${message}`,
					why: whyOf(file.kind),
					expected: { config: "YAML", registration: "JSON, as the runner writes it", unit: "a systemd unit" }[
						file.kind
					],
					found: message,
					remedy: {
						text: `Mend line ${line}, then start the runner again and look into its log.`,
						...(file.kind === "registration" && {
							text: "Delete the file and register the runner again: nobody should write it by hand.",
						}),
						kind: "runner",
					},
				},
			];
		});
		// A registration that is not there is no mistake of writing: `config/registration` says it.
		const others = setup.others.filter((file) => file.kind !== "absent" || !isRegistration(file.path));
		return [...broken, ...others.map(unreadable)];
	},
});

function whyOf(kind: "config" | "registration" | "unit"): string {
	switch (kind) {
		case "config":
			return "The runner reads its configuration once, when it starts, and ends with `parse config file` where it cannot.";
		case "registration":
			return "Without its registration the runner does not know the forge, and takes no job.";
		case "unit":
			return "systemd ignores the line, so the service is not what the file says.";
	}
}

function unreadable(file: Setup["others"][number]): Found<R> {
	const base = { reason: "unreadable", file: file.path, expected: "a file of the runner that can be read" } as const;
	switch (file.kind) {
		case "absent":
			return {
				...base,
				message: `${file.path} is not there`,
				why: "A runner that is pointed at it ends with `open config file`; nothing could be judged here.",
				found: "no such file",
				remedy: {
					text: "Name the file that the runner really reads: its unit or its start command says which.",
					kind: "runner",
				},
			};
		case "unreadable":
			return {
				...base,
				message: `${file.path} may not be read by this user (${file.code})`,
				why: "Nothing could be judged. The runner may be allowed to read it where we are not.",
				found: file.code,
				remedy: { text: "Look as the user that runs the runner, or as root.", kind: "host" },
			};
		case "other":
			return {
				...base,
				message: `${file.path} is ${file.what}, not a file of Gitea's or Forgejo's runner`,
				why: "Nothing in it could be judged.",
				found: file.what,
				remedy: { text: "Name a `config.yaml`, a `.runner` or a systemd unit of a runner.", kind: "runner" },
			};
	}
}
