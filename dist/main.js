"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// src/message-of.ts
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

// src/collect.ts
var graceMs = 600;
async function collectFacts(probes, host, request2, onWaiting) {
  const answers = /* @__PURE__ */ new Map();
  const waiting = /* @__PURE__ */ new Set();
  const start = (probe) => {
    const known = answers.get(probe.name);
    if (known) return known;
    waiting.add(probe.name);
    const answer = runProbe(probe, host, request2, ask).finally(() => waiting.delete(probe.name));
    answers.set(probe.name, answer);
    return answer;
  };
  const ask = async (probe) => {
    const answer = await start(probe);
    if (!answer.ok) throw new ProbeFailure(answer.reason, answer.message);
    return answer.value;
  };
  const ticker = onWaiting && setInterval(() => onWaiting([...waiting].sort()), 1e3);
  try {
    await Promise.all(probes.map(start));
    const entries = await Promise.all([...answers].map(async ([name, answer]) => [name, await answer]));
    return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
  } finally {
    clearInterval(ticker);
  }
}
var over = "the probe is over";
var ProbeFailure = class extends Error {
  reason;
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
};
async function runProbe(probe, host, request2, ask) {
  const started = Date.now();
  const controller = new AbortController();
  const deadline = setTimeout(() => controller.abort(), request2.timeoutMs);
  let lastCall;
  const overrun = new Promise((_, reject) => {
    lastCall = setTimeout(() => {
      reject(new ProbeFailure("timeout", `no answer within ${request2.timeoutMs / 1e3} s`));
    }, request2.timeoutMs + graceMs);
  });
  try {
    const value = await Promise.race([probe.collect(host, request2, controller.signal, ask), overrun]);
    return { ok: true, value, ms: Date.now() - started };
  } catch (error) {
    const late = controller.signal.aborted ? "timeout" : "crashed";
    const reason = error instanceof ProbeFailure ? error.reason : late;
    return { ok: false, reason, message: messageOf(error), ms: Date.now() - started };
  } finally {
    clearTimeout(deadline);
    clearTimeout(lastCall);
    controller.abort(over);
  }
}

// src/host/noting-logins.ts
function notingLogins(host, logins) {
  const request2 = (wanted) => {
    for (const login of loginsIn(wanted)) logins.add(login);
    return host.request(wanted);
  };
  return Object.create(host, { request: { value: request2 } });
}
function loginsIn({ headers = {}, proxy, body }) {
  return [...partsOf(headers.authorization), ...partsOf(proxy == null ? void 0 : proxy.authorization), ...refreshTokenIn(body)];
}
function partsOf(authorization) {
  var _a;
  const [, scheme, secret] = (_a = /^(\S+) +(\S+)$/.exec(authorization != null ? authorization : "")) != null ? _a : [];
  if (scheme === void 0 || secret === void 0) return [];
  if (scheme.toLowerCase() !== "basic") return [secret];
  const login = Buffer.from(secret, "base64").toString();
  return [secret, login, login.slice(login.indexOf(":") + 1)];
}
function refreshTokenIn(body) {
  if (!(body == null ? void 0 : body.includes("refresh_token="))) return [];
  return new URLSearchParams(body).getAll("refresh_token");
}

// src/own.ts
function own(record, key) {
  var _a;
  return (_a = Object.getOwnPropertyDescriptor(record, key)) == null ? void 0 : _a.value;
}

// src/versions.ts
var anyVersion = { text: "*", anyOf: [[]] };

// src/policy/ranges.ts
var rangesAllowed = "a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";
async function parseRange(text2) {
  const wanted = text2.trim();
  if (wanted === "*") return anyVersion;
  if (wanted === "" || wanted.length > 200) return void 0;
  const least = /^>=\s?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?$/.exec(wanted);
  if (least) {
    const [major, minor, patch] = [1, 2, 3].map((part) => {
      var _a;
      return Number((_a = least[part]) != null ? _a : 0);
    });
    return { text: wanted, anyOf: [[{ operator: ">=", numbers: [major, minor, patch], prerelease: [] }]] };
  }
  const semver = (await Promise.resolve().then(() => __toESM(require("./semver.js"), 1))).default;
  try {
    const range = new semver.Range(wanted);
    return { text: wanted, anyOf: range.set.map((group) => group.flatMap(comparatorOf)) };
  } catch {
    return void 0;
  }
}
function comparatorOf(comparator) {
  const { operator, semver: version } = comparator;
  if ((version == null ? void 0 : version.major) === void 0) return [];
  const numbers = [version.major, version.minor, version.patch];
  return [{ operator, numbers, prerelease: version.prerelease }];
}
async function intersect(first, second) {
  if (first.text === "*" || second.text === "*") return true;
  const semver = (await Promise.resolve().then(() => __toESM(require("./semver.js"), 1))).default;
  return semver.intersects(first.text, second.text);
}

