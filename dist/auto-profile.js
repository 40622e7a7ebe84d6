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
function fieldOf(text, key) {
  const at = text.startsWith(key) ? 0 : text.indexOf(`
${key}`) + 1;
  if (at === 0 && !text.startsWith(key)) return void 0;
  const start = at + key.length;
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? void 0 : end).trim();
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
    const overlay = /^(?:fuse\.fuse-)?overlay(?:fs)?\b/.test(after) && !hostLayers.test(after);
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
  return (_e = (_d = (_b = (_a = file == null ? void 0 : file.source.profiles) == null ? void 0 : _a[name]) == null ? void 0 : _b.labels) != null ? _d : (_c = builtInProfiles[name]) == null ? void 0 : _c.labels) != null ? _e : [];
}

// src/policy/auto-profile.ts
async function decideProfile(host, token, timeoutMs, file) {
  const controller = new AbortController();
  const deadline = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const byRunsOn = profileOf(await labelsFromWorkflow(host), file);
    if (byRunsOn) return { name: byRunsOn, decidedBy: "runs-on" };
    const byApi = token === void 0 ? void 0 : profileOf(await labelsFromApi(host, token, controller.signal), file);
    if (byApi) return { name: byApi, decidedBy: "api" };
    return { name: await profileByEnvironment(host), decidedBy: "environment" };
  } finally {
    clearTimeout(deadline);
  }
}
function profileOf(labels, file) {
  for (const label of labels) {
    const name = profileNames(file).find((profile) => labelsOf(profile, file).includes(label));
    if (name !== void 0) return name;
  }
  return void 0;
}
var workflowDirectories = [".gitea/workflows", ".github/workflows"];
async function labelsFromWorkflow(host) {
  var _a, _b;
  const { GITHUB_JOB: job, GITHUB_WORKFLOW: workflow, GITHUB_WORKSPACE: workspace } = host.env;
  if (!job || !workspace) return [];
  const texts = [];
  for (const directory of workflowDirectories) {
    const names = await host.list(`${workspace}/${directory}`);
    if (names.kind !== "ok") continue;
    const files = names.value.filter((name) => /\.ya?ml$/.test(name)).sort();
    for (const name of files) {
      const text = await host.readText(`${workspace}/${directory}/${name}`, 256 * 1024);
      if (text.kind === "ok" && text.value.includes(`${job}:`)) texts.push(`${name}
${text.value}`);
    }
    break;
  }
  if (texts.length === 0) return [];
  const { parse } = await Promise.resolve().then(() => __toESM(require("./yaml.js"), 1));
  const candidates = texts.flatMap((entry) => {
    const [name = "", ...lines] = entry.split("\n");
    return jobsOf(name, lines.join("\n"), job, parse);
  });
  const named = candidates.filter(({ names }) => workflow !== void 0 && names.includes(workflow));
  const chosen = named.length > 0 ? named : candidates;
  return chosen.length === 1 ? (_b = (_a = chosen[0]) == null ? void 0 : _a.labels) != null ? _b : [] : [];
}
function jobsOf(file, text, job, parse) {
  var _a, _b, _c;
  let workflow;
  try {
    workflow = parse(text);
  } catch {
    return [];
  }
  const runsOn = (_b = (_a = workflow == null ? void 0 : workflow.jobs) == null ? void 0 : _a[job]) == null ? void 0 : _b["runs-on"];
  const labels = (Array.isArray(runsOn) ? runsOn : [runsOn]).filter(
    (label) => typeof label === "string"
  );
  if (labels.length === 0 || labels.some((label) => label.includes("${{"))) return [];
  const names = [file, `.gitea/workflows/${file}`, `.github/workflows/${file}`, String((_c = workflow == null ? void 0 : workflow.name) != null ? _c : "")];
  return [{ names, labels }];
}
async function labelsFromApi(host, token, signal) {
  var _a, _b;
  const {
    GITHUB_API_URL: api,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
    GITHUB_JOB: job,
    RUNNER_NAME: runner
  } = host.env;
  if (!api || !/^https?:\/\/[^/]/.test(api) || !repository || !run || !job) return [];
  const url = new URL(`${api}/repos/${repository}/actions/runs/${run}/jobs`);
  const secure = url.protocol === "https:";
  const answer = await host.request({
    to: { host: url.hostname, port: Number(url.port) || (secure ? 443 : 80), ...secure && { tls: { verify: true } } },
    path: url.pathname,
    headers: {
      host: url.host,
      accept: "application/json",
      authorization: `token ${token}`,
      "user-agent": "runner-check"
    },
    signal
  });
  if (answer.kind !== "answered" || answer.status !== 200) return [];
  const jobs = jobsOfAnswer(answer.body).filter((entry) => entry.name === job);
  const here = jobs.filter((entry) => runner !== void 0 && entry.runner_name === runner);
  const chosen = here.length > 0 ? here : jobs;
  return chosen.length === 1 ? (_b = (_a = chosen[0]) == null ? void 0 : _a.labels) != null ? _b : [] : [];
}
function jobsOfAnswer(body) {
  try {
    const { jobs } = JSON.parse(body);
    return Array.isArray(jobs) ? jobs : [];
  } catch {
    return [];
  }
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
