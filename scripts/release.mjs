/** Publishes a release: what a job needs of this repository, as one commit on `releases/v<major>`, and its tags. See docs/releasing.md. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const help = `usage: node scripts/release.mjs VERSION [--remote REMOTE] [--dry-run]

Releases the commit that is checked out: tests it in a clean clone, checks that dist is what the sources build, then
pushes a commit to releases/v<major> and the tags v1.2.3 (which never moves), v1.2 and v1.

  --remote REMOTE  name, path or address of the repository to push to (default: origin)
  --dry-run        do everything but push
`;

/** What a job, the terminal command, or pre-commit needs. Everything else would only be copied into every job. */
const required = [
	"action.yml",
	"dist",
	"sh",
	"hooks",
	"fleet",
	"schema",
	"package.json",
	".pre-commit-hooks.yaml",
	"LICENSE",
	"README.md",
];
const maxFiles = 30;
const maxBytes = 2_000_000;

const repository = "https://github.com/fortemi/runner-check";

/** A reason not to release that the person who asked for it can act on. */
export class Refusal extends Error {}

/**
 * Releases the commit that is checked out in `root`, without touching its work tree, its index or its branches. `test` are
 * the commands that have to pass in a clean clone, and leave it unchanged.
 */
export function release({
	root,
	version,
	remote = "origin",
	dryRun = false,
	test = [
		["npm", "ci"],
		["npm", "test"],
	],
	print = console.log,
}) {
	if (!/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(version))
		throw new Refusal(`${version} is not a version like 1.2.3`);
	const git = gitIn(root);
	const source = git("rev-parse", "HEAD");
	requireVersion(git, version);
	const files = releasedFiles(git, source);
	const tree = writeTree(git, files);
	const refs = remoteRefs(git, remote, version);
	const commit = releaseCommit(git, { version, source, tree, refs });
	const updates = updatesFor(git, { version, source, files, commit, refs });

	const megabytes = (sizeOf(files) / 1e6).toFixed(2);
	print(`runner-check ${version}: ${files.length} files, ${megabytes} MB, built from ${short(source)}`);
	if (updates.length === 0) return print(`${remote} has all of it already.`);
	for (const { ref, from, to } of updates)
		print(`  ${ref.replace(/^refs\/(?:heads|tags)\//, "")}: ${from ? `${short(from)} -> ` : "new, "}${short(to)}`);
	testInCleanClone(git, { root, source, test });
	if (dryRun) return print("Nothing was pushed.");
	push(git, remote, updates);
	print(`Pushed to ${remote}.`);
}

const short = (object) => object.slice(0, 12);

/** Runs git in a repository: its output, without the last newline, or a Refusal with what it said. */
function gitIn(root) {
	const run = (command, { input, env, encoding = "utf8" } = {}) => {
		const args = ["-c", "log.showSignature=false", ...command];
		try {
			const options = {
				cwd: root,
				input,
				env: { ...process.env, ...env },
				maxBuffer: 1e9,
				stdio: ["pipe", "pipe", "pipe"],
			};
			return execFileSync("git", args, { ...options, encoding });
		} catch (error) {
			throw new Refusal(`git ${command.join(" ")}: ${String(error.stderr || error.message).trim()}`);
		}
	};
	const git = (...args) => run(args).trimEnd();
	return Object.assign(git, { run });
}

function requireVersion(git, version) {
	const stated = {
		"package.json": JSON.parse(git("show", "HEAD:package.json")).version,
		"src/version.ts": /\bversion = "([^"]*)"/.exec(git("show", "HEAD:src/version.ts"))?.[1],
	};
	for (const [file, found] of Object.entries(stated))
		if (found !== version) throw new Refusal(`${file} of the commit that is checked out says ${found}, not ${version}`);
}