// src/policy/requirements.ts
var readers = {
  "rust-toolchain.toml": rustChannel,
  "rust-toolchain": rustChannel,
  "Cargo.toml": rustVersion,
  ".nvmrc": nodeVersion,
  ".node-version": nodeVersion,
  "package.json": engines
};
async function sharpen(policy, host, workspace) {
  var _a;
  const files = await Promise.all(
    Object.entries(readers).map(async ([file, read2]) => {
      const text2 = await host.readText(`${workspace}/${file}`);
      return text2.kind === "ok" ? read2(text2.value.replace(/^\uFEFF/, "").split(/\r?\n/), file) : [];
    })
  );
  const tools = { ...policy.tools };
  for (const { tool, range, source } of files.flat()) {
    const expectation = own(tools, tool);
    const version = await parseRange(range);
    if (!expectation || !version) continue;
    const known = (_a = expectation.alsoWanted) != null ? _a : [];
    const others = [{ version: expectation.version, source: "policy" }, ...known];
    const contradicts = await firstContradiction(version, others);
    const wanted = { version, source, ...contradicts !== void 0 && { contradicts } };
    tools[tool] = { ...expectation, alsoWanted: [...known, wanted] };
  }
  return { ...policy, tools };
}
async function firstContradiction(version, others) {
  for (const other of others) if (!await intersect(version, other.version)) return other.source;
  return void 0;
}
var at = (file, index) => `${file} line ${index + 1}`;
function rustChannel(lines, file) {
  var _a, _b, _c;
  for (const [index, line] of lines.entries()) {
    const channel = (_b = (_a = /^\s*channel\s*=\s*["']([^"']+)["']/.exec(line)) == null ? void 0 : _a[1]) != null ? _b : lines.join("").trim() === line.trim() ? line.trim() : void 0;
    if (channel === void 0) continue;
    const version = (_c = /^\d+\.\d+(?:\.\d+)?$/.exec(channel)) == null ? void 0 : _c[0];
    return version === void 0 ? [] : ["rustc", "cargo"].map((tool) => ({ tool, range: version, source: at(file, index) }));
  }
  return [];
}
function rustVersion(lines, file) {
  var _a, _b, _c, _d;
  let section = "";
  for (const [index, line] of lines.entries()) {
    section = (_c = (_b = (_a = /^\s*\[([^\]]+)\]/.exec(line)) == null ? void 0 : _a[1]) == null ? void 0 : _b.trim()) != null ? _c : section;
    const version = (_d = /^\s*rust-version\s*=\s*["'](\d+\.\d+(?:\.\d+)?)["']/.exec(line)) == null ? void 0 : _d[1];
    if (version !== void 0 && (section === "package" || section === "workspace.package")) {
      return [{ tool: "rustc", range: `>=${version}`, source: at(file, index) }];
    }
  }
  return [];
}
function nodeVersion(lines, file) {
  var _a, _b, _c;
  const index = lines.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  const version = (_c = /^v?(\d+(?:\.\d+){0,2})$/.exec((_b = (_a = lines[index]) == null ? void 0 : _a.trim()) != null ? _b : "")) == null ? void 0 : _c[1];
  return version === void 0 ? [] : [{ tool: "node", range: version, source: at(file, index) }];
}
function engines(lines, file) {
  var _a;
  let wanted;
  try {
    wanted = (_a = JSON.parse(lines.join("\n"))) == null ? void 0 : _a.engines;
  } catch {
    return [];
  }
  if (typeof wanted !== "object" || wanted === null) return [];
  const start = lines.findIndex((line) => line.includes('"engines"'));
  return Object.entries(wanted).flatMap(([tool, range]) => {
    if (typeof range !== "string") return [];
    const offset = lines.slice(start).findIndex((line) => line.includes(`"${tool}"`));
    return [{ tool, range, source: at(file, start + Math.max(0, offset)) }];
  });
}

// src/probes/fields.ts
function fieldOf(text2, key) {
  const at2 = text2.startsWith(key) ? 0 : text2.indexOf(`
${key}`) + 1;
  if (at2 === 0 && !text2.startsWith(key)) return void 0;
  const start = at2 + key.length;
  const end = text2.indexOf("\n", start);
  return text2.slice(start, end < 0 ? void 0 : end).trim();
}

// src/probes/container.ts
var maxMountinfo = 256 * 1024;
var containerProbe = {
  name: "container",
  async collect(host) {
    var _a, _b, _c, _d, _e, _f, _g;
    const { env } = host;
    const [dockerenv, containerenv, cgroup, mountinfo, status] = await Promise.all([
      host.lstat("/.dockerenv"),
      host.lstat("/run/.containerenv"),
      host.readText("/proc/self/cgroup"),
      host.readText("/proc/self/mountinfo", maxMountinfo),
      host.readText("/proc/self/status")
    ]);
    const byHostMode = hostModeSign(env);
    const containerName = byHostMode === void 0 ? (_a = env.JOB_CONTAINER_NAME) == null ? void 0 : _a.trim() : void 0;
    const byCgroup = cgroupSign(textOf(cgroup));
    const byMounts = mountSign(textOf(mountinfo));
    const sign = (_g = (_e = (_d = (_c = (_b = signIf(Boolean(containerName), "JOB_CONTAINER_NAME")) != null ? _b : signIf(isThere(dockerenv), "/.dockerenv")) != null ? _c : signIf(isThere(containerenv), "/run/.containerenv")) != null ? _d : byCgroup) != null ? _e : byMounts) != null ? _g : signIf(((_f = env.GITHUB_EVENT_PATH) == null ? void 0 : _f.startsWith("/var/run/act/")) === true, "GITHUB_EVENT_PATH is below /var/run/act/");
    const looked = mountinfo.kind === "ok" || /^\d+:[^:]*:\/./m.test(textOf(cgroup));
    const mode = modeOf(byHostMode, sign, host.platform, looked);
    const names = [containerName, byCgroup == null ? void 0 : byCgroup.id, byMounts == null ? void 0 : byMounts.id, host.hostname];
    const capabilities = capability("CapEff", textOf(status));
    const boundingCapabilities = capability("CapBnd", textOf(status));
    return {
      ...mode,
      ...mode.mode === "host" && sign && { insideContainer: sign.witness },
      ...capabilities !== void 0 && { capabilities },
      ...boundingCapabilities !== void 0 && { boundingCapabilities },
      names: mode.mode === "host" ? [] : [...new Set(names.filter(isContainerName))]
    };
  }
};
function modeOf(byHostMode, sign, platform, looked) {
  if (byHostMode !== void 0) return { mode: "host", witness: byHostMode };
  if (sign) return { mode: "container", witness: sign.witness };
  if (platform !== "linux") return { mode: "host", witness: `platform ${platform}` };
  if (looked) return { mode: "host", witness: "no sign of a container in /proc/self/cgroup and /proc/self/mountinfo" };
  return { mode: "unknown", witness: "/proc/self/cgroup and /proc/self/mountinfo cannot be read" };
}
function hostModeSign(env) {
  var _a, _b;
  if (/\/[0-9a-f]{16}\/hostexecutor(?:\/|$)/.test((_a = env.GITHUB_WORKSPACE) != null ? _a : ""))
    return "GITHUB_WORKSPACE is a host-mode path";
  if (/\/[0-9a-f]{16}\/act\/workflow\/event\.json$/.test((_b = env.GITHUB_EVENT_PATH) != null ? _b : ""))
    return "GITHUB_EVENT_PATH is a host-mode path";
  return void 0;
}
function cgroupSign(cgroup) {
  var _a;
  for (const line of cgroup.split("\n")) {
    const path = line.split(":").slice(2).join(":");
    if (path.includes("conmon")) continue;
    const ids = path.length < 64 ? [] : [...path.matchAll(/(?:^|[/-])([0-9a-f]{64})(?=[./]|$)/g)];
    const id = (_a = ids[ids.length - 1]) == null ? void 0 : _a[1];
    if (id !== void 0) return { witness: "/proc/self/cgroup", id };
    if (path.includes("/kubepods") || path.includes("/docker/")) return { witness: "/proc/self/cgroup" };
  }
  return void 0;
}
var managedFiles = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];
var hostLayers = /squashfs|root-ro|root-rw|rofs|\/cow\b|\/live\b|overlayroot/;
function isOverlayOfContainer(mount) {
  return /^(?:fuse\.fuse-)?overlay(?:fs)?\b/.test(mount) && !hostLayers.test(mount) && !isComposefs(mount);
}
function isComposefs(mount) {
  const [, source = "", options = ""] = mount.split(" ");
  if (source.startsWith("composefs")) return true;
  return /^ro,(?:.*,)?lowerdir\+?=/.test(options) && !options.includes("upperdir=");
}
function mountSign(mountinfo) {
  var _a;
  let root;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , source = "", target = ""] = before.split(" ");
    if (managedFiles.includes(target)) {
      const id = (_a = /\/(?:overlay-)?containers\/([0-9a-f]{64})\//.exec(source)) == null ? void 0 : _a[1];
      if (id !== void 0) return { witness: `mount of ${target}`, id };
      if (/\/(?:kubelet\/pods|sandboxes)\//.test(source)) return { witness: `mount of ${target}` };
    }
    if (target !== "/") continue;
    const overlay = isOverlayOfContainer(after);
    const layer = /\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.test(source);
    if (overlay || layer)
      root = { witness: overlay ? "overlay root in /proc/self/mountinfo" : "root in /proc/self/mountinfo" };
  }
  return root;
}
function capability(name, status) {
  var _a, _b;
  const value = (_b = (_a = fieldOf(status, `${name}:`)) == null ? void 0 : _a.toLowerCase()) != null ? _b : "";
  return /^[0-9a-f]{1,16}$/.test(value) ? value : void 0;
}
function isContainerName(name) {
  return name !== void 0 && name.length <= 200 && /^[a-z0-9][\w.-]*$/i.test(name);
}
function isThere(outcome) {
  return outcome.kind !== "absent" && outcome.kind !== "unreadable";
}
function signIf(condition, witness) {
  return condition ? { witness } : void 0;
}
function textOf(outcome) {
  return outcome.kind === "ok" ? outcome.value : "";
}

// src/probes/job.ts
var maxEventBytes = 1024 * 1024;
var maxText = 512;
var jobProbe = {
  name: "job",
  async collect(host) {
    var _a, _b, _c;
    const { env } = host;
    const system = systemOf(env);
    const inJob = system !== "none" && !isOn(env.GITEA_RUNNER_HEALTH_CHECK);
    return {
      inJob,
      system,
      capabilities: ((_a = env.GITEA_ACTIONS_CAPABILITIES) != null ? _a : "").slice(0, maxText).split(/[\s,]+/).filter(Boolean),
      summaryFile: text(env.GITHUB_STEP_SUMMARY) !== void 0,
      ...defined({
        runnerName: (_b = text(env.RUNNER_NAME)) != null ? _b : text(env.GITEA_RUNNER_NAME),
        runnerVersion: system === "forgejo" ? (_c = text(env.FORGEJO_ACTIONS_RUNNER_VERSION)) != null ? _c : text(env.GITEA_ACTIONS_RUNNER_VERSION) : text(env.GITEA_ACTIONS_RUNNER_VERSION),
        containerName: text(env.JOB_CONTAINER_NAME),
        repository: text(env.GITHUB_REPOSITORY),
        workflow: text(env.GITHUB_WORKFLOW),
        job: text(env.GITHUB_JOB),
        runId: text(env.GITHUB_RUN_ID),
        event: text(env.GITHUB_EVENT_NAME),
        serverUrl: withoutCredentials(env.GITHUB_SERVER_URL),
        fromFork: inJob ? await isFromFork(host) : false
      })
    };
  }
};
function systemOf(env) {
  if (isOn(env.FORGEJO_ACTIONS) || text(env.FORGEJO_ACTIONS_RUNNER_VERSION) || text(env.FORGEJO_RUN_ID))
    return "forgejo";
  if (isOn(env.GITEA_ACTIONS)) return "gitea";
  if (isOn(env.ACT_EXEC) || isOn(env.ACT)) return "act";
  return isOn(env.GITHUB_ACTIONS) ? "github" : "none";
}
function isOn(value) {
  return !["", "0", "false"].includes((value != null ? value : "").trim().toLowerCase());
}
function text(value) {
  return (value == null ? void 0 : value.trim().slice(0, maxText)) || void 0;
}
function withoutCredentials(value) {
  var _a;
  const match = /^\s*(https?:\/\/)(?:.*@)?([^/?#@\s]+)([^?#]*)/is.exec(value != null ? value : "");
  return match ? (_a = text(`${match[1]}${match[2]}${match[3]}`)) == null ? void 0 : _a.replace(/\/+$/, "") : void 0;
}
async function isFromFork(host) {
  const event = text(host.env.GITHUB_EVENT_NAME);
  if (event === void 0) return void 0;
  if (!event.startsWith("pull_request")) return false;
  const path = host.env.GITHUB_EVENT_PATH;
  const file = path ? await host.readText(path, maxEventBytes) : void 0;
  return (file == null ? void 0 : file.kind) === "ok" ? headIsForeign(parseJson(file.value)) : void 0;
}
function headIsForeign(event) {
  const head = field(field(event, "pull_request"), "head");
  const base = field(field(event, "pull_request"), "base");
  if (head === void 0 || base === void 0) return void 0;
  const headId = idOf(head);
  const baseId = idOf(base);
  if (headId !== void 0 && baseId !== void 0) return headId !== baseId;
  if (field(head, "repo") === null) return true;
  const headName = field(field(head, "repo"), "full_name");
  const baseName = field(field(base, "repo"), "full_name");
  return typeof headName === "string" && typeof baseName === "string" ? headName !== baseName : void 0;
}
function idOf(branch) {
  var _a, _b;
  return (_b = (_a = field(field(branch, "repo"), "id")) != null ? _a : field(branch, "repo_id")) != null ? _b : void 0;
}
function field(value, name) {
  return typeof value === "object" && value !== null ? value[name] : void 0;
}
function parseJson(source) {
  try {
    return JSON.parse(source);
  } catch {
    return void 0;
  }
}
function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== void 0));
}

