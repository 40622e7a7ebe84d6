import type { Finding } from "../../checks/check.ts";
import { cut } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { entryAt } from "../read/tree.ts";
import { applies, at, type Context, defineRule, placeIn } from "../rule.ts";
import { flagAt, type Setup, textAt, textsAt } from "../setup/setup.ts";
import { count, type Subject } from "../setup/subjects.ts";
import { isAllowed, sourceOfEntry } from "../setup/volumes.ts";
import { unsettledBy } from "./unsettled.ts";
import { intro, words } from "./volumes-words.ts";

type Problem = Finding<keyof typeof words>;

/** What `container.valid_volumes` allows, and a workspace that has to be allowed. */
const allowed: Subject = {
	seen({ config }) {
		if (!config) return [];
		const amount = textsAt(config.root, "container", "valid_volumes").length;
		return [
			...(amount > 0 ? [{ source: config.path, text: `${count(amount, "source")} in \`valid_volumes\`` }] : []),
			...(flagAt(config.root, "container", "bind_workdir")
				? [{ source: config.path, text: "`bind_workdir: true`" }]
				: []),
		];
	},
	missing: "No entry of `container.valid_volumes` was read.",
};

/** `container.valid_volumes`: the sources that jobs may mount. */
export const volumes = defineRule({
	id: "config/volumes",
	title: "Every allowed volume is a source, and the workspace is one of them if it is mounted",
	intro,
	reasons: words,
	subject: allowed,
	fine: "every allowed volume is a source",
	find: (setup, context) => [...withTarget(setup), ...workspaceRefused(setup, context)],
});

function withTarget({ config }: Setup): readonly Problem[] {
	const list = entryAt(config?.root, "container", "valid_volumes")?.value;
	if (!config || list?.kind !== "list") return [];
	const entries = textsAt(config.root, "container", "valid_volumes");
	const fixed = [...new Set(entries.map((entry) => sourceOfEntry(entry) ?? entry))];
	return list.items.flatMap((item) => {
		const source = item.kind === "scalar" ? sourceOfEntry(item.text) : undefined;
		if (source === undefined || item.kind !== "scalar") return [];
		const seen = { file: config.path, entry: item.text, source, fixed };
		return [finding(words, "source-with-target", seen, at(placeIn(config.path, item), `\`${cut(item.text)}\``))];
	});
}

function workspaceRefused(setup: Setup, context: Context): readonly Problem[] {
	const { config } = setup;
	const entry = entryAt(config?.root, "container", "bind_workdir");
	if (!config || !entry || !flagAt(config.root, "container", "bind_workdir")) return [];
	const needed = applies("bind-workdir-needs-valid-volume", setup, context);
	if (!needed || unsettledBy(config, ["container.valid_volumes"], context)) return [];
	const parent = `/${(textAt(config.root, "container", "workdir_parent") || "workspace").replace(/^\/+|\/+$/g, "")}`;
	const valid = textsAt(config.root, "container", "valid_volumes");
	const workspace = { source: `${parent}/1/owner/repository`, target: parent, type: "bind", offset: 0 } as const;
	if (isAllowed(workspace, valid, false)) return [];
	const seen = { file: config.path, parent, valid, versions: needed.versions };
	const observed = valid.length === 0 ? "no `valid_volumes`" : valid.map((one) => `\`${cut(one)}\``).join(", ");
	return [finding(words, "workdir-not-allowed", seen, at(placeIn(config.path, entry), observed))];
}
