"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
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
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/policy/auto-profile.ts
var auto_profile_exports = {};
__export(auto_profile_exports, {
  decideProfile: () => decideProfile
});
module.exports = __toCommonJS(auto_profile_exports);

// src/probes/fields.ts
function fieldOf(text2, key) {
  const at = text2.startsWith(key) ? 0 : text2.indexOf(`
${key}`) + 1;
  if (at === 0 && !text2.startsWith(key)) return void 0;
  const start = at + key.length;
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

// src/probes/node-runtime.ts
var oldestNode = 16;

// src/probes/proxy.ts
function urlOf(text2) {
  if (!/^https?:\/\/[^/]/i.test(text2 != null ? text2 : "")) return void 0;
  try {
    return new URL(text2 != null ? text2 : "");
  } catch {
    return void 0;
  }
}
function hostOf(url) {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

// src/probes/forge-request.ts
function forgeRequest(api, path, token, signal) {
  const isSecure = api.protocol === "https:";
  return {
    to: {
      host: hostOf(api),
      port: Number(api.port) || (isSecure ? 443 : 80),
      ...isSecure && { tls: { verify: true } }
    },
    path: `${api.pathname.replace(/\/+$/, "")}${path}`,
    headers: {
      host: api.host,
      accept: "application/json",
      authorization: `token ${token}`,
      "user-agent": "runner-check"
    },
    signal
  };
}

// src/policy/api-labels.ts
async function labelsFromApi(host, token, timeoutMs) {
  var _a;
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_JOB: job, RUNNER_NAME: runner } = host.env;
  const api = urlOf(host.env.GITHUB_API_URL);
  if (!api || !repository || !run || !job) return [];
  const path = ["repos", ...repository.split("/"), "actions", "runs", run, "jobs"].map(encodeURIComponent).join("/");
  const answer = await ask(
    host,
    (signal) => forgeRequest(api, `/${path}?limit=50&per_page=100`, token, signal),
    timeoutMs
  );
  if ((answer == null ? void 0 : answer.status) !== 200) return [];
  const labels = (_a = jobHere(jobsOf(answer.body), job, runner)) == null ? void 0 : _a.labels;
  return Array.isArray(labels) ? labels.filter((label) => typeof label === "string") : [];
}
async function ask(host, request, timeoutMs) {
  const controller = new AbortController();
  const deadline = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const answer = await host.request(request(controller.signal));
    return answer.kind === "answered" ? answer : void 0;
  } finally {
    clearTimeout(deadline);
  }
}
function jobsOf(body) {
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    return [];
  }
  const { jobs, total_count: total } = answer != null ? answer : {};
  if (!Array.isArray(jobs) || typeof total === "number" && total > jobs.length) return [];
  return jobs.filter((job) => typeof job === "object" && job !== null);
}
function jobHere(jobs, job, runner) {
  const here = jobs.filter(({ status, runner_name: name }) => runner && status === "in_progress" && name === runner);
  if (here.length === 1) return here[0];
  const possible = here.length > 0 ? here : jobs;
  const named = possible.filter(({ name }) => name === job);
  const chosen = named.length > 0 ? named : possible.filter(({ name }) => typeof name === "string" && name.startsWith(`${job} (`));
  return chosen.length === 1 ? chosen[0] : void 0;
}