// src/probes/node-runtime.ts
var oldestNode = 16;
var nodeRuntimeProbe = {
  name: "node-runtime",
  async collect(host) {
    return { version: host.nodeVersion, path: host.execPath };
  }
};

// src/probes/os.ts
var maxName = 200;
var osProbe = {
  name: "os",
  async collect(host) {
    var _a, _b, _c;
    const [etc, passwd] = await Promise.all([
      host.readText("/etc/os-release"),
      host.readText("/etc/passwd", 256 * 1024)
    ]);
    return {
      name: (_b = (_a = prettyName(etc)) != null ? _a : prettyName(await host.readText("/usr/lib/os-release"))) != null ? _b : host.platform,
      user: (_c = userName(passwd, host.uid)) != null ? _c : host.uid === void 0 ? "unknown" : `uid ${host.uid}`,
      hostname: host.hostname,
      arch: host.arch
    };
  }
};
function prettyName(file) {
  var _a;
  if (file.kind !== "ok") return void 0;
  const value = (_a = fieldOf(file.value, "PRETTY_NAME=")) != null ? _a : "";
  return value.replace(/^(["'])(.*)\1$/, "$2").slice(0, maxName) || void 0;
}
function userName(passwd, uid) {
  var _a;
  if (passwd.kind !== "ok") return void 0;
  const entry = passwd.value.split("\n").find((line) => line.includes(`:${uid}:`) && line.split(":")[2] === String(uid));
  return ((_a = entry == null ? void 0 : entry.split(":")[0]) == null ? void 0 : _a.slice(0, maxName)) || void 0;
}

// src/report/userinfo.ts
var patterns = [
  // As a URL has it, also where the password holds an @.
  /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s/?#"'<>]{1,500})@(?!sha\d{3}:)/gi,
  // The password holds what ends the host of a URL, and so what stands behind the colon is no port.
  /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s/?#"'<>:@]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{1,500})@(?!sha\d{3}:)/gi,
  // `joe:password@registry.example`, and neither `npm:prettier@3.1` nor `actions/checkout@v4`.
  /(?<![\w/.:@%+~-])()([\w.%+~-]{1,64}:[^\s/@"'<>`,;|()]{1,200})@(?!sha\d{3}:)(?=[a-z_]|\d{1,3}(?:\.\d{1,3}){3})/gi
];
var maybe = /@(?!sha\d{3}:)/;
function replaceUserinfo(text2, instead) {
  if (!maybe.test(text2)) return text2;
  return patterns.reduce((clean, pattern) => clean.replace(pattern, `$1${instead}`), text2);
}
function userinfoIn(text2) {
  if (!maybe.test(text2)) return [];
  return patterns.flatMap((pattern) => [...text2.matchAll(pattern)].map((match) => {
    var _a;
    return (_a = match[2]) != null ? _a : "";
  }));
}
function passwordOf(userinfo) {
  return userinfo.slice(userinfo.indexOf(":") + 1);
}
function decoded(text2) {
  try {
    return decodeURIComponent(text2);
  } catch {
    return text2;
  }
}

// src/report/known-secrets.ts
var secretWords = list(`token secret passw passphrase pwd credential private apikey api_key api-key access_key access-key auth session
	cookie webhook key_base64 key_pem`);
var secretEnds = list("key pat sig signature");
var harmlessNames = new Set(
  list(`github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdmsession pwd oldpwd init_cwd
	xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_session_bus_address bypass compass`)
);
var harmlessEnds = list("_author public_key cache_key primary_key");
function list(words) {
  return words.split(/\s+/);
}
var placeName = /[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i;
var plainValue = /^(?:[A-Z]?[a-z]{1,10}|\d{1,15}(?:\.\d{1,15})?)$/;
var passwordName = /passw|passphrase|pwd|secret|pass$/i;
var minLength = 6;
var minLine = 12;
function isSecretName(name) {
  const lower = name.toLowerCase();
  if (!secretWords.some((word) => lower.includes(word)) && !hasSecretEnd(lower)) return false;
  return !harmlessNames.has(lower) && !harmlessEnds.some((end) => lower.endsWith(end));
}
function hasSecretEnd(name) {
  const bare = name.replace(/[_-]?\d$/, "");
  if (bare.endsWith("pass")) return true;
  return secretEnds.some((end) => bare.endsWith(end) && /^$|[_-]$/.test(bare.slice(0, -end.length)));
}
function secretsOf(env, known) {
  const found = /* @__PURE__ */ new Set();
  for (const [name, value = ""] of Object.entries(env)) {
    if (isSecretName(name) && !isHarmless(name, value)) addSecret(found, value);
    for (const userinfo of loginsIn2(name, value)) addLogin(found, userinfo);
  }
  for (const secret of known) addSecret(found, secret);
  return [...found].sort((a, b) => b.length - a.length);
}
function isHarmless(name, value) {
  if (plainValue.test(value)) return !passwordName.test(name);
  return placeName.test(name) && /^(?:~|\.{0,2})\/[\w./@ -]*$/.test(value);
}
function loginsIn2(name, value) {
  var _a;
  if (!value.includes("@")) return [];
  const proxy = /proxy$/i.test(name) ? (_a = /^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(value)) == null ? void 0 : _a[1] : void 0;
  return proxy === void 0 ? userinfoIn(value) : [proxy];
}
function addLogin(found, userinfo) {
  const password = passwordOf(userinfo);
  if (password === userinfo && plainValue.test(userinfo)) return;
  addSecret(found, password);
  addSecret(found, decoded(password));
}
function addSecret(found, value) {
  if (value.length < minLength) return;
  for (const form of formsOf(value)) found.add(form);
  if (!value.includes("\n")) return;
  for (const line of value.split("\n")) if (line.trim().length >= minLine) found.add(line.trim());
}
function formsOf(secret) {
  if (/^[\w.~-]*$/.test(secret)) return [secret];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inUrl(secret)];
}
function inUrl(secret) {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret;
  }
}

// src/report/policy-secrets.ts
var minKey = 20;
function secretsInPolicy({ registries, services, image = "" }) {
  const logins = [image, ...registries].flatMap(loginOf);
  const addresses = services.map(({ url }) => url);
  const userinfos = [...logins, ...addresses.flatMap(userinfoIn)];
  const passwords = userinfos.flatMap((userinfo) => {
    const password = passwordOf(userinfo);
    return [userinfo, password, decoded(password)];
  });
  return [...passwords, ...addresses.flatMap(keysIn)];
}
function withoutLogins(policy) {
  const services = policy.services.map((service) => ({ ...service, url: shownAddress(service.url) }));
  return { ...policy, services };
}
function shownAddress(address) {
  return replaceUserinfo(address, "").replace(/[?#].*$/s, "");
}
function loginOf(entry) {
  var _a;
  const login = (_a = /^\s*(?:[a-z][\w+.-]*:\/\/)?(.*:(?!\d{1,5}\/).*)@(?!sha\d{3}:)/is.exec(entry)) == null ? void 0 : _a[1];
  return login === void 0 ? [] : [login];
}
function keysIn(address) {
  var _a;
  const [, query = ""] = (_a = /\?([^#]*)/.exec(replaceUserinfo(address, ""))) != null ? _a : [];
  const pairs = query.split("&").map((pair) => pair.split(/=(.*)/s));
  return pairs.flatMap(([name = "", value = ""]) => {
    if (isSecretName(name)) return [value, decoded(value)];
    return [name, value].filter((part) => part.length >= minKey).flatMap((part) => [part, decoded(part)]);
  });
}

// src/report/redact.ts
var maxText2 = 4096;
var maxLooked = 16 * 1024;
var mark = "***";
var patterns2 = [
  // The userinfo of a URL that was cut off before its @.
  [
    /\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:…|$))[^\s/?#@"'<>`…]{1,4000}(?=…|$)/gi,
    `$1${mark}`
  ],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8192}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, mark],
  [
    /\b(?:gh[opsur]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-|npm_|pypi-|dckr_[po]at_|dop_v1_|hf_|sk-|xox[a-z]-|AKIA|ASIA)[A-Za-z0-9_-]{10,250}/g,
    mark
  ],
  [/\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,2000})?/g, mark],
  [/\b(bearer\s+)[A-Za-z0-9+/=._~-]{16,4000}/gi, `$1${mark}`],
  [/\b(authorization"?\s{0,3}[=:]\s{0,3}"?(?:[a-z]{1,20}\s+)?)[^\s"',;]{6,4000}/gi, `$1${mark}`],
  // The closing quote may have been cut off.
  [
    /((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|"auth)"?\s{0,3}[=:]\s{0,3})(?:"[^"\n]{4,2000}"?|'[^'\n]{4,2000}'?|[^\s"',;&]{6,2000})/gi,
    `$1${mark}`
  ]
];
var suspicious = /:\/\/[^\s/?#@:]{0,200}:[^\s/]|-----BEGIN|\b(?:gh[opsur]_|github_pat_|gl[a-z]{2,5}-|npm_|pypi-|dckr_|dop_v1_|hf_|sk-|xox|AKIA|ASIA|eyJ)|bearer\s|authorization|(?:password|passwd|passphrase|secret|token|key|"auth)"?\s{0,3}[=:]/i;
var unusual = /[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/;
var ansi = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
var unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
function createRedactor(env, known = []) {
  const secrets = secretsOf(env, known).map(visible).filter(Boolean);
  const heads = secrets.map((secret) => secret.slice(0, minCut));
  const withoutKnown = (raw) => {
    var _a, _b;
    let clean = visible(raw);
    for (let index = 0; index < secrets.length; index++) {
      if (clean.includes((_a = heads[index]) != null ? _a : "")) clean = withoutSecret(clean, (_b = secrets[index]) != null ? _b : "");
    }
    return replaceUserinfo(clean, `${mark}@`);
  };
  const text2 = (raw) => {
    let clean = withoutKnown(raw.slice(0, maxLooked));
    if (suspicious.test(clean))
      for (const [pattern, replacement] of patterns2) clean = clean.replace(pattern, replacement);
    return clean.length > maxText2 ? `${clean.slice(0, maxText2)}\u2026` : clean;
  };
  const isClean = (json) => !json.includes("@") && !heads.some((head) => json.includes(head));
  const again = (value) => isClean(JSON.stringify(value)) ? value : everywhere(withoutKnown)(value);
  return { text: text2, deep: everywhere(text2), again };
}
function everywhere(change) {
  const known = /* @__PURE__ */ new Map();
  const once = (text2) => {
    var _a;
    const changed = (_a = known.get(text2)) != null ? _a : change(text2);
    known.set(text2, changed);
    return changed;
  };
  const deep = (value) => {
    if (typeof value === "string") return once(value);
    if (Array.isArray(value)) return value.map(deep);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [once(key), deep(entry)]));
  };
  return deep;
}
function visible(text2) {
  if (!unusual.test(text2)) return text2;
  return text2.replace(/\r\n?/g, "\n").replace(ansi, "").replace(unseen, "");
}
var minCut = 8;
var minCutText = 64;
function withoutSecret(text2, secret) {
  return withoutCutSecret(text2.split(secret).join(mark), secret);
}
function withoutCutSecret(text2, secret) {
  const end = text2.endsWith("\u2026") ? text2.length - 1 : text2.length;
  const head = secret.slice(0, minCut);
  const first = Math.max(0, end - secret.length + 1);
  for (let at2 = text2.indexOf(head, first); at2 >= 0; at2 = text2.indexOf(head, at2 + 1)) {
    const cut = text2.slice(at2, end);
    if (!secret.startsWith(cut)) continue;
    const isName = end === text2.length && end < minCutText && /^[a-z ._/-]*$/i.test(cut);
    return isName ? text2 : text2.slice(0, at2) + mark + text2.slice(end);
  }
  return text2;
}

// src/check-runner.ts
var headProbes = [jobProbe, containerProbe, osProbe];
async function checkRunner(host, request2, options) {
  const started = /* @__PURE__ */ new Date();
  const { decidedBy, policyFile: policyFile2, onWaiting } = options;
  const [policy, { askedChecks, judgeFacts, loadChecks, probesOf }] = await Promise.all([
    sharpen(request2.policy, host, request2.workspace),
    Promise.resolve().then(() => __toESM(require("./judge.js"), 1))
  ]);
  const checks = await loadChecks(policy, request2.runnerConfig !== void 0 || request2.workflows.length > 0);
  const probes = [...headProbes, ...probesOf(askedChecks(checks, policy))];
  const tooOld = Number(host.nodeVersion.split(".")[0]) < oldestNode;
  const logins = new Set(secretsInPolicy(policy));
  if (request2.token !== void 0) logins.add(request2.token);
  const facts = tooOld ? await factsOfOldNode(host, request2) : await collectFacts(probes, notingLogins(host, logins), request2, onWaiting);
  const { deep, again } = createRedactor(host.env, [...logins]);
  const report = judgeFacts(checks, deep(facts), deep(withoutLogins(policy)), {
    started: started.toISOString(),
    duration_ms: Date.now() - started.getTime(),
    decidedBy,
    policyFile: policyFile2
  });
  return { ...report, ...again({ profile: report.profile, results: report.results }) };
}
async function factsOfOldNode(host, request2) {
  const never = { aborted: false, addEventListener() {
  }, removeEventListener() {
  } };
  const entries = [nodeRuntimeProbe, ...headProbes].map(async (probe) => {
    const value = await probe.collect(host, request2, never, () => Promise.reject(new Error("not on this Node")));
    return [probe.name, { ok: true, value, ms: 0 }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

// src/host/real-host.ts
var import_node_os = require("os");

// src/host/files.ts
var fs = __toESM(require("fs"), 1);
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}
function failure(error) {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR" ? { kind: "absent" } : { kind: "unreadable", code };
}
var answersAtOnce = /^\/(?:proc\/(?:self\/|\d+\/limits$|meminfo$)|etc\/|sys\/|dev(?:\/|$))/;
function outcomeOf(call) {
  return new Promise((resolve2) => {
    try {
      call((error, value) => resolve2(error ? failure(error) : { kind: "ok", value }));
    } catch (error) {
      resolve2(failure(error));
    }
  });
}
function outcomeAtOnce(call) {
  try {
    return { kind: "ok", value: call() };
  } catch (error) {
    return failure(error);
  }
}
function kindOf(stats) {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSocket()) return "socket";
  if (stats.isSymbolicLink()) return "link";
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return "device";
  return "other";
}
function deviceNumbers(rdev) {
  const device = BigInt(rdev);
  return {
    major: Number(device >> 8n & 0xfffn | device >> 32n & 0xfffff000n),
    minor: Number(device & 0xffn | device >> 12n & 0xffffff00n)
  };
}
function fileOf(outcome) {
  if (outcome.kind !== "ok") return outcome;
  const stats = outcome.value;
  const kind = kindOf(stats);
  return {
    kind,
    mode: stats.mode & 4095,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    ...kind === "device" && { device: deviceNumbers(stats.rdev) }
  };
}
async function lstat2(path) {
  if (answersAtOnce.test(path)) return fileOf(outcomeAtOnce(() => fs.lstatSync(path)));
  return fileOf(await outcomeOf((done) => fs.lstat(path, done)));
}
async function stat2(path) {
  if (answersAtOnce.test(path)) return fileOf(outcomeAtOnce(() => fs.statSync(path)));
  return fileOf(await outcomeOf((done) => fs.stat(path, done)));
}
var readLink = (path) => outcomeOf((done) => fs.readlink(path, done));
var realPath = (path) => outcomeOf((done) => fs.realpath.native(path, done));
async function list2(path) {
  if (answersAtOnce.test(path)) return outcomeAtOnce(() => fs.readdirSync(path));
  return outcomeOf((done) => fs.readdir(path, done));
}
async function access2(path, mode) {
  const bits = { r: fs.constants.R_OK, w: fs.constants.W_OK, x: fs.constants.X_OK };
  return (await outcomeOf((done) => fs.access(path, bits[mode], (error) => done(error, null)))).kind === "ok";
}
var readFlags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;
async function readText(path, maxBytes = 64 * 1024, encoding = "utf8") {
  if (answersAtOnce.test(path)) return outcomeAtOnce(() => readAtOnce(path, maxBytes, encoding));
  const opened = await outcomeOf((done) => fs.open(path, readFlags, done));
  if (opened.kind !== "ok") return opened;
  try {
    let buffer = smallBuffer(maxBytes);
    let length = 0;
    for (; ; ) {
      const at2 = length;
      const into = buffer;
      const read2 = await outcomeOf(
        (done) => fs.read(opened.value, into, at2, into.length - at2, null, (error, bytes) => done(error, bytes))
      );
      if (read2.kind !== "ok") return read2;
      length += read2.value;
      if (read2.value === 0 || length === maxBytes) break;
      buffer = withRoom(buffer, length, maxBytes);
    }
    return { kind: "ok", value: buffer.toString(encoding, 0, length) };
  } finally {
    fs.close(opened.value, () => void 0);
  }
}
function readAtOnce(path, maxBytes, encoding) {
  const file = fs.openSync(path, readFlags);
  try {
    let buffer = smallBuffer(maxBytes);
    let length = 0;
    for (; ; ) {
      const bytes = fs.readSync(file, buffer, length, buffer.length - length, null);
      length += bytes;
      if (bytes === 0 || length === maxBytes) break;
      buffer = withRoom(buffer, length, maxBytes);
    }
    return buffer.toString(encoding, 0, length);
  } finally {
    fs.closeSync(file);
  }
}
function smallBuffer(maxBytes) {
  return Buffer.allocUnsafe(Math.min(maxBytes, 16 * 1024));
}
function withRoom(buffer, length, maxBytes) {
  return length < buffer.length ? buffer : Buffer.concat([buffer], Math.min(maxBytes, 4 * length));
}
var unnamedFile = 4194304 | fs.constants.O_DIRECTORY;
async function tryWrite(directory) {
  const outcome = await writeUnnamed(directory);
  const unsupported = outcome.kind === "unreadable" && ["EOPNOTSUPP", "ENOTSUP", "EISDIR", "EINVAL"].includes(outcome.code);
  if (!unsupported) return outcome;
  const bits = fs.constants.W_OK | fs.constants.X_OK;
  return outcomeOf((done) => fs.access(directory, bits, (error) => done(error, null)));
}
async function writeUnnamed(directory) {
  const flags = unnamedFile | fs.constants.O_WRONLY;
  const opened = await outcomeOf((done) => fs.open(directory, flags, 384, done));
  if (opened.kind !== "ok") return opened;
  const block = Buffer.alloc(4096, 1);
  const written = await outcomeOf((done) => fs.write(opened.value, block, (error) => done(error, null)));
  const closed = await outcomeOf((done) => fs.close(opened.value, (error) => done(error, null)));
  return written.kind === "ok" ? closed : written;
}
async function placeFile(directory) {
  const name = `.runner-check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
  const path = `${directory}/${name}`;
  const written = await outcomeOf(
    (done) => fs.writeFile(path, `${name}
`, { flag: "wx", mode: 420 }, (error) => done(error, null))
  );
  if (written.kind !== "ok") return written;
  const remove = () => new Promise((resolve2) => fs.rm(path, { force: true }, () => resolve2()));
  return { kind: "ok", value: { name, remove } };
}

// src/host/http-over-socket.ts
var import_node_net = require("net");

// src/host/http-answer.ts
var maxLine = 16 * 1024;
var HttpAnswer = class {
  limit;
  hasBody;
  head = Buffer.alloc(0);
  status = 0;
  headers = {};
  body;
  kept = Buffer.alloc(0);
  length = 0;
  /**
   * @param limit Bytes of body to keep.
   * @param hasBody An answer to HEAD has none, whatever its head says.
   */
  constructor(limit, hasBody) {
    this.limit = limit;
    this.hasBody = hasBody;
  }
  /** Takes what has arrived. The outcome, as soon as it is certain. */
  take(bytes) {
    const progress = this.body ? this.takeBody(this.body, bytes) : this.takeHead(bytes);
    if (typeof progress === "object") return progress;
    return progress === "done" || this.length > this.limit ? this.answered() : void 0;
  }
  /** The server has closed the connection. */
  end() {
    var _a;
    return ((_a = this.body) == null ? void 0 : _a.untilClosed) ? this.answered() : failed("ECONNRESET", "the connection was closed before the answer was complete");
  }
  takeHead(bytes) {
    var _a, _b, _c;
    this.head = Buffer.concat([this.head, bytes]);
    for (; ; ) {
      const end = this.head.indexOf("\r\n\r\n");
      const text2 = this.head.toString("latin1", 0, end < 0 ? maxLine : end + 2);
      const wrong = (_a = whatIsWrong(text2)) != null ? _a : end > maxLine || text2.length === maxLine ? overflow : void 0;
      if (wrong) return wrong;
      if (end < 0) return "more";
      const [start = "", ...lines] = text2.slice(0, -2).split("\r\n");
      const status = Number((_c = (_b = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(start)) == null ? void 0 : _b[1]) != null ? _c : 0);
      const headers = readHeaders(lines);
      if (status === 0) return notHttp("Invalid status line");
      if (!headers) return notHttp("Invalid header line");
      if (status === 101) return failed("EPROTO", "the server switched protocols");
      this.head = this.head.subarray(end + 4);
      if (status < 200) continue;
      const bodiless = !this.hasBody || status === 204 || status === 304;
      const body = bodiless ? new Counted(0) : bodyOf(headers);
      if ("kind" in body) return body;
      this.status = status;
      this.headers = headers;
      this.body = body;
      return this.takeBody(body, this.head);
    }
  }
  takeBody(body, bytes) {
    return body.take(bytes, (part) => this.keep(part));
  }
  /** One byte more than the limit shows that there were more. */
  keep(part) {
    const wanted = part.subarray(0, this.limit + 1 - this.length);
    const length = this.length + wanted.length;
    if (length > this.kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.kept.length));
      this.kept.copy(larger, 0, 0, this.length);
      this.kept = larger;
    }
    wanted.copy(this.kept, this.length);
    this.length = length;
  }
  answered() {
    const truncated = this.length > this.limit;
    const body = this.kept.toString("utf8", 0, Math.min(this.length, this.limit));
    return { kind: "answered", status: this.status, headers: this.headers, body, truncated };
  }
};
function whatIsWrong(text2) {
  const begin = "HTTP/1.";
  if (!text2.startsWith(begin.slice(0, text2.length))) return notHttp("Expected HTTP/");
  return /[^\r]\n|[\0\x7f]/.test(text2) ? notHttp("Missing expected CR, or a control character") : void 0;
}
function readHeaders(lines) {
  var _a;
  const headers = /* @__PURE__ */ new Map();
  for (const line of lines) {
    const [, name, value = ""] = (_a = /^([!#$%&'*+.^`|~\w-]+):[ \t]*([^\r\n]*)$/.exec(line)) != null ? _a : [];
    if (name === void 0) return void 0;
    const known = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), known === void 0 ? value.trimEnd() : `${known}, ${value.trimEnd()}`);
  }
  return Object.fromEntries(headers);
}
function bodyOf(headers) {
  const encoding = headers["transfer-encoding"];
  const length = headers["content-length"];
  if (encoding !== void 0 && length !== void 0)
    return failed("HPE_INVALID_TRANSFER_ENCODING", "Parse Error: Transfer-Encoding beside Content-Length");
  if (/(?:^|,\s*)chunked$/i.test(encoding != null ? encoding : "")) return new Chunks();
  if (length === void 0) return untilClosed;
  if (!/^\d{1,15}$/.test(length))
    return failed("HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length");
  return new Counted(Number(length));
}
var untilClosed = {
  untilClosed: true,
  take(bytes, keep2) {
    keep2(bytes);
    return "more";
  }
};
var Counted = class {
  untilClosed = false;
  left;
  constructor(length) {
    this.left = length;
  }
  take(bytes, keep2) {
    const part = bytes.subarray(0, this.left);
    keep2(part);
    this.left -= part.length;
    return this.left === 0 ? "done" : "more";
  }
};
var Chunks = class {
  untilClosed = false;
  /** What has come of the line before the next chunk. */
  line = "";
  /** Bytes of this chunk still to come, and of the line end behind it. */
  left = 0;
  lineEnd = "";
  take(bytes, keep2) {
    var _a;
    let at2 = 0;
    while (at2 < bytes.length) {
      if (this.left > 0) {
        const part = bytes.subarray(at2, at2 + this.left);
        keep2(part);
        this.left -= part.length;
        at2 += part.length;
      } else if (this.lineEnd !== "") {
        if (bytes[at2] !== this.lineEnd.charCodeAt(0)) return wrongChunk("Expected LF after chunk data");
        this.lineEnd = this.lineEnd.slice(1);
        at2++;
      } else {
        const end = bytes.indexOf("\n", at2);
        const next = end < 0 ? bytes.length : end + 1;
        if (this.line.length + next - at2 > maxLine) return overflow;
        this.line += bytes.toString("latin1", at2, next);
        at2 = next;
        if (end < 0) return "more";
        const [, digits] = (_a = /^([\da-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n$/i.exec(this.line)) != null ? _a : [];
        if (digits === void 0) return wrongChunk("Invalid character in chunk size");
        this.line = "";
        this.left = Number.parseInt(digits, 16);
        this.lineEnd = "\r\n";
        if (this.left === 0) return "done";
      }
    }
    return "more";
  }
};
function failed(code, message) {
  return { kind: "failed", code, message };
}
var notHttp = (what) => failed("HPE_INVALID_CONSTANT", `Parse Error: ${what}`);
var wrongChunk = (what) => failed("HPE_INVALID_CHUNK_SIZE", `Parse Error: ${what}`);
var overflow = failed("HPE_HEADER_OVERFLOW", "Parse Error: Header overflow");

// src/host/http-over-socket.ts
function requestOverSocket(socketPath, wanted) {
  return new Promise((resolve2) => {
    var _a, _b;
    if (!isSendable(wanted)) {
      resolve2(failed("ERR_UNESCAPED_CHARACTERS", "The request has characters that HTTP does not allow there"));
      return;
    }
    const answer = new HttpAnswer((_a = wanted.maxBody) != null ? _a : 1024 * 1024, wanted.method !== "HEAD");
    const socket = (0, import_node_net.connect)({ path: socketPath });
    const end = (outcome) => {
      wanted.signal.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve2(outcome);
    };
    const onAbort = () => end({ kind: "timed-out" });
    socket.on("error", (error) => end(failed(codeOf(error), error.message)));
    socket.on("data", (bytes) => {
      const outcome = answer.take(bytes);
      if (outcome) end(outcome);
    });
    socket.on("end", () => end(answer.end()));
    if (wanted.signal.aborted) return onAbort();
    wanted.signal.addEventListener("abort", onAbort, { once: true });
    socket.write(headOf(wanted) + ((_b = wanted.body) != null ? _b : ""));
  });
}
function isSendable({ path, headers = {} }) {
  return !/[^!-~]/.test(path) && !/[^ -~]/.test(Object.entries(headers).flat().join(""));
}
function headOf({ method = "GET", path, headers, body }) {
  const length = body === void 0 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host: "localhost", connection: "close", ...length, ...headers });
  return `${method} ${path} HTTP/1.1\r
${lines.map(([name, value]) => `${name}: ${value}\r
`).join("")}\r
`;
}

// src/host/http.ts
async function request(wanted) {
  const { to } = wanted;
  if ("socket" in to) return requestOverSocket(to.socket, wanted);
  const { requestOverTcp } = await Promise.resolve().then(() => __toESM(require("./http-over-tcp.js"), 1));
  return requestOverTcp(to, wanted);
}

// src/host/run-program.ts
var import_node_child_process = require("child_process");
var killGraceMs = 250;
var drainMs = 100;
function runProgram(command, options, baseEnv) {
  var _a;
  const started = Date.now();
  const [program = "", ...args] = command;
  const limit = (_a = options.maxOutput) != null ? _a : 64 * 1024;
  const env = { ...baseEnv, ...options.env };
  const stdio = [options.input === void 0 ? "ignore" : "pipe", "pipe", "pipe"];
  return new Promise((resolve2) => {
    var _a2, _b;
    let child;
    try {
      child = (0, import_node_child_process.spawn)(program, args, { cwd: options.cwd, env, detached: true, stdio });
    } catch (error) {
      resolve2({ kind: "not-started", code: codeOf(error), stdout: "", stderr: "", ms: Date.now() - started });
      return;
    }
    const stdout = keep(child.stdout, limit);
    const stderr = keep(child.stderr, limit);
    (_a2 = child.stdin) == null ? void 0 : _a2.on("error", () => void 0);
    (_b = child.stdin) == null ? void 0 : _b.end(options.input);
    let timer;
    let ended = false;
    const end = (result) => {
      var _a3, _b2, _c;
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      options.signal.removeEventListener("abort", onAbort);
      killGroup(child);
      (_a3 = child.stdin) == null ? void 0 : _a3.destroy();
      (_b2 = child.stdout) == null ? void 0 : _b2.destroy();
      (_c = child.stderr) == null ? void 0 : _c.destroy();
      child.unref();
      resolve2({ ...result, stdout: stdout(), stderr: stderr(), ms: Date.now() - started });
    };
    const onAbort = () => {
      killGroup(child);
      timer = setTimeout(() => end({ kind: "timed-out", abandoned: true }), killGraceMs);
    };
    child.once("error", (error) => end({ kind: "not-started", code: codeOf(error) }));
    child.once("exit", (code, signal) => {
      const result = options.signal.aborted ? { kind: "timed-out", abandoned: false } : signal === null ? { kind: "exited", code: code != null ? code : 0 } : { kind: "signalled", signal };
      child.once("close", () => end(result));
      clearTimeout(timer);
      timer = setTimeout(() => end(result), drainMs);
    });
    if (options.signal.aborted) onAbort();
    else options.signal.addEventListener("abort", onAbort, { once: true });
  });
}
function keep(stream, limit) {
  const chunks = [];
  let size = 0;
  stream == null ? void 0 : stream.on("data", (chunk) => {
    if (size >= limit) return;
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  stream == null ? void 0 : stream.on("error", () => void 0);
  return () => Buffer.concat(chunks).toString("utf8");
}
function killGroup(child) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
  }
}

// src/host/space.ts
var fs2 = __toESM(require("fs"), 1);
var maxBlock = 64 * 1024;
async function space(path, signal, env, statfs2 = fs2.statfs) {
  if (statfs2 === void 0) return spaceByDf(path, signal, env);
  const outcome = await outcomeOf((done) => statfs2(path, done));
  if (outcome.kind !== "ok") return outcome;
  const { blocks, bavail, files, ffree } = outcome.value;
  const size = blockSize(outcome.value);
  if (size === void 0) return spaceByDf(path, signal, env);
  return {
    kind: "ok",
    value: {
      freeBytes: bavail * size,
      totalBytes: blocks * size,
      freeInodes: files === 0 ? void 0 : ffree,
      totalInodes: files === 0 ? void 0 : files,
      source: "statfs"
    }
  };
}
function blockSize({ bsize, frsize }) {
  return frsize || (bsize <= maxBlock ? bsize : void 0);
}
async function spaceByDf(path, signal, env) {
  const options = { signal, env: { LC_ALL: "C" } };
  const [blocks, inodes] = await Promise.all([
    runProgram(["df", "-kP", path], options, env),
    runProgram(["df", "-iP", path], options, env)
  ]);
  const bytes = dfColumns(blocks.stdout);
  if (blocks.kind !== "exited" || blocks.code !== 0 || !bytes) {
    return /no such file/i.test(blocks.stderr) ? { kind: "absent" } : { kind: "unreadable", code: "EDF" };
  }
  const counts = dfColumns(inodes.stdout);
  const countable = counts !== void 0 && counts.total > 0;
  return {
    kind: "ok",
    value: {
      freeBytes: bytes.free * 1024,
      totalBytes: bytes.total * 1024,
      freeInodes: countable ? counts.free : void 0,
      totalInodes: countable ? counts.total : void 0,
      source: "df"
    }
  };
}
function dfColumns(output) {
  var _a;
  const match = /\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\S.*$/.exec((_a = output.trim().split("\n").pop()) != null ? _a : "");
  return match ? { total: Number(match[1]), free: Number(match[2]) } : void 0;
}

// src/host/real-host.ts
function createRealHost(env) {
  var _a, _b, _c, _d;
  return {
    env,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    execPath: process.execPath,
    uid: (_a = process.geteuid) == null ? void 0 : _a.call(process),
    gid: (_b = process.getegid) == null ? void 0 : _b.call(process),
    groups: (_d = (_c = process.getgroups) == null ? void 0 : _c.call(process)) != null ? _d : [],
    pid: process.pid,
    ppid: process.ppid,
    // Asked only when somebody wants to know: both read files.
    get userHome() {
      return homeOfUser();
    },
    get cpuCount() {
      return (0, import_node_os.cpus)().length;
    },
    hostname: (0, import_node_os.hostname)(),
    totalMemory: (0, import_node_os.totalmem)(),
    cwd: () => currentDirectory(env),
    run: (command, options) => runProgram(command, options, env),
    lstat: lstat2,
    stat: stat2,
    access: access2,
    readText,
    readLink,
    realPath,
    list: list2,
    space: (path, signal) => space(path, signal, env),
    tryWrite,
    placeFile,
    request
  };
}
function currentDirectory(env) {
  try {
    return process.cwd();
  } catch {
    return env.PWD || "/";
  }
}
function homeOfUser() {
  try {
    return (0, import_node_os.userInfo)().homedir;
  } catch {
    return void 0;
  }
}

// src/inputs.ts
var import_node_path = require("path");

// src/mistake.ts
function describeMistake({ place, found, allowed }) {
  return `${place}: found ${found}; allowed: ${allowed}`;
}
var ConfigurationError = class extends Error {
  mistakes;
  name = "ConfigurationError";
  constructor(mistakes) {
    super(mistakes.map(describeMistake).join("\n"));
    this.mistakes = mistakes;
  }
};
function isConfigurationError(error) {
  return error instanceof Error && error.name === "ConfigurationError";
}

// src/policy/nearest.ts
function nearest(word, known) {
  let best;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.max(2, Math.floor(candidate.length / 3)) && (!best || distance < best.distance)) {
      best = { word: candidate, distance };
    }
  }
  return best == null ? void 0 : best.word;
}
function editDistance(first, second) {
  var _a, _b, _c, _d;
  const a = first.slice(0, 80);
  const b = second.slice(0, 80);
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = ((_a = previous[column - 1]) != null ? _a : 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, ((_b = previous[column]) != null ? _b : 0) + 1, ((_c = current[column - 1]) != null ? _c : 0) + 1));
    }
    previous = current;
  }
  return (_d = previous[b.length]) != null ? _d : 0;
}