/** A clone, so that nothing uncommitted can make the tests pass, and no build writes into the work tree. */
function testInCleanClone(git, { root, source, test }) {
	const folder = mkdtempSync(join(tmpdir(), "release-sources-"));
	try {
		git("clone", "--quiet", "--no-checkout", root, folder);
		const clone = gitIn(folder);
		clone("checkout", "--quiet", "--detach", source);
		for (const [command, ...args] of test) {
			try {
				execFileSync(command, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
			} catch (error) {
				throw new Refusal(`\`${[command, ...args].join(" ")}\` failed on ${short(source)}: ${error.message}`);
			}
		}
		const changed = clone("status", "--porcelain");
		if (changed !== "")
			throw new Refusal(
				`the sources build something other than what is committed; run \`npm run build\` and commit:\n${changed}`,
			);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The files of a release: mode, path, blob and content. */
function releasedFiles(git, source) {
	const entries = git("ls-tree", "-r", "-z", "--full-tree", source, ...required)
		.split("\0")
		.filter((line) => line !== "")
		.map((line) => /^(?<mode>\d+) blob (?<blob>\w+)\t(?<path>.*)$/.exec(line).groups);
	const missing = required.filter((name) => !entries.some(({ path }) => path === name || path.startsWith(`${name}/`)));
	if (missing.length > 0) throw new Refusal(`the sources have no ${missing.join(", ")}`);
	const contents = readBlobs(
		git,
		entries.map(({ blob }) => blob),
	);
	const files = entries.map((entry, index) => rewritten(git, { ...entry, content: contents[index] }));
	const bytes = sizeOf(files);
	if (files.length > maxFiles || bytes > maxBytes)
		throw new Refusal(
			`${files.length} files, ${bytes} bytes: a job gets a copy of them all, so at most ${maxFiles} and ${maxBytes} are released`,
		);
	return files;
}

/** The contents of blobs. git prints them one after the other, each behind a line that ends with its size. */
function readBlobs(git, blobs) {
	const printed = git.run(["cat-file", "--batch"], { input: Buffer.from(`${blobs.join("\n")}\n`), encoding: "buffer" });
	let at = 0;
	return blobs.map(() => {
		const start = printed.indexOf("\n", at) + 1;
		const size = Number(printed.toString("utf8", at, start).trim().split(" ")[2]);
		at = start + size + 1;
		return printed.subarray(start, start + size);
	});
}

const sizeOf = (files) => files.reduce((sum, { content }) => sum + content.length, 0);

function rewritten(git, file) {
	const rewrite = { "README.md": readmeOfRelease, "package.json": packageOfRelease }[file.path];
	if (rewrite === undefined) return file;
	const content = Buffer.from(rewrite(file.content.toString()));
	return { ...file, content, blob: git.run(["hash-object", "-w", "--stdin"], { input: content }).trim() };
}

/** A README whose relative links lead to the main branch: the release has no docs and no pictures. */
export function readmeOfRelease(readme) {
	const absolute = (target) =>
		`${repository}/${/\.(?:png|svg|gif|jpe?g)$/.test(target) ? "raw" : "blob"}/main/${target}`;
	return readme
		.replace(/(\]\()(?!\w+:|#|\/\/)([^)\s]+)/g, (_, before, target) => before + absolute(target))
		.replace(/(\b(?:src|srcset|href)=")(?!\w+:|#|\/\/)([^"\s]+)/g, (_, before, target) => before + absolute(target));
}

/** The package that `npm pack` makes of a release: the bundles need no other package. */
function packageOfRelease(text) {
	const { name, version, description, license, bin } = JSON.parse(text);
	return `${JSON.stringify({ name, version, description, license, type: "commonjs", bin }, null, "\t")}\n`;
}

/** The tree of these files, made in an index of its own. */
function writeTree(git, files) {
	const folder = mkdtempSync(join(tmpdir(), "release-index-"));
	try {
		const env = { GIT_INDEX_FILE: join(folder, "index") };
		const entries = files.map(({ mode, blob, path }) => `${mode} ${blob}\t${path}\0`);
		git.run(["update-index", "-z", "--index-info"], { input: entries.join(""), env });
		return git.run(["write-tree"], { env }).trim();
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** The remote's branch and tags of this major version, as ref -> object, and the objects that matter, fetched. */
function remoteRefs(git, remote, version) {
	const major = version.split(".")[0];
	const [branch, tag] = [branchOf(version), tagOf(version)];
	const lines = git("ls-remote", remote, branch, `refs/tags/v${major}`, `refs/tags/v${major}.*`).split("\n");
	const refs = new Map(lines.filter((line) => line !== "").map((line) => line.split("\t").reverse()));
	const wanted = [branch, tag].filter((ref) => refs.has(ref));
	// No ref of this repository changes, not even those that follow the remote's.
	if (wanted.length > 0) git("fetch", "--quiet", "--no-tags", "--refmap=", "--no-write-fetch-head", remote, ...wanted);
	return refs;
}

const branchOf = (version) => `refs/heads/releases/v${version.split(".")[0]}`;
const tagOf = (version) => `refs/tags/v${version}`;

/** The commit that this version was released as, or one for it on top of the branch. */
function releaseCommit(git, { version, source, tree, refs }) {
	const tip = refs.get(branchOf(version));
	const tag = refs.get(tagOf(version));
	if (tag !== undefined) {
		const commit = git("rev-parse", `${tag}^{commit}`);
		if (git("rev-parse", `${commit}^{tree}`) !== tree)
			throw new Refusal(
				`v${version} is released with other content, and a released version never changes. Release the next version.\n${git("diff", "--stat", commit, tree)}`,
			);
		return commit;
	}
	const [newer] = releasedVersions(refs).filter((other) => compare(other, version) > 0);
	if (newer !== undefined) throw new Refusal(`${newer} is released already, and the next version has to be newer`);
	// An interrupted release got as far as the branch.
	if (tip !== undefined && git("rev-parse", `${tip}^{tree}`) === tree) return tip;
	const message = `runner-check ${version}\n\nBuilt from commit ${source}.\n`;
	const parent = tip === undefined ? [] : ["-p", tip];
	return git.run(["commit-tree", tree, ...parent, "-F", "-"], { input: message, env: signature(git, source) }).trim();
}

/** Name and date of a release are those of its sources, so that the same sources always make the same commit. */
function signature(git, source) {
	const [name, email, date] = git("show", "--no-patch", "--format=%an%n%ae%n%cI", source).split("\n");
	return {
		...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date },
		...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date },
	};
}

const compare = (a, b) => {
	const [left, right] = [a, b].map((version) => version.split(".").map(Number));
	return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
};

/** Versions that the remote has tags of, the newest first. */
function releasedVersions(refs) {
	const found = [...refs.keys()].flatMap((ref) => /^refs\/tags\/v(\d+\.\d+\.\d+)$/.exec(ref)?.[1] ?? []);
	return found.sort(compare).reverse();
}

/** What has to change on the remote: ref, the object that it has now, and the one that it gets. */
function updatesFor(git, { version, source, files, commit, refs }) {
	const newest = (prefix) =>
		!releasedVersions(refs).some((other) => other.startsWith(prefix) && compare(other, version) > 0);
	const [major, minor] = version.split(".");
	const tag = tagOf(version);
	const branch = branchOf(version);
	const goals = [[tag, refs.get(tag) ?? writeTag(git, { version, source, files, commit })]];
	if (newest(`${major}.${minor}.`)) goals.push([`refs/tags/v${major}.${minor}`, commit]);
	if (newest(`${major}.`)) goals.push([`refs/tags/v${major}`, commit], [branch, commit]);
	const updates = goals.map(([ref, to]) => ({ ref, from: refs.get(ref), to })).filter(({ from, to }) => from !== to);
	const lost = updates.find(({ ref, from }) => ref === branch && from !== undefined && !isAncestor(git, from, commit));
	if (lost)
		throw new Refusal(
			`${branch.replace("refs/heads/", "")} has commits that v${version} does not have, and would lose them`,
		);
	return updates;
}

const isAncestor = (git, older, newer) => git("rev-list", "-1", older, `^${newer}`) === "";

/** The tag's message holds the checksums: it never moves, no job has to copy it, and the tag's id covers both. */
function writeTag(git, { version, source, files, commit }) {
	const sums = files.map(({ path, content }) => `${createHash("sha256").update(content).digest("hex")}  ${path}`);
	const env = signature(git, source);
	const date = git("show", "--no-patch", "--format=%ct", source);
	const head = [`object ${commit}`, "type commit", `tag v${version}`];
	const tagger = `tagger ${env.GIT_AUTHOR_NAME} <${env.GIT_AUTHOR_EMAIL}> ${date} +0000`;
	const message = [
		`runner-check ${version}`,
		"",
		`Built from commit ${source}. SHA-256 of each file:`,
		"",
		...sums,
		"",
	];
	return git.run(["mktag"], { input: [...head, tagger, "", ...message].join("\n") }).trim();
}

/** All refs move or none does, and only from where they were seen. */
function push(git, remote, updates) {
	const leases = updates.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ""}`);
	git("push", "--quiet", "--atomic", ...leases, remote, ...updates.map(({ ref, to }) => `${to}:${ref}`));
}

function main() {
	const options = { remote: { type: "string" }, "dry-run": { type: "boolean" }, help: { type: "boolean" } };
	const { positionals, values } = parseArgs({ allowPositionals: true, options });
	const [version, ...more] = positionals;
	if (values.help) return console.log(help);
	if (version === undefined || more.length > 0) throw new Refusal(`one VERSION is needed\n\n${help}`);
	const root = fileURLToPath(new URL("..", import.meta.url));
	release({ root, version, remote: values.remote, dryRun: values["dry-run"] });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		main();
	} catch (error) {
		if (!(error instanceof Refusal || error.code?.startsWith("ERR_PARSE_ARGS"))) throw error;
		console.error(`release: ${error.message}`);
		process.exitCode = 1;
	}
}