// src/own.ts
function own(record, key) {
  var _a;
  return (_a = Object.getOwnPropertyDescriptor(record, key)) == null ? void 0 : _a.value;
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

// src/policy/profile.ts
var builtInProfiles = profiles_default.profiles;
function profileNames(file) {
  var _a;
  return [.../* @__PURE__ */ new Set([...Object.keys((_a = file == null ? void 0 : file.source.profiles) != null ? _a : {}), ...Object.keys(builtInProfiles)])];
}
function labelsOf(name, file) {
  var _a, _b, _c, _d, _e;
  return (_e = (_d = (_b = own((_a = file == null ? void 0 : file.source.profiles) != null ? _a : {}, name)) == null ? void 0 : _b.labels) != null ? _d : (_c = own(builtInProfiles, name)) == null ? void 0 : _c.labels) != null ? _e : [];
}

// src/probes/job.ts
var maxEventBytes = 1024 * 1024;
var maxText = 512;
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

// src/policy/workflow-labels.ts
var maxBytes = 256 * 1024;
async function labelsFromWorkflow(host) {
  var _a, _b;
  const { GITHUB_JOB: job, GITHUB_WORKFLOW: workflow, GITHUB_WORKSPACE: workspace } = host.env;
  if (!job || !workspace) return [];
  const texts = await workflowsWith(host, workspace, job);
  if (texts.length === 0) return [];
  const { parse } = await Promise.resolve().then(() => __toESM(require("./yaml.js"), 1));
  const candidates = texts.flatMap(
    ({ directory, file, text: text2 }) => candidateOf(directory, file, parsed(text2, parse), job)
  );
  const named = candidates.filter(({ names }) => workflow !== void 0 && names.includes(workflow));
  const chosen = named.length > 0 ? named : candidates;
  return chosen.length === 1 ? (_b = (_a = chosen[0]) == null ? void 0 : _a.labels) != null ? _b : [] : [];
}
async function workflowsWith(host, workspace, job) {
  const mayHaveJob = keyPattern(job);
  for (const directory of directoriesOf(host.env)) {
    const names = await host.list(`${workspace}/${directory}`);
    if (names.kind === "absent") continue;
    if (names.kind !== "ok") return [];
    const texts = [];
    for (const file of names.value.filter((name) => /\.ya?ml$/.test(name)).sort()) {
      const text2 = await host.readText(`${workspace}/${directory}/${file}`, maxBytes);
      if (text2.kind === "ok" && mayHaveJob.test(text2.value)) texts.push({ directory, file, text: text2.value });
    }
    return texts;
  }
  return [];
}
function directoriesOf(env) {
  const gitea = [".gitea/workflows", ".github/workflows"];
  switch (systemOf(env)) {
    case "forgejo":
      return [".forgejo/workflows", ...gitea];
    case "github":
      return [".github/workflows"];
    case "act":
      return env.ACT_EXEC ? gitea : [".github/workflows"];
    default:
      return gitea;
  }
}
function keyPattern(job) {
  return new RegExp(`${job.replace(/[^\w-]/g, "\\$&")}["']?\\s{0,80}:`);
}
function parsed(text2, parse) {
  try {
    return parse(text2);
  } catch {
    return void 0;
  }
}
function candidateOf(directory, file, workflow, job) {
  var _a;
  const runsOn = field(field(field(workflow, "jobs"), job), "runs-on");
  if (runsOn === void 0) return [];
  return [{ names: [file, `${directory}/${file}`, String((_a = field(workflow, "name")) != null ? _a : "")], labels: labelsOf2(runsOn) }];
}
function labelsOf2(runsOn) {
  var _a;
  const wanted = (_a = field(runsOn, "labels")) != null ? _a : runsOn;
  const labels = (Array.isArray(wanted) ? wanted : [wanted]).filter(
    (label) => typeof label === "string"
  );
  return labels.some((label) => label.includes("${{")) ? [] : labels;
}
function field(value, name) {
  return typeof value === "object" && value !== null ? value[name] : void 0;
}

// src/policy/auto-profile.ts
async function decideProfile(host, token, timeoutMs, file) {
  const byRunsOn = profileOf(await labelsFromWorkflow(host), file);
  if (byRunsOn) return { name: byRunsOn, decidedBy: "runs-on" };
  const byApi = token === void 0 || !canAsk(host) ? void 0 : profileOf(await labelsFromApi(host, token, timeoutMs), file);
  if (byApi) return { name: byApi, decidedBy: "api" };
  return { name: await profileByEnvironment(host), decidedBy: "environment" };
}
function canAsk({ nodeVersion }) {
  return Number(nodeVersion.split(".")[0]) >= oldestNode;
}
function profileOf(labels, file) {
  for (const label of labels) {
    const name = profileNames(file).find((profile) => labelsOf(profile, file).includes(label));
    if (name !== void 0) return name;
  }
  return void 0;
}
async function profileByEnvironment(host) {
  const inJob = host.env.GITHUB_ACTIONS === "true" || host.env.GITEA_ACTIONS === "true";
  if (!inJob) return "generic";
  const [{ mode }, devices] = await Promise.all([containerProbe.collect(host), host.lstat("/dev/nvidiactl")]);
  const hasGpu = devices.kind === "device";
  if (mode === "container") return hasGpu ? "matric-builder-gpu" : "matric-builder";
  return hasGpu ? "gpu" : "titan";
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  decideProfile
});