// src/policy/profiles.yaml
var profiles_default = { "version": 1, "profiles": { "matric-builder": { "labels": ["matric-builder"], "runs-in": "container", "image": "ghcr.io/fortemi/fortemi/builder:latest", "privileged": "forbidden", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": { "require": "required", "plugins": ["buildx"] }, "gpu": "optional", "memory": "1GiB", "open-files": 1024, "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "matric-builder-gpu": { "labels": ["matric-builder-gpu"], "runs-in": "container", "image": "ghcr.io/fortemi/fortemi/builder:gpu", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": { "require": "required", "plugins": ["buildx"] }, "gpu": "required", "memory": "1GiB", "open-files": 1024, "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "titan": { "labels": ["titan"], "runs-in": "host", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": "optional", "gpu": "optional", "memory": "1GiB", "open-files": 1024, "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "gpu": { "labels": ["gpu"], "runs-in": "host", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": "optional", "gpu": "required", "memory": "1GiB", "open-files": 1024, "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "generic": { "runs-in": "any", "tools": { "rustc": { "version": "*", "optional": true }, "cargo": { "version": "*", "optional": true }, "docker": { "version": "*", "optional": true }, "node": "*", "git": "*" }, "docker": "optional", "gpu": "optional", "memory": "1GiB", "open-files": 1024, "disk": [{ "path": "workspace", "free": "2GiB", "inodes": 5e4 }] } } };

// src/policy/units.ts
var sizeUnits = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40
};
var sizesAllowed = "a size with a unit such as `40GiB` or `500MB`, or a plain number of bytes";
function parseSize(text2) {
  var _a;
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.exec(text2.trim());
  const factor = sizeUnits[((_a = match == null ? void 0 : match[2]) != null ? _a : "").toLowerCase()];
  if (!match || factor === void 0) return void 0;
  const bytes = Math.round(Number(match[1]) * factor);
  return Number.isSafeInteger(bytes) ? bytes : void 0;
}
var durationsAllowed = "a duration such as `500ms`, `10s` or `2m`";
var durationUnits = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
function parseDuration(text2) {
  var _a;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(text2.trim());
  const factor = durationUnits[(_a = match == null ? void 0 : match[2]) != null ? _a : ""];
  return match && factor !== void 0 ? Math.round(Number(match[1]) * factor) : void 0;
}
function parseWholeNumber(text2) {
  const digits = text2.trim().replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g, "");
  const value = /^\d{1,15}$/.test(digits) ? Number(digits) : void 0;
  return value;
}

// src/policy/profile.ts
var builtInProfiles = profiles_default.profiles;
function profileNames(file) {
  var _a;
  return [.../* @__PURE__ */ new Set([...Object.keys((_a = file == null ? void 0 : file.source.profiles) != null ? _a : {}), ...Object.keys(builtInProfiles)])];
}
function layersOf(name, file) {
  var _a;
  const stated = own((_a = file == null ? void 0 : file.source.profiles) != null ? _a : {}, name);
  const general = own(builtInProfiles, name);
  const parent = stated == null ? void 0 : stated.extends;
  return [
    ...parent !== void 0 && parent !== name ? layersOf(parent, file) : [],
    ...general ? [{ source: general, originOf: void 0 }] : [],
    ...stated && file ? [{ source: stated, originOf: (path) => file.lineOf(["profiles", name, ...path]) }] : []
  ];
}
async function toPolicy(name, file) {
  var _a, _b, _c, _d, _e;
  const sources = {};
  const merged = {};
  for (const { source, originOf } of layersOf(name, file)) {
    const note = (path, key = path.join(".")) => {
      if (originOf) sources[key] = originOf(path);
      else delete sources[key];
    };
    const { tools, disk, docker, gpu, extends: _parent, ...rest } = source;
    Object.assign(merged, rest);
    for (const key of Object.keys(rest)) note([key], publicName(key));
    if (docker !== void 0) {
      merged.docker = { ...asMapping(merged.docker), ...asMapping(docker) };
      note(["docker"]);
    }
    if (gpu !== void 0) {
      merged.gpu = { ...asMapping(merged.gpu), ...asMapping(gpu) };
      note(["gpu"]);
    }
    for (const [tool, wanted] of Object.entries(tools != null ? tools : {})) {
      merged.tools = { ...merged.tools, [tool]: { ...asTool(own((_a = merged.tools) != null ? _a : {}, tool)), ...asTool(wanted) } };
      note(["tools", tool]);
    }
    for (const [index, entry] of (disk != null ? disk : []).entries()) {
      const known = (_b = merged.disk) == null ? void 0 : _b.find(({ path }) => path === entry.path);
      merged.disk = [...((_c = merged.disk) != null ? _c : []).filter(({ path }) => path !== entry.path), { ...known, ...entry }];
      for (const floor of ["free", "inodes"]) {
        if (entry[floor] !== void 0) note(["disk", index], `disk.${entry.path}.${floor}`);
      }
    }
  }
  return {
    ...await expectationsOf(name, merged),
    severity: (_d = file == null ? void 0 : file.source.severity) != null ? _d : {},
    accept: (_e = file == null ? void 0 : file.source.accept) != null ? _e : [],
    sources
  };
}
var publicNames = {
  "runs-in": "runsIn",
  "image-max-age": "imageMaxAgeDays",
  "tool-cache": "toolCache",
  "open-files": "openFiles"
};
function publicName(key) {
  var _a;
  return (_a = publicNames[key]) != null ? _a : key;
}
function asMapping(value) {
  if (value === void 0) return { require: "optional" };
  return typeof value === "string" ? { require: value } : value;
}
function asTool(tool) {
  if (tool === void 0) return {};
  return typeof tool === "object" ? tool : { version: tool };
}
async function expectationsOf(name, source) {
  var _a, _b, _c, _d, _e, _f, _g;
  const docker = asMapping(source.docker);
  return {
    profile: name,
    runsIn: (_a = source["runs-in"]) != null ? _a : "any",
    tools: await toolsOf((_b = source.tools) != null ? _b : {}),
    docker: { require: docker.require, plugins: "plugins" in docker ? (_c = docker.plugins) != null ? _c : [] : [] },
    gpu: await gpuOf(asMapping(source.gpu)),
    privileged: (_d = source.privileged) != null ? _d : "allowed",
    ...source.image !== void 0 && { image: source.image },
    ...source["image-max-age"] !== void 0 && {
      imageMaxAgeDays: must(parseDuration(source["image-max-age"]), source["image-max-age"]) / 864e5
    },
    ...source["tool-cache"] !== void 0 && { toolCache: source["tool-cache"] },
    ...source.memory !== void 0 && { memory: sizeOf(source.memory) },
    ...source.cpus !== void 0 && { cpus: source.cpus },
    ...source.shm !== void 0 && { shm: sizeOf(source.shm) },
    ...source["open-files"] !== void 0 && { openFiles: source["open-files"] },
    disk: ((_e = source.disk) != null ? _e : []).map(diskOf),
    registries: (_f = source.registries) != null ? _f : [],
    services: servicesOf((_g = source.services) != null ? _g : []),
    skip: []
  };
}
function servicesOf(sources) {
  return sources.map(({ name, url, models = [] }) => ({ name, url, models }));
}
async function toolsOf(sources) {
  const entries = Object.entries(sources).map(async ([name, source]) => {
    const { version = "*", command = [name, "--version"], optional = false } = asTool(source);
    return [name, { version: must(await parseRange(String(version)), String(version)), command, optional }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
async function gpuOf(source) {
  if (!("count" in source || "memory" in source || "free-memory" in source || "driver" in source || "compute-capability" in source)) {
    return { require: source.require };
  }
  const { count, memory, driver, "free-memory": freeMemory, "compute-capability": capability2 } = source;
  return {
    require: source.require,
    ...count !== void 0 && { count },
    ...memory !== void 0 && { memory: sizeOf(memory) },
    ...freeMemory !== void 0 && { freeMemory: sizeOf(freeMemory) },
    ...driver !== void 0 && { driver: must(await parseRange(String(driver)), String(driver)) },
    ...capability2 !== void 0 && {
      computeCapability: must(await parseRange(String(capability2)), String(capability2))
    }
  };
}
function diskOf({ path, free, inodes }) {
  return { path, ...free !== void 0 && { free: sizeOf(free) }, ...inodes !== void 0 && { inodes } };
}
function sizeOf(size) {
  return must(parseSize(String(size)), String(size));
}
function must(value, text2) {
  if (value === void 0) throw new Error(`the profile holds \`${text2}\`, which nobody checked`);
  return value;
}

// src/request.ts
var formats = ["json", "junit", "prometheus", "markdown"];

// src/inputs.ts
var inputNames = [
  "profile",
  "policy",
  "tools",
  "docker",
  "gpu",
  "min-free-disk",
  "min-free-inodes",
  "image",
  "registries",
  "services",
  "runner-config",
  "workflows",
  "skip",
  "fail-on",
  "timeout",
  "token",
  "smoke",
  "summary",
  "report-dir",
  "formats"
];
function inputsFromEnv(env) {
  const given = inputNames.map((name) => {
    var _a, _b;
    const variable = `INPUT_${name.toUpperCase()}`;
    return [name, (_b = (_a = env[variable]) != null ? _a : env[variable.replace(/-/g, "_")]) == null ? void 0 : _b.trim()];
  });
  return Object.fromEntries(given.filter(([, value]) => value !== void 0 && value !== ""));
}
async function resolveInputs(inputs, options) {
  var _a, _b, _c, _d, _e, _f;
  const mistakes = [];
  const reject = (name, found, allowed) => {
    mistakes.push({ place: `input \`${name}\``, found, allowed });
  };
  const read2 = (name, parse, allowed) => {
    var _a2;
    const text2 = inputs[name];
    return text2 === void 0 ? void 0 : (_a2 = parse(text2)) != null ? _a2 : reject(name, quoted(text2), allowed);
  };
  const { host } = options;
  const workspace = workspaceOf(host);
  const file = await policyFile(inputs.policy, host, workspace, options, mistakes);
  const profiles = [...profileNames(file), "auto"];
  const isProfile = (name) => profiles.includes(name) || mistakes.length > 0;
  const profileName = (_a = read2("profile", (text2) => isProfile(text2) ? text2 : void 0, profiles.join(", "))) != null ? _a : "auto";
  const timeoutMs = (_b = read2("timeout", parseTimeout, `${durationsAllowed}, more than 0 and at most 10m`)) != null ? _b : 1e4;
  const failOn = (_c = read2("fail-on", oneOf("fail", "warn", "never"), "fail, warn, never")) != null ? _c : "fail";
  const docker = read2("docker", requirement, "required, optional, forbidden");
  const gpu = read2("gpu", requirement, "required, optional, forbidden");
  const free = read2("min-free-disk", parseSize, sizesAllowed);
  const inodes = read2("min-free-inodes", parseWholeNumber, "a whole number such as `1000000`");
  const summary = (_d = read2("summary", boolean, "true, false")) != null ? _d : true;
  const smoke = (_e = read2("smoke", boolean, "true, false")) != null ? _e : false;
  const formats2 = (_f = read2("formats", (text2) => formatsOf(text2, reject), formats.join(", "))) != null ? _f : ["json"];
  const skip = splitList(inputs.skip);
  if (skip.length > 0) {
    const { knowsId, knowsCheck, checkIds } = await options.loadChecks();
    for (const pattern of skip.filter((entry) => !knowsId(entry))) {
      const like = nearest(pattern, checkIds);
      const meant = like ? `; did you mean \`${like}\`?` : knowsCheck(pattern) ? severityInstead : "";
      reject("skip", quoted(pattern), `the id of a check, or a glob of ids such as \`docker/*\`${meant}`);
    }
  }
  const tools = inputs.tools === void 0 ? {} : await toolsInput(inputs.tools, mistakes);
  const registries = await listInput("registries", inputs, mistakes);
  const services = await listInput("services", inputs, mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const profile = profileName === "auto" ? await options.decideProfile(inputs.token, timeoutMs, file) : { name: profileName, decidedBy: "input" };
  const given = { docker, gpu, free, inodes, image: inputs.image, registries, services };
  const stated = mergeInputs(await toPolicy(profile.name, file), given, await toolsOf(tools));
  return {
    decidedBy: profile.decidedBy,
    policyFile: file == null ? void 0 : file.name,
    request: {
      policy: { ...stated, skip },
      workspace,
      timeoutMs,
      failOn,
      reportDir: inputs["report-dir"] === void 0 ? options.defaultReportDir : (0, import_node_path.resolve)(host.cwd(), inputs["report-dir"]),
      formats: formats2,
      summary,
      smoke,
      runnerConfig: inputs["runner-config"],
      workflows: splitList(inputs.workflows),
      ...inputs.token !== void 0 && { token: inputs.token }
    }
  };
}
var severityInstead = "; one reason of a check is switched off by `severity` in the policy";
var policyPlaces = [".gitea/runner-check.yml", ".github/runner-check.yml"];
async function policyFile(named, host, workspace, options, mistakes) {
  var _a;
  const maxSize = 1024 * 1024 + 1;
  const places = named === void 0 ? policyPlaces : [named];
  const files = await Promise.all(places.map((place) => host.readText((0, import_node_path.resolve)(workspace, place), maxSize)));
  const index = files.findIndex(({ kind }) => kind !== "absent");
  const file = files[index];
  const name = (_a = places[Math.max(0, index)]) != null ? _a : "";
  if ((file == null ? void 0 : file.kind) !== "ok") {
    if ((file == null ? void 0 : file.kind) === "unreadable")
      mistakes.push({
        place: name,
        found: `a file that cannot be read (${file.code})`,
        allowed: "a policy file that this user may read"
      });
    else if (named !== void 0)
      mistakes.push({
        place: "input `policy`",
        found: `${quoted(named)}, which does not exist`,
        allowed: "the path of a policy file, relative to the workspace"
      });
    return void 0;
  }
  const { readPolicy } = await Promise.resolve().then(() => __toESM(require("./policy-file.js"), 1));
  const { knowsCheck, checkIds } = await options.loadChecks();
  const policy = await readPolicy(name, file.value, { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds });
  if (!("source" in policy)) {
    mistakes.push(...policy);
    return void 0;
  }
  return policy;
}
function splitList(text2 = "") {
  const parts = text2.split(/[,\n]/).map((part) => part.trim());
  return parts.filter((part) => part !== "");
}
function workspaceOf(host) {
  var _a;
  const workspace = (_a = host.env.GITHUB_WORKSPACE) != null ? _a : "";
  return (0, import_node_path.isAbsolute)(workspace) ? workspace : host.cwd();
}
function defaultReportDir(env) {
  return (0, import_node_path.join)(env.RUNNER_TEMP || "/tmp", "runner-check");
}
function mergeInputs(base, given, tools) {
  var _a;
  const sources = { ...base.sources };
  const note = (path, input) => {
    sources[path] = `input \`${input}\``;
  };
  for (const name of Object.keys(tools)) note(`tools.${name}`, "tools");
  if (given.docker) note("docker", "docker");
  if (given.gpu) note("gpu", "gpu");
  if (given.free !== void 0) note("disk.workspace.free", "min-free-disk");
  if (given.inodes !== void 0) note("disk.workspace.inodes", "min-free-inodes");
  for (const name of ["image", "registries", "services"]) if (given[name] !== void 0) note(name, name);
  const workspace = {
    ...(_a = base.disk.find((entry) => entry.path === "workspace")) != null ? _a : { path: "workspace" },
    ...given.free !== void 0 && { free: given.free },
    ...given.inodes !== void 0 && { inodes: given.inodes }
  };
  return {
    ...base,
    tools: { ...base.tools, ...askedAsBefore(tools, base.tools) },
    docker: { ...base.docker, ...given.docker && { require: given.docker } },
    gpu: { ...base.gpu, ...given.gpu && { require: given.gpu } },
    ...given.image !== void 0 && { image: given.image },
    ...given.registries && { registries: given.registries },
    ...given.services && { services: given.services },
    disk: [workspace, ...base.disk.filter((entry) => entry.path !== "workspace")],
    sources
  };
}
function askedAsBefore(tools, known) {
  const entries = Object.entries(tools).map(([name, tool]) => {
    var _a;
    const command = (_a = Object.entries(known).find(([other]) => other === name)) == null ? void 0 : _a[1].command;
    return [name, command ? { ...tool, command } : tool];
  });
  return Object.fromEntries(entries);
}
function quoted(text2) {
  const short = text2.length > 200 ? `${text2.slice(0, 200)}\u2026` : text2;
  return `\`${short.replace(/\s+/g, " ")}\``;
}
function oneOf(...values) {
  return (text2) => values.find((value) => value === text2);
}
var requirement = oneOf("required", "optional", "forbidden");
function boolean(text2) {
  if (/^(?:true|True|TRUE)$/.test(text2)) return true;
  return /^(?:false|False|FALSE)$/.test(text2) ? false : void 0;
}
function parseTimeout(text2) {
  const ms = parseDuration(text2);
  return ms !== void 0 && ms > 0 && ms <= 6e5 ? ms : void 0;
}
function formatsOf(text2, reject) {
  const known = oneOf(...formats);
  return splitList(text2).flatMap((word) => {
    const format = known(word);
    if (format) return [format];
    const later = word === "html" ? " (this version does not write it)" : "";
    reject("formats", `${quoted(word)}${later}`, formats.join(", "));
    return [];
  });
}
async function listInput(name, inputs, mistakes) {
  const text2 = inputs[name];
  if (text2 === void 0) return void 0;
  const { readListInput } = await Promise.resolve().then(() => __toESM(require("./policy-file.js"), 1));
  const read2 = await readListInput(name, text2);
  if ("list" in read2) return name === "services" ? servicesOf(read2.list) : read2.list;
  mistakes.push(...read2);
  return void 0;
}
async function toolsInput(text2, mistakes) {
  var _a, _b, _c, _d, _e, _f, _g;
  const { LineCounter, parseDocument, isMap, isScalar } = await Promise.resolve().then(() => __toESM(require("./yaml.js"), 1));
  const allowed = 'a YAML mapping of tool to version range, such as `rustc: ">=1.92"`';
  const lines = new LineCounter();
  const document = parseDocument(text2, { schema: "failsafe", lineCounter: lines, uniqueKeys: true });
  const placeOf = (offset) => {
    const { line, col } = lines.linePos(offset);
    return `input \`tools\`, line ${line}, column ${col}`;
  };
  for (const error of document.errors) {
    const hint = /alias|block scalar/i.test(error.message) ? "; a range that begins with `*` or `>` needs quotes" : "";
    mistakes.push({
      place: placeOf(error.pos[0]),
      found: ((_a = error.message.split("\n")[0]) != null ? _a : "").replace(/ at line \d+.*$/, ""),
      allowed: `${allowed}${hint}`
    });
  }
  if (document.errors.length > 0) return {};
  const root = document.contents;
  if (!isMap(root)) {
    mistakes.push({ place: placeOf((_c = (_b = root == null ? void 0 : root.range) == null ? void 0 : _b[0]) != null ? _c : 0), found: quoted(text2), allowed });
    return {};
  }
  const tools = {};
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const start = isScalar(key) ? (_e = (_d = key.range) == null ? void 0 : _d[0]) != null ? _e : 0 : 0;
    if (!/^[A-Za-z0-9][\w.+-]{0,63}$/.test(name)) {
      mistakes.push({ place: placeOf(start), found: quoted(name), allowed: "the name of a program, without a path" });
      continue;
    }
    const range = isScalar(value) ? String(value.value) : void 0;
    if (range === void 0 || await parseRange(range) === void 0) {
      const at2 = isScalar(value) ? (_g = (_f = value.range) == null ? void 0 : _f[0]) != null ? _g : start : start;
      mistakes.push({
        place: placeOf(at2),
        found: quoted(range != null ? range : "something that is no text"),
        allowed: rangesAllowed
      });
      continue;
    }
    tools[name] = range;
  }
  return tools;
}

// src/report/verdict.ts
function exitCodeOf(verdict, failOn) {
  if (failOn === "never" || verdict === "healthy") return 0;
  return verdict === "misconfigured" || failOn === "warn" ? 1 : 0;
}

// src/main.ts
main().then(
  (code) => process.exit(code),
  async (error) => {
    const { publishCrash } = await Promise.resolve().then(() => __toESM(require("./publish-mistakes.js"), 1));
    publishCrash(error);
    process.exit(1);
  }
);
async function main() {
  const host = createRealHost(process.env);
  try {
    const { request: request2, ...decided } = await resolveInputs(inputsFromEnv(host.env), {
      host,
      decideProfile: async (token, timeoutMs, file) => {
        const { decideProfile } = await Promise.resolve().then(() => __toESM(require("./auto-profile.js"), 1));
        return decideProfile(host, token, timeoutMs, file);
      },
      loadChecks: () => Promise.resolve().then(() => __toESM(require("./known-checks.js"), 1)),
      defaultReportDir: defaultReportDir(host.env)
    });
    const report = await checkRunner(host, request2, decided);
    const { publish } = await Promise.resolve().then(() => __toESM(require("./judge.js"), 1));
    await publish(report, request2);
    return exitCodeOf(report.verdict, request2.failOn);
  } catch (error) {
    if (!isConfigurationError(error)) throw error;
    const { publishMistakes } = await Promise.resolve().then(() => __toESM(require("./publish-mistakes.js"), 1));
    publishMistakes(error.mistakes);
    return 1;
  }
}
