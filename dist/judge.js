"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __typeError = (msg) => {
  throw TypeError(msg);
};
var __defNormalProp = (obj, key, value) => key in obj ? __defProp(obj, key, { enumerable: true, configurable: true, writable: true, value }) : obj[key] = value;
var __export = (target2, all) => {
  for (var name in all)
    __defProp(target2, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target2) => (target2 = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target2, "default", { value: mod, enumerable: true }) : target2,
  mod
));
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var __publicField = (obj, key, value) => __defNormalProp(obj, typeof key !== "symbol" ? key + "" : key, value);
var __accessCheck = (obj, member, msg) => member.has(obj) || __typeError("Cannot " + msg);
var __privateGet = (obj, member, getter) => (__accessCheck(obj, member, "read from private field"), getter ? getter.call(obj) : member.get(obj));
var __privateAdd = (obj, member, value) => member.has(obj) ? __typeError("Cannot add the same private member more than once") : member instanceof WeakSet ? member.add(obj) : member.set(obj, value);
var __privateSet = (obj, member, value, setter) => (__accessCheck(obj, member, "write to private field"), setter ? setter.call(obj, value) : member.set(obj, value), value);

// src/judge.ts
var judge_exports = {};
__export(judge_exports, {
  allChecks: () => allChecks,
  askedChecks: () => askedChecks,
  judgeFacts: () => judgeFacts,
  loadChecks: () => loadChecks,
  probesOf: () => probesOf,
  publish: () => publish,
  renderLines: () => renderLines,
  renderLog: () => renderLog,
  reportFormats: () => reportFormats,
  writeReport: () => writeReport
});
module.exports = __toCommonJS(judge_exports);

// src/checks/check.ts
function defineCheck(check) {
  return check;
}

// src/probes/fields.ts
function fieldOf(text2, key) {
  const at = text2.startsWith(key) ? 0 : text2.indexOf(`
${key}`) + 1;
  if (at === 0 && !text2.startsWith(key)) return void 0;
  const start2 = at + key.length;
  const end = text2.indexOf("\n", start2);
  return text2.slice(start2, end < 0 ? void 0 : end).trim();
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
    const byMounts2 = mountSign(textOf(mountinfo));
    const sign = (_g = (_e = (_d = (_c = (_b = signIf(Boolean(containerName), "JOB_CONTAINER_NAME")) != null ? _b : signIf(isThere(dockerenv), "/.dockerenv")) != null ? _c : signIf(isThere(containerenv), "/run/.containerenv")) != null ? _d : byCgroup) != null ? _e : byMounts2) != null ? _g : signIf(((_f = env.GITHUB_EVENT_PATH) == null ? void 0 : _f.startsWith("/var/run/act/")) === true, "GITHUB_EVENT_PATH is below /var/run/act/");
    const looked = mountinfo.kind === "ok" || /^\d+:[^:]*:\/./m.test(textOf(cgroup));
    const mode = modeOf(byHostMode, sign, host.platform, looked);
    const names2 = [containerName, byCgroup == null ? void 0 : byCgroup.id, byMounts2 == null ? void 0 : byMounts2.id, host.hostname];
    const capabilities = capability("CapEff", textOf(status));
    const boundingCapabilities = capability("CapBnd", textOf(status));
    return {
      ...mode,
      ...mode.mode === "host" && sign && { insideContainer: sign.witness },
      ...capabilities !== void 0 && { capabilities },
      ...boundingCapabilities !== void 0 && { boundingCapabilities },
      names: mode.mode === "host" ? [] : [...new Set(names2.filter(isContainerName))]
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
  let root2;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , source = "", target2 = ""] = before.split(" ");
    if (managedFiles.includes(target2)) {
      const id = (_a = /\/(?:overlay-)?containers\/([0-9a-f]{64})\//.exec(source)) == null ? void 0 : _a[1];
      if (id !== void 0) return { witness: `mount of ${target2}`, id };
      if (/\/(?:kubelet\/pods|sandboxes)\//.test(source)) return { witness: `mount of ${target2}` };
    }
    if (target2 !== "/") continue;
    const overlay = isOverlayOfContainer(after);
    const layer = /\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.test(source);
    if (overlay || layer)
      root2 = { witness: overlay ? "overlay root in /proc/self/mountinfo" : "root in /proc/self/mountinfo" };
  }
  return root2;
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

// src/versions.ts
var versionPattern = /(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i;
var majorPattern = /^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/;
var remark = /^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function findVersion(text2) {
  var _a, _b, _c;
  const lines = text2.replace(/\u001b\[[\d;]*m/g, "").split(/\r\n?|\n/);
  const plain3 = lines.filter((line) => !remark.test(line));
  const build = unnumberedBuild((_a = plain3.find((line) => line.trim() !== "")) != null ? _a : "");
  if (build !== void 0) return { text: build, numbers: [0, 0, 0], prerelease: [], unnumbered: true };
  return (_c = (_b = firstOf(plain3, dotted)) != null ? _b : firstOf(plain3, bare)) != null ? _c : firstOf(lines.filter(saysVersion), dotted);
}
function unnumberedBuild(line) {
  var _a;
  return dotted(line) ? void 0 : (_a = /^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(line)) == null ? void 0 : _a[1];
}
function saysVersion(line) {
  return remark.test(line) && /\bversion is\b/i.test(line);
}
function firstOf(lines, read2) {
  for (const line of lines) {
    const version2 = read2(line);
    if (version2) return version2;
  }
  return void 0;
}
var packaged = /^\s*(?:[a-z][\w+-]* ){1,3}\([^()]*\) (?=v?\d)/i;
function dotted(line) {
  var _a;
  const told = line.includes("(") ? line.replace(packaged, "") : line;
  const match = versionPattern.exec(told.includes("://") ? told.replace(/\w+:\/\/\S+/g, "") : told);
  if (!match) return void 0;
  const [, number = "", major, minor, patch = "0", afterHyphen, attached] = match;
  const tail = afterHyphen != null ? afterHyphen : attached;
  const prerelease = (_a = tail == null ? void 0 : tail.split(".").map((part) => /^\d+$/.test(part) ? Number(part) : part)) != null ? _a : [];
  return {
    text: tail === void 0 ? number : `${number}-${tail}`,
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease
  };
}
function bare(line) {
  var _a;
  const major = (_a = majorPattern.exec(line)) == null ? void 0 : _a[1];
  return major === void 0 ? void 0 : { text: major, numbers: [Number(major), 0, 0], prerelease: [] };
}
function compareVersions(a, b) {
  for (const index of [0, 1, 2]) {
    const difference = a.numbers[index] - b.numbers[index];
    if (difference !== 0) return difference;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (let index = 0; index < Math.max(a.prerelease.length, b.prerelease.length); index++) {
    const difference = comparePart(a.prerelease[index], b.prerelease[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}
function comparePart(a, b) {
  if (a === b) return 0;
  if (a === void 0) return -1;
  if (b === void 0) return 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  return a < b ? -1 : 1;
}
function satisfies(version2, range) {
  return range.anyOf.some((group) => group.every((comparator) => !version2.unnumbered && holds(version2, comparator)));
}
function holds(version2, comparator) {
  const order = compareVersions(version2, comparator);
  switch (comparator.operator) {
    case "":
      return order === 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

// src/probes/docker-endpoint.ts
var defaultSocket = "/var/run/docker.sock";
var defaultPort = 2375;
var dockerEndpointProbe = {
  name: "docker-endpoint",
  async collect(host) {
    var _a;
    const directory2 = configDirectory(host);
    const config = await readConfig(host, directory2);
    const decided = await decide(host, directory2, config.currentContext);
    const endpoint = await withTls(host, decided, directory2);
    return {
      endpoint,
      address: (_a = decided.shown) != null ? _a : addressOf(endpoint),
      source: decided.source,
      ...decided.context !== void 0 && { context: bounded(decided.context, 200) },
      config: { path: `${directory2}/config.json`, state: config.state },
      elsewhere: await socketsElsewhere(host, endpoint)
    };
  }
};
function addressOf(endpoint) {
  switch (endpoint.kind) {
    case "unix":
      return `unix://${endpoint.path}`;
    case "tcp":
      return `tcp://${endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
    case "ssh":
      return `ssh://${endpoint.host}`;
    case "invalid":
      return "nowhere";
  }
}
function configDirectory(host) {
  const named2 = host.env.DOCKER_CONFIG;
  if (named2) return named2.replace(/\/+$/, "") || "/";
  return `${host.env.HOME || host.userHome || ""}/.docker`;
}
async function readConfig(host, directory2) {
  const text2 = await host.readText(`${directory2}/config.json`, 1024 * 1024);
  if (text2.kind !== "ok") return { state: text2.kind, pluginDirectories: [] };
  const config = parseObject(text2.value);
  if (!config) return { state: "invalid", pluginDirectories: [] };
  const { currentContext, cliPluginsExtraDirs } = config;
  return {
    state: "ok",
    ...typeof currentContext === "string" && { currentContext },
    pluginDirectories: Array.isArray(cliPluginsExtraDirs) ? cliPluginsExtraDirs.filter((entry) => typeof entry === "string") : []
  };
}
async function decide(host, directory2, currentContext) {
  var _a;
  const named2 = (_a = host.env.DOCKER_HOST) == null ? void 0 : _a.trim();
  if (named2) return { ...parseAddress(named2), source: "DOCKER_HOST" };
  const fromEnv = host.env.DOCKER_CONTEXT;
  const context = fromEnv || currentContext;
  if (!context || context === "default") return { endpoint: defaultEndpoint(host), source: "default" };
  const source = fromEnv ? "DOCKER_CONTEXT" : "config";
  return { ...await readContext(host, directory2, context), source, context };
}
function defaultEndpoint({ env }) {
  const usesTls = Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS);
  return usesTls ? { kind: "tcp", host: "localhost", port: 2376, tls: "none" } : { kind: "unix", path: defaultSocket };
}
function parseAddress(address2) {
  const shown = address2.startsWith("/") ? bounded(address2, 200) : bounded(withoutCredentials(address2), 200);
  const invalid = (why3, meant2) => ({
    endpoint: { kind: "invalid", why: why3, ...meant2 !== void 0 && { meant: meant2 } },
    shown
  });
  const separator = address2.indexOf("://");
  if (separator < 0 && address2.startsWith("/")) {
    return invalid("a path without `unix://` before it is taken for a tcp address", `unix://${shown}`);
  }
  if (separator < 0 && /^unix:/i.test(address2)) {
    const path = `/${shown.slice("unix:".length).replace(/^\/+/, "")}`;
    return invalid("`unix:` without two slashes is taken for a host of that name", `unix://${path}`);
  }
  const scheme = separator < 0 ? "tcp" : address2.slice(0, separator);
  const rest = separator < 0 ? address2 : address2.slice(separator + "://".length);
  switch (scheme) {
    case "unix":
      return { endpoint: { kind: "unix", path: rest || defaultSocket } };
    case "tcp": {
      const place = parseHostAndPort(rest);
      return place ? { endpoint: { kind: "tcp", ...place, tls: "none" } } : invalid("it names no host and port");
    }
    case "ssh": {
      const place = rest === "" ? void 0 : parseHostAndPort(rest);
      return place ? { endpoint: { kind: "ssh", host: place.host } } : invalid("it names no host");
    }
    case "http":
    case "https": {
      const place = parseHostAndPort(rest);
      const meant2 = place && addressOf({ kind: "tcp", ...place, tls: "none" });
      return invalid(`the Docker CLI knows no scheme \`${scheme}\``, meant2);
    }
    case "npipe":
      return invalid("named pipes exist on Windows only");
    case "fd":
      return invalid("`fd://` is for the daemon's own socket activation, no client can use it");
    default:
      return invalid("the Docker CLI knows no such scheme");
  }
}
function parseHostAndPort(text2) {
  var _a, _b;
  const authority = (_a = bounded(withoutCredentials(text2), 200).split("/")[0]) != null ? _a : "";
  if (/^[0-9a-f]*(:[0-9a-f]*){2,}$/i.test(authority)) return { host: authority, port: defaultPort };
  const match = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]*))(?::(\d{0,5}))?$/i.exec(authority);
  if (!match) return void 0;
  const port = Number(match[3] || defaultPort);
  if (port < 1 || port > 65535) return void 0;
  return { host: (_b = match[1]) != null ? _b : match[2] || "localhost", port };
}
function withoutCredentials(address2) {
  return address2.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, "$1").replace(/[?#].*$/s, "");
}
async function readContext(host, directory2, context) {
  var _a, _b;
  const shown = `context ${bounded(context, 200)}`;
  const invalid = (why3) => ({ endpoint: { kind: "invalid", why: why3 }, shown });
  const root2 = `${directory2}/contexts/meta`;
  const ids = await host.list(root2);
  if (ids.kind === "unreadable") return invalid(`\`${root2}\` cannot be read (${ids.code})`);
  if (ids.kind === "absent") return invalid(`there is no such context: \`${root2}\` does not exist`);
  const metas = await Promise.all(
    ids.value.map(async (id) => {
      const text2 = await host.readText(`${root2}/${id}/meta.json`);
      return { id, meta: text2.kind === "ok" ? parseObject(text2.value) : void 0 };
    })
  );
  const found = metas.find(({ meta }) => (meta == null ? void 0 : meta.Name) === context);
  if (!found) return invalid(`there is no such context in \`${root2}\``);
  const docker = objectOf((_b = objectOf((_a = found.meta) == null ? void 0 : _a.Endpoints)) == null ? void 0 : _b.docker);
  const address2 = docker == null ? void 0 : docker.Host;
  if (typeof address2 !== "string" || address2 === "") return invalid("the context names no Docker endpoint");
  return {
    ...parseAddress(address2),
    contextTls: {
      directory: `${directory2}/contexts/tls/${found.id}/docker`,
      skipVerify: (docker == null ? void 0 : docker.SkipTLSVerify) === true
    }
  };
}
async function withTls(host, decision, directory2) {
  const { endpoint, contextTls } = decision;
  if (endpoint.kind !== "tcp" && endpoint.kind !== "unix") return endpoint;
  if (contextTls) {
    if (endpoint.kind === "unix") return endpoint;
    const files3 = await lookAtTlsFiles(host, contextTls.directory);
    if (contextTls.skipVerify) return { ...endpoint, tls: "no-verify", files: files3 };
    return files3.some((file) => file.state !== "absent") ? { ...endpoint, tls: "verify", files: files3 } : endpoint;
  }
  const verify = Boolean(host.env.DOCKER_TLS_VERIFY);
  if (!verify && !host.env.DOCKER_TLS) return endpoint;
  const files2 = await lookAtTlsFiles(host, host.env.DOCKER_CERT_PATH || directory2);
  return endpoint.kind === "unix" ? { ...endpoint, files: files2 } : { ...endpoint, tls: verify ? "verify" : "no-verify", files: files2 };
}
async function lookAtTlsFiles(host, directory2) {
  return Promise.all(
    ["ca", "cert", "key"].map(async (role) => {
      const path = `${directory2.replace(/\/+$/, "")}/${role}.pem`;
      const there = await host.stat(path);
      if (there.kind === "absent") return { role, path, state: "absent" };
      return { role, path, state: await host.access(path, "r") ? "present" : "unreadable" };
    })
  );
}
async function socketsElsewhere(host, endpoint) {
  if (endpoint.kind !== "unix" || endpoint.path !== defaultSocket) return [];
  if ((await host.lstat(defaultSocket)).kind !== "absent") return [];
  return usualSockets(host);
}
async function usualSockets(host) {
  const home = host.env.HOME || host.userHome;
  const runtime = host.env.XDG_RUNTIME_DIR || (host.uid ? `/run/user/${host.uid}` : void 0);
  const candidates = [
    "/run/docker.sock",
    "/run/podman/podman.sock",
    ...runtime ? [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`] : [],
    ...home ? [
      `${home}/.docker/run/docker.sock`,
      `${home}/.docker/desktop/docker.sock`,
      `${home}/.colima/docker.sock`,
      `${home}/.colima/default/docker.sock`,
      `${home}/.rd/docker.sock`
    ] : []
  ];
  const kinds = await Promise.all(candidates.map(async (path) => (await host.stat(path)).kind));
  return candidates.filter((_, index) => kinds[index] === "socket");
}
function parseObject(text2) {
  try {
    return objectOf(JSON.parse(text2));
  } catch {
    return void 0;
  }
}
function objectOf(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : void 0;
}
function bounded(text2, length = 2048) {
  return text2.length <= length ? text2 : `${text2.slice(0, length)}\u2026`;
}

// src/probes/docker-engine.ts
var dockerEngineProbe = {
  name: "docker-engine",
  async collect(host, _request, signal, ask) {
    const { endpoint, address: address2 } = await ask(dockerEndpointProbe);
    const [version2, info] = await Promise.all([
      askVersion(host, endpoint, signal),
      send(host, endpoint, "/info", signal, maxBody).then((reply) => read(reply, readInfo))
    ]);
    return { endpoint: address2, version: version2, info };
  }
};
async function askVersion(host, endpoint, signal) {
  return read(await send(host, endpoint, "/version", signal, maxBody), readVersion);
}
var maxBody = 512 * 1024;
async function askEngine(host, endpoint, path, signal, options = {}) {
  var _a;
  return read(await send(host, endpoint, path, signal, (_a = options.maxBody) != null ? _a : maxBody), (json) => json);
}
async function send(host, endpoint, path, signal, limit) {
  const to = targetOf(endpoint);
  return to && host.request({ to, path, signal, maxBody: limit });
}
function targetOf(endpoint) {
  if (endpoint.kind === "unix") return { socket: endpoint.path };
  if (endpoint.kind !== "tcp") return void 0;
  const { host, port, tls, files: files2 = [] } = endpoint;
  if (tls === "none") return { host, port };
  const named2 = files2.filter((file) => file.state === "present").map((file) => [file.role, file.path]);
  const options = { verify: tls === "verify", ...Object.fromEntries(named2) };
  return { host, port, tls: options };
}
function read(outcome, readValue) {
  if (!outcome) return { kind: "no-endpoint" };
  if (outcome.kind === "timed-out") return outcome;
  if (outcome.kind === "failed") {
    if (outcome.code.startsWith("HPE_")) return { kind: "not-docker", body: bounded(outcome.message) };
    return { kind: "failed", code: outcome.code, message: bounded(outcome.message) };
  }
  if (outcome.status !== 200) {
    return { kind: "http-error", status: outcome.status, body: bounded(errorOf(outcome.body)) };
  }
  if (outcome.truncated) return { kind: "failed", code: "EMSGSIZE", message: "the answer is too long to be read" };
  const json = parse(outcome.body);
  const value = json === void 0 ? void 0 : readValue(json, outcome.headers);
  return value === void 0 ? { kind: "not-docker", body: bounded(outcome.body) } : { kind: "ok", value };
}
function errorOf(body) {
  var _a;
  const message = (_a = objectOf(parse(body))) == null ? void 0 : _a.message;
  return typeof message === "string" ? message : body;
}
function parse(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function readVersion(json, headers) {
  const reply = objectOf(json);
  const version2 = textOf2(reply == null ? void 0 : reply.Version);
  const apiVersion = textOf2(reply == null ? void 0 : reply.ApiVersion);
  if (!version2 || !apiVersion) return void 0;
  return {
    version: version2,
    apiVersion,
    minApiVersion: textOf2(reply == null ? void 0 : reply.MinAPIVersion) || void 0,
    components: listOf(reply == null ? void 0 : reply.Components).flatMap((entry) => {
      const component = objectOf(entry);
      const name = textOf2(component == null ? void 0 : component.Name);
      return name ? [{ name, version: textOf2(component == null ? void 0 : component.Version) }] : [];
    }),
    server: headers.server && bounded(headers.server, 200)
  };
}
function readInfo(json) {
  var _a;
  const reply = objectOf(json);
  if (!reply || typeof reply.Driver !== "string") return void 0;
  const insecureRegistries = readInsecure(objectOf(reply.RegistryConfig));
  return {
    name: textOf2(reply.Name),
    operatingSystem: textOf2(reply.OperatingSystem),
    driver: textOf2(reply.Driver),
    dockerRootDir: textOf2(reply.DockerRootDir),
    warnings: textsOf(reply.Warnings),
    runtimes: Object.keys((_a = objectOf(reply.Runtimes)) != null ? _a : {}).slice(0, 100).map((name) => textOf2(name)),
    defaultRuntime: textOf2(reply.DefaultRuntime),
    cdiDevices: [
      ...textsOf(reply.CDISpecDirs),
      ...listOf(reply.DiscoveredDevices).flatMap((device) => {
        var _a2;
        return textOf2((_a2 = objectOf(device)) == null ? void 0 : _a2.ID) || [];
      })
    ],
    securityOptions: textsOf(reply.SecurityOptions),
    cgroupDriver: textOf2(reply.CgroupDriver),
    ...insecureRegistries && { insecureRegistries }
  };
}
var maxInsecure = 50;
function readInsecure(config) {
  var _a;
  const names2 = Object.entries((_a = objectOf(config == null ? void 0 : config.IndexConfigs)) != null ? _a : {}).filter(([name, index]) => {
    var _a2;
    return ((_a2 = objectOf(index)) == null ? void 0 : _a2.Secure) === false && isHostName(name);
  }).slice(0, maxInsecure).map(([name]) => name);
  const networks = listOf(config == null ? void 0 : config.InsecureRegistryCIDRs).filter((network) => typeof network === "string" && /^[\da-f.:]{2,45}\/\d{1,3}$/i.test(network)).slice(0, maxInsecure);
  return names2.length + networks.length === 0 ? void 0 : { names: names2, networks };
}
function isHostName(name) {
  return name.length < 300 && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(name);
}
function textOf2(value) {
  return typeof value === "string" ? bounded(value, 500) : "";
}
function listOf(value) {
  return Array.isArray(value) ? value.slice(0, 100) : [];
}
function textsOf(value) {
  return listOf(value).map(textOf2).filter((text2) => text2 !== "");
}

// src/probes/docker-releases.ts
var newestApi = [
  [[29, 7], "1.55"],
  [[29, 3], "1.54"],
  [[29, 2], "1.53"],
  [[29, 0], "1.52"],
  [[28, 3], "1.51"],
  [[28, 2], "1.50"],
  [[28, 1], "1.49"],
  [[28, 0], "1.48"],
  [[27, 2], "1.47"],
  [[27, 0], "1.46"],
  [[26, 0], "1.45"],
  [[25, 0], "1.44"],
  [[24, 0], "1.43"],
  [[23, 0], "1.42"],
  [[20, 10], "1.41"],
  [[19, 3], "1.40"],
  [[18, 9], "1.39"],
  [[18, 6], "1.38"],
  [[18, 3], "1.37"],
  [[18, 2], "1.36"],
  [[17, 12], "1.35"],
  [[17, 11], "1.34"],
  [[17, 10], "1.33"],
  [[17, 9], "1.32"],
  [[17, 7], "1.31"],
  [[17, 6], "1.30"],
  [[17, 5], "1.29"],
  [[17, 4], "1.28"],
  [[17, 3], "1.27"]
];
var unwritten = (major, minor) => major > 29 || major === 29 && (minor === 6 || minor > 7);
function apiOfRelease(numbers) {
  var _a;
  const [major, minor] = numbers;
  const max = (_a = newestApi.find(([release]) => isAtLeast(major, minor, release))) == null ? void 0 : _a[1];
  if (max === void 0) return void 0;
  const min = isAtLeast(major, minor, [29, 3]) ? "1.40" : isAtLeast(major, minor, [29, 0]) ? "1.44" : "1.24";
  return { max, min, ...unwritten(major, minor) && { atLeast: true } };
}
function releaseWithApi(api) {
  var _a;
  const [[major, minor] = []] = (_a = [...newestApi].reverse().find(([, newest]) => compareApi(newest, api) >= 0)) != null ? _a : [];
  return major === void 0 ? void 0 : `${major}.${String(minor).padStart(major < 23 ? 2 : 1, "0")}`;
}
function compareApi(a, b) {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
function isApiVersion(text2) {
  return /^\d{1,3}\.\d{1,3}$/.test(text2);
}
function isAtLeast(major, minor, [thanMajor, thanMinor]) {
  return major > thanMajor || major === thanMajor && minor >= thanMinor;
}

// src/probes/paths.ts
async function nearestExisting(host, path) {
  let candidate = path;
  for (; ; ) {
    const outcome = await host.realPath(candidate);
    if (outcome.kind === "ok") return { kind: "found", path: outcome.value, exists: candidate === path };
    if (outcome.kind === "unreadable") return outcome;
    if (candidate === "/") return { kind: "unreadable", code: "ENOENT" };
    candidate = candidate.replace(/\/+[^/]*\/*$/, "") || "/";
  }
}
function tempDirectory(env) {
  var _a;
  return (_a = absolute(env.RUNNER_TEMP)) != null ? _a : "/tmp";
}
function homeDirectory(host) {
  var _a;
  const home = (_a = absolute(host.env.HOME)) != null ? _a : absolute(host.userHome);
  return home === "/" ? void 0 : home;
}
function absolute(path) {
  return (path == null ? void 0 : path.startsWith("/")) ? path : void 0;
}
function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

// src/probes/program-file.ts
var headBytes = 8192;
var machines = {
  3: "ia32",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x64",
  183: "arm64",
  243: "riscv64",
  258: "loong64"
};
async function readProgramFile(host, path) {
  const head = await host.readText(path, headBytes, "latin1");
  if (head.kind !== "ok") return { format: "unreadable" };
  const file = parseHead(head.value);
  if (file.interpreter === void 0) return file;
  const { kind } = await host.stat(file.interpreter);
  return kind === "unreadable" ? file : { ...file, interpreterFound: kind !== "absent" };
}
function parseHead(head) {
  var _a;
  if (head === "") return { format: "empty" };
  if (head.startsWith("\x7FELF")) return parseElf(head);
  if (head.startsWith("#!")) {
    const interpreter = (_a = /^#![ \t]*([^\s\0]{1,200})/.exec(head)) == null ? void 0 : _a[1];
    const windowsLines = /^[^\n]*\r\n/.test(head);
    return {
      format: "script",
      ...interpreter !== void 0 && { interpreter },
      ...windowsLines && { windowsLines }
    };
  }
  if (/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(head)) return { format: "mach-o" };
  if (head.startsWith("MZ")) return { format: "windows" };
  return { format: "other" };
}
function parseElf(head) {
  var _a;
  const wide = head.charCodeAt(4) === 2;
  const bigEndian = head.charCodeAt(5) === 2;
  const read2 = (offset, bytes) => {
    let value = 0;
    for (let index = 0; index < bytes; index++) {
      const at = bigEndian ? offset + index : offset + bytes - 1 - index;
      value = value * 256 + (head.charCodeAt(at) || 0);
    }
    return value;
  };
  const machine = read2(18, 2);
  const interpreter = interpreterOf(head, wide, read2);
  return {
    format: "elf",
    machine: (_a = machines[machine]) != null ? _a : `machine ${machine}`,
    ...interpreter !== void 0 && { interpreter }
  };
}
function interpreterOf(head, wide, read2) {
  var _a;
  const [table3, entrySize, entries] = wide ? [read2(32, 8), read2(54, 2), read2(56, 2)] : [read2(28, 4), read2(42, 2), read2(44, 2)];
  for (let index = 0; index < Math.min(entries, 64); index++) {
    const entry = table3 + index * entrySize;
    if (read2(entry, 4) !== 3) continue;
    const [offset, size] = wide ? [read2(entry + 8, 8), read2(entry + 32, 8)] : [read2(entry + 4, 4), read2(entry + 16, 4)];
    const name = (_a = head.slice(offset, offset + Math.min(size, 200)).split("\0")[0]) != null ? _a : "";
    return /^\/[\x20-\x7e]+$/.test(name) ? name : void 0;
  }
  return void 0;
}

// src/probes/program-search.ts
var defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function pathEntries(host, cwd) {
  var _a;
  const entries = ((_a = host.env.PATH) != null ? _a : defaultPath).split(":").map((entry) => absolute2(entry, cwd));
  return [...new Set(entries)];
}
function absolute2(path, cwd) {
  const full = path.startsWith("/") ? path : path === "" || path === "." ? cwd : `${cwd}/${path.replace(/^\.\//, "")}`;
  return full.endsWith("/") ? full.replace(/(?<=.)\/+$/, "") : full;
}
function join(directory2, name) {
  return directory2.endsWith("/") ? directory2 + name : `${directory2}/${name}`;
}
async function searchProgram(host, name, directories, onLook = () => void 0) {
  const unusable2 = [];
  for (const directory2 of directories) {
    onLook(directory2);
    const path = join(directory2, name);
    const looked = await lookAt(host, path);
    if (looked === "executable") return { found: path, unusable: unusable2 };
    if (looked !== "absent") unusable2.push(looked);
  }
  return { unusable: unusable2 };
}
async function lookAt(host, path) {
  const first = await host.lstat(path);
  const target2 = first.kind === "link" ? await host.stat(path) : first;
  switch (target2.kind) {
    case "absent":
      return first.kind === "link" ? { path, kind: "dangling-link" } : "absent";
    case "unreadable":
      if (target2.code === "ELOOP") return { path, kind: "dangling-link" };
      return { path, kind: target2.code === "EACCES" ? "closed" : "unreadable", code: target2.code };
    case "file":
      if (await host.access(path, "x")) return "executable";
      return { path, kind: "not-executable", mode: target2.mode, uid: target2.uid, gid: target2.gid };
    default:
      return "absent";
  }
}
async function searchOffPath(host, name, onPath) {
  const directories = (await likelyDirectories(host, name)).filter((directory2) => !onPath.includes(directory2));
  const hits = await Promise.all(
    [...new Set(directories)].map(async (directory2) => {
      const { found } = await searchProgram(host, name, [directory2]);
      if (found === void 0) return void 0;
      const real = await host.realPath(found);
      return { found, real: real.kind === "ok" ? real.value : found };
    })
  );
  const byFile = /* @__PURE__ */ new Map();
  for (const hit of hits) if (hit && !byFile.has(hit.real)) byFile.set(hit.real, hit.found);
  return [...byFile.values()].slice(0, 8);
}
var binOf = {
  CARGO_HOME: "bin",
  VOLTA_HOME: "bin",
  GOROOT: "bin",
  GOPATH: "bin",
  JAVA_HOME: "bin",
  PNPM_HOME: ""
};
var inHome = [
  ".cargo/bin",
  ".volta/bin",
  ".local/share/fnm/aliases/default/bin",
  ".local/share/mise/shims",
  ".asdf/shims",
  ".pyenv/shims",
  ".bun/bin",
  ".deno/bin",
  ".local/bin",
  ".npm-global/bin",
  "go/bin",
  "bin"
];
var inSystem = [
  "/usr/local/cargo/bin",
  "/opt/cargo/bin",
  "/usr/local/bin",
  "/usr/bin",
  "/bin",
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/local/go/bin",
  "/usr/local/node/bin",
  "/usr/local/cuda/bin",
  "/usr/local/nvidia/bin",
  "/usr/lib/cargo/bin",
  "/snap/bin",
  "/opt/homebrew/bin",
  "/home/linuxbrew/.linuxbrew/bin"
];
async function likelyDirectories(host, name) {
  const { HOME, NVM_DIR } = host.env;
  const homes = [HOME, host.userHome, "/root"].filter((home) => Boolean(home == null ? void 0 : home.startsWith("/")));
  const named2 = Object.entries(binOf).flatMap(([variable2, bin]) => {
    const value = host.env[variable2];
    return (value == null ? void 0 : value.startsWith("/")) ? [absolute2(bin === "" ? value : `${value}/${bin}`, "/")] : [];
  });
  const nvm = [NVM_DIR, ...homes.map((home) => join(home, ".nvm"))].filter(
    (directory2) => Boolean(directory2 == null ? void 0 : directory2.startsWith("/"))
  );
  const listed2 = await Promise.all([
    ...nvm.map((directory2) => versionsIn(host, join(directory2, "versions/node"), "bin")),
    versionsIn(host, "/opt", "bin"),
    versionsIn(host, "/opt", ""),
    versionsIn(host, "/usr/lib/postgresql", "bin"),
    versionsIn(host, "/usr/lib/jvm", "bin")
  ]);
  return [
    ...named2,
    ...homes.flatMap((home) => inHome.map((directory2) => join(home, directory2))),
    ...listed2.flat(),
    ...inSystem,
    `/opt/${name}/bin`
  ];
}
async function versionsIn(host, directory2, below2) {
  const entries = await host.list(directory2);
  if (entries.kind !== "ok") return [];
  const versioned = entries.value.slice(0, 50).map((entry) => ({ entry, version: findVersion(entry) }));
  versioned.sort((a, b) => a.version && b.version ? compareVersions(b.version, a.version) : 0);
  return versioned.map(({ entry }) => join(join(directory2, entry), below2).replace(/\/$/, ""));
}

// src/probes/tools.ts
var unreachableHome = "/dev/null/rustup";
var maxOutput = 4096;
var proxies = /* @__PURE__ */ new Set([
  "cargo",
  "cargo-clippy",
  "cargo-fmt",
  "cargo-miri",
  "clippy-driver",
  "rls",
  "rust-analyzer",
  "rust-gdb",
  "rust-gdbgui",
  "rust-lldb",
  "rustc",
  "rustdoc",
  "rustfmt",
  "rustup"
]);
var offline = {
  LC_ALL: "C",
  RUSTUP_AUTO_INSTALL: "0",
  // What keeps a rustup from downloading that is too old to know the variable above.
  RUSTUP_DIST_SERVER: "file:///dev/null",
  GOTOOLCHAIN: "local",
  COREPACK_ENABLE_NETWORK: "0",
  CHECKPOINT_DISABLE: "1"
};
function toolProbe(name, command) {
  return {
    name: `tool:${name}`,
    async collect(host, request, signal, ask) {
      const overrun = aborted(signal);
      const facts = await look(host, request, signal, overrun, name, command);
      return { ...facts, mode: await inTime(modeOf2(ask), overrun, "unknown") };
    }
  };
}
async function look(host, request, signal, overrun, name, command) {
  const [program = name, ...args] = command;
  const workspace = await inTime(existing(host, request.workspace), overrun, void 0);
  const cwd = workspace != null ? workspace : host.cwd();
  const path = pathEntries(host, cwd).slice(0, 64);
  const base = {
    name,
    command,
    arch: host.arch,
    ...host.uid !== void 0 && { uid: host.uid },
    path,
    ...host.env.PATH === void 0 && { pathUnset: true }
  };
  let directory2 = "";
  const proxy = proxies.has(baseName(program));
  const [searched, neverSetUp] = await Promise.all([
    inTime(
      search(host, program, path, cwd, (now) => {
        directory2 = now;
      }),
      overrun,
      void 0
    ),
    proxy ? inTime(homeOfUnsetRustup(host, cwd), overrun, void 0) : void 0
  ]);
  if (!searched) return { ...base, unusable: [], elsewhere: [], run: { kind: "search-timed-out", directory: directory2 } };
  const { found: file, unusable: unusable2 } = searched;
  if (file === void 0) {
    const elsewhere2 = program.includes("/") ? [] : await inTime(searchOffPath(host, program, path), overrun, []);
    return { ...base, unusable: unusable2, elsewhere: elsewhere2, run: { kind: "not-found" } };
  }
  const ownNode = name === "node" && asksForVersion(args) ? await inTime(ownPath(host, file), overrun, void 0) : void 0;
  if (ownNode !== void 0) {
    const found = { path: file, realPath: ownNode };
    return { ...base, found, unusable: unusable2, elsewhere: [], run: { kind: "own-node", version: host.nodeVersion } };
  }
  const env = { ...offline, ...neverSetUp && { RUSTUP_HOME: unreachableHome } };
  const run = (directory3) => host.run([file, ...args], { signal, env, maxOutput, ...directory3 !== void 0 && { cwd: directory3 } });
  const [outcome, real] = await Promise.all([run(workspace), inTime(host.realPath(file), overrun, void 0)]);
  const failed = outcome.kind !== "exited" || outcome.code !== 0;
  const realPath2 = (real == null ? void 0 : real.kind) === "ok" ? real.value : void 0;
  const located = {
    ...base,
    found: { path: file, ...realPath2 !== void 0 && { realPath: realPath2 } },
    unusable: unusable2,
    elsewhere: []
  };
  const link = /\/rustup(?:-init)?$/.test(realPath2 != null ? realPath2 : "") && baseName(program) !== "rustup";
  const rustup2 = {
    link,
    ...neverSetUp && { neverSetUp },
    ...failed && proxy && { autoInstall: await inTime(autoInstalls(host, cwd), overrun, true) },
    ...lacksToolchain(outcome) && workspace !== void 0 && { outsideWorkspace: await run("/") }
  };
  return {
    ...located,
    run: { kind: "ran", outcome },
    ...failed && { file: await inTime(readProgramFile(host, file), overrun, { format: "unreadable" }) },
    ...(proxy || link) && { rustup: rustup2 }
  };
}
async function search(host, program, path, cwd, onLook) {
  const slash = program.lastIndexOf("/");
  const directories = slash < 0 ? path : [absolute2(program.slice(0, slash) || "/", cwd)];
  return searchProgram(host, program.slice(slash + 1), directories, onLook);
}
function asksForVersion(args) {
  return args.length === 1 && (args[0] === "--version" || args[0] === "-v");
}
async function ownPath(host, file) {
  const [real, own2] = await Promise.all([host.realPath(file), host.realPath(host.execPath)]);
  return real.kind === "ok" && own2.kind === "ok" && real.value === own2.value ? real.value : void 0;
}
async function modeOf2(ask) {
  try {
    return (await ask(containerProbe)).mode;
  } catch {
    return "unknown";
  }
}
async function existing(host, directory2) {
  return (await host.stat(directory2)).kind === "directory" ? directory2 : void 0;
}
function rustupHome(host, cwd) {
  const { RUSTUP_HOME, HOME } = host.env;
  if (RUSTUP_HOME) return absolute2(RUSTUP_HOME, cwd);
  const home = HOME || host.userHome;
  return home ? join(absolute2(home, cwd), ".rustup") : void 0;
}
async function homeOfUnsetRustup(host, cwd) {
  const home = rustupHome(host, cwd);
  if (home === void 0) return void 0;
  if ((await host.stat(join(home, "settings.toml"))).kind !== "absent") return void 0;
  const [toolchains, ...named2] = await Promise.all([
    host.list(join(home, "toolchains")),
    host.stat(join(cwd, "rust-toolchain.toml")),
    host.stat(join(cwd, "rust-toolchain")),
    host.stat("/etc/rustup/settings.toml")
  ]);
  const installed = toolchains.kind === "ok" && toolchains.value.length > 0;
  const chosen2 = Boolean(host.env.RUSTUP_TOOLCHAIN) || named2.some((file) => file.kind !== "absent");
  return installed && chosen2 ? void 0 : { home };
}
async function autoInstalls(host, cwd) {
  if (host.env.RUSTUP_AUTO_INSTALL !== void 0) return host.env.RUSTUP_AUTO_INSTALL !== "0";
  const home = rustupHome(host, cwd);
  if (home === void 0) return true;
  const settings = await host.readText(join(home, "settings.toml"));
  return settings.kind !== "ok" || !/^\s*auto_install\s*=\s*["']disable["']/m.test(settings.value);
}
function lacksToolchain(outcome) {
  return /toolchain '[^'\n]+'[^\n]* is not installed|syncing channel updates for/.test(outcome.stdout + outcome.stderr);
}
function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
function inTime(work, overrun, otherwise) {
  return Promise.race([work, overrun.then(nextTurn).then(() => otherwise)]);
}
function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}

// src/probes/docker-cli.ts
var dockerToolProbe = toolProbe("docker", ["docker", "--version"]);
var dockerCliProbe = {
  name: "docker-cli",
  async collect(host, _request, signal, ask) {
    var _a;
    const [tool, plugins, engine] = await Promise.all([
      ask(dockerToolProbe),
      findPlugins(host),
      ask(dockerEngineProbe)
    ]);
    const known3 = identify(tool);
    const pinned = host.env.DOCKER_API_VERSION;
    const path = (_a = tool.found) == null ? void 0 : _a.path;
    const said = path !== void 0 && known3.product === "docker" && leavesOpen(known3.api, pinned, engine) ? await askCli(host, path, signal) : void 0;
    return { ...known3, ...pinned && { pinned: bounded(pinned, 100) }, ...said && { said }, plugins };
  }
};
function identify({ run }) {
  if (run.kind !== "ran" || run.outcome.kind !== "exited" || run.outcome.code !== 0) return { product: "none" };
  const { stdout, stderr } = run.outcome;
  const version2 = findVersion(stdout);
  const named2 = version2 && { version: version2.text };
  if (/\bpodman\b/i.test(stdout) || /emulate docker cli using podman/i.test(stderr)) {
    return { product: "podman", ...named2 };
  }
  if (!/^docker version/im.test(stdout)) return { product: "other", ...named2 };
  const api = version2 && apiOfRelease(version2.numbers);
  return { product: "docker", ...named2, ...api && { api } };
}
function leavesOpen(api, pinned, { version: version2 }) {
  if (version2.kind !== "ok") return false;
  const { apiVersion, minApiVersion = "0.0" } = version2.value;
  if (pinned) return compareApi(pinned, apiVersion) > 0 || compareApi(pinned, minApiVersion) < 0;
  return !api || compareApi(api.max, minApiVersion) < 0 || compareApi(apiVersion, api.min) < 0;
}
async function askCli(host, path, signal) {
  var _a, _b;
  const outcome = await host.run([path, "version", "--format", "{{json .}}"], { signal, maxOutput: 16 * 1024 });
  if (outcome.kind === "timed-out") return { kind: "timed-out" };
  const error2 = bounded(outcome.stderr.trim() || outcome.stdout.trim(), 500);
  const client = objectOf((_a = objectOf(parse2(outcome.stdout))) == null ? void 0 : _a.Client);
  const used = client == null ? void 0 : client.ApiVersion;
  const newest = client == null ? void 0 : client.DefaultAPIVersion;
  if (typeof used !== "string" || typeof newest !== "string") return { kind: "failed", error: error2 };
  const reached = outcome.kind === "exited" && outcome.code === 0 && objectOf((_b = objectOf(parse2(outcome.stdout))) == null ? void 0 : _b.Server);
  return {
    kind: "told",
    newestApi: bounded(newest, 20),
    usedApi: bounded(used, 20),
    ...!reached && { error: error2 }
  };
}
function parse2(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
var systemPluginDirectories = [
  "/usr/local/lib/docker/cli-plugins",
  "/usr/local/libexec/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  "/usr/libexec/docker/cli-plugins"
];
async function findPlugins(host) {
  const directory2 = configDirectory(host);
  const { pluginDirectories } = await readConfig(host, directory2);
  const directories = [...pluginDirectories, `${directory2}/cli-plugins`, ...systemPluginDirectories];
  const found = await Promise.all(directories.map((place) => pluginsIn(host, place)));
  const byName = /* @__PURE__ */ new Map();
  for (const plugin of found.flat()) {
    const known3 = byName.get(plugin.name);
    if (!known3 || known3.state !== "executable" && plugin.state === "executable") byName.set(plugin.name, plugin);
  }
  return [...byName.values()];
}
async function pluginsIn(host, directory2) {
  const entries = await host.list(directory2);
  if (entries.kind !== "ok") return [];
  const names2 = entries.value.flatMap((entry) => {
    var _a, _b;
    return (_b = (_a = /^docker-([a-z][a-z0-9]*)$/.exec(entry)) == null ? void 0 : _a[1]) != null ? _b : [];
  }).slice(0, 50);
  return Promise.all(
    names2.sort().map(async (name) => {
      const path = `${directory2}/docker-${name}`;
      const target2 = await host.stat(path);
      if (target2.kind === "absent") return { name, path, state: "dangling-link" };
      return { name, path, state: await host.access(path, "x") ? "executable" : "not-executable" };
    })
  );
}

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

// src/checks/words.ts
function code(value) {
  return `\`${value.split("`").join("'")}\``;
}
function shellQuote(value) {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.split("'").join(`'\\''`)}'`;
}
function listed(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
function octal(mode) {
  return mode.toString(8).padStart(4, "0");
}
function yamlValue(value) {
  const plain3 = /^[a-z/-][\w./:@ -]*$/i.test(value) && !/: |:$|^- |^(true|false|yes|no|on|off|null)$/i.test(value);
  return plain3 ? value : JSON.stringify(value);
}

// src/checks/docker/cli-remedies.ts
function installCli(...args) {
  return require("./findings.js").src_checks_docker_cli_remedies_ts.installCli(...args);
}

// src/knowledge/runner-versions.ts
var table = {
  "gpu-option-dropped": {
    of: "gitea-runner",
    what: "without `privileged: true` the runner drops `--gpus`, `--device` and `--runtime` from `container.options`, even from its own configuration",
    ranges: [{ from: "3.0.0", upTo: "3.3.0" }],
    source: "runner commit 14ec00b6, sanitizeOptionsHostConfig in act/container/docker_run.go"
  },
  "workflow-gpu-option-dropped": {
    of: "gitea-runner",
    what: "without `privileged: true` the runner drops `--gpus`, `--device` and `--runtime` from a workflow's `container.options`",
    ranges: [{ from: "3.0.0" }],
    source: "runner commit 14ec00b6; config.example.yaml of later releases keeps it for workflows"
  },
  "duplicate-socket-mount": {
    of: "gitea-runner",
    what: "the runner mounts the Docker socket itself, and a second mount of it in `container.options` makes every job die with `Duplicate mount point: /var/run/docker.sock`",
    ranges: [{ upTo: "2.3.0" }],
    source: "runner commit 01928611 (3.0.0 lets a mount of the options replace its own)"
  },
  "option-volume-displaces-mount": {
    of: "gitea-runner",
    what: "a volume in `container.options` displaces the runner's own mount on the same target even where `valid_volumes` then rejects it, so that neither is mounted",
    ranges: [{ from: "3.0.0", upTo: "3.3.0" }],
    source: "overlayVolumes and sanitizeConfig in act/container/docker_run.go"
  },
  "socket-directory": {
    of: "gitea-runner",
    what: "the runner mounts a socket path that does not exist on the daemon's host, and the engine makes a directory of it",
    ranges: [{ before: "0.3.0" }],
    source: "runner commit 50e05090, act_runner#750"
  },
  "service-volumes-dropped": {
    of: "gitea-runner",
    what: "volumes of service containers are dropped without a word",
    ranges: [{ from: "0.5.0", upTo: "3.3.0" }],
    source: "sanitizeConfig in act/container/docker_run.go: services get no valid_volumes"
  },
  "network-false-warning": {
    of: "gitea-runner",
    what: "the job's log warns that `--network` in the options is ignored although there is none: a false alarm",
    ranges: [{ upTo: "3.3.0" }],
    source: "act/container/docker_run.go:582-586, 632-634 at 3.3.0"
  },
  "network-option-ignored": {
    of: "gitea-runner",
    what: "`--network` in `container.options` is ignored; `container.network` is its place",
    ranges: [{}],
    source: "act/container/docker_run.go"
  },
  "summary-not-uploaded": {
    of: "gitea-runner",
    what: "the runner does not send job summaries to Gitea (it does from 2.0.0 on, and Gitea shows them from 1.27 on)",
    ranges: [{ before: "2.0.0" }],
    source: "runner commit 53c4db6a, gitea pull request 37500"
  },
  "annotation-place-lost": {
    of: "gitea-runner",
    what: "file and line of an annotation do not reach Gitea's log",
    ranges: [{ before: "3.1.0" }],
    source: "runner commit 8700adc9, formatAnnotation in internal/pkg/report/reporter.go"
  },
  "tool-cache-not-kept": {
    of: "gitea-runner",
    what: "nothing is mounted at `/opt/hostedtoolcache` unless `runner.tool_cache_mode` is `shared`, so tools are downloaded again in every job",
    ranges: [{ from: "3.2.0" }],
    source: "runner commit 3f708224"
  },
  "opaque-labels": {
    of: "gitea-runner",
    what: "a label with an unknown schema (`gpu:dokcer://image`) is no error: it becomes a label of the host, under its whole text",
    ranges: [{ from: "2.1.0" }],
    source: "runner commit 58c5eb8d, internal/pkg/labels/labels.go"
  },
  "unknown-label-schema-ignored": {
    of: "gitea-runner",
    what: "a label with an unknown schema (`gpu:dokcer://image`) is ignored with a warning",
    ranges: [{ before: "2.1.0" }],
    source: "internal/pkg/labels/labels.go before commit 58c5eb8d"
  },
  "unknown-keys-silent": {
    of: "gitea-runner",
    what: "unknown keys of the configuration are ignored without a word (the runner warns of them from 3.0.0 on)",
    ranges: [{ before: "3.0.0" }],
    source: "runner commit 01928611, config.go"
  },
  "old-name": {
    of: "gitea-runner",
    what: "this is `act_runner`, the generation before the rename to `gitea-runner`; it gets no more fixes",
    ranges: [{ before: "1.0.0" }],
    source: "runner commit 13dc9386"
  },
  "implicit-pull-credentials": {
    of: "gitea-runner",
    what: "the secrets `DOCKER_USERNAME` and `DOCKER_PASSWORD` are used for pulling the job's image",
    ranges: [{ before: "2.0.0" }],
    source: "runner commit 0a2f2824"
  },
  "patch-actions": {
    of: "gitea-runner",
    what: "the runner patches the bundles of remote actions so that the stock artifact and cache actions work (`runner.patch_actions`)",
    ranges: [{ from: "3.0.0" }],
    source: "runner commit e6c7ba3a, patch_actions.go"
  },
  "default-image-key": {
    of: "gitea-runner",
    what: "`runner.default_image` names the image of jobs that match no label",
    ranges: [{ from: "3.3.0" }],
    source: "runner commit 11ac12ef"
  },
  "default-image-always": {
    of: "gitea-runner",
    what: "a job that matches no label runs in `docker.gitea.com/runner-images:ubuntu-latest`, on a runner without Docker too",
    ranges: [{ before: "3.3.0" }],
    source: "runner.go before commit 11ac12ef"
  },
  "job-hooks": {
    of: "gitea-runner",
    what: "`hooks.job_started` and `hooks.job_completed` run a script in every job",
    ranges: [{ from: "3.0.0" }],
    source: "runner commits 47d5b5ad, 0cd0e52a"
  },
  "health-check": {
    of: "gitea-runner",
    what: "`health_check` stops a sick host from taking jobs",
    ranges: [{ from: "2.2.0" }],
    source: "runner commit c43cbe87"
  },
  "api-client-too-old": {
    of: "gitea-runner",
    what: "the runner's own Docker client speaks API 1.43, which Docker 29.0 to 29.2 (API 1.44 and newer) refuse",
    ranges: [{ upTo: "0.2.6" }],
    source: "act_runner#768, #769"
  },
  "needs-bin-sleep": {
    of: "gitea-runner",
    what: "the job's image must have `/bin/sleep`: without it the container does not start",
    ranges: [{ upTo: "3.3.0" }],
    source: "act/runner/run_context.go at 3.3.0"
  },
  "kubernetes-labels": {
    of: "gitea-runner",
    what: "a label with the schema `kubernetes` runs its jobs in pods",
    ranges: [{ from: "3.3.1" }],
    source: "config.example.yaml and labels.go of 4.x; not in 3.3.0, and the first release with it is not known"
  },
  "external-cache-needs-secret": {
    of: "gitea-runner",
    what: "`cache.external_server` without a shared secret is an error at the start",
    ranges: [{ from: "0.6.0" }],
    source: "internal/pkg/config/config.go"
  },
  "external-secret-file": {
    of: "gitea-runner",
    what: "`cache.external_secret_file` names a file with the secret of the cache server",
    ranges: [{ from: "2.3.0" }],
    source: "internal/pkg/config/config.go"
  },
  "volume-glob-stops-at-slash": {
    of: "gitea-runner",
    what: "in `container.valid_volumes` a `*` matches no slash: what lies deeper needs `**`",
    ranges: [{ from: "4.0.0" }],
    source: "config.example.yaml of 4.0"
  },
  "setup-job-broken": {
    of: "docker-engine",
    what: "the engine refuses to copy files below `/var/run` into a container (`path escapes from parent`, `mkdirat var/run: file exists`), so every container job dies while it is set up",
    ranges: [
      { from: "29.5.0", before: "29.5.2" },
      { from: "29.7.0", before: "29.7.1" }
    ],
    source: "moby#53258, mended by moby#53260 and moby#53261; gitea#37793"
  }
};
var knowledgeIds = Object.keys(table);
function runnerKnowledge(id) {
  return table[id];
}
function holdsFor(entry, version2) {
  const found = version2 === void 0 ? void 0 : findVersion(version2);
  if (!found) return entry.ranges.some(isUnlimited) ? "yes" : "unknown";
  const between = /-\d+-g[0-9a-f]{4,}/.test(version2 != null ? version2 : "");
  const answers = entry.ranges.map((range) => between ? holdsBetween(range, found) : holds2(range, found));
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}
function isUnlimited(range) {
  return range.from === void 0 && range.upTo === void 0 && range.before === void 0;
}
function holds2(range, version2) {
  if (range.from !== void 0 && compare(version2, range.from) < 0) return "no";
  if (range.upTo !== void 0 && compare(version2, range.upTo) > 0) return "no";
  if (range.before !== void 0 && compare(version2, range.before) >= 0) return "no";
  return "yes";
}
function holdsBetween(range, base) {
  const beforeIt = range.from !== void 0 && compare(base, range.from) < 0;
  const atItsEnd = range.upTo !== void 0 && compare(base, range.upTo) === 0;
  const maybeMended = range.before !== void 0 && compare(base, range.before) < 0;
  return beforeIt || atItsEnd || maybeMended ? "unknown" : holds2(range, base);
}
function compare(version2, bound) {
  const other = findVersion(bound);
  return other ? compareVersions(version2, other) : 0;
}
function versionsOf(entry) {
  return entry.ranges.map(rangeInWords).join(" and ");
}
function rangeInWords({ from, upTo, before }) {
  if (from !== void 0 && upTo !== void 0) return from === upTo ? from : `${from} to ${upTo}`;
  if (from !== void 0 && before !== void 0) return `from ${from}, mended in ${before}`;
  if (upTo !== void 0) return `up to ${upTo}`;
  if (before !== void 0) return `before ${before}`;
  return from === void 0 ? "all versions" : `from ${from} on`;
}
function giteaRunnerVersion(job) {
  return job.system === "gitea" ? job.runnerVersion : void 0;
}

// src/checks/docker/situation.ts
function wantsDocker(policy) {
  return policy.docker.require !== "forbidden";
}
function situationOf(container, job) {
  return {
    inContainer: container.mode === "container",
    inRunnerContainer: container.mode === "host" && container.insideContainer !== void 0,
    system: job.system,
    giteaRunner: giteaRunnerVersion(job)
  };
}
function restartRunner({ system }) {
  switch (system) {
    case "gitea":
      return ["sudo systemctl restart gitea-runner   # act_runner, where it is older than 1.0.0"];
    case "forgejo":
      return ["sudo systemctl restart forgejo-runner"];
    case "github":
      return ["sudo ./svc.sh stop && sudo ./svc.sh start   # in the directory of the runner"];
    default:
      return [];
  }
}
function setVariables({ system }, variables) {
  const entries = Object.entries(variables);
  switch (system) {
    case "gitea":
    case "forgejo": {
      const lines = entries.map(([name, value]) => `    ${name}: ${yamlValue(value)}`);
      return { config: { file: configFile, language: "yaml", text: ["runner:", "  envs:", ...lines].join("\n") } };
    }
    case "github": {
      const lines = entries.map(([name, value]) => `${name}=${value}`);
      return { config: { file: ".env in the directory of the runner", language: "ini", text: lines.join("\n") } };
    }
    default:
      return { commands: entries.map(([name, value]) => `export ${name}=${shellQuote(value)}`) };
  }
}
function addOption(situation, option) {
  const text2 = `container:
  options: ${option}`;
  switch (situation.system) {
    case "gitea":
    case "forgejo":
      return {
        config: { file: configFile, language: "yaml", text: text2 },
        commands: restartRunner(situation),
        kind: "runner"
      };
    case "github":
      return { config: { file: "the job in the workflow", language: "yaml", text: text2 }, kind: "workflow" };
    default:
      return { commands: [`docker run ${option} \u2026`], kind: "host" };
  }
}
var configFile = "config.yaml";

// src/checks/docker/api-version.ts
var dockerApiVersion = defineCheck({
  id: "docker/api-version",
  title: "Docker CLI and daemon speak a common API version",
  reasons: {
    "client-too-old": { level: "fail", summary: "The Docker CLI is too old for the daemon" },
    "client-too-new": { level: "warn", summary: "The Docker CLI is too new for the daemon" }
  },
  needs: {
    cli: dockerCliProbe,
    tool: dockerToolProbe,
    engine: dockerEngineProbe,
    container: containerProbe,
    os: osProbe
  },
  after: ["docker/daemon", "docker/cli"],
  applies: wantsDocker,
  judge({ cli, tool, engine, container, os: os4 }) {
    var _a, _b;
    if (engine.version.kind !== "ok") {
      return { kind: "skip", reason: "absent", message: "There is no daemon to compare with." };
    }
    if (cli.product === "none")
      return { kind: "skip", reason: "absent", message: "There is no Docker CLI to compare." };
    if (cli.product !== "docker") {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "This `docker` is no Docker CLI, and negotiates nothing."
      };
    }
    const seen4 = {
      cli,
      path: (_b = (_a = tool.found) == null ? void 0 : _a.path) != null ? _b : "docker",
      engine,
      version: engine.version.value,
      inContainer: container.mode === "container",
      os: os4.name
    };
    return cli.pinned === void 0 ? judgeRelease(seen4) : judgePinned(seen4, cli.pinned);
  }
});
function named({ version: version2 }) {
  return version2 === void 0 ? "the docker client" : `docker ${version2}`;
}
function judgeRelease(seen4) {
  var _a, _b;
  const { cli, version: version2 } = seen4;
  const { apiVersion, minApiVersion = "0.0" } = version2;
  const { said } = cli;
  const newest = (said == null ? void 0 : said.kind) === "told" ? said.newestApi : (_a = cli.api) == null ? void 0 : _a.max;
  if (newest === void 0 || !isApiVersion(newest)) {
    return {
      kind: "undecided",
      message: `Could not find out which API versions ${named(cli)} speaks.`,
      evidence: evidenceOf(seen4)
    };
  }
  const exact = (said == null ? void 0 : said.kind) === "told" || ((_b = cli.api) == null ? void 0 : _b.atLeast) === void 0;
  if (compareApi(newest, minApiVersion) < 0) {
    if (exact) return tooOld(seen4, newest, minApiVersion);
    return {
      kind: "undecided",
      message: `${named(cli)} is newer than what is known here of its API versions, and the daemon accepts only ${minApiVersion} and newer.`,
      evidence: evidenceOf(seen4)
    };
  }
  const works = (said == null ? void 0 : said.kind) === "told" && said.error === void 0;
  if (cli.api && !works && compareApi(apiVersion, cli.api.min) < 0) return tooNew(seen4, cli.api.min);
  const common = compareApi(newest, apiVersion) < 0 ? newest : apiVersion;
  return {
    kind: "pass",
    message: `${named(cli)} and the daemon (${version2.version}) speak API ${common}`,
    evidence: evidenceOf(seen4)
  };
}
function judgePinned(seen4, pinned) {
  const { apiVersion, minApiVersion = "0.0" } = seen4.version;
  if (!isApiVersion(pinned)) return pinnedToNonsense(seen4, pinned);
  if (compareApi(pinned, minApiVersion) < 0) return pinnedTooOld(seen4, pinned, minApiVersion);
  if (compareApi(pinned, apiVersion) > 0) return pinnedTooNew(seen4, pinned);
  return {
    kind: "pass",
    message: `${named(seen4.cli)} and the daemon (${seen4.version.version}) speak API ${pinned}, pinned by \`DOCKER_API_VERSION\``,
    evidence: evidenceOf(seen4)
  };
}
function tooOld(seen4, newest, minimum) {
  const { cli, version: version2, inContainer } = seen4;
  return {
    kind: "finding",
    reason: "client-too-old",
    message: `${named(cli)}${inContainer ? " in this image" : ""} speaks API ${newest}, the daemon${inContainer ? " on the host" : ""} (${version2.version}) accepts ${minimum} and newer.`,
    why: `Every \`docker\` command in this job fails: \`client version ${newest} is too old. Minimum supported API version is ${minimum}\`.`,
    expected: `client API >= ${minimum}`,
    observed: newest,
    evidence: evidenceOf(seen4),
    remedy: newerCli(seen4, newest, minimum)
  };
}
function newerCli(seen4, newest, minimum) {
  const { otherwise: _, ...install } = installCli(
    seen4,
    ["docker-ce-cli", "docker-buildx-plugin"],
    releaseWithApi(minimum)
  );
  return { ...install, otherwise: letOldClientsIn(seen4, newest) };
}
function letOldClientsIn({ version: version2 }, api) {
  var _a, _b;
  const major = (_b = (_a = findVersion(version2.version)) == null ? void 0 : _a.numbers[0]) != null ? _b : 0;
  if (major < 29) {
    return {
      text: "For a while: remove `DOCKER_MIN_API_VERSION` from the environment of the Docker service, then restart it.",
      commands: ["systemctl cat docker.service | grep DOCKER_MIN_API_VERSION", "sudo systemctl restart docker"],
      kind: "host"
    };
  }
  return {
    text: "For a while: let old clients in, then restart Docker. Without `live-restore` that ends every running container.",
    config: { file: "/etc/docker/daemon.json", language: "json", text: `{ "min-api-version": "${api}" }` },
    commands: ["sudo systemctl restart docker"],
    kind: "host"
  };
}
function tooNew(seen4, oldestForCli) {
  var _a, _b;
  const { cli, version: version2 } = seen4;
  const error2 = ((_a = cli.said) == null ? void 0 : _a.kind) === "timed-out" ? void 0 : (_b = cli.said) == null ? void 0 : _b.error;
  return {
    kind: "finding",
    reason: "client-too-new",
    message: `${named(cli)} wants an engine with API ${oldestForCli} or newer, the daemon (${version2.version}) has ${version2.apiVersion}.`,
    why: `These releases of the CLI do not negotiate further down, so \`docker\` commands fail${error2 === void 0 ? "" : `: ${code(firstLine(error2))}`}.`,
    expected: `daemon API >= ${oldestForCli}`,
    observed: version2.apiVersion,
    evidence: evidenceOf(seen4),
    // Negotiation does not save this one.
    level: "fail",
    remedy: {
      text: "Upgrade the engine to 25.0 or newer. Where that cannot be, take another CLI: 28 and older, and again 29.3 and newer, speak to old engines.",
      commands: ["sudo apt-get update && sudo apt-get install -y docker-ce docker-ce-cli containerd.io"],
      kind: "host"
    }
  };
}
var unpin = "Remove `DOCKER_API_VERSION` from where it is set (`env:` of the workflow, `runner.envs` of the runner's `config.yaml`, the runner's service, or the image): without it, CLI and daemon agree by themselves.";
function pinnedTooOld(seen4, pinned, minimum) {
  const { version: version2 } = seen4;
  return {
    kind: "finding",
    reason: "client-too-old",
    message: `\`DOCKER_API_VERSION\` pins API ${pinned}, the daemon (${version2.version}) accepts ${minimum} and newer.`,
    why: `Every \`docker\` command in this job fails: \`client version ${pinned} is too old. Minimum supported API version is ${minimum}\`.`,
    expected: `API >= ${minimum}, or no pin`,
    observed: `DOCKER_API_VERSION=${pinned}`,
    evidence: evidenceOf(seen4),
    remedy: {
      text: unpin,
      commands: ["unset DOCKER_API_VERSION"],
      kind: "runner",
      otherwise: letOldClientsIn(seen4, pinned)
    }
  };
}
function pinnedTooNew(seen4, pinned) {
  const { cli, version: version2 } = seen4;
  const lowered = lowersPin(cli);
  return {
    kind: "finding",
    reason: "client-too-new",
    message: `\`DOCKER_API_VERSION\` pins API ${pinned}, the daemon (${version2.version}) speaks at most ${version2.apiVersion}.`,
    why: lowered ? `This release of the CLI goes down to ${version2.apiVersion} without a word, so it works; every older one fails here.` : `Every \`docker\` command in this job fails: \`client version ${pinned} is too new. Maximum supported API version is ${version2.apiVersion}\`.`,
    expected: `API <= ${version2.apiVersion}, or no pin`,
    observed: `DOCKER_API_VERSION=${pinned}`,
    evidence: evidenceOf(seen4),
    level: lowered ? "warn" : "fail",
    remedy: { text: unpin, commands: ["unset DOCKER_API_VERSION"], kind: "runner" }
  };
}
function lowersPin({ said, version: version2 }) {
  var _a, _b;
  if ((said == null ? void 0 : said.kind) === "told") return said.error === void 0;
  const [major, minor] = (_b = (_a = findVersion(version2 != null ? version2 : "")) == null ? void 0 : _a.numbers) != null ? _b : [0, 0];
  return major > 29 || major === 29 && minor >= 7;
}
function pinnedToNonsense(seen4, pinned) {
  return {
    kind: "finding",
    reason: "client-too-new",
    message: `\`DOCKER_API_VERSION\` says ${code(pinned)}, which is no API version.`,
    why: "Every `docker` command in this job fails: `page not found` in older releases, `invalid API version` in newer ones.",
    expected: "a number like 1.44, or no pin",
    observed: `DOCKER_API_VERSION=${pinned}`,
    evidence: evidenceOf(seen4),
    level: "fail",
    remedy: { text: unpin, commands: ["unset DOCKER_API_VERSION"], kind: "runner" }
  };
}
function evidenceOf({ cli, path, engine, version: version2 }) {
  const { api, said, pinned } = cli;
  const minimum = version2.minApiVersion === void 0 ? "" : `MinAPIVersion ${version2.minApiVersion}, `;
  const evidence = [
    { source: `GET /version on ${engine.endpoint}`, text: `${minimum}ApiVersion ${version2.apiVersion}` }
  ];
  if (api) {
    const range = api.atLeast ? `API ${api.max} at least` : `API ${api.max}`;
    evidence.push({ source: `${path} --version`, text: `release ${cli.version}, which speaks ${range}` });
  }
  if ((said == null ? void 0 : said.kind) === "told") {
    const error2 = said.error === void 0 ? "" : `: ${said.error}`;
    evidence.push({ source: `${path} version`, text: `client API ${said.newestApi}, used ${said.usedApi}${error2}` });
  }
  if ((said == null ? void 0 : said.kind) === "failed") evidence.push({ source: `${path} version`, text: said.error });
  if ((said == null ? void 0 : said.kind) === "timed-out") evidence.push({ source: `${path} version`, text: "no answer within the deadline" });
  if (pinned !== void 0) evidence.push({ source: "environment", text: `DOCKER_API_VERSION=${pinned}` });
  return evidence;
}
function firstLine(text2) {
  var _a;
  return (_a = text2.split("\n")[0]) != null ? _a : "";
}

// src/checks/docker/cli.ts
var dockerCli = defineCheck({
  id: "docker/cli",
  title: "The Docker CLI is there and starts",
  reasons: {
    missing: { level: "fail", summary: "There is no Docker CLI" },
    "off-path": { level: "fail", summary: "The Docker CLI is not on the PATH" },
    broken: { level: "fail", summary: "The Docker CLI does not start" },
    "podman-shim": { level: "warn", summary: "`docker` is Podman in disguise" }
  },
  needs: { tool: dockerToolProbe, cli: dockerCliProbe, container: containerProbe, os: osProbe },
  applies: wantsDocker,
  judge({ tool, cli, container, os: os4 }, policy) {
    var _a;
    const place = { inContainer: container.mode === "container", os: os4.name };
    const { run } = tool;
    if (run.kind === "search-timed-out") {
      return { kind: "undecided", message: `Could not look for \`docker\`: ${code(run.directory)} does not answer.` };
    }
    if (run.kind !== "ran") {
      if (tool.unusable.length > 0) return unusable(tool, place);
      if (tool.elsewhere.length > 0) return offPath(tool, tool.elsewhere, place);
      if (policy.docker.require === "optional") {
        return { kind: "skip", reason: "absent", message: "There is no `docker` on the PATH." };
      }
      return missing(tool, place);
    }
    const { outcome } = run;
    if (outcome.kind === "timed-out") {
      return { kind: "undecided", message: "`docker --version` gave no answer in time.", evidence: evidenceOf2(tool) };
    }
    if (outcome.kind !== "exited" || outcome.code !== 0) return broken(tool, outcome, place);
    if (cli.product === "other" && cli.version === void 0) return stranger(tool, place);
    if (cli.product === "podman") return podmanShim(tool, cli.version, place);
    const said = (_a = cli.version) != null ? _a : "of a version that nobody gave a number";
    return { kind: "pass", message: `docker ${said}`, evidence: evidenceOf2(tool) };
  }
});
var everyCommandFails = "Every `docker` command in this job fails.";
function missing(tool, place) {
  return {
    kind: "finding",
    reason: "missing",
    message: `There is no \`docker\` ${place.inContainer ? "in this image" : "on this machine"}.`,
    why: `${everyCommandFails} The socket alone is not enough: the CLI comes with the ${place.inContainer ? "image" : "host"}.`,
    expected: "`docker` on the PATH",
    observed: "not found",
    evidence: evidenceOf2(tool),
    remedy: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"])
  };
}
function offPath(tool, elsewhere2, place) {
  var _a, _b;
  const found = (_a = elsewhere2[0]) != null ? _a : "";
  const directory2 = found.replace(/\/[^/]*$/, "") || "/";
  const target2 = (_b = ["/usr/local/bin", "/usr/bin", "/bin"].find((usual) => tool.path.includes(usual))) != null ? _b : tool.path[0];
  const link = target2 === void 0 ? [] : [`ln -s ${shellQuote(found)} ${shellQuote(`${target2}/docker`)}`];
  const remedy = place.inContainer ? {
    text: `Put ${code(directory2)} on the image's PATH: with \`ENV PATH=\u2026\` in the Dockerfile, since no job reads a shell's profile. A link into a directory that is on it does as well.`,
    commands: link,
    kind: "image"
  } : {
    text: `Put ${code(directory2)} on the PATH of the runner's service, which knows nothing of a login shell's profile. A link into a directory that is on it does as well.`,
    commands: link.map((command) => `sudo ${command}`),
    kind: "host"
  };
  return {
    kind: "finding",
    reason: "off-path",
    message: `\`docker\` lies at ${listed(elsewhere2.slice(0, 3).map(code))}, where the PATH of this job does not lead.`,
    why: everyCommandFails,
    expected: "`docker` on the PATH",
    observed: found,
    evidence: evidenceOf2(tool),
    remedy
  };
}
function unusable(tool, place) {
  var _a, _b, _c, _d, _e, _f;
  const [first] = tool.unusable;
  const path = (_a = first == null ? void 0 : first.path) != null ? _a : "";
  const states = {
    "not-executable": `may not be executed by this user (mode ${octal((_b = first == null ? void 0 : first.mode) != null ? _b : 0)}, owner ${(_c = first == null ? void 0 : first.uid) != null ? _c : "?"})`,
    "dangling-link": "is a link that leads nowhere",
    closed: "lies in a directory that is closed to this user",
    unreadable: `cannot be looked at (${(_d = first == null ? void 0 : first.code) != null ? _d : "?"})`
  };
  const state = states[(_e = first == null ? void 0 : first.kind) != null ? _e : "unreadable"];
  const sudo = place.inContainer ? "" : "sudo ";
  const remedy = (first == null ? void 0 : first.kind) === "not-executable" ? {
    text: "Let everybody execute it: the CLI itself gives no rights.",
    commands: [`ls -l ${shellQuote(path)}`, `${sudo}chmod a+rx ${shellQuote(path)}`],
    kind: place.inContainer ? "image" : "host"
  } : installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]);
  return {
    kind: "finding",
    reason: "broken",
    message: `${code(path)} ${state}.`,
    why: everyCommandFails,
    expected: "a `docker` that starts",
    observed: (_f = first == null ? void 0 : first.kind) != null ? _f : "",
    evidence: evidenceOf2(tool),
    remedy
  };
}
function broken(tool, outcome, place) {
  var _a, _b;
  const path = (_b = (_a = tool.found) == null ? void 0 : _a.path) != null ? _b : "docker";
  const podmanGone = /exec: \S*podman: not found/.test(outcome.stderr);
  const message = podmanGone ? `${code(path)} is the script of the package \`podman-docker\`, and the Podman behind it is gone.` : `${code(path)} is there, but \`docker --version\` ${endOf(outcome)}.${fileProblem(tool)}`;
  return {
    kind: "finding",
    reason: "broken",
    message,
    why: everyCommandFails,
    expected: "`docker --version` prints a version",
    observed: endOf(outcome),
    evidence: evidenceOf2(tool),
    remedy: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"])
  };
}
function stranger(tool, place) {
  var _a, _b;
  return {
    kind: "finding",
    reason: "broken",
    message: `${code((_b = (_a = tool.found) == null ? void 0 : _a.path) != null ? _b : "docker")} starts, but what \`docker --version\` prints is no version.`,
    why: `It is a script or another program of that name. ${everyCommandFails}`,
    expected: "`Docker version \u2026`",
    observed: "no version",
    evidence: evidenceOf2(tool),
    remedy: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"])
  };
}
function endOf(outcome) {
  switch (outcome.kind) {
    case "exited":
      return `exits with ${outcome.code}`;
    case "signalled":
      return `dies of ${outcome.signal}`;
    case "not-started":
      return `cannot be started (${outcome.code})`;
    case "timed-out":
      return "gives no answer";
  }
}
function fileProblem({ file, arch }) {
  if (!file) return "";
  if (file.machine !== void 0 && file.machine !== arch) {
    return ` It is made for ${file.machine}, and this machine is ${arch}.`;
  }
  if (file.interpreterFound === false && file.interpreter !== void 0) {
    return ` It needs ${code(file.interpreter)}, which is not there: a program for glibc does not start on musl, nor the other way round.`;
  }
  return file.format === "empty" ? " The file is empty." : "";
}
function podmanShim(tool, version2, place) {
  var _a, _b;
  const podman2 = version2 === void 0 ? "Podman" : `Podman ${version2}`;
  return {
    kind: "finding",
    reason: "podman-shim",
    message: `${code((_b = (_a = tool.found) == null ? void 0 : _a.path) != null ? _b : "docker")} is no Docker CLI, but a script that starts ${podman2}.`,
    why: "It ignores `DOCKER_HOST` and the Docker socket, keeps images and containers of its own, and knows neither `buildx` nor `compose` as Docker does: what a job builds with it, the daemon behind the socket never sees.",
    expected: "Docker's own CLI",
    observed: podman2,
    evidence: evidenceOf2(tool),
    remedy: {
      ...installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]),
      text: `Remove the package \`podman-docker\` and install a Docker CLI from Docker's own packages (https://docs.docker.com/engine/install/). If Podman is what you want, say so in the policy: \`severity: { "docker/cli:podman-shim": off }\`.`
    }
  };
}
function evidenceOf2({ path, found, unusable: failed, elsewhere: elsewhere2, run }) {
  var _a;
  const evidence = [];
  if (run.kind === "ran") {
    const { stdout, stderr } = run.outcome;
    const text2 = [stdout.trim(), stderr.trim()].filter((part) => part !== "").join("\n");
    evidence.push({
      source: `${(_a = found == null ? void 0 : found.path) != null ? _a : "docker"} --version`,
      text: `${endOf(run.outcome)}: ${text2.slice(0, 1e3)}`
    });
  } else evidence.push({ source: "PATH", text: path.join(":").slice(0, 1e3) });
  for (const { path: where, kind } of failed) evidence.push({ source: where, text: kind });
  for (const where of elsewhere2) evidence.push({ source: where, text: "an executable, not on the PATH" });
  return evidence;
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
        serverUrl: withoutCredentials2(env.GITHUB_SERVER_URL),
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
function withoutCredentials2(value) {
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
  const baseName2 = field(field(base, "repo"), "full_name");
  return typeof headName === "string" && typeof baseName2 === "string" ? headName !== baseName2 : void 0;
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
function defined(fields2) {
  return Object.fromEntries(Object.entries(fields2).filter(([, value]) => value !== void 0));
}

// src/checks/docker/daemon-causes.ts
function causeOf(endpoint, situation, errno) {
  const address2 = code(endpoint.address);
  const isTcp = endpoint.endpoint.kind === "tcp";
  switch (errno) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        what: "no such host is known here",
        remedy: {
          text: `Correct the name in ${address2}, or put the job into the network where it is known: a service called \`docker\` is known under that name only in its own network. For Gitea's runner that is \`container.network\`.`,
          commands: [`getent hosts ${hostOf(endpoint)}`],
          kind: "runner"
        }
      };
    case "ECONNREFUSED":
      return {
        what: "nobody listens there",
        remedy: {
          text: `Start the daemon, and let it listen at ${address2}: Docker alone listens on its unix socket only. With TLS the usual port is 2376, without it 2375. In a job container, \`localhost\` is the container itself.`,
          commands: ["docker ps --filter name=dind   # on the daemon's machine", "ss -ltnp | grep 237"],
          kind: "host"
        }
      };
    case "ECONNRESET":
    case "EPIPE":
      return {
        what: "the connection is accepted and closed at once, without a word",
        remedy: {
          text: "Look at what listens there: a proxy or forwarder whose own daemon is gone behaves like this, and so does a daemon that is just going down, or one that wants TLS.",
          commands: daemonLog,
          kind: "host"
        }
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return {
        what: "no way leads there from this network",
        remedy: {
          text: `Correct the address ${address2}, or put the job into a network from which the daemon can be reached (Gitea's runner: \`container.network\`).`,
          kind: "runner"
        }
      };
    default:
      return isTcp && /CERT|SSL|TLS|SELF_SIGNED|EPROTO|LEAF_SIGNATURE/.test(errno) ? { what: `TLS fails (${code(errno)})`, remedy: mendTls(errno, endpoint, situation) } : { what: code(errno), remedy: { text: "Look at the daemon's log.", commands: daemonLog, kind: "host" } };
  }
}
var daemonLog = [
  "systemctl status docker.socket docker.service",
  "sudo journalctl -u docker --since -1h --no-pager | tail -50"
];
function hostOf({ endpoint }) {
  return endpoint.kind === "tcp" ? shellQuote(endpoint.host) : "docker";
}
function mendTls(errno, endpoint, situation) {
  if (errno === "EPROTO") {
    return {
      text: "The daemon speaks no TLS at this port. Use the port with TLS, usually 2376; or, for a daemon without TLS, unset `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`.",
      commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
      kind: "runner"
    };
  }
  if (errno === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      text: `The daemon's certificate does not hold the name in ${code(endpoint.address)}. Use a name that it holds (\`docker:dind\` makes it for \`docker\` and \`localhost\`), or make a new one with this name.`,
      ...setVariables(situation, { DOCKER_HOST: "tcp://docker:2376" }),
      kind: "runner"
    };
  }
  return {
    text: "The certificates of job and daemon do not fit. Those of `docker:dind` are made anew whenever its volume is: mount the volume that this daemon uses, and look at the dates.",
    commands: [
      'openssl x509 -in "$DOCKER_CERT_PATH/ca.pem" -noout -subject -dates',
      'openssl x509 -in "$DOCKER_CERT_PATH/cert.pem" -noout -issuer -dates'
    ],
    kind: "runner"
  };
}
function whoListens({ endpoint }) {
  if (endpoint.kind === "unix") return [`sudo ss -lxp | grep ${shellQuote(endpoint.path)}`];
  return endpoint.kind === "tcp" ? [`sudo ss -ltnp 'sport = :${endpoint.port}'   # on ${endpoint.host}`] : [];
}

// src/checks/docker/engine-words.ts
function isPodman({ components, server }) {
  return /^libpod\//i.test(server != null ? server : "") || components.some(({ name }) => /^podman/i.test(name));
}
function describeAnswer(answer, say) {
  switch (answer.kind) {
    case "ok":
      return say(answer.value);
    case "http-error":
      return `${answer.status} ${answer.body.slice(0, 500)}`.trim();
    case "not-docker":
      return answer.body.slice(0, 500);
    case "failed":
      return `${answer.code}: ${answer.message}`;
    case "timed-out":
      return "no answer within the deadline";
    case "no-endpoint":
      return "not asked";
  }
}
function describeVersion(answer) {
  return describeAnswer(answer, ({ version: version2, apiVersion, minApiVersion, components, server }) => {
    const parts = components.filter(({ name }) => name !== "Engine").map(({ name, version: own2 }) => `${name} ${own2}`);
    const minimum = minApiVersion === void 0 ? "" : `, MinAPIVersion ${minApiVersion}`;
    const rest = [server, ...parts].filter(Boolean).join(", ");
    return `Version ${version2}, ApiVersion ${apiVersion}${minimum}${rest === "" ? "" : ` (${rest})`}`;
  });
}

// src/checks/docker/daemon.ts
function mendedBy(version2) {
  var _a;
  const entry = runnerKnowledge("setup-job-broken");
  return (_a = entry.ranges.find((range) => holdsFor({ ...entry, ranges: [range] }, version2) === "yes")) == null ? void 0 : _a.before;
}
var dockerDaemon = defineCheck({
  id: "docker/daemon",
  title: "A Docker daemon answers",
  reasons: {
    unreachable: { level: "fail", summary: "The Docker daemon cannot be reached" },
    timeout: { level: "fail", summary: "The Docker daemon does not answer" },
    "not-docker": { level: "fail", summary: "What answers is no Docker daemon" },
    "http-error": { level: "fail", summary: "The Docker daemon answers with an error" },
    forbidden: { level: "fail", summary: "The Docker daemon, or a proxy before it, refuses this job" },
    "known-bad": { level: "fail", summary: "This release of Docker breaks the set-up of jobs" },
    podman: { level: "warn", summary: "The daemon is Podman, not Docker" }
  },
  needs: { engine: dockerEngineProbe, endpoint: dockerEndpointProbe, container: containerProbe, job: jobProbe },
  after: ["docker/endpoint", "docker/socket"],
  applies: wantsDocker,
  judge({ engine, endpoint, container, job }, policy) {
    const seen4 = { engine, endpoint, situation: situationOf(container, job) };
    const { version: version2 } = engine;
    switch (version2.kind) {
      case "no-endpoint":
        return {
          kind: "skip",
          reason: "not-applicable",
          message: `A daemon at ${code(engine.endpoint)} is out of reach for this check.`
        };
      case "failed":
        if (endpoint.endpoint.kind === "unix" && version2.code === "ENOENT" && policy.docker.require === "optional") {
          return { kind: "skip", reason: "absent", message: "No Docker here." };
        }
        if (version2.code === "EMSGSIZE") return notDocker(seen4, version2.message);
        return version2.code === "EAGAIN" ? noAnswer(seen4) : unreachable(seen4, version2);
      case "timed-out":
        return noAnswer(seen4);
      case "not-docker":
        return notDocker(seen4, version2.body);
      case "http-error":
        return httpError(seen4, version2, "/version");
      case "ok":
        return judgeVersion(seen4, version2.value);
    }
  }
});
function judgeVersion(seen4, version2) {
  const { info } = seen4.engine;
  const good = mendedBy(version2.version);
  if (good !== void 0) return knownBadRelease(seen4, version2, good);
  if (info.kind === "http-error" && info.status >= 500) return httpError(seen4, info, "/info");
  if (isPodman(version2)) return podman(seen4, version2);
  const system = info.kind === "ok" && info.value.operatingSystem !== "" ? ` on ${info.value.operatingSystem}` : "";
  const rootless = info.kind === "ok" && info.value.securityOptions.some((option) => option.includes("rootless"));
  const minimum = version2.minApiVersion === void 0 ? "" : `, minimum ${version2.minApiVersion}`;
  return {
    kind: "pass",
    message: `Docker ${version2.version}${rootless ? " (rootless)" : ""}${system}, API ${version2.apiVersion}${minimum}`,
    evidence: evidenceOf3(seen4)
  };
}
var everyCommandFails2 = "Every `docker` command in this job fails.";
function unreachable(seen4, failure) {
  const { engine } = seen4;
  const { what, remedy } = causeOf(seen4.endpoint, seen4.situation, failure.code);
  return {
    kind: "finding",
    reason: "unreachable",
    message: `${code(engine.endpoint)} cannot be reached: ${what}.`,
    why: everyCommandFails2,
    expected: "a Docker daemon that answers `GET /version`",
    observed: `${failure.code}: ${failure.message}`,
    evidence: evidenceOf3(seen4),
    remedy
  };
}
function noAnswer(seen4) {
  const { engine, endpoint } = seen4;
  const remote = endpoint.endpoint.kind === "tcp";
  return {
    kind: "finding",
    reason: "timeout",
    message: `${code(engine.endpoint)} gives no answer to \`GET /version\` within the deadline.`,
    why: "The Docker CLI has no deadline of its own: every `docker` command hangs until the job is killed.",
    expected: "an answer within milliseconds",
    observed: "none",
    evidence: evidenceOf3(seen4),
    remedy: {
      text: `${remote ? "See whether a firewall swallows the connection. If not, the" : "The"} daemon hangs: a full or dying disk, a stuck container shim, or a lock in its storage are the usual causes. Its stack goes into its log with \`SIGUSR1\`; restarting it ends what hangs, and, without \`live-restore\`, every running container too.`,
      commands: [
        "df -h /var/lib/docker; dmesg | tail",
        'sudo kill -USR1 "$(pidof dockerd)" && sudo journalctl -u docker -n 50 --no-pager',
        "sudo systemctl restart docker"
      ],
      kind: "host"
    }
  };
}
function notDocker(seen4, body) {
  const { engine } = seen4;
  const html = /<(!doctype|html|head|body)\b/i.test(body);
  return {
    kind: "finding",
    reason: "not-docker",
    message: `Something answers at ${code(engine.endpoint)}, but not a Docker daemon${html ? ": it sends a web page" : ""}.`,
    why: everyCommandFails2,
    expected: "JSON with `Version` and `ApiVersion`",
    observed: body.slice(0, 200),
    evidence: evidenceOf3(seen4),
    remedy: {
      text: "Find out who listens there, and point Docker (`DOCKER_HOST`, or what the runner mounts at this path) to the daemon instead.",
      commands: whoListens(seen4.endpoint),
      kind: "host"
    }
  };
}
function httpError(seen4, { status, body }, path) {
  const { engine, situation } = seen4;
  const common = {
    kind: "finding",
    expected: `GET ${path} answers with 200`,
    observed: `${status} ${body.slice(0, 200)}`.trim(),
    evidence: evidenceOf3(seen4)
  };
  if (status === 401 || status === 403 || status === 407) {
    return {
      ...common,
      reason: "forbidden",
      message: `${code(engine.endpoint)} answers \`GET ${path}\` with ${status}: it is reached, but this job may not use it.`,
      why: "Between this job and the daemon stands a socket proxy or an authorization plugin that does not even let the first question through, so no `docker` command works.",
      remedy: {
        text: "Let the proxy pass what the jobs need. The proxy by Tecnativa takes that from its environment: a build needs at least these. Or take Docker from this label, and say so in the policy (`docker: forbidden`).",
        commands: [
          "docker run \u2026 --env VERSION=1 --env PING=1 --env INFO=1 --env CONTAINERS=1 --env IMAGES=1 --env BUILD=1 --env POST=1 \u2026"
        ],
        kind: "host"
      }
    };
  }
  if (status === 400 && /https server/i.test(body)) {
    return {
      ...common,
      reason: "http-error",
      message: `The daemon at ${code(engine.endpoint)} wants TLS, and this job speaks plain HTTP to it.`,
      why: everyCommandFails2,
      remedy: {
        text: "Switch TLS on for the jobs, and mount the client's certificates.",
        ...setVariables(situation, { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client" }),
        kind: "runner"
      }
    };
  }
  return {
    ...common,
    reason: "http-error",
    message: `${code(engine.endpoint)} answers \`GET ${path}\` with ${status}.`,
    why: "The daemon, or a proxy before it, is ill: `docker` commands fail with what it says, some or all of them.",
    remedy: {
      text: "Look into the daemon's log; restarting it is the next thing to try. `503` and `502` come from a proxy whose daemon is gone, `404` from a web server that is none.",
      commands: [...daemonLog, "sudo systemctl restart docker"],
      kind: "host"
    }
  };
}
function knownBadRelease(seen4, { version: version2 }, good) {
  return {
    kind: "finding",
    reason: "known-bad",
    message: `Docker ${version2} cannot copy files below \`/var/run\` into containers in which that is a link to \`/run\`, as in most images.`,
    why: "Runners do just that before the first step: jobs die in `Set up job` with `path escapes from parent` or `mkdirat var/run: file exists`, unless their image has a real `/var/run`.",
    expected: `Docker ${good} or newer`,
    observed: version2,
    evidence: evidenceOf3(seen4),
    remedy: {
      text: `Upgrade the engine on the host to ${good} or newer, which mends it.`,
      commands: [
        "sudo apt-get update && sudo apt-get install --only-upgrade -y docker-ce docker-ce-cli containerd.io",
        "docker version --format '{{.Server.Version}}'"
      ],
      kind: "host",
      otherwise: {
        text: "Until then, an image with a real `/var/run` gets through: the last line of its Dockerfile makes one.",
        config: { file: "Dockerfile", language: "dockerfile", text: "RUN rm -f /var/run && mkdir -p /var/run" },
        kind: "image"
      }
    }
  };
}
function podman(seen4, { version: version2, apiVersion }) {
  return {
    kind: "finding",
    reason: "podman",
    message: `At ${code(seen4.engine.endpoint)} answers Podman ${version2}, which speaks Docker's API ${apiVersion} in part.`,
    why: "`docker ps`, `run` and `build` mostly work; `buildx`, networks and health checks differ, and the runners do not support it. Where something fails here that works elsewhere, look at this first.",
    expected: "Docker Engine",
    observed: `Podman ${version2}`,
    evidence: evidenceOf3(seen4),
    remedy: {
      text: "Let the runner use Docker Engine. If Podman is what you want, say so in the policy.",
      config: { file: ".gitea/runner-check.yml", language: "yaml", text: "severity:\n  docker/daemon:podman: off" },
      kind: "host"
    }
  };
}
function evidenceOf3({ engine }) {
  var _a;
  const { version: version2, info, endpoint } = engine;
  const evidence = [{ source: `GET /version on ${endpoint}`, text: describeVersion(version2) }];
  const told = describeAnswer(
    info,
    ({ operatingSystem, driver, dockerRootDir }) => [operatingSystem, driver && `storage ${driver}`, dockerRootDir].filter(Boolean).join(", ")
  );
  if (told !== ((_a = evidence[0]) == null ? void 0 : _a.text)) evidence.push({ source: `GET /info on ${endpoint}`, text: told });
  return evidence;
}

// src/checks/docker/endpoint.ts
var dockerEndpoint = defineCheck({
  id: "docker/endpoint",
  title: "Docker is looked for at a valid and safe address",
  reasons: {
    "invalid-host": { level: "fail", summary: "The Docker address leads nowhere" },
    "tcp-without-tls": { level: "fail", summary: "Docker is reached over the network without encryption" },
    "tls-files-missing": { level: "fail", summary: "The certificate files for Docker are missing" },
    "ssh-unsupported": { level: "skip", summary: "Docker behind ssh is not looked into" }
  },
  needs: { endpoint: dockerEndpointProbe, engine: dockerEngineProbe, container: containerProbe, job: jobProbe },
  applies: wantsDocker,
  judge({ endpoint: facts, engine, container, job }) {
    var _a, _b;
    const { endpoint, address: address2 } = facts;
    const answers = engine.version.kind === "ok";
    const situation = situationOf(container, job);
    switch (endpoint.kind) {
      case "invalid":
        return invalidHost(facts, endpoint, situation);
      case "ssh":
        return {
          kind: "skip",
          reason: "ssh-unsupported",
          message: `${origin(facts)} names a daemon behind ssh (${code(address2)}). Docker starts \`ssh\` for every command there, which this check does not do: try \`docker version\` by hand.`
        };
      case "unix": {
        const missing3 = ((_a = endpoint.files) != null ? _a : []).filter(({ role, state }) => role === "ca" && state !== "present");
        if (missing3.length > 0) return tlsFilesMissing(facts, missing3);
        return { kind: "pass", message: `${code(address2)} (${origin(facts)})`, evidence: seen(facts) };
      }
      case "tcp": {
        if (endpoint.tls === "none" && !isLoopback(endpoint.host)) return tcpWithoutTls(facts, endpoint, situation);
        if (facts.source === "default" && !answers) return tlsWithoutHost(facts, situation);
        const missing3 = ((_b = endpoint.files) != null ? _b : []).filter(({ state }) => state !== "present");
        if (missing3.some(({ role }) => role === "ca") || missing3.length > 0 && !answers) {
          return tlsFilesMissing(facts, missing3);
        }
        const how = endpoint.tls === "none" ? "no TLS, but on this machine only" : "with TLS";
        return { kind: "pass", message: `${code(address2)}, ${how} (${origin(facts)})`, evidence: seen(facts) };
      }
    }
  }
});
function isLoopback(host) {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
function origin({ source, context, endpoint }) {
  switch (source) {
    case "DOCKER_HOST":
      return "`DOCKER_HOST`";
    case "DOCKER_CONTEXT":
      return `context ${code(context != null ? context : "?")} of \`DOCKER_CONTEXT\``;
    case "config":
      return `context ${code(context != null ? context : "?")} of the CLI's configuration`;
    case "default":
      return endpoint.kind === "tcp" ? "Docker's default with `DOCKER_TLS_VERIFY` or `DOCKER_TLS`" : "Docker's default";
  }
}
function seen(facts) {
  const { address: address2, source, context, config } = facts;
  const from = {
    DOCKER_HOST: "environment, DOCKER_HOST",
    DOCKER_CONTEXT: `environment, DOCKER_CONTEXT=${context}`,
    config: `${config.path}, currentContext ${context}`,
    default: "Docker's default"
  }[source];
  const configuration = config.state === "unreadable" || config.state === "invalid" ? [{ source: config.path, text: `${config.state}: the CLI warns and goes on without it` }] : [];
  return [{ source: from, text: address2 }, ...configuration];
}
function invalidHost(facts, endpoint, situation) {
  const { address: address2, source } = facts;
  return {
    kind: "finding",
    reason: "invalid-host",
    message: facts.context === void 0 ? `${origin(facts)} says ${code(address2)}: ${endpoint.why}.` : `Docker cannot use the ${origin(facts)}: ${endpoint.why}.`,
    why: "Every `docker` command in this job fails before it reaches a daemon.",
    expected: "an address like `unix:///var/run/docker.sock` or `tcp://host:2376`",
    observed: address2,
    evidence: seen(facts),
    remedy: source === "DOCKER_HOST" ? setDockerHost(endpoint.meant, situation) : leaveContext(facts, situation)
  };
}
function tlsWithoutHost(facts, situation) {
  const { address: address2 } = facts;
  return {
    kind: "finding",
    reason: "invalid-host",
    message: `\`DOCKER_TLS_VERIFY\` or \`DOCKER_TLS\` is set, and \`DOCKER_HOST\` is not: Docker then looks for its daemon at ${code(address2)}, where none answers, and not at the socket.`,
    why: "Every `docker` command in this job fails before it reaches a daemon.",
    expected: "no variables of TLS, or a `DOCKER_HOST` that they are meant for",
    observed: address2,
    evidence: seen(facts),
    remedy: {
      text: `Remove the variables where they are set, or name the daemon that they are for in \`DOCKER_HOST\`. ${sourcesOfVariable}`,
      commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
      kind: situation.inContainer ? "runner" : "host"
    }
  };
}
var sourcesOfVariable = "It can come from `env:` of the workflow, from `runner.envs` or `runner.env_file` of the runner's `config.yaml`, from the runner's service (host jobs) or from `ENV` of the image.";
function setDockerHost(meant2, situation) {
  return {
    text: `Correct the variable where it is set, or remove it: without it, Docker uses \`unix:///var/run/docker.sock\`. ${sourcesOfVariable}`,
    ...setVariables(situation, { DOCKER_HOST: meant2 != null ? meant2 : "unix:///var/run/docker.sock" }),
    kind: "runner"
  };
}
function leaveContext({ source, config }, situation) {
  const directory2 = config.path.replace(/\/config\.json$/, "");
  if (source === "DOCKER_CONTEXT") {
    return {
      text: `Remove \`DOCKER_CONTEXT\` from where it is set, or create the context there. ${sourcesOfVariable}`,
      commands: ["docker context ls"],
      kind: "runner"
    };
  }
  return {
    text: `Go back to the default context. The choice is kept in ${code(config.path)}, which often was copied from a machine with Docker Desktop.`,
    commands: [`DOCKER_CONFIG=${shellQuote(directory2)} docker context use default`],
    kind: situation.inContainer ? "image" : "host"
  };
}
function tcpWithoutTls(facts, endpoint, situation) {
  const { address: address2 } = facts;
  const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  return {
    kind: "finding",
    reason: "tcp-without-tls",
    message: `${origin(facts)} says ${code(address2)}, and no TLS is set up for it.`,
    why: "Whoever can reach that port is root on the daemon's machine, with no password asked, and what the job sends (build secrets, registry logins) can be read on the way.",
    expected: "a unix socket, TLS, or a loopback address",
    observed: `${address2} without TLS`,
    evidence: [...seen(facts), { source: "environment", text: "neither DOCKER_TLS_VERIFY nor DOCKER_TLS is set" }],
    remedy: {
      text: "Let the daemon ask for certificates and give the job those of a client. The image `docker:dind` makes both by itself where `DOCKER_TLS_CERTDIR` is set; share that directory with the job.",
      ...setVariables(situation, {
        DOCKER_HOST: `tcp://${host}:2376`,
        DOCKER_TLS_VERIFY: "1",
        DOCKER_CERT_PATH: "/certs/client"
      }),
      kind: "runner",
      otherwise: {
        text: "If the daemon runs on the same machine, use its unix socket and remove the variable. If it is a throw-away Docker-in-Docker on a network of its own that nobody else can reach, say so in the policy.",
        config: {
          file: ".gitea/runner-check.yml",
          language: "yaml",
          text: "severity:\n  docker/endpoint:tcp-without-tls: warn"
        },
        kind: "workflow"
      }
    }
  };
}
function tlsFilesMissing(facts, missing3) {
  var _a;
  const { endpoint, address: address2 } = facts;
  const unreadable = missing3.every(({ state: state2 }) => state2 === "unreadable");
  const paths = missing3.map(({ path }) => path);
  const directory2 = ((_a = paths[0]) != null ? _a : "").replace(/\/[^/]*$/, "");
  const wanted2 = facts.source === "DOCKER_HOST" || facts.source === "default" ? "The TLS variables ask" : "The context asks";
  const state = unreadable ? "cannot be read by this user" : paths.length === 1 ? "is not there" : "are not there";
  return {
    kind: "finding",
    reason: "tls-files-missing",
    message: `${wanted2} for TLS to ${code(address2)}, but ${listed(paths.map(code))} ${state}.`,
    why: endpoint.kind === "unix" ? "Docker refuses to start without `ca.pem` as soon as these variables are set, though a unix socket uses no TLS: every `docker` command fails." : "Docker cannot prove who it is to the daemon, nor check the daemon: every `docker` command fails.",
    expected: `readable ca.pem, cert.pem and key.pem in ${directory2}`,
    observed: missing3.map(({ role, state: found }) => `${role}.pem ${found}`).join(", "),
    evidence: [...seen(facts), ...missing3.map(({ path, state: found }) => ({ source: path, text: found }))],
    remedy: endpoint.kind === "unix" ? dropTls : unreadable ? makeReadable(directory2) : mountCertificates(directory2)
  };
}
var dropTls = {
  text: `Remove \`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`: they belong to a daemon reached over tcp. ${sourcesOfVariable}`,
  commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
  kind: "runner"
};
function makeReadable(directory2) {
  return {
    text: "Give the files to the user that the job runs as, or run the job as the user that owns them. The key is nobody else's business: do not open it to all.",
    commands: [`ls -ln ${shellQuote(directory2)}`],
    kind: "host"
  };
}
function mountCertificates(directory2) {
  return {
    text: `Bring the client's certificates to ${code(directory2)} in the job. With \`docker:dind\` they lie in \`/certs/client\` of its volume: mount that volume, and allow it in \`valid_volumes\`.`,
    config: {
      file: configFile,
      language: "yaml",
      text: [
        "container:",
        `  options: ${yamlValue(`--volume ${shellQuote(`docker-certs:${directory2}:ro`)}`)}`,
        "  valid_volumes:",
        "    - docker-certs"
      ].join("\n")
    },
    kind: "runner",
    otherwise: {
      text: `If the daemon asks for no TLS, remove \`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`. If the files lie elsewhere, set \`DOCKER_CERT_PATH\` to that directory.`,
      kind: "runner"
    }
  };
}

// src/checks/docker/plugins.ts
var known = {
  buildx: {
    reason: "buildx-missing",
    why: "`docker buildx` fails with `unknown command`, `docker build` falls back to the legacy builder or fails, and `docker/build-push-action` does not work.",
    package: "docker-buildx-plugin"
  },
  compose: {
    reason: "compose-missing",
    why: "`docker compose` fails with `unknown command: docker compose` (before Docker 28: `'compose' is not a docker command`).",
    package: "docker-compose-plugin"
  }
};
var names = ["buildx", "compose"];
var dockerPlugins = defineCheck({
  id: "docker/plugins",
  title: "The Docker CLI has the plugins that the profile asks for",
  reasons: {
    "buildx-missing": { level: "warn", summary: "`docker buildx` is missing" },
    "compose-missing": { level: "warn", summary: "`docker compose` is missing" }
  },
  needs: { cli: dockerCliProbe, container: containerProbe, os: osProbe },
  after: ["docker/cli"],
  applies: (policy) => wantsDocker(policy) && policy.docker.plugins.length > 0,
  judge({ cli, container, os: os4 }, policy) {
    var _a;
    if (cli.product === "none")
      return { kind: "skip", reason: "absent", message: "There is no Docker CLI to plug into." };
    if (cli.product !== "docker") {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "This `docker` is no Docker CLI, and takes no plugins."
      };
    }
    const usable = cli.plugins.filter(({ state: state2 }) => state2 === "executable").map(({ name }) => name);
    const wanted2 = names.filter((name) => policy.docker.plugins.includes(name));
    const missing3 = wanted2.filter((name) => !usable.includes(name));
    const [first] = missing3;
    if (first === void 0) {
      return { kind: "pass", message: listed(wanted2), evidence: evidenceOf4(cli.plugins) };
    }
    const there = cli.plugins.filter(({ name }) => name === first);
    const state = there.length === 0 ? "is not installed" : `cannot be used: ${there.map(describe).join(", ")}`;
    const also = missing3.length > 1 ? ` Also missing: ${listed(missing3.slice(1).map(code))}.` : "";
    const place = { inContainer: container.mode === "container", os: os4.name };
    return {
      kind: "finding",
      reason: known[first].reason,
      message: `The plugin ${code(first)} of the Docker CLI ${state}.${also}`,
      why: known[first].why,
      expected: listed(wanted2),
      observed: listed(usable) || "no plugins",
      evidence: evidenceOf4(cli.plugins),
      remedy: (_a = repair(there, place)) != null ? _a : installCli(
        place,
        missing3.map((name) => known[name].package)
      )
    };
  }
});
function repair(there, place) {
  const closed2 = there.find(({ state }) => state === "not-executable");
  if (!closed2) return void 0;
  return {
    text: "Let everybody execute the file: the CLI passes over a plugin that it may not start.",
    commands: [`${place.inContainer ? "" : "sudo "}chmod a+rx ${shellQuote(closed2.path)}`],
    kind: place.inContainer ? "image" : "host"
  };
}
function describe({ path, state }) {
  return `${code(path)} ${state === "dangling-link" ? "is a link that leads nowhere" : "may not be executed by this user"}`;
}
function evidenceOf4(plugins) {
  if (plugins.length === 0) return [{ source: "cli-plugins directories", text: "no plugin in any of them" }];
  return plugins.map(({ path, state }) => ({ source: path, text: state }));
}

// src/probes/deadline.ts
async function within(ms, signal, work) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ms);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

// src/probes/docker-other-sockets.ts
var patienceMs = 2e3;
var dockerOtherSocketsProbe = {
  name: "docker-other-sockets",
  async collect(host, request, signal, ask) {
    const { endpoint } = await ask(dockerEndpointProbe);
    const used = endpoint.kind === "unix" ? await realPath(host, endpoint.path) : void 0;
    const sockets = /* @__PURE__ */ new Map();
    for (const path of [defaultSocket, ...await usualSockets(host)]) {
      const real = await realPath(host, path);
      if (real !== used && !sockets.has(real) && (await host.stat(path)).kind === "socket") sockets.set(real, path);
    }
    return within(
      Math.min(request.timeoutMs, patienceMs),
      signal,
      (limited) => Promise.all(
        [...sockets.values()].map(async (path) => {
          return { path, version: await askVersion(host, { kind: "unix", path }, limited) };
        })
      )
    );
  }
};
async function realPath(host, path) {
  const real = await host.realPath(path);
  return real.kind === "ok" ? real.value : path;
}

// src/checks/docker/presence.ts
var dockerPresence = defineCheck({
  id: "docker/presence",
  title: "This job cannot reach a Docker daemon",
  reasons: {
    "forbidden-but-present": { level: "fail", summary: "This job can reach a Docker daemon, and must not" }
  },
  needs: {
    engine: dockerEngineProbe,
    endpoint: dockerEndpointProbe,
    others: dockerOtherSocketsProbe,
    container: containerProbe,
    job: jobProbe
  },
  applies: (policy) => policy.docker.require === "forbidden",
  judge({ engine, endpoint, others, container, job }, policy) {
    const { version: version2, endpoint: address2 } = engine;
    const overSocket = endpoint.endpoint.kind === "unix";
    const evidence = [
      { source: `GET /version on ${address2}`, text: describeVersion(version2) },
      ...others.map((other2) => ({
        source: `GET /version on unix://${other2.path}`,
        text: describeVersion(other2.version)
      }))
    ];
    const situation = situationOf(container, job);
    const other = others.find((socket) => isThere2(socket.version));
    if (other && version2.kind !== "ok") return otherSocket(other, address2, policy.profile, evidence, situation);
    if (endpoint.endpoint.kind === "ssh" || version2.kind === "timed-out" && !overSocket) {
      return {
        kind: "undecided",
        message: `Could not find out whether a daemon answers at ${code(address2)}.`,
        evidence
      };
    }
    if (!isThere2(version2)) return { kind: "pass", message: `no daemon answers at ${code(address2)}`, evidence };
    const name = version2.kind === "ok" ? `Docker ${version2.value.version}` : "A Docker daemon";
    return {
      kind: "finding",
      reason: "forbidden-but-present",
      message: `${name} answers at ${code(address2)}, and the profile \`${policy.profile}\` forbids Docker.`,
      why: "Whoever can talk to a Docker daemon is root on its machine: every job of this label can read and change all that is there, the secrets of other jobs included.",
      expected: "no daemon within reach of the job",
      observed: describeVersion(version2),
      evidence,
      remedy: takeAway(situation, overSocket)
    };
  }
});
function isThere2({ kind }) {
  return kind === "ok" || kind === "http-error" || kind === "timed-out";
}
function otherSocket({ path, version: version2 }, address2, profile, evidence, situation) {
  return {
    kind: "finding",
    reason: "forbidden-but-present",
    message: `Docker is told to use ${code(address2)}, but a daemon also answers at ${code(path)}, and the profile ${code(profile)} forbids Docker.`,
    why: "What counts is access: any step can turn to that socket, and whoever can talk to a Docker daemon is root on its machine.",
    expected: "no daemon within reach of the job",
    observed: `${path}: ${describeVersion(version2)}`,
    evidence,
    remedy: takeAway(situation, true)
  };
}
function takeAway(situation, overSocket) {
  if (!overSocket) {
    return {
      text: "Remove `DOCKER_HOST` from the environment of the jobs, and take the job out of the network in which the daemon listens.",
      commands: ["unset DOCKER_HOST"],
      kind: "runner"
    };
  }
  if (!situation.inContainer) {
    return {
      text: "Take the runner's user out of the socket's group, and restart the runner: a running process keeps its old groups. Jobs that run as root cannot be kept from it: give them a container, or a machine without Docker.",
      commands: ["sudo gpasswd --delete gitea-runner docker   # or whoever runs the jobs", ...restartRunner(situation)],
      kind: "host"
    };
  }
  if (situation.system !== "gitea" && situation.system !== "forgejo") {
    return { text: "Start the job's container without a mount of the Docker socket.", kind: "runner" };
  }
  return {
    text: 'Keep the socket out of the job containers: with `docker_host: "-"` the runner uses the daemon itself, but mounts nothing. Remove it from `container.options` and `valid_volumes` too.',
    config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: "-"' },
    commands: restartRunner(situation),
    kind: "runner"
  };
}

// src/probes/docker-socket.ts
var dockerSocketProbe = {
  name: "docker-socket",
  async collect(host, _request, _signal, ask) {
    var _a;
    const { endpoint } = await ask(dockerEndpointProbe);
    if (endpoint.kind !== "unix") return { kind: "none" };
    const { path } = endpoint;
    const [engine, first, target2, groups, users, mountRoot, uidMap] = await Promise.all([
      ask(dockerEngineProbe),
      host.lstat(path),
      host.stat(path),
      namesById(host, "/etc/group"),
      namesById(host, "/etc/passwd"),
      mountRootOf(host, path),
      host.readText("/proc/self/uid_map", 4096)
    ]);
    const there = "mode" in target2 ? target2 : void 0;
    const name = host.uid === void 0 ? void 0 : users.get(host.uid);
    return {
      kind: "unix",
      path,
      found: first.kind,
      ...first.kind === "unreadable" && { code: first.code },
      ...first.kind === "link" && { link: { to: await destinationOf(host, path), found: target2.kind } },
      ...there && {
        owner: {
          mode: there.mode,
          uid: there.uid,
          gid: there.gid,
          ...groups.has(there.gid) && { group: (_a = groups.get(there.gid)) != null ? _a : "" }
        }
      },
      user: {
        ...host.uid !== void 0 && { uid: host.uid },
        ...name !== void 0 && { name },
        groups: [.../* @__PURE__ */ new Set([...host.gid === void 0 ? [] : [host.gid], ...host.groups])].slice(0, 100)
      },
      connection: connectionOf(engine.version),
      ...uidMap.kind === "ok" && !isWhole(uidMap.value) && { userNamespace: true },
      ...mountRoot !== void 0 && { mountRoot }
    };
  }
};
function isWhole(uidMap) {
  return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}
function connectionOf(answer) {
  var _a;
  if (answer.kind === "timed-out") return "timed-out";
  if (answer.kind === "failed" && answer.code !== "ECONNRESET" && answer.code !== "EPIPE") {
    return (_a = answer.code) != null ? _a : "EUNKNOWN";
  }
  return "accepted";
}
async function destinationOf(host, path) {
  const target2 = await host.readLink(path);
  return target2.kind === "ok" ? bounded(target2.value, 500) : "?";
}
async function namesById(host, path) {
  const text2 = await host.readText(path);
  if (text2.kind !== "ok") return /* @__PURE__ */ new Map();
  const entries = text2.value.split("\n").flatMap((line) => {
    const [name, , id] = line.split(":");
    return name && id && /^\d+$/.test(id) ? [[Number(id), bounded(name, 100)]] : [];
  });
  return new Map(entries.reverse());
}
async function mountRootOf(host, path) {
  const text2 = await host.readText("/proc/self/mountinfo", 256 * 1024);
  if (text2.kind !== "ok" || !text2.value.includes(".sock ")) return void 0;
  const real = await host.realPath(path);
  const places = [path, real.kind === "ok" ? real.value : path];
  const fields2 = text2.value.split("\n").map((line) => line.split(" "));
  const mount = fields2.find((line) => {
    var _a;
    return places.includes((_a = line[4]) != null ? _a : "");
  });
  return (mount == null ? void 0 : mount[3]) && bounded(mount[3], 500);
}

// src/checks/docker/socket-remedies.ts
function forMissing(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forMissing(...args);
}
function forDirectory(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forDirectory(...args);
}
function forNotASocket(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forNotASocket(...args);
}
function forPermissionDenied(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forPermissionDenied(...args);
}
function forUserNamespace(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forUserNamespace(...args);
}
function forWorldWritable(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forWorldWritable(...args);
}
function forRefused(...args) {
  return require("./findings.js").src_checks_docker_socket_remedies_ts.forRefused(...args);
}

// src/checks/docker/socket.ts
var dockerSocket = defineCheck({
  id: "docker/socket",
  title: "The Docker socket is there and lets this job in",
  reasons: {
    missing: { level: "fail", summary: "There is no Docker socket" },
    directory: { level: "fail", summary: "The Docker socket is a directory" },
    "not-a-socket": { level: "fail", summary: "What lies at the Docker socket's path is no socket" },
    "permission-denied": { level: "fail", summary: "This user may not open the Docker socket" },
    "world-writable": { level: "fail", summary: "Everybody may open the Docker socket" },
    refused: { level: "fail", summary: "Nobody listens on the Docker socket" }
  },
  needs: { socket: dockerSocketProbe, endpoint: dockerEndpointProbe, container: containerProbe, job: jobProbe },
  after: ["docker/endpoint"],
  applies: wantsDocker,
  judge({ socket, endpoint, container, job }, policy) {
    var _a, _b;
    if (socket.kind === "none") {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: `Docker is reached at ${code(endpoint.address)}, not over a socket of this machine.`
      };
    }
    const { connection } = socket;
    const seen4 = { socket, endpoint, situation: situationOf(container, job) };
    const kind = (_b = (_a = socket.link) == null ? void 0 : _a.found) != null ? _b : socket.found;
    if (kind === "absent") {
      if (policy.docker.require === "optional" && socket.path === defaultSocket && socket.found === "absent") {
        return { kind: "skip", reason: "absent", message: `No Docker here: ${code(socket.path)} does not exist.` };
      }
      return missing2(seen4);
    }
    if (kind === "directory") return directory(seen4);
    if (kind === "unreadable") return permissionDenied(seen4);
    if (kind !== "socket" || notAStream.includes(connection)) return notASocket(seen4, kind);
    if (connection === "EACCES" || connection === "EPERM") return permissionDenied(seen4);
    if (connection === "ENOENT") return missing2(seen4);
    if (socket.owner && (socket.owner.mode & 2) !== 0 && !belongsToJob(seen4))
      return worldWritable(seen4, socket.owner);
    if (connection === "ECONNREFUSED") return refused(seen4);
    const state = connection === "accepted" ? "accepts connections" : `is a socket (${connection})`;
    return { kind: "pass", message: `${code(socket.path)} ${state}`, evidence: evidenceOf5(seen4) };
  }
});
var notAStream = ["EPROTOTYPE", "ENOTSOCK"];
function belongsToJob({ socket, situation }) {
  var _a;
  const runner = situation.inContainer ? findVersion((_a = situation.giteaRunner) != null ? _a : "") : void 0;
  if (!runner || compareVersions(runner, { numbers: [3, 3, 0], prerelease: [] }) <= 0) return false;
  if (socket.mountRoot === void 0) return false;
  return !/^(\/var)?(\/run)?(\/user\/\d+)?(\/docker|\/podman)?\/(docker|podman)\.sock$/.test(socket.mountRoot);
}
function missing2(seen4) {
  const { socket, endpoint } = seen4;
  const link = socket.link ? ` It is a link to ${code(socket.link.to)}, which is not there.` : "";
  const other = endpoint.elsewhere[0];
  const found = other === void 0 ? "" : ` There is one at ${code(other)}, where Docker does not look by itself.`;
  return {
    kind: "finding",
    reason: "missing",
    message: `${code(socket.path)} does not exist${seen4.situation.inContainer ? " in this job container" : ""}.${link}${found}`,
    why: "Every `docker` command in this job fails: `Cannot connect to the Docker daemon`.",
    expected: `a socket at ${socket.path}`,
    observed: socket.link ? `a link that leads nowhere (${socket.link.to})` : "nothing there",
    evidence: evidenceOf5(seen4),
    remedy: forMissing(socket.path, endpoint, seen4.situation)
  };
}
function directory(seen4) {
  const { socket } = seen4;
  return {
    kind: "finding",
    reason: "directory",
    message: `${code(socket.path)} is a directory. Docker makes one where it is told to mount a path that does not exist on its own machine.`,
    why: "There is no way to the daemon, so every `docker` command in this job fails. Docker says only that it cannot connect.",
    expected: `a socket at ${socket.path}`,
    observed: "a directory",
    evidence: evidenceOf5(seen4),
    remedy: forDirectory(socket.path, seen4.situation)
  };
}
function notASocket(seen4, kind) {
  var _a;
  const { socket } = seen4;
  const things = {
    file: "a plain file",
    device: "a device",
    socket: "a socket of another type than Docker's"
  };
  const thing = (_a = things[kind]) != null ? _a : "neither a socket nor a file";
  return {
    kind: "finding",
    reason: "not-a-socket",
    message: `${code(socket.path)} is ${thing}.`,
    why: "There is no way to the daemon, so every `docker` command in this job fails. Docker says only that it cannot connect.",
    expected: `a socket at ${socket.path}`,
    observed: thing,
    evidence: evidenceOf5(seen4),
    remedy: forNotASocket(socket.path, seen4.situation)
  };
}
var overflowId = 65534;
function fromOutside(seen4, rights, who) {
  const { socket, situation } = seen4;
  return {
    kind: "finding",
    reason: "permission-denied",
    message: `${code(socket.path)} has ${rights}, and the job runs as ${who}, in a user namespace: ${overflowId} stands for an owner or a group that has no number in there.`,
    why: "Every `docker` command fails with `permission denied`, for root too: no user and no group of this container is one that the socket knows.",
    expected: "a socket of the daemon that runs this job, or a job without a user namespace",
    observed: socket.connection,
    evidence: evidenceOf5(seen4),
    remedy: forUserNamespace(situation)
  };
}
function permissionDenied(seen4) {
  var _a, _b;
  const { socket } = seen4;
  const { owner, user } = socket;
  const who = `${user.name ? `${code(user.name)} (uid ${user.uid})` : `uid ${(_a = user.uid) != null ? _a : "?"}`}, groups ${user.groups.join(" ") || "none"}`;
  const rights = owner && `mode ${octal(owner.mode)}, owner ${owner.uid}, group ${groupName(owner)}`;
  const foreign = socket.userNamespace && owner && [owner.uid, owner.gid].includes(overflowId);
  if (foreign) return fromOutside(seen4, rights != null ? rights : "", who);
  return {
    kind: "finding",
    reason: "permission-denied",
    message: rights ? `${code(socket.path)} has ${rights}, and the job runs as ${who}.` : `${code(socket.path)} lies in a directory that is closed to ${who}.`,
    why: "Every `docker` command of this user fails with `permission denied`.",
    expected: owner ? `a user who may write there, as a member of group ${owner.gid}` : "a path that this user can reach",
    observed: (_b = socket.code) != null ? _b : socket.connection,
    evidence: evidenceOf5(seen4),
    remedy: forPermissionDenied(socket.path, owner, user, seen4.situation)
  };
}
function worldWritable(seen4, owner) {
  const { socket, situation } = seen4;
  return {
    kind: "finding",
    reason: "world-writable",
    message: `${code(socket.path)} has mode ${octal(owner.mode)}: whoever is on the machine may open it.`,
    why: "The Docker socket gives root on the machine to whoever opens it: every user, and every program that runs as one, can take the machine over.",
    expected: "mode 0660 and a group of its own",
    observed: `mode ${octal(owner.mode)}, owner ${owner.uid}, group ${groupName(owner)}`,
    evidence: evidenceOf5(seen4),
    remedy: forWorldWritable(socket.path, owner, situation)
  };
}
function refused(seen4) {
  const { socket } = seen4;
  return {
    kind: "finding",
    reason: "refused",
    message: `${code(socket.path)} is a socket, but nobody listens on it: its daemon has stopped, or was started anew and left this one behind.`,
    why: "Every `docker` command in this job fails: `Cannot connect to the Docker daemon`.",
    expected: "a daemon that accepts connections",
    observed: socket.connection,
    evidence: evidenceOf5(seen4),
    remedy: forRefused(socket.path, seen4.situation)
  };
}
function groupName({ gid, group }) {
  return group ? `${gid} (${group})` : String(gid);
}
function evidenceOf5({ socket, endpoint }) {
  var _a;
  const { path, found, link, owner, user, connection, mountRoot } = socket;
  const evidence = [{ source: `lstat ${path}`, text: link ? `link to ${link.to} (${link.found})` : found }];
  if (owner) {
    const text2 = `mode ${octal(owner.mode)}, owner ${owner.uid}, group ${groupName(owner)}`;
    evidence.push({ source: `stat ${path}`, text: text2 });
  }
  if (found !== "absent") evidence.push({ source: `connect ${path}`, text: connection });
  evidence.push({ source: "this process", text: `uid ${(_a = user.uid) != null ? _a : "?"}, groups ${user.groups.join(" ") || "none"}` });
  if (mountRoot !== void 0) evidence.push({ source: "/proc/self/mountinfo", text: `mounted from ${mountRoot}` });
  for (const other of endpoint.elsewhere) evidence.push({ source: other, text: "a socket" });
  return evidence;
}

// src/probes/mountinfo.ts
var maxMountinfo2 = 1024 * 1024;
async function readMounts(host) {
  const text2 = await host.readText("/proc/self/mountinfo", maxMountinfo2);
  return text2.kind === "ok" ? text2.value.split("\n").flatMap(parseLine) : void 0;
}
function mountOf(mounts, path) {
  const covering = mounts.filter(({ target: target2 }) => target2 === "/" || path === target2 || path.startsWith(`${target2}/`));
  return covering.reduce(
    (best, mount) => best && best.target.length > mount.target.length ? best : mount,
    void 0
  );
}
function parseLine(line) {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , root2, target2, options] = before.split(" ");
  const [fsType, , superOptions = ""] = after.split(" ");
  if (!root2 || !target2 || !options || !fsType) return [];
  return {
    target: bounded(unescaped(target2), 1e3),
    root: bounded(unescaped(root2), 1e3),
    fsType: bounded(fsType, 50),
    readOnly: options.split(",").includes("ro"),
    ...fsType === "cgroup" && { controllers: bounded(superOptions, 1e3).split(",") }
  };
}
function unescaped(path) {
  if (!path.includes("\\")) return path;
  return path.replace(/\\([0-7]{3})/g, (_, octal2) => String.fromCharCode(Number.parseInt(octal2, 8)));
}

// src/probes/socket-mount.ts
var socketMountProbe = {
  name: "socket-mount",
  async collect(host, _request, _signal, ask) {
    const { endpoint } = await ask(dockerEndpointProbe);
    if (endpoint.kind !== "unix") return {};
    const [mounts, real] = await Promise.all([readMounts(host), host.realPath(endpoint.path)]);
    const places = [endpoint.path, real.kind === "ok" ? real.value : endpoint.path];
    const mount = mounts == null ? void 0 : mounts.filter(({ target: target2 }) => places.includes(target2)).pop();
    return mount ? { mount } : {};
  }
};

// src/checks/docker/socket-exposure.ts
var dockerSocketExposure = defineCheck({
  id: "docker/socket-exposure",
  title: "Only trusted code can reach the Docker daemon",
  reasons: {
    "untrusted-event": { level: "fail", summary: "A pull request from a fork can reach the Docker daemon" },
    "read-only-illusion": { level: "warn", summary: "The socket is mounted read-only, which restricts nothing" }
  },
  needs: { engine: dockerEngineProbe, job: jobProbe, mount: socketMountProbe, container: containerProbe },
  after: ["docker/daemon"],
  applies: wantsDocker,
  judge({ engine, job, mount: { mount }, container }) {
    var _a, _b, _c, _d;
    const { version: version2, endpoint } = engine;
    if (version2.kind !== "ok") {
      return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
    }
    const situation = situationOf(container, job);
    const evidence = [
      { source: `GET /version on ${endpoint}`, text: `Docker ${version2.value.version} answers` },
      ...mount ? [
        {
          source: "/proc/self/mountinfo",
          text: `${mount.root} on ${mount.target}, ${mount.readOnly ? "ro" : "rw"}`
        }
      ] : []
    ];
    const isPullRequest = job.inJob && /^pull_request(?!_target)/.test((_a = job.event) != null ? _a : "");
    if (isPullRequest && job.fromFork === true) return untrustedEvent((_b = job.event) != null ? _b : "", endpoint, situation, evidence);
    if (isPullRequest && job.fromFork === void 0) {
      return {
        kind: "undecided",
        message: `A ${code((_c = job.event) != null ? _c : "")} reaches the Docker daemon, and whether it comes from a fork could not be found out: the event's file cannot be read.`,
        evidence
      };
    }
    if (mount == null ? void 0 : mount.readOnly) return readOnlyIllusion(mount.root, situation, evidence);
    return { kind: "pass", message: job.inJob ? `event ${code((_d = job.event) != null ? _d : "?")}` : "not in a job", evidence };
  }
});
function untrustedEvent(event, endpoint, situation, evidence) {
  const gitea = situation.system === "gitea" || situation.system === "forgejo";
  return {
    kind: "finding",
    reason: "untrusted-event",
    message: `This job runs the code of a fork (${code(event)}), and it can reach the Docker daemon at ${code(endpoint)}.`,
    why: "The author of that pull request can start a privileged container, and with it read and change everything on the runner's host: the runner's token, the secrets and the results of other jobs.",
    expected: "no Docker daemon within reach of code from forks",
    observed: `${event} from a fork, Docker answers`,
    evidence,
    remedy: {
      text: "Send pull requests from forks to a runner without the socket: a label of its own, whose jobs need no Docker. Until there is one, let this job run only for branches of the repository itself, and have somebody approve runs of first-time contributors.",
      config: {
        file: "the job in the workflow",
        language: "yaml",
        text: "if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository"
      },
      kind: "workflow",
      otherwise: gitea ? {
        text: "On the runner for such jobs, keep the socket out of the containers.",
        config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: "-"' },
        commands: restartRunner(situation),
        kind: "runner"
      } : {
        text: "If everybody who can open a pull request is trusted, say so in the policy.",
        config: {
          file: ".gitea/runner-check.yml",
          language: "yaml",
          text: "severity:\n  docker/socket-exposure: off"
        },
        kind: "workflow"
      }
    }
  };
}
function readOnlyIllusion(source, situation, evidence) {
  return {
    kind: "finding",
    reason: "read-only-illusion",
    message: "The Docker socket is mounted read-only, and the daemon does everything that it is told all the same.",
    why: "`:ro` keeps the file from being replaced, nothing else: what is sent through a socket is no write to the file. Whoever relies on it believes jobs to be harmless that are root on the host.",
    expected: "a socket without `:ro`, or no socket",
    observed: `${source} mounted with ro`,
    evidence,
    remedy: {
      text: "Decide which it is. If jobs of this label may use Docker, leave `:ro` away. If they may only look, put a proxy between them and the daemon that lets reading requests through and nothing else.",
      ...behindProxy(situation)
    }
  };
}
function behindProxy(situation) {
  if (situation.system !== "gitea" && situation.system !== "forgejo") {
    return addOption(situation, "-v /run/docker-proxy.sock:/var/run/docker.sock");
  }
  return {
    config: {
      file: configFile,
      language: "yaml",
      text: "container:\n  docker_host: unix:///run/docker-proxy.sock   # the proxy's; without a mount of the socket in options"
    },
    commands: restartRunner(situation),
    kind: "runner"
  };
}

// src/probes/self-container.ts
var maxNames = 4;
var imageBudgetMs = 1500;
var selfContainerProbe = {
  name: "self-container",
  async collect(host, _request, signal, ask) {
    const [{ mode, names: names2 }, { endpoint }] = await Promise.all([ask(containerProbe), ask(dockerEndpointProbe)]);
    if (mode === "host" || names2.length === 0) return { state: "none", why: "on-host" };
    const inspect = (wanted2) => Promise.all(
      wanted2.slice(0, maxNames).map((name) => askEngine(host, endpoint, `/containers/${encodeURIComponent(name)}/json`, signal))
    );
    const ids = names2.filter((name) => /^[0-9a-f]{64}$/.test(name));
    const rest = names2.filter((name) => !ids.includes(name));
    let answers = await inspect(ids.length > 0 ? ids : rest);
    let self = ourselves(answers, names2, host.hostname);
    if (!self && ids.length > 0 && answers.every(isUnknownThere)) {
      answers = await inspect(rest);
      self = ourselves(answers, names2, host.hostname);
    }
    if (!self) return notFound(answers);
    const imageId = textOf3(self.Image);
    const image = /^[\w.:-]+$/.test(imageId) ? await within(imageBudgetMs, signal, (limited) => askEngine(host, endpoint, `/images/${imageId}/json`, limited)) : void 0;
    return { state: "found", ...ofContainer(self), ...ofImage(objectOf(image && jsonOf(image)), self) };
  }
};
function ourselves(answers, names2, hostname) {
  const records = answers.flatMap((answer) => {
    const record = objectOf(jsonOf(answer));
    return record ? [record] : [];
  });
  const looksLikeId = /^[0-9a-f]{12}$/.test(hostname);
  const agrees = (record) => {
    var _a;
    const id = textOf3(record.Id);
    if (hostname !== "" && textOf3((_a = objectOf(record.Config)) == null ? void 0 : _a.Hostname) === hostname) return true;
    return looksLikeId ? id.startsWith(hostname) : names2.includes(id);
  };
  return records.find((record) => {
    var _a;
    return ((_a = objectOf(record.State)) == null ? void 0 : _a.Running) !== false && agrees(record);
  });
}
function isUnknownThere(answer) {
  return answer.kind === "http-error" && answer.status === 404;
}
function notFound(answers) {
  if (answers.some(({ kind }) => kind === "timed-out")) throw new Error("the engine did not say what it knows of us");
  const unknown = (why3, detail) => ({
    state: "unknown",
    ...why3 && { why: why3 },
    ...detail !== void 0 && { detail: bounded(detail, 500) }
  });
  for (const answer of answers) {
    switch (answer.kind) {
      case "no-endpoint":
      case "failed":
        return { state: "none", why: "no-engine" };
      case "not-docker":
        return unknown("engine-error", answer.body);
      case "http-error":
        if (answer.status === 404) continue;
        if ([401, 403, 405].includes(answer.status)) return unknown("forbidden", `HTTP ${answer.status}`);
        return unknown("engine-error", `HTTP ${answer.status}: ${answer.body}`);
    }
  }
  return unknown("other-engine");
}
function ofContainer(self) {
  const config = objectOf(self.Config);
  const hostConfig = objectOf(self.HostConfig);
  const runtime = textOf3(hostConfig == null ? void 0 : hostConfig.Runtime);
  return {
    id: textOf3(self.Id),
    image: textOf3(config == null ? void 0 : config.Image),
    user: textOf3(config == null ? void 0 : config.User),
    privileged: (hostConfig == null ? void 0 : hostConfig.Privileged) === true,
    binds: textsOf2(hostConfig == null ? void 0 : hostConfig.Binds),
    mounts: listOf2(self.Mounts).flatMap(mountOf2),
    groups: textsOf2(hostConfig == null ? void 0 : hostConfig.GroupAdd),
    ...runtime !== "" && { runtime },
    deviceRequests: listOf2(hostConfig == null ? void 0 : hostConfig.DeviceRequests).flatMap((entry) => {
      const request = objectOf(entry);
      if (!request) return [];
      return {
        driver: textOf3(request.Driver),
        count: typeof request.Count === "number" ? request.Count : 0,
        deviceIds: textsOf2(request.DeviceIDs),
        // A list of alternatives, each a list: `[["gpu","utility"]]`.
        capabilities: listOf2(request.Capabilities).flatMap((group) => textsOf2(group))
      };
    }),
    nvidiaEnv: nvidiaEnvOf(textsOf2(config == null ? void 0 : config.Env, 4096))
  };
}
function mountOf2(entry) {
  const mount = objectOf(entry);
  if (!mount) return [];
  const name = textOf3(mount.Name);
  return {
    type: textOf3(mount.Type),
    source: textOf3(mount.Source),
    target: textOf3(mount.Destination),
    writable: mount.RW !== false,
    ...name !== "" && { name }
  };
}
function nvidiaEnvOf(env) {
  const entries = env.map((entry) => /^(NVIDIA_VISIBLE_DEVICES|NVIDIA_DRIVER_CAPABILITIES)=(.*)$/s.exec(entry));
  return Object.fromEntries(entries.flatMap((match) => {
    var _a;
    return (match == null ? void 0 : match[1]) ? [[match[1], bounded((_a = match[2]) != null ? _a : "", 500)]] : [];
  }));
}
function ofImage(image, self) {
  var _a, _b, _c;
  const created = textOf3(image == null ? void 0 : image.Created);
  const labels = (_c = objectOf((_a = objectOf(image == null ? void 0 : image.Config)) == null ? void 0 : _a.Labels)) != null ? _c : objectOf((_b = objectOf(self.Config)) == null ? void 0 : _b.Labels);
  return {
    imageId: textOf3(self.Image),
    ...image && { imageDigests: textsOf2(image.RepoDigests), imageTags: textsOf2(image.RepoTags) },
    ...created !== "" && { imageCreated: created },
    imageLabels: Object.fromEntries(
      Object.entries(labels != null ? labels : {}).filter(([name]) => isToldLabel(name)).slice(0, 50).map(([name, value]) => [name, textOf3(value)])
    )
  };
}
function isToldLabel(name) {
  return /^matric\.builder\.[\w.-]{1,80}$|^org\.opencontainers\.image\.(?:version|revision|created|title)$/.test(name);
}
function jsonOf(answer) {
  return answer.kind === "ok" ? answer.value : void 0;
}
function textOf3(value, length = 500) {
  return typeof value === "string" ? bounded(value, length) : "";
}
function listOf2(value) {
  return Array.isArray(value) ? value.slice(0, 200) : [];
}
function textsOf2(value, length) {
  return listOf2(value).flatMap((entry) => typeof entry === "string" ? bounded(entry, length != null ? length : 500) : []);
}

// src/probes/docker-storage.ts
var budgetMs = 1e3;
var maxBody2 = 16 * 1024 * 1024;
var dockerStorageProbe = {
  name: "docker-storage",
  async collect(host, request, signal, ask) {
    const { endpoint } = await ask(dockerEndpointProbe);
    const budget = Math.min(budgetMs, request.timeoutMs);
    const question2 = (path) => within(budget, signal, (limited) => askEngine(host, endpoint, path, limited, { maxBody: maxBody2 }));
    const dangling = encodeURIComponent('{"dangling":["true"]}');
    const [usage2, volumes, networks, containers, root2] = await Promise.all([
      question2("/system/df?type=image&type=build-cache"),
      question2(`/volumes?filters=${dangling}`),
      question2("/networks"),
      question2("/containers/json"),
      storageRoot(host, request, signal, ask, endpoint)
    ]);
    const attached = containers.kind === "ok" ? attachedNetworks(containers.value) : void 0;
    return {
      usage: answerOf(usage2, readUsage),
      danglingVolumes: answerOf(volumes, (json) => leftovers(listIn(json, "Volumes"))),
      leftoverNetworks: networks.kind === "ok" && containers.kind !== "ok" ? containers : answerOf(
        networks,
        (json) => {
          var _a;
          return attached && leftovers((_a = listIn(json)) == null ? void 0 : _a.filter((entry) => isLeftOver(entry, attached)));
        }
      ),
      defaultSubnets: answerOf(networks, (json) => {
        var _a;
        return leftovers((_a = listIn(json)) == null ? void 0 : _a.filter(hasDefaultSubnet));
      }),
      budgetMs: budget,
      ...root2 && { root: root2 }
    };
  }
};
function answerOf(answer, read2) {
  if (answer.kind !== "ok") return answer;
  const value = read2(answer.value);
  return value === void 0 ? { kind: "not-docker", body: bounded(JSON.stringify(answer.value), 500) } : { kind: "ok", value };
}
function listIn(json, key) {
  var _a;
  const list = key === void 0 ? json : (_a = objectOf(json)) == null ? void 0 : _a[key];
  if (list === null || key !== void 0 && objectOf(json) && list === void 0) return [];
  if (!Array.isArray(list)) return void 0;
  return list.map(objectOf).filter((entry) => entry !== void 0);
}
function leftovers(entries) {
  if (!entries) return void 0;
  const names2 = entries.map(({ Name: name }) => typeof name === "string" ? bounded(name, 100) : "?");
  return { count: names2.length, names: names2.slice(0, 5) };
}
function attachedNetworks(containers) {
  var _a;
  const networks = (_a = listIn(containers)) == null ? void 0 : _a.flatMap(
    (container) => {
      var _a2, _b;
      return Object.entries((_b = objectOf((_a2 = objectOf(container.NetworkSettings)) == null ? void 0 : _a2.Networks)) != null ? _b : {});
    }
  );
  return networks && new Set(networks.flatMap(([name, network]) => {
    var _a2;
    return [name, (_a2 = objectOf(network)) == null ? void 0 : _a2.NetworkID];
  }));
}
function isLeftOver(network, attached) {
  var _a;
  if (attached.has(network.Id) || attached.has(network.Name)) return false;
  const labels = Object.keys((_a = objectOf(network.Labels)) != null ? _a : {});
  return /^(?:GITEA|FORGEJO)-ACTIONS-TASK-/i.test(String(network.Name)) || labels.some((label) => label.startsWith("com.gitea.runner."));
}
function hasDefaultSubnet(network) {
  var _a;
  const configs = (_a = objectOf(network.IPAM)) == null ? void 0 : _a.Config;
  return Array.isArray(configs) && configs.some((config) => {
    var _a2;
    const subnet = String((_a2 = objectOf(config)) == null ? void 0 : _a2.Subnet);
    return /^172\.(?:1[7-9]|2\d|3[01])\.0\.0\/16$/.test(subnet) || /^192\.168\.\d+\.0\/20$/.test(subnet);
  });
}
function readUsage(json) {
  const usage2 = objectOf(json);
  if (!usage2) return void 0;
  const images = objectOf(usage2.ImageUsage);
  const cache = objectOf(usage2.BuildCacheUsage);
  if (!images && !cache && !("LayersSize" in usage2) && !("Images" in usage2)) return void 0;
  return {
    images: images ? summaryOfImages(images) : countImages(usage2),
    buildCache: cache ? summaryOfCache(cache) : countCache(usage2)
  };
}
function summaryOfImages(usage2) {
  const count = numberOf(usage2.TotalCount);
  return {
    count,
    unused: Math.max(0, count - numberOf(usage2.ActiveCount)),
    bytes: numberOf(usage2.TotalSize),
    reclaimable: numberOf(usage2.Reclaimable)
  };
}
function summaryOfCache(usage2) {
  return {
    count: numberOf(usage2.TotalCount),
    bytes: numberOf(usage2.TotalSize),
    reclaimable: numberOf(usage2.Reclaimable)
  };
}
function countImages(usage2) {
  var _a;
  const images = (_a = listIn(usage2, "Images")) != null ? _a : [];
  const unused = images.filter(({ Containers: containers }) => containers === 0);
  const used = images.filter(({ Containers: containers }) => containers !== 0);
  const base = { count: images.length, unused: unused.length };
  const layers = numberOf(usage2.LayersSize);
  if (layers === 0) return { ...base, bytes: largest(images), reclaimable: largest(unused) };
  const lessUsed = layers - sum(used.map(({ Size: size }) => numberOf(size)));
  const ownOfUnused = sum(unused.map(({ Size: size, SharedSize: shared }) => numberOf(size) - numberOf(shared)));
  return { ...base, bytes: layers, reclaimable: Math.min(layers, Math.max(0, lessUsed, ownOfUnused)) };
}
function largest(images) {
  return Math.max(0, ...images.map(({ Size: size }) => numberOf(size)));
}
function countCache(usage2) {
  var _a;
  const records = ((_a = listIn(usage2, "BuildCache")) != null ? _a : []).filter(({ Shared: shared }) => shared !== true);
  const bytes = (list) => sum(list.map(({ Size: size }) => numberOf(size)));
  return {
    count: records.length,
    bytes: bytes(records),
    reclaimable: bytes(records.filter(({ InUse: inUse }) => inUse !== true))
  };
}
function numberOf(value) {
  return typeof value === "number" && value > 0 ? value : 0;
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
async function storageRoot(host, request, signal, ask, endpoint) {
  if (endpoint.kind !== "unix") return void 0;
  const { mode } = await ask(containerProbe);
  const how = mode === "container" ? "own-layer" : "directory";
  const path = how === "own-layer" ? await ownLayer(ask) : await engineDirectory(ask);
  if (path === void 0) return void 0;
  const [root2, workspace] = await Promise.all([host.space(path, signal), host.space(request.workspace, signal)]);
  if (root2.kind !== "ok") return void 0;
  const { freeBytes, totalBytes, totalInodes } = root2.value;
  const holdsWorkspace = workspace.kind === "ok" && workspace.value.totalBytes === totalBytes && workspace.value.totalInodes === totalInodes;
  return { path, how, freeBytes, totalBytes, holdsWorkspace };
}
async function ownLayer(ask) {
  const self = await ask(selfContainerProbe).catch(() => void 0);
  return (self == null ? void 0 : self.state) === "found" ? "/" : void 0;
}
async function engineDirectory(ask) {
  const { info } = await ask(dockerEngineProbe);
  return info.kind === "ok" && info.value.dockerRootDir !== "" ? info.value.dockerRootDir : void 0;
}

// src/report/units.ts
var units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
function formatBytes(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return `${value} ${value === 1 ? "byte" : "bytes"}`;
  const tenths = Math.floor(value * 10) / 10;
  return `${value < 100 && !Number.isInteger(tenths) ? tenths.toFixed(1) : Math.floor(value)} ${units[unit]}`;
}
function formatCount(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

// src/checks/docker/storage.ts
var floorBytes = 2 * 2 ** 30;
var reclaimableBytes = 100 * 2 ** 30;
var reclaimableShare = 0.5;
var manyVolumes = 50;
var manyNetworks = 10;
var subnets = 31;
var manySubnets = 25;
var dockerStorage = defineCheck({
  id: "docker/storage",
  title: "Docker's storage is fast, has room, and is not filled with leftovers",
  reasons: {
    "driver-vfs": { level: "warn", summary: "Docker copies every layer as a whole (storage driver vfs)" },
    "low-space": { level: "fail", summary: "The disk below Docker's data is nearly full" },
    reclaimable: { level: "warn", summary: "Much of Docker's data is used by nothing" },
    "leftover-volumes": { level: "warn", summary: "Many volumes belong to no container" },
    "leftover-networks": { level: "warn", summary: "Many networks of past jobs were left behind" },
    "address-pool": { level: "warn", summary: "Docker has few subnets left for new networks" }
  },
  needs: { engine: dockerEngineProbe, storage: dockerStorageProbe },
  after: ["docker/daemon"],
  applies: wantsDocker,
  judge({ engine, storage }, policy) {
    var _a, _b, _c, _d, _e;
    if (engine.version.kind !== "ok") {
      return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
    }
    const info = engine.info.kind === "ok" ? engine.info.value : void 0;
    const finding5 = (_e = (_d = (_c = (_b = (_a = info && driverVfs(info, storage)) != null ? _a : lowSpace(storage, policy)) != null ? _b : reclaimable(storage)) != null ? _c : leftoverVolumes(storage)) != null ? _d : networksLeftOver(storage)) != null ? _e : addressPool(storage);
    if (!finding5) return conclusion(engine, storage);
    return isPodman(engine.version.value) ? inPodmansWords(finding5) : finding5;
  }
});
function inPodmansWords(finding5) {
  var _a;
  if (finding5.reason === "driver-vfs") {
    return {
      ...finding5,
      message: "Podman uses the storage driver `vfs`.",
      expected: "overlay",
      remedy: {
        text: "Name the driver, and start the store anew: images have to be pulled again. In a container, and for a plain user on an old kernel, overlay needs `fuse-overlayfs`.",
        config: { file: "/etc/containers/storage.conf", language: "toml", text: '[storage]\ndriver = "overlay"' },
        commands: ["podman system reset   # removes all containers, images and volumes"],
        kind: "host"
      }
    };
  }
  const { config: _, otherwise: __, ...remedy } = finding5.remedy;
  const commands = ((_a = remedy.commands) != null ? _a : []).filter((command) => /^docker (?:image|volume|network)/.test(command)).map((command) => command.replace(/^docker/, "podman"));
  return { ...finding5, remedy: { ...remedy, commands } };
}
function conclusion(engine, storage) {
  const questions = [
    ["how much could be reclaimed", storage.usage],
    ["unused volumes", storage.danglingVolumes],
    ["leftover networks", storage.leftoverNetworks],
    ["used subnets", storage.defaultSubnets]
  ];
  const evidence = evidenceOf6(storage, engine);
  const broken2 = questions.filter(([, answer]) => !isExcused(answer));
  if (broken2.length > 0) {
    const what = listed(broken2.map(([name, answer]) => `${name} (${describeAnswer(answer, () => "")})`));
    return { kind: "undecided", message: `The Docker daemon failed to say: ${what}.`, evidence };
  }
  const unknown = questions.filter(([, answer]) => answer.kind !== "ok");
  if (unknown.length === questions.length) {
    const late = unknown.filter(([, answer]) => answer.kind === "timed-out");
    if (late.length === 0) {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "A proxy before the Docker daemon keeps its storage from this job."
      };
    }
    return {
      kind: "undecided",
      message: `The Docker daemon answered no question about its storage within ${seconds(storage)}.`,
      evidence
    };
  }
  const facts = [
    ...engine.info.kind === "ok" ? [engine.info.value.driver] : [],
    ...storage.root ? [`${formatBytes(storage.root.freeBytes)} free`] : [],
    ...storage.usage.kind === "ok" ? [`${formatBytes(sumOf(storage.usage.value))} reclaimable`] : [],
    ...unknown.length > 0 ? [`not found out within ${seconds(storage)}: ${listed(unknown.map(([name]) => name))}`] : []
  ];
  return { kind: "pass", message: facts.join(", "), evidence };
}
function isExcused(answer) {
  return answer.kind === "ok" || answer.kind === "timed-out" || answer.kind === "http-error" && [401, 403, 404, 405, 501].includes(answer.status);
}
function seconds({ budgetMs: budgetMs2 }) {
  return `${budgetMs2 / 1e3} s`;
}
function sumOf({ images, buildCache }) {
  return images.reclaimable + buildCache.reclaimable;
}
function evidenceOf6(storage, engine) {
  const { usage: usage2, danglingVolumes, leftoverNetworks, defaultSubnets, root: root2 } = storage;
  const count = (found) => `${formatCount(found.count)}${found.names.length > 0 ? `: ${found.names.join(", ")}` : ""}`;
  return [
    ...(engine == null ? void 0 : engine.info.kind) === "ok" ? [
      {
        source: "GET /info",
        text: `Driver ${engine.info.value.driver}, DockerRootDir ${engine.info.value.dockerRootDir}`
      }
    ] : [],
    ...root2 ? [rootEvidence(root2)] : [],
    { source: "GET /system/df", text: describeAnswer(usage2, describeUsage) },
    { source: "GET /volumes, dangling", text: describeAnswer(danglingVolumes, count) },
    { source: "GET /networks, of jobs, without a container", text: describeAnswer(leftoverNetworks, count) },
    { source: "GET /networks, in the default subnets", text: describeAnswer(defaultSubnets, count) }
  ];
}
function rootEvidence(root2) {
  const source = root2.how === "own-layer" ? "file system of this container's own layer" : `file system of ${root2.path}`;
  return { source, text: `${formatBytes(root2.freeBytes)} of ${formatBytes(root2.totalBytes)} free` };
}
function describeUsage({ images, buildCache }) {
  return [
    `${formatCount(images.count)} images, ${formatBytes(images.bytes)}, ${formatCount(images.unused)} of them unused (${formatBytes(images.reclaimable)})`,
    `${formatCount(buildCache.count)} records of build cache, ${formatBytes(buildCache.bytes)}, ${formatBytes(buildCache.reclaimable)} not in use`
  ].join("; ");
}
function driverVfs(info, storage) {
  if (info.driver !== "vfs") return void 0;
  return {
    kind: "finding",
    reason: "driver-vfs",
    message: "Docker uses the storage driver `vfs`.",
    why: "It knows no layers: every image layer and every container is a whole copy. Builds are many times slower and fill the disk many times faster.",
    expected: "overlay2, or the containerd image store",
    observed: "vfs",
    evidence: [
      { source: "GET /info", text: `Driver vfs, DockerRootDir ${info.dockerRootDir}` },
      ...storage.root ? [rootEvidence(storage.root)] : []
    ],
    remedy: {
      text: `Docker falls back to it where overlayfs does not work, above all where ${code(info.dockerRootDir)} itself lies on an overlay: in Docker-in-Docker, make that directory a volume. On a host, look into the daemon's log for the reason, and name the driver so that it fails loudly. Images have to be pulled again afterwards.`,
      commands: ["journalctl -u docker | grep -i -e overlay -e graphdriver", "sudo systemctl restart docker"],
      config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "storage-driver": "overlay2" }' },
      kind: "host",
      otherwise: {
        text: "Docker-in-Docker as a container of its own:",
        commands: ["docker run --privileged --volume dind-data:/var/lib/docker docker:dind"],
        kind: "host"
      }
    }
  };
}
function lowSpace(storage, policy) {
  const { root: root2 } = storage;
  if (!root2 || root2.freeBytes >= floorBytes) return void 0;
  const floors = policy.disk.filter(({ free }) => free !== void 0).map(({ path }) => path);
  if (floors.includes("docker-root") || root2.holdsWorkspace && floors.includes("workspace")) return void 0;
  const where = root2.how === "own-layer" ? "the disk that holds Docker's data" : code(root2.path);
  return {
    kind: "finding",
    reason: "low-space",
    message: `${formatBytes(root2.freeBytes)} are left on ${where}.`,
    why: "No image can be pulled and no build can finish: `no space left on device`, often in the middle of a job, and some containers lose data when they cannot write.",
    expected: `at least ${formatBytes(floorBytes)} free`,
    observed: `${formatBytes(root2.freeBytes)} of ${formatBytes(root2.totalBytes)}`,
    evidence: evidenceOf6(storage),
    remedy: { ...prune(storage), ...storage.usage.kind === "ok" ? { text: pruneText(storage.usage.value) } : {} }
  };
}
function reclaimable(storage) {
  const { usage: usage2, root: root2 } = storage;
  if (usage2.kind !== "ok") return void 0;
  const { images, buildCache } = usage2.value;
  const sum2 = sumOf(usage2.value);
  const share = root2 ? sum2 / root2.totalBytes : 0;
  if (sum2 <= reclaimableBytes && share <= reclaimableShare) return void 0;
  const ofDisk = root2 ? `, ${Math.round(share * 100)} % of the disk` : "";
  return {
    kind: "finding",
    reason: "reclaimable",
    message: `${formatBytes(sum2)} of Docker's data are used by nothing${ofDisk}: ${formatCount(images.unused)} unused images (${formatBytes(images.reclaimable)}) and build cache (${formatBytes(buildCache.reclaimable)}).`,
    why: "They grow with every build until the disk is full, and then every job on this host fails at once.",
    expected: `at most ${formatBytes(reclaimableBytes)}, and at most half of the disk`,
    observed: formatBytes(sum2),
    evidence: evidenceOf6(storage),
    remedy: prune(storage)
  };
}
function pruneText(usage2) {
  return `Free what nothing uses (${formatBytes(sumOf(usage2))}), and let Docker keep its build cache within bounds. If that is not enough, the disk is too small for what runs here.`;
}
function prune(storage) {
  var _a;
  return {
    text: "Remove what is older than a week and used by nothing, and let Docker keep its build cache within bounds by itself (after its next restart). Repeat the first two by a timer: images are never removed on their own.",
    commands: [
      "docker image prune --all --force --filter until=168h",
      "docker builder prune --all --force --filter until=168h",
      "docker buildx ls   # each further builder keeps a cache of its own: docker buildx rm NAME"
    ],
    config: {
      file: "/etc/docker/daemon.json",
      language: "json",
      text: '{ "builder": { "gc": { "enabled": true, "defaultKeepStorage": "50GB" } } }'
    },
    kind: "host",
    ...((_a = storage.root) == null ? void 0 : _a.how) === "own-layer" && {
      otherwise: {
        text: "From a job of this runner, through its socket, a scheduled workflow can run the same commands.",
        kind: "workflow"
      }
    }
  };
}
function leftoverVolumes(storage) {
  const { danglingVolumes } = storage;
  if (danglingVolumes.kind !== "ok" || danglingVolumes.value.count <= manyVolumes) return void 0;
  const { count, names: names2 } = danglingVolumes.value;
  return {
    kind: "finding",
    reason: "leftover-volumes",
    message: `${formatCount(count)} volumes belong to no container.`,
    why: "Jobs and `docker run` without `--rm --volumes` leave them behind. They take disk space that no image prune gives back, and slow down everything that lists volumes.",
    expected: `at most ${manyVolumes}`,
    observed: `${formatCount(count)}, such as ${names2.join(", ")}`,
    evidence: evidenceOf6(storage),
    remedy: {
      text: "Look through them first: a volume that no container uses right now may still hold a database. The second command removes those without a name only, which nothing will ever ask for again.",
      commands: ["docker volume ls --filter dangling=true", "docker volume prune --force"],
      kind: "host"
    }
  };
}
function networksLeftOver(storage) {
  const { leftoverNetworks } = storage;
  if (leftoverNetworks.kind !== "ok" || leftoverNetworks.value.count <= manyNetworks) return void 0;
  const { count, names: names2 } = leftoverNetworks.value;
  return {
    kind: "finding",
    reason: "leftover-networks",
    message: `${formatCount(count)} networks of jobs have no container any more.`,
    why: "A runner that was killed does not tidy up. Each network keeps a subnet, and when Docker has none left, every job fails in its set-up (`no address pool left for this job's network`).",
    expected: `at most ${manyNetworks}`,
    observed: `${formatCount(count)}, such as ${names2.join(", ")}`,
    evidence: evidenceOf6(storage),
    remedy: {
      text: "Remove them; those in use stay. So that they do not come back, give the runner time to finish when it is stopped (`shutdown_timeout` in its `config.yaml`, and a longer `TimeoutStopSec` in its unit).",
      commands: ["docker network prune --force --filter until=24h"],
      kind: "host"
    }
  };
}
function addressPool(storage) {
  const { defaultSubnets } = storage;
  if (defaultSubnets.kind !== "ok" || defaultSubnets.value.count < manySubnets) return void 0;
  const { count, names: names2 } = defaultSubnets.value;
  return {
    kind: "finding",
    reason: "address-pool",
    message: `${count} of the ${subnets} subnets that Docker has for networks are taken.`,
    why: "The runner makes a network for every job, and Compose one for every project. When none is left, jobs wait (`Waiting for a free docker address pool`) and then fail in their set-up.",
    expected: `fewer than ${manySubnets}`,
    observed: `${count}, such as ${names2.join(", ")}`,
    evidence: evidenceOf6(storage),
    remedy: {
      text: "Give Docker more and smaller subnets: these are 256 of 254 addresses each. Choose a range that your network does not use; networks that exist keep theirs.",
      config: {
        file: "/etc/docker/daemon.json",
        language: "json",
        text: '{ "default-address-pools": [{ "base": "10.201.0.0/16", "size": 24 }] }'
      },
      commands: ["docker network ls", "sudo systemctl restart docker"],
      kind: "host"
    }
  };
}

// src/checks/docker/warnings.ts
var known2 = [
  {
    pattern: /API is accessible on .*without (?:encryption|TLS)/i,
    why: "Whoever reaches that port is root on this host: no password is asked. On a loopback address that is every process of the machine, on any other everybody in the network.",
    expected: "an API on a unix socket, or on tcp with `--tlsverify`",
    remedy: {
      text: "Take the `tcp://` address away where it stands: as `-H` in the daemon's unit, or in `hosts` of its `daemon.json`. (Never in both: with `-H` in the unit, a `hosts` in `daemon.json` keeps the daemon from starting.) If it has to be reached over the network, let it demand certificates with `--tlsverify`.",
      commands: [
        "systemctl cat docker | grep -e ExecStart -e tcp://; grep -n tcp:// /etc/docker/daemon.json",
        "sudo systemctl edit --full docker   # or edit daemon.json, whichever of the two has it",
        "sudo dockerd --validate && sudo systemctl restart docker"
      ],
      kind: "host"
    }
  },
  {
    pattern: /IPv4 forwarding is disabled/i,
    why: "Containers have no way out: no build can fetch anything, and no job reaches the forge.",
    expected: "net.ipv4.ip_forward = 1",
    remedy: {
      text: "Switch it on, and keep it so after a restart.",
      commands: [
        "sudo sysctl -w net.ipv4.ip_forward=1",
        "echo net.ipv4.ip_forward=1 | sudo tee /etc/sysctl.d/99-docker.conf"
      ],
      kind: "host"
    }
  },
  {
    pattern: /without d_type support/i,
    why: "overlayfs does not work right on this file system: files that a layer deletes come back, and builds fail in odd ways.",
    expected: "a backing file system with d_type",
    remedy: {
      text: "The directory of Docker's data lies on an XFS that was made with `ftype=0`. It cannot be changed afterwards: make the file system anew, or move the data to another one (`data-root`).",
      commands: ["xfs_info /var/lib/docker | grep ftype"],
      kind: "host"
    }
  },
  {
    pattern: /usage of loopback devices/i,
    why: "The storage is slow, loses data when the disk fills, and belongs to a driver that newer releases no longer have.",
    expected: "overlay2",
    remedy: {
      text: "Change to `overlay2`. Images have to be pulled again afterwards.",
      config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "storage-driver": "overlay2" }' },
      commands: ["sudo systemctl restart docker"],
      kind: "host"
    }
  },
  {
    pattern: /No memory limit support|rootless[- ]mode without cgroup/i,
    why: "`--memory` and `--cpus` have no effect: one job can take the whole machine from the others, and from the runner.",
    expected: "cgroups with the memory controller",
    remedy: {
      text: "Switch the memory controller on at boot. A rootless daemon needs cgroup v2 with systemd, and the controllers delegated to its user.",
      config: {
        file: "/etc/default/grub",
        language: "ini",
        text: 'GRUB_CMDLINE_LINUX="cgroup_enable=memory swapaccount=1"'
      },
      commands: ["sudo update-grub", "sudo reboot"],
      kind: "host",
      otherwise: {
        text: "Rootless:",
        config: {
          file: "/etc/systemd/system/user@.service.d/delegate.conf",
          language: "ini",
          text: "[Service]\nDelegate=cpu cpuset io memory pids"
        },
        kind: "host"
      }
    }
  },
  {
    pattern: /bridge-nf-call-ip6?tables is disabled/i,
    why: "Traffic between containers of one bridge passes by the firewall: published ports may not be reachable from other containers, and isolation between networks does not hold.",
    expected: "net.bridge.bridge-nf-call-iptables = 1",
    remedy: {
      text: "Load the module, switch the setting on, and keep both after a restart.",
      commands: [
        "sudo modprobe br_netfilter",
        "sudo sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1",
        "echo br_netfilter | sudo tee /etc/modules-load.d/br_netfilter.conf",
        "printf 'net.bridge.bridge-nf-call-iptables=1\\nnet.bridge.bridge-nf-call-ip6tables=1\\n' | sudo tee /etc/sysctl.d/99-docker-bridge.conf"
      ],
      kind: "host"
    }
  }
];
var dockerWarnings = defineCheck({
  id: "docker/warnings",
  title: "The Docker daemon has nothing serious to warn of",
  reasons: {
    "daemon-warnings": { level: "warn", summary: "The Docker daemon warns of its own set-up" }
  },
  needs: { engine: dockerEngineProbe },
  after: ["docker/daemon"],
  applies: wantsDocker,
  judge({ engine }) {
    const { version: version2, info } = engine;
    if (version2.kind !== "ok") {
      return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
    }
    if (info.kind === "http-error" && [401, 403].includes(info.status)) {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "A proxy before the Docker daemon keeps `/info` from this job."
      };
    }
    if (info.kind !== "ok") {
      return { kind: "undecided", message: "The Docker daemon did not tell its warnings: `GET /info` failed." };
    }
    const { warnings } = info.value;
    const evidence = warnings.map((text2) => ({ source: "GET /info, Warnings", text: firstLine2(text2) }));
    const serious = known2.flatMap((entry) => {
      const said = warnings.find((text2) => entry.pattern.test(text2));
      return said === void 0 ? [] : [{ ...entry, said: firstLine2(said) }];
    });
    const first = serious[0];
    if (!first) {
      const message = warnings.length === 0 ? "no warnings" : `${warnings.length} warnings, none that matters to jobs`;
      return { kind: "pass", message, evidence };
    }
    const others = serious.slice(1).map(({ said }) => code(said));
    return {
      kind: "finding",
      reason: "daemon-warnings",
      message: `The Docker daemon warns: ${code(first.said)}.${others.length > 0 ? ` And: ${others.join(", ")}.` : ""}`,
      why: first.why,
      expected: first.expected,
      observed: first.said,
      evidence,
      remedy: first.remedy
    };
  }
});
function firstLine2(text2) {
  var _a;
  const line = (_a = text2.split("\n")[0]) != null ? _a : "";
  return line.replace(/^(?:WARNING|\[DEPRECATION NOTICE\]|DEPRECATED):\s*/i, "").replace(/\.\s*$/, "");
}

// src/probes/smoke.ts
var lateMs = 300;
var target = "/runner-check";
var smokeProbe = {
  name: "smoke",
  async collect(host, request, signal, ask) {
    const real = await host.realPath(request.workspace);
    const workspace = real.kind === "ok" ? real.value : request.workspace;
    if (!request.smoke) return { workspace, outcome: { kind: "not-asked" } };
    const { endpoint } = await ask(dockerEndpointProbe);
    const engine = new Engine(host, endpoint, Date.now() + request.timeoutMs + lateMs);
    return within(request.timeoutMs * 0.8, signal, async (limited) => {
      const image = await imageToStart(host, endpoint, limited, ask);
      if (typeof image !== "string") return { workspace, outcome: image };
      const file = await host.placeFile(workspace);
      if (file.kind !== "ok") {
        return { workspace, outcome: { kind: "no-file", code: file.kind === "absent" ? "ENOENT" : file.code } };
      }
      try {
        return { workspace, ...await tryIt(engine, image, workspace, file.value, limited) };
      } finally {
        await file.value.remove();
      }
    });
  }
};
var _host, _to;
var Engine = class {
  constructor(host, endpoint, end) {
    __privateAdd(this, _host);
    __privateAdd(this, _to);
    /** When everything has to be over. */
    __publicField(this, "end");
    __privateSet(this, _host, host);
    __privateSet(this, _to, targetOf(endpoint));
    this.end = end;
  }
  async order(method, path, signal, body) {
    if (!__privateGet(this, _to)) return { ok: false, status: void 0, message: "no engine to ask" };
    const answer = await __privateGet(this, _host).request({
      to: __privateGet(this, _to),
      method,
      path,
      headers: { host: "docker", "content-type": "application/json" },
      ...body !== void 0 && { body: JSON.stringify(body) },
      signal
    });
    if (answer.kind === "timed-out") return { ok: false, status: void 0, message: "no answer in time" };
    if (answer.kind === "failed") return { ok: false, status: void 0, message: bounded(answer.message, 500) };
    if (answer.status >= 300) return { ok: false, status: answer.status, message: bounded(errorOf(answer.body), 1e3) };
    return { ok: true, body: parse3(answer.body) };
  }
};
_host = new WeakMap();
_to = new WeakMap();
async function imageToStart(host, endpoint, signal, ask) {
  var _a, _b;
  const self = await ask(selfContainerProbe).catch(() => void 0);
  if (self == null ? void 0 : self.imageId) return self.imageId;
  const answer = await askEngine(host, endpoint, "/images/json", signal, { maxBody: 16 * 1024 * 1024 });
  if (answer.kind === "http-error" && [401, 403].includes(answer.status)) {
    return { kind: "forbidden", message: answer.body };
  }
  if (answer.kind !== "ok" || !Array.isArray(answer.value)) {
    const message = "message" in answer ? answer.message : "body" in answer ? answer.body : answer.kind;
    return { kind: "no-answer", message: bounded(message, 500) };
  }
  const images = answer.value.flatMap((entry) => {
    const image = objectOf(entry);
    const tag = Array.isArray(image == null ? void 0 : image.RepoTags) ? image.RepoTags[0] : void 0;
    if (typeof tag !== "string" || tag.startsWith("<none>")) return [];
    return [{ name: bounded(tag, 300), size: typeof (image == null ? void 0 : image.Size) === "number" ? image.Size : 0 }];
  });
  return (_b = (_a = images.sort((a, b) => a.size - b.size)[0]) == null ? void 0 : _a.name) != null ? _b : { kind: "no-image" };
}
async function tryIt(engine, image, workspace, file, signal) {
  const name = `runner-check-smoke${file.name.replace(/^\.runner-check/, "")}`;
  const created = await engine.order("POST", `/containers/create?name=${name}`, signal, {
    Image: image,
    Entrypoint: ["cat"],
    Cmd: [`${target}/${file.name}`],
    // A folder of the workspace may be closed to everybody but its owner and root.
    User: "0:0",
    Labels: { "runner-check": "smoke" },
    HostConfig: {
      Mounts: [{ Type: "bind", Source: workspace, Target: target, ReadOnly: true }],
      NetworkMode: "none"
    }
  });
  if (!created.ok && created.status !== void 0) return { outcome: notCreated(created, image, workspace) };
  const outcome = created.ok ? await start(engine, image, workspace, name, file, signal) : { kind: "no-answer", message: created.message };
  return await remove(engine, name) ? { outcome } : { outcome, leftBehind: name };
}
function notCreated(reply, image, workspace) {
  const { status, message } = reply;
  if (status === 401 || status === 403) return { kind: "forbidden", message };
  if (saysThatSourceIsMissing(message, workspace)) return { kind: "not-seen", image, message };
  return { kind: "not-started", image, message };
}
function saysThatSourceIsMissing(message, workspace) {
  return message.includes(workspace) && /does not exist|no such file or directory|not shared|mounts denied/i.test(message);
}
async function start(engine, image, workspace, name, file, signal) {
  var _a;
  const started = await engine.order("POST", `/containers/${name}/start`, signal);
  if (!started.ok) {
    const { message, status } = started;
    if (status === void 0) return { kind: "no-answer", message };
    if (status === 401 || status === 403) return { kind: "forbidden", message };
    if (saysThatSourceIsMissing(message, workspace)) return { kind: "not-seen", image, message };
    if (!/executable file not found|no such file or directory.*\bcat\b|\bcat\b.*no such file or directory/i.test(message)) {
      return { kind: "not-started", image, message };
    }
    return look2(engine, image, name, file, signal);
  }
  const waited = await engine.order("POST", `/containers/${name}/wait`, signal);
  if (!waited.ok) return { kind: "no-answer", message: waited.message };
  const code3 = (_a = objectOf(waited.body)) == null ? void 0 : _a.StatusCode;
  if (code3 === 0) return { kind: "seen", image };
  if (code3 === 126 || code3 === 127) return look2(engine, image, name, file, signal);
  return { kind: "not-seen", image, message: `\`cat ${target}/\u2026\` in the container ended with exit code ${code3}` };
}
async function look2(engine, image, name, file, signal) {
  const path = encodeURIComponent(`${target}/${file.name}`);
  const found = await engine.order("HEAD", `/containers/${name}/archive?path=${path}`, signal);
  if (found.ok) return { kind: "seen", image };
  if (found.status === 404) return { kind: "not-seen", image, message: `the container has no ${target}/${file.name}` };
  return { kind: "no-answer", message: found.message };
}
async function remove(engine, name) {
  const removed = await within(
    Math.max(0, engine.end - Date.now()),
    new AbortController().signal,
    (signal) => engine.order("DELETE", `/containers/${name}?force=1&v=1`, signal)
  );
  return removed.ok || removed.status === 404;
}
function parse3(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}

// src/checks/docker/workspace.ts
var dockerWorkspace = defineCheck({
  id: "docker/workspace",
  title: "Containers that a job starts see its workspace",
  reasons: {
    "not-visible": { level: "warn", summary: "What `-v $PWD:\u2026` mounts is not the job's workspace" }
  },
  needs: {
    engine: dockerEngineProbe,
    endpoint: dockerEndpointProbe,
    container: containerProbe,
    job: jobProbe,
    self: selfContainerProbe,
    smoke: smokeProbe
  },
  after: ["docker/daemon"],
  applies: wantsDocker,
  judge({ engine, endpoint: { endpoint }, container, job, self, smoke }) {
    if (engine.version.kind !== "ok") {
      return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
    }
    const situation = situationOf(container, job);
    if (smoke.outcome.kind !== "not-asked") return bySmoke(smoke, self, situation);
    if (container.mode === "host" && container.insideContainer === void 0) return onHost(smoke, endpoint);
    if (self.state !== "found") {
      return skip(
        "How the daemon sees the workspace cannot be told from here. `smoke: true` finds out by starting a container."
      );
    }
    return byMounts(smoke.workspace, self, situation, job.inJob);
  }
});
function skip(message) {
  return { kind: "skip", reason: "not-applicable", message };
}
function onHost({ workspace }, endpoint) {
  if (endpoint.kind !== "unix") {
    return skip(
      "The daemon is reached over the network. If it runs on another machine, it does not see this workspace; `smoke: true` finds out."
    );
  }
  return { kind: "pass", message: `${code(workspace)} lies on the daemon's own host` };
}
function mountOf3(workspace, mounts) {
  const covering = mounts.filter(
    ({ target: target2 }) => workspace === target2 || workspace.startsWith(`${target2.replace(/\/$/, "")}/`)
  );
  return [...covering].sort((a, b) => b.target.length - a.target.length)[0];
}
function describeMount(mount) {
  var _a;
  const source = "GET /containers/{self}/json, Mounts";
  if (!mount) return { source, text: "none holds the workspace: it is part of the container" };
  return { source, text: `${mount.type} ${(_a = mount.name) != null ? _a : mount.source} on ${mount.target}` };
}
function byMounts(workspace, self, situation, inJob) {
  var _a, _b;
  const mount = mountOf3(workspace, (_a = self.mounts) != null ? _a : []);
  const evidence = [describeMount(mount)];
  if ((mount == null ? void 0 : mount.type) === "bind" && mount.source.replace(/\/$/, "") === mount.target.replace(/\/$/, "")) {
    return { kind: "pass", message: `${code(workspace)} has the same path on the daemon's host`, evidence };
  }
  const usual = "`docker build` and actions are not affected; a container that has to see the workspace gets it with `--volumes-from`.";
  if ((mount == null ? void 0 : mount.type) === "volume") {
    return skip(
      `The workspace is a volume of the runner (${code((_b = mount.name) != null ? _b : mount.source)}), as it is by default, so \`-v "$PWD:\u2026"\` would mount something else. ${usual}`
    );
  }
  if (situation.system === "github" || !inJob) {
    return skip(
      `The workspace has another path on the daemon's host, so \`-v "$PWD:\u2026"\` would mount something else. ${usual}`
    );
  }
  const observed = mount ? mount.type === "bind" ? `it is ${code(mount.source)} on the daemon's host` : `it is a ${mount.type} of this container` : "it lies in this container alone";
  return {
    kind: "finding",
    reason: "not-visible",
    message: `\`docker run -v "$PWD:\u2026"\` does not mount this workspace: the daemon looks for ${code(workspace)} on its own host, and ${observed}.`,
    why: "The started container finds an empty directory, or files of something else, and the job fails with missing files.",
    expected: `${workspace} bound to the same path, or a volume of the runner`,
    observed: describeMount(mount).text,
    evidence,
    remedy: makeVisible(workspace, situation)
  };
}
function makeVisible(workspace, situation) {
  const otherwise = {
    text: "Or leave the runner as it is, and let the container share the mounts of the job's.",
    commands: ['docker run --rm --volumes-from "$JOB_CONTAINER_NAME" --workdir "$GITHUB_WORKSPACE" IMAGE COMMAND'],
    kind: "workflow"
  };
  if (situation.system !== "gitea" && situation.system !== "forgejo") {
    return {
      ...otherwise,
      text: "Let the container share the mounts of the job's, which works wherever its workspace lies."
    };
  }
  const parent = `/${workspace.split("/")[1] || "workspace"}`;
  return {
    text: `Let the runner bind the workspace from the host. If the runner itself runs in a container, mount ${code(parent)} of the host there under the same path.`,
    config: {
      file: configFile,
      language: "yaml",
      text: `container:
  bind_workdir: true
  workdir_parent: ${yamlValue(parent.slice(1))}
  valid_volumes:
    - ${yamlValue(`${parent}/**`)}`
    },
    commands: restartRunner(situation),
    kind: "runner",
    otherwise
  };
}
function bySmoke(smoke, self, situation) {
  var _a;
  const { outcome, workspace, leftBehind } = smoke;
  const mount = mountOf3(workspace, (_a = self.mounts) != null ? _a : []);
  const evidence = [
    ..."image" in outcome ? [{ source: "POST /containers/create", text: `image ${outcome.image}, ${workspace} as a bind mount` }] : [],
    ..."message" in outcome ? [{ source: "the started container", text: outcome.message }] : [],
    ...self.state === "found" ? [describeMount(mount)] : [],
    ...leftBehind === void 0 ? [] : [{ source: "left behind", text: `docker rm --force ${leftBehind}` }]
  ];
  const undecided = (message) => ({ kind: "undecided", message, evidence });
  switch (outcome.kind) {
    case "seen":
      return { kind: "pass", message: `a started container saw ${code(workspace)}`, evidence };
    case "not-seen":
      return {
        kind: "finding",
        reason: "not-visible",
        level: "fail",
        message: `A container that was started for this did not see the workspace ${code(workspace)}.`,
        why: 'What `docker run -v "$PWD:\u2026"` or Compose mounts in a job is something else or nothing, and the job fails with missing files.',
        expected: "the workspace's files in a container started by the job",
        observed: outcome.message,
        evidence,
        remedy: makeVisible(workspace, situation)
      };
    case "not-started":
      return {
        kind: "finding",
        reason: "not-visible",
        level: "fail",
        message: `No container can be started here: ${code(outcome.message)}.`,
        why: "The daemon answers and looks healthy, but every `docker run` and every build step fails, and the runner itself cannot start jobs.",
        expected: "a container that starts and sees the workspace",
        observed: outcome.message,
        evidence,
        remedy: mendRuntime(outcome.message)
      };
    case "no-image":
      return undecided("`smoke` starts no container here: no image is present, and none is pulled for it.");
    case "no-file":
      return undecided(
        `\`smoke\` could not put a file into ${code(workspace)} (${outcome.code}), so nothing can be seen from a container.`
      );
    case "forbidden":
      return undecided(
        `\`smoke\` may not start a container: the daemon, or a proxy before it, forbids it (${outcome.message}).`
      );
    case "no-answer":
      return undecided(`\`smoke\` did not get to an end: ${outcome.message}.`);
    case "not-asked":
      return skip("`smoke` is not set.");
  }
}
function mendRuntime(message) {
  if (/namespace .*time.* does not exist|unknown (?:field|namespace|version)|oci runtime|runc/i.test(message)) {
    return {
      text: "The runtime below the daemon does not go with it: a new dockerd asks runc for things that an old one does not know. Take both, and containerd, from one source, and restart.",
      commands: [
        "docker version   # Engine, containerd and runc",
        "sudo apt-get install --only-upgrade docker-ce containerd.io   # from Docker's own packages, runc comes with containerd.io",
        "sudo systemctl restart docker"
      ],
      kind: "host"
    };
  }
  return {
    text: "Try the same on the host, and look into the daemon's log.",
    commands: ["docker run --rm IMAGE true", "journalctl -u docker --since -10min"],
    kind: "host"
  };
}

// src/probes/nvidia-output.ts
var maxGpus = 64;
var maxCell = 160;
var maxLine = 400;
var mebibyte = 2 ** 20;
function readSmiOutput(output, fields2) {
  var _a, _b, _c;
  const lines = output.split(/\r?\n/).map((line) => line.slice(0, maxLine));
  const rows = lines.filter(isRow);
  if (rows.length > 0) {
    const gpus = rows.slice(0, maxGpus).map((line) => gpuOfRow(line, fields2));
    const driver = (_a = gpus.find((gpu2) => gpu2.driver !== void 0)) == null ? void 0 : _a.driver;
    return listing(
      "csv",
      gpus,
      driver,
      lines.filter((line) => !isRow(line))
    );
  }
  const head = /^\| NVIDIA-SMI\b.*?\b(?:Driver|KMD) Version:\s*([\w.]+)/m.exec(output);
  if (head || /^\| NVIDIA-SMI\b/m.test(output)) {
    return listing("table", gpusOfTable(lines, head == null ? void 0 : head[1]), head == null ? void 0 : head[1], lines.filter(isOutsideOfTable));
  }
  if (/^GPU \d+: .*\(UUID: /m.test(output)) {
    return listing(
      "list",
      gpusOfList(lines),
      void 0,
      lines.filter((line) => !isOfList(line))
    );
  }
  if (/^<nvidia_smi_log>/m.test(output) || /=NVSMI LOG=/.test(output)) {
    const driver = (_b = /(?:<driver_version>|^Driver Version\s*:\s*)([\w.]+)/m.exec(output)) == null ? void 0 : _b[1];
    return listing("log", gpusOfLog(output), driver, []);
  }
  if (/^NVIDIA-SMI version\s*:/m.test(output)) {
    const driver = (_c = /^(?:KMD|DRIVER) version\s*:\s*(\d[\w.]*)/im.exec(output)) == null ? void 0 : _c[1];
    return listing("version", [], driver, []);
  }
  return listing("other", [], void 0, lines);
}
function listing(form, gpus, driver, messages) {
  const text2 = messages.map((line) => line.trim()).filter((line) => line !== "").join("\n");
  return { form, gpus, ...driver !== void 0 && { driver }, messages: text2.slice(0, 2048) };
}
function isRow(line) {
  return /^\s*(?:\d+|\[[^\]]+\]|N\/A|ERR!)\s*,/.test(line) && line.split(",").length >= 4;
}
function gpuOfRow(line, fields2) {
  const cells = line.split(",").map((cell) => cell.trim().slice(0, maxCell));
  const values = /* @__PURE__ */ new Map();
  const troubles = {};
  for (const [position, field2] of fields2.entries()) {
    const cell = cells[position];
    if (cell === void 0 || hasNoValue(cell)) continue;
    const trouble2 = troubleIn(cell);
    if (trouble2 === void 0) values.set(field2, cell);
    else troubles[field2] = trouble2;
  }
  return gpu({
    index: numberIn(values.get("index")),
    name: values.get("name"),
    uuid: values.get("uuid"),
    driver: values.get("driver_version"),
    memoryTotal: bytesIn(values.get("memory.total")),
    memoryUsed: bytesIn(values.get("memory.used")),
    memoryFree: bytesIn(values.get("memory.free")),
    temperature: numberIn(values.get("temperature.gpu")),
    computeCapability: values.get("compute_cap"),
    eccErrors: numberIn(values.get("ecc.errors.uncorrected.volatile.total")),
    mig: switchIn(values.get("mig.mode.current"), "Enabled"),
    pciBusId: values.get("pci.bus_id"),
    thermalSlowdown: switchIn(values.get("clocks_throttle_reasons.hw_thermal_slowdown"), "Active"),
    troubles: Object.keys(troubles).length > 0 ? troubles : void 0
  });
}
function hasNoValue(cell) {
  return cell === "" || /^\[?(?:N\/A|Not Supported|Not Available|Requested functionality has been deprecated)\]?$/i.test(cell);
}
function troubleIn(cell) {
  var _a, _b, _c;
  return (_c = (_a = /^\[(.+)\]$/.exec(cell)) == null ? void 0 : _a[1]) != null ? _c : (_b = /^(?:ERR!|Unknown Error|GPU is lost)$/i.exec(cell)) == null ? void 0 : _b[0];
}
function numberIn(cell) {
  var _a;
  const digits = (_a = /^(\d{1,12}(?:\.\d+)?)(?:\s|$)/.exec(cell != null ? cell : "")) == null ? void 0 : _a[1];
  return digits === void 0 ? void 0 : Number(digits);
}
function bytesIn(cell) {
  const value = numberIn(cell);
  return value === void 0 ? void 0 : value * mebibyte;
}
function switchIn(cell, on) {
  return cell === void 0 ? void 0 : cell.toLowerCase() === on.toLowerCase();
}
var tableGpu = /^\|\s+(\d+)\s+(\S.*?)\s+(?:On|Off|N\/A|ERR!|WDDM|TCC|MCDM)\s+\|\s+([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)\s.*\|\s+(\S+)\s+\|$/i;
function gpusOfTable(lines, driver) {
  var _a, _b, _c;
  const gpus = [];
  for (const [position, line] of lines.entries()) {
    const start2 = tableGpu.exec(line);
    if (!start2 || gpus.length === maxGpus) continue;
    const rest = lines.slice(position + 1, position + 4);
    const end = rest.findIndex((other) => !other.startsWith("|"));
    const block = [line, ...rest.slice(0, end < 0 ? void 0 : end)].join("\n");
    const memory = /(\d+)MiB\s*\/\s*(\d+)MiB/.exec(block);
    const trouble2 = (_a = /ERR!|Unknown Error|GPU is lost|GPU requires reset/i.exec(block)) == null ? void 0 : _a[0];
    gpus.push(
      gpu({
        index: Number(start2[1]),
        name: (_b = start2[2]) == null ? void 0 : _b.slice(0, maxCell),
        driver,
        pciBusId: start2[3],
        eccErrors: numberIn(start2[4]),
        memoryUsed: bytesIn(memory == null ? void 0 : memory[1]),
        memoryTotal: bytesIn(memory == null ? void 0 : memory[2]),
        temperature: numberIn((_c = /\s(\d+)C\s/.exec(block)) == null ? void 0 : _c[1]),
        mig: /\|\s+Enabled\s+\|$/m.test(block) ? true : void 0,
        troubles: trouble2 === void 0 ? void 0 : { table: trouble2 }
      })
    );
  }
  return gpus;
}
function isOutsideOfTable(line) {
  return !/^[|+]/.test(line) && !/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}\s*$/.test(line);
}
function isOfList(line) {
  return /^GPU \d+: .*\(UUID: /.test(line) || isMigOfList(line);
}
function isMigOfList(line) {
  return /^\s+MIG .*Device\s+\d+: \(UUID: /.test(line);
}
function gpusOfList(lines) {
  return lines.flatMap((line, position) => {
    var _a, _b;
    const match = /^GPU (\d+): (.*) \(UUID: ([\w-]+)\)/.exec(line);
    if (!match) return [];
    const mig = isMigOfList((_a = lines[position + 1]) != null ? _a : "") || void 0;
    return [gpu({ index: Number(match[1]), name: (_b = match[2]) == null ? void 0 : _b.slice(0, maxCell), uuid: match[3], mig })];
  }).slice(0, maxGpus);
}
function gpusOfLog(output) {
  const names2 = [...output.matchAll(/(?:<product_name>|^[ \t]+Product Name\s*:\s*)([^<\n]+)/gm)];
  return names2.slice(0, maxGpus).map((match, index) => {
    var _a;
    return gpu({ index, name: (_a = match[1]) == null ? void 0 : _a.trim().slice(0, maxCell) });
  });
}
function gpu(fields2) {
  return Object.fromEntries(Object.entries(fields2).filter(([, value]) => value !== void 0));
}

// src/probes/nvidia.ts
var usualDirectories = [
  "/usr/bin",
  "/usr/local/bin",
  "/bin",
  "/usr/local/nvidia/bin",
  "/usr/lib/wsl/lib",
  "/opt/bin",
  "/run/current-system/sw/bin",
  "/run/nvidia/driver/usr/bin"
];
var fields = [
  "index",
  "name",
  "uuid",
  "driver_version",
  "memory.total",
  "memory.used",
  "temperature.gpu",
  "utilization.gpu",
  "compute_cap",
  "ecc.errors.uncorrected.volatile.total",
  "mig.mode.current",
  "pci.bus_id",
  "memory.free",
  "clocks_throttle_reasons.hw_thermal_slowdown"
];
var nvidiaProbe = {
  name: "nvidia",
  async collect(host, _request, signal) {
    var _a, _b;
    const path = pathEntries(host, host.cwd());
    const [{ smi, unusable: unusable2, run, offPath: offPath2 }, nodes, version2, pci] = await Promise.all([
      searchAndRun(host, path, signal),
      deviceNodes(host),
      host.readText("/proc/driver/nvidia/version", 4096),
      host.readText("/proc/bus/pci/devices")
    ]);
    const facts = {
      smi,
      smiUnusable: unusable2,
      smiOffPath: offPath2,
      run,
      nodes,
      kernelDriver: version2.kind === "ok" ? moduleVersion(version2.value) : void 0,
      pciDevices: pci.kind === "ok" ? nvidiaOnBus(pci.value) : void 0,
      visibleDevices: (_a = host.env.NVIDIA_VISIBLE_DEVICES) == null ? void 0 : _a.slice(0, 512),
      driverCapabilities: (_b = host.env.NVIDIA_DRIVER_CAPABILITIES) == null ? void 0 : _b.slice(0, 512)
    };
    return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== void 0));
  }
};
async function searchAndRun(host, path, signal) {
  const { found: smi, unusable: unusable2 } = await searchProgram(host, "nvidia-smi", path);
  if (smi !== void 0) return { smi, run: await runSmi(host, smi, signal) };
  const others = usualDirectories.filter((directory2) => !path.includes(directory2));
  const { found: offPath2 } = await searchProgram(host, "nvidia-smi", others);
  return { ...unusable2[0] && { unusable: unusable2[0] }, ...offPath2 !== void 0 && { offPath: offPath2 } };
}
function unknownField(run) {
  var _a;
  return (_a = /field "([\w.]+)" is not a valid field to query/i.exec(run.messages)) == null ? void 0 : _a[1];
}
async function runSmi(host, smi, signal) {
  const first = await query(host, smi, fields, signal);
  const refused2 = unknownField(first);
  if (refused2 === void 0) return first;
  const second = await query(
    host,
    smi,
    fields.filter((field2) => field2 !== refused2),
    signal
  );
  return unknownField(second) === void 0 ? second : answerOf2(["nvidia-smi"], await host.run([smi], { signal }), []);
}
async function query(host, smi, asked, signal) {
  const args = [`--query-gpu=${asked.join(",")}`, "--format=csv,noheader,nounits"];
  return answerOf2(["nvidia-smi", ...args], await host.run([smi, ...args], { signal }), asked);
}
function answerOf2(command, outcome, asked) {
  const { stdout, stderr, ms, ...end } = outcome;
  const listed2 = readSmiOutput(stdout, asked);
  const answered = end.kind === "exited" && end.code === 0 && listed2.gpus.length > 0;
  const { form, gpus, driver, messages } = answered ? listed2 : readSmiOutput(`${stdout}
${stderr}`, asked);
  return { command: command.join(" "), ms, form, gpus, ...driver !== void 0 && { driver }, messages, ...end };
}
async function deviceNodes(host) {
  const names2 = await host.list("/dev");
  if (names2.kind !== "ok") return void 0;
  const paths = names2.value.filter((name) => /^(?:nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)|dxg)$/.test(name)).sort();
  const nodes = await Promise.all(
    paths.map(async (name) => {
      const path = `/dev/${name}`;
      const [look3, readable, writable] = await Promise.all([
        host.stat(path),
        host.access(path, "r"),
        host.access(path, "w")
      ]);
      return nodeOf(path, look3, readable && writable);
    })
  );
  return nodes.filter((node) => node !== void 0);
}
function nodeOf(path, look3, usable) {
  if (look3.kind === "absent" || look3.kind === "unreadable") return void 0;
  return { path, mode: look3.mode, gid: look3.gid, usable };
}
function moduleVersion(text2) {
  var _a, _b, _c, _d;
  return (_d = (_c = (_a = /Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(text2)) == null ? void 0 : _a[1]) != null ? _c : (_b = text2.split("\n", 1)[0]) == null ? void 0 : _b.slice(0, 200)) != null ? _d : "";
}
function nvidiaOnBus(text2) {
  return text2.split("\n").flatMap((line) => {
    var _a, _b, _c, _d;
    const columns = line.split("	");
    const place = Number.parseInt((_a = columns[0]) != null ? _a : "", 16);
    if (!((_b = columns[1]) == null ? void 0 : _b.startsWith("10de")) || Number.isNaN(place) || (place & 7) !== 0) return [];
    const bus = (place >> 8).toString(16).padStart(2, "0");
    const device = (place >> 3 & 31).toString(16).padStart(2, "0");
    return [{ address: `${bus}:${device}.0`, driver: (_d = (_c = columns[17]) == null ? void 0 : _c.trim()) != null ? _d : "" }];
  });
}

// src/checks/gpu/driver-findings.ts
function caseOf(...args) {
  return require("./findings.js").src_checks_gpu_driver_findings_ts.caseOf(...args);
}
function explain(...args) {
  return require("./findings.js").src_checks_gpu_driver_findings_ts.explain(...args);
}

// src/checks/gpu/smi-state.ts
var words = [
  [/driver\/library version mismatch/i, "library-mismatch"],
  [
    /find libnvidia-ml|nvml shared library not found|(?:error while loading|error loading) shared librar|error relocating/i,
    "library-missing"
  ],
  [/communicate with the nvidia driver|driver (?:is )?not loaded/i, "driver-not-loaded"],
  [/insufficient permissions|files are readable by current user/i, "insufficient-permissions"],
  [/access blocked by the operating system/i, "access-blocked"],
  [/gpu is lost|fallen off the bus/i, "gpu-lost"],
  [/gpu requires reset|gpu reset must occur/i, "reset-required"],
  [/insufficient external power|insufficiently powered/i, "insufficient-power"],
  [/no devices (?:were )?found|no supported gpus were found/i, "no-devices"],
  [/unknown error/i, "nvml-unknown-error"],
  [/(?:initialize nvml: |for gpu ?\S+: |^)timeout$/im, "timeout"],
  [/nvidia-smi: (?:command )?not found/i, "smi-missing"]
];
var otherError = /failed to initialize nvml|unable to determine the|internal nvml error|is not a valid field|^error: /im;
var codes = {
  4: "insufficient-permissions",
  6: "no-devices",
  8: "insufficient-power",
  9: "driver-not-loaded",
  12: "library-missing",
  15: "gpu-lost",
  16: "reset-required",
  17: "access-blocked",
  18: "library-mismatch"
};
var grave = [
  "library-mismatch",
  "library-missing",
  "driver-not-loaded",
  "access-blocked",
  "gpu-lost",
  "reset-required",
  "insufficient-power",
  "nvml-unknown-error"
];
var marginal = ["utilization.gpu", "clocks_throttle_reasons.hw_thermal_slowdown"];
function stateOf(run) {
  var _a, _b;
  if (run.kind === "timed-out") return trouble("timeout", run.messages || "no answer");
  if (run.kind === "not-started") return trouble("broken", `it cannot be started (${run.code})`);
  return (_b = (_a = stateOfGpus(run.gpus)) != null ? _a : stateOfMessages(run.messages)) != null ? _b : run.kind === "signalled" ? trouble("broken", `killed by ${run.signal}`) : stateOfCode(run, run.code);
}
function stateOfGpus(gpus) {
  var _a;
  for (const [position, gpu2] of gpus.entries()) {
    const found = troubleOf(gpu2);
    if (found) return trouble(found.reason, found.text, String((_a = gpu2.index) != null ? _a : position));
  }
  return void 0;
}
function troubleOf(gpu2) {
  var _a, _b, _c, _d, _e, _f, _g;
  const cells = Object.entries((_a = gpu2.troubles) != null ? _a : {}).filter(([field2]) => !marginal.includes(field2));
  for (const [, text3] of cells) {
    const reason = reasonIn(text3);
    if (reason !== void 0 && grave.includes(reason)) return { reason, text: text3 };
  }
  const [, unreadable] = (_b = cells.find(([, text3]) => /^ERR!$/i.test(text3))) != null ? _b : [];
  if (unreadable !== void 0) return { reason: "broken", text: unreadable };
  const memory = (_c = gpu2.troubles) == null ? void 0 : _c["memory.total"];
  if (memory !== void 0 && !/^insufficient permissions$/i.test(memory))
    return { reason: (_d = reasonIn(memory)) != null ? _d : "broken", text: memory };
  if (gpu2.name !== void 0 || gpu2.uuid !== void 0) return void 0;
  const text2 = (_f = (_e = cells[0]) == null ? void 0 : _e[1]) != null ? _f : "N/A";
  return { reason: (_g = reasonIn(text2)) != null ? _g : "broken", text: text2 };
}
function stateOfMessages(messages) {
  var _a, _b, _c;
  const reason = (_a = reasonIn(messages)) != null ? _a : otherError.test(messages) ? "broken" : void 0;
  if (reason === void 0) return void 0;
  const lines = messages.split("\n");
  const line = (_b = lines.find((candidate) => reasonIn(candidate) === reason)) != null ? _b : lines.find((text2) => otherError.test(text2));
  const gpu2 = (_c = /for gpu ?([\w:.]+):/i.exec(line != null ? line : "")) == null ? void 0 : _c[1];
  return trouble(reason, (line != null ? line : messages).slice(0, 300), gpu2);
}
function reasonIn(text2) {
  var _a;
  return (_a = words.find(([pattern]) => pattern.test(text2))) == null ? void 0 : _a[1];
}
function stateOfCode(run, code3) {
  var _a, _b;
  const said = ((_a = run.messages.split("\n", 1)[0]) == null ? void 0 : _a.slice(0, 300)) || (run.form === "other" ? "it printed nothing" : "no GPU in its list");
  if (code3 !== 0) return trouble((_b = codes[code3]) != null ? _b : "broken", said);
  if (run.gpus.length > 0 || run.form === "log" || run.form === "version") return { kind: "ok" };
  return trouble("broken", said);
}
function trouble(reason, text2, gpu2) {
  return { kind: "trouble", reason, text: text2, ...gpu2 !== void 0 && { gpu: gpu2 } };
}

// src/checks/gpu/seen.ts
function wantsGpu(policy) {
  return policy.gpu.require !== "forbidden";
}
function driverVersion(nvidia) {
  var _a, _b;
  return (_b = (_a = nvidia.run) == null ? void 0 : _a.driver) != null ? _b : nvidia.kernelDriver;
}
function gpuNodes(nvidia) {
  var _a;
  const paths = ((_a = nvidia.nodes) != null ? _a : []).map(({ path }) => path);
  return paths.filter((path) => /^\/dev\/(?:nvidia\d+|dxg)$/.test(path));
}
function smiWorks(nvidia) {
  return nvidia.run !== void 0 && stateOf(nvidia.run).kind === "ok";
}
function evidenceOf7(nvidia) {
  const { run, kernelDriver, nodes, pciDevices } = nvidia;
  const onBus = pciDevices == null ? void 0 : pciDevices.map(({ address: address2, driver }) => `${address2} (driver: ${driver || "none"})`).join(", ");
  return [
    ...run ? [{ source: run.command, text: `${endOf2(run)}${answerOf3(run)}` }] : [],
    { source: "/proc/driver/nvidia/version", text: kernelDriver != null ? kernelDriver : "no kernel module" },
    ...nodes ? [{ source: "/dev", text: nodes.map(({ path }) => path).join(", ") || "no device node of NVIDIA" }] : [],
    ...onBus === void 0 ? [] : [{ source: "/proc/bus/pci/devices", text: onBus || "no NVIDIA device" }]
  ];
}
function endOf2(run) {
  switch (run.kind) {
    case "exited":
      return `exit ${run.code}`;
    case "signalled":
      return `killed by ${run.signal}`;
    case "not-started":
      return `not started (${run.code})`;
    case "timed-out":
      return run.abandoned ? "no end in time, not even by SIGKILL" : "no end in time";
  }
}
function answerOf3({ gpus, messages }) {
  const rows = gpus.map(
    ({ name, uuid, troubles }) => [name, uuid, ...Object.entries(troubles != null ? troubles : {}).map(([field2, text3]) => `${field2}: ${text3}`)].filter((part) => part !== void 0).join(", ")
  );
  const text2 = [messages, ...rows].filter((line) => line !== "").join("\n");
  return text2 === "" ? "" : `: ${text2.slice(0, 1e3)}`;
}

// src/checks/gpu/driver.ts
var gpuDriver = defineCheck({
  id: "gpu/driver",
  title: "The NVIDIA driver works and shows its GPUs",
  reasons: {
    "smi-missing": { level: "fail", summary: "nvidia-smi is not there, or not on PATH" },
    "driver-not-loaded": { level: "fail", summary: "the kernel module is not loaded" },
    "library-missing": { level: "fail", summary: "the driver's library libnvidia-ml is missing" },
    "library-mismatch": { level: "fail", summary: "kernel module and libraries are of different versions" },
    "nvml-unknown-error": { level: "fail", summary: "the driver answers Unknown Error" },
    "insufficient-permissions": { level: "fail", summary: "this user may not use the GPU" },
    "access-blocked": { level: "fail", summary: "the operating system denies access to the GPU" },
    "no-devices": { level: "fail", summary: "the driver shows no GPU" },
    "gpu-lost": { level: "fail", summary: "a GPU has fallen off the bus" },
    "reset-required": { level: "fail", summary: "a GPU needs a reset" },
    "insufficient-power": { level: "fail", summary: "a GPU does not get enough power" },
    timeout: { level: "fail", summary: "nvidia-smi does not answer" },
    broken: { level: "fail", summary: "nvidia-smi fails otherwise" }
  },
  needs: { nvidia: nvidiaProbe, container: containerProbe, job: jobProbe },
  after: ["gpu/visibility"],
  applies: wantsGpu,
  judge({ nvidia, container, job }, policy) {
    const state = stateOfDriver(nvidia);
    if (state.kind === "ok") return pass(nvidia);
    if (nvidia.run === void 0 && policy.gpu.require === "optional") {
      return {
        kind: "skip",
        reason: "absent",
        message: "There is no `nvidia-smi` on `PATH`, and the profile does not insist on a GPU."
      };
    }
    return {
      kind: "finding",
      reason: state.reason,
      why: "Whatever needs CUDA fails on this runner, or falls back to the CPU without a word and takes many times as long.",
      expected: "`nvidia-smi` lists the GPUs of this machine",
      observed: state.text,
      evidence: evidenceOf7(nvidia),
      ...explain(caseOf(nvidia, container, job, state))
    };
  }
});
function stateOfDriver(nvidia) {
  return nvidia.run ? stateOf(nvidia.run) : { kind: "trouble", reason: "smi-missing", text: "no `nvidia-smi` on `PATH`" };
}
function pass(nvidia) {
  var _a, _b;
  const names2 = ((_b = (_a = nvidia.run) == null ? void 0 : _a.gpus) != null ? _b : []).map(({ name }) => name != null ? name : "a GPU without a name");
  const counted = [...new Set(names2)].map((name) => {
    const count = names2.filter((other) => other === name).length;
    return count > 1 ? `${count} \xD7 ${name}` : name;
  });
  const version2 = driverVersion(nvidia);
  const driver = version2 === void 0 ? "The driver answers" : `Driver ${version2}`;
  const message = counted.length > 0 ? `${driver}: ${listed(counted)}` : driver;
  return { kind: "pass", message, evidence: evidenceOf7(nvidia) };
}

// src/checks/gpu/inventory-judgements.ts
var hotDegrees = 90;
function describe2(gpu2, position = 0) {
  var _a, _b;
  const free = freeOf(gpu2);
  const parts = [
    (_a = gpu2.name) != null ? _a : "GPU",
    gpu2.memoryTotal === void 0 ? void 0 : formatBytes(gpu2.memoryTotal),
    free === void 0 ? void 0 : `${formatBytes(free)} free`,
    gpu2.computeCapability === void 0 ? void 0 : `compute capability ${gpu2.computeCapability}`,
    gpu2.temperature === void 0 ? void 0 : `${gpu2.temperature} \xB0C`,
    gpu2.mig ? "MIG" : void 0,
    gpu2.eccErrors ? `${gpu2.eccErrors} uncorrected memory errors` : void 0
  ];
  return { source: `GPU ${(_b = gpu2.index) != null ? _b : position}`, text: parts.filter((part) => part !== void 0).join(", ") };
}
function freeOf({ memoryFree, memoryTotal, memoryUsed }) {
  if (memoryFree !== void 0) return memoryFree;
  return memoryTotal === void 0 || memoryUsed === void 0 ? void 0 : Math.max(0, memoryTotal - memoryUsed);
}
function nameOf(gpu2) {
  var _a;
  return `GPU ${(_a = gpu2.index) != null ? _a : "?"}${gpu2.name === void 0 ? "" : ` (${gpu2.name})`}`;
}
function expected({ policy }, key, text2) {
  var _a;
  const source = (_a = policy.sources[`gpu.${key}`]) != null ? _a : policy.sources.gpu;
  return source === void 0 ? text2 : `${text2} (${source})`;
}
function finding({ nvidia, gpus }, rest) {
  const driver = driverVersion(nvidia);
  return {
    kind: "finding",
    evidence: [...gpus.map(describe2), ...driver === void 0 ? [] : [{ source: "driver", text: driver }]],
    ...rest
  };
}
var tooFew = (inventory) => {
  var _a, _b;
  const { gpus, policy, inContainer, nvidia } = inventory;
  const { count } = policy.gpu;
  if (count === void 0 || gpus.length >= count) return void 0;
  if (gpus.length === 0) return "unknown";
  const onBus = (_b = (_a = nvidia.pciDevices) == null ? void 0 : _a.length) != null ? _b : 0;
  const more = onBus > gpus.length ? ` The PCI bus has ${onBus} NVIDIA devices.` : "";
  return finding(inventory, {
    reason: "too-few",
    message: `${gpus.length} of the ${count} GPUs that the profile wants can be seen.${more}`,
    why: "Jobs that spread their work over the GPUs fail, or wait for each other.",
    expected: expected(inventory, "count", `at least ${count}`),
    observed: String(gpus.length),
    remedy: inContainer ? {
      text: "See whether the container was given all of them (`--gpus all`, and `NVIDIA_VISIBLE_DEVICES=all` or unset), and how many the host has.",
      commands: ['echo "$NVIDIA_VISIBLE_DEVICES"', "nvidia-smi -L   # here, and on the host"],
      kind: "runner"
    } : {
      text: "A card that is on the bus but not in the list was left out by the driver: the kernel's log says why.",
      commands: ["lspci -nn | grep -i nvidia", "sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20"],
      kind: "host"
    }
  });
};
var tooLittleMemory = (inventory) => {
  var _a;
  const { gpus, policy } = inventory;
  const { memory } = policy.gpu;
  if (memory === void 0) return void 0;
  const small = gpus.find((gpu2) => gpu2.memoryTotal !== void 0 && gpu2.memoryTotal < memory);
  if (!small) return gpus.length === 0 || gpus.some((gpu2) => gpu2.memoryTotal === void 0) ? "unknown" : void 0;
  const has = (_a = small.memoryTotal) != null ? _a : 0;
  const nearly = has >= memory * (15 / 16) * 0.99;
  return finding(inventory, {
    reason: "too-little-memory",
    message: `${nameOf(small)} has ${formatBytes(has)} of memory, the profile wants ${formatBytes(memory)}.`,
    why: "A model that does not fit is loaded in part: the rest is computed by the CPU, many times slower, until tests time out.",
    expected: expected(inventory, "memory", `at least ${formatBytes(memory)} on each GPU`),
    observed: formatBytes(has),
    remedy: {
      text: nearly ? `A card that is sold with ${formatBytes(memory)} shows a little less, since its firmware and error correction keep a part. If this is the card that is meant, ask for what it shows: \`memory: ${Math.floor(has / 2 ** 30)}GiB\` in the policy.` : "Give the label to a machine with a bigger GPU, or lower `gpu.memory` in the policy if jobs can do with less.",
      kind: nearly ? "workflow" : "runner"
    }
  });
};
var tooLittleFreeMemory = (inventory) => {
  const { gpus, policy } = inventory;
  const { freeMemory, count = 1 } = policy.gpu;
  if (freeMemory === void 0) return void 0;
  const free = gpus.map((gpu2) => freeOf(gpu2));
  const enough = free.filter((bytes) => bytes !== void 0 && bytes >= freeMemory).length;
  if (enough >= count) return void 0;
  if (free.length === 0 || free.includes(void 0)) return "unknown";
  const best = Math.max(...free.map((bytes) => bytes != null ? bytes : 0));
  return finding(inventory, {
    reason: "too-little-free-memory",
    message: `${count === 1 ? "No GPU has" : `Only ${enough} of ${count} GPUs have`} ${formatBytes(freeMemory)} of free memory: the most is ${formatBytes(best)}. Other programs hold the rest.`,
    why: "A model that finds no room is put on the CPU in part, without a word: tests take many times as long, and time out.",
    expected: expected(
      inventory,
      "freeMemory",
      `${formatBytes(freeMemory)} free on ${count === 1 ? "a GPU" : `${count} GPUs`}`
    ),
    observed: `${formatBytes(best)} free`,
    remedy: {
      text: "See on the host who holds the memory, and stop it or give it another GPU. Ollama keeps a model for five minutes after its last use, others for as long as they run.",
      commands: [
        "nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv",
        "ollama ps   # then: ollama stop MODEL"
      ],
      kind: "host"
    }
  });
};
var driverTooOld = (inventory) => {
  const range = inventory.policy.gpu.driver;
  const text2 = driverVersion(inventory.nvidia);
  const answer = range && isWithin(text2, range);
  if (!range || answer === true) return void 0;
  if (answer === "unknown") return "unknown";
  return finding(inventory, {
    reason: "driver-too-old",
    message: `The driver is ${text2}, the profile wants ${code(range.text)}.`,
    why: "CUDA programs built for a newer driver stop with `CUDA driver version is insufficient for CUDA runtime version`.",
    expected: expected(inventory, "driver", `driver ${range.text}`),
    observed: text2 != null ? text2 : "unknown",
    remedy: {
      text: "Install another branch of the driver on the host, and restart it: until then module and libraries differ. Containers get their driver from the host, so nothing is to be changed in the image.",
      commands: [
        "sudo ubuntu-drivers list   # Debian: apt-cache policy nvidia-driver",
        "sudo reboot   # after the installation"
      ],
      kind: "host"
    }
  });
};
var computeCapabilityTooLow = (inventory) => {
  var _a;
  const { gpus, policy } = inventory;
  const range = policy.gpu.computeCapability;
  if (!range) return void 0;
  const answers = gpus.map((gpu2) => isWithin(gpu2.computeCapability, range));
  const wrong = gpus[answers.indexOf(false)];
  if (!wrong) return gpus.length === 0 || answers.includes("unknown") ? "unknown" : void 0;
  return finding(inventory, {
    reason: "compute-capability-too-low",
    message: `${nameOf(wrong)} has compute capability ${wrong.computeCapability}, the profile wants ${code(range.text)}.`,
    why: "Kernels that were not built for this generation do not start: `no kernel image is available for execution on the device`.",
    expected: expected(inventory, "computeCapability", `compute capability ${range.text} on each GPU`),
    observed: (_a = wrong.computeCapability) != null ? _a : "unknown",
    remedy: {
      text: "Give the label to a machine with a GPU of that generation. If this one is meant to do: build for it too (`CMAKE_CUDA_ARCHITECTURES`, `TORCH_CUDA_ARCH_LIST`), and widen `gpu.compute-capability` in the policy. A second card that jobs should not use can be kept from them by `NVIDIA_VISIBLE_DEVICES`.",
      kind: "runner"
    }
  });
};
function isWithin(text2, range) {
  const version2 = text2 === void 0 ? void 0 : findVersion(text2);
  return version2 ? satisfies(version2, range) : "unknown";
}
var eccErrors = (inventory) => {
  var _a;
  const sick2 = inventory.gpus.find((gpu2) => {
    var _a2;
    return ((_a2 = gpu2.eccErrors) != null ? _a2 : 0) > 0;
  });
  if (!sick2) return void 0;
  return finding(inventory, {
    reason: "ecc-errors",
    message: `The memory of ${nameOf(sick2)} had ${sick2.eccErrors} errors since the driver was loaded that could not be corrected.`,
    why: "What was computed with that memory is wrong or was cut off, and the next job may get the same cells.",
    expected: "no uncorrected memory errors",
    observed: `${sick2.eccErrors}`,
    remedy: {
      text: "On the host, stop what uses the GPU and reset it: that puts spare cells in place of the bad ones. If errors return, or no spare is left, the card has to be replaced.",
      commands: [
        "nvidia-smi -q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER",
        `sudo nvidia-smi --gpu-reset -i ${(_a = sick2.index) != null ? _a : 0}`
      ],
      kind: "host"
    }
  });
};
var migUnexpected = (inventory) => {
  var _a, _b;
  const { gpus, policy, nvidia } = inventory;
  const split = gpus.find((gpu2) => gpu2.mig);
  if (!split || policy.gpu.require !== "required" || /\bMIG-/.test((_a = nvidia.visibleDevices) != null ? _a : "")) return void 0;
  return finding(inventory, {
    reason: "mig-unexpected",
    message: `${nameOf(split)} is in MIG mode: it is split into instances.`,
    why: "A CUDA program sees a single instance, with a part of the memory and of the cores, and none at all where no instance was created.",
    expected: "whole GPUs",
    observed: "MIG mode enabled",
    remedy: {
      text: "If jobs should have the whole GPU, leave MIG mode on the host, with nothing running on it.",
      commands: ["nvidia-smi -L", `sudo nvidia-smi -i ${(_b = split.index) != null ? _b : 0} -mig 0`],
      kind: "host",
      otherwise: {
        text: "If instances are what you want, name the one for jobs in `NVIDIA_VISIBLE_DEVICES` (`MIG-\u2026`, from `nvidia-smi -L`), or switch this off in the policy.",
        config: {
          file: ".gitea/runner-check.yml",
          language: "yaml",
          text: "severity:\n  gpu/inventory:mig-unexpected: off"
        },
        kind: "workflow"
      }
    }
  });
};
var hot = (inventory) => {
  const { gpus, policy } = inventory;
  if (policy.gpu.require !== "required") return void 0;
  const gpu2 = gpus.find((one) => {
    var _a;
    return one.thermalSlowdown || ((_a = one.temperature) != null ? _a : 0) >= hotDegrees;
  });
  if (!gpu2) return void 0;
  const state = gpu2.temperature === void 0 ? "too hot" : `at ${gpu2.temperature} \xB0C`;
  return finding(inventory, {
    reason: "hot",
    message: `${nameOf(gpu2)} is ${state}${gpu2.thermalSlowdown ? ", and the hardware has cut its clocks down" : ""}.`,
    why: "A GPU that hot halves its clocks or worse to save itself: jobs take longer for no reason that their logs show, and in the end it switches off.",
    expected: `below ${hotDegrees} \xB0C, no thermal slowdown`,
    observed: state,
    remedy: {
      text: "Look after the cooling: fans, dust, the temperature of the room, the power limit. See on the host who works on it.",
      commands: [
        "nvidia-smi -q -d TEMPERATURE,PERFORMANCE",
        "nvidia-smi --query-compute-apps=pid,process_name --format=csv"
      ],
      kind: "host"
    }
  });
};
var judgements = [
  tooFew,
  tooLittleMemory,
  tooLittleFreeMemory,
  driverTooOld,
  computeCapabilityTooLow,
  eccErrors,
  migUnexpected,
  hot
];

// src/checks/gpu/inventory.ts
var gpuInventory = defineCheck({
  id: "gpu/inventory",
  title: "The GPUs are as many, as big and as healthy as the profile wants them",
  reasons: {
    "too-few": { level: "fail", summary: "fewer GPUs than the profile wants" },
    "too-little-memory": { level: "fail", summary: "a GPU with less memory than the profile wants" },
    "too-little-free-memory": { level: "fail", summary: "others hold the memory that jobs need" },
    "driver-too-old": { level: "fail", summary: "the driver's version is not what the profile wants" },
    "compute-capability-too-low": { level: "fail", summary: "a GPU of a generation that the profile does not want" },
    "ecc-errors": { level: "fail", summary: "a GPU's memory has errors that could not be corrected" },
    "mig-unexpected": { level: "warn", summary: "a GPU is split into MIG instances" },
    hot: { level: "warn", summary: "a GPU is so hot that it slows down" }
  },
  needs: { nvidia: nvidiaProbe, container: containerProbe },
  after: ["gpu/driver"],
  applies: wantsGpu,
  judge({ nvidia, container }, policy) {
    var _a, _b, _c;
    if (!smiWorks(nvidia)) {
      return nvidia.run === void 0 && policy.gpu.require === "optional" ? {
        kind: "skip",
        reason: "absent",
        message: "There is no GPU to be seen, and the profile does not insist on one."
      } : { kind: "skip", reason: "needs:gpu/driver", message: "Cannot be judged before `nvidia-smi` answers." };
    }
    const gpus = (_b = (_a = nvidia.run) == null ? void 0 : _a.gpus) != null ? _b : [];
    const inventory = { nvidia, gpus, policy, inContainer: container.mode === "container" };
    const verdicts = judgements.map((judgement) => judgement(inventory));
    const found = verdicts.find((verdict) => verdict !== void 0 && verdict !== "unknown");
    if (found) return found;
    if (verdicts.includes("unknown")) {
      return {
        kind: "undecided",
        message: `\`${(_c = nvidia.run) == null ? void 0 : _c.command}\` does not tell everything that the profile asks for${gpus.length === 0 ? ": it lists no GPU" : ""}.`,
        evidence: [...gpus.map(describe2), ...evidenceOf7(nvidia)]
      };
    }
    const message = gpus.length === 0 ? "The profile asks for no figures" : gpus.map((gpu2) => describe2(gpu2).text).join("; ");
    return { kind: "pass", message, evidence: gpus.map(describe2) };
  }
});

// src/checks/gpu/presence.ts
var gpuPresence = defineCheck({
  id: "gpu/presence",
  title: "No GPU where the profile forbids one",
  reasons: {
    "forbidden-but-present": { level: "warn", summary: "jobs see a GPU that their profile forbids" }
  },
  needs: { nvidia: nvidiaProbe, container: containerProbe },
  applies: (policy) => policy.gpu.require === "forbidden",
  judge({ nvidia, container }, policy) {
    var _a, _b;
    const nodes = gpuNodes(nvidia);
    if (nodes.length === 0 && !smiWorks(nvidia)) {
      if (nvidia.nodes === void 0 && nvidia.run === void 0) {
        return { kind: "undecided", message: "Could not look into `/dev`, so there may be a GPU or not." };
      }
      return { kind: "pass", message: "No GPU to be seen", evidence: evidenceOf7(nvidia) };
    }
    const names2 = ((_b = (_a = nvidia.run) == null ? void 0 : _a.gpus) != null ? _b : []).flatMap(({ name }) => name != null ? name : []);
    const seen4 = names2.length > 0 ? listed(names2) : listed(nodes.map(code)) || "an NVIDIA driver that answers";
    return {
      kind: "finding",
      reason: "forbidden-but-present",
      message: `Jobs of the profile ${code(policy.profile)} should have no GPU, and see ${seen4}.`,
      why: "Tests take another way when they find a GPU, builds depend on hardware that the label does not promise, and every job can take memory from those that need the GPU.",
      expected: "no GPU",
      observed: seen4,
      evidence: evidenceOf7(nvidia),
      remedy: container.mode === "container" ? ownRunnerForGpu : elsewhere
    };
  }
});
var ownRunnerForGpu = {
  text: "`container.options` of a runner holds for all its labels. Give the GPU label a runner (a registration and a `config.yaml`) of its own, and take `--gpus` from this one. A default runtime `nvidia` in `/etc/docker/daemon.json`, or `ENV NVIDIA_VISIBLE_DEVICES=all` in the image, has the same effect.",
  commands: ["docker info --format '{{.DefaultRuntime}}'"],
  kind: "runner",
  otherwise: { text: "If the GPU is welcome here, say so in the profile: `gpu: optional`.", kind: "workflow" }
};
var elsewhere = {
  text: "On the host every job sees the machine's GPUs. Move the label to a machine without, or run its jobs in containers (`docker://`).",
  kind: "runner",
  otherwise: { text: "If the GPU is welcome here, say so in the profile: `gpu: optional`.", kind: "workflow" }
};

// src/probes/gpu-request.ts
var gpuRequestProbe = {
  name: "gpu-request",
  async collect(_host2, _request, _signal, ask) {
    const [self, engine] = await Promise.all([answerOf4(ask, selfContainerProbe), answerOf4(ask, dockerEngineProbe)]);
    if (!self) return { state: "no-answer" };
    if (self.state !== "found") return { state: self.state };
    const { privileged, runtime, deviceRequests, nvidiaEnv } = self;
    const info = (engine == null ? void 0 : engine.info.kind) === "ok" ? engine.info.value : void 0;
    return {
      state: self.state,
      ...privileged !== void 0 && { privileged },
      ...runtime !== void 0 && { runtime },
      ...deviceRequests && { deviceRequests },
      ...nvidiaEnv && { nvidiaEnv },
      ...info && { runtimes: info.runtimes, cdiDevices: info.cdiDevices }
    };
  }
};
async function answerOf4(ask, probe) {
  try {
    return await ask(probe);
  } catch {
    return void 0;
  }
}

// src/checks/runner/labels.ts
function restartCommand(job) {
  const service = holdsFor(runnerKnowledge("old-name"), job.runnerVersion) === "yes" ? "act_runner" : "gitea-runner";
  return `sudo systemctl restart ${job.system === "forgejo" ? "forgejo-runner" : service}`;
}
function labelConfig(label) {
  return { file: "config.yaml", language: "yaml", text: `runner:
  labels:
    - ${JSON.stringify(label)}` };
}

// src/checks/runner/privileged.ts
var sysAdmin = 21;
var nearlyAll = 35;
var runnerPrivileged = defineCheck({
  id: "runner/privileged",
  title: "The job container is not privileged",
  reasons: { privileged: { level: "fail", summary: "the job container holds all capabilities of the host's root" } },
  needs: { container: containerProbe, job: jobProbe },
  applies: (policy) => policy.privileged === "forbidden",
  judge({ container, job }, policy) {
    if (container.mode === "host") {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "The job runs on the host: there is no container to judge."
      };
    }
    const { boundingCapabilities, capabilities } = container;
    const mask = boundingCapabilities != null ? boundingCapabilities : capabilities;
    if (mask === void 0) {
      return { kind: "undecided", message: "Could not read the capabilities of this process in `/proc/self/status`." };
    }
    if (container.mode === "unknown") {
      if (policy.runsIn !== "any") {
        return {
          kind: "skip",
          reason: "needs:runner/mode",
          message: "Cannot be judged before it is known whether this is a container."
        };
      }
      return { kind: "undecided", message: "Could not find out whether this is a container or the host." };
    }
    const count = countCapabilities(mask);
    const name = boundingCapabilities === void 0 ? "CapEff" : "CapBnd";
    const evidence = [{ source: "/proc/self/status", text: `${name}: ${mask} (${count} capabilities)` }];
    if (!isPrivileged(container)) {
      return { kind: "pass", message: `${count} capabilities, as of an ordinary container`, evidence };
    }
    return {
      kind: "finding",
      reason: "privileged",
      message: `The job container is privileged: it holds ${count} capabilities, \`CAP_SYS_ADMIN\` among them.`,
      why: "It is root on the runner's host in all but name: any job, and any dependency that it runs, can mount the host's disks and load kernel modules.",
      expected: "an unprivileged container",
      observed: `${count} capabilities`,
      evidence,
      remedy: remedyOf(job)
    };
  }
});
function remedyOf(job) {
  const otherwise = {
    text: "If jobs of this label cannot do without, say so in its profile: `privileged: allowed`.",
    kind: "workflow"
  };
  switch (job.system) {
    case "gitea":
    case "forgejo":
      return {
        text: "Take it back in the runner's `config.yaml`, then restart the runner. Where a job needs one power only, grant that alone in `container.options`, such as `--cap-add` or `--device`.",
        config: { file: "config.yaml", language: "yaml", text: "container:\n  privileged: false" },
        commands: [restartCommand(job)],
        kind: "runner",
        otherwise
      };
    case "act":
      return { text: "Start the run without `--privileged`.", kind: "runner", otherwise };
    case "github":
      return {
        text: "Take `--privileged` out of the job's `container.options`.",
        kind: "workflow",
        otherwise
      };
    case "none":
      return { text: "Start the container without `--privileged` and `--cap-add ALL`.", kind: "host", otherwise };
  }
}
function isPrivileged({ boundingCapabilities, capabilities }) {
  const mask = boundingCapabilities != null ? boundingCapabilities : capabilities;
  return mask !== void 0 && hasCapability(mask, sysAdmin) && countCapabilities(mask) >= nearlyAll;
}
function hasCapability(mask, bit) {
  var _a;
  const digit = Number.parseInt((_a = mask[mask.length - 1 - Math.floor(bit / 4)]) != null ? _a : "0", 16);
  return (digit >> bit % 4 & 1) === 1;
}
function countCapabilities(mask) {
  let count = 0;
  for (let bit = 0; bit < mask.length * 4; bit++) if (hasCapability(mask, bit)) count++;
  return count;
}

// src/checks/gpu/ways-out.ts
var dropped = runnerKnowledge("gpu-option-dropped");
var droppedFromWorkflows = runnerKnowledge("workflow-gpu-option-dropped");
function dropsGpuOption(job) {
  return holdsFor(dropped, giteaRunnerVersion(job));
}
function giveGpu(job) {
  switch (job.system) {
    case "gitea":
      return giveGpuByConfig(job, giteaHints(job));
    case "forgejo":
      return giveGpuByConfig(job, "");
    case "github":
      return {
        text: "Ask for the GPUs in the workflow, where the job names its container.",
        config: {
          file: "the workflow",
          language: "yaml",
          text: "container:\n  image: ghcr.io/example/builder:gpu\n  options: --gpus all"
        },
        kind: "workflow"
      };
    case "act":
      return {
        text: 'Start the run with `--container-opts "--gpus all"` (`gitea-runner exec`) or `--container-options "--gpus all"` (`act`).',
        kind: "runner"
      };
    case "none":
      return { text: "Start the container with `--gpus all`.", kind: "host" };
  }
}
function giveGpuByConfig(job, hints) {
  return {
    text: `Add \`--gpus all\` to \`container.options\` of the runner's \`config.yaml\`, beside what is there already, and restart the runner.${hints}`,
    config: { file: "config.yaml", language: "yaml", text: "container:\n  options: --gpus all" },
    commands: [restartCommand(job)],
    kind: "runner"
  };
}
function giteaHints(job) {
  const version2 = giteaRunnerVersion(job);
  const fromWorkflow = holdsFor(droppedFromWorkflows, version2) === "no" ? "" : " The workflow's own `container.options` is no place for it: there the runner drops it.";
  const byVersion = dropsGpuOption(job) === "unknown" ? ` Runners ${versionsOf(dropped)} drop it there too, unless \`container.privileged\` is \`true\`: with one of them, upgrade first.` : "";
  return fromWorkflow + byVersion;
}
function outliveStripping(job) {
  return {
    text: `Upgrade the runner to a release after ${lastThatDrops()}, which leaves the options of its own \`config.yaml\` alone, keep \`--gpus all\` there, and restart it.`,
    config: { file: "config.yaml", language: "yaml", text: "container:\n  options: --gpus all" },
    commands: [restartCommand(job)],
    kind: "runner",
    otherwise: {
      text: "With this version: make NVIDIA's runtime Docker's default and ask for the GPUs by a variable, which the runner does not drop. (`container.privileged: true` helps too, but makes every job root on the host.)",
      commands: [
        "sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
        "sudo systemctl restart docker",
        restartCommand(job)
      ],
      config: {
        file: "config.yaml",
        language: "yaml",
        text: "container:\n  options: --env NVIDIA_VISIBLE_DEVICES=all"
      },
      kind: "host"
    }
  };
}
function lastThatDrops() {
  return dropped.ranges.map((range) => range.upTo).join(", ");
}
var installToolkit = {
  text: "On the runner's host, install the NVIDIA Container Toolkit (from NVIDIA's package repository; its installation guide says how to add it) and let it register its runtime with Docker.",
  commands: [
    "sudo apt-get update && sudo apt-get install -y nvidia-container-toolkit",
    "sudo nvidia-ctk runtime configure --runtime=docker",
    "sudo systemctl restart docker"
  ],
  kind: "host"
};

// src/checks/gpu/visibility.ts
var answersOfAbsence = ["smi-missing", "driver-not-loaded", "library-missing", "no-devices"];
var gpuVisibility = defineCheck({
  id: "gpu/visibility",
  title: "The job container was given the GPUs of its host",
  reasons: {
    "options-stripped": { level: "fail", summary: "this version of the runner drops `--gpus`" },
    "no-device-request": { level: "fail", summary: "the container was started without `--gpus`" },
    "visible-devices-void": { level: "fail", summary: "`NVIDIA_VISIBLE_DEVICES` hides the GPUs" },
    "no-utility-capability": { level: "fail", summary: "`NVIDIA_DRIVER_CAPABILITIES` leaves out nvidia-smi" },
    "device-nodes-missing": { level: "fail", summary: "the host has the driver, the container no device node" },
    "toolkit-missing": { level: "fail", summary: "the host's Docker knows nothing of NVIDIA" }
  },
  needs: {
    nvidia: nvidiaProbe,
    container: containerProbe,
    job: jobProbe,
    request: gpuRequestProbe
  },
  applies: (policy) => policy.gpu.require === "required",
  judge(facts) {
    var _a;
    const { nvidia, container } = facts;
    if (container.mode !== "container") {
      const message = container.mode === "host" ? "The job runs on the host, and sees the GPUs that the host has." : "Could not find out whether this is a container: `gpu/driver` tells what the GPUs say.";
      return { kind: "skip", reason: "not-applicable", message };
    }
    if (smiWorks(nvidia)) {
      return { kind: "pass", message: "`nvidia-smi` answers in this container", evidence: evidenceOf7(nvidia) };
    }
    if (gpuNodes(nvidia).length > 0) {
      return lacksUtility(facts) && lacksTool(nvidia) ? noUtilityCapability(facts) : {
        kind: "pass",
        message: `The container has ${gpuNodes(nvidia).map(code).join(", ")}`,
        evidence: evidenceOf7(nvidia)
      };
    }
    const answer = nvidia.run && stateOf(nvidia.run);
    if ((answer == null ? void 0 : answer.kind) === "trouble" && !answersOfAbsence.includes(answer.reason)) {
      return {
        kind: "pass",
        message: "`nvidia-smi` reaches the driver from this container; `gpu/driver` judges what it says",
        evidence: evidenceOf7(nvidia)
      };
    }
    return (_a = causeOf2(facts)) != null ? _a : {
      kind: "skip",
      reason: "not-applicable",
      message: `Nothing here shows how this container was meant to get a GPU${howUnseen(facts.request)}: see \`gpu/driver\`.`
    };
  }
});
function howUnseen({ state }) {
  switch (state) {
    case "found":
      return "";
    case "no-answer":
      return ", and Docker did not answer how it was started";
    default:
      return ", and Docker could not be asked how it was started";
  }
}
function causeOf2(facts) {
  var _a;
  const { nvidia, request, job } = facts;
  const found = request.state === "found";
  const privileged = (_a = request.privileged) != null ? _a : isPrivileged(facts.container);
  const stripped = dropsGpuOption(job) === "yes" && !privileged;
  if (found && !asksForGpu(request) && !usesNvidiaRuntime(request)) {
    return stripped ? optionsStripped(facts) : noDeviceRequest(facts);
  }
  const hostMayHaveIt = nvidia.run === void 0 || nvidia.kernelDriver !== void 0;
  if (!found && stripped && hostMayHaveIt) return optionsStripped(facts);
  const visible = visibleDevices(facts);
  const hidden = visible !== void 0 && ["", "void", "none"].includes(visible.trim().toLowerCase());
  const unset = visible === void 0 && found && !asksForGpu(request);
  if (hidden || unset) return visibleDevicesVoid(facts, visible);
  if (found && !knowsNvidia(facts.request)) return toolkitMissing(facts);
  return found || nvidia.kernelDriver !== void 0 ? deviceNodesMissing(facts) : void 0;
}
function asksForGpu({ deviceRequests = [] }) {
  return deviceRequests.some(
    ({ driver, capabilities, deviceIds }) => driver === "nvidia" || capabilities.includes("gpu") || deviceIds.some((id) => id.startsWith("nvidia.com/"))
  );
}
function usesNvidiaRuntime({ runtime = "" }) {
  return runtime.startsWith("nvidia");
}
function knowsNvidia({ runtimes, cdiDevices = [] }) {
  if (runtimes === void 0) return true;
  return runtimes.some((name) => name.startsWith("nvidia")) || cdiDevices.some((id) => id.startsWith("nvidia.com/"));
}
function visibleDevices({ request, nvidia }) {
  var _a, _b;
  return (_b = (_a = request.nvidiaEnv) == null ? void 0 : _a.NVIDIA_VISIBLE_DEVICES) != null ? _b : nvidia.visibleDevices;
}
function driverCapabilities({ request, nvidia }) {
  var _a, _b;
  return (_b = (_a = request.nvidiaEnv) == null ? void 0 : _a.NVIDIA_DRIVER_CAPABILITIES) != null ? _b : nvidia.driverCapabilities;
}
function lacksUtility(facts) {
  var _a, _b, _c;
  const byVariable = (_b = (_a = driverCapabilities(facts)) == null ? void 0 : _a.split(",").filter(Boolean)) != null ? _b : [];
  const byRequest = ((_c = facts.request.deviceRequests) != null ? _c : []).flatMap(({ capabilities }) => capabilities);
  const named2 = byVariable.length > 0 ? byVariable : byRequest.filter((name) => !["gpu", "nvidia"].includes(name));
  return named2.length > 0 && !named2.some((name) => ["utility", "all"].includes(name.trim().toLowerCase()));
}
function lacksTool({ run }) {
  const answer = run && stateOf(run);
  return answer === void 0 || answer.kind === "trouble" && answer.reason === "library-missing";
}
function seen2(facts) {
  var _a, _b, _c;
  const { nvidia, request, job } = facts;
  const requests = ((_a = request.deviceRequests) != null ? _a : []).map(
    ({ driver, count, deviceIds, capabilities: capabilities2 }) => `${driver || "default driver"}, ${deviceIds.length > 0 ? deviceIds.join(" ") : count === -1 ? "all" : count}, ${capabilities2.join(" ")}`
  );
  const visible = visibleDevices(facts);
  const capabilities = driverCapabilities(facts);
  return [
    ...job.runnerVersion === void 0 ? [] : [{ source: "GITEA_ACTIONS_RUNNER_VERSION", text: job.runnerVersion }],
    ...request.state === "found" ? [
      {
        source: "GET /containers/{self}/json",
        text: `DeviceRequests: ${requests.join("; ") || "none"}; Runtime: ${(_b = request.runtime) != null ? _b : "unknown"}; Privileged: ${(_c = request.privileged) != null ? _c : "unknown"}`
      }
    ] : [],
    ...request.runtimes ? [{ source: "GET /info", text: `Runtimes: ${request.runtimes.join(", ")}` }] : [],
    ...visible === void 0 ? [] : [{ source: "NVIDIA_VISIBLE_DEVICES", text: visible || "(empty)" }],
    ...capabilities === void 0 ? [] : [{ source: "NVIDIA_DRIVER_CAPABILITIES", text: capabilities || "(empty)" }],
    ...evidenceOf7(nvidia)
  ];
}
function finding2(facts, rest) {
  return {
    kind: "finding",
    why: "The jobs of this label need a GPU and have none: what uses CUDA fails, or falls back to the CPU without a word.",
    expected: "a container with the GPUs of its host",
    evidence: seen2(facts),
    ...rest
  };
}
function optionsStripped(facts) {
  var _a;
  const version2 = (_a = facts.job.runnerVersion) != null ? _a : "";
  return finding2(facts, {
    reason: "options-stripped",
    message: `This container has no GPU, and Gitea's runner ${code(version2)} is why \`--gpus\` does not help: ${runnerKnowledge("gpu-option-dropped").what}. The only trace is a line in the job's set-up log.`,
    observed: facts.request.state === "found" ? "a container without a device request" : "no GPU in the container",
    remedy: outliveStripping(facts.job)
  });
}
function noDeviceRequest(facts) {
  const toolkit = knowsNvidia(facts.request) ? void 0 : installToolkit;
  return finding2(facts, {
    reason: "no-device-request",
    message: `The runner started this container without asking Docker for a GPU.${toolkit ? " The host's Docker knows no NVIDIA runtime either: with `--gpus` alone the container would not start." : ""}`,
    observed: "no device request, no NVIDIA runtime",
    remedy: { ...giveGpu(facts.job), ...toolkit && { otherwise: { ...toolkit, text: `First: ${toolkit.text}` } } }
  });
}
function visibleDevicesVoid(facts, value) {
  var _a;
  const setting = value === void 0 ? "is not set" : value === "" ? "is empty" : `is ${code(value)}`;
  return finding2(facts, {
    reason: "visible-devices-void",
    message: `\`NVIDIA_VISIBLE_DEVICES\` ${setting}: NVIDIA's runtime takes that for "no GPU".`,
    expected: "`NVIDIA_VISIBLE_DEVICES=all`, or the GPUs that jobs may use",
    observed: value === void 0 ? "not set" : value || "(empty)",
    remedy: {
      text: "Set it where the container gets it from: `ENV` of the image, `--env` in `container.options` of the runner, or `env` of the job's container in the workflow.",
      config: {
        file: "config.yaml",
        language: "yaml",
        text: "container:\n  options: --gpus all --env NVIDIA_VISIBLE_DEVICES=all"
      },
      commands: (_a = giveGpu(facts.job).commands) != null ? _a : [],
      kind: "runner"
    }
  });
}
function noUtilityCapability(facts) {
  var _a;
  const value = driverCapabilities(facts);
  return finding2(facts, {
    reason: "no-utility-capability",
    message: `The container has a GPU, but without \`nvidia-smi\` and its library: ${value ? `\`NVIDIA_DRIVER_CAPABILITIES\` is ${code(value)}` : "the capabilities that `--gpus` names"}, and \`utility\` is not among them.`,
    why: "CUDA may work, but whatever asks for the GPUs first (`nvidia-smi`, many test suites) sees none.",
    expected: "`compute,utility`, or `all`",
    observed: value || "capabilities without `utility`",
    remedy: {
      text: "Add `utility` in the image, or in `container.options` of the runner.",
      commands: ["ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility   # in the Dockerfile"],
      kind: "image",
      otherwise: {
        text: "Without a new image:",
        config: {
          file: "config.yaml",
          language: "yaml",
          text: "container:\n  options: --gpus all --env NVIDIA_DRIVER_CAPABILITIES=compute,utility"
        },
        commands: (_a = giveGpu(facts.job).commands) != null ? _a : [],
        kind: "runner"
      }
    }
  });
}
function toolkitMissing(facts) {
  return finding2(facts, {
    reason: "toolkit-missing",
    message: "A GPU was asked for, but the host's Docker has neither NVIDIA's runtime nor a CDI device of NVIDIA: the container toolkit is not installed, or not registered.",
    expected: "a runtime `nvidia`, or CDI devices `nvidia.com/gpu`",
    observed: "neither",
    remedy: installToolkit
  });
}
function deviceNodesMissing(facts) {
  const { nvidia, request, job } = facts;
  const onHost2 = {
    text: "A GPU was asked for, so look on the host: whether its device nodes exist (a server without a desktop creates them on first use), and whether a container by hand gets them.",
    commands: [
      "nvidia-smi && ls -l /dev/nvidia*",
      "sudo nvidia-modprobe -c 0 -u",
      "docker run --rm --gpus all ubuntu nvidia-smi",
      "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker"
    ],
    kind: "host"
  };
  const driver = nvidia.kernelDriver === void 0 ? "" : `The host has NVIDIA's driver ${nvidia.kernelDriver} loaded, but t`;
  return finding2(facts, {
    reason: "device-nodes-missing",
    message: `${driver || "T"}his container has no device node of a GPU (\`/dev/nvidia0\`).`,
    expected: "`/dev/nvidia0` in the container",
    observed: "no `/dev/nvidia*`",
    remedy: request.state === "found" ? onHost2 : {
      ...giveGpu(job),
      otherwise: {
        ...onHost2,
        text: onHost2.text.replace("A GPU was asked for, so look", "If that is so already: look")
      }
    }
  });
}

// src/probes/proxy.ts
var proxyProbe = {
  name: "proxy",
  async collect({ env }) {
    const forge = urlOf(env.GITHUB_SERVER_URL);
    const proxy = forge && proxyFor(env, forge, "strict");
    return {
      variables: ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].flatMap((name) => variable(env, name)),
      ...forge && { forge: { host: hostOf2(forge), ...proxy && { proxy: proxy.shown } } }
    };
  }
};
function urlOf(text2) {
  if (!/^https?:\/\/[^/]/i.test(text2 != null ? text2 : "")) return void 0;
  try {
    return new URL(text2 != null ? text2 : "");
  } catch {
    return void 0;
  }
}
function hostOf2(url) {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}
function variable(env, name) {
  var _a, _b, _c;
  const lower = (_a = env[name]) == null ? void 0 : _a.trim();
  const upper = (_b = env[name.toUpperCase()]) == null ? void 0 : _b.trim();
  if (!lower && !upper) return [];
  const isAddress = name !== "no_proxy";
  const shown = (value) => bounded(isAddress ? withoutCredentials(value) : value, 1e3);
  const malformed = isAddress ? (_c = whyMalformed(lower)) != null ? _c : whyMalformed(upper) : void 0;
  return [
    {
      name,
      ...lower && { lower: shown(lower) },
      ...upper && { upper: shown(upper) },
      ...isAddress && lower && upper && credentialsOf(lower) !== credentialsOf(upper) && { credentialsDiffer: true },
      ...malformed !== void 0 && { malformed }
    }
  ];
}
function credentialsOf(address2) {
  var _a, _b;
  return (_b = (_a = /^(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(address2)) == null ? void 0 : _a[1]) != null ? _b : "";
}
function whyMalformed(address2) {
  if (!address2) return void 0;
  if (!/^[a-z][\w+.-]*:\/\//i.test(address2)) return "it has no `http://` before it";
  try {
    const { protocol, hostname } = new URL(address2);
    if (hostname === "") return "it names no host";
    return /^(?:https?|socks[45]?[ah]?):$/.test(protocol) ? void 0 : "no tool knows such a kind of proxy";
  } catch {
    return "it is no URL";
  }
}
function proxyFor(env, url, loopback = "direct") {
  var _a, _b;
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const address2 = (_a = settingOf(env, name)) != null ? _a : settingOf(env, "all_proxy");
  const host = hostOf2(url);
  if (address2 === void 0 || loopback === "direct" && isLoopback2(host)) return void 0;
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  if (isExcluded((_b = settingOf(env, "no_proxy")) != null ? _b : "", host, port)) return void 0;
  return chosen(address2);
}
function settingOf(env, name) {
  var _a, _b;
  return ((_a = env[name]) == null ? void 0 : _a.trim()) || ((_b = env[name.toUpperCase()]) == null ? void 0 : _b.trim()) || void 0;
}
function chosen(address2) {
  const full = /^[a-z][\w+.-]*:\/\//i.test(address2) ? address2 : `http://${address2}`;
  const shown = bounded(withoutCredentials(full), 300);
  const url = urlOf(full);
  if (!url) return { shown, target: void 0 };
  const tls = url.protocol === "https:";
  const authorization = loginOf(url);
  return {
    shown,
    target: {
      host: hostOf2(url),
      port: Number(url.port) || (tls ? 443 : 80),
      ...tls && { tls },
      ...authorization !== void 0 && { authorization }
    }
  };
}
function loginOf({ username, password }) {
  if (username === "" && password === "") return void 0;
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}
function decode(text2) {
  try {
    return decodeURIComponent(text2);
  } catch {
    return text2;
  }
}
function isLoopback2(host) {
  return /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/i.test(host);
}
function isExcluded(noProxy, host, port) {
  const wanted2 = host.toLowerCase();
  return noProxy.toLowerCase().split(/[\s,]+/).filter(Boolean).some((entry) => {
    var _a;
    if (entry === "*") return true;
    const [, name = entry, onlyPort] = (_a = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry)) != null ? _a : [];
    if (onlyPort !== void 0 && Number(onlyPort) !== port) return false;
    const suffix = name.replace(/^\[(.*)\]$/, "$1").replace(/^\*?\./, "");
    return wanted2 === suffix || wanted2.endsWith(`.${suffix}`) || isInNetwork(wanted2, suffix);
  });
}
function isInNetwork(address2, network) {
  const [base = "", bits = ""] = network.split("/");
  const [ip, start2] = [numberOf2(address2), numberOf2(base)];
  const length = Number(bits);
  if (ip === void 0 || start2 === void 0 || !/^\d{1,2}$/.test(bits) || length > 32) return false;
  const size = 2 ** (32 - length);
  return Math.floor(ip / size) === Math.floor(start2 / size);
}
function numberOf2(address2) {
  var _a;
  const parts = (_a = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address2)) == null ? void 0 : _a.slice(1).map(Number);
  return (parts == null ? void 0 : parts.every((part) => part < 256)) ? parts.reduce((sum2, part) => sum2 * 256 + part, 0) : void 0;
}

// src/probes/ask-url.ts
var unknownIssuer = /^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
async function askUrl(host, url, question2) {
  const proxy = proxyFor(host.env, url);
  if (proxy && !proxy.target) return { kind: "other-proxy", via: proxy.shown };
  const secure = url.protocol === "https:";
  const { authorities = [], verify = true, headers, ...rest } = question2;
  const send2 = (ca) => {
    const place = { host: hostOf2(url), port: Number(url.port) || (secure ? 443 : 80) };
    const request = {
      ...rest,
      to: secure ? { ...place, tls: { verify, ...ca !== void 0 && { ca } } } : place,
      ...(proxy == null ? void 0 : proxy.target) && { proxy: proxy.target },
      path: `${url.pathname}${url.search}`,
      headers: { "user-agent": "runner-check", ...headers }
    };
    return host.request(request);
  };
  const via = proxy && { via: proxy.shown };
  const first = await send2();
  if (first.kind === "failed" && unknownIssuer.test(first.code)) {
    for (const ca of authorities) {
      if ((await host.stat(ca)).kind !== "file") continue;
      const again = await send2(ca);
      if (again.kind === "answered") return { ...again, ...via, trustedBy: ca, untrusted: first.code };
    }
  }
  return { ...plain(first, proxy !== void 0), ...via };
}
function plain(outcome, proxied) {
  if (proxied && outcome.kind === "answered" && outcome.status === 407) {
    return { kind: "failed", code: "HTTP_407", message: "the proxy answers 407", at: "proxy" };
  }
  return outcome.kind === "failed" ? { ...outcome, message: bounded(outcome.message, 300) } : outcome;
}
function systemAuthorities({ env }) {
  var _a;
  const named2 = ((_a = env.SSL_CERT_FILE) == null ? void 0 : _a.startsWith("/")) ? [env.SSL_CERT_FILE] : [];
  const usual = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
  return [.../* @__PURE__ */ new Set([...named2, ...usual])];
}
function shownUrl(url) {
  return bounded(`${url.protocol}//${url.host}${url.pathname}`, 300);
}

// src/probes/forge.ts
var forgeDeadlineMs = 3e3;
var forgeProbe = {
  name: "forge",
  async collect(host, request, signal, ask) {
    var _a;
    const { env } = host;
    const server = urlOf(env.GITHUB_SERVER_URL);
    const named2 = server && {
      url: shownUrl(server).replace(/\/$/, ""),
      host: hostOf2(server),
      isLoopback: isLoopback2(hostOf2(server))
    };
    const { inJob, system } = await ask(jobProbe);
    const hasForge = system === "gitea" || system === "forgejo" || system === "act" && (named2 == null ? void 0 : named2.isLoopback) === true;
    if (!inJob || !hasForge) return { ...named2, answer: { kind: "not-asked" } };
    const malformed = ["GITHUB_SERVER_URL", "GITHUB_API_URL"].find((variable2) => isMalformed(env[variable2]));
    if (malformed !== void 0) return unaskable(malformed, env[malformed]);
    if (!named2) return { answer: { kind: "not-asked" } };
    const api = (_a = urlOf(env.GITHUB_API_URL)) != null ? _a : new URL(`${named2.url}/api/v1`);
    const url = new URL(`${api.origin}${api.pathname.replace(/\/$/, "")}/version`);
    const sent = Date.now();
    const answer = await within(
      Math.min(request.timeoutMs, forgeDeadlineMs),
      signal,
      (ownSignal) => askUrl(host, url, {
        headers: { accept: "application/json" },
        authorities: systemAuthorities(host),
        maxBody: 16 * 1024,
        signal: ownSignal
      })
    );
    return { ...named2, asked: shownUrl(url), ...readAnswer(answer, sent, Date.now()) };
  }
};
function isMalformed(address2 = "") {
  return address2 !== "" && !/^https?:\/\/(?:\/|$)/i.test(address2) && urlOf(address2) === void 0;
}
function unaskable(variable2, address2 = "") {
  const message = `${variable2} holds no address`;
  return {
    url: bounded(withoutCredentials(address2), 300),
    answer: { kind: "failed", code: "ERR_INVALID_URL", message }
  };
}
function readAnswer({ via, trustedBy, untrusted: untrusted2, ...answer }, sent, received) {
  const about = {
    ...via !== void 0 && { via },
    ...trustedBy !== void 0 && { trustedBy },
    ...untrusted2 !== void 0 && { untrusted: untrusted2 }
  };
  if (answer.kind !== "answered") return { ...about, answer };
  const { status, headers, body } = answer;
  const json = objectOf(parse4(body));
  const version2 = typeof (json == null ? void 0 : json.version) === "string" ? bounded(json.version, 100) : void 0;
  const location = urlOf(headers.location);
  const ahead = clockAhead(headers, sent, received);
  return {
    ...about,
    answer: {
      kind: "answered",
      status,
      isJson: json !== void 0,
      ...version2 === void 0 ? { body: bounded(body.trim(), 300) } : { version: version2 },
      ...location && { location: shownUrl(location) },
      ...ahead !== void 0 && { clockAheadSeconds: ahead }
    }
  };
}
function clockAhead(headers, sent, received) {
  var _a;
  const date = Date.parse((_a = headers.date) != null ? _a : "");
  if (Number.isNaN(date) || headers.age !== void 0) return void 0;
  const difference = sent > date + 1e3 ? sent - date - 1e3 : received < date ? received - date : 0;
  return Math.round(difference / 100) / 10;
}
function parse4(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}

// src/checks/network/proxy.ts
var networkProxy = defineCheck({
  id: "network/proxy",
  title: "The proxy settings fit together",
  reasons: {
    inconsistent: { level: "warn", summary: "Tools read the proxy settings differently" },
    "forge-not-excluded": { level: "warn", summary: "The forge in the own network is looked for through the proxy" }
  },
  needs: { proxy: proxyProbe, forge: forgeProbe, container: containerProbe, job: jobProbe },
  judge({ proxy, forge, container, job }) {
    const { variables } = proxy;
    if (variables.every(({ name }) => name === "no_proxy")) return { kind: "pass", message: "No proxy is set" };
    const situation = situationOf(container, job);
    const odd = variables.filter((variable2) => whatIsWrong(variable2) !== void 0);
    if (odd.length > 0) return inconsistent(odd, proxy, situation);
    const named2 = proxy.forge;
    if ((named2 == null ? void 0 : named2.proxy) !== void 0 && isOwnNetwork(named2.host)) {
      const knowsTheWay = forge.via !== void 0 && forge.answer.kind === "answered" && forge.answer.status < 500;
      if (!knowsTheWay) return notExcluded(named2.host, named2.proxy, proxy, situation);
    }
    const set = variables.filter(({ name }) => name !== "no_proxy").map(({ name }) => code(name));
    return { kind: "pass", message: `${listed(set)} fit together`, evidence: evidenceOf8(proxy) };
  }
});
function evidenceOf8({ variables }) {
  return variables.flatMap(({ name, lower, upper }) => [
    ...lower === void 0 ? [] : [{ source: `environment, ${name}`, text: lower }],
    ...upper === void 0 ? [] : [{ source: `environment, ${name.toUpperCase()}`, text: upper }]
  ]);
}
function whatIsWrong({ name, lower, upper, malformed, credentialsDiffer }) {
  if (malformed !== void 0) return `the value of ${code(name)} is no address: ${malformed}`;
  if (lower !== void 0 && upper !== void 0 && normal(name, lower) !== normal(name, upper)) {
    return `${code(name)} and ${code(name.toUpperCase())} differ`;
  }
  if (credentialsDiffer) return `${code(name)} and ${code(name.toUpperCase())} differ in user or password`;
  return void 0;
}
function normal(name, value) {
  if (name !== "no_proxy") return value.toLowerCase().replace(/\/+$/, "");
  const entries = value.toLowerCase().split(/[\s,]+/).filter(Boolean);
  return [...new Set(entries)].sort().join(",");
}
function inconsistent(odd, facts, situation) {
  const [first] = odd;
  const wanted2 = Object.fromEntries(
    odd.flatMap(({ name, lower, upper }) => {
      var _a;
      const value = meant(name, (_a = lower != null ? lower : upper) != null ? _a : "");
      return [
        [name, value],
        [name.toUpperCase(), value]
      ];
    })
  );
  return {
    kind: "finding",
    reason: "inconsistent",
    message: `Tools of this job read the proxy settings differently: ${listed(odd.map((variable2) => {
      var _a;
      return (_a = whatIsWrong(variable2)) != null ? _a : "";
    }))}.`,
    why: "curl and git read small letters first, Go programs such as Docker capitals, and npm refuses an address without a scheme: some steps get through, and others fail for no visible reason.",
    expected: "the same address, with `http://`, in both spellings",
    observed: [first == null ? void 0 : first.lower, first == null ? void 0 : first.upper].filter((value) => value !== void 0).join(" and "),
    evidence: evidenceOf8(facts),
    remedy: {
      text: "Set both spellings to the same, where the jobs of this runner get their variables. Gitea's runner 3.0.0 and newer hands on the proxy variables of its own service in both spellings.",
      ...setVariables(situation, wanted2),
      kind: "runner"
    }
  };
}
function meant(name, value) {
  return name === "no_proxy" || /^[a-z][\w+.-]*:\/\//i.test(value) ? value : `http://${value}`;
}
function isOwnNetwork(host) {
  if (isLoopback2(host) || /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/i.test(host)) return true;
  const address2 = numberOf2(host);
  if (address2 !== void 0)
    return privateNetworks.some(([start2, size]) => Math.floor(address2 / size) === start2 / size);
  if (host.includes(":")) return false;
  return !host.includes(".") || /\.(?:local|lan|internal|intranet|home|corp|localdomain|home\.arpa)$/i.test(host);
}
var privateNetworks = [
  [10 * 2 ** 24, 2 ** 24],
  [172 * 2 ** 24 + 16 * 2 ** 16, 2 ** 20],
  [192 * 2 ** 24 + 168 * 2 ** 16, 2 ** 16],
  [169 * 2 ** 24 + 254 * 2 ** 16, 2 ** 16],
  [100 * 2 ** 24 + 64 * 2 ** 16, 2 ** 22]
];
function notExcluded(host, proxy, facts, situation) {
  var _a;
  const noProxy = facts.variables.find(({ name }) => name === "no_proxy");
  const now = (_a = noProxy == null ? void 0 : noProxy.lower) != null ? _a : noProxy == null ? void 0 : noProxy.upper;
  const wanted2 = [...now === void 0 ? [] : [now], host].join(",");
  return {
    kind: "finding",
    reason: "forge-not-excluded",
    message: `The forge ${code(host)} is in the own network, and \`NO_PROXY\` does not name it: git and curl look for it through the proxy ${code(proxy)}.`,
    why: "Most proxies do not know the way into the own network: checkout, artifacts and the cache fail with 403, 502 or a time-out.",
    expected: `${host} in NO_PROXY`,
    observed: now === void 0 ? "NO_PROXY is not set" : `NO_PROXY is ${now}`,
    evidence: evidenceOf8(facts),
    remedy: {
      text: "Add the forge to `NO_PROXY`, in both spellings, where the jobs of this runner get their variables, and restart the runner.",
      ...setVariables(situation, { NO_PROXY: wanted2, no_proxy: wanted2 }),
      kind: "runner"
    }
  };
}

// src/checks/rare-catalog.json
var rare_catalog_default = [
  {
    id: "registry/*",
    title: "The registry can be reached and its images pulled",
    reasons: {
      unresolvable: {
        level: "fail",
        summary: "The registry's name has no address here"
      },
      unreachable: {
        level: "fail",
        summary: "The registry cannot be reached"
      },
      "tls-untrusted": {
        level: "fail",
        summary: "The registry's certificate is not trusted"
      },
      unauthorized: {
        level: "fail",
        summary: "The registry wants a login, or another one"
      },
      denied: {
        level: "fail",
        summary: "The registry denies access to the image"
      },
      "not-found": {
        level: "fail",
        summary: "The registry does not have the image"
      },
      "rate-limited": {
        level: "fail",
        summary: "The registry refuses: too many requests"
      },
      "credential-helper-missing": {
        level: "fail",
        summary: "The program that keeps the login is missing"
      },
      timeout: {
        level: "fail",
        summary: "The registry does not answer in time"
      }
    }
  },
  {
    id: "service/*",
    title: "The service answers, and has its models",
    reasons: {
      refused: {
        level: "fail",
        summary: "The service cannot be reached"
      },
      timeout: {
        level: "fail",
        summary: "The service does not answer in time"
      },
      "http-error": {
        level: "fail",
        summary: "The service answers with an error"
      },
      "unexpected-body": {
        level: "fail",
        summary: "The service answers something else"
      },
      "model-missing": {
        level: "fail",
        summary: "The service lacks a model"
      }
    }
  },
  {
    id: "config/syntax",
    title: "The runner's files can be read",
    reasons: {
      "invalid-yaml": {
        level: "fail",
        summary: "a file is no YAML, no JSON or no unit, so the runner does not start"
      },
      unreadable: {
        level: "fail",
        summary: "a file is not there, may not be read, or is none of a runner"
      }
    }
  },
  {
    id: "config/unknown-key",
    title: "Every key of the configuration is one that the runner knows",
    reasons: {
      "unknown-key": {
        level: "warn",
        summary: "the runner ignores a key that it does not know"
      },
      "misplaced-key": {
        level: "fail",
        summary: "a key stands in a section where the runner does not look for it"
      },
      "deprecated-key": {
        level: "warn",
        summary: "a key has a successor"
      }
    }
  },
  {
    id: "config/type",
    title: "Every value of the configuration is of its key's type",
    reasons: {
      "wrong-type": {
        level: "fail",
        summary: "a value is of another type than its key, so the runner does not start"
      },
      "invalid-value": {
        level: "fail",
        summary: "a value is none that the runner accepts"
      }
    }
  },
  {
    id: "config/label",
    title: "Every label says what jobs it is for and where they run",
    reasons: {
      empty: {
        level: "fail",
        summary: "an entry of the labels is empty"
      },
      "bad-schema": {
        level: "fail",
        summary: "a label's schema is none: it is neither `docker` nor `host`"
      },
      "no-image": {
        level: "fail",
        summary: "a `docker` label names no image, or one that cannot exist"
      },
      duplicate: {
        level: "warn",
        summary: "two labels have the same name: the last one holds"
      },
      space: {
        level: "fail",
        summary: "a label has blanks that make another name of it"
      },
      "token-in-label": {
        level: "fail",
        summary: "a label holds what looks like a token or a password"
      },
      "floating-tag": {
        level: "warn",
        summary: "a label's image is `latest` or has no tag, so it changes by itself"
      }
    }
  },
  {
    id: "config/options",
    title: "The runner accepts and keeps every option of its job containers",
    reasons: {
      "unterminated-quote": {
        level: "fail",
        summary: "a quote in the options is never closed"
      },
      "unknown-flag": {
        level: "fail",
        summary: "the options hold a flag, or a value, that the runner cannot read"
      },
      "ignored-network": {
        level: "warn",
        summary: "`--network` in the options has no effect"
      },
      stripped: {
        level: "fail",
        summary: "the runner drops an option because its containers are not privileged"
      },
      "duplicate-socket-mount": {
        level: "fail",
        summary: "the Docker socket is mounted twice, so no job starts"
      },
      "socket-not-mounted": {
        level: "fail",
        summary: "the options mount the Docker socket, and the runner refuses it"
      },
      "volume-not-allowed": {
        level: "fail",
        summary: "`valid_volumes` does not allow a mount of the options"
      }
    }
  },
  {
    id: "config/docker-host",
    title: "The runner finds its Docker daemon, and jobs get to it",
    reasons: {
      invalid: {
        level: "fail",
        summary: "`container.docker_host` is no address of a Docker daemon"
      },
      "not-mounted": {
        level: "warn",
        summary: "jobs get no Docker socket"
      },
      "tcp-without-tls": {
        level: "fail",
        summary: "the Docker daemon is reached over the network without TLS"
      }
    }
  },
  {
    id: "config/privileged",
    title: "Job containers are not privileged",
    reasons: {
      privileged: {
        level: "warn",
        summary: "every job may do everything on the runner's machine"
      }
    }
  },
  {
    id: "config/gpu-label",
    title: "Containers of GPU labels get a GPU",
    reasons: {
      "no-gpu-option": {
        level: "fail",
        summary: "a label promises a GPU, and no option brings one into its containers"
      }
    }
  },
  {
    id: "config/cache",
    title: "Jobs can use the cache server, and its secret is kept",
    reasons: {
      "host-unspecified": {
        level: "fail",
        summary: "`cache.host` is an address that no job can connect to"
      },
      "external-without-secret": {
        level: "fail",
        summary: "an external cache server is named without the secret that it shares with the runner"
      },
      "secret-in-file": {
        level: "warn",
        summary: "the cache's secret stands in a file that everybody may read"
      }
    }
  },
  {
    id: "config/tool-cache",
    title: "The tool cache is not written by two jobs at once",
    reasons: {
      "shared-with-capacity": {
        level: "warn",
        summary: "jobs that run at the same time share one tool cache"
      }
    }
  },
  {
    id: "config/capacity",
    title: "Docker has a network for every job that may run",
    reasons: {
      "address-pool": {
        level: "warn",
        summary: "more jobs may run at once than Docker has networks for by default"
      }
    }
  },
  {
    id: "config/registration",
    title: "The runner is registered, with the labels of its configuration, and keeps its token",
    reasons: {
      missing: {
        level: "fail",
        summary: "the registration is not where the runner looks for it"
      },
      "labels-differ": {
        level: "warn",
        summary: "the registration has other labels than the configuration"
      },
      "world-readable": {
        level: "fail",
        summary: "everybody on the machine may read the runner's token"
      }
    }
  },
  {
    id: "config/service",
    title: "The service starts the runner with its configuration, after Docker, and again when it ends",
    reasons: {
      "no-config": {
        level: "fail",
        summary: "the service starts the runner without its configuration"
      },
      "no-restart": {
        level: "warn",
        summary: "the service is not started again when it ends"
      },
      "not-after-docker": {
        level: "warn",
        summary: "the service may start before Docker does"
      },
      "not-in-docker-group": {
        level: "fail",
        summary: "the service's user may not use the Docker socket"
      },
      "toolchain-off-path": {
        level: "fail",
        summary: "the tools of the machine are not on the service's PATH"
      }
    }
  },
  {
    id: "workflow/runs-on",
    title: "A runner serves every label that the workflows ask for",
    reasons: {
      "no-runner-with-label": {
        level: "fail",
        summary: "no runner has a label that a job asks for"
      },
      "all-offline": {
        level: "fail",
        summary: "every runner with a label that a job asks for is offline or disabled"
      },
      "near-miss": {
        level: "fail",
        summary: "a job asks for a label that only nearly exists"
      }
    }
  },
  {
    id: "workflow/untrusted-socket",
    title: "No job of pull requests has both the Docker socket and secrets",
    reasons: {
      "untrusted-socket": {
        level: "warn",
        summary: "a job of pull requests has the Docker socket and secrets"
      }
    }
  }
];

// src/probes/cgroups.ts
var maxDepth = 32;
var cgroupsProbe = {
  name: "cgroups",
  async collect(host) {
    const [cgroup, mounts = []] = await Promise.all([host.readText("/proc/self/cgroup"), readMounts(host)]);
    const memberships = cgroup.kind === "ok" ? cgroup.value.split("\n").flatMap(parseLine2) : [];
    return {
      memory: groupsOf("memory", memberships, mounts),
      cpu: groupsOf("cpu", memberships, mounts)
    };
  }
};
function parseLine2(line) {
  const [id, controllers, ...path] = line.split(":");
  if (id === void 0 || controllers === void 0 || path.length === 0) return [];
  return { controllers: controllers === "" ? [] : controllers.split(","), path: path.join(":") };
}
function groupsOf(controller, memberships, mounts) {
  const own2 = memberships.find(({ controllers }) => controllers.includes(controller));
  if (own2) {
    const hierarchies2 = mounts.filter(({ controllers }) => controllers == null ? void 0 : controllers.includes(controller));
    return { version: 1, directories: directoriesOf(own2.path, hierarchies2) };
  }
  const unified = memberships.find(({ controllers }) => controllers.length === 0);
  const hierarchies = mounts.filter(({ fsType }) => fsType === "cgroup2");
  return { version: 2, directories: unified ? directoriesOf(unified.path, hierarchies) : [] };
}
function directoriesOf(path, hierarchies) {
  var _a, _b;
  const mount = (_a = hierarchies.find(({ root: root2 }) => below(root2, path) !== void 0)) != null ? _a : hierarchies[0];
  if (!mount) return [];
  const segments = ((_b = below(mount.root, path)) != null ? _b : "").split("/").filter((segment) => segment !== "");
  const known3 = segments.includes("..") ? [] : segments.slice(0, maxDepth);
  const target2 = mount.target.replace(/\/$/, "");
  const directories = [target2];
  for (const segment of known3) directories.unshift(bounded(`${directories[0]}/${segment}`, 2e3));
  return directories;
}
function below(root2, path) {
  if (root2 === "/") return path;
  return path === root2 || path.startsWith(`${root2}/`) ? path.slice(root2.length) : void 0;
}

// src/probes/cpu.ts
var onlineFile = "/sys/devices/system/cpu/online";
var cpuProbe = {
  name: "cpu",
  async collect(host, _request, _signal, ask) {
    if (host.platform !== "linux") return { ...countedByNode(host), allowed: { kind: "not-linux" }, quotas: [] };
    const [onlineText, status, quotas] = await Promise.all([
      host.readText(onlineFile, 4096),
      host.readText("/proc/self/status", 16 * 1024),
      ask(cgroupsProbe).then(({ cpu }) => readQuotas(host, cpu))
    ]);
    const online = onlineText.kind === "ok" ? cpusOf(onlineText.value) : void 0;
    return {
      ...online ? { online: online.size, source: onlineFile } : countedByNode(host),
      allowed: allowedOf(status, online),
      quotas
    };
  }
};
function countedByNode(host) {
  return { online: host.cpuCount || void 0, source: "os.cpus()" };
}
function allowedOf(status, online) {
  var _a;
  if (status.kind !== "ok") return { kind: "unreadable", code: status.kind === "absent" ? "ENOENT" : status.code };
  const allowed = cpusOf((_a = fieldOf(status.value, "Cpus_allowed_list:")) != null ? _a : "");
  if (!allowed) return { kind: "unreadable", code: "ENODATA" };
  return { kind: "read", count: online ? [...allowed].filter((cpu) => online.has(cpu)).length : allowed.size };
}
var maxCpus = 65536;
function cpusOf(text2) {
  var _a;
  const cpus = /* @__PURE__ */ new Set();
  for (const part of text2.trim().split(",")) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (!match) return void 0;
    const last = Math.min(Number((_a = match[2]) != null ? _a : match[1]), maxCpus);
    for (let cpu = Number(match[1]); cpu <= last; cpu++) cpus.add(cpu);
  }
  return cpus;
}
async function readQuotas(host, { version: version2, directories }) {
  const read2 = version2 === 2 ? readMax : readCfs;
  return (await Promise.all(directories.map((directory2) => read2(host, directory2)))).flat();
}
async function readMax(host, directory2) {
  const source = `${directory2}/cpu.max`;
  const text2 = await host.readText(source, 64);
  if (text2.kind === "absent") return [];
  if (text2.kind === "unreadable") return { kind: "unreadable", source, code: text2.code };
  const [quota, period] = text2.value.trim().split(" ");
  return quota === "max" ? [] : quotaOf(source, quota, period);
}
async function readCfs(host, directory2) {
  const source = `${directory2}/cpu.cfs_quota_us`;
  const [quota, period] = await Promise.all([
    host.readText(source, 64),
    host.readText(`${directory2}/cpu.cfs_period_us`, 64)
  ]);
  if (quota.kind === "absent") return [];
  if (quota.kind === "unreadable") return { kind: "unreadable", source, code: quota.code };
  if (quota.value.trim() === "-1") return [];
  return quotaOf(source, quota.value, period.kind === "ok" ? period.value : void 0);
}
function quotaOf(source, quota, period) {
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? { kind: "limited", source, cpus: Math.round(cpus * 1e3) / 1e3 } : { kind: "unreadable", source, code: "ENODATA" };
}

// src/checks/resources/floors.ts
function demandFor(...args) {
  return require("./findings.js").src_checks_resources_floors_ts.demandFor(...args);
}
function allow(...args) {
  return require("./findings.js").src_checks_resources_floors_ts.allow(...args);
}
function fewerJobs(...args) {
  return require("./findings.js").src_checks_resources_floors_ts.fewerJobs(...args);
}
function lowerFloor(...args) {
  return require("./findings.js").src_checks_resources_floors_ts.lowerFloor(...args);
}
function mebibytes(...args) {
  return require("./findings.js").src_checks_resources_floors_ts.mebibytes(...args);
}

// src/checks/resources/cpu-count.ts
var cpuCount = defineCheck({
  id: "cpu/count",
  title: "There are the CPUs that the profile asks for",
  reasons: { low: { level: "warn", summary: "fewer CPUs than the profile asks for" } },
  needs: { cpu: cpuProbe, container: containerProbe, job: jobProbe },
  applies: (policy) => policy.cpus !== void 0,
  judge({ cpu, container, job }, policy) {
    var _a;
    const floor = (_a = policy.cpus) != null ? _a : 0;
    const evidence = evidenceOf9(cpu);
    const least = leastOf(cpu);
    if (least && least.cpus < floor) return low(least, cpu, floor, policy, situationOf(container, job), evidence);
    const unreadable = unreadableOf(cpu);
    if (!least || unreadable.length > 0) {
      return { kind: "undecided", message: `Cannot be read: ${unreadable.join(", ")}.`, evidence };
    }
    return { kind: "pass", message: `${cpusOf2(least.cpus)} (${floor} asked for)`, evidence };
  }
});
function leastOf({ online, allowed, quotas }) {
  const bounds = [
    ...online === void 0 ? [] : [{ by: "machine", cpus: online }],
    ...allowed.kind === "read" ? [{ by: "allowed", cpus: allowed.count }] : [],
    ...quotas.flatMap((quota) => quota.kind === "limited" ? [{ by: "quota", cpus: quota.cpus }] : [])
  ];
  return bounds.reduce(
    (least, bound) => least && least.cpus <= bound.cpus ? least : bound,
    void 0
  );
}
function low({ by, cpus }, { online }, floor, policy, situation, evidence) {
  const some = online === void 0 ? cpusOf2(cpus) : `${cpus} of the machine's ${cpusOf2(online)}`;
  const state = {
    machine: `${cpusOf2(cpus)} online`,
    allowed: `This job may run on ${some}`,
    quota: `A quota gives this job the time of ${some}`
  }[by];
  return {
    kind: "finding",
    reason: "low",
    message: `${state}; ${demandFor("cpus", cpusOf2(floor), policy)}.`,
    why: "Builds and tests take longer by as much, and what has a time limit runs into it. Tools that count the machine's CPUs start more threads than get to run.",
    expected: `at least ${cpusOf2(floor)}`,
    observed: cpusOf2(cpus),
    evidence,
    remedy: remedyOf2(by, floor, online, situation)
  };
}
function remedyOf2(by, floor, online, situation) {
  const otherwise = lowerFloor("cpus");
  if (by === "machine" || online !== void 0 && online < floor) {
    return {
      text: "The machine itself has no more of them online: give it more, or let a bigger one serve this label.",
      commands: ["nproc --all", "cat /sys/devices/system/cpu/online"],
      kind: "host",
      otherwise
    };
  }
  if (by === "quota") {
    return {
      ...allow(situation, {
        cause: "A control group gives the job a share of the time only.",
        option: `--cpus=${floor}`,
        unit: `CPUQuota=${Math.ceil(floor * 100)}%`
      }),
      otherwise
    };
  }
  const last = Math.max(0, Math.ceil(floor) - 1);
  const list = last === 0 ? "0" : `0-${last}`;
  return {
    ...allow(situation, {
      cause: "The job may run on some of the CPUs only.",
      option: `--cpuset-cpus=${list}`,
      unit: `AllowedCPUs=${list}
CPUAffinity=${list}`
    }),
    otherwise
  };
}
function evidenceOf9({ online, source, allowed, quotas }) {
  return [
    { source, text: online === void 0 ? "no number" : `${online} online` },
    ...allowed.kind === "not-linux" ? [] : [
      {
        source: "/proc/self/status",
        text: allowed.kind === "read" ? `may run on ${allowed.count} of them` : allowed.code
      }
    ],
    ...quotas.map(quotaEvidence)
  ];
}
function quotaEvidence(quota) {
  return { source: quota.source, text: quota.kind === "limited" ? `quota of ${cpusOf2(quota.cpus)}` : quota.code };
}
function unreadableOf({ online, source, allowed, quotas }) {
  return [
    ...online === void 0 ? [`\`${source}\``] : [],
    ...allowed.kind === "unreadable" ? [`\`/proc/self/status\` (${allowed.code})`] : [],
    ...quotas.flatMap((quota) => quota.kind === "unreadable" ? [`\`${quota.source}\` (${quota.code})`] : [])
  ];
}
function cpusOf2(count) {
  return `${count} ${count === 1 ? "CPU" : "CPUs"}`;
}

// src/probes/disks.ts
var disksProbe = {
  name: "disks",
  async collect(host, request, signal, ask) {
    var _a;
    const overrun = aborted(signal);
    const mounts = (_a = await readMounts(host)) != null ? _a : [];
    const named2 = ["workspace", "temp", "home", "tool-cache", "docker-root"];
    const names2 = /* @__PURE__ */ new Set([...named2, ...request.policy.disk.map((entry) => entry.path)]);
    const entries = [...names2].map(async (name) => {
      const place = await pathOf(name, host, request, ask);
      if (typeof place !== "string") return [name, place];
      const late = { kind: "unreadable", path: place, code: "ETIMEDOUT" };
      const measured = await Promise.race([measure(host, place, mounts, signal), overrun.then(() => late)]);
      return [name, named2.includes(name) ? measured : asItStands(measured)];
    });
    return { places: Object.fromEntries(await Promise.all(entries)) };
  }
};
function asItStands(place) {
  const isAbsent2 = place.kind === "measured" && place.measuredAt !== void 0;
  return isAbsent2 ? { kind: "unreadable", path: place.path, code: "ENOENT" } : place;
}
async function pathOf(name, host, request, ask) {
  var _a, _b, _c;
  switch (name) {
    case "workspace":
      return request.workspace;
    case "temp":
      return tempDirectory(host.env);
    case "home":
      return (_a = homeDirectory(host)) != null ? _a : { kind: "not-visible", why: "this user has no home directory" };
    case "tool-cache":
      return (_b = absolute(host.env.RUNNER_TOOL_CACHE)) != null ? _b : { kind: "not-visible", why: "`RUNNER_TOOL_CACHE` is not set" };
    case "docker-root":
      return dockerRoot(host, ask);
    default:
      return (_c = absolute(name)) != null ? _c : `${request.workspace}/${name}`;
  }
}
async function dockerRoot(host, ask) {
  var _a;
  const { mode, insideContainer } = await ask(containerProbe);
  if (mode !== "host" || insideContainer !== void 0) {
    return { kind: "not-visible", why: "Docker's data directory is on the host, out of sight of this container" };
  }
  const config = await host.readText("/etc/docker/daemon.json");
  const path = (_a = absolute(dataRootOf(config))) != null ? _a : "/var/lib/docker";
  const { kind } = await host.stat(path);
  return kind === "absent" ? { kind: "not-visible", why: `there is no \`${path}\`` } : path;
}
function dataRootOf(config) {
  const value = config.kind === "ok" ? /"data-root"\s*:\s*"([^"\\]{1,1024})"/.exec(config.value) : void 0;
  return value == null ? void 0 : value[1];
}
async function measure(host, path, mounts, signal) {
  const existing2 = await nearestExisting(host, path);
  if (existing2.kind === "unreadable") return { kind: "unreadable", path, code: existing2.code };
  const space = await host.space(existing2.path, signal);
  if (space.kind === "absent") return { kind: "unreadable", path, code: "ENOENT" };
  if (space.kind === "unreadable") return { kind: "unreadable", path, code: space.code };
  const { freeBytes, totalBytes, freeInodes, totalInodes, source } = space.value;
  if (totalBytes === 0) return { kind: "unreadable", path, code: "ENODATA" };
  const mount = mountOf(mounts, existing2.path);
  return {
    kind: "measured",
    path,
    ...!existing2.exists && { measuredAt: existing2.path },
    freeBytes,
    totalBytes,
    ...freeInodes !== void 0 && { freeInodes },
    ...totalInodes !== void 0 && { totalInodes },
    source,
    ...mount && { mount: { target: mount.target, fsType: mount.fsType } }
  };
}

// src/own.ts
function own(record, key) {
  var _a;
  return (_a = Object.getOwnPropertyDescriptor(record, key)) == null ? void 0 : _a.value;
}

// src/checks/resources/levels.ts
function levelsOf(disks, policy, quantity3) {
  const levels = policy.disk.flatMap((entry) => levelOf(entry, own(disks.places, entry.path), quantity3));
  return [...levels].sort((a, b) => shareOf(a) - shareOf(b));
}
function levelOf(entry, place, quantity3) {
  const floor = entry[quantity3.key];
  if (floor === void 0) return [];
  const base = { name: entry.path, floor };
  if (place === void 0) return [{ ...base, state: "no-facts" }];
  if (place.kind === "not-visible") return [{ ...base, state: "not-visible", why: place.why }];
  if (place.kind === "unreadable") return [{ ...base, state: "unreadable", place }];
  const free = quantity3.freeOf(place);
  if (free === void 0) return [{ ...base, state: "uncounted", place }];
  return [{ ...base, state: free < floor ? "low" : "enough", place, free }];
}
function shareOf(level) {
  return level.state === "low" || level.state === "enough" ? level.free / level.floor : Number.POSITIVE_INFINITY;
}
function isLow(level) {
  return level.state === "low";
}
function sharesFileSystem(level, other) {
  if ((other == null ? void 0 : other.kind) !== "measured") return false;
  const { totalBytes, totalInodes, freeBytes } = level.place;
  const near = Math.abs(freeBytes - other.freeBytes) <= totalBytes / 1e3;
  return totalBytes === other.totalBytes && totalInodes === other.totalInodes && near;
}
function nameOf2(level) {
  var _a;
  const names2 = {
    workspace: "the workspace",
    temp: "the directory for temporary files",
    home: "the home directory",
    "tool-cache": "the tool cache",
    "docker-root": "Docker's data directory"
  };
  return (_a = own(names2, level.name)) != null ? _a : code(level.name);
}
function demandOf(level, policy, quantity3) {
  var _a, _b;
  const { sources } = policy;
  const source = (_b = (_a = sources[`disk.${level.name}.${quantity3.key}`]) != null ? _a : sources[`disk.${level.name}`]) != null ? _b : sources.disk;
  const asking = source === void 0 ? `profile ${code(policy.profile)}` : source;
  return `${/^(?:input|profile) /.test(asking) ? "the " : ""}${asking} asks for ${quantity3.format(level.floor)}`;
}
function evidenceOf10(levels, quantity3) {
  var _a;
  const counted = /* @__PURE__ */ new Map();
  const rest = [];
  for (const level of levels) {
    switch (level.state) {
      case "enough":
      case "low":
      case "uncounted": {
        const key = keyOf(level.place, quantity3);
        const entry = (_a = counted.get(key)) != null ? _a : { place: level.place, levels: [] };
        counted.set(key, { ...entry, levels: [...entry.levels, level] });
        break;
      }
      case "unreadable":
        rest.push({ source: `statfs ${level.place.path}`, text: level.place.code });
        break;
      case "not-visible":
        rest.push({ source: level.name, text: level.why });
        break;
      case "no-facts":
        rest.push({ source: level.name, text: "these facts say nothing of it" });
    }
  }
  return [...[...counted.values()].map((entry) => entryOf(entry.place, entry.levels, quantity3)), ...rest];
}
function keyOf(place, quantity3) {
  return `${place.totalBytes} ${place.totalInodes} ${quantity3.freeOf(place)}`;
}
function entryOf(place, levels, quantity3) {
  var _a;
  const at = (_a = place.measuredAt) != null ? _a : place.path;
  const free = quantity3.freeOf(place);
  const total = quantity3.totalOf(place);
  const room = free === void 0 || total === void 0 ? "the file system counts none" : `${quantity3.format(free)} free of ${quantity3.format(total)}`;
  const where = place.mount ? ` (${place.mount.fsType} on ${place.mount.target})` : "";
  const missing3 = place.measuredAt === void 0 ? "" : `; ${place.path} does not exist yet`;
  const needs = levels.map((level) => `${level.name} needs ${quantity3.format(level.floor)}`).join(", ");
  return { source: `${place.source} ${at}`, text: `${room}${where}${missing3}; ${needs}` };
}

// src/checks/resources/judge-levels.ts
function judgeLevels(levels, policy, words2) {
  var _a;
  const evidence = evidenceOf10(levels, words2.quantity);
  const low4 = levels.filter(isLow);
  const [worst] = low4;
  if (worst) return { ...lowFinding(worst, low4.slice(1), policy, words2), evidence };
  const [unreadable] = levels.filter((level) => level.state === "unreadable");
  const reporter = unreadable && ((_a = words2.sameCause) == null ? void 0 : _a.call(words2, unreadable));
  if (reporter !== void 0) {
    return { kind: "skip", reason: `needs:${reporter}`, message: `Cannot be read, as \`${reporter}\` says.` };
  }
  if (unreadable) return { ...unreadableFinding(unreadable, policy, words2), evidence };
  const unknown = levels.filter((level) => level.state === "no-facts");
  if (unknown.length > 0) {
    return { kind: "undecided", message: `These facts say nothing of ${listed(unknown.map(nameOf2))}.`, evidence };
  }
  if (levels.every((level) => level.state === "not-visible")) {
    return {
      kind: "skip",
      reason: "not-applicable",
      message: `Out of sight from here: ${listed(levels.map(nameOf2))}.`
    };
  }
  return { kind: "pass", message: passMessage(levels, words2), evidence };
}
function lowFinding(worst, others, policy, words2) {
  const { quantity: quantity3, why: why3 } = words2;
  const more = others.length === 0 ? "" : ` ${upperFirst(listed(others.map(nameOf2)))} ${others.length === 1 ? "is" : "are"} short too.`;
  return {
    kind: "finding",
    reason: "low",
    message: `${quantity3.format(worst.free)} free on the file system of ${nameOf2(worst)}; ${demandOf(worst, policy, quantity3)}.${more}`,
    why: why3,
    expected: `at least ${quantity3.format(worst.floor)} free`,
    observed: quantity3.format(worst.free),
    remedy: words2.remedyOf(worst)
  };
}
function unreadableFinding(level, policy, words2) {
  const { path, code: errno } = level.place;
  const late = errno === "ETIMEDOUT";
  return {
    kind: "finding",
    reason: "unreadable",
    message: `The ${words2.noun} of ${nameOf2(level)} (${code(path)}) cannot be read: ${saidOf(errno)}.`,
    why: "Nobody knows whether a job has room there. Mostly the path is wrong, closed to this user, or its file system is gone.",
    expected: `at least ${words2.quantity.format(level.floor)} free`,
    observed: errno,
    remedy: {
      text: late ? "Look whether the server behind this file system still answers, and mount it anew." : `See what is there, and mend the path, its permissions or its mount. If the place is not needed, take it out of \`disk\` in the profile ${code(policy.profile)}.`,
      commands: late ? [`findmnt --target ${shellQuote(path)}`] : [`ls -ld ${shellQuote(path)}`, `df ${shellQuote(path)}`],
      kind: "host"
    }
  };
}
function saidOf(errno) {
  if (errno === "ETIMEDOUT") return "the file system does not answer";
  return errno === "ENODATA" ? "the file system tells no size" : errno;
}
function passMessage(levels, { quantity: quantity3 }) {
  const notes = levels.flatMap((level) => {
    switch (level.state) {
      case "enough":
        return [`${quantity3.format(level.free)} free for ${nameOf2(level)} (${quantity3.format(level.floor)} asked for)`];
      case "uncounted":
        return [
          `${nameOf2(level)} has no fixed number of them${level.place.mount ? ` (${level.place.mount.fsType})` : ""}`
        ];
      case "not-visible":
        return [`${nameOf2(level)} is out of sight`];
      default:
        return [];
    }
  });
  return upperFirst(notes.join("; "));
}
function upperFirst(text2) {
  return text2.slice(0, 1).toUpperCase() + text2.slice(1);
}

// src/checks/resources/remedies.ts
function freeRemedy(...args) {
  return require("./findings.js").src_checks_resources_remedies_ts.freeRemedy(...args);
}
function inodesRemedy(...args) {
  return require("./findings.js").src_checks_resources_remedies_ts.inodesRemedy(...args);
}

// src/checks/resources/disk-free.ts
var quantity = {
  key: "free",
  freeOf: (place) => place.freeBytes,
  totalOf: (place) => place.totalBytes,
  format: formatBytes
};
var diskFree = defineCheck({
  id: "disk/free",
  title: "The disks have the free space that the profile asks for",
  reasons: {
    low: { level: "fail", summary: "less free space than the profile asks for" },
    unreadable: { level: "fail", summary: "the free space of a place cannot be read" }
  },
  needs: { disks: disksProbe, container: containerProbe },
  applies: (policy) => policy.disk.some((entry) => entry.free !== void 0),
  judge: ({ disks, container }, policy) => judgeLevels(levelsOf(disks, policy, quantity), policy, {
    quantity,
    noun: "free space",
    why: "A build that runs out of space dies half-way, and rarely says why: compilers and linkers report a bus error or an I/O error, Docker breaks off the pull.",
    remedyOf: (level) => freeRemedy(level, container)
  })
});
function lacksSpace(disks, policy, name) {
  return levelsOf(disks, policy, quantity).some((level) => isLow(level) && sharesFileSystem(level, disks.places[name]));
}
function cannotReadSpace(disks, policy, name) {
  return levelsOf(disks, policy, quantity).some((level) => level.name === name && level.state === "unreadable");
}

// src/checks/matches-id.ts
function matchesId(pattern, id) {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === void 0) return pattern === id;
  if (!id.startsWith(first)) return false;
  let end = first.length;
  for (const part of parts) {
    const start2 = id.indexOf(part, end);
    if (start2 < 0) return false;
    end = start2 + part.length;
  }
  return end + last.length <= id.length && id.endsWith(last);
}

// src/checks/resources/reported.ts
function isReported(id, reason, policy) {
  const off = policy.severity[id] === "off" || policy.severity[`${id}:${reason}`] === "off";
  return !off && !policy.skip.some((pattern) => matchesId(pattern, id));
}

// src/checks/resources/disk-inodes.ts
var quantity2 = {
  key: "inodes",
  freeOf: (place) => place.freeInodes,
  totalOf: (place) => place.totalInodes,
  format: (amount) => `${formatCount(amount)} inodes`
};
var diskInodes = defineCheck({
  id: "disk/inodes",
  title: "The disks have the free inodes that the profile asks for",
  reasons: {
    low: { level: "fail", summary: "fewer free inodes than the profile asks for" },
    unreadable: { level: "fail", summary: "the free inodes of a place cannot be read" }
  },
  needs: { disks: disksProbe, container: containerProbe },
  applies: (policy) => policy.disk.some((entry) => entry.inodes !== void 0),
  judge: ({ disks, container }, policy) => judgeLevels(levelsOf(disks, policy, quantity2), policy, {
    quantity: quantity2,
    noun: "free inodes",
    why: "Every file takes an inode. When they run out, jobs fail with `No space left on device` although `df -h` shows plenty of it.",
    remedyOf: (level) => inodesRemedy(level, container),
    sameCause: (level) => cannotReadSpace(disks, policy, level.name) && isReported("disk/free", "unreadable", policy) ? "disk/free" : void 0
  })
});
function lacksInodes(disks, policy, name) {
  return levelsOf(disks, policy, quantity2).some((level) => isLow(level) && sharesFileSystem(level, disks.places[name]));
}

// src/probes/writable.ts
var writableProbe = {
  name: "writable",
  async collect(host, request, signal) {
    const overrun = aborted(signal);
    const tryPlace = (name, path) => Promise.race([tryDirectory(host, name, path), overrun.then(() => ({ name, path, outcome: "ETIMEDOUT" }))]);
    const home = homeDirectory(host);
    const places = await Promise.all([
      tryPlace("workspace", request.workspace),
      tryPlace("temp", tempDirectory(host.env)),
      ...home === void 0 ? [] : [tryPlace("home", home)]
    ]);
    return {
      ...host.uid !== void 0 && { uid: host.uid },
      ...host.gid !== void 0 && { gid: host.gid },
      places: places.filter((place) => place !== void 0)
    };
  }
};
async function tryDirectory(host, name, path) {
  const existing2 = await nearestExisting(host, path);
  if (existing2.kind === "unreadable") return { name, path, outcome: existing2.code };
  if (name === "home" && !existing2.exists) return void 0;
  const directory2 = existing2.path;
  const [write2, stat] = await Promise.all([host.tryWrite(directory2), host.stat(directory2)]);
  const outcome = write2.kind === "ok" ? "ok" : write2.kind === "absent" ? "ENOENT" : write2.code;
  const owner = stat.kind === "absent" || stat.kind === "unreadable" ? void 0 : stat;
  return {
    name,
    path,
    directory: directory2,
    outcome,
    ...owner && { mode: owner.mode, uid: owner.uid, gid: owner.gid }
  };
}

// src/checks/resources/writable-remedies.ts
function remedyOf3(...args) {
  return require("./findings.js").src_checks_resources_writable_remedies_ts.remedyOf(...args);
}

// src/checks/resources/fs-writable.ts
var fsWritable = defineCheck({
  id: "fs/writable",
  title: "The job can write to its workspace, to its temporary directory and to its home",
  reasons: {
    "read-only": { level: "fail", summary: "a directory of the job is on a read-only file system" },
    "not-writable": { level: "fail", summary: "the job's user may not write to one of its directories" },
    "no-space": { level: "fail", summary: "nothing more can be written to a directory of the job" }
  },
  needs: { writable: writableProbe, disks: disksProbe, container: containerProbe },
  judge({ writable, disks, container }, policy) {
    const evidence = writable.places.map((place) => evidenceOf11(place, writable));
    for (const trouble2 of ["read-only", "not-writable", "no-space"]) {
      const places = writable.places.filter((place) => troubleOf2(place.outcome) === trouble2);
      const [first, ...more] = places.filter((place) => reportedBy(place, disks, policy) === void 0);
      if (!first) continue;
      return {
        kind: "finding",
        reason: trouble2,
        message: messageOf(trouble2, [first, ...more], writable),
        why: whyOf(trouble2),
        expected: "new files can be written",
        observed: first.outcome,
        evidence,
        remedy: remedyOf3(trouble2, first, writable, container)
      };
    }
    for (const place of writable.places) {
      const id = reportedBy(place, disks, policy);
      if (id !== void 0) {
        const message = `${upperFirst2(nameOf3(place))} cannot be written (${place.outcome}) for what \`${id}\` says.`;
        return { kind: "skip", reason: `needs:${id}`, message };
      }
    }
    const unknown = writable.places.filter((place) => place.outcome !== "ok");
    if (unknown.length > 0) {
      return {
        kind: "undecided",
        message: `Could not find out whether files can be written: ${unknown.map(saidOf2).join("; ")}.`,
        evidence
      };
    }
    return { kind: "pass", message: `${upperFirst2(listed(writable.places.map(nameOf3)))} can be written`, evidence };
  }
});
function troubleOf2(errno) {
  switch (errno) {
    case "EROFS":
      return "read-only";
    case "EACCES":
    case "EPERM":
      return "not-writable";
    case "ENOSPC":
    case "EDQUOT":
      return "no-space";
    default:
      return void 0;
  }
}
function reportedBy(place, disks, policy) {
  if (place.outcome === "ok") return void 0;
  if (cannotReadSpace(disks, policy, place.name) && isReported("disk/free", "unreadable", policy)) return "disk/free";
  if (troubleOf2(place.outcome) !== "no-space") return void 0;
  if (lacksSpace(disks, policy, place.name) && isReported("disk/free", "low", policy)) return "disk/free";
  if (lacksInodes(disks, policy, place.name) && isReported("disk/inodes", "low", policy)) return "disk/inodes";
  return void 0;
}
function messageOf(trouble2, places, { uid }) {
  var _a;
  const names2 = upperFirst2(listed(places.map((place) => `${nameOf3(place)} ${code(place.path)}`)));
  const verb = places.length === 1 ? "is" : "are";
  const [first] = places;
  switch (trouble2) {
    case "read-only":
      return `${names2} ${verb} on a read-only file system.`;
    case "no-space":
      return `${names2} ${verb} full: not even a few bytes can be written${(first == null ? void 0 : first.outcome) === "EDQUOT" ? ", for the quota of this user is used up" : ""}.`;
    case "not-writable": {
      const { uid: owner, mode, directory: directory2, path } = (_a = places[0]) != null ? _a : {};
      const whose = directory2 === path || directory2 === void 0 ? "Its owner" : `The owner of ${code(directory2)}`;
      const rights = mode === void 0 ? "" : `, its mode ${code(octal(mode))}`;
      const told = owner === void 0 ? "" : ` ${whose} is uid ${owner}${rights}.`;
      return `${names2} cannot be written by this job${uid === void 0 ? "" : `, which runs as uid ${uid}`}.${told}`;
    }
  }
}
function whyOf(trouble2) {
  switch (trouble2) {
    case "read-only":
      return "Checkout, compilers and caches all write there: the job dies at its first file with `Read-only file system`.";
    case "not-writable":
      return "Checkout, compilers and caches all write there: the job dies at its first file with `Permission denied`.";
    case "no-space":
      return "The job dies at its first file with `No space left on device`; some tools say `I/O error` or `Bus error` instead.";
  }
}
function evidenceOf11(place, { uid, gid }) {
  var _a, _b;
  const owner = place.uid === void 0 ? "" : `; owner ${place.uid}:${place.gid}, mode ${octal((_a = place.mode) != null ? _a : 0)}`;
  const job = uid === void 0 || place.outcome === "ok" ? "" : `; the job runs as ${uid}:${gid}`;
  return { source: `write to ${(_b = place.directory) != null ? _b : place.path}`, text: `${place.outcome}${owner}${job}` };
}
function saidOf2(place) {
  const said = place.outcome === "ETIMEDOUT" ? "the file system does not answer" : place.outcome;
  return `${nameOf3(place)} ${code(place.path)}: ${said}`;
}
function nameOf3(place) {
  return { workspace: "the workspace", temp: "the temporary directory", home: "the home directory" }[place.name];
}
function upperFirst2(text2) {
  return text2.slice(0, 1).toUpperCase() + text2.slice(1);
}

// src/probes/memory.ts
var files = {
  1: { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", prefix: "total_" },
  2: { limit: "memory.max", used: "memory.current", prefix: "" }
};
var memoryProbe = {
  name: "memory",
  async collect(host, _request, _signal, ask) {
    if (host.platform !== "linux") return { machine: { kind: "not-linux" }, groups: [] };
    const [machine, groups] = await Promise.all([readMachine(host), ask(cgroupsProbe).then(readGroupsOf(host))]);
    return { machine, groups };
  }
};
async function readMachine(host) {
  const meminfo = await host.readText("/proc/meminfo", 16 * 1024);
  if (meminfo.kind !== "ok") return { kind: "unreadable", code: meminfo.kind === "absent" ? "ENOENT" : meminfo.code };
  const kibibytes = (key) => {
    var _a, _b;
    const value = (_b = /^(\d{1,15}) kB$/.exec((_a = fieldOf(meminfo.value, `${key}:`)) != null ? _a : "")) == null ? void 0 : _b[1];
    return value === void 0 ? void 0 : Number(value) * 1024;
  };
  const availableBytes = kibibytes("MemAvailable");
  const totalBytes = kibibytes("MemTotal");
  if (availableBytes === void 0 || totalBytes === void 0) return { kind: "unreadable", code: "ENODATA" };
  return { kind: "read", availableBytes, totalBytes };
}
function readGroupsOf(host) {
  return async ({ memory: { version: version2, directories } }) => (await Promise.all(directories.map((directory2) => readGroup(host, version2, directory2)))).flat();
}
async function readGroup(host, version2, directory2) {
  const names2 = files[version2];
  const source = `${directory2}/${names2.limit}`;
  const limit = await host.readText(source, 64);
  if (limit.kind === "absent") return [];
  if (limit.kind === "unreadable") return { kind: "unreadable", source, code: limit.code };
  const limitBytes = bytesOf(limit.value);
  if (limitBytes === void 0 || limitBytes > Number.MAX_SAFE_INTEGER) return [];
  const [used, stat] = await Promise.all([
    host.readText(`${directory2}/${names2.used}`, 64),
    host.readText(`${directory2}/memory.stat`, 16 * 1024)
  ]);
  const usedBytes = used.kind === "ok" ? bytesOf(used.value) : void 0;
  if (usedBytes === void 0 || stat.kind !== "ok") return { kind: "unreadable", source, code: "ENODATA" };
  const cacheBytes = ["inactive_file", "active_file"].map((key) => {
    var _a, _b;
    return (_b = bytesOf((_a = fieldOf(stat.value, `${names2.prefix}${key} `)) != null ? _a : "")) != null ? _b : 0;
  }).reduce((sum2, bytes) => sum2 + bytes, 0);
  return { kind: "limited", source, limitBytes, usedBytes, cacheBytes };
}
function bytesOf(text2) {
  return /^\d{1,20}$/.test(text2.trim()) ? Number(text2) : void 0;
}

// src/checks/resources/memory-available.ts
var memoryAvailable = defineCheck({
  id: "memory/available",
  title: "There is the memory that the profile asks for",
  reasons: { low: { level: "warn", summary: "less memory available than the profile asks for" } },
  needs: { memory: memoryProbe, container: containerProbe, job: jobProbe },
  applies: (policy) => policy.memory !== void 0,
  judge({ memory, container, job }, policy) {
    var _a;
    const { machine, groups } = memory;
    if (machine.kind === "not-linux") {
      return { kind: "skip", reason: "not-applicable", message: "Only Linux tells how much memory can be had." };
    }
    const floor = (_a = policy.memory) != null ? _a : 0;
    const evidence = [machineEvidence(machine), ...groups.map(groupEvidence)];
    const tightest = tightestOf(machine, groups);
    if (tightest && tightest.bytes < floor) return low2(tightest, floor, policy, situationOf(container, job), evidence);
    if (!tightest || machine.kind === "unreadable" || groups.some(({ kind }) => kind === "unreadable")) {
      return { kind: "undecided", message: `Cannot be read: ${unreadableOf2(memory)}.`, evidence };
    }
    return {
      kind: "pass",
      message: `${formatBytes(tightest.bytes)} of memory available (${formatBytes(floor)} asked for)`,
      evidence
    };
  }
});
function tightestOf(machine, groups) {
  const rooms = [
    ...machine.kind === "read" ? [{ bytes: machine.availableBytes, group: void 0 }] : [],
    ...groups.flatMap((group) => group.kind === "limited" ? [{ bytes: leftIn(group), group }] : [])
  ];
  return rooms.reduce(
    (least, room) => least && least.bytes <= room.bytes ? least : room,
    void 0
  );
}
function leftIn({ limitBytes, usedBytes, cacheBytes }) {
  return Math.max(0, limitBytes - Math.max(0, usedBytes - cacheBytes));
}
function low2({ bytes, group }, floor, policy, situation, evidence) {
  const within2 = group ? ` within a limit of ${formatBytes(group.limitBytes)}` : "";
  return {
    kind: "finding",
    reason: "low",
    message: `${formatBytes(bytes)} of memory available${within2}; ${demandFor("memory", formatBytes(floor), policy)}.`,
    why: "When memory runs out, the kernel kills a process of the job: the log shows no more than `Killed`, `signal: 9` or exit code 137, mostly while rustc links.",
    expected: `at least ${formatBytes(floor)} available`,
    observed: formatBytes(bytes),
    evidence,
    remedy: group ? limitRemedy(group, bytes, floor, situation) : machineRemedy(situation)
  };
}
function limitRemedy(group, left, floor, situation) {
  const size = mebibytes(group.limitBytes - left + floor);
  return {
    ...allow(situation, {
      cause: `A control group lets the job have ${formatBytes(group.limitBytes)} in all.`,
      option: `--memory=${size}`,
      unit: `MemoryMax=${size.toUpperCase()}`
    }),
    ...!situation.inContainer && { otherwise: fewerJobs(situation) }
  };
}
function machineRemedy(situation) {
  return {
    text: `See what takes the memory of the ${situation.inContainer ? "runner's host" : "machine"}: other jobs, services, a model that stays loaded. Move it elsewhere, or give the machine more.`,
    commands: ["free -h", "ps -eo pid,rss,comm --sort=-rss | head"],
    kind: "host",
    otherwise: fewerJobs(situation)
  };
}
function machineEvidence(machine) {
  const text2 = machine.kind === "read" ? `${formatBytes(machine.availableBytes)} available of ${formatBytes(machine.totalBytes)}` : machine.code;
  return { source: "/proc/meminfo", text: text2 };
}
function groupEvidence(group) {
  if (group.kind === "unreadable") return { source: group.source, text: group.code };
  const { source, limitBytes, usedBytes, cacheBytes } = group;
  return {
    source,
    text: `limit ${formatBytes(limitBytes)}, ${formatBytes(usedBytes)} used, of that ${formatBytes(cacheBytes)} cache of files`
  };
}
function unreadableOf2({ machine, groups }) {
  return [
    ...machine.kind === "unreadable" ? [`\`/proc/meminfo\` (${machine.code})`] : [],
    ...groups.flatMap((group) => group.kind === "unreadable" ? [`\`${group.source}\` (${group.code})`] : [])
  ].join(", ");
}

// src/probes/limits.ts
var limitsProbe = {
  name: "limits",
  async collect(host) {
    if (host.platform !== "linux") return { own: { kind: "not-linux" }, starter: { kind: "not-linux" } };
    const [own2, starter] = await Promise.all([
      readLimit(host, "/proc/self/limits"),
      host.ppid > 0 ? readLimit(host, `/proc/${host.ppid}/limits`, "/proc/<ppid>/limits") : readLimit(host, "/proc/1/limits")
    ]);
    return { own: own2, starter };
  }
};
async function readLimit(host, path, source = path) {
  var _a;
  const text2 = await host.readText(path, 8192);
  if (text2.kind !== "ok") return { kind: "unreadable", source, code: text2.kind === "absent" ? "ENOENT" : text2.code };
  const match = /^(\d{1,20}|unlimited)\s+(\d{1,20}|unlimited)\s/.exec((_a = fieldOf(text2.value, "Max open files ")) != null ? _a : "");
  if (!match) return { kind: "unreadable", source, code: "ENODATA" };
  return { kind: "read", source, soft: countOf(match[1]), hard: countOf(match[2]) };
}
function countOf(text2) {
  return text2 === "unlimited" ? "unlimited" : Number(text2);
}

// src/checks/resources/open-files.ts
var openFiles = defineCheck({
  id: "limits/open-files",
  title: "A process may hold open the files that the profile asks for",
  reasons: { low: { level: "warn", summary: "fewer open files allowed than the profile asks for" } },
  needs: { limits: limitsProbe, container: containerProbe, job: jobProbe },
  applies: (policy) => policy.openFiles !== void 0,
  judge({ limits, container, job }, policy) {
    var _a;
    const floor = (_a = policy.openFiles) != null ? _a : 0;
    const { own: own2, starter } = limits;
    switch (own2.kind) {
      case "not-linux":
        return { kind: "skip", reason: "not-applicable", message: "Only Linux tells the limits of other steps." };
      case "unreadable":
        return {
          kind: "undecided",
          message: `\`${own2.source}\` cannot be read: ${own2.code}.`,
          evidence: [{ source: own2.source, text: own2.code }]
        };
      case "read":
        break;
    }
    const evidence = evidenceOf12(limits);
    const limit = limitOf(own2, starter);
    if (limit.files < floor) return low3(limit, floor, policy, situationOf(container, job), evidence);
    const shown = limit.atMost ? `Up to ${filesOf(limit.files)}` : filesOf(limit.files);
    const message = Number.isFinite(limit.files) ? `${shown} (${formatCount(floor)} asked for)` : "Any number of open files";
    return { kind: "pass", message, evidence };
  }
});
function looksRaised(soft, hard) {
  return soft >= hard - 1;
}
function limitOf(own2, starter) {
  const hard = numberOf3(own2.hard);
  if (starter.kind !== "read") return { files: hard, atMost: true, hard };
  const soft = numberOf3(starter.soft);
  return { files: Math.min(soft, hard), atMost: looksRaised(soft, numberOf3(starter.hard)), hard };
}
function low3({ files: files2, hard }, floor, policy, situation, evidence) {
  return {
    kind: "finding",
    reason: "low",
    message: `A process may hold ${filesOf(files2)}; ${demandFor("openFiles", formatCount(floor), policy)}.`,
    why: "Servers under test, linkers of big programs and file watchers stop with `Too many open files` (EMFILE).",
    expected: `at least ${formatCount(floor)}`,
    observed: formatCount(files2),
    evidence,
    remedy: remedyOf4(hard, floor, situation)
  };
}
function remedyOf4(hard, floor, situation) {
  const keep2 = hard > floor && Number.isFinite(hard) ? hard : floor;
  return {
    ...allow(situation, {
      cause: "The limit comes from where the job was started.",
      option: `--ulimit nofile=${floor}:${keep2}`,
      unit: `LimitNOFILE=${floor}:${keep2}`
    }),
    ...hard >= floor && {
      otherwise: {
        text: "The hard limit allows it already, so that a step can raise its own.",
        commands: [`ulimit -Sn ${floor}`],
        kind: "workflow"
      }
    }
  };
}
function evidenceOf12({ own: own2, starter }) {
  return [
    ...entryOf2(starter, ({ soft, hard }) => `soft ${countOf2(soft)}, hard ${countOf2(hard)}`),
    ...entryOf2(own2, ({ hard }) => `hard ${countOf2(hard)}; Node has raised the soft limit`)
  ];
}
function entryOf2(limit, textOf4) {
  switch (limit.kind) {
    case "read":
      return [{ source: limit.source, text: `Max open files: ${textOf4(limit)}` }];
    case "unreadable":
      return [{ source: limit.source, text: limit.code }];
    case "not-linux":
      return [];
  }
}
function numberOf3(count) {
  return count === "unlimited" ? Number.POSITIVE_INFINITY : count;
}
function countOf2(count) {
  return count === "unlimited" ? count : formatCount(count);
}
function filesOf(count) {
  return `${formatCount(count)} open files`;
}

// src/probes/shm.ts
var shmProbe = {
  name: "shm",
  async collect(host, _request, signal) {
    if (host.platform !== "linux") return { kind: "not-linux" };
    const space = await host.space("/dev/shm", signal);
    if (space.kind !== "ok") return space;
    const { totalBytes, freeBytes, source } = space.value;
    return { kind: "measured", totalBytes, freeBytes, source };
  }
};

// src/checks/resources/shm-size.ts
var why = "Programs that share memory between processes (PyTorch's data loaders, Chromium, PostgreSQL) die of a bus error, or of `No space left on device`, when `/dev/shm` is full.";
var shmSize = defineCheck({
  id: "shm/size",
  title: "Shared memory is as big as the profile asks for",
  reasons: { small: { level: "warn", summary: "`/dev/shm` is smaller than the profile asks for, or not there" } },
  needs: { shm: shmProbe, container: containerProbe, job: jobProbe },
  applies: (policy) => policy.shm !== void 0,
  judge({ shm, container, job }, policy) {
    var _a;
    const floor = (_a = policy.shm) != null ? _a : 0;
    const demand = demandFor("shm", formatBytes(floor), policy);
    const small = {
      kind: "finding",
      reason: "small",
      why,
      expected: `at least ${formatBytes(floor)}`,
      remedy: remedyOf5(shm, floor, situationOf(container, job))
    };
    switch (shm.kind) {
      case "not-linux":
        return { kind: "skip", reason: "not-applicable", message: "Only Linux has `/dev/shm`." };
      case "unreadable":
        return {
          kind: "undecided",
          message: `The size of \`/dev/shm\` cannot be read: ${shm.code}.`,
          evidence: [{ source: "statfs /dev/shm", text: shm.code }]
        };
      case "absent":
        return {
          ...small,
          message: `There is no \`/dev/shm\`; ${demand}.`,
          observed: "absent",
          evidence: [{ source: "statfs /dev/shm", text: "ENOENT" }]
        };
      case "measured":
        break;
    }
    const size = formatBytes(shm.totalBytes);
    const evidence = [{ source: `${shm.source} /dev/shm`, text: `${formatBytes(shm.freeBytes)} free of ${size}` }];
    if (shm.totalBytes === 0) return { kind: "pass", message: "`/dev/shm` is as big as memory is" };
    if (shm.totalBytes >= floor) {
      return { kind: "pass", message: `\`/dev/shm\` holds ${size} (${formatBytes(floor)} asked for)`, evidence };
    }
    return { ...small, message: `\`/dev/shm\` holds ${size}; ${demand}.`, observed: size, evidence };
  }
});
function remedyOf5(shm, floor, situation) {
  const size = mebibytes(floor);
  const option = `--shm-size=${size}`;
  if (situation.inRunnerContainer) {
    return {
      text: `This job runs on the runner's own system, and that is a container: start it anew with \`${option}\`.`,
      commands: [`docker run ${option} \u2026`],
      kind: "host"
    };
  }
  if (situation.inContainer) {
    return {
      text: `Docker gives a container 64 MiB unless told otherwise. Write \`${option}\` into its options, beside what is there already; \`--ipc=host\` is no way, because a runner without \`privileged\` drops it.`,
      ...addOption(situation, option)
    };
  }
  const fstab = `tmpfs /dev/shm tmpfs nosuid,nodev,size=${size} 0 0`;
  return {
    text: `It is a file system in memory, as big as it was made. Mount it ${shm.kind === "absent" ? "" : "bigger "}now, and write it into \`/etc/fstab\` for the next start.`,
    commands: [
      ...shm.kind === "absent" ? ["sudo mkdir -p /dev/shm", `sudo mount -t tmpfs -o nosuid,nodev,size=${size} tmpfs /dev/shm`] : [`sudo mount -o remount,size=${size} /dev/shm`],
      `echo '${fstab}' | sudo tee -a /etc/fstab`
    ],
    kind: "host"
  };
}

// src/probes/forge-cache.ts
var question = "_apis/artifactcache/cache?keys=runner-check-looks-here&version=0000000000000000";
var cacheServerProbe = {
  name: "cache-server",
  async collect(host, request, signal, ask) {
    const base = urlOf(host.env.ACTIONS_CACHE_URL);
    const { inJob, system } = await ask(jobProbe);
    if (!base || !inJob || system !== "gitea" && system !== "forgejo") return { answer: { kind: "not-asked" } };
    const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, "")}/${question}`);
    const token = host.env.ACTIONS_RUNTIME_TOKEN;
    const {
      via,
      trustedBy: _by,
      untrusted: _code,
      ...answer
    } = await within(
      Math.min(request.timeoutMs, forgeDeadlineMs),
      signal,
      (ownSignal) => askUrl(host, url, {
        headers: {
          accept: "application/json;api-version=6.0-preview.1",
          ...token && { authorization: `Bearer ${token}` }
        },
        maxBody: 16 * 1024,
        signal: ownSignal
      })
    );
    return {
      // A path may hold a key (Forgejo's runner): host and port say enough.
      url: `${base.protocol}//${base.host}`,
      isLoopback: isLoopback2(hostOf2(base)),
      hadToken: Boolean(token),
      ...via !== void 0 && { via },
      answer: answer.kind === "answered" ? { kind: "answered", status: answer.status, body: bounded(answer.body.trim(), 200) } : answer
    };
  }
};

// src/checks/network/connection.ts
function causeOf3(...args) {
  return require("./findings.js").src_checks_network_connection_ts.causeOf(...args);
}
function describeFailure(...args) {
  return require("./findings.js").src_checks_network_connection_ts.describeFailure(...args);
}
function tellFailure(...args) {
  return require("./findings.js").src_checks_network_connection_ts.tellFailure(...args);
}

// src/checks/runner/cache-server.ts
var runnerCacheServer = defineCheck({
  id: "runner/cache-server",
  title: "The runner's cache server can be reached from the job",
  reasons: {
    unreachable: { level: "warn", summary: "The runner's cache server cannot be reached" },
    unauthorized: { level: "warn", summary: "The runner's cache server refuses the job's token" }
  },
  needs: { cache: cacheServerProbe, container: containerProbe, job: jobProbe },
  judge({ cache, container, job }) {
    var _a;
    const { answer, url = "" } = cache;
    const situation = situationOf(container, job);
    switch (answer.kind) {
      case "not-asked":
        return { kind: "skip", reason: "not-applicable", message: "This job is offered no cache server to ask." };
      case "other-proxy":
        return {
          kind: "skip",
          reason: "not-applicable",
          message: `A proxy applies to the cache server that this check does not speak to: ${code((_a = cache.via) != null ? _a : "?")}.`
        };
      case "timed-out":
        return unreachable2(cache, situation, `${code(url)} gives no answer within the deadline`);
      case "failed":
        return unreachable2(cache, situation, `${code(url)} cannot be reached: ${describeFailure(answer, cache.via)}`);
      case "answered":
        break;
    }
    const { status } = answer;
    if (status >= 500) return unreachable2(cache, situation, `${code(url)} answers with status ${status}`);
    if ((status === 401 || status === 403) && cache.hadToken) return unauthorized(cache, situation, status);
    const untried = status === 401 || status === 403 ? ", and wants a token that this step does not have" : "";
    return { kind: "pass", message: `${code(url)} answers${untried}`, evidence: evidenceOf13(cache) };
  }
});
var why2 = "`actions/cache` and the setup actions go on without a cache, after waiting for it in every job: builds are slow, and no step fails for it.";
function evidenceOf13({ url = "", via, answer }) {
  const source = `GET ${url}/\u2026/_apis/artifactcache/cache${via === void 0 ? "" : ` through ${via}`}`;
  switch (answer.kind) {
    case "not-asked":
      return [];
    case "answered":
      return [{ source, text: `${answer.status} ${answer.body}`.trim() }];
    default:
      return [{ source, text: tellFailure(answer) }];
  }
}
function unreachable2(cache, situation, message) {
  var _a, _b;
  return {
    kind: "finding",
    reason: "unreachable",
    message: `The runner's cache server ${message}.`,
    why: why2,
    expected: "a cache server that answers the job",
    observed: (_b = (_a = evidenceOf13(cache)[0]) == null ? void 0 : _a.text) != null ? _b : "",
    evidence: evidenceOf13(cache),
    remedy: mendConnection(cache, situation)
  };
}
function mendConnection({ answer, isLoopback: isLoopback3, url = "" }, situation) {
  var _a, _b;
  const host = (_b = (_a = /^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url)) == null ? void 0 : _a[1]) != null ? _b : "";
  if (answer.kind === "failed" && causeOf3(answer) === "proxy") {
    return {
      text: "Let the cache server be reached without the proxy: add its address at the end of what `NO_PROXY` holds already, in both spellings.",
      ...setVariables(situation, { NO_PROXY: host, no_proxy: host }),
      kind: "runner"
    };
  }
  const loopback = isLoopback3 && situation.inContainer ? " This address is the job container itself." : "";
  return {
    text: `The runner announces this address; it has to be one that leads from the job containers to the runner.${loopback} Where the runner itself runs in a container, fix its port and publish it (\`-p 8088:8088\`), and name the host's address.`,
    config: {
      file: configFile,
      language: "yaml",
      text: "cache:\n  host: 192.0.2.10   # of the host, as job containers reach it\n  port: 8088"
    },
    commands: restartRunner(situation),
    kind: "runner",
    otherwise: {
      text: "If no workflow needs a cache, switch it off: then nothing waits for it.",
      config: { file: configFile, language: "yaml", text: "cache:\n  enabled: false" },
      kind: "runner"
    }
  };
}
function unauthorized(cache, situation, status) {
  var _a, _b, _c;
  return {
    kind: "finding",
    reason: "unauthorized",
    message: `The runner's cache server ${code((_a = cache.url) != null ? _a : "")} refuses the token of this job (status ${status}).`,
    why: why2,
    expected: "an answer to the token that the runner gave this job",
    observed: (_c = (_b = evidenceOf13(cache)[0]) == null ? void 0 : _b.text) != null ? _c : "",
    evidence: evidenceOf13(cache),
    remedy: {
      text: "Runner and cache server have to share a secret. With a cache server of its own (`gitea-runner cache-server`), set the same `external_secret` for both, and restart both.",
      config: {
        file: configFile,
        language: "yaml",
        text: "cache:\n  external_server: http://192.0.2.10:8088/\n  external_secret: the same for both"
      },
      commands: restartRunner(situation),
      kind: "runner",
      otherwise: {
        text: "Without `external_server`, a restart of the runner gives its own cache server and the jobs a new common secret.",
        commands: restartRunner(situation),
        kind: "runner"
      }
    }
  };
}

// src/probes/labelled-tools.ts
var programOf = { rust: "rustc", nodejs: "node", "docker-cli": "docker" };
var labelledToolsProbe = {
  name: "labelled-tools",
  async collect(host, request, _signal, ask) {
    const { imageLabels = {} } = await ask(selfContainerProbe);
    const pinnedBy = await rustPin(host, request.workspace);
    const tools = Object.entries(imageLabels).map(async ([label, stated]) => {
      var _a, _b;
      const name = (_a = /^matric\.builder\.(.+)-version$/.exec(label)) == null ? void 0 : _a[1];
      if (name === void 0) return [];
      const tool = (_b = own(programOf, name)) != null ? _b : name;
      const expected2 = own(request.policy.tools, tool);
      if (!expected2) return [];
      const facts = await ask(toolProbe(tool, expected2.command)).catch(() => void 0);
      const printed = facts && printedBy(facts);
      if (printed === void 0) return [];
      return [
        { label, stated, tool, printed: bounded(printed, 300), ...name === "rust" && pinnedBy && { pinnedBy } }
      ];
    });
    return { tools: (await Promise.all(tools)).flat() };
  }
};
function printedBy({ run }) {
  if (run.kind === "own-node") return run.version;
  if (run.kind !== "ran" || run.outcome.kind !== "exited" || run.outcome.code !== 0) return void 0;
  return run.outcome.stdout.trim() || run.outcome.stderr.trim();
}
async function rustPin(host, workspace) {
  if (host.env.RUSTUP_TOOLCHAIN) return "RUSTUP_TOOLCHAIN";
  const files2 = ["rust-toolchain.toml", "rust-toolchain"];
  const kinds = await Promise.all(files2.map(async (file) => (await host.stat(`${workspace}/${file}`)).kind));
  return files2.find((_, index) => kinds[index] === "file");
}

// src/checks/runner/image-reference.ts
function parseImage(text2) {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text2)) return void 0;
  const match = /^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(\w+:[0-9a-f]{32,}))?$/.exec(text2.trim());
  const path = match == null ? void 0 : match[1];
  if (!path) return void 0;
  const [, , tag, digest] = match;
  return {
    repository: withRegistry(path),
    ...tag !== void 0 && { tag },
    ...digest !== void 0 && { digest },
    ...tag === void 0 && digest === void 0 && { tag: "latest" }
  };
}
function withRegistry(path) {
  const [first = "", ...rest] = path.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = isHost ? first.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io") : "docker.io";
  const repository = isHost ? rest : [first, ...rest];
  const official = registry === "docker.io" && repository.length === 1;
  return [registry, ...official ? ["library"] : [], ...repository].join("/");
}
function isImage(actual, wanted2) {
  if (actual.repository !== wanted2.repository) return false;
  if (wanted2.digest !== void 0) return actual.digest === wanted2.digest;
  return actual.tag === void 0 || actual.tag === wanted2.tag;
}
var defaults = [
  /^docker\.gitea\.com\/runner-images$/,
  /^docker\.io\/(?:gitea\/runner-images|catthehacker\/ubuntu|nektos\/act-environments-ubuntu|library\/node)$/,
  /^ghcr\.io\/catthehacker\/ubuntu$/,
  /^(?:data|code)\.forgejo\.org\/oci\/node$/
];
function isDefaultImage({ repository }) {
  return defaults.some((pattern) => pattern.test(repository));
}

// src/checks/runner/image.ts
function imageCheck(registry) {
  return defineCheck({
    id: "runner/image",
    title: "The job container comes from the image that its profile names",
    reasons: {
      "default-image": { level: "fail", summary: "The job runs in the runner's default image" },
      "wrong-image": { level: "fail", summary: "The job runs in another image than its profile names" },
      stale: { level: "warn", summary: "The image is older than its profile allows" },
      outdated: { level: "warn", summary: "The registry has a newer image of this name" },
      "label-mismatch": { level: "warn", summary: "A label of the image states another version than the tool itself" }
    },
    needs: {
      self: selfContainerProbe,
      container: containerProbe,
      job: jobProbe,
      labelled: labelledToolsProbe,
      ...registry && { registry }
    },
    after: ["docker/daemon"],
    judge(facts, policy, moment) {
      var _a, _b, _c, _d;
      const { self, container, job, labelled } = facts;
      const cannotTell = withoutSelf(self, container.mode);
      if (cannotTell) return cannotTell;
      const published = "registry" in facts ? facts.registry : void 0;
      return (_d = (_c = (_b = (_a = otherImage(self, job, policy)) != null ? _a : stale(self, policy, moment)) != null ? _b : outdated(self, policy, published)) != null ? _c : mismatch(self, labelled.tools)) != null ? _d : {
        kind: "pass",
        message: code(self.image || self.imageId || "?"),
        evidence: evidenceOf14(self)
      };
    }
  });
}
var runnerImage = imageCheck();
function withoutSelf(self, mode) {
  var _a;
  if (self.state === "found") return void 0;
  const skip2 = (message) => ({ kind: "skip", reason: "not-applicable", message });
  if (mode === "host") return skip2("The job runs on the host: there is no image.");
  switch (self.why) {
    case "engine-error":
      return {
        kind: "undecided",
        message: `The Docker daemon failed to say what this container is: ${(_a = self.detail) != null ? _a : "no answer"}`
      };
    case "other-engine":
      return skip2(
        "The Docker daemon that answers here is not the one that runs this container: it does not know its image."
      );
    case "forbidden":
      return skip2(
        `The Docker daemon, or a proxy before it, does not let this job look at its own container (${self.detail}).`
      );
    default:
      return skip2("Without a Docker daemon to ask, nothing says which image this container comes from.");
  }
}
function evidenceOf14(self) {
  const { image = "", imageId = "", imageDigests = [], imageCreated } = self;
  const source = "GET /containers/{self}/json";
  return [
    { source, text: `Image ${image}` },
    { source, text: `Id ${imageId}` },
    ...imageDigests.slice(0, 2).map((digest) => ({ source: "GET /images/{id}/json", text: `RepoDigest ${digest}` })),
    ...imageCreated ? [{ source: "GET /images/{id}/json", text: `Created ${imageCreated}` }] : []
  ];
}
function otherImage(self, job, policy) {
  if (policy.image === void 0) return void 0;
  const { image = "", imageId = "", imageTags = [], imageDigests } = self;
  if (policy.image.replace(/^sha256:/, "") === imageId.replace(/^sha256:/, "")) return void 0;
  const wanted2 = parseImage(policy.image);
  if (!wanted2) return wrongImage(self, job, policy, policy.image, void 0);
  const names2 = [image, ...imageTags, ...imageDigests != null ? imageDigests : []].flatMap((name) => {
    var _a;
    return (_a = parseImage(name)) != null ? _a : [];
  });
  const actual = parseImage(image);
  if (names2.some((name) => isImage(name, wanted2) && (name.tag !== void 0 || wanted2.digest !== void 0))) {
    return void 0;
  }
  if (actual && isImage(actual, wanted2)) return void 0;
  if (wanted2.digest !== void 0 && imageDigests === void 0 && (actual == null ? void 0 : actual.repository) === wanted2.repository) {
    return {
      kind: "undecided",
      message: `The daemon did not tell the digest of this container's image (it has it no more, or did not answer in time); ${code(policy.image)} asks for one.`,
      evidence: evidenceOf14(self)
    };
  }
  const sameRepository = (actual == null ? void 0 : actual.repository) === wanted2.repository;
  if (actual && isDefaultImage(actual) && !sameRepository) {
    return {
      ...otherThan(self, policy.image),
      reason: "default-image",
      message: `The job runs in the default image ${code(image)}, not in ${code(policy.image)}.`,
      why: "None of the builder's tools are in it: the job fails late, at the first one that is missing. A runner takes this image when `runs-on` matches none of its labels, or when the label that matches names no image.",
      remedy: nameImage(job, policy, policy.image)
    };
  }
  const part = wanted2.digest === void 0 ? "tag" : "digest";
  return wrongImage(self, job, policy, policy.image, sameRepository ? part : void 0);
}
function otherThan(self, wanted2) {
  var _a;
  return { kind: "finding", expected: wanted2, observed: (_a = self.image) != null ? _a : "", evidence: evidenceOf14(self) };
}
function wrongImage(self, job, policy, wanted2, part) {
  var _a;
  return {
    ...otherThan(self, wanted2),
    reason: "wrong-image",
    message: `The job runs in ${code(self.image || ((_a = self.imageId) != null ? _a : "?"))}; the profile ${code(policy.profile)} names ${code(wanted2)}${part ? `: the ${part} differs` : ""}.`,
    why: "Its tools and their versions are those of another image, so what passes here may fail where the right one is used, and the other way round.",
    remedy: nameImage(job, policy, wanted2)
  };
}
function nameImage(job, policy, image) {
  const otherwise = {
    text: "If this is the image that the jobs should have, name it in the policy or in the input `image`.",
    kind: "workflow"
  };
  if (job.system === "github") {
    return {
      text: "Name the image in the workflow: on GitHub the job's `container` decides.",
      config: { file: "the workflow", language: "yaml", text: `container: ${JSON.stringify(image)}` },
      kind: "workflow",
      otherwise
    };
  }
  if (job.system === "none" || job.system === "act") {
    return {
      text: "Start the container from that image.",
      commands: [`docker pull ${shellQuote(image)}`],
      kind: "runner",
      otherwise
    };
  }
  return {
    text: "Give the label that image in the runner's `config.yaml`, and see that the workflow's `runs-on` names exactly that label; then restart the runner. A label that ends in `:docker` or `:docker://` has no image, and a job's own `container:` in the workflow goes before the label's.",
    config: labelConfig(`${policy.profile}:docker://${image}`),
    commands: [restartCommand(job)],
    kind: "runner",
    otherwise
  };
}
var dayMs = 864e5;
function stale(self, policy, moment) {
  var _a, _b, _c, _d;
  const { imageMaxAgeDays } = policy;
  if (imageMaxAgeDays === void 0) return void 0;
  const created = [self.imageCreated, (_a = self.imageLabels) == null ? void 0 : _a["org.opencontainers.image.created"]].find(isDate);
  if (created === void 0) {
    if (self.imageTags === void 0) {
      return {
        kind: "undecided",
        message: `The daemon did not tell when the image ${code((_b = self.image) != null ? _b : "?")} was built: it has it no more, or did not answer in time.`,
        evidence: evidenceOf14(self)
      };
    }
    return {
      kind: "undecided",
      message: `The image ${code((_c = self.image) != null ? _c : "?")} does not say when it was built, so nobody knows whether it is older than ${daysOf(imageMaxAgeDays)}. A reproducible build has no date: give it the label \`org.opencontainers.image.created\`, or take \`image-max-age\` out of the profile.`,
      evidence: evidenceOf14(self)
    };
  }
  const age = (Date.parse(moment.started) - Date.parse(created)) / dayMs;
  if (age <= imageMaxAgeDays) return void 0;
  const image = (_d = self.image) != null ? _d : "";
  return {
    kind: "finding",
    reason: "stale",
    message: `The image ${code(image)} was built ${daysOf(Math.floor(age))} ago; the profile ${code(policy.profile)} allows ${daysOf(imageMaxAgeDays)}.`,
    why: "Its tools and base system get no fixes any more. Often a newer one has long been published and this host never pulled it: a runner uses the local copy of a tag as long as it has one.",
    expected: `built within ${daysOf(imageMaxAgeDays)}`,
    observed: `built ${created}`,
    evidence: evidenceOf14(self),
    remedy: pullAnew(
      "Pull it on the runner's host, where the next job takes it. If nothing newer comes, the image has to be built anew.",
      image
    )
  };
}
function outdated(self, policy, registry) {
  var _a, _b, _c;
  const look3 = registry == null ? void 0 : registry.looks.find(({ image: image2 }) => image2 === policy.image);
  const newest = (look3 == null ? void 0 : look3.answer.kind) === "answered" ? look3.answer.digest : void 0;
  const local = (_a = self.imageDigests) != null ? _a : [];
  if (newest === void 0 || local.length === 0 || local.some((digest) => digest.endsWith(`@${newest}`)))
    return void 0;
  const image = (_b = self.image) != null ? _b : "";
  return {
    kind: "finding",
    reason: "outdated",
    message: `The registry has a newer ${code(image)} than the one that this job runs in.`,
    why: "A runner uses the local copy of a tag as long as it has one: what was mended in the image since then is not in this job.",
    expected: newest,
    observed: local.map((digest) => digest.replace(/^.*@/, "")).join(", "),
    evidence: [...evidenceOf14(self), { source: `HEAD ${(_c = look3 == null ? void 0 : look3.url) != null ? _c : ""}`, text: newest }],
    remedy: pullAnew("Pull it on the runner's host, where the next job takes it.", image)
  };
}
function pullAnew(text2, image) {
  return {
    text: text2,
    commands: [`docker pull ${shellQuote(image)}`],
    kind: "host",
    otherwise: {
      text: "`force_pull` lets the runner look for a newer image before every job.",
      config: { file: "config.yaml", language: "yaml", text: "container:\n  force_pull: true" },
      kind: "runner"
    }
  };
}
function isDate(text2) {
  return text2 !== void 0 && Date.parse(text2) > Date.parse("2000-01-01T00:00:00Z");
}
function daysOf(count) {
  return `${count} ${count === 1 ? "day" : "days"}`;
}
function mismatch(self, tools) {
  var _a, _b;
  const wrong = tools.filter(differs);
  const first = wrong[0];
  if (!first) return void 0;
  const printed = (_b = (_a = findVersion(first.printed)) == null ? void 0 : _a.text) != null ? _b : first.printed;
  return {
    kind: "finding",
    reason: "label-mismatch",
    message: `The image's label ${code(first.label)} says ${first.stated}, but ${code(first.tool)} is ${printed}.`,
    why: "Whoever chooses the image by its label gets another version. Either it was built with a wrong label, or another installation of the tool comes first on this job's PATH.",
    expected: `${first.tool} ${first.stated}`,
    observed: `${first.tool} ${printed}`,
    evidence: wrong.flatMap(({ label, stated, tool, printed: text2 }) => {
      var _a2;
      return [
        { source: `label of ${self.image}`, text: `${label}=${stated}` },
        { source: tool, text: (_a2 = text2.split("\n")[0]) != null ? _a2 : "" }
      ];
    }),
    remedy: {
      text: "See which program answers and where it comes from. If it is the image's own, let its Dockerfile set label and version from one `ARG`, and build it anew.",
      commands: [`command -v ${shellQuote(first.tool)}`],
      kind: "image"
    }
  };
}
function differs({ stated, printed, pinnedBy }) {
  var _a, _b, _c;
  if (pinnedBy !== void 0) return false;
  const label = (_a = findVersion(stated)) != null ? _a : findVersion(`${stated}.0`);
  const tool = findVersion(printed);
  if (!label || !tool) return false;
  const parts = (_c = (_b = /\d+(?:\.\d+){0,2}/.exec(stated)) == null ? void 0 : _b[0].split(".").length) != null ? _c : 3;
  return label.numbers.slice(0, parts).some((number, index) => number !== tool.numbers[index]);
}

// src/checks/runner/mode.ts
var runnerMode = defineCheck({
  id: "runner/mode",
  title: "The job runs where its profile says: in a container, or on the host",
  reasons: {
    "host-instead-of-container": { level: "fail", summary: "the job runs on the host, its profile wants a container" },
    "container-instead-of-host": { level: "fail", summary: "the job runs in a container, its profile wants the host" }
  },
  needs: { container: containerProbe, job: jobProbe },
  applies: (policy) => policy.runsIn !== "any",
  judge({ container, job }, policy) {
    const where = placeOf(container);
    if (container.mode === "unknown") {
      return {
        kind: "undecided",
        message: "Could not find out whether this is a container or the host.",
        evidence: evidenceOf15(container, job)
      };
    }
    if (container.mode === policy.runsIn) {
      return { kind: "pass", message: `Runs ${where}`, evidence: evidenceOf15(container, job) };
    }
    const subject = job.inJob ? "The job" : "This check";
    const found = { kind: "finding", observed: where, evidence: evidenceOf15(container, job) };
    if (policy.runsIn === "container") {
      return {
        ...found,
        reason: "host-instead-of-container",
        message: `${subject} runs ${where}; the profile \`${policy.profile}\` wants it in a container.`,
        why: "Nothing isolates it: it uses the machine's tools instead of the image's, changes the machine, and leaves its traces to the next job.",
        expected: "in a container",
        remedy: intoContainer(job, policy)
      };
    }
    return {
      ...found,
      reason: "container-instead-of-host",
      message: `${subject} runs ${where}; the profile \`${policy.profile}\` wants it on the host itself.`,
      why: "It sees the image's tools and files instead of the machine's, and `localhost` is the container: services and devices of the host are out of reach.",
      expected: "on the host",
      remedy: ontoHost(job, policy)
    };
  }
});
function placeOf({ mode, insideContainer }) {
  if (mode === "container") return "in a container";
  return insideContainer === void 0 ? "on the host" : "in host mode, inside the container of the runner itself";
}
function evidenceOf15({ witness, insideContainer }, job) {
  var _a;
  const evidence = [{ source: "where we are", text: witness }];
  if (insideContainer !== void 0) evidence.push({ source: "the runner's own container", text: insideContainer });
  if (witness !== "JOB_CONTAINER_NAME" && job.system === "gitea") {
    evidence.push({ source: "JOB_CONTAINER_NAME", text: (_a = job.containerName) != null ? _a : "not set" });
  }
  return evidence;
}
function intoContainer(job, policy) {
  var _a;
  const image = (_a = policy.image) != null ? _a : "<image>";
  switch (job.system) {
    case "gitea":
      return {
        text: `Give the label an image in the runner's \`config.yaml\`, then restart the runner. These labels run on the host: one without \`docker://\` (\`${policy.profile}\`, \`${policy.profile}:host\`)${misspelt(job)}. Do not edit the labels in \`.runner\`: those of \`config.yaml\` overwrite them at every start.`,
        config: labelConfig(`${policy.profile}:docker://${image}`),
        commands: [restartCommand(job)],
        kind: "runner",
        otherwise: anotherLabel("container")
      };
    case "forgejo":
      return {
        text: "Give the label an image in the runner's `config.yaml`, then restart the runner. A label that ends in `:host` runs on the host.",
        config: labelConfig(`${policy.profile}:docker://${image}`),
        commands: [restartCommand(job)],
        kind: "runner",
        otherwise: anotherLabel("container")
      };
    case "github":
      return {
        text: "Name the image in the workflow: a job without `container` runs on the runner's machine itself.",
        config: {
          file: "the workflow",
          language: "yaml",
          text: `jobs:
  ${jobKey(job)}:
    container: ${JSON.stringify(image)}`
        },
        kind: "workflow"
      };
    case "act":
      return {
        text: `Start the run with an image, whatever \`runs-on\` says: \`--image=${image}\` for \`gitea-runner exec\`, \`-P ${policy.profile}=${image}\` for \`act\`. The image \`-self-hosted\` stands for the host.`,
        kind: "runner"
      };
    case "none":
      return {
        text: `Outside of a job this only says where you started it. Start it in the image of the profile${policy.image === void 0 ? "" : ` (\`${policy.image}\`)`}, let a job of that label do it, or choose the profile of this machine with \`--profile\`.`,
        kind: "host"
      };
  }
}
function ontoHost(job, policy) {
  switch (job.system) {
    case "gitea":
      return {
        text: `Make it a \`host\` label in the runner's \`config.yaml\`, then restart the runner. A label with \`:docker://\` runs in a container, and so does a job whose \`runs-on\` matches no label of the runner: it gets the default image (\`runner.default_image\`). Look for a misspelt label there too, and do not edit those in \`.runner\`: \`config.yaml\` overwrites them at every start.`,
        config: labelConfig(`${policy.profile}:host`),
        commands: [restartCommand(job)],
        kind: "runner",
        otherwise: anotherLabel("host")
      };
    case "forgejo":
      return {
        text: `Make it a \`host\` label in the runner's \`config.yaml\`, then restart the runner. A label without a type (\`${policy.profile}\`) runs in a container.`,
        config: labelConfig(`${policy.profile}:host`),
        commands: [restartCommand(job)],
        kind: "runner",
        otherwise: anotherLabel("host")
      };
    case "github":
      return {
        text: "Take `container` out of the job, or run the runner on the machine itself if it runs in a container.",
        kind: "workflow"
      };
    case "act":
      return {
        text: `Start the run on the host: \`--image=-self-hosted\` for \`gitea-runner exec\`, \`-P ${policy.profile}=-self-hosted\` for \`act\`.`,
        kind: "runner"
      };
    case "none":
      return {
        text: "Outside of a job this only says where you started it. Start it on the machine itself, or choose another profile with `--profile`.",
        kind: "host"
      };
  }
}
function misspelt(job) {
  const example = "one with a misspelt schema (`dokcer://` for `docker://`)";
  const opaque = holdsFor(runnerKnowledge("opaque-labels"), giteaRunnerVersion(job));
  if (opaque === "no") return "";
  return opaque === "yes" ? `, and ${example}` : `, and from runner 2.1.0 on ${example}`;
}
function anotherLabel(kind) {
  return {
    text: `If the runner is right, the job asks for the wrong label: name one of kind \`${kind === "host" ? "host" : "docker"}\` in its \`runs-on\`, or the profile of the label that it does run on.`,
    kind: "workflow"
  };
}
function jobKey(job) {
  return job.job !== void 0 && /^[\w-]+$/.test(job.job) ? job.job : "<job>";
}

// src/probes/registration.ts
var tokenVariable = /^(?:[A-Z]+_)*RUNNER_REGISTRATION_TOKEN$|^ACTIONS_RUNNER_INPUT_TOKEN$/;
var registrationProbe = {
  name: "registration",
  async collect(host, _request, _signal, ask) {
    const tokenVariables = Object.keys(host.env).filter((name) => name.includes("TOKEN") && tokenVariable.test(name) && host.env[name]).map((name) => bounded(name, 100)).slice(0, 20);
    const [{ mode }, { system }] = await Promise.all([ask(containerProbe), ask(jobProbe)]);
    if (mode !== "host" || system === "github") return { tokenVariables, files: [] };
    const candidates = await candidatesOf(host);
    const files2 = await Promise.all(candidates.map(({ role, path }) => lookAt2(host, role, path)));
    return { tokenVariables, files: files2.flat() };
  }
};
var programNames = ["act_runner", "act-runner", "gitea-runner", "forgejo-runner"];
async function candidatesOf(host) {
  const [cwd, commandLine2] = await Promise.all([
    host.readLink(`/proc/${host.ppid}/cwd`),
    host.readText(`/proc/${host.ppid}/cmdline`)
  ]);
  const home = host.env.HOME || host.userHome;
  const parent = cwd.kind === "ok" ? cwd.value : void 0;
  const named2 = commandLine2.kind === "ok" ? configOf(commandLine2.value.split("\0")) : void 0;
  const tokenFile = host.env.GITEA_RUNNER_REGISTRATION_TOKEN_FILE;
  const directories = [parent, home, "/home/runner", ...programNames.map((name) => `/var/lib/${name}`)];
  const configs = [
    (named2 == null ? void 0 : named2.startsWith("/")) ? named2 : named2 && parent && `${parent}/${named2}`,
    parent && `${parent}/config.yaml`,
    ...programNames.flatMap((name) => [`/etc/${name}/config.yaml`, home && `${home}/.config/${name}/config.yaml`])
  ];
  return [
    ...unique(directories).map(
      (path) => ({ role: "registration", path: `${path.replace(/\/$/, "")}/.runner` })
    ),
    ...unique(configs).map((path) => ({ role: "config", path })),
    ...unique([(tokenFile == null ? void 0 : tokenFile.startsWith("/")) ? tokenFile : void 0]).map((path) => ({ role: "token", path }))
  ];
}
function configOf(command) {
  var _a;
  if (!/runner[^/]*$/.test((_a = command[0]) != null ? _a : "")) return void 0;
  const inOne = command.find((argument) => argument.startsWith("--config="));
  if (inOne !== void 0) return inOne.slice("--config=".length);
  const index = command.findIndex((argument) => argument === "--config" || argument === "-c");
  return index < 0 ? void 0 : command[index + 1];
}
function unique(paths) {
  return [...new Set(paths.filter((path) => Boolean(path)))];
}
async function lookAt2(host, role, path) {
  const real = await host.realPath(path);
  if (real.kind !== "ok") return [];
  const file = await host.stat(real.value);
  if (file.kind !== "file") return [];
  const readableByAll = (file.mode & 4) !== 0 && await isOpenToAll(host, real.value);
  return [{ path: bounded(path, 500), role, mode: file.mode, uid: file.uid, readableByAll }];
}
async function isOpenToAll(host, path) {
  const parts = path.split("/").slice(1, -1);
  const directories = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  const outcomes = await Promise.all(directories.map((directory2) => host.stat(directory2)));
  return outcomes.every((outcome) => !("mode" in outcome) || (outcome.mode & 1) !== 0);
}

// src/checks/runner/secrets.ts
var runnerSecrets = defineCheck({
  id: "runner/secrets",
  title: "Jobs and other users cannot read how the runner registered",
  reasons: {
    "registration-token-visible": { level: "fail", summary: "Jobs see the token with which runners register" },
    "world-readable-registration": {
      level: "fail",
      summary: "Every user of the host can read the runner's registration"
    }
  },
  needs: { registration: registrationProbe, container: containerProbe, job: jobProbe },
  judge({ registration, container, job }) {
    const { tokenVariables, files: files2 } = registration;
    if (job.system !== "none" && tokenVariables.length > 0) return tokenVisible(registration, job, container.mode);
    const open = files2.filter(({ role, readableByAll }) => role !== "config" && readableByAll);
    if (open.length > 0) return worldReadable(open, files2);
    const closed2 = files2.filter(({ role }) => role === "registration").map(({ path }) => code(path));
    const message = closed2.length > 0 ? `no token in the environment; others cannot read ${listed(closed2)}` : "no token in the environment";
    return { kind: "pass", message, evidence: evidenceOf16(files2) };
  }
});
function evidenceOf16(files2) {
  return files2.map(({ path, mode, uid, readableByAll }) => ({
    source: path,
    text: `mode ${octal(mode)}, uid ${uid}${readableByAll ? ", everybody can read it" : ""}`
  }));
}
function tokenVisible({ tokenVariables }, job, mode) {
  const names2 = listed(tokenVariables.map(code));
  return {
    kind: "finding",
    reason: "registration-token-visible",
    message: `${names2} ${tokenVariables.length === 1 ? "is" : "are"} set in the environment of ${job.inJob ? "this job" : "the runner"}.`,
    why: "With a registration token anybody can register a runner of their own, take jobs with it, and see their secrets. Every step and every dependency of a job reads its environment.",
    expected: "no registration token in the environment of jobs",
    observed: tokenVariables.join(", "),
    evidence: tokenVariables.map((name) => ({ source: "environment", text: `${name} is set (value not read)` })),
    remedy: mode === "container" ? outOfContainer(tokenVariables, job) : outOfService(tokenVariables, job)
  };
}
function outOfContainer(names2, job) {
  return {
    text: `Remove ${listed(names2.map(code))} from \`runner.envs\`, from the file that \`runner.env_file\` names, from \`container.options\` (\`-e\`) and from \`env:\` of the workflow, then reset the token in the forge: take it for known.`,
    commands: ["grep -rn REGISTRATION_TOKEN /etc/gitea-runner /etc/act_runner 2>/dev/null", restartCommand(job)],
    kind: "runner"
  };
}
function outOfService(names2, job) {
  const unset = names2.map((name) => `UnsetEnvironment=${name}`);
  return {
    text: "A host job inherits the environment of the runner's process. The token is needed once, for registering: take it out of the unit, its `EnvironmentFile`, or the `docker run` that starts the runner, and restart. Then reset the token in the forge (Settings, Actions, Runners): take it for known.",
    config: { file: "sudo systemctl edit gitea-runner", language: "ini", text: ["[Service]", ...unset].join("\n") },
    commands: [restartCommand(job)],
    kind: "runner"
  };
}
function worldReadable(open, files2) {
  const paths = open.map(({ path }) => path);
  const configs = files2.filter(({ role, readableByAll }) => role === "config" && readableByAll);
  const alsoOpen = configs.length > 0 ? ` ${listed(configs.map(({ path }) => code(path)))} can be read by all as well, which matters if it holds \`external_secret\` or passwords of registries.` : "";
  return {
    kind: "finding",
    reason: "world-readable-registration",
    message: `Every user of this machine can read ${listed(paths.map(code))}.`,
    why: "It holds the runner's own token: whoever has that can act as this runner, take its jobs and read the secrets in them.",
    expected: "mode 0600, or a directory that is closed to others",
    observed: open.map(({ mode }) => octal(mode)).join(", "),
    evidence: evidenceOf16(files2),
    remedy: {
      text: `Close it to everybody but the runner's user. If others have accounts on this machine, register the runner anew: its token may be known.${alsoOpen}`,
      commands: [`sudo chmod 600 ${paths.map(shellQuote).join(" ")}`],
      kind: "host"
    }
  };
}

// src/checks/runner/server.ts
var skewWarn = 5;
var skewFail = 300;
var runnerServer = defineCheck({
  id: "runner/server",
  title: "The forge can be reached from the job",
  reasons: {
    "localhost-url": {
      level: "fail",
      summary: "The forge calls itself `localhost`, which is the job container itself"
    },
    unresolvable: { level: "fail", summary: "The forge's name has no address here" },
    unreachable: { level: "fail", summary: "The forge cannot be reached" },
    "tls-untrusted": { level: "fail", summary: "Node does not trust the forge's certificate" },
    "clock-skew": { level: "warn", summary: "The clocks of this machine and of the forge differ" },
    "http-error": { level: "fail", summary: "What answers at the forge's address is an error, or no forge" }
  },
  needs: { forge: forgeProbe, container: containerProbe, job: jobProbe },
  judge({ forge, container, job }) {
    var _a, _b, _c;
    const { answer, url } = forge;
    const seen4 = { forge, situation: situationOf(container, job) };
    const isolated = container.mode === "container" || container.insideContainer !== void 0;
    const answers = answer.kind === "answered" && judgeReply(seen4, answer) === void 0;
    if (url !== void 0 && forge.isLoopback && isolated && job.inJob && !answers) return localhostUrl(seen4, url);
    switch (answer.kind) {
      case "not-asked":
        return { kind: "skip", reason: "not-applicable", message: whyNotAsked(url, job.inJob, job.system) };
      case "other-proxy":
        return {
          kind: "skip",
          reason: "not-applicable",
          message: `A proxy applies to the forge that this check does not speak to: ${code((_a = forge.via) != null ? _a : "?")}.`
        };
      case "timed-out":
        return unreachable3(seen4, `${code(url != null ? url : "")} gives no answer within the deadline`);
      case "failed": {
        const what = describeFailure(answer, forge.via);
        const message = `${code(url != null ? url : "")} cannot be reached: ${what}`;
        if (answer.code === "ERR_INVALID_URL") return noAddress(seen4, answer.message);
        const cause = causeOf3(answer);
        if (cause === "unresolvable") return unresolvable(seen4, message);
        return cause === "untrusted" ? untrusted(seen4, message, answer.code) : unreachable3(seen4, message);
      }
      case "answered":
        if (forge.untrusted !== void 0) {
          const what = describeFailure({ kind: "failed", code: forge.untrusted, message: "" });
          return untrusted(seen4, `Node does not trust ${code(url != null ? url : "")}: ${what}`, forge.untrusted);
        }
        return (_c = (_b = skewed(seen4, answer)) != null ? _b : judgeReply(seen4, answer)) != null ? _c : pass2(seen4, answer);
    }
  }
});
function whyNotAsked(url, inJob, system) {
  if (!inJob) return "Outside of a job there is no forge to ask.";
  if (url === void 0) return "This run has no forge: `GITHUB_SERVER_URL` names none.";
  return system === "github" ? "GitHub is not asked." : "A run without a server has no forge to ask.";
}
function pass2(seen4, answer) {
  const { url, asked } = seen4.forge;
  const version2 = answer.version === void 0 ? "" : ` ${answer.version}`;
  const closed2 = answer.status === 401 || answer.status === 403 ? `, and tells strangers no more: ${code(asked != null ? asked : "")}` : "";
  return { kind: "pass", message: `${code(url != null ? url : "")} answers${version2}${closed2}`, evidence: evidenceOf17(seen4) };
}
function judgeReply(seen4, answer) {
  const { status, version: version2, isJson, location } = answer;
  if (status === 200 && version2 !== void 0) return void 0;
  if ((status === 401 || status === 403) && isJson) return void 0;
  const { host, url, asked } = seen4.forge;
  if (status >= 300 && status < 400 && host !== void 0 && hostOf3(location) === host) return void 0;
  const what = location !== void 0 ? `sends on to ${code(location)}` : status === 200 ? "answers, but not as Gitea or Forgejo do" : `answers with status ${status}`;
  return finding3(seen4, "http-error", {
    message: `The forge ${code(url != null ? url : "")} ${what}.`,
    observed: `status ${status}${answer.body ? `, ${answer.body}` : ""}`,
    remedy: {
      text: status >= 500 ? "Look at the forge, and at the proxy before it: this is their error, not the runner's." : "Look at what answers there: a login page of the network, a proxy, or a forge under another path. The runner takes the address from the forge's `ROOT_URL`.",
      commands: [`curl -sS -i ${shellQuote(asked != null ? asked : "")} | head -20`],
      kind: "forge"
    }
  });
}
function hostOf3(url) {
  var _a, _b;
  return (_b = (_a = /^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url != null ? url : "")) == null ? void 0 : _a[1]) == null ? void 0 : _b.replace(/^\[(.*)\]$/, "$1");
}
function skewed(seen4, { clockAheadSeconds: ahead = 0 }) {
  const seconds2 = Math.abs(ahead);
  if (seconds2 <= skewWarn) return void 0;
  const how = seconds2 < 120 ? `${Math.round(seconds2)} s` : `${Math.round(seconds2 / 60)} min`;
  const message = `The clock of this machine is ${how} ${ahead > 0 ? "ahead of" : "behind"} that of the forge.`;
  const grave2 = seconds2 > skewFail;
  return {
    ...finding3(seen4, "clock-skew", {
      message,
      observed: `${ahead > 0 ? "+" : "-"}${seconds2} s`,
      remedy: {
        text: "Let the host keep its clock by the network's, and the forge's machine too. A container has the clock of its host.",
        commands: ["timedatectl status", "sudo timedatectl set-ntp true"],
        kind: "host"
      }
    }),
    why: grave2 ? "Tokens of the job count as not valid yet or as expired, certificates too: uploads, the cache and logins fail." : "What compares times goes wrong by that much: incremental builds, short-lived tokens, caches.",
    expected: `a difference of at most ${skewWarn} s`,
    ...grave2 && { level: "fail" }
  };
}
function finding3(seen4, reason, about) {
  return {
    kind: "finding",
    reason,
    why: "Checkout, artifacts, the cache and every action that calls the forge fail in this job.",
    expected: "a forge that answers `GET /version` of its API",
    evidence: evidenceOf17(seen4),
    ...about
  };
}
function evidenceOf17({ forge }) {
  var _a, _b;
  const { url, asked, answer, via, trustedBy, untrusted: refused2 } = forge;
  const source = asked === void 0 ? "environment, GITHUB_SERVER_URL" : `GET ${asked}${via === void 0 ? "" : ` through ${via}`}`;
  switch (answer.kind) {
    case "not-asked":
      return [{ source, text: url != null ? url : "none" }];
    case "answered": {
      const said = (_b = (_a = answer.version) != null ? _a : answer.body) != null ? _b : "";
      const trust = trustedBy === void 0 ? [] : [{ source: trustedBy, text: `trusts it; Node says ${refused2 != null ? refused2 : "no"}` }];
      return [{ source, text: `${answer.status} ${said}`.trim() }, ...trust];
    }
    default:
      return [{ source, text: tellFailure(answer) }];
  }
}
function noAddress(seen4, why3) {
  const { url = "" } = seen4.forge;
  return {
    ...finding3(seen4, "unreachable", {
      message: `The forge cannot be reached: ${why3}, but ${code(url)}.`,
      observed: url,
      remedy: {
        text: "Look who says so: jobs are told the address that the forge has of itself, its `ROOT_URL`, unless `runner.envs` of the runner's configuration or `env` of the workflow sets another.",
        config: {
          file: "app.ini of the forge",
          language: "ini",
          text: "[server]\nROOT_URL = https://git.example.com/"
        },
        kind: "forge"
      }
    }),
    evidence: [{ source: "environment", text: tellAnswer(seen4) }]
  };
}
function localhostUrl(seen4, url) {
  const { answer } = seen4.forge;
  return finding3(seen4, "localhost-url", {
    message: `The forge calls itself ${code(url)}, and in a job container that is the container itself.`,
    observed: answer.kind === "not-asked" || answer.kind === "answered" ? url : `${url}: ${tellFailure(answer)}`,
    remedy: {
      text: "Give the forge an address that holds from everywhere, in its `ROOT_URL`, and register the runner with it: jobs are told what the forge calls itself.",
      config: { file: "app.ini of the forge", language: "ini", text: "[server]\nROOT_URL = https://git.example.com/" },
      kind: "forge",
      otherwise: {
        text: "If forge and runner are on one machine and this is to stay, let the job containers share its network.",
        config: { file: configFile, language: "yaml", text: "container:\n  network: host" },
        commands: restartRunner(seen4.situation),
        kind: "runner"
      }
    }
  });
}
function unresolvable(seen4, message) {
  var _a;
  const { situation, forge } = seen4;
  const host = (_a = forge.host) != null ? _a : "";
  const text2 = "Job containers are in a Docker network of their own and know neither the names of another one (a compose file's `gitea`) nor the host's `/etc/hosts`.";
  return finding3(seen4, "unresolvable", {
    message: `${message}.`,
    observed: tellAnswer(seen4),
    remedy: situation.inContainer ? {
      text: `${text2} Put them into the network in which the forge has that name, or give the forge a name that DNS knows.`,
      config: {
        file: configFile,
        language: "yaml",
        text: "container:\n  network: gitea_default   # docker network ls"
      },
      commands: restartRunner(situation),
      kind: "runner",
      otherwise: {
        text: "Or write its address into every job container.",
        config: {
          file: configFile,
          language: "yaml",
          text: `container:
  options: --add-host=${host}:192.0.2.10`
        },
        kind: "runner"
      }
    } : {
      text: "Look at the machine's nameservers and its `/etc/hosts`.",
      commands: [`getent hosts ${shellQuote(host)}`, "cat /etc/resolv.conf"],
      kind: "host"
    }
  });
}
function unreachable3(seen4, message) {
  const { forge, situation } = seen4;
  const { answer, host = "", asked = "" } = forge;
  const throughProxy = answer.kind === "failed" && causeOf3(answer) === "proxy";
  return finding3(seen4, "unreachable", {
    message: `${message}.`,
    observed: tellAnswer(seen4),
    remedy: throughProxy ? {
      text: "Let the forge be reached without the proxy: add its name at the end of what `NO_PROXY` holds already, in both spellings.",
      ...setVariables(situation, { NO_PROXY: host, no_proxy: host }),
      kind: "runner"
    } : {
      text: situation.inContainer ? "Ask the same from the host. If it answers there, the network of the job containers does not lead to the forge: look at the host's firewall and at `container.network` of the runner. If it does not, look at the forge." : "Look whether the forge runs, and whether a firewall or a missing proxy lies between.",
      commands: [`curl -sS -m 10 -i ${shellQuote(asked)} | head -20`],
      kind: "host"
    }
  });
}
function tellAnswer({ forge: { answer } }) {
  return answer.kind === "not-asked" || answer.kind === "answered" ? "an answer" : tellFailure(answer);
}
function untrusted(seen4, message, errno) {
  var _a, _b;
  const { situation, forge } = seen4;
  const { host = "", asked = "", trustedBy } = forge;
  const port = (_b = (_a = /^https:\/\/[^/]*:(\d+)(?:\/|$)/.exec(asked)) == null ? void 0 : _a[1]) != null ? _b : "443";
  const show = `openssl s_client -connect ${shellQuote(`${host}:${port}`)} -servername ${shellQuote(host)} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
  const remedy = (() => {
    if (trustedBy !== void 0) {
      return {
        text: `git, curl and Docker trust it by ${code(trustedBy)}; Node has authorities of its own. Tell it of that file, in the variables of the jobs.`,
        ...setVariables(situation, { NODE_EXTRA_CA_CERTS: trustedBy }),
        kind: "runner"
      };
    }
    if (errno === "CERT_HAS_EXPIRED" || errno === "CERT_NOT_YET_VALID") {
      return {
        text: "Renew the certificate of the forge. If its dates are right, the clock of this machine is wrong.",
        commands: [show, "date -u"],
        kind: "forge"
      };
    }
    if (errno === "ERR_TLS_CERT_ALTNAME_INVALID" || errno === "HOSTNAME_MISMATCH") {
      return {
        text: "Give the forge a certificate that holds this name, or a `ROOT_URL` with a name that the certificate holds.",
        commands: [show],
        kind: "forge"
      };
    }
    return {
      text: "Put the certificate of the authority into the image (for host jobs: onto the host), for git and Node. `insecure: true` of the runner's configuration holds for the runner only.",
      commands: [show, "install -m 644 ca.crt /usr/local/share/ca-certificates/own-ca.crt && update-ca-certificates"],
      ...configOf2(setVariables(situation, { NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/ca-certificates.crt" })),
      kind: situation.inContainer ? "image" : "host"
    };
  })();
  return {
    ...finding3(seen4, "tls-untrusted", { message: `${message}.`, observed: errno, remedy }),
    ...trustedBy !== void 0 && {
      why: "Checkout works, for git trusts it; artifacts, the cache and every other action in JavaScript fail in this job."
    },
    expected: "a certificate that Node trusts"
  };
}
function configOf2({ config }) {
  return config ? { config } : {};
}

// src/checks/runner/summary.ts
var runnerSummary = defineCheck({
  id: "runner/summary",
  title: "The forge shows the job summary",
  reasons: {
    "not-shown": { level: "skip", summary: "the forge will not show the job summary; the log holds it all" }
  },
  needs: { job: jobProbe },
  judge({ job }) {
    if (!job.inJob)
      return { kind: "skip", reason: "not-applicable", message: "Outside of a job there is no job summary." };
    const obstacle = obstacleOf(job);
    if (obstacle !== void 0) {
      return { kind: "skip", reason: "not-shown", message: `${obstacle} The log of this step holds everything.` };
    }
    if (job.system === "forgejo") {
      return {
        kind: "pass",
        message: "`GITHUB_STEP_SUMMARY` is set; Forgejo does not tell whether it shows it, so the log holds everything too"
      };
    }
    return { kind: "pass", message: "Shown with the job" };
  }
});
function obstacleOf(job) {
  if (job.summaryFile === false) return "The runner offers no file for it: `GITHUB_STEP_SUMMARY` is not set.";
  if (job.system === "act") return "A run without a server throws the job summary away.";
  if (job.system !== "gitea" || job.capabilities.includes("job-summary")) return void 0;
  if (holdsFor(runnerKnowledge("summary-not-uploaded"), job.runnerVersion) === "yes") {
    return `Runner ${job.runnerVersion} sends no job summaries to Gitea: that takes runner 2.0.0 and Gitea 1.27, or newer.`;
  }
  return "This Gitea does not say `job-summary` in `GITEA_ACTIONS_CAPABILITIES`: it shows job summaries from 1.27 on, with runner 2.0.0 or newer.";
}

// src/probes/account.ts
var accountProbe = {
  name: "account",
  async collect(host) {
    return {
      ...host.uid !== void 0 && { uid: host.uid },
      ...host.gid !== void 0 && { gid: host.gid },
      groups: host.groups.slice(0, 100)
    };
  }
};

// src/probes/tool-cache.ts
var architectures = ["x64", "arm64", "arm", "ia32", "x86", "ppc64", "ppc64le", "s390x", "riscv64", "loong64"];
var maxTools = 60;
var maxVersions = 40;
var toolCacheProbe = {
  name: "tool-cache",
  async collect(host, request, _signal, ask) {
    var _a;
    const path = (_a = host.env.RUNNER_TOOL_CACHE) == null ? void 0 : _a.trim();
    if (!path) return { state: "not-set", writable: false, perJob: false, mountsKnown: true, tools: [] };
    const [{ mode }, directory2] = await Promise.all([ask(containerProbe), host.stat(path)]);
    const base = {
      path: bounded(path, 500),
      perJob: mode === "host" && isPerJob(path, host, request),
      mountsKnown: true,
      tools: []
    };
    if (directory2.kind === "absent") return { ...base, state: "absent", writable: await canMake(host, path) };
    if (directory2.kind === "unreadable") {
      return { ...base, state: "unreadable", code: directory2.code, writable: false };
    }
    const { mode: bits, uid, gid } = directory2;
    const owner = { mode: bits, uid, gid };
    if (directory2.kind !== "directory") return { ...base, state: "not-a-directory", writable: false, owner };
    const [writable, tools, mounts] = await Promise.all([
      host.access(path, "w"),
      toolsIn(host, path),
      mode === "host" ? [] : readMounts(host)
    ]);
    const mount = mounts && await ownMount(host, mounts, path);
    const mountsKnown = mounts !== void 0;
    return { ...base, state: "present", writable, owner, tools, mountsKnown, ...mount && { mount } };
  }
};
function isPerJob(path, host, request) {
  var _a;
  const workspace = host.env.GITHUB_WORKSPACE || request.workspace;
  const folder = (_a = /^(.*\/[0-9a-f]{16})\/hostexecutor(?:\/|$)/.exec(workspace)) == null ? void 0 : _a[1];
  return folder !== void 0 && path.startsWith(`${folder}/`);
}
async function canMake(host, path) {
  const parent = path.replace(/\/+[^/]*\/*$/, "") || "/";
  if (parent === path) return false;
  const there = await host.stat(parent);
  return there.kind === "absent" ? canMake(host, parent) : host.access(parent, "w");
}
async function ownMount(host, mounts, path) {
  const real = await host.realPath(path);
  const mount = mountOf(mounts, real.kind === "ok" ? real.value : path);
  return (mount == null ? void 0 : mount.target) === "/" ? void 0 : mount;
}
async function toolsIn(host, root2) {
  const tools = await namesIn(host, root2, maxTools);
  const found = await Promise.all(
    tools.map(async (tool) => {
      const versions = (await namesIn(host, `${root2}/${tool}`, maxVersions)).filter(isVersion);
      const entries = versions.map(async (version2) => {
        const names2 = await namesIn(host, `${root2}/${tool}/${version2}`, 100);
        const there = architectures.filter((arch) => names2.includes(arch));
        return there.map((arch) => ({ tool, version: version2, arch, complete: names2.includes(`${arch}.complete`) }));
      });
      return (await Promise.all(entries)).flat();
    })
  );
  return found.flat();
}
async function namesIn(host, path, limit) {
  const names2 = await host.list(path);
  if (names2.kind !== "ok") return [];
  return names2.value.filter((name) => !name.startsWith(".") && name.length <= 100).sort().slice(0, limit);
}
function isVersion(name) {
  return /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(name);
}

// src/checks/runner/tool-cache.ts
var runnerToolCache = defineCheck({
  id: "runner/tool-cache",
  title: "What `setup-*` actions download is kept, whole, for the next job",
  reasons: {
    "not-set": { level: "skip", summary: "There is no tool cache" },
    "not-writable": { level: "warn", summary: "The tool cache cannot be written" },
    "not-persistent": { level: "skip", summary: "The tool cache ends with the job" },
    incomplete: { level: "warn", summary: "The tool cache holds downloads that broke off" }
  },
  needs: { cache: toolCacheProbe, container: containerProbe, account: accountProbe, job: jobProbe },
  judge({ cache, container, account, job }, policy) {
    const seen4 = { cache, container, account, job, policy };
    if (cache.path === void 0) {
      if (policy.toolCache === "persistent" && job.inJob) return notPersistent(seen4, "RUNNER_TOOL_CACHE is not set");
      return {
        kind: "skip",
        reason: "not-set",
        message: "`RUNNER_TOOL_CACHE` is not set: no runner gave this process one."
      };
    }
    if (cache.state === "unreadable" || cache.state === "not-a-directory") return notWritable(seen4);
    if (cache.state === "present" && !cache.writable && concernsSomebody(seen4)) return notWritable(seen4);
    if (!cache.mountsKnown) {
      if (policy.toolCache === void 0) return unasked(seen4, "whether it is kept is not known");
      return {
        kind: "undecided",
        message: `Could not find out whether ${code(cache.path)} is a mount: \`/proc/self/mountinfo\` cannot be read.`
      };
    }
    const transient = whyTransient(seen4);
    if (transient !== void 0) return notPersistent(seen4, transient);
    if (!cache.writable) return unasked(seen4, `only ${ownerOf(cache)} may write there`);
    const broken2 = cache.tools.filter(({ complete }) => !complete).map(({ tool, version: version2, arch }) => `${tool}/${version2}/${arch}`);
    if (broken2.length > 0) return incomplete(seen4, broken2);
    const count = cache.tools.length;
    return {
      kind: "pass",
      message: `${code(cache.path)}, ${count} ${count === 1 ? "tool" : "tools"}`,
      evidence: evidenceOf18(seen4)
    };
  }
});
function concernsSomebody({ container, account, policy }) {
  return policy.toolCache !== void 0 || container.mode === "host" || account.uid === 0;
}
function unasked({ cache }, what) {
  var _a;
  return {
    kind: "skip",
    reason: "not-applicable",
    message: `${code((_a = cache.path) != null ? _a : "")}: ${what}. The profile does not ask for a tool cache.`
  };
}
function ownerOf({ owner }) {
  return owner === void 0 ? "its owner" : `uid ${owner.uid}`;
}
function whyTransient({ cache, container }) {
  if (container.mode === "host")
    return cache.perJob ? "it lies in the folder that the runner removes after the job" : void 0;
  if (cache.state === "absent") return "it does not exist in this container";
  if (!cache.mount) return "it is part of the container, which is removed after the job";
  if (cache.mount.fsType === "tmpfs") return "it lies in memory";
  return /\/volumes\/[0-9a-f]{64}\/_data$/.test(cache.mount.root) ? "its volume has no name and is removed with the container" : void 0;
}
function evidenceOf18({ cache }) {
  const { path = "", state, owner, mount, tools } = cache;
  const permissions = owner ? `, mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` : "";
  return [
    { source: "RUNNER_TOOL_CACHE", text: path },
    { source: path, text: `${state}${permissions}, ${tools.length} tools` },
    ...mount ? [{ source: "/proc/self/mountinfo", text: `${mount.root} on ${mount.target} (${mount.fsType})` }] : []
  ];
}
function notPersistent(seen4, because) {
  var _a;
  const { cache, job, policy } = seen4;
  const path = (_a = cache.path) != null ? _a : "/opt/hostedtoolcache";
  const knowledge = runnerKnowledge("tool-cache-not-kept");
  const holds3 = job.system === "gitea" ? holdsFor(knowledge, giteaRunnerVersion(job)) : "no";
  const version2 = holds3 === "yes" ? ` Runner ${job.runnerVersion}: ${knowledge.what}.` : holds3 === "unknown" ? ` In runners ${versionsOf(knowledge)}, ${knowledge.what}.` : "";
  if (policy.toolCache !== "persistent") {
    return {
      kind: "skip",
      reason: "not-persistent",
      message: `${code(path)} is not kept for the next job: ${because}.${version2}`
    };
  }
  return {
    kind: "finding",
    reason: "not-persistent",
    level: "fail",
    message: `The profile ${code(policy.profile)} wants a tool cache that stays, but ${code(path)} does not: ${because}.${version2}`,
    why: "Every job downloads its tools again: minutes for each, and none at all while the network or the rate limit of their source is in the way.",
    expected: "a tool cache that outlives the job",
    observed: because,
    evidence: evidenceOf18(seen4),
    remedy: keep(seen4, path)
  };
}
function keep({ container, job }, path) {
  const image = {
    text: "What every job needs is best in the image: no download, no cache, and the same version everywhere.",
    kind: "image"
  };
  if (job.system === "github" || job.system === "none") {
    return {
      text: "Mount a directory of the host there.",
      config: { file: "the workflow", language: "yaml", text: `container:
  volumes:
    - /srv/toolcache:${path}` },
      kind: "workflow",
      otherwise: image
    };
  }
  if (container.mode === "host") {
    return {
      text: "Let the runner keep one cache for all its jobs. Two jobs at once that install the same version damage it, so `capacity` has to be 1.",
      config: { file: "config.yaml", language: "yaml", text: "runner:\n  capacity: 1\n  tool_cache_mode: shared" },
      commands: [restartCommand(job)],
      kind: "runner",
      otherwise: image
    };
  }
  return {
    text: "Mount a directory of the host there, and allow it: what `valid_volumes` does not name is dropped without an error. `tool_cache_mode: shared` (runner 3.2.0 and newer) does the same with a volume, for `capacity: 1`.",
    config: {
      file: "config.yaml",
      language: "yaml",
      text: `container:
  options: --volume /srv/toolcache:${path}
  valid_volumes:
    - /srv/toolcache`
    },
    commands: ["sudo mkdir -p /srv/toolcache", restartCommand(job)],
    kind: "runner",
    otherwise: image
  };
}
function notWritable(seen4) {
  const { cache, container, account } = seen4;
  const { path = "", state, owner, mount, code: errno } = cache;
  const what = state === "unreadable" ? `cannot be looked at (${errno})` : state === "not-a-directory" ? "is not a directory" : (mount == null ? void 0 : mount.readOnly) ? "is mounted read-only" : `cannot be written by uid ${account.uid}`;
  const host = container.mode === "host";
  return {
    kind: "finding",
    reason: "not-writable",
    message: `The tool cache ${code(path)} ${what}.`,
    why: "`setup-node`, `setup-python` and their like fail with EACCES or EROFS as soon as they have to download a version.",
    expected: `a directory that uid ${account.uid} can write`,
    observed: owner ? `mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` : state,
    evidence: evidenceOf18(seen4),
    remedy: (mount == null ? void 0 : mount.readOnly) ? {
      text: `Mount it without \`:ro\` in \`container.options\` of the runner's \`config.yaml\`.`,
      kind: "runner"
    } : {
      text: host ? "Give the directory to the user that the runner runs as." : "Give it to the user that the jobs run as, on the host if a directory of the host is mounted there, else in the image: a new volume takes over the owner that the directory has in the image.",
      commands: [`${host ? "sudo " : ""}chown -R ${account.uid}:${account.gid} ${shellQuote(path)}`],
      kind: host ? "host" : "image"
    }
  };
}
function incomplete(seen4, broken2) {
  var _a;
  const { cache } = seen4;
  const path = (_a = cache.path) != null ? _a : "";
  const shown = broken2.slice(0, 5);
  const more = broken2.length > shown.length ? ` and ${broken2.length - shown.length} more` : "";
  return {
    kind: "finding",
    reason: "incomplete",
    message: `The tool cache ${code(path)} holds ${listed(shown.map(code))}${more} without the mark \`.complete\`.`,
    why: "A download broke off there, or another job is at it right now. Actions do not use such a directory: every job downloads that version again, over what is left of the last attempt.",
    expected: "a file `<arch>.complete` beside each directory of a tool",
    observed: `${broken2.length} of ${cache.tools.length} without`,
    evidence: [...evidenceOf18(seen4), { source: path, text: shown.join(", ") + more }],
    remedy: {
      text: "If no job is running, remove them; the next job that needs them downloads them whole. If it comes back, look for jobs that are cancelled, a full disk, or two jobs that share the cache.",
      commands: shown.map((entry) => `rm -r ${shellQuote(`${path}/${entry}`)}`),
      kind: "host"
    }
  };
}

// src/checks/runner/user.ts
var runnerUser = defineCheck({
  id: "runner/user",
  title: "Host jobs run as an ordinary user that may use Docker",
  reasons: {
    "not-in-docker-group": { level: "fail", summary: "The jobs' user is not in the group of the Docker socket" },
    root: { level: "warn", summary: "Host jobs run as root" }
  },
  needs: {
    account: accountProbe,
    os: osProbe,
    container: containerProbe,
    job: jobProbe,
    socket: dockerSocketProbe
  },
  after: ["docker/socket"],
  judge({ account, os: os4, container, job, socket }, policy) {
    if (container.mode !== "host") {
      const message = "In a container, the image and `container.options` choose the user.";
      return { kind: "skip", reason: "not-applicable", message };
    }
    if (account.uid === void 0) {
      return { kind: "skip", reason: "not-applicable", message: "This platform has no user numbers." };
    }
    const stranger2 = outsideGroup(account, os4.user, socket, policy, job);
    if (stranger2) return stranger2;
    const isJob = job.system !== "none" && container.insideContainer === void 0;
    if (account.uid === 0 && isJob) return root(job);
    return { kind: "pass", message: `${os4.user} (uid ${account.uid})`, evidence: evidenceOf19(account) };
  }
});
function evidenceOf19({ uid, gid, groups }) {
  return [{ source: "id", text: `uid=${uid} gid=${gid} groups=${groups.join(",")}` }];
}
function outsideGroup(account, user, socket, policy, job) {
  var _a, _b;
  if (policy.docker.require !== "required" || socket.kind !== "unix" || !socket.owner) return void 0;
  const { owner, path, connection } = socket;
  const member = owner.gid === account.gid || account.groups.includes(owner.gid);
  const groupMay = (owner.mode & 16) !== 0;
  if (connection !== "EACCES" || member || !groupMay) return void 0;
  const group = (_a = owner.group) != null ? _a : String(owner.gid);
  const name = (_b = owner.group) != null ? _b : "docker-socket";
  return {
    kind: "finding",
    reason: "not-in-docker-group",
    message: `${code(user)} is not in the group ${code(group)}, to which ${code(path)} belongs.`,
    why: "Every `docker` command of a host job ends with `permission denied`.",
    expected: `group ${group} (${owner.gid})`,
    observed: `groups ${account.groups.join(", ")}`,
    evidence: [
      ...evidenceOf19(account),
      { source: path, text: `mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` }
    ],
    remedy: {
      text: "Add the user to the group and restart the runner: a running process keeps the groups that it started with. Members of that group are as powerful as root.",
      commands: [
        ...owner.group === void 0 ? [`sudo groupadd --gid ${owner.gid} ${name}`] : [],
        `sudo usermod -aG ${shellQuote(name)} ${user.startsWith("uid ") ? "gitea-runner" : shellQuote(user)}`,
        restartCommand(job)
      ],
      kind: "host"
    }
  };
}
function root(job) {
  return {
    kind: "finding",
    reason: "root",
    message: "Host jobs run as root.",
    why: "Nothing stands between a job and the machine: a wrong path in a script, or a dependency of it, can change or read everything, the runner's registration included. What jobs leave in the work directory belongs to root as well.",
    expected: "a user of the runner's own",
    observed: "uid 0",
    evidence: [{ source: "id", text: "uid=0" }],
    remedy: {
      text: "Run the service as a user of its own, in the group of the Docker socket if host jobs need Docker. Give that user the working directory, where `.runner` lies.",
      commands: [
        "sudo useradd --system --create-home --home-dir /var/lib/gitea-runner --groups docker gitea-runner",
        "sudo chown -R gitea-runner: /var/lib/gitea-runner",
        restartCommand(job)
      ],
      config: {
        file: "sudo systemctl edit gitea-runner",
        language: "ini",
        text: "[Service]\nUser=gitea-runner\nGroup=gitea-runner\nWorkingDirectory=/var/lib/gitea-runner"
      },
      kind: "host",
      otherwise: {
        text: "If these jobs have to be root, say so in the policy.",
        config: {
          file: ".gitea/runner-check.yml",
          language: "yaml",
          text: 'severity:\n  "runner/user:root": off'
        },
        kind: "workflow"
      }
    }
  };
}

// src/checks/runner/version.ts
var oldName = runnerKnowledge("old-name");
var gpuOptionDropped = runnerKnowledge("gpu-option-dropped");
var runnerVersion = defineCheck({
  id: "runner/version",
  title: "The runner's version has no known fault that matters here",
  reasons: {
    outdated: { level: "warn", summary: "The runner is older than 1.0.0 and gets no more fixes" },
    "known-bad": {
      level: "warn",
      summary: "this version drops `--gpus` from the options of unprivileged containers"
    }
  },
  needs: { job: jobProbe, container: containerProbe, nvidia: nvidiaProbe },
  judge({ job, container, nvidia }, policy) {
    if (job.system !== "gitea") {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "Not Gitea's runner, and its faults are the ones known here."
      };
    }
    const version2 = giteaRunnerVersion(job);
    if (version2 === void 0) {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "The runner does not tell its version (`GITEA_ACTIONS_RUNNER_VERSION`)."
      };
    }
    const evidence = [{ source: "GITEA_ACTIONS_RUNNER_VERSION", text: version2 }];
    if (holdsFor(oldName, version2) === "yes") {
      return {
        kind: "finding",
        reason: "outdated",
        message: `Runner ${code(version2)} is \`act_runner\`, the generation before the rename to \`gitea-runner\`.`,
        why: "It gets no more fixes. Job summaries, the runner's health check and job hooks came later, and up to 0.2.6 Docker 29 refuses its client.",
        expected: "1.0.0 or newer",
        observed: version2,
        evidence,
        remedy: replaceOldRunner
      };
    }
    if (holdsFor(gpuOptionDropped, version2) === "yes" && isExposed(policy, container) && lacksGpu(nvidia)) {
      const bites = policy.gpu.require === "required";
      return {
        kind: "finding",
        reason: "known-bad",
        message: `Runner ${code(version2)}: ${gpuOptionDropped.what}.${bites ? ` The profile ${code(policy.profile)} requires a GPU, and this container has none.` : ""}`,
        why: bites ? "The job starts without its GPU, and the only trace is a line in its set-up log." : "This job does without a GPU. A label of this runner whose jobs need one gets none, and the only trace is a line in their set-up log.",
        expected: `a version other than ${versionsOf(gpuOptionDropped)}`,
        observed: version2,
        evidence,
        remedy: outliveStripping(job)
      };
    }
    return { kind: "pass", message: passMessage2(version2), evidence };
  }
});
function isExposed(policy, container) {
  return policy.gpu.require !== "forbidden" && container.mode === "container" && !isPrivileged(container);
}
function lacksGpu(nvidia) {
  return !smiWorks(nvidia) && gpuNodes(nvidia).length === 0;
}
function passMessage2(version2) {
  if (!/\d/.test(version2))
    return `Gitea's runner ${code(version2)}: a build without a number, so nothing is known of it`;
  return `Gitea's runner ${version2}`;
}
var replaceOldRunner = {
  text: `Replace it by a current release (https://gitea.com/gitea/runner/releases). Binary and service have a new name; \`config.yaml\`, \`.runner\` and the labels stay as they are. For GPU labels take none of ${versionsOf(gpuOptionDropped)}, which drop \`--gpus\`.`,
  commands: [
    "sudo systemctl disable --now act_runner",
    "sudo install -m 755 gitea-runner /usr/local/bin/gitea-runner",
    "sudo systemctl enable --now gitea-runner   # its unit, with --config as the old one had it"
  ],
  kind: "runner",
  otherwise: {
    text: "A runner that runs in Docker takes another image: `gitea/runner` instead of `gitea/act_runner`, with the same `/data`.",
    kind: "runner"
  }
};

// src/probes/node-runtime.ts
var oldestNode = 16;
var nodeRuntimeProbe = {
  name: "node-runtime",
  async collect(host) {
    return { version: host.nodeVersion, path: host.execPath };
  }
};

// src/checks/toolchain/node-runtime.ts
var declaredLine = 20;
var lastDays = {
  16: "2023-09-11",
  17: "2022-06-01",
  18: "2025-04-30",
  19: "2023-06-01",
  20: "2026-04-30",
  21: "2024-06-01",
  22: "2027-04-30",
  23: "2025-06-01",
  24: "2028-04-30",
  25: "2026-06-01",
  26: "2029-04-30"
};
var nodeRuntime = defineCheck({
  id: "node/runtime",
  title: "The Node that runs actions is new enough and still supported",
  reasons: {
    "too-old": { level: "fail", summary: "Node is too old to run this check" },
    "end-of-life": { level: "warn", summary: "Node gets no security updates any more" }
  },
  needs: { node: nodeRuntimeProbe },
  judge({ node }, _policy, { started }) {
    const major = Number(node.version.split(".")[0]);
    const evidence = [{ source: "the Node that runs this check", text: `${node.version} at ${node.path}` }];
    const seen4 = { observed: node.version, evidence };
    const expected2 = `Node ${oldestNode} or newer, best a line that is still supported`;
    if (major < oldestNode) {
      return {
        kind: "finding",
        reason: "too-old",
        message: `Actions run here with Node ${node.version}, and this check needs Node ${oldestNode} or newer: nothing else could be looked at.`,
        why: "Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing module.",
        expected: expected2,
        ...seen4,
        remedy: newerNode
      };
    }
    const lastDay = lastDays[major];
    if (lastDay === void 0 || started.slice(0, 10) <= lastDay) {
      return { kind: "pass", message: `Node ${node.version}`, evidence };
    }
    if (major === declaredLine) {
      return {
        kind: "pass",
        message: `Node ${node.version}. Its own support ended on ${lastDay}, but it is the line that actions like this one declare (${code("using: node20")}), so it will do.`,
        evidence
      };
    }
    return {
      kind: "finding",
      reason: "end-of-life",
      message: `Actions run here with Node ${node.version}, and the support of Node ${major} ended on ${lastDay}.`,
      why: "It gets no security updates, and actions stop working with it one after another as they are updated.",
      expected: expected2,
      ...seen4,
      remedy: newerNode
    };
  }
});
var newerNode = {
  text: "Gitea's runner starts whatever `node` comes first on the PATH of the job, never one of its own: put a supported line of Node into the job's image.",
  config: {
    file: "Dockerfile",
    language: "dockerfile",
    text: "RUN curl -fsSL https://deb.nodesource.com/setup_24.x | bash - \\\n    && apt-get install -y --no-install-recommends nodejs"
  },
  kind: "image",
  otherwise: {
    text: "On a host runner, install it on the host and see that the runner's service finds that one first. A label without an image of its own may stand for an old default image (`node:16-bullseye`): give the label an image.",
    commands: ["which -a node", "systemctl show gitea-runner --property=Environment"],
    kind: "host"
  }
};

// src/probes/rust.ts
var rustProbe = {
  name: "rust",
  async collect(host, request, _signal, ask) {
    var _a, _b, _c;
    const facts = (name) => {
      const tool = request.policy.tools[name];
      return tool && ask(toolProbe(name, tool.command));
    };
    const exists = (await host.stat(request.workspace)).kind === "directory";
    const cwd = exists ? request.workspace : host.cwd();
    const [rustc, cargo, cargoHome, pinned, toolchains] = await Promise.all([
      facts("rustc"),
      facts("cargo"),
      lookAtCargoHome(host, cwd),
      readPin(host, cwd),
      listToolchains(host, cwd)
    ]);
    return {
      ...host.uid !== void 0 && { uid: host.uid },
      mode: (_b = (_a = rustc != null ? rustc : cargo) == null ? void 0 : _a.mode) != null ? _b : "unknown",
      ...(rustc == null ? void 0 : rustc.found) && { rustc: rustTool(rustc, rustc.found.path) },
      ...(cargo == null ? void 0 : cargo.found) && { cargo: rustTool(cargo, cargo.found.path) },
      cargoHome,
      .../^(?:true|1)$/.test((_c = host.env.CARGO_NET_OFFLINE) != null ? _c : "") && { offline: true },
      ...pinned && { pinned },
      ...host.env.RUSTUP_TOOLCHAIN && { override: host.env.RUSTUP_TOOLCHAIN.slice(0, 200) },
      toolchains
    };
  }
};
function rustTool({ run, rustup: rustup2 }, path) {
  const outside = rustup2 == null ? void 0 : rustup2.outsideWorkspace;
  const printed = run.kind === "ran" ? findVersion(run.outcome.stdout) : void 0;
  const version2 = printed != null ? printed : outside && findVersion(outside.stdout);
  return {
    path,
    ...version2 && { version: version2.text },
    rustup: (rustup2 == null ? void 0 : rustup2.link) === true || outside !== void 0,
    instead: outside !== void 0
  };
}
var unpacked = "registry/src";
var written = ["", "registry", "registry/index", "registry/cache", unpacked, "git", "git/db"];
async function lookAtCargoHome(host, cwd) {
  const home = host.env.HOME || host.userHome;
  const path = host.env.CARGO_HOME ? absolute2(host.env.CARGO_HOME, cwd) : home ? join(absolute2(home, cwd), ".cargo") : void 0;
  if (path === void 0) return { kind: "no-home" };
  const own2 = await host.stat(path);
  if (own2.kind === "unreadable") {
    return own2.code === "EACCES" ? closed(path, path, false, own2) : { kind: "unknown", path, code: own2.code };
  }
  if (own2.kind === "absent") return creatable(host, path);
  if (own2.kind !== "directory") return closed(path, path, true, own2);
  return lookBelow(host, path);
}
async function lookBelow(host, path) {
  const parts = await Promise.all(written.map((name) => lookAtPart(host, path, name)));
  const needed = parts[written.indexOf("registry")] === "open" ? parts.slice(1) : parts;
  const shut = needed.find((part) => typeof part === "object");
  if (typeof shut !== "object") return { kind: "writable", path };
  const hasCrates = parts[written.indexOf(unpacked)] !== "absent" && await host.access(join(path, unpacked), "x");
  return hasCrates ? { ...shut, crates: true } : shut;
}
async function lookAtPart(host, path, name) {
  const at = name === "" ? path : join(path, name);
  const seen4 = await host.stat(at);
  if (seen4.kind !== "directory") return "absent";
  return await mayFill(host, at) ? "open" : closed(path, at, true, seen4);
}
async function creatable(host, path) {
  let parent = path;
  while (parent !== "/") {
    parent = parent.slice(0, Math.max(1, parent.lastIndexOf("/")));
    const seen4 = await host.stat(parent);
    if (seen4.kind === "absent") continue;
    if (seen4.kind === "unreadable" && seen4.code !== "EACCES") return { kind: "unknown", path, code: seen4.code };
    const may = seen4.kind === "directory" && await mayFill(host, parent);
    return may ? { kind: "writable", path } : closed(path, parent, false, seen4);
  }
  return { kind: "writable", path };
}
async function mayFill(host, directory2) {
  return await host.access(directory2, "w") && await host.access(directory2, "x");
}
function closed(path, at, exists, seen4) {
  const owner = "mode" in seen4 ? { mode: seen4.mode, uid: seen4.uid, gid: seen4.gid } : {};
  return { kind: "not-writable", path, at, exists, ...owner };
}
async function readPin(host, workspace) {
  for (const file of ["rust-toolchain", "rust-toolchain.toml"]) {
    const text2 = await host.readText(join(workspace, file), 16 * 1024);
    if (text2.kind === "ok") return pinIn(text2.value, file);
  }
  return void 0;
}
function pinIn(text2, file) {
  var _a, _b, _c, _d;
  const lines = text2.split(/\r?\n/);
  const name = (_b = /^\s*([\w.-]{1,100})\s*$/.exec((_a = lines.find((line) => line.trim() !== "")) != null ? _a : "")) == null ? void 0 : _b[1];
  if (name !== void 0) return { file, line: 1 + lines.findIndex((line) => line.trim() === name), channel: name };
  let inTable = false;
  for (const [index, line] of lines.entries()) {
    const table3 = (_c = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)) == null ? void 0 : _c[1];
    if (table3 !== void 0) inTable = table3 === "toolchain";
    const channel = (_d = /^\s*channel\s*=\s*["']([^"'\n]{1,100})["']/.exec(line)) == null ? void 0 : _d[1];
    if (inTable && channel !== void 0) return { file, line: index + 1, channel };
  }
  return void 0;
}
async function listToolchains(host, cwd) {
  const home = rustupHome(host, cwd);
  if (home === void 0) return { kind: "listed", home: "~/.rustup", names: [] };
  const names2 = await host.list(join(home, "toolchains"));
  if (names2.kind === "unreadable") return { kind: "unknown", home, code: names2.code };
  return { kind: "listed", home, names: names2.kind === "ok" ? names2.value.slice(0, 100) : [] };
}

// src/checks/toolchain/install.ts
function choose(...args) {
  return require("./findings.js").src_checks_toolchain_install_ts.choose(...args);
}
function dockerfileText(...args) {
  return require("./findings.js").src_checks_toolchain_install_ts.dockerfileText(...args);
}

// src/checks/toolchain/paths.ts
function directoryOf(path) {
  const slash = path.lastIndexOf("/");
  return slash < 1 ? "/" : path.slice(0, slash);
}

// src/checks/toolchain/rust-consistency.ts
var rustConsistency = defineCheck({
  id: "rust/consistency",
  title: "rustc and cargo belong together, and cargo can write where it has to",
  reasons: {
    "rustc-cargo-mismatch": { level: "warn", summary: "rustc and cargo are of different versions" },
    "pinned-toolchain-missing": {
      level: "warn",
      summary: "Every job downloads the Rust toolchain that the workspace asks for"
    },
    "cargo-home-not-writable": { level: "fail", summary: "cargo cannot write to its home directory" }
  },
  needs: { rust: rustProbe },
  after: ["tool/rustc", "tool/cargo"],
  applies: ({ tools }) => tools.rustc !== void 0 || tools.cargo !== void 0,
  judge({ rust }, policy) {
    var _a, _b;
    const { rustc, cargo, cargoHome } = rust;
    if (!rustc && !cargo) {
      return { kind: "skip", reason: "not-applicable", message: "Neither `rustc` nor `cargo` is installed here." };
    }
    const finding5 = (_b = (_a = cargo && homeFinding(rust, cargoHome)) != null ? _a : mismatch2(rust)) != null ? _b : pinFinding(rust, policy);
    if (finding5) return finding5;
    if (cargo && cargoHome.kind === "unknown") {
      return {
        kind: "undecided",
        message: `Could not find out whether cargo may write to ${code(cargoHome.path)}: ${code(cargoHome.code)}.`
      };
    }
    const versions = [rustc && nameOf4("rustc", rustc), cargo && nameOf4("cargo", cargo)].filter(Boolean).join(", ");
    const where = cargo && "path" in cargoHome ? `; ${useOf(cargoHome)} ${code(cargoHome.path)}` : "";
    return { kind: "pass", message: `${versions}${where}` };
  }
});
function useOf({ kind }) {
  return kind === "writable" ? "cargo writes to" : "cargo is offline and reads";
}
function nameOf4(name, { version: version2 }) {
  return version2 === void 0 ? name : `${name} ${version2}`;
}
function mismatch2({ rustc, cargo, mode }) {
  var _a;
  const [compiler, builder] = [rustc, cargo].map((tool) => {
    var _a2;
    return findVersion((_a2 = tool == null ? void 0 : tool.version) != null ? _a2 : "");
  });
  if (!rustc || !cargo || !compiler || !builder) return void 0;
  const [major, minor] = compiler.numbers;
  if (builder.numbers[0] === major && builder.numbers[1] === minor) return void 0;
  const older = (_a = [rustc, cargo].find((tool) => !tool.rustup)) != null ? _a : cargo;
  const mixed = rustc.rustup !== cargo.rustup;
  return {
    kind: "finding",
    reason: "rustc-cargo-mismatch",
    message: `rustc is ${compiler.text} (${code(rustc.path)}) and cargo is ${builder.text} (${code(cargo.path)})${mixed ? ": one is rustup's, the other is not" : ""}.`,
    why: "cargo and rustc are released as a pair. A cargo that is newer passes options that the compiler does not know; one that is older cannot read the manifests and lock files of today.",
    expected: "rustc and cargo of the same release",
    observed: `rustc ${compiler.text}, cargo ${builder.text}`,
    evidence: [evidenceOf20("rustc", rustc), evidenceOf20("cargo", cargo)],
    remedy: choose(
      mode,
      {
        text: "Keep one of the two installations in the image: rustup's directory first on PATH, and the distribution's packages removed.",
        commands: ["apt-get remove -y rustc cargo", "which -a rustc cargo"],
        kind: "image"
      },
      {
        text: `Keep one of the two installations: remove the one with ${code(older.path)}, or put the other one first on the PATH of the runner's service.`,
        commands: ["which -a rustc cargo", "sudo apt-get remove rustc cargo"],
        kind: "host"
      }
    )
  };
}
function evidenceOf20(name, { path, version: version2, rustup: rustup2 }) {
  return { source: `${name} --version`, text: `${version2} at ${path}${rustup2 ? ", through rustup" : ""}` };
}
function pinFinding(rust, { profile }) {
  const { pinned, toolchains, rustc, cargo, override, mode } = rust;
  const tools = [rustc, cargo].filter((tool) => (tool == null ? void 0 : tool.rustup) === true);
  if (!pinned || override !== void 0 || tools.length === 0) return void 0;
  const listed2 = toolchains.kind === "listed" ? toolchains.names : void 0;
  const missing3 = tools.some((tool) => tool.instead) || listed2 && !listed2.some((name) => isOf(pinned.channel, name));
  if (!missing3) return void 0;
  const install = `rustup toolchain install ${shellQuote(pinned.channel)} --profile minimal`;
  return {
    kind: "finding",
    reason: "pinned-toolchain-missing",
    message: `${code(`${pinned.file}:${pinned.line}`)} asks for the Rust toolchain ${code(pinned.channel)}, which is not installed here.`,
    why: "rustup downloads it in every job that starts without it: some hundred megabytes and a minute each time, and no build at all where the network or Rust's server is away.",
    expected: `the toolchain ${code(pinned.channel)} in ${code(`${toolchains.home}/toolchains`)}`,
    observed: listed2 === void 0 ? "not installed" : listed2.length === 0 ? "none" : listed2.slice(0, 8).join(", "),
    evidence: [
      { source: `${pinned.file}:${pinned.line}`, text: `channel = "${pinned.channel}"` },
      { source: `${toolchains.home}/toolchains`, text: (listed2 == null ? void 0 : listed2.slice(0, 8).join(", ")) || "nothing" }
    ],
    remedy: {
      ...choose(
        mode,
        {
          text: `Install the toolchain in the image of ${code(profile)}.`,
          config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${install}` },
          kind: "image"
        },
        { text: "Install the toolchain as the user that the runner runs as.", commands: [install], kind: "host" }
      ),
      otherwise: {
        text: `Or ask for one that is installed, in ${code(pinned.file)}.`,
        commands: ["rustup toolchain list"],
        kind: "workflow"
      }
    },
    location: { file: pinned.file, line: pinned.line }
  };
}
function isOf(channel, installed) {
  if (installed === channel) return true;
  if (!installed.startsWith(`${channel}-`)) return false;
  return /^(?:x86_64|aarch64|i[3-6]86|arm|thumb|riscv|powerpc|s390x|loongarch|mips|sparc)/.test(
    installed.slice(channel.length + 1)
  );
}
function homeFinding({ uid, mode, offline: offline2 }, home) {
  if (home.kind === "writable" || home.kind === "unknown") return void 0;
  if (home.kind === "not-writable" && home.crates && offline2) return void 0;
  const user = uid === void 0 ? "the job's user" : `the job's user (uid ${uid})`;
  const common = {
    kind: "finding",
    reason: "cargo-home-not-writable",
    why: "cargo keeps the registry's index, the crates it downloads and its locks there: the first build with a dependency fails with `Permission denied (os error 13)`.",
    expected: "a CARGO_HOME that the job's user may write to"
  };
  if (home.kind === "no-home") {
    return {
      ...common,
      message: "cargo finds no home directory: neither CARGO_HOME nor HOME is set, and the user is not in the user database.",
      observed: "no home directory",
      evidence: [{ source: "environment", text: "CARGO_HOME and HOME are not set" }],
      remedy: remedyOf6(void 0, mode)
    };
  }
  const { path, at, exists } = home;
  const message = exists ? `${code(at)} is not writable for ${user}${at === path ? "" : `, and cargo has to write there: its home is ${code(path)}`}.` : `cargo's home ${code(path)} does not exist, and ${user} may not create it in ${code(at)}.`;
  return {
    ...common,
    message,
    observed: exists ? `${at} is not writable` : `${path} cannot be created`,
    evidence: [{ source: at, text: ownerOf2(home) }],
    remedy: remedyOf6(home, mode)
  };
}
function ownerOf2({ mode, uid, gid }) {
  return mode === void 0 ? "cannot be looked at" : `mode ${octal(mode)}, owner ${uid}, group ${gid}`;
}
function remedyOf6(home, mode) {
  const shared = (home == null ? void 0 : home.exists) && !home.path.startsWith("/root") ? home.path : "/usr/local/cargo";
  const owned = (home == null ? void 0 : home.exists) ? home.path : "~/.cargo";
  return choose(
    mode,
    {
      text: "Give cargo a home in the image that every user may write to. Programs below `/root` are for root only.",
      config: {
        file: "Dockerfile",
        language: "dockerfile",
        text: `ENV CARGO_HOME="${dockerfileText(shared)}"
RUN mkdir -p "$CARGO_HOME" && chmod -R a+rwX "$CARGO_HOME"`
      },
      kind: "image"
    },
    {
      text: "Give the directory back to the user that the runner runs as: a `sudo cargo` leaves it root's. Or set `CARGO_HOME` to a directory of that user.",
      commands: [
        `ls -ld ${home ? shellQuote(directoryOf(home.at)) : "~"} ${home ? shellQuote(home.at) : owned}`,
        `sudo chown -R RUNNER_USER: ${(home == null ? void 0 : home.exists) ? shellQuote(home.path) : owned}`
      ],
      kind: "host"
    }
  );
}

// src/checks/matches-finding.ts
function matchesFinding(pattern, id, reason) {
  if (matchesId(pattern, id)) return true;
  const end = `:${reason}`;
  return reason !== void 0 && pattern.endsWith(end) && matchesId(pattern.slice(0, -end.length), id);
}

// src/probes/version-command.ts
var versionArguments = {
  // These want to be called as cargo calls them: `expected subcommand 'hack', found argument '--version'`.
  "cargo-hack": ["hack", "--version"],
  "cargo-llvm-cov": ["llvm-cov", "--version"],
  ffmpeg: ["-version"],
  ffplay: ["-version"],
  ffprobe: ["-version"],
  go: ["version"],
  helm: ["version"],
  java: ["-version"],
  javac: ["-version"],
  kubectl: ["version", "--client"],
  lua: ["-v"],
  openssl: ["version"],
  ssh: ["-V"],
  tmux: ["-V"],
  unzip: ["-v"],
  zip: ["-v"]
};
function versionCommand(name, command) {
  const guessed = command.length === 2 && command[0] === name && command[1] === "--version";
  const known3 = guessed ? own(versionArguments, name) : void 0;
  return known3 ? [name, ...known3] : command;
}

// src/checks/toolchain/signatures.ts
var rustup = [
  [
    "component-missing",
    "component",
    /^error: '(?<subject>[^'\n]+)' is not installed for the (?:custom )?toolchain '(?<within>[^'\n]+)'/m
  ],
  [
    "component-missing",
    "component-damaged",
    /^error: the '[^'\n]+' binary, normally provided by the '(?<subject>[^'\n]+)' component, is not applicable to the '(?<within>[^'\n]+)' toolchain/m
  ],
  [
    "component-missing",
    "component-unavailable",
    /^error: the '(?<subject>[^'\n]+)' component which provides the command '[^'\n]+' is not available for the '(?<within>[^'\n]+)' toolchain/m
  ],
  [
    "component-missing",
    "component",
    /^error: unknown binary '(?<subject>[^'\n]+)' in (?:official|custom) toolchain '(?<within>[^'\n]+)'/im
  ],
  [
    "component-missing",
    "component",
    /^error: toolchain '(?<within>[^'\n]+)' does not (?:have the binary|contain component) [`']?(?<subject>[\w.-]+)/m
  ],
  [
    "toolchain-not-installed",
    "toolchain-path",
    /^error: invalid toolchain: the path '(?<subject>[^'\n]+)' has no bin/m
  ],
  [
    "toolchain-not-installed",
    "toolchain",
    /toolchain '(?<subject>[^'\n]+)'(?: specified in override file '[^'\n]*')? is not install(?:ed|able)/
  ],
  ["toolchain-not-installed", "toolchain", /^info: syncing channel updates for '?(?<subject>[^'\s]+)/m],
  [
    "toolchain-not-installed",
    "toolchain",
    /^error: (?:could not download nonexistent rust version|no release found for) [`'](?<subject>[^`'\n]+)/m
  ],
  [
    "no-default-toolchain",
    "no-default",
    /rustup could not choose a version of \S+ to run|no override and no default toolchain set|^error: no (?:default|active) toolchain/m
  ],
  ["broken", "rustup-file", /^error: could not parse (?:the )?(?:override|settings) file:? '(?<subject>[^'\n]+)'/m],
  [
    "broken",
    "rustup-file",
    /^error: (?:invalid toolchain name detected in override file|relative path toolchain) '(?<subject>[^'\n]+)'/m
  ],
  [
    "broken",
    "rustup-home",
    /^error: could not (?:write|read|create|open) (?:settings file|[\w-]+ directory|temp \w+):? '(?<subject>[^'\n]+)'/m
  ],
  ["broken", "rustup-home", /^error: (?:unable to create ~\/\.rustup|could not find home dir)/m],
  ["broken", "toolchain-damaged", /^error: missing manifest in toolchain '(?<subject>[^'\n]+)'/im],
  ["broken", "not-a-proxy", /^error: unknown proxy name: '(?<subject>[^'\n]+)'/m],
  ["broken", "exit", /^error: (?:infinite recursion detected|rustup is not installed at)/m]
];
var loader = [
  [
    "missing-library",
    "symbol-version",
    /version [`'](?<subject>(?:GLIBC|GLIBCXX|CXXABI|GCC)_[\w.]+)' not found(?: \(required by (?<within>[^)\n]+)\))?/
  ],
  [
    "missing-library",
    "library",
    /error while loading shared libraries: (?<subject>[^:\s]+): (?:cannot open shared object file|wrong ELF class|invalid ELF header|ELF file (?:OS ABI|version|data encoding|machine)|file too short)/
  ],
  ["missing-library", "library", /(?<subject>[\w.+-]+\.so[\w.]*): cannot open shared object file/],
  ["missing-library", "library", /Error loading shared library (?<subject>[^:\s]+):/],
  ["missing-library", "library", /Library not loaded: (?<subject>\S+)/],
  ["missing-library", "symbol", /symbol lookup error: [^\n]*undefined symbol: (?<subject>[^\s:,]+)/],
  [
    "missing-library",
    "symbol",
    /relocation error: [^\n]*symbol (?<subject>[^\s,]+)[^\n]* not defined in file \S+ with link time reference/
  ],
  ["missing-library", "symbol", /Error relocating [^\n:]+: (?<subject>[^\s:]+): symbol not found/],
  ["missing-library", "foreign-loader", /cannot execute: required file not found/],
  [
    "wrong-architecture",
    "architecture",
    /Exec format error|cannot execute binary file|Bad CPU type in executable|^(?:qemu-[\w-]+|rosetta error): (?:could not|failed to) open/im
  ],
  ["wrong-architecture", "cpu", /CPU does not support (?<subject>x86-64-v\d)/],
  ["wrong-architecture", "cpu", /CPU ISA level is lower than required/]
];
var delegates = [
  ["component-missing", "subcommand", /no such (?:sub)?command: [`'"]?(?<subject>[\w-]+)/],
  ["component-missing", "subcommand", /git: '(?<subject>[\w-]+)' is not a git command/],
  ["component-missing", "subcommand", /docker: '(?<subject>[\w-]+)' is not a docker command/],
  ["component-missing", "subcommand", /unknown command: docker (?<subject>[\w-]+)/],
  ["component-missing", "subcommand", /unrecognized command [`'"]podman (?<subject>[\w-]+)/],
  ["broken", "interpreter", /env: \$?['‘`"]?(?<subject>[\w.+/-]+)(?:\\r)?['’"]?: No such file or directory/],
  ["broken", "delegate", /exec: (?<subject>[\w.+/-]+): (?:not found|No such file|cannot execute)/],
  [
    "broken",
    "delegate",
    /^(?:\/\S{1,40}\/)?\w{0,4}sh: (?:line )?(?:\d+: )?(?<subject>\/[\w.+/-]+): (?:not found|No such file)/m
  ],
  ["missing", "shim", /^No version is set for command (?<subject>\S+)/m],
  ["missing", "shim", /^Volta error: (?<subject>\w+) is not available/im],
  ["missing", "shim", /^mise ERROR No version is set for shim: (?<subject>\S+)/m],
  ["missing", "shim", /^(?:pyenv|rbenv|nodenv|goenv|plenv): (?<subject>[\w.-]+): command not found/m]
];
var complaint = /error|not |no such |lower than required|unknown binary|no version |no override |bad cpu |failed |unknown command|unrecognized command|info: syncing/i;
function signatureIn(text2) {
  var _a;
  if (!complaint.test(text2)) return void 0;
  const ofRustup = firstOf2(rustup, text2);
  return ofRustup ? { ...ofRustup, rustup: true } : (_a = firstOf2(loader, text2)) != null ? _a : firstOf2(delegates, text2);
}
function firstOf2(signatures, text2) {
  var _a;
  for (const [reason, variant, pattern] of signatures) {
    const match = pattern.exec(text2);
    if (!match) continue;
    const { subject, within: within2 } = (_a = match.groups) != null ? _a : {};
    return {
      kind: "sick",
      reason,
      variant,
      told: linesAt(text2, match.index),
      ...subject !== void 0 && { subject },
      ...within2 !== void 0 && { within: within2 }
    };
  }
  return void 0;
}
function linesAt(text2, index) {
  const start2 = text2.lastIndexOf("\n", index - 1) + 1;
  return text2.slice(start2).split("\n").slice(0, 3).join("\n").trim().slice(0, 600);
}

// src/checks/toolchain/diagnose.ts
function diagnose(facts) {
  switch (facts.run.kind) {
    case "own-node": {
      const version2 = findVersion(facts.run.version);
      return version2 ? { kind: "works", version: version2 } : sick("unreadable-version", "version", facts.run.version);
    }
    case "not-found":
      return diagnoseAbsence(facts);
    case "search-timed-out":
      return sick("timeout", "search", "", facts.run.directory);
    case "ran":
      return diagnoseRun(facts, facts.run.outcome);
  }
}
function diagnoseAbsence({ unusable: unusable2, elsewhere: elsewhere2, command }) {
  const first = (kind) => unusable2.find((entry) => entry.kind === kind);
  const unreadable = first("unreadable");
  if (unreadable) {
    const message = `\`${unreadable.path}\` cannot be looked at: \`${unreadable.code}\`. Whether \`${command[0]}\` is there cannot be told.`;
    return { kind: "unknown", message, told: `${unreadable.path}: ${unreadable.code}` };
  }
  const forbidden = first("not-executable");
  if (forbidden) return sick("not-executable", "permission", "", forbidden.path);
  const place = elsewhere2[0];
  if (place !== void 0) return sick("off-path", "place", "", place);
  const closed2 = first("closed");
  if (closed2) return sick("not-executable", "closed", "", closed2.path);
  const dangling = first("dangling-link");
  if (dangling) return sick("missing", "dangling-link", "", dangling.path);
  return sick("missing", "nowhere", "");
}
function diagnoseRun(facts, outcome) {
  var _a, _b, _c;
  const stdout = plain2(outcome.stdout);
  const text2 = `${plain2(outcome.stderr)}
${stdout}`;
  const version2 = findVersion(stdout);
  const ended = outcome.kind === "exited" && outcome.code === 0;
  if (((_a = facts.rustup) == null ? void 0 : _a.neverSetUp) && text2.includes(unreachableHome)) {
    if (ended && version2) return { kind: "works", version: version2 };
    return { ...sick("no-default-toolchain", "never-set-up", "", facts.rustup.neverSetUp.home), rustup: true };
  }
  if (ended && version2 && !signatureIn(stdout)) return { kind: "works", version: version2 };
  if ((_b = facts.file) == null ? void 0 : _b.windowsLines) return sick("broken", "windows-lines", firstLines(text2));
  const signature = signatureIn(text2);
  if (signature) return (_c = defaultInstead(facts, signature)) != null ? _c : emptyHanded(facts, signature);
  switch (outcome.kind) {
    case "timed-out":
      return sick("timeout", "run", firstLines(text2));
    case "not-started":
      return diagnoseStart(outcome.code, facts.file);
    case "signalled":
      return sick("broken", "signal", firstLines(text2), outcome.signal);
    case "exited":
      return outcome.code === 0 ? diagnoseSilence(text2) : diagnoseExit(facts, outcome.code, text2);
  }
}
function defaultInstead({ rustup: rustup2 }, { reason, subject }) {
  const outside = rustup2 == null ? void 0 : rustup2.outsideWorkspace;
  if (reason !== "toolchain-not-installed" || !(rustup2 == null ? void 0 : rustup2.autoInstall) || (outside == null ? void 0 : outside.kind) !== "exited") return void 0;
  const version2 = findVersion(plain2(outside.stdout));
  if (outside.code !== 0 || !version2) return void 0;
  return { kind: "works", version: version2, ...subject !== void 0 && { insteadOf: subject } };
}
function emptyHanded({ command }, signature) {
  const same = signature.variant === "interpreter" && signature.subject === command[0];
  return same ? { ...signature, reason: "missing", variant: "shim" } : signature;
}
var exhausted = /* @__PURE__ */ new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"]);
function diagnoseStart(code3, file) {
  if (exhausted.has(code3)) return { kind: "unknown", message: `It could not be started: \`${code3}\`.`, told: code3 };
  if (code3 === "ENOEXEC") return sick("wrong-architecture", "architecture", code3);
  if (code3 === "EACCES" || code3 === "EPERM") return sick("not-executable", "permission", code3);
  if ((file == null ? void 0 : file.interpreter) !== void 0 && file.interpreterFound === false) {
    const variant = file.format === "elf" ? "loader" : "interpreter";
    return sick(variant === "loader" ? "missing-library" : "broken", variant, code3, file.interpreter);
  }
  return sick("broken", "exit", code3, code3);
}
function diagnoseSilence(text2) {
  const version2 = findVersion(text2);
  if (version2) return { kind: "works", version: version2 };
  return sick("unreadable-version", text2.trim() === "" ? "silent" : "version", firstLines(text2));
}
var usage = /(?:unrecogni[sz]ed|unknown|invalid|illegal|unsupported|bad) (?:command[- ]line )?(?:option|flag|argument|command|switch|parameter)\b|flag provided but not defined/i;
function diagnoseExit({ arch, command, file }, code3, text2) {
  var _a;
  if ((file == null ? void 0 : file.format) === "mach-o" || (file == null ? void 0 : file.format) === "windows") return sick("wrong-architecture", "architecture", "");
  if ((file == null ? void 0 : file.machine) !== void 0 && !runsOn(file.machine, arch)) {
    return sick("wrong-architecture", "architecture", "", file.machine);
  }
  if ((file == null ? void 0 : file.format) === "empty" || (file == null ? void 0 : file.format) === "other") return sick("broken", "not-a-program", telling(text2));
  if (code3 === 127 && saysItselfMissing(text2, (_a = command[0]) != null ? _a : "")) return sick("missing", "shim", telling(text2));
  if (usage.test(text2)) return sick("unreadable-version", "usage", telling(text2));
  return sick("broken", "exit", telling(text2), String(code3));
}
function saysItselfMissing(text2, program) {
  return text2.split("\n").some((line) => {
    var _a;
    const named2 = (_a = /(?:^|\s)['‘]?([\w.+-]+)['’]?: (?:command )?not found\s*$/.exec(line)) == null ? void 0 : _a[1];
    return named2 !== void 0 && named2 === program;
  });
}
var alsoRuns = { x64: "ia32", arm64: "arm" };
function runsOn(machine, arch) {
  return machine === arch || own(alsoRuns, arch) === machine;
}
function sick(reason, variant, told, subject) {
  return { kind: "sick", reason, variant, told, ...subject !== void 0 && { subject } };
}
function plain2(text2) {
  return text2.replace(/\u001b\[[\d;]*m/g, "").replace(/\r\n?/g, "\n");
}
function firstLines(text2) {
  const lines = text2.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, 3).join("\n").slice(0, 600);
}
function telling(text2) {
  const lines = text2.split("\n").filter((line) => line.trim() !== "");
  const at = lines.findIndex(
    (line) => /\b(?:\w*error|fatal|panic\w*|cannot|can't|denied|not found|failed)\b/i.test(line)
  );
  return lines.slice(Math.max(0, at), Math.max(0, at) + 2).join("\n").slice(0, 600);
}

// src/checks/toolchain/tool-ailments.ts
function ailmentFinding(...args) {
  return require("./findings.js").src_checks_toolchain_tool_ailments_ts.ailmentFinding(...args);
}

// src/checks/toolchain/tool-asked.ts
var toolReasons = {
  missing: { level: "fail", summary: "The tool is not installed" },
  "off-path": {
    level: "fail",
    summary: "The tool is installed, but jobs cannot find it: its directory is not on PATH"
  },
  "not-executable": { level: "fail", summary: "The tool is on PATH, but the jobs' user may not execute it" },
  "wrong-architecture": { level: "fail", summary: "The tool was built for another kind of machine" },
  "missing-library": { level: "fail", summary: "The tool needs a library that is missing or too old here" },
  broken: { level: "fail", summary: "The tool is there, but does not run" },
  "no-default-toolchain": { level: "fail", summary: "rustup has no toolchain to run the tool from" },
  "toolchain-not-installed": { level: "fail", summary: "The Rust toolchain that is asked for is not installed" },
  "component-missing": {
    level: "fail",
    summary: "The part of a toolchain or program that the tool needs is not installed"
  },
  "unreadable-version": { level: "fail", summary: "The tool runs, but does not say its version" },
  "out-of-range": { level: "fail", summary: "The tool has another version than the one asked for" },
  timeout: { level: "fail", summary: "The tool did not answer in time" }
};
function everyoneAsking(asked) {
  var _a;
  const others = (_a = asked.expectation.alsoWanted) != null ? _a : [];
  return [
    asked,
    ...others.map(({ version: version2, source, contradicts }) => {
      var _a2;
      const place = /^(.+) line (\d+)$/.exec(source);
      const location = place ? { file: (_a2 = place[1]) != null ? _a2 : "", line: Number(place[2]) } : void 0;
      const by = contradicts === void 0 ? void 0 : contradicts === "policy" ? asked.source : code(contradicts);
      return {
        name: asked.name,
        profile: asked.profile,
        expectation: { ...asked.expectation, version: version2 },
        source: code(source),
        ...location && { location },
        ...by !== void 0 && { contradicts: by }
      };
    })
  ];
}
function sourceOf(name, policy) {
  var _a;
  const source = (_a = policy.sources[`tools.${name}`]) != null ? _a : policy.sources[`tools.${name}.version`];
  if (source === void 0) return { source: `the profile ${code(policy.profile)}` };
  const match = /^([^\s:]+):(\d+)(?::(\d+))?$/.exec(source);
  if (!match) return { source: source.startsWith("input ") ? `the ${source}` : source };
  const [, file = "", line, column] = match;
  const location = { file, line: Number(line), ...column !== void 0 && { column: Number(column) } };
  return { source: code(source), location };
}
function commandLine(facts) {
  return facts.command.join(" ");
}

// src/checks/toolchain/tool-range.ts
function outOfRange(...args) {
  return require("./findings.js").src_checks_toolchain_tool_range_ts.outOfRange(...args);
}

// src/checks/toolchain/tool.ts
var toolFamily = {
  id: "tool/*",
  title: "The tool is on PATH, runs and has the version asked for",
  reasons: toolReasons,
  expand: (policy) => Object.entries(policy.tools).map(
    ([name, expectation]) => checkOf(name, expectation, leaderOf(name, policy), policy)
  )
};
function checkOf(name, expectation, leader, policy) {
  const command = versionCommand(name, expectation.command);
  const asked = {
    name,
    profile: policy.profile,
    expectation: { ...expectation, command, optional: isOptional(name, expectation, policy) },
    ...sourceOf(name, policy)
  };
  const prerequisite = own(prerequisites, name);
  return defineCheck({
    id: `tool/${name}`,
    title: `${code(name)} is on PATH, runs and has the version asked for`,
    reasons: toolReasons,
    needs: {
      tool: toolProbe(name, command),
      ...leader && { leader: toolProbe(leader.name, leader.command) }
    },
    ...prerequisite !== void 0 && { after: [prerequisite] },
    applies: () => name !== "docker" || policy.docker.require !== "forbidden",
    judge: (facts) => {
      const { tool, leader: leading } = facts;
      return judgeTool(asked, tool, leader && leading && { name: leader.name, facts: leading }, policy);
    }
  });
}
var prerequisites = { docker: "docker/cli", "nvidia-smi": "gpu/driver" };
function judgeTool(asked, facts, leader, policy) {
  const diagnosis = diagnose(facts);
  switch (diagnosis.kind) {
    case "works": {
      const ranked = isOfRust(asked.name) ? withoutChannel(diagnosis.version) : diagnosis.version;
      const unmet = everyoneAsking(asked).find(({ expectation }) => !satisfies(ranked, expectation.version));
      if (!unmet) return pass3(asked, facts, diagnosis);
      return ranked.unnumbered ? ailmentFinding(asked, facts, unnumbered(diagnosis.version)) : outOfRange(unmet, facts, diagnosis);
    }
    case "unknown":
      return {
        kind: "undecided",
        message: `Could not find out whether ${code(asked.name)} works: ${diagnosis.message}`,
        evidence: [{ source: commandLine(facts), text: diagnosis.told }]
      };
    case "sick": {
      const absent = asked.expectation.optional ? absence(asked, diagnosis) : void 0;
      const followed = leader !== void 0 && sameCause(diagnosis, leader.name, diagnose(leader.facts), policy);
      if (absent) return absent;
      return followed ? led(asked, leader.name) : ailmentFinding(asked, facts, diagnosis);
    }
  }
}
function isOfRust(name) {
  return name === "rustc" || name === "cargo";
}
function withoutChannel(version2) {
  return { ...version2, prerelease: [] };
}
function unnumbered({ text: text2 }) {
  return { kind: "sick", reason: "unreadable-version", variant: "version", told: text2, subject: text2 };
}
function pass3({ name }, facts, { version: version2, insteadOf }) {
  const instead = insteadOf === void 0 ? "" : `: the default toolchain, as ${code(insteadOf)} of the workspace is not installed`;
  return {
    kind: "pass",
    message: `${code(name)} ${version2.text}${instead}`,
    evidence: [
      {
        source: facts.run.kind === "own-node" ? "the Node that runs this check" : commandLine(facts),
        text: version2.text
      },
      ...facts.found ? [{ source: "PATH", text: facts.found.path }] : []
    ]
  };
}
function absence({ name }, { reason, variant, subject }) {
  const skip2 = (message) => ({ kind: "skip", reason: "absent", message });
  if (reason === "missing") return skip2(`${code(name)} is not installed, and the profile does not insist on it.`);
  if (reason === "component-missing") {
    return skip2(`${code(subject != null ? subject : name)} is not installed, and the profile does not insist on it.`);
  }
  if (reason === "off-path") {
    return skip2(
      `${code(name)} is not on PATH, and the profile does not insist on it. There is one at ${code(subject != null ? subject : "")}.`
    );
  }
  if (variant === "closed") {
    return skip2(
      `${code(name)} is nowhere on PATH as far as this user may look, and the profile does not insist on it. ${code(subject != null ? subject : "")} is closed to it.`
    );
  }
  return void 0;
}
function led({ name }, leader) {
  return {
    kind: "skip",
    reason: `needs:tool/${leader}`,
    message: `${code(name)} fails for the same reason as ${code(leader)}: see \`tool/${leader}\`.`
  };
}
function sameCause(ailment, leader, its, policy) {
  if (its.kind !== "sick" || isSwitchedOff(`tool/${leader}`, its.reason, policy)) return false;
  if (ailment.rustup && its.rustup) return ailment.reason === its.reason && ailment.reason !== "component-missing";
  if (ailment.variant === "interpreter") return ailment.subject === leader;
  return ailment.told !== "" && ailment.told === its.told && ailment.reason === its.reason;
}
function isSwitchedOff(id, reason, policy) {
  if (policy.skip.some((pattern) => matchesId(pattern, id))) return true;
  return Object.entries(policy.severity).some(
    ([pattern, level]) => level === "off" && matchesFinding(pattern, id, reason)
  );
}
var leaders = [
  { of: /^(?:cargo(?:-.+)?|rustc|rustdoc|rustfmt|clippy-driver|rust-.+|rls)$/, names: ["rustc", "cargo"] },
  { of: /^(?:npm|npx|corepack|yarn|pnpm)$/, names: ["node"] },
  { of: /^pip3?$/, names: ["python3"] }
];
function leaderOf(name, policy) {
  var _a, _b, _c, _d;
  const program = (_b = (_a = policy.tools[name]) == null ? void 0 : _a.command[0]) != null ? _b : name;
  const names2 = (_d = (_c = leaders.find(({ of }) => of.test(name) || of.test(program))) == null ? void 0 : _c.names) != null ? _d : [];
  const first = names2.find((candidate) => policy.tools[candidate] !== void 0);
  const expectation = first === void 0 ? void 0 : policy.tools[first];
  if (first === void 0 || first === name || !expectation) return void 0;
  return { name: first, command: versionCommand(first, expectation.command) };
}
function isOptional(name, expectation, policy) {
  return expectation.optional || name === "docker" && policy.docker.require === "optional";
}

// src/checks/list.ts
var commonChecks = [
  runnerMode,
  runnerImage,
  runnerVersion,
  runnerSummary,
  runnerPrivileged,
  runnerSecrets,
  runnerUser,
  runnerServer,
  runnerCacheServer,
  runnerToolCache,
  toolFamily,
  rustConsistency,
  nodeRuntime,
  dockerCli,
  dockerEndpoint,
  dockerSocket,
  dockerDaemon,
  dockerApiVersion,
  dockerPlugins,
  dockerStorage,
  dockerWarnings,
  dockerSocketExposure,
  dockerWorkspace,
  dockerPresence,
  gpuDriver,
  gpuVisibility,
  gpuInventory,
  gpuPresence,
  diskFree,
  diskInodes,
  fsWritable,
  memoryAvailable,
  cpuCount,
  shmSize,
  openFiles,
  networkProxy
];
var standIns = rare_catalog_default.map(({ id, title, reasons }) => {
  const known3 = { id, title, reasons };
  if (id.endsWith("/*")) return { ...known3, expand: () => [] };
  const message = "No runner configuration and no workflows were named.";
  return defineCheck({ ...known3, needs: {}, judge: () => ({ kind: "skip", reason: "not-applicable", message }) });
});
var allChecks = [...commonChecks, ...standIns];
async function loadChecks(policy, hasFiles) {
  const expand = (entries) => entries.flatMap((entry) => "expand" in entry ? entry.expand(policy) : [entry]);
  const needsRare = hasFiles || policy.registries.length > 0 || policy.services.length > 0;
  if (!needsRare) return expand([...commonChecks, ...standIns]);
  const { imageCheckFor, rareChecks } = await Promise.resolve().then(() => __toESM(require("./rare-checks.js"), 1));
  const common = commonChecks.map((check) => check === runnerImage ? imageCheckFor(policy) : check);
  const rare = rareChecks.map((check, index) => {
    var _a;
    return hasFiles || "expand" in check ? check : (_a = standIns[index]) != null ? _a : check;
  });
  return expand([...common, ...rare]);
}

// src/message-of.ts
function messageOf2(error2) {
  return error2 instanceof Error ? error2.message : String(error2);
}

// src/engine.ts
function askedChecks(checks2, policy) {
  return checks2.filter((check) => whyNotAsked2(check, policy) === void 0);
}
function whyNotAsked2(check, policy) {
  if (policy.skip.some((pattern) => matchesId(pattern, check.id))) return ["disabled", "Switched off by `skip`."];
  if (severityOf(check.id, void 0, policy) === "off")
    return ["disabled", "Switched off by the policy's `severity`."];
  if (!check.applies || check.applies(policy)) return void 0;
  return ["not-in-profile", `The profile \`${policy.profile}\` does not ask for this.`];
}
function probesOf(checks2) {
  const byName = /* @__PURE__ */ new Map();
  for (const check of checks2) for (const probe of Object.values(check.needs)) byName.set(probe.name, probe);
  return [...byName.values()];
}
var gate = "node/runtime";
function judgeAll(checks2, facts, policy, moment) {
  const byId = new Map(checks2.map((check) => [check.id, check]));
  const results = /* @__PURE__ */ new Map();
  const blockerOf = (check) => {
    var _a;
    const after = check.id === gate ? [] : [gate, ...(_a = check.after) != null ? _a : []];
    for (const id of after) {
      const prerequisite = byId.get(id);
      const root2 = prerequisite && rootOf(resultOf(prerequisite), prerequisite);
      if (root2 !== void 0) return root2;
    }
    return void 0;
  };
  const resultOf = (check) => {
    const known3 = results.get(check.id);
    if (known3) return known3;
    const result = judgeOne(check, facts, policy, moment, () => blockerOf(check));
    results.set(check.id, result);
    return result;
  };
  return checks2.map(resultOf);
}
function rootOf(result, check) {
  var _a, _b, _c;
  if (result.status === "fail" || result.status === "error") return result.id;
  if (result.status === "skip" && ((_a = result.reason) == null ? void 0 : _a.startsWith("needs:"))) return result.reason.slice("needs:".length);
  const turnedDown = result.status === "warn" || result.accepted !== void 0;
  return turnedDown && ((_c = check.reasons[(_b = result.reason) != null ? _b : ""]) == null ? void 0 : _c.level) === "fail" ? result.id : void 0;
}
function judgeOne(check, facts, policy, moment, blocker) {
  var _a, _b;
  const base = {
    id: check.id,
    title: check.title,
    evidence: [],
    docs: docsOf(check.id),
    duration_ms: Math.max(0, ...Object.values(check.needs).map((probe) => {
      var _a2, _b2;
      return (_b2 = (_a2 = facts[probe.name]) == null ? void 0 : _a2.ms) != null ? _b2 : 0;
    }))
  };
  const skip2 = (reason, message) => ({ ...base, status: "skip", reason, message });
  const notAsked = whyNotAsked2(check, policy);
  if (notAsked) return skip2(...notAsked);
  const root2 = blocker();
  if (root2 !== void 0) return skip2(`needs:${root2}`, `Cannot be judged before \`${root2}\` is mended.`);
  const seen4 = {};
  for (const [key, probe] of Object.entries(check.needs)) {
    const answer = facts[probe.name];
    if (!answer)
      return {
        ...base,
        status: "error",
        reason: "no-facts",
        message: `The facts \`${probe.name}\` are not in this report.`
      };
    if (!answer.ok) {
      const what = answer.reason === "timeout" ? "did not end in time" : "crashed";
      return {
        ...base,
        status: "error",
        reason: answer.reason,
        message: `Could not decide: the probe \`${probe.name}\` ${what}: ${answer.message}`
      };
    }
    seen4[key] = answer.value;
  }
  let verdict;
  try {
    verdict = check.judge(seen4, policy, moment);
  } catch (error2) {
    return {
      ...base,
      status: "error",
      reason: "crashed",
      message: `Could not decide: the check crashed: ${messageOf2(error2)}`
    };
  }
  switch (verdict.kind) {
    case "pass":
      return { ...base, status: "pass", message: verdict.message, evidence: (_a = verdict.evidence) != null ? _a : [] };
    case "skip":
      return skip2(verdict.reason, verdict.message);
    case "undecided":
      return {
        ...base,
        status: "error",
        reason: "undecided",
        message: verdict.message,
        evidence: (_b = verdict.evidence) != null ? _b : []
      };
    case "finding":
      return applyPolicy({ ...base, status: levelOf2(check, verdict), ...finding4(check, verdict) }, policy, moment);
  }
}
function finding4(check, verdict) {
  var _a;
  const { reason, message, why: why3, expected: expected2, observed, evidence, remedy, location } = verdict;
  const summary2 = (_a = check.reasons[reason]) == null ? void 0 : _a.summary;
  return {
    reason,
    ...summary2 !== void 0 && { summary: summary2 },
    message,
    why: why3,
    expected: expected2,
    observed,
    evidence,
    remedy,
    ...location && { location }
  };
}
function levelOf2(check, verdict) {
  var _a, _b, _c;
  return (_c = (_b = verdict.level) != null ? _b : (_a = check.reasons[verdict.reason]) == null ? void 0 : _a.level) != null ? _c : "fail";
}
function applyPolicy(result, policy, moment) {
  const level = severityOf(result.id, result.reason, policy);
  if (level === "off")
    return {
      ...result,
      status: "skip",
      reason: "disabled",
      message: `Switched off by the policy's \`severity\`: ${result.message}`
    };
  const judged = level ? { ...result, status: level } : result;
  const acceptance = policy.accept.find((entry) => matchesFinding(entry.check, result.id, result.reason));
  if (!acceptance) return judged;
  if (moment.started.slice(0, 10) > acceptance.until) return { ...judged, acceptance_expired: acceptance.until };
  return { ...judged, status: "skip", accepted: { reason: acceptance.reason, until: acceptance.until } };
}
function severityOf(id, reason, policy) {
  var _a;
  const exact = reason === void 0 ? void 0 : policy.severity[`${id}:${reason}`];
  if (exact) return exact;
  if (policy.severity[id]) return policy.severity[id];
  const globs = Object.keys(policy.severity).filter((pattern) => pattern.includes("*"));
  const glob = (_a = globs.find((pattern) => !matchesId(pattern, id) && matchesFinding(pattern, id, reason))) != null ? _a : globs.find((pattern) => matchesId(pattern, id));
  return glob === void 0 ? void 0 : policy.severity[glob];
}
function docsOf(id) {
  const [area = "", name = ""] = id.split("/");
  return ["tool", "registry", "service"].includes(area) ? `docs/checks/${area}.md` : `docs/checks/${area}.md#${name}`;
}

// src/host/write-report.ts
var import_node_fs2 = require("fs");
var import_node_path = require("path");

// src/host/random-uuid.ts
var import_node_fs = require("fs");
var word;
function randomUUID() {
  word != null ? word : word = randomBytes().toString("hex");
  return word;
}
function randomBytes() {
  const bytes = Buffer.alloc(16);
  try {
    const file = (0, import_node_fs.openSync)("/dev/urandom", "r");
    try {
      if ((0, import_node_fs.readSync)(file, bytes, 0, bytes.length, null) === bytes.length) return bytes;
    } finally {
      (0, import_node_fs.closeSync)(file);
    }
  } catch {
  }
  globalThis.crypto.getRandomValues(bytes);
  return bytes;
}

// src/host/write-report.ts
function writeReport(directory2, name, text2) {
  makeDirectory(directory2);
  const path = (0, import_node_path.join)(directory2, name);
  const draft = (0, import_node_path.join)(directory2, `.${name}.${randomBytes().toString("hex")}`);
  try {
    (0, import_node_fs2.writeFileSync)(draft, text2, { flag: "wx" });
    (0, import_node_fs2.renameSync)(draft, path);
  } catch (error2) {
    remove2(draft);
    throw error2;
  }
  return path;
}
function makeDirectory(directory2) {
  const levels = [directory2];
  for (let above = (0, import_node_path.dirname)(directory2); isAbsent(above) && above !== (0, import_node_path.dirname)(above); above = (0, import_node_path.dirname)(above))
    levels.unshift(above);
  for (const level of levels) {
    try {
      (0, import_node_fs2.mkdirSync)(level);
    } catch (error2) {
      if (!isDirectory(level)) throw error2;
    }
  }
}
function isAbsent(path) {
  try {
    (0, import_node_fs2.statSync)(path);
    return false;
  } catch (error2) {
    return error2.code === "ENOENT";
  }
}
function isDirectory(path) {
  try {
    return (0, import_node_fs2.statSync)(path).isDirectory();
  } catch {
    return false;
  }
}
function remove2(path) {
  try {
    (0, import_node_fs2.unlinkSync)(path);
  } catch {
  }
}

// src/version.ts
var version = "1.0.0";

// src/judge-report.ts
function judgeFacts(checks2, facts, policy, moment) {
  const results = judgeAll(checks2, facts, policy, { started: moment.started });
  const counts = countOf3(results);
  const job = jobInfo(facts);
  return {
    version: 1,
    generator: { name: "runner-check", version },
    started: moment.started,
    duration_ms: moment.duration_ms,
    runner: runnerInfo(facts),
    ...job && { job },
    profile: {
      name: policy.profile,
      decided_by: moment.decidedBy,
      ...moment.policyFile !== void 0 && { policy: moment.policyFile }
    },
    verdict: verdictOf(counts),
    counts,
    results,
    expectations: policy,
    facts
  };
}
function countOf3(results) {
  const counts = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 };
  for (const result of results) counts[result.status]++;
  return counts;
}
function verdictOf(counts) {
  if (counts.fail + counts.error > 0) return "misconfigured";
  return counts.warn > 0 ? "degraded" : "healthy";
}
function seen3(facts, probe) {
  const answer = facts[probe.name];
  return (answer == null ? void 0 : answer.ok) ? answer.value : void 0;
}
function runnerInfo(facts) {
  var _a, _b, _c, _d, _e, _f, _g, _h, _i;
  const job = seen3(facts, jobProbe);
  const os4 = seen3(facts, osProbe);
  const image = (_a = seen3(facts, selfContainerProbe)) == null ? void 0 : _a.image;
  return {
    name: (_c = (_b = job == null ? void 0 : job.runnerName) != null ? _b : os4 == null ? void 0 : os4.hostname) != null ? _c : "this machine",
    system: (_d = job == null ? void 0 : job.system) != null ? _d : "none",
    ...(job == null ? void 0 : job.runnerVersion) !== void 0 && { version: job.runnerVersion },
    mode: (_f = (_e = seen3(facts, containerProbe)) == null ? void 0 : _e.mode) != null ? _f : "unknown",
    os: (_g = os4 == null ? void 0 : os4.name) != null ? _g : "unknown",
    arch: (_h = os4 == null ? void 0 : os4.arch) != null ? _h : "unknown",
    ...image !== void 0 && { image },
    user: (_i = os4 == null ? void 0 : os4.user) != null ? _i : "unknown"
  };
}
function jobInfo(facts) {
  const job = seen3(facts, jobProbe);
  if (!(job == null ? void 0 : job.inJob)) return void 0;
  return {
    ...job.repository !== void 0 && { repository: job.repository },
    ...job.workflow !== void 0 && { workflow: job.workflow },
    ...job.job !== void 0 && { job: job.job },
    ...job.runId !== void 0 && { run_id: job.runId },
    ...job.event !== void 0 && { event: job.event }
  };
}

// src/publish.ts
var import_node_path2 = require("path");

// node_modules/@actions/core/lib/command.js
var os = __toESM(require("os"), 1);

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
var fs = __toESM(require("fs"), 1);
var os2 = __toESM(require("os"), 1);
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
var os3 = __toESM(require("os"));

// node_modules/@actions/core/lib/summary.js
var import_os6 = require("os");

// src/host/summary-fs.ts
var import_node_fs3 = require("fs");
var import_node_fs4 = require("fs");
var promises = {
  async access(path, mode) {
    (0, import_node_fs3.accessSync)(path, mode);
  },
  async appendFile(path, text2, options) {
    (0, import_node_fs3.appendFileSync)(path, text2, options);
  },
  async writeFile(path, text2, options) {
    (0, import_node_fs3.writeFileSync)(path, text2, options);
  }
};

// node_modules/@actions/core/lib/summary.js
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve) {
      resolve(value);
    });
  }
  return new (P || (P = Promise))(function(resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
  constructor() {
    this._buffer = "";
  }
  /**
   * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
   * Also checks r/w permissions.
   *
   * @returns step summary file path
   */
  filePath() {
    return __awaiter(this, void 0, void 0, function* () {
      if (this._filePath) {
        return this._filePath;
      }
      const pathFromEnv = process.env[SUMMARY_ENV_VAR];
      if (!pathFromEnv) {
        throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
      }
      try {
        yield access(pathFromEnv, import_node_fs4.constants.R_OK | import_node_fs4.constants.W_OK);
      } catch (_a) {
        throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
      }
      this._filePath = pathFromEnv;
      return this._filePath;
    });
  }
  /**
   * Wraps content in an HTML tag, adding any HTML attributes
   *
   * @param {string} tag HTML tag to wrap
   * @param {string | null} content content within the tag
   * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
   *
   * @returns {string} content wrapped in HTML element
   */
  wrap(tag, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
    if (!content) {
      return `<${tag}${htmlAttrs}>`;
    }
    return `<${tag}${htmlAttrs}>${content}</${tag}>`;
  }
  /**
   * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
   *
   * @param {SummaryWriteOptions} [options] (optional) options for write operation
   *
   * @returns {Promise<Summary>} summary instance
   */
  write(options) {
    return __awaiter(this, void 0, void 0, function* () {
      const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
      const filePath = yield this.filePath();
      const writeFunc = overwrite ? writeFile : appendFile;
      yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
      return this.emptyBuffer();
    });
  }
  /**
   * Clears the summary buffer and wipes the summary file
   *
   * @returns {Summary} summary instance
   */
  clear() {
    return __awaiter(this, void 0, void 0, function* () {
      return this.emptyBuffer().write({ overwrite: true });
    });
  }
  /**
   * Returns the current summary buffer as a string
   *
   * @returns {string} string of summary buffer
   */
  stringify() {
    return this._buffer;
  }
  /**
   * If the summary buffer is empty
   *
   * @returns {boolen} true if the buffer is empty
   */
  isEmptyBuffer() {
    return this._buffer.length === 0;
  }
  /**
   * Resets the summary buffer without writing to summary file
   *
   * @returns {Summary} summary instance
   */
  emptyBuffer() {
    this._buffer = "";
    return this;
  }
  /**
   * Adds raw text to the summary buffer
   *
   * @param {string} text content to add
   * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
   *
   * @returns {Summary} summary instance
   */
  addRaw(text2, addEOL = false) {
    this._buffer += text2;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(import_os6.EOL);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code3, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code3), attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML list to the summary buffer
   *
   * @param {string[]} items list of items to render
   * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
   *
   * @returns {Summary} summary instance
   */
  addList(items, ordered = false) {
    const tag = ordered ? "ol" : "ul";
    const listItems = items.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag, listItems);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML table to the summary buffer
   *
   * @param {SummaryTableCell[]} rows table rows
   *
   * @returns {Summary} summary instance
   */
  addTable(rows) {
    const tableBody = rows.map((row) => {
      const cells = row.map((cell) => {
        if (typeof cell === "string") {
          return this.wrap("td", cell);
        }
        const { header, data, colspan, rowspan } = cell;
        const tag = header ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag, data, attrs);
      }).join("");
      return this.wrap("tr", cells);
    }).join("");
    const element = this.wrap("table", tableBody);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds a collapsable HTML details element to the summary buffer
   *
   * @param {string} label text for the closed state
   * @param {string} content collapsable content
   *
   * @returns {Summary} summary instance
   */
  addDetails(label, content) {
    const element = this.wrap("details", this.wrap("summary", label) + content);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML image tag to the summary buffer
   *
   * @param {string} src path to the image you to embed
   * @param {string} alt text description of the image
   * @param {SummaryImageOptions} options (optional) addition image attributes
   *
   * @returns {Summary} summary instance
   */
  addImage(src, alt, options) {
    const { width, height } = options || {};
    const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
    const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML section heading element
   *
   * @param {string} text heading text
   * @param {number | string} [level=1] (optional) the heading level, default: 1
   *
   * @returns {Summary} summary instance
   */
  addHeading(text2, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text2);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML thematic break (<hr>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addSeparator() {
    const element = this.wrap("hr", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML line break (<br>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addBreak() {
    const element = this.wrap("br", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML blockquote to the summary buffer
   *
   * @param {string} text quote text
   * @param {string} cite (optional) citation url
   *
   * @returns {Summary} summary instance
   */
  addQuote(text2, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text2, attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML anchor tag to the summary buffer
   *
   * @param {string} text link text/content
   * @param {string} href hyperlink
   *
   * @returns {Summary} summary instance
   */
  addLink(text2, href) {
    const element = this.wrap("a", text2, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}

// src/render/text.ts
var textLimit = 4e3;
var terminalSequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
var lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
var invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
var unusual = /[^\n\t -~]/;
function clean(text2, limit = textLimit) {
  const head = text2.slice(0, limit * 4);
  const plain3 = unusual.test(head) ? withoutUnseen(head) : head;
  if (plain3.length <= limit && head.length === text2.length) return plain3;
  const shown = plain3.slice(0, limit).replace(new RegExp("\\p{Cs}", "gu"), "");
  return limit < 1e3 ? `${shown}\u2026` : `${shown} \u2026 (${text2.length - shown.length} characters more)`;
}
function withoutUnseen(text2) {
  return text2.replace(terminalSequences, "").replace(lineBreaks, "\n").replace(invisible, (character) => character === "\n" || character === "	" ? character : "");
}
function oneLine(text2, limit = textLimit) {
  return clean(text2, limit).replace(/\s{2,}|[^\S ]/g, " ").trim();
}
function harmless(line) {
  return line.replace(/##(?=\[)/g, "# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/, "$1: ");
}
function plainText(text2, limit) {
  return clean(text2, limit).split("\n").map(harmless).join("\n");
}
function segmentsOf(text2) {
  const parts = text2.split("`");
  if (parts.length % 2 === 0) {
    const tail = parts.pop();
    parts[parts.length - 1] += `\`${tail}`;
  }
  return parts.map((part, index) => ({ code: index % 2 === 1, text: part })).filter((segment) => segment.text !== "");
}

// src/render/view.ts
function viewOf(report) {
  var _a;
  const having = (status) => report.results.filter((result) => result.status === status);
  const skips = having("skip");
  const waiting = /* @__PURE__ */ new Map();
  for (const { id, reason } of skips) {
    const root2 = rootOf2(reason);
    if (root2 !== void 0) waiting.set(root2, [...(_a = waiting.get(root2)) != null ? _a : [], id]);
  }
  return {
    findings: [...having("fail"), ...having("error"), ...having("warn")],
    accepted: skips.filter((result) => result.accepted !== void 0),
    passed: having("pass"),
    skipped: skips.filter((result) => result.accepted === void 0),
    waiting
  };
}
function rootOf2(reason) {
  return (reason == null ? void 0 : reason.startsWith("needs:")) ? reason.slice("needs:".length) : void 0;
}
function verdictOf2(report) {
  if (report.verdict === "healthy") return { mark: "pass", text: "Runner healthy" };
  if (report.verdict === "degraded") return { mark: "warn", text: "Runner degraded" };
  if (report.counts.fail === 0) return { mark: "error", text: "Runner not verified" };
  return { mark: "fail", text: "Runner misconfigured" };
}
function headlineOf(result) {
  var _a;
  if (result.status === "error") return `Could not find out: ${result.title}`;
  const text2 = oneLine((_a = result.summary) != null ? _a : firstSentence(oneLine(result.message, 1500)), 300);
  return upperFirst3(text2.replace(/\.$/, ""));
}
function firstSentence(text2) {
  var _a, _b;
  return (_b = (_a = /^.{10,160}?\.(?=\s|$)/.exec(text2)) == null ? void 0 : _a[0]) != null ? _b : text2;
}
function upperFirst3(text2) {
  return text2.charAt(0).toUpperCase() + text2.slice(1);
}
function storyOf(result) {
  var _a;
  const message = oneLine(result.message, 1500);
  const why3 = oneLine(result.status === "error" ? adviceOnError(result) : (_a = result.why) != null ? _a : "", 1e3);
  const end = /[.!?:]$/.test(message) || why3 === "" ? "" : ".";
  return `${message}${end} ${why3}`.trim();
}
function adviceOnError(result) {
  switch (result.reason) {
    case "timeout":
      return `This may be right or wrong: nobody knows, so it counts as a failure. Try it by hand on the runner; if it is only slow, raise the input \`timeout\`.`;
    case "crashed":
      return `This may be right or wrong: nobody knows, so it counts as a failure. A crash is a fault of runner-check: please report it with this report's JSON. Until then \`skip: ${result.id}\` leaves the check out.`;
    case "no-facts":
      return `The report was made by another version of runner-check, or by hand: run the check on the runner again.`;
    default:
      return `This may be right or wrong: nobody knows, so it counts as a failure.`;
  }
}
function placeOf2({ kind }) {
  switch (kind) {
    case "image":
      return "in the image";
    case "host":
      return "on the host";
    case "runner":
      return "in the runner's configuration";
    case "workflow":
      return "in the workflow";
    case "forge":
      return "on the forge";
  }
}
function locationOf({ location }) {
  if (!location) return void 0;
  const { file, line, column } = location;
  return [file, line, line === void 0 ? void 0 : column].filter((part) => part !== void 0).join(":");
}
function countsOf(report) {
  const { pass: pass4, warn: warn2, fail, error: error2, skip: skip2 } = report.counts;
  const accepted = report.results.filter((result) => result.accepted !== void 0).length;
  const all = [
    { count: fail, text: `${fail} failed`, grave: true },
    { count: error2, text: `${error2} could not be decided`, grave: true },
    { count: warn2, text: `${warn2} warning${warn2 === 1 ? "" : "s"}`, grave: false },
    { count: accepted, text: `${accepted} accepted`, grave: false },
    { count: pass4, text: `${pass4} passed`, grave: false },
    { count: skip2 - accepted, text: `${skip2 - accepted} skipped`, grave: false }
  ];
  return all.filter(({ count }) => count > 0);
}
function durationText(milliseconds) {
  return milliseconds < 1e3 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1e3).toFixed(1)} s`;
}
function systemOf2({ system, version: version2 }) {
  const tail = version2 === void 0 ? "" : ` ${version2}`;
  switch (system) {
    case "gitea":
      return `Gitea runner${tail}`;
    case "forgejo":
      return `Forgejo runner${tail}`;
    case "github":
      return `GitHub runner${tail}`;
    case "act":
      return `act${tail}`;
    case "none":
      return "outside a job";
  }
}
function decidedByText(decidedBy) {
  switch (decidedBy) {
    case "input":
      return "as the input `profile` says";
    case "runs-on":
      return "by the job's `runs-on`";
    case "api":
      return "by the job's labels";
    case "environment":
      return "guessed from the environment";
    case "replay":
      return "judged again from a report";
    default:
      return decidedBy;
  }
}
function skipText(result) {
  const root2 = rootOf2(result.reason);
  if (root2 !== void 0) return `waits for \`${root2}\``;
  switch (result.reason) {
    case "not-in-profile":
      return "not asked for by the profile";
    case "absent":
      return "optional and not there";
    case "not-applicable":
      return "does not apply here";
    default:
      return oneLine(result.message, 300);
  }
}
function skipGroups(skipped) {
  var _a;
  const groups = /* @__PURE__ */ new Map();
  for (const result of skipped) {
    const why3 = skipText(result);
    groups.set(why3, [...(_a = groups.get(why3)) != null ? _a : [], result.id]);
  }
  return [...groups].map(([why3, ids]) => ({ why: why3, ids }));
}
function areaOf(id) {
  var _a;
  return (_a = id.split("/", 1)[0]) != null ? _a : id;
}

// src/render/annotations.ts
function annotationsOf(report) {
  return viewOf(report).findings.map((result) => ({
    level: result.status === "warn" ? "warning" : "error",
    message: messageOf3(result),
    properties: { title: titleOf(result), ...placeInFile(result) }
  }));
}
function titleOf(result) {
  return plainText(oneLine(`${headlineOf(result)} (${result.id})`, 250)).replace(/\s*:+\s*/g, " - ");
}
function placeInFile({ location }) {
  if (!location) return {};
  const { file, line, column } = location;
  return {
    file: oneLine(file, 500),
    ...line !== void 0 && { startLine: line },
    ...line !== void 0 && column !== void 0 && { startColumn: column }
  };
}
function messageOf3(result) {
  var _a;
  const { remedy } = result;
  const location = locationOf(result);
  const place = location === void 0 ? "" : `${oneLine(location, 300)}: `;
  const lines = [
    `${place}${oneLine(storyOf(result), 2500)}`,
    remedy ? `Fix it ${placeOf2(remedy)}: ${oneLine(remedy.text, 1500)}` : "",
    ...((_a = remedy == null ? void 0 : remedy.commands) != null ? _a : []).slice(0, 10).map((command) => `  ${oneLine(command, 900)}`)
  ];
  return lines.filter((line) => line !== "").map((line) => plainText(line)).join("\n");
}

// src/render/json.ts
function renderJson(report) {
  const results = report.results.map((result) => inOrder(result, resultKeys));
  return `${escaped(JSON.stringify(inOrder({ ...report, results }, reportKeys), null, 2))}
`;
}
var reportKeys = [
  "version",
  "generator",
  "started",
  "duration_ms",
  "runner",
  "job",
  "profile",
  "verdict",
  "counts",
  "results",
  "expectations",
  "facts"
];
var resultKeys = [
  "id",
  "status",
  "reason",
  "title",
  "summary",
  "message",
  "why",
  "expected",
  "observed",
  "evidence",
  "remedy",
  "docs",
  "duration_ms",
  "location",
  "accepted",
  "acceptance_expired"
];
function inOrder(value, keys) {
  const known3 = Object.fromEntries(keys.map((key) => [key, value[key]]));
  return { ...known3, ...value };
}
function escaped(json) {
  return json.replace(/##(?=\[)/g, "#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split("").map(escapeOf).join(""));
}
function escapeOf(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/render/junit.ts
function renderJunit(...args) {
  return require("./findings.js").src_render_junit_ts.renderJunit(...args);
}

// src/render/prometheus.ts
function renderPrometheus(...args) {
  return require("./findings.js").src_render_prometheus_ts.renderPrometheus(...args);
}

// src/render/markdown-text.ts
var triggers = /[&<>\\`*_[\]{}|~$]|@(?=\S)|#(?=\w)|!(?=\d)|\bGH(?=-\d)|:(?=\/\/)|:(?=[\w+-]+:)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:)/gi;
var lineStart = /^(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))/;
function inert(text2) {
  return text2.replace(triggers, inertTrigger);
}
function inertStart(text2) {
  var _a, _b;
  const start2 = (_b = (_a = lineStart.exec(text2)) == null ? void 0 : _a[0]) != null ? _b : "";
  const opening = start2 === "" ? "" : /^\d/.test(start2) ? `${start2}&#8203;` : entityOf(start2);
  return opening + inert(text2.slice(start2.length));
}
function inertTrigger(trigger) {
  return /^[@#!:\w]/.test(trigger) && trigger !== "_" ? `${trigger}&#8203;` : entityOf(trigger);
}
function entityOf(character) {
  if (character === "&") return "&amp;";
  if (character === "<") return "&lt;";
  if (character === ">") return "&gt;";
  return `&#${character.charCodeAt(0)};`;
}
function htmlCode(text2) {
  return `<code>${inert(text2)}</code>`;
}
function codeSpan(text2) {
  const trimmed = text2.trim();
  if (trimmed === "") return "";
  return /[`|\\]/.test(trimmed) ? htmlCode(trimmed) : `\`${trimmed}\``;
}
var address = /\bhttps?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/gi;
function piecesOf(text2) {
  return segmentsOf(text2).flatMap((segment) => {
    var _a;
    if (segment.code || !segment.text.includes("://")) return [segment];
    const addresses = ((_a = segment.text.match(address)) != null ? _a : []).map((found) => ({ code: true, text: found }));
    const between = segment.text.split(address).map((prose) => ({ code: false, text: prose }));
    return between.flatMap((prose, index) => [prose, ...addresses.slice(index, index + 1)]);
  });
}
function markdown(text2, limit) {
  let result = "";
  for (const segment of piecesOf(oneLine(text2, limit))) {
    const prose = result === "" ? inertStart : inert;
    const next = segment.code ? codeSpan(segment.text) : prose(segment.text);
    result += result.endsWith("`") && next.startsWith("`") ? htmlCode(segment.text.trim()) : next;
  }
  return result;
}
function code2(text2, limit = 300) {
  return codeSpan(oneLine(text2, limit));
}
function table2(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
function folded(title, body) {
  return `<details><summary>${title}</summary>

${body}

</details>`;
}

// src/render/summary-finding.ts
function findingBlock(...args) {
  return require("./findings.js").src_render_summary_finding_ts.findingBlock(...args);
}
function shortFindingBlock(...args) {
  return require("./findings.js").src_render_summary_finding_ts.shortFindingBlock(...args);
}

// src/report/versions.ts
var maxOutput2 = 4096;
function versionsOf2({
  expectations,
  facts
}) {
  const versions = /* @__PURE__ */ new Map();
  for (const name of Object.keys(expectations.tools)) {
    const answer = facts[`tool:${name}`];
    const text2 = (answer == null ? void 0 : answer.ok) ? versionIn(answer.value) : void 0;
    if (text2 !== void 0) versions.set(name, text2);
  }
  return versions;
}
function versionIn(facts) {
  var _a, _b, _c;
  const run = facts == null ? void 0 : facts.run;
  if ((run == null ? void 0 : run.kind) === "own-node") return typeof run.version === "string" ? run.version : void 0;
  if ((run == null ? void 0 : run.kind) !== "ran" || ((_a = run.outcome) == null ? void 0 : _a.kind) !== "exited" || run.outcome.code !== 0) return void 0;
  const { stdout, stderr } = run.outcome;
  return (_c = (_b = versionOn(stdout)) != null ? _b : versionOn(stderr)) == null ? void 0 : _c.text;
}
function versionOn(stream) {
  return typeof stream === "string" ? findVersion(stream.slice(0, maxOutput2)) : void 0;
}

// src/render/summary-marks.ts
var marks = {
  pass: "\u2705",
  warn: "\u26A0\uFE0F",
  fail: "\u274C",
  error: "\u2753",
  skip: "\u2796"
};
var docsBase = "https://github.com/fortemi/runner-check/blob/v1/";
function docsUrl(docs) {
  return /^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(docs) && !docs.includes("..") ? docsBase + docs : void 0;
}

// src/render/summary-lists.ts
var maxRows = 200;
var maxIds = 60;
function acceptedBlock({ accepted }) {
  if (accepted.length === 0) return "";
  const rows = accepted.slice(0, maxRows).map((result) => {
    var _a, _b, _c, _d;
    return [
      `${markdown(headlineOf(result), 160)} \u2014 ${code2(result.id, 120)}`,
      markdown(result.message, 400),
      markdown((_b = (_a = result.accepted) == null ? void 0 : _a.reason) != null ? _b : "", 400),
      markdown((_d = (_c = result.accepted) == null ? void 0 : _c.until) != null ? _d : "", 40)
    ];
  });
  return `### Accepted for now

${table2(["what", "seen", "why it is accepted", "until"], rows)}`;
}
var alsoAbout = /* @__PURE__ */ new Map([
  ["docker", ["docker/cli", "docker/api-version"]],
  ["rustc", ["rust/consistency"]],
  ["cargo", ["rust/consistency"]],
  ["node", ["node/runtime"]]
]);
function toolchainBlock(report) {
  const tools = Object.entries(report.expectations.tools).slice(0, maxRows);
  if (tools.length === 0) return "";
  const versions = versionsOf2(report);
  const byId = new Map(report.results.map((result) => [result.id, result]));
  const rows = tools.map(([name, { version: version2, optional }]) => {
    var _a;
    const result = byId.get(`tool/${name}`);
    const found = versions.get(name);
    const related = ((_a = alsoAbout.get(name)) != null ? _a : []).map((id) => byId.get(id));
    return [
      code2(name, 80),
      found === void 0 ? "\u2014" : code2(found, 80),
      wanted(report, name, version2.text, optional),
      stateOf2(result, related)
    ];
  });
  return `### Toolchain

${table2(["tool", "version", "wanted", ""], rows)}`;
}
function wanted(report, name, range, optional) {
  var _a;
  const { sources } = report.expectations;
  const source = (_a = sources[`tools.${name}`]) != null ? _a : sources[`tools.${name}.version`];
  const what = range === "*" ? "any" : code2(range, 120);
  return [what, optional ? "optional" : "", source === void 0 ? "" : `(${markdown(source, 160)})`].filter((part) => part !== "").join(" ");
}
function stateOf2(own2, related) {
  var _a;
  const trouble2 = [own2, ...related].find((result) => result && ["fail", "error", "warn"].includes(result.status));
  if (trouble2) return `${marks[trouble2.status]} see above`;
  if (!own2) return "";
  if (own2.status === "pass") return marks.pass;
  return `${marks.skip} ${markdown(own2.accepted ? "accepted" : (_a = own2.reason) != null ? _a : "", 120)}`;
}
function passedBlock({ passed }) {
  if (passed.length === 0) return "";
  let area = "";
  const rows = passed.slice(0, maxRows).map((result) => {
    const isNew = areaOf(result.id) !== area;
    area = areaOf(result.id);
    const name = result.id.slice(area.length + 1) || result.id;
    return [isNew ? bold(area) : "", code2(name, 120), markdown(result.message, 300)];
  });
  const rest = passed.length - rows.length;
  if (rest > 0) rows.push(["", "", `\u2026 and ${rest} more`]);
  return folded(`${marks.pass} ${checks(passed.length)} passed`, table2(["area", "check", "found"], rows));
}
function checks(count) {
  return `${count} check${count === 1 ? "" : "s"}`;
}
function bold(text2) {
  const inner = markdown(text2, 60);
  return inner === "" ? "" : `**${inner}**`;
}
function skippedBlock({ skipped }) {
  if (skipped.length === 0) return "";
  const rows = skipGroups(skipped).slice(0, maxRows).map(({ why: why3, ids }) => {
    const shown = ids.slice(0, maxIds).map((id) => code2(id, 120));
    const rest = ids.length - shown.length;
    return [markdown(why3, 300), `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`];
  });
  return folded(`${marks.skip} ${checks(skipped.length)} skipped`, table2(["why", "checks"], rows));
}

// src/render/summary.ts
var maxBytes = 9e5;
var detailBytes = 1e5;
var overviewFrom = 4;
function renderSummary(report) {
  const view = viewOf(report);
  return assemble([
    heading(report),
    factsLine(report),
    overview(view),
    ...findingBlocks(view),
    acceptedBlock(view),
    toolchainBlock(report),
    passedBlock(view),
    skippedBlock(view),
    footer(report)
  ]);
}
function heading(report) {
  const { mark, text: text2 } = verdictOf2(report);
  return `## ${marks[mark]} ${text2}: ${code2(report.runner.name, 120)}`;
}
function factsLine(report) {
  const { runner, profile } = report;
  const parts = [
    `${code2(profile.name, 120)} profile, ${markdown(decidedByText(profile.decided_by), 200)}`,
    profile.policy === void 0 ? "" : `policy ${code2(profile.policy)}`,
    ...whereabouts(report),
    markdown(systemOf2(runner), 120),
    ...countsOf(report).map(({ text: text2, grave: grave2 }) => grave2 ? `**${text2}**` : text2),
    durationText(report.duration_ms)
  ];
  return parts.filter((part) => part !== "").join(" \xB7 ");
}
function whereabouts({ runner }) {
  if (runner.mode === "host") return ["on the host"];
  if (runner.mode === "unknown") return ["container or host: could not find out"];
  return [runner.image === void 0 ? "in a container" : `in a container of ${code2(runner.image)}`];
}
function overview({ findings }) {
  if (findings.length < overviewFrom) return "";
  const line = (result) => `- ${marks[result.status]} ${markdown(headlineOf(result), 160)} \u2014 ${code2(result.id, 120)}`;
  const shown = findings.slice(0, 30).map(line);
  const rest = findings.length - shown.length;
  return [...shown, ...rest > 0 ? [`- \u2026 and ${rest} more`] : []].join("\n");
}
function findingBlocks({ findings, waiting }) {
  let bytes = 0;
  return findings.map((result) => {
    var _a;
    if (bytes > detailBytes) return shortFindingBlock(result);
    const block = findingBlock(result, (_a = waiting.get(result.id)) != null ? _a : []);
    bytes += bytesOf2(block);
    return block;
  });
}
function footer(report) {
  const { runner, job } = report;
  const parts = [
    `runner-check ${markdown(report.generator.version, 40)}`,
    markdown(`${runner.os}, ${runner.arch}, user ${runner.user}`, 200),
    markdown([job == null ? void 0 : job.repository, job == null ? void 0 : job.workflow, job == null ? void 0 : job.job].filter((part) => part !== void 0).join(" / "), 300),
    markdown(report.started.replace("T", " ").replace(/:\d\d(?:\.\d+)?Z$/, " UTC"), 40)
  ];
  return `<sub>${parts.filter((part) => part !== "").join(" \xB7 ")}</sub>`;
}
function assemble(blocks) {
  const kept = [];
  let bytes = 0;
  let left = 0;
  for (const block of blocks.filter((text2) => text2 !== "")) {
    const size = bytesOf2(block) + 2;
    if (bytes + size > maxBytes) {
      left++;
      continue;
    }
    bytes += size;
    kept.push(block);
  }
  if (left > 0)
    kept.push(
      `**${left} parts of this summary are left out: it would have become too long.** The report in JSON holds everything.`
    );
  return `${kept.join("\n\n")}
`;
}
function bytesOf2(text2) {
  return new TextEncoder().encode(text2).length;
}

// src/render/formats.ts
var reportFormats = {
  json: { file: "report.json", render: renderJson },
  junit: { file: "junit.xml", render: renderJunit },
  prometheus: { file: "runner-check.prom", render: renderPrometheus },
  markdown: { file: "summary.md", render: renderSummary }
};

// src/render/log-text.ts
var styles = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", cyan: "36" };
var asciiFor = {
  "\u2714": "ok",
  "\u2716": "x",
  "\u25B2": "!",
  "\xB7": "-",
  "\u2014": "-",
  "\u2013": "-",
  "\u2026": "...",
  "\u2265": ">=",
  "\u2264": "<=",
  "\u2019": "'",
  "\u201C": '"',
  "\u201D": '"',
  "\u2192": "->"
};
function createLogWriter(options) {
  const lines = [];
  const push = (line) => {
    lines.push(harmless(line).trimEnd());
  };
  const paint = (text2, style) => options.colour && style && text2 !== "" ? `\x1B[${styles[style]}m${text2}\x1B[0m` : text2;
  const printable = (text2) => options.unicode ? text2 : text2.replace(/[^\t\n -~]/gu, (character) => {
    var _a;
    return (_a = asciiFor[character]) != null ? _a : "?";
  });
  const wordsOf = (text2, style) => {
    const words2 = [];
    let glued = false;
    for (const segment of segmentsOf(text2)) {
      const marked = segment.code && !options.colour ? `\`${segment.text}\`` : segment.text;
      const parts = printable(marked).split(" ");
      parts.forEach((part, index) => {
        if (part === "") return;
        const word2 = { plain: part, painted: paint(part, segment.code ? "cyan" : style) };
        const last = index === 0 && glued ? words2.pop() : void 0;
        words2.push(last ? { plain: last.plain + word2.plain, painted: last.painted + word2.painted } : word2);
      });
      glued = parts[parts.length - 1] !== "";
    }
    return words2;
  };
  return {
    toString: () => `${lines.join("\n")}
`,
    text(text2, { prefix = "", prefixStyle, style, limit } = {}) {
      const opening = printable(prefix);
      let line = paint(opening, prefixStyle);
      let length = opening.length;
      let isStart = true;
      for (const word2 of wordsOf(oneLine(text2, limit), style)) {
        if (!isStart && length + 1 + word2.plain.length > options.width) {
          push(line);
          line = " ".repeat(opening.length);
          length = opening.length;
          isStart = true;
        }
        line += isStart ? word2.painted : ` ${word2.painted}`;
        length += word2.plain.length + (isStart ? 0 : 1);
        isStart = false;
      }
      if (line.trim() !== "") push(line);
    },
    verbatim(text2, indent) {
      const body = printable(clean(text2)).trimEnd();
      for (const line of body.split("\n")) push(" ".repeat(indent) + paint(line, "cyan"));
    },
    gap() {
      if (lines.length > 0 && lines[lines.length - 1] !== "") lines.push("");
    },
    group(title, body) {
      lines.push(options.groups ? `::group::${printable(title)}` : paint(printable(title), "bold"));
      body();
      if (options.groups) lines.push("::endgroup::");
    }
  };
}

// src/render/log.ts
var signs = {
  pass: { sign: "\u2714 ", style: "green" },
  warn: { sign: "\u25B2 ", style: "yellow" },
  fail: { sign: "\u2716 ", style: "red" },
  error: { sign: "? ", style: "red" },
  skip: { sign: "\xB7 ", style: "dim" }
};
var maxDetailed = 40;
var maxEvidence = 6;
var maxCommands = 30;
var maxPassedLines = 22;
function renderLog(report, options) {
  var _a;
  const view = viewOf(report);
  const log = createLogWriter(options);
  writeHead(log, report);
  for (const [index, result] of view.findings.entries()) {
    if (index < maxDetailed) writeFinding(log, result, (_a = view.waiting.get(result.id)) != null ? _a : []);
    else writeHeadline(log, result);
  }
  writeAccepted(log, view);
  log.gap();
  log.group("All checks", () => {
    writePassed(log, view);
    for (const { why: why3, ids } of skipGroups(view.skipped)) log.text(`${ids.join(", ")}: ${why3}`, skipLine);
  });
  return log.toString();
}
var skipLine = { prefix: "  \xB7 ", style: "dim", limit: 1e3 };
function writeHead(log, report) {
  var _a;
  const { mark, text: text2 } = verdictOf2(report);
  const { runner, profile } = report;
  const where = (_a = { container: "container", host: "host", unknown: "container or host unknown" }[runner.mode]) != null ? _a : "";
  const line = [`${text2}: ${runner.name.slice(0, 200)}`, profile.name.slice(0, 100), where, systemOf2(runner)].join(
    " \xB7 "
  );
  log.text(line, { prefix: signs[mark].sign, prefixStyle: signs[mark].style, style: "bold" });
  const versions = [...versionsOf2(report)].map(([name, version2]) => `${name} ${version2}`);
  if (versions.length > 0) log.text(versions.join(", "), { prefix: "  ", limit: 600 });
  const counts = countsOf(report).map((count) => count.text);
  log.text([...counts, durationText(report.duration_ms)].join(", "), { prefix: "  " });
}
function writeHeadline(log, result) {
  const { sign, style } = signs[result.status];
  const id = result.reason === void 0 ? result.id : `${result.id}:${result.reason}`;
  log.text(`${headlineOf(result)} [${id}]`, { prefix: sign, prefixStyle: style, style: "bold", limit: 300 });
}
function writeFinding(log, result, waiting) {
  var _a;
  log.gap();
  writeHeadline(log, result);
  const location = locationOf(result);
  if (location !== void 0) log.text(location, { prefix: "  at ", limit: 300 });
  log.text(storyOf(result), { prefix: "  ", limit: 2500 });
  if (result.acceptance_expired !== void 0)
    log.text(`This was accepted until ${result.acceptance_expired}. The time is over, so it counts again.`, {
      prefix: "  "
    });
  if (result.expected !== void 0) log.text(result.expected, { prefix: "  expected: ", limit: 400 });
  if (result.observed !== void 0) log.text(result.observed, { prefix: "  found:    ", limit: 400 });
  for (const { source, text: text2 } of result.evidence.slice(0, maxEvidence)) log.text(`${text2} (${source})`, evidenceLine);
  if (result.remedy) writeRemedy(log, result.remedy, "Fix it");
  if ((_a = result.remedy) == null ? void 0 : _a.otherwise) writeRemedy(log, result.remedy.otherwise, "Or");
  if (waiting.length > 0) log.text(`Also waits for this: ${waiting.join(", ")}`, { prefix: "  ", limit: 1e3 });
  const url = docsUrl(result.docs);
  if (url !== void 0) log.text(url, { prefix: "  More: ", style: "dim" });
}
var evidenceLine = { prefix: "  seen:     ", style: "dim", limit: 500 };
function writeRemedy(log, remedy, opening) {
  log.text(`${opening} ${placeOf2(remedy)}: ${remedy.text}`, { prefix: "  ", limit: 1500 });
  const { commands = [], config } = remedy;
  if (config) {
    log.text(`in ${config.file}:`, { prefix: "    ", limit: 300 });
    log.verbatim(config.text, 6);
  }
  for (const command of commands.slice(0, maxCommands)) log.verbatim(command, 6);
  if (commands.length > maxCommands) {
    log.text(`\u2026 and ${commands.length - maxCommands} more lines`, { prefix: "      " });
  }
}
function writeAccepted(log, { accepted }) {
  var _a;
  if (accepted.length === 0) return;
  log.gap();
  log.text("Accepted for now", { style: "bold" });
  for (const result of accepted) {
    const { reason = "", until = "" } = (_a = result.accepted) != null ? _a : {};
    log.text(`${headlineOf(result)} [${result.id}] \u2014 until ${until}: ${reason}`, { prefix: "  \xB7 ", limit: 600 });
  }
}
function writePassed(log, { passed }) {
  var _a;
  const { sign, style } = signs.pass;
  const prefix = `  ${sign}`;
  if (passed.length <= maxPassedLines) {
    for (const { id, message } of passed) log.text(`${id}: ${message}`, { prefix, prefixStyle: style, limit: 160 });
    return;
  }
  const areas = /* @__PURE__ */ new Map();
  for (const { id } of passed) areas.set(areaOf(id), [...(_a = areas.get(areaOf(id))) != null ? _a : [], id]);
  for (const ids of areas.values()) log.text(ids.join(", "), { prefix, prefixStyle: style, limit: 1e3 });
}

// src/render/outputs.ts
function outputsOf(report, paths) {
  const { counts } = report;
  const failures = report.results.filter(({ status }) => status === "fail" || status === "error").map(({ id, reason }) => oneLine(`${id}:${reason != null ? reason : ""}`, 300));
  const versions = [...versionsOf2(report)].map(([name, version2]) => [oneLine(name, 100), oneLine(version2, 100)]);
  return {
    verdict: report.verdict,
    passed: String(counts.pass),
    warned: String(counts.warn),
    failed: String(counts.fail),
    errored: String(counts.error),
    skipped: String(counts.skip),
    failures: JSON.stringify(failures),
    versions: JSON.stringify(Object.fromEntries(versions)),
    profile: oneLine(report.profile.name, 200),
    report: paths.report,
    summary: paths.summary
  };
}

// src/publish.ts
async function publish(report, request) {
  var _a, _b, _c;
  process.stdout.write(renderLog(report, { width: 120, unicode: true, colour: false, groups: true }));
  const written2 = /* @__PURE__ */ new Map();
  for (const format of request.formats) {
    const { file, render } = reportFormats[format];
    const path = await write(request.reportDir, file, render(report));
    if (path !== void 0) written2.set(format, path);
  }
  const summary2 = (_a = request.summary ? await writeSummary(renderSummary(report)) : void 0) != null ? _a : "";
  for (const { level, message, properties } of annotationsOf(report)) {
    if (level === "error") error(message, properties);
    else warning(message, properties);
  }
  await setOutputs(
    outputsOf(report, { report: (_b = written2.get("json")) != null ? _b : "", summary: (_c = written2.get("markdown")) != null ? _c : summary2 })
  );
}
async function write(directory2, name, text2) {
  if (directory2 === void 0) return void 0;
  try {
    return writeReport(directory2, name, text2);
  } catch (error2) {
    return warn((0, import_node_path2.join)(directory2, name), error2);
  }
}
async function writeSummary(markdown2) {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (!path) return void 0;
  try {
    await summary.addRaw(markdown2, true).write();
    return path;
  } catch (error2) {
    return warn("the job summary", error2);
  }
}
async function setOutputs(outputs) {
  if (!process.env.GITHUB_OUTPUT) return;
  try {
    for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
  } catch (error2) {
    await warn("its outputs", error2);
  }
}
async function warn(what, error2) {
  const { publishWarning } = await Promise.resolve().then(() => __toESM(require("./publish-mistakes.js"), 1));
  publishWarning(`runner-check could not write ${what}: ${String(error2)}`);
}

// src/render/lines.ts
function renderLines(report) {
  const order = ["fail", "error", "warn"];
  const findings = report.results.filter(({ status }) => order.includes(status));
  const sorted = [...findings].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const lines = sorted.map(({ status, id, reason, message }) => `${status} ${id}:${reason}: ${oneLine(message, 300)}`);
  const text2 = lines.length > 0 ? lines : [`healthy: ${report.counts.pass} checks passed`];
  return `${text2.map((line) => plainText(line)).join("\n")}
`;
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  allChecks,
  askedChecks,
  judgeFacts,
  loadChecks,
  probesOf,
  publish,
  renderLines,
  renderLog,
  reportFormats,
  writeReport
});
