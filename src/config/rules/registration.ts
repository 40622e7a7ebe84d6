import { parseLabel } from "../labels.ts";
import { defineRule, type Found } from "../rule.ts";
import { hasLabels, isRegistration, labelTextsOf, type Setup, textAt } from "../setup.ts";
import { entryAt } from "../tree.ts";

type R = "missing" | "labels-differ" | "world-readable";

/** `.runner`: what the runner knows of its registration. */
export const registration = defineRule<R>({
	id: "config/registration",
	title: "The runner is registered, with the labels of its configuration, and keeps its token",
	reasons: {
		missing: { level: "fail", title: "the registration is not where the runner looks for it" },
		"labels-differ": { level: "warn", title: "the registration has other labels than the configuration" },
		"world-readable": { level: "fail", title: "everybody on the machine may read the runner's token" },
	},
	fine: "the registration is there and kept",
	find(setup) {
		return [...worldReadable(setup), ...missing(setup), ...labelsDiffer(setup)];
	},
});

function missing(setup: Setup): readonly Found<R>[] {
	if (setup.registration) return [];
	const named = setup.config?.registration;
	const key = entryAt(setup.config?.root, "runner", "file");
	const file = textAt(setup.config?.root, "runner", "file");
	// Without a name of its own it is `.runner` in the working directory of the service.
	const byUnit = file === "" || file === ".runner" ? setup.units.find((unit) => unit.machine?.registration) : undefined;
	const asked = setup.others.find((other) => other.kind === "absent" && isRegistration(other.path));
	const looked = asked ? { path: asked.path, found: "no" } : (named ?? byUnit?.machine?.registration);
	if (looked?.found !== "no") return [];
	const directory = byUnit?.settings.find((setting) => setting.name === "WorkingDirectory");
	const place =
		!asked && named && setup.config && key
			? { file: setup.config.path, line: key.value.line, column: key.value.column }
			: {
					file: asked?.path ?? byUnit?.path ?? looked.path,
					...(directory && !asked && { line: directory.line, column: directory.column }),
				};
	return [
		{
			...place,
			reason: "missing",
			message: `there is no registration at ${looked.path}, where the runner looks for it`,
			why: "The runner ends with `registration file not found, please register the runner first`, and takes no job.",
			expected: looked.path,
			found: "no such file",
			remedy: {
				text: "Register the runner in that directory, as its own user; or let `runner.file` name the file that there is, by its absolute path.",
				kind: "runner",
				commands: [
					"gitea-runner register --config /etc/gitea-runner/config.yaml --instance https://gitea.example --token REGISTRATION-TOKEN --no-interactive",
				],
			},
		},
	];
}

/** Both as the runner writes them into the registration: a bare name with `:host`. */
function labelsDiffer(setup: Setup): readonly Found<R>[] {
	const { config, registration } = setup;
	if (!config || !registration || registration.problem || !hasLabels(setup)) return [];
	const configured = new Set(labelTextsOf(setup).map(({ text }) => inFull(text.text, setup)));
	const registered = new Set(registration.labels.map((label) => inFull(label.text, setup)));
	const missing = [...configured].filter((label) => !registered.has(label));
	const extra = [...registered].filter((label) => !configured.has(label));
	if (missing.length === 0 && extra.length === 0) return [];
	const [first] = registration.labels;
	const list = (labels: readonly string[]): string =>
		labels
			.slice(0, 5)
			.map((label) => `\`${label}\``)
			.join(", ");
	const parts = [
		...(missing.length > 0 ? [`${list(missing)} only in ${config.path}`] : []),
		...(extra.length > 0 ? [`${list(extra)} only in ${registration.path}`] : []),
	];
	return [
		{
			reason: "labels-differ",
			file: registration.path,
			...(first && { line: first.line, column: first.column }),
			message: `the registration has other labels than the configuration: ${parts.join("; ")}`,
			why: "The configuration holds, but only from the next start of the runner: until then the forge sends it the jobs of the old labels. What somebody wrote into the registration by hand is overwritten.",
			expected: `the labels of ${config.path}`,
			found: parts.join("; "),
			remedy: {
				text: "Change labels in the configuration only, and restart the runner: it writes them into the registration and tells the forge.",
				kind: "runner",
				commands: ["sudo systemctl restart gitea-runner"],
			},
		},
	];
}

function inFull(text: string, setup: Setup): string {
	const parsed = parseLabel(text, setup.system);
	if (parsed.kind !== "label") return text;
	const { name, kind, image } = parsed.label;
	return kind === "docker" ? `${name}:docker://${image}` : `${name}:${kind}`;
}

function worldReadable({ registration }: Setup): readonly Found<R>[] {
	if (!registration?.readableByAll) return [];
	return [
		{
			reason: "world-readable",
			file: registration.path,
			message: `every user of the machine may read ${registration.path}, with the runner's token in it`,
			why: "With the token anybody can take this runner's place: receive its jobs, and with them their secrets. Jobs of host labels can read the file as well.",
			expected: "mode 600",
			found: `mode ${registration.mode.toString(8)}`,
			remedy: {
				text: "Close the file and the directory it lies in. The runner makes the file anew with its own umask when labels change: close the directory too.",
				kind: "host",
				commands: [
					`sudo chmod 600 ${shellQuoted(registration.path)}`,
					`sudo chmod o-rwx ${shellQuoted(parentOf(registration.path))}`,
				],
			},
		},
	];
}

function parentOf(path: string): string {
	const slash = path.lastIndexOf("/");
	return slash < 0 ? "." : path.slice(0, Math.max(1, slash));
}

function shellQuoted(text: string): string {
	return /^[\w./@:+-]+$/.test(text) ? text : `'${text.split("'").join("'\\''")}'`;
}
