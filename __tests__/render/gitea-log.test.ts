import { expect, test } from "vitest";
import { renderLog } from "../../src/render/log.ts";
import { asStep, giteaRows, visibleText } from "../support/gitea-log.ts";
import { brokenInManyWays, healthy } from "./reports.ts";

const options = { width: 100, unicode: true, color: true, groups: true };

test("a healthy step shows verdict, versions and counts in the open, and folds the rest", () => {
	expect(visibleText(asStep("fortemi/runner-check@v1", renderLog(healthy, options))).split("\n")).toEqual([
		"▸ Run fortemi/runner-check@v1",
		"✔ Runner healthy: titan-host-runner · matric-builder · container · Gitea runner v4.1.0",
		"  rustc 1.92.0, cargo 1.92.0, docker 29.1.2, node 22.11.0, git 2.39.5",
		"  21 passed, 2 skipped, 84 ms",
		"",
		"▸ All checks",
	]);
});

test("a broken step shows every finding with its fix in the open", () => {
	const text = visibleText(asStep("fortemi/runner-check@v1", renderLog(brokenInManyWays, options)));
	expect(text).toContain("Runner misconfigured");
	expect(text).toContain("Fix it on the host");
	expect(text).not.toContain("✔ runner/mode");
});

test("groups are flat, annotations are rows, and a second end is ignored", () => {
	const rows = giteaRows(
		"::group::a\nin\n::group::b\nin b\n::endgroup::\n::endgroup::\n::error file=x::bad%0Aidea\nout",
	);
	expect(rows).toEqual([
		{ kind: "group", text: "a", folded: false },
		{ kind: "text", text: "in", folded: true },
		{ kind: "group", text: "b", folded: false },
		{ kind: "text", text: "in b", folded: true },
		{ kind: "error", text: "bad%0Aidea", folded: false },
		{ kind: "text", text: "out", folded: false },
	]);
});
