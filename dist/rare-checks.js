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
    for (let key2 of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key2) && key2 !== except)
        __defProp(to, key2, { get: () => from[key2], enumerable: !(desc = __getOwnPropDesc(from, key2)) || desc.enumerable });
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

// src/checks/rare-checks.ts
var rare_checks_exports = {};
__export(rare_checks_exports, {
  imageCheckFor: () => imageCheckFor,
  rareChecks: () => rareChecks,
  runLint: () => runLint,
  runnerTemplate: () => runnerTemplate
});
module.exports = __toCommonJS(rare_checks_exports);

// src/probes/docker-endpoint.ts
var defaultSocket = "/var/run/docker.sock";
var defaultPort = 2375;
var dockerEndpointProbe = {
  name: "docker-endpoint",
  async collect(host) {
    var _a;
    const directory = configDirectory(host);
    const config = await readConfig(host, directory);
    const decided = await decide(host, directory, config.currentContext);
    const endpoint = await withTls(host, decided, directory);
    return {
      endpoint,
      address: (_a = decided.shown) != null ? _a : addressOf(endpoint),
      source: decided.source,
      ...decided.context !== void 0 && { context: bounded(decided.context, 200) },
      config: { path: `${directory}/config.json`, state: config.state },
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
  const named = host.env.DOCKER_CONFIG;
  if (named) return named.replace(/\/+$/, "") || "/";
  return `${host.env.HOME || host.userHome || ""}/.docker`;
}
async function readConfig(host, directory) {
  const text2 = await host.readText(`${directory}/config.json`, 1024 * 1024);
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
async function decide(host, directory, currentContext) {
  var _a;
  const named = (_a = host.env.DOCKER_HOST) == null ? void 0 : _a.trim();
  if (named) return { ...parseAddress(named), source: "DOCKER_HOST" };
  const fromEnv = host.env.DOCKER_CONTEXT;
  const context = fromEnv || currentContext;
  if (!context || context === "default") return { endpoint: defaultEndpoint(host), source: "default" };
  const source = fromEnv ? "DOCKER_CONTEXT" : "config";
  return { ...await readContext(host, directory, context), source, context };
}
function defaultEndpoint({ env }) {
  const usesTls = Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS);
  return usesTls ? { kind: "tcp", host: "localhost", port: 2376, tls: "none" } : { kind: "unix", path: defaultSocket };
}
function parseAddress(address2) {
  const shown2 = address2.startsWith("/") ? bounded(address2, 200) : bounded(withoutCredentials(address2), 200);
  const invalid3 = (why, meant) => ({
    endpoint: { kind: "invalid", why, ...meant !== void 0 && { meant } },
    shown: shown2
  });
  const separator = address2.indexOf("://");
  if (separator < 0 && address2.startsWith("/")) {
    return invalid3("a path without `unix://` before it is taken for a tcp address", `unix://${shown2}`);
  }
  if (separator < 0 && /^unix:/i.test(address2)) {
    const path = `/${shown2.slice("unix:".length).replace(/^\/+/, "")}`;
    return invalid3("`unix:` without two slashes is taken for a host of that name", `unix://${path}`);
  }
  const scheme = separator < 0 ? "tcp" : address2.slice(0, separator);
  const rest = separator < 0 ? address2 : address2.slice(separator + "://".length);
  switch (scheme) {
    case "unix":
      return { endpoint: { kind: "unix", path: rest || defaultSocket } };
    case "tcp": {
      const place2 = parseHostAndPort(rest);
      return place2 ? { endpoint: { kind: "tcp", ...place2, tls: "none" } } : invalid3("it names no host and port");
    }
    case "ssh": {
      const place2 = rest === "" ? void 0 : parseHostAndPort(rest);
      return place2 ? { endpoint: { kind: "ssh", host: place2.host } } : invalid3("it names no host");
    }
    case "http":
    case "https": {
      const place2 = parseHostAndPort(rest);
      const meant = place2 && addressOf({ kind: "tcp", ...place2, tls: "none" });
      return invalid3(`the Docker CLI knows no scheme \`${scheme}\``, meant);
    }
    case "npipe":
      return invalid3("named pipes exist on Windows only");
    case "fd":
      return invalid3("`fd://` is for the daemon's own socket activation, no client can use it");
    default:
      return invalid3("the Docker CLI knows no such scheme");
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
async function readContext(host, directory, context) {
  var _a, _b;
  const shown2 = `context ${bounded(context, 200)}`;
  const invalid3 = (why) => ({ endpoint: { kind: "invalid", why }, shown: shown2 });
  const root = `${directory}/contexts/meta`;
  const ids = await host.list(root);
  if (ids.kind === "unreadable") return invalid3(`\`${root}\` cannot be read (${ids.code})`);
  if (ids.kind === "absent") return invalid3(`there is no such context: \`${root}\` does not exist`);
  const metas = await Promise.all(
    ids.value.map(async (id) => {
      const text2 = await host.readText(`${root}/${id}/meta.json`);
      return { id, meta: text2.kind === "ok" ? parseObject(text2.value) : void 0 };
    })
  );
  const found = metas.find(({ meta }) => (meta == null ? void 0 : meta.Name) === context);
  if (!found) return invalid3(`there is no such context in \`${root}\``);
  const docker = objectOf((_b = objectOf((_a = found.meta) == null ? void 0 : _a.Endpoints)) == null ? void 0 : _b.docker);
  const address2 = docker == null ? void 0 : docker.Host;
  if (typeof address2 !== "string" || address2 === "") return invalid3("the context names no Docker endpoint");
  return {
    ...parseAddress(address2),
    contextTls: {
      directory: `${directory}/contexts/tls/${found.id}/docker`,
      skipVerify: (docker == null ? void 0 : docker.SkipTLSVerify) === true
    }
  };
}
async function withTls(host, decision, directory) {
  const { endpoint, contextTls } = decision;
  if (endpoint.kind !== "tcp" && endpoint.kind !== "unix") return endpoint;
  if (contextTls) {
    if (endpoint.kind === "unix") return endpoint;
    const files2 = await lookAtTlsFiles(host, contextTls.directory);
    if (contextTls.skipVerify) return { ...endpoint, tls: "no-verify", files: files2 };
    return files2.some((file) => file.state !== "absent") ? { ...endpoint, tls: "verify", files: files2 } : endpoint;
  }
  const verify = Boolean(host.env.DOCKER_TLS_VERIFY);
  if (!verify && !host.env.DOCKER_TLS) return endpoint;
  const files = await lookAtTlsFiles(host, host.env.DOCKER_CERT_PATH || directory);
  return endpoint.kind === "unix" ? { ...endpoint, files } : { ...endpoint, tls: verify ? "verify" : "no-verify", files };
}
async function lookAtTlsFiles(host, directory) {
  return Promise.all(
    ["ca", "cert", "key"].map(async (role) => {
      const path = `${directory.replace(/\/+$/, "")}/${role}.pem`;
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
function objectOf(value2) {
  return typeof value2 === "object" && value2 !== null && !Array.isArray(value2) ? value2 : void 0;
}
function bounded(text2, length = 2048) {
  return text2.length <= length ? text2 : `${text2.slice(0, length)}\u2026`;
}

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
function proxyFor(env, url, loopback = "direct") {
  var _a, _b;
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const address2 = (_a = settingOf(env, name)) != null ? _a : settingOf(env, "all_proxy");
  const host = hostOf(url);
  if (address2 === void 0 || loopback === "direct" && isLoopback(host)) return void 0;
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
  const shown2 = bounded(withoutCredentials(full), 300);
  const url = urlOf(full);
  if (!url) return { shown: shown2, target: void 0 };
  const tls = url.protocol === "https:";
  const authorization = loginOf(url);
  return {
    shown: shown2,
    target: {
      host: hostOf(url),
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
function isLoopback(host) {
  return /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/i.test(host);
}
function isExcluded(noProxy, host, port) {
  const wanted = host.toLowerCase();
  return noProxy.toLowerCase().split(/[\s,]+/).filter(Boolean).some((entry) => {
    var _a;
    if (entry === "*") return true;
    const [, name = entry, onlyPort] = (_a = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry)) != null ? _a : [];
    if (onlyPort !== void 0 && Number(onlyPort) !== port) return false;
    const suffix = name.replace(/^\[(.*)\]$/, "$1").replace(/^\*?\./, "");
    return wanted === suffix || wanted.endsWith(`.${suffix}`) || isInNetwork(wanted, suffix);
  });
}
function isInNetwork(address2, network) {
  const [base2 = "", bits = ""] = network.split("/");
  const [ip, start] = [numberOf(address2), numberOf(base2)];
  const length = Number(bits);
  if (ip === void 0 || start === void 0 || !/^\d{1,2}$/.test(bits) || length > 32) return false;
  const size2 = 2 ** (32 - length);
  return Math.floor(ip / size2) === Math.floor(start / size2);
}
function numberOf(address2) {
  var _a;
  const parts = (_a = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address2)) == null ? void 0 : _a.slice(1).map(Number);
  return (parts == null ? void 0 : parts.every((part) => part < 256)) ? parts.reduce((sum, part) => sum * 256 + part, 0) : void 0;
}

// src/probes/ask-url.ts
var unknownIssuer = /^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
async function askUrl(host, url, question) {
  const proxy = proxyFor(host.env, url);
  if (proxy && !proxy.target) return { kind: "other-proxy", via: proxy.shown };
  const secure = url.protocol === "https:";
  const { authorities = [], verify = true, headers, ...rest } = question;
  const send2 = (ca) => {
    const place2 = { host: hostOf(url), port: Number(url.port) || (secure ? 443 : 80) };
    const request = {
      ...rest,
      to: secure ? { ...place2, tls: { verify, ...ca !== void 0 && { ca } } } : place2,
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
  const named = ((_a = env.SSL_CERT_FILE) == null ? void 0 : _a.startsWith("/")) ? [env.SSL_CERT_FILE] : [];
  const usual = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
  return [.../* @__PURE__ */ new Set([...named, ...usual])];
}
function shownUrl(url) {
  return bounded(`${url.protocol}//${url.host}${url.pathname}`, 300);
}

// src/probes/docker-engine.ts
var dockerEngineProbe = {
  name: "docker-engine",
  async collect(host, _request, signal, ask2) {
    const { endpoint, address: address2 } = await ask2(dockerEndpointProbe);
    const [version, info] = await Promise.all([
      askVersion(host, endpoint, signal),
      send(host, endpoint, "/info", signal, maxBody).then((reply) => read(reply, readInfo))
    ]);
    return { endpoint: address2, version, info };
  }
};
async function askVersion(host, endpoint, signal) {
  return read(await send(host, endpoint, "/version", signal, maxBody), readVersion);
}
var maxBody = 512 * 1024;
async function askEngine(host, endpoint, path, signal, options2 = {}) {
  var _a;
  return read(await send(host, endpoint, path, signal, (_a = options2.maxBody) != null ? _a : maxBody), (json) => json);
}
async function send(host, endpoint, path, signal, limit) {
  const to = targetOf(endpoint);
  return to && host.request({ to, path, signal, maxBody: limit });
}
function targetOf(endpoint) {
  if (endpoint.kind === "unix") return { socket: endpoint.path };
  if (endpoint.kind !== "tcp") return void 0;
  const { host, port, tls, files = [] } = endpoint;
  if (tls === "none") return { host, port };
  const named = files.filter((file) => file.state === "present").map((file) => [file.role, file.path]);
  const options2 = { verify: tls === "verify", ...Object.fromEntries(named) };
  return { host, port, tls: options2 };
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
  const value2 = json === void 0 ? void 0 : readValue(json, outcome.headers);
  return value2 === void 0 ? { kind: "not-docker", body: bounded(outcome.body) } : { kind: "ok", value: value2 };
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
  const version = textOf(reply == null ? void 0 : reply.Version);
  const apiVersion = textOf(reply == null ? void 0 : reply.ApiVersion);
  if (!version || !apiVersion) return void 0;
  return {
    version,
    apiVersion,
    minApiVersion: textOf(reply == null ? void 0 : reply.MinAPIVersion) || void 0,
    components: listOf(reply == null ? void 0 : reply.Components).flatMap((entry) => {
      const component = objectOf(entry);
      const name = textOf(component == null ? void 0 : component.Name);
      return name ? [{ name, version: textOf(component == null ? void 0 : component.Version) }] : [];
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
    name: textOf(reply.Name),
    operatingSystem: textOf(reply.OperatingSystem),
    driver: textOf(reply.Driver),
    dockerRootDir: textOf(reply.DockerRootDir),
    warnings: textsOf(reply.Warnings),
    runtimes: Object.keys((_a = objectOf(reply.Runtimes)) != null ? _a : {}).slice(0, 100).map((name) => textOf(name)),
    defaultRuntime: textOf(reply.DefaultRuntime),
    cdiDevices: [
      ...textsOf(reply.CDISpecDirs),
      ...listOf(reply.DiscoveredDevices).flatMap((device) => {
        var _a2;
        return textOf((_a2 = objectOf(device)) == null ? void 0 : _a2.ID) || [];
      })
    ],
    securityOptions: textsOf(reply.SecurityOptions),
    cgroupDriver: textOf(reply.CgroupDriver),
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
function textOf(value2) {
  return typeof value2 === "string" ? bounded(value2, 500) : "";
}
function listOf(value2) {
  return Array.isArray(value2) ? value2.slice(0, 100) : [];
}
function textsOf(value2) {
  return listOf(value2).map(textOf).filter((text2) => text2 !== "");
}

// src/probes/registry-insecure.ts
function troubleWithTls(url, answer) {
  if (answer.kind !== "failed" || answer.at === "proxy") return void 0;
  if (/^(?:EPROTO|ERR_SSL_.*|ECONNRESET|EPIPE)$/.test(answer.code)) return "none";
  if (answer.code === "ECONNREFUSED" && url.port === "" && !isLoopback(hostOf(url))) return "none";
  const certificate = /^(?:CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|INVALID_)/;
  return certificate.test(answer.code) ? "certificate" : void 0;
}
async function isInsecure(registry, ask2, signal) {
  var _a;
  const engine = ask2(dockerEngineProbe).catch(() => void 0);
  const info = (_a = await Promise.race([engine, endOf(signal)])) == null ? void 0 : _a.info;
  const known2 = (info == null ? void 0 : info.kind) === "ok" ? info.value.insecureRegistries : void 0;
  return known2 !== void 0 && isListed(registry, known2);
}
function endOf(signal) {
  if (signal.aborted) return Promise.resolve(void 0);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(void 0), { once: true }));
}
function isListed(registry, { names: names2, networks }) {
  if (names2.some((name) => name.toLowerCase() === registry)) return true;
  const url = urlOf(`https://${registry}`);
  const address2 = url && bitsOf(hostOf(url));
  return address2 !== void 0 && networks.some((network) => isWithin(address2, network));
}
function isWithin(address2, network) {
  const [base2 = "", length = ""] = network.split("/");
  const bits = bitsOf(base2);
  if (bits === void 0 || bits.length !== address2.length || Number(length) > bits.length) return false;
  return address2.startsWith(bits.slice(0, Number(length)));
}
function bitsOf(address2) {
  const number = numberOf(address2);
  if (number !== void 0) return number.toString(2).padStart(32, "0");
  const url = address2.includes(":") ? urlOf(`http://[${address2}]`) : void 0;
  if (!url) return void 0;
  const [head = [], tail = []] = hostOf(url).split("::").map((part) => part.split(":").filter(Boolean));
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

// src/versions.ts
var versionPattern = /(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i;
var majorPattern = /^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/;
var remark = /^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function findVersion(text2) {
  var _a, _b, _c;
  const lines2 = text2.replace(/\u001b\[[\d;]*m/g, "").split(/\r\n?|\n/);
  const plain2 = lines2.filter((line) => !remark.test(line));
  const build = unnumberedBuild((_a = plain2.find((line) => line.trim() !== "")) != null ? _a : "");
  if (build !== void 0) return { text: build, numbers: [0, 0, 0], prerelease: [], unnumbered: true };
  return (_c = (_b = firstOf(plain2, dotted)) != null ? _b : firstOf(plain2, bare)) != null ? _c : firstOf(lines2.filter(saysVersion), dotted);
}
function unnumberedBuild(line) {
  var _a;
  return dotted(line) ? void 0 : (_a = /^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(line)) == null ? void 0 : _a[1];
}
function saysVersion(line) {
  return remark.test(line) && /\bversion is\b/i.test(line);
}
function firstOf(lines2, read2) {
  for (const line of lines2) {
    const version = read2(line);
    if (version) return version;
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

// src/probes/program-search.ts
var defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function pathEntries(host, cwd) {
  var _a;
  const entries = ((_a = host.env.PATH) != null ? _a : defaultPath).split(":").map((entry) => absolute(entry, cwd));
  return [...new Set(entries)];
}
function absolute(path, cwd) {
  const full = path.startsWith("/") ? path : path === "" || path === "." ? cwd : `${cwd}/${path.replace(/^\.\//, "")}`;
  return full.endsWith("/") ? full.replace(/(?<=.)\/+$/, "") : full;
}
function join(directory, name) {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}
async function searchProgram(host, name, directories, onLook = () => void 0) {
  const unusable = [];
  for (const directory of directories) {
    onLook(directory);
    const path = join(directory, name);
    const looked = await lookAt(host, path);
    if (looked === "executable") return { found: path, unusable };
    if (looked !== "absent") unusable.push(looked);
  }
  return { unusable };
}
async function lookAt(host, path) {
  const first = await host.lstat(path);
  const target = first.kind === "link" ? await host.stat(path) : first;
  switch (target.kind) {
    case "absent":
      return first.kind === "link" ? { path, kind: "dangling-link" } : "absent";
    case "unreadable":
      if (target.code === "ELOOP") return { path, kind: "dangling-link" };
      return { path, kind: target.code === "EACCES" ? "closed" : "unreadable", code: target.code };
    case "file":
      if (await host.access(path, "x")) return "executable";
      return { path, kind: "not-executable", mode: target.mode, uid: target.uid, gid: target.gid };
    default:
      return "absent";
  }
}
async function searchOffPath(host, name, onPath) {
  const directories = (await likelyDirectories(host, name)).filter((directory) => !onPath.includes(directory));
  const hits = await Promise.all(
    [...new Set(directories)].map(async (directory) => {
      const { found } = await searchProgram(host, name, [directory]);
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
  const named = Object.entries(binOf).flatMap(([variable, bin]) => {
    const value2 = host.env[variable];
    return (value2 == null ? void 0 : value2.startsWith("/")) ? [absolute(bin === "" ? value2 : `${value2}/${bin}`, "/")] : [];
  });
  const nvm = [NVM_DIR, ...homes.map((home) => join(home, ".nvm"))].filter(
    (directory) => Boolean(directory == null ? void 0 : directory.startsWith("/"))
  );
  const listed3 = await Promise.all([
    ...nvm.map((directory) => versionsIn(host, join(directory, "versions/node"), "bin")),
    versionsIn(host, "/opt", "bin"),
    versionsIn(host, "/opt", ""),
    versionsIn(host, "/usr/lib/postgresql", "bin"),
    versionsIn(host, "/usr/lib/jvm", "bin")
  ]);
  return [
    ...named,
    ...homes.flatMap((home) => inHome.map((directory) => join(home, directory))),
    ...listed3.flat(),
    ...inSystem,
    `/opt/${name}/bin`
  ];
}
async function versionsIn(host, directory, below) {
  const entries = await host.list(directory);
  if (entries.kind !== "ok") return [];
  const versioned = entries.value.slice(0, 50).map((entry) => ({ entry, version: findVersion(entry) }));
  versioned.sort((a, b) => a.version && b.version ? compareVersions(b.version, a.version) : 0);
  return versioned.map(({ entry }) => join(join(directory, entry), below).replace(/\/$/, ""));
}

// src/probes/registry-login.ts
var maxConfig = 1024 * 1024;
var dockerHubKey = "https://index.docker.io/v1/";
async function findLogin(host, registry, signal) {
  var _a, _b;
  const config = `${configDirectory(host)}/config.json`;
  const text2 = await host.readText(config, maxConfig);
  if (text2.kind === "absent") return { facts: { kind: "none", config } };
  if (text2.kind === "unreadable") return { facts: { kind: "config-ignored", config, message: text2.code } };
  const settings = parseObject2(text2.value);
  if (!settings) return { facts: { kind: "config-ignored", config, message: "it is no JSON" } };
  const key2 = registry === "docker.io" ? dockerHubKey : registry;
  const helpers = objectOf(settings.credHelpers);
  const own2 = (_a = helpers == null ? void 0 : helpers[registry]) != null ? _a : helpers == null ? void 0 : helpers[key2];
  const store = own2 != null ? own2 : settings.credsStore;
  if (typeof store === "string" && store !== "") {
    return askHelper(host, { config, setting: own2 === void 0 ? "credsStore" : "credHelpers" }, store, key2, signal);
  }
  return fromAuths((_b = objectOf(settings.auths)) != null ? _b : {}, registry, config);
}
function fromAuths(auths, registry, config) {
  var _a;
  const entry = objectOf((_a = Object.entries(auths).find(([name]) => registryOf(name) === registry)) == null ? void 0 : _a[1]);
  const { auth, username, password, identitytoken } = entry != null ? entry : {};
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { facts: { kind: "found", config }, credentials: { identityToken: identitytoken } };
  }
  if (typeof auth === "string" && auth !== "") {
    if (isLogin(auth)) return { facts: { kind: "found", config }, credentials: { basic: auth } };
    return { facts: { kind: "config-ignored", config, message: "`auth` is no user and password in base64" } };
  }
  if (typeof username === "string" && username !== "" && typeof password === "string") {
    return { facts: { kind: "found", config }, credentials: { basic: inBase64(username, password) } };
  }
  return { facts: { kind: "none", config } };
}
function registryOf(name) {
  const registry = name.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return registry.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io");
}
function isLogin(auth) {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(auth) && Buffer.from(auth, "base64").includes(":");
}
function inBase64(user, password) {
  return Buffer.from(`${user}:${password}`).toString("base64");
}
async function askHelper(host, where, store, key2, signal) {
  var _a;
  const helper = bounded(`docker-credential-${store}`, 100);
  const about = { ...where, helper };
  if (!/^[\w.-]+$/.test(store)) {
    return { facts: { kind: "helper-missing", ...about, message: "no program can be called that" } };
  }
  const { found } = await searchProgram(
    host,
    helper,
    pathEntries(host, "/").filter((entry) => entry !== "/")
  );
  if (found === void 0) return { facts: { kind: "helper-missing", ...about } };
  const run = await host.run([found, "get"], { signal, input: `${key2}
` });
  switch (run.kind) {
    case "not-started":
      return { facts: { kind: "helper-missing", ...about, message: `${found}: ${run.code}` } };
    case "timed-out":
      return { facts: { kind: "helper-hangs", ...about } };
    case "signalled":
      return { facts: { kind: "helper-failed", ...about, message: run.signal } };
    case "exited":
      break;
  }
  if (run.code !== 0) {
    const said = wordsOf(run.stdout.trim() || run.stderr.trim());
    if (/credentials not found/i.test(said)) return { facts: { kind: "none", ...about } };
    return { facts: { kind: "helper-failed", ...about, message: said || `exit code ${run.code}` } };
  }
  const { Username: user, Secret: secret } = (_a = parseObject2(run.stdout)) != null ? _a : {};
  if (typeof user !== "string" || typeof secret !== "string") {
    return { facts: { kind: "helper-failed", ...about, message: "it prints no login" } };
  }
  const credentials = user === "<token>" ? { identityToken: secret } : { basic: inBase64(user, secret) };
  return secret === "" ? { facts: { kind: "none", ...about } } : { facts: { kind: "found", ...about }, credentials };
}
function wordsOf(output) {
  const [line = ""] = output.split("\n", 1);
  if (/^[[{"]/.test(line)) return "";
  const words = line.replace(/[\w+/=~.-]{8,}/g, (word) => isWord(word) ? word : "***");
  return bounded(words, 300);
}
function isWord(word) {
  if (/^\/|^\d{4}-\d\d-|\.[a-z]/i.test(word)) return true;
  return !/[a-z]/i.test(word) || !/\d|[A-Z]{3,}[a-z]/.test(word);
}
function parseObject2(text2) {
  try {
    return objectOf(JSON.parse(text2));
  } catch {
    return void 0;
  }
}

// src/probes/registry.ts
function registryProbe(target) {
  return {
    name: `registry:${target.host}`,
    async collect(host, _request, signal, ask2) {
      const login2 = findLogin(host, target.host, signal);
      const credentials = login2.then((found) => found.credentials);
      let told;
      const insecure = () => {
        told != null ? told : told = isInsecure(target.host, ask2, signal);
        return told;
      };
      const asked = target.images.length > 0 ? target.images : [void 0];
      const looks = await Promise.all(
        asked.map(async (image) => {
          const way = { host, registry: target.host, image, signal, insecure };
          const look2 = await lookAt2(way, credentials);
          const refused = look2.answer.kind === "answered" && [401, 403, 404].includes(look2.answer.status);
          if (!look2.loggedIn || !refused) return look2;
          const anonymous = await lookAt2(way, Promise.resolve(void 0));
          return isThere(anonymous) ? { ...look2, publicAnyway: true } : look2;
        })
      );
      return { login: (await login2).facts, looks };
    }
  };
}
function isThere({ image, answer }) {
  return image !== void 0 && answer.kind === "answered" && answer.status === 200;
}
var manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
async function lookAt2(way, credentials) {
  var _a;
  const { image } = way;
  const path = image ? `/v2/${image.repository}/manifests/${image.reference}` : "/v2/";
  const method = image ? "HEAD" : "GET";
  const ask2 = (url2, insecure2, authorization) => {
    const headers = { accept: image ? manifestTypes : "*/*", ...authorization !== void 0 && { authorization } };
    return askFor(way, url2, insecure2, { method, headers });
  };
  const { url, answer: first, insecure } = await reach(way, path, ask2);
  const seen = (asked, answer2, at2, loggedIn) => ({
    ...image && { image: image.name },
    at: at2,
    url: shownUrl(asked),
    answer: replyOf(answer2, at2 === "token-server"),
    ...answer2.via !== void 0 && { via: answer2.via },
    ...answer2.trustedBy !== void 0 && { trustedBy: answer2.trustedBy },
    ...insecure && isSameHost(asked, url) && { insecure },
    loggedIn
  });
  if (first.kind !== "answered" || first.status !== 401) return seen(url, first, "registry", false);
  const challenge = (_a = first.headers["www-authenticate"]) != null ? _a : "";
  const login2 = await credentials;
  if (/^basic\b/i.test(challenge)) {
    if ((login2 == null ? void 0 : login2.basic) === void 0) return seen(url, first, "registry", false);
    return seen(url, await ask2(url, insecure, `Basic ${login2.basic}`), "registry", true);
  }
  if (!/^bearer\b/i.test(challenge)) return seen(url, first, "registry", false);
  const realm = urlOf(parameterOf(challenge, "realm"));
  if (!realm || !isSafe(realm, url, insecure)) {
    const message = realm ? `it gives out tokens at ${shownUrl(realm)}, without TLS` : "it does not say where it gives out tokens";
    return seen(realm != null ? realm : url, { kind: "failed", code: "EINSECURE", message }, "token-server", false);
  }
  const answer = await askForToken(
    way,
    realm,
    insecure && isSameHost(realm, url),
    parameterOf(challenge, "service"),
    login2
  );
  const token2 = tokenOf(answer);
  const idle = image === void 0 && login2 === void 0 && answer.kind === "answered" && answer.status !== 429;
  if (idle) return seen(url, first, "registry", false);
  if (token2 === void 0) return seen(realm, answer, "token-server", login2 !== void 0);
  return seen(url, await ask2(url, insecure, `Bearer ${token2}`), "registry", login2 !== void 0);
}
function askFor({ host, registry, signal }, url, insecure, question) {
  const authorities = [`/etc/docker/certs.d/${registry}/ca.crt`, ...systemAuthorities(host)];
  const verify = !insecure && !isLoopback(hostOf(url));
  return askUrl(host, url, { ...question, authorities, verify, maxBody: 64 * 1024, signal });
}
function apiOf(registry) {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}
async function reach(way, path, ask2) {
  const api = apiOf(way.registry);
  const url = new URL(`https://${api}${path}`);
  const answer = await ask2(url, false);
  const trouble = troubleWithTls(url, answer);
  const insecure = trouble !== void 0 && !isLoopback(hostOf(url));
  const allowed = trouble !== void 0 && (!insecure || await way.insecure());
  if (!allowed) return { url, answer, insecure: false };
  const next = trouble === "certificate" ? url : new URL(`http://${api}${path}`);
  return { url: next, answer: await ask2(next, insecure), insecure };
}
function isSafe(realm, registry, insecure) {
  if (realm.protocol === "https:" || insecure && isSameHost(realm, registry)) return true;
  return isLoopback(hostOf(realm)) && isLoopback(hostOf(registry));
}
function isSameHost(one, other) {
  return one.hostname === other.hostname;
}
function askForToken(way, realm, insecure, service2, login2) {
  const wanted = new URLSearchParams({
    ...service2 !== void 0 && { service: service2 },
    ...way.image && { scope: `repository:${way.image.repository}:pull` }
  });
  if ((login2 == null ? void 0 : login2.identityToken) !== void 0) {
    wanted.set("grant_type", "refresh_token");
    wanted.set("client_id", "runner-check");
    wanted.set("refresh_token", login2.identityToken);
    const headers2 = { "content-type": "application/x-www-form-urlencoded" };
    return askFor(way, realm, insecure, { method: "POST", headers: headers2, body: wanted.toString() });
  }
  const url = new URL(realm);
  for (const [name, value2] of wanted) url.searchParams.set(name, value2);
  const headers = (login2 == null ? void 0 : login2.basic) === void 0 ? {} : { authorization: `Basic ${login2.basic}` };
  return askFor(way, url, insecure, { headers });
}
function tokenOf(answer) {
  var _a;
  if (answer.kind !== "answered" || answer.status !== 200) return void 0;
  const { token: token2, access_token: accessToken } = (_a = objectOf(parse2(answer.body))) != null ? _a : {};
  return [token2, accessToken].find(
    (value2) => typeof value2 === "string" && /^[\x21-\x7e]+$/.test(value2)
  );
}
function parameterOf(challenge, name) {
  var _a;
  const match = new RegExp(`[\\s,]${name}=(?:"([^"]*)"|([^\\s,]*))`, "i").exec(challenge);
  return (_a = match == null ? void 0 : match[1]) != null ? _a : match == null ? void 0 : match[2];
}
function replyOf(answer, isToken) {
  var _a, _b, _c;
  switch (answer.kind) {
    case "failed":
      return {
        kind: "failed",
        code: answer.code,
        message: answer.message,
        ...answer.at !== void 0 && { at: answer.at }
      };
    case "timed-out":
    case "other-proxy":
      return { kind: answer.kind };
    case "answered":
      break;
  }
  const { status, headers, body } = answer;
  const challenge = (_c = (_b = /^\s*(\w+)/.exec((_a = headers["www-authenticate"]) != null ? _a : "")) == null ? void 0 : _b[1]) == null ? void 0 : _c.toLowerCase();
  const location = urlOf(headers.location);
  const message = status === 200 ? void 0 : errorOf2(body);
  const retryAfter = Number(headers["retry-after"]);
  const digest = headers["docker-content-digest"];
  return {
    kind: "answered",
    status,
    genuine: isToken ? tokenOf(answer) !== void 0 || status !== 200 : isGenuine(headers),
    ...challenge !== void 0 && { challenge: bounded(challenge, 40) },
    ...location && { location: shownUrl(location) },
    ...message !== void 0 && { message },
    ...retryAfter > 0 && { retryAfter },
    ...digest !== void 0 && /^\w+:[0-9a-f]{32,128}$/.test(digest) && { digest }
  };
}
function isGenuine(headers) {
  var _a;
  if (headers["docker-distribution-api-version"] || headers["docker-content-digest"]) return true;
  return !/^(?:text\/html|application\/xhtml)/i.test((_a = headers["content-type"]) != null ? _a : "");
}
function errorOf2(body) {
  const reply = objectOf(parse2(body));
  const first = objectOf(Array.isArray(reply == null ? void 0 : reply.errors) ? reply.errors[0] : void 0);
  const words = [first == null ? void 0 : first.code, first == null ? void 0 : first.message, reply == null ? void 0 : reply.details, reply == null ? void 0 : reply.message, reply == null ? void 0 : reply.error_description, reply == null ? void 0 : reply.error];
  const texts = words.filter((word) => typeof word === "string" && word !== "");
  return texts.length === 0 ? void 0 : bounded(texts.slice(0, 2).join(": "), 300);
}
function parse2(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}

// src/checks/check.ts
function defineCheck(check) {
  return check;
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
function holdsFor(entry, version) {
  const found = version === void 0 ? void 0 : findVersion(version);
  if (!found) return entry.ranges.some(isUnlimited) ? "yes" : "unknown";
  const between = /-\d+-g[0-9a-f]{4,}/.test(version != null ? version : "");
  const answers = entry.ranges.map((range) => between ? holdsBetween(range, found) : holds(range, found));
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}
function isUnlimited(range) {
  return range.from === void 0 && range.upTo === void 0 && range.before === void 0;
}
function holds(range, version) {
  if (range.from !== void 0 && compare(version, range.from) < 0) return "no";
  if (range.upTo !== void 0 && compare(version, range.upTo) > 0) return "no";
  if (range.before !== void 0 && compare(version, range.before) >= 0) return "no";
  return "yes";
}
function holdsBetween(range, base2) {
  const beforeIt = range.from !== void 0 && compare(base2, range.from) < 0;
  const atItsEnd = range.upTo !== void 0 && compare(base2, range.upTo) === 0;
  const maybeMended = range.before !== void 0 && compare(base2, range.before) < 0;
  return beforeIt || atItsEnd || maybeMended ? "unknown" : holds(range, base2);
}
function compare(version, bound) {
  const other = findVersion(bound);
  return other ? compareVersions(version, other) : 0;
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

// src/config/rule.ts
function defineRule(rule) {
  return rule;
}
function whereItHolds(id, setup, context) {
  if (setup.system === "forgejo") return void 0;
  const entry = runnerKnowledge(id);
  switch (holdsFor(entry, context.version)) {
    case "no":
      return void 0;
    case "unknown":
      return { versions: versionsOf(entry) };
    case "yes":
      return {};
  }
}

// src/policy/nearest.ts
function nearest(word, known2) {
  let best;
  for (const candidate of known2) {
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

// src/config/labels.ts
var otherSchemas = [
  "http",
  "https",
  "vm",
  "podman",
  "oci",
  "image",
  "container",
  "shell",
  "lxc",
  "kubernetes",
  "k8s"
];
function parseLabel(text2, system) {
  const [name = "", schema, argument] = splitInThree(text2);
  if (name.trim() === "") return { kind: "empty" };
  if (schema === void 0) {
    const kind = system === "gitea" ? "host" : "docker";
    return { kind: "label", label: { name, kind, image: kind === "docker" ? forgejoImage : "" } };
  }
  const image = (argument != null ? argument : "").replace(/^\/\//, "");
  if (schema === "host") return { kind: "label", label: { name, kind: "host", image: "" } };
  if (schema === "docker") {
    const fallback = system === "forgejo" ? forgejoImage : "";
    return { kind: "label", label: { name, kind: "docker", image: image === "" ? fallback : image } };
  }
  if (schema === "lxc" && system === "forgejo") return { kind: "label", label: { name, kind: "lxc", image } };
  const meant = meantSchema(schema, argument);
  return meant === null ? { kind: "opaque", schema } : { kind: "unknown-schema", schema, meant };
}
var forgejoImage = "node:22-bookworm";
function splitInThree(text2) {
  const first = text2.indexOf(":");
  if (first < 0) return [text2];
  const second = text2.indexOf(":", first + 1);
  if (second < 0) return [text2.slice(0, first), text2.slice(first + 1)];
  return [text2.slice(0, first), text2.slice(first + 1, second), text2.slice(second + 1)];
}
function meantSchema(schema, argument) {
  const word = schema.trim();
  if (word.startsWith("docker/") || word.startsWith("//")) return "docker";
  for (const known2 of ["docker", "host"]) {
    if (word !== "" && editDistance(word.toLowerCase(), known2) <= (known2 === "host" ? 1 : 2)) return known2;
  }
  if (otherSchemas.includes(word.toLowerCase())) return argument === void 0 ? void 0 : "docker";
  if (/^[\w.-]+\.[a-z]{2,}\//.test(word) || (argument == null ? void 0 : argument.startsWith("//")) || /^[\w.-]+$/.test(argument != null ? argument : "")) {
    return "docker";
  }
  return argument === void 0 ? null : void 0;
}
var imageReference = /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;
function isImageReference(image) {
  return image.length <= 512 && imageReference.test(image);
}
function tagOf(image) {
  var _a;
  const withoutDigest = (_a = image.split("@")[0]) != null ? _a : "";
  const last = withoutDigest.slice(withoutDigest.lastIndexOf("/") + 1);
  const colon = last.indexOf(":");
  return colon < 0 ? void 0 : last.slice(colon + 1);
}
function isFloating(image) {
  if (image.includes("@")) return false;
  const tag = tagOf(image);
  return tag === void 0 || tag === "latest";
}
function secretsInLabel(text2) {
  var _a, _b;
  const found = [];
  for (const match of text2.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{40}(?![A-Za-z0-9])/g)) {
    const isHexadecimal = /^[0-9a-f]+$/.test(match[0]);
    const isName = !text2.slice(0, match.index).includes(":");
    if (/\d/.test(match[0]) && /[A-Za-z]/.test(match[0]) && (!isHexadecimal || isName)) {
      found.push({ from: match.index, to: match.index + 40 });
    }
  }
  for (const match of text2.matchAll(/\b(?:gh[pousr]|github_pat|glpat)[_-][A-Za-z0-9_-]{16,}/g)) {
    found.push({ from: match.index, to: match.index + match[0].length });
  }
  for (const match of text2.matchAll(/\/\/([^/@\s]*:[^/@\s]*)@(?!sha256:)/g)) {
    const from = match.index + 2;
    found.push({ from, to: from + ((_b = (_a = match[1]) == null ? void 0 : _a.length) != null ? _b : 0) });
  }
  return found;
}

// src/config/shell-words.ts
var blanks = " \n	";
function splitWords(text2) {
  var _a;
  const words = [];
  let word = "";
  let start = -1;
  let at2 = 0;
  const begin = () => {
    if (start < 0) start = at2;
  };
  while (at2 < text2.length) {
    const char = (_a = text2[at2]) != null ? _a : "";
    if (blanks.includes(char)) {
      if (start >= 0) words.push({ text: word, offset: start });
      word = "";
      start = -1;
      at2++;
    } else if (char === "\\") {
      if (at2 + 1 >= text2.length) return { kind: "unterminated", what: "\\", offset: at2 };
      if (text2[at2 + 1] !== "\n") {
        begin();
        word += text2[at2 + 1];
      }
      at2 += 2;
    } else if (char === "'") {
      begin();
      const end = text2.indexOf("'", at2 + 1);
      if (end < 0) return { kind: "unterminated", what: "'", offset: at2 };
      word += text2.slice(at2 + 1, end);
      at2 = end + 1;
    } else if (char === '"') {
      begin();
      const quoted2 = readDoubleQuoted(text2, at2 + 1);
      if (!quoted2) return { kind: "unterminated", what: '"', offset: at2 };
      word += quoted2.text;
      at2 = quoted2.end;
    } else {
      begin();
      word += char;
      at2++;
    }
  }
  if (start >= 0) words.push({ text: word, offset: start });
  return { kind: "ok", words };
}
function readDoubleQuoted(text2, from) {
  var _a;
  let word = "";
  for (let at2 = from; at2 < text2.length; at2++) {
    const char = (_a = text2[at2]) != null ? _a : "";
    if (char === '"') return { text: word, end: at2 + 1 };
    const next = text2[at2 + 1];
    if (char === "\\" && next !== void 0 && '$`"\n\\'.includes(next)) {
      if (next !== "\n") word += next;
      at2++;
    } else {
      word += char;
    }
  }
  return void 0;
}

// src/config/tree.ts
function isNull(tree) {
  return tree.kind === "scalar" && tree.plain && ["", "~", "null", "Null", "NULL"].includes(tree.text);
}
function entryOf(tree, key2) {
  return (tree == null ? void 0 : tree.kind) === "map" ? tree.entries.find((entry) => entry.key === key2) : void 0;
}
function entryAt(root, ...path) {
  let tree = root;
  let entry;
  for (const key2 of path) {
    entry = entryOf(tree, key2);
    tree = entry == null ? void 0 : entry.value;
  }
  return entry;
}
function scalarAt(root, ...path) {
  var _a;
  const value2 = (_a = entryAt(root, ...path)) == null ? void 0 : _a.value;
  return (value2 == null ? void 0 : value2.kind) === "scalar" && !isNull(value2) ? value2 : void 0;
}
function positionIn(scalar2, offset) {
  var _a, _b, _c;
  const words = (_a = scalar2.words) != null ? _a : [];
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (((_c = (_b = words[middle]) == null ? void 0 : _b[0]) != null ? _c : 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = words[low - 1];
  if (!found) return { line: scalar2.line, column: scalar2.column };
  return { line: found[1], column: found[2] + (offset - found[0]) };
}

// src/config/setup.ts
function setupsOf(facts) {
  const configs = facts.files.filter((file) => file.kind === "config");
  const registrations = facts.files.filter((file) => file.kind === "registration");
  const units = facts.files.filter((file) => file.kind === "unit");
  const others = facts.files.filter(
    (file) => file.kind === "absent" || file.kind === "unreadable" || file.kind === "other"
  );
  const names2 = [...new Set(units.map((unit) => unit.unit))];
  if (configs.length <= 1 && registrations.length <= 1 && names2.length <= 1) {
    const [config] = configs;
    const [registration2] = registrations;
    const setup = { system: systemOf(config, units), units: inOrder(units), others };
    return facts.files.length === 0 ? [] : [{ ...setup, ...config && { config }, ...registration2 && { registration: registration2 } }];
  }
  const setups = [];
  const taken = /* @__PURE__ */ new Set();
  for (const config of configs) {
    const own2 = units.filter((unit) => unit.settings.some((setting) => setting.value.includes(config.path)));
    const sameUnit = units.filter((unit) => own2.some((other) => other.unit === unit.unit));
    const registration2 = registrations.find((file) => !taken.has(file) && belongs(file, config, sameUnit));
    for (const file of [config, ...sameUnit, ...registration2 ? [registration2] : []]) taken.add(file);
    setups.push({
      system: systemOf(config, sameUnit),
      config,
      units: inOrder(sameUnit),
      others: [],
      ...registration2 && { registration: registration2 }
    });
  }
  for (const registration2 of registrations) {
    if (!taken.has(registration2)) setups.push({ system: "gitea", registration: registration2, units: [], others: [] });
  }
  for (const name of names2) {
    const rest = units.filter((unit) => unit.unit === name && !taken.has(unit));
    if (rest.length > 0) setups.push({ system: systemOf(void 0, rest), units: inOrder(rest), others: [] });
  }
  if (others.length > 0) setups.push({ system: "gitea", units: [], others });
  return setups;
}
function belongs(file, config, units) {
  var _a;
  if (((_a = config.registration) == null ? void 0 : _a.path) === file.path) return true;
  if (units.some((unit) => {
    var _a2, _b;
    return ((_b = (_a2 = unit.machine) == null ? void 0 : _a2.registration) == null ? void 0 : _b.path) === file.path;
  })) return true;
  return directoryOf(file.path) === directoryOf(config.path);
}
function isRegistration(path) {
  return /\.runner$/.test(path);
}
function directoryOf(path) {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, Math.max(1, slash));
}
function inOrder(units) {
  return [...units].sort((a, b) => Number(a.dropIn) - Number(b.dropIn) || (a.path < b.path ? -1 : 1));
}
function systemOf(config, units) {
  if (config) return config.system;
  return units.some((unit) => unit.unit.startsWith("forgejo")) ? "forgejo" : "gitea";
}
function hasLabels(setup) {
  var _a, _b;
  const list = (_b = entryAt((_a = setup.config) == null ? void 0 : _a.root, "runner", "labels")) == null ? void 0 : _b.value;
  return (list == null ? void 0 : list.kind) === "list" && list.items.length > 0;
}
function labelTextsOf(setup) {
  var _a, _b;
  const { config, registration: registration2 } = setup;
  const list = (_a = entryAt(config == null ? void 0 : config.root, "runner", "labels")) == null ? void 0 : _a.value;
  if (config && hasLabels(setup) && (list == null ? void 0 : list.kind) === "list") {
    return list.items.flatMap((item) => item.kind === "scalar" ? [{ text: item, file: config.path }] : []);
  }
  return ((_b = registration2 == null ? void 0 : registration2.labels) != null ? _b : []).map((text2) => {
    var _a2;
    return { text: text2, file: (_a2 = registration2 == null ? void 0 : registration2.path) != null ? _a2 : "" };
  });
}
var understood = /* @__PURE__ */ new WeakMap();
function labelsOf(setup) {
  const known2 = understood.get(setup);
  if (known2) return known2;
  const labels = labelTextsOf(setup).flatMap((place2) => {
    const parsed = parseLabel(place2.text.text, setup.system);
    return parsed.kind === "label" ? [{ ...place2, label: parsed.label }] : [];
  });
  understood.set(setup, labels);
  return labels;
}
function usesDocker(setup) {
  var _a;
  if (flagAt((_a = setup.config) == null ? void 0 : _a.root, "container", "require_docker")) return "yes";
  const labels = labelsOf(setup);
  if (labels.length === 0) return "unknown";
  return labels.some(({ label: label3 }) => label3.kind === "docker") ? "yes" : "no";
}
function runsOnHost(setup) {
  return labelsOf(setup).some(({ label: label3 }) => label3.kind === "host");
}
function flagAt(root, ...path) {
  const scalar2 = scalarAt(root, ...path);
  if (!scalar2) return false;
  const words = scalar2.plain ? /^(?:true|yes|on|y)$/i : /^(?:yes|on|y)$/i;
  return words.test(scalar2.text);
}
function textAt(root, ...path) {
  var _a, _b;
  return (_b = (_a = scalarAt(root, ...path)) == null ? void 0 : _a.text) != null ? _b : "";
}
function textsAt(root, ...path) {
  var _a;
  const list = (_a = entryAt(root, ...path)) == null ? void 0 : _a.value;
  return (list == null ? void 0 : list.kind) === "list" ? list.items.flatMap((item) => item.kind === "scalar" ? [item.text] : []) : [];
}
function numberAt(root, ...path) {
  const scalar2 = scalarAt(root, ...path);
  const value2 = (scalar2 == null ? void 0 : scalar2.plain) ? Number(scalar2.text.split("_").join("")) : Number.NaN;
  return Number.isFinite(value2) ? Math.trunc(value2) : void 0;
}
function hasEnv(setup, name) {
  var _a, _b;
  const envs = (_b = entryAt((_a = setup.config) == null ? void 0 : _a.root, "runner", "envs")) == null ? void 0 : _b.value;
  return (envs == null ? void 0 : envs.kind) === "map" && envs.entries.some((entry) => entry.key === name);
}
function unitSettings(setup, section, name) {
  let settings = [];
  for (const unit of setup.units) {
    for (const setting of unit.settings) {
      if (setting.section !== section || setting.name !== name) continue;
      settings = setting.value === "" ? [] : [...settings, { ...setting, file: unit.path }];
    }
  }
  return settings;
}
function unitEnvironment(setup, name) {
  let value2;
  for (const setting of unitSettings(setup, "Service", "Environment")) {
    const split = splitWords(setting.value);
    for (const word of split.kind === "ok" ? split.words : []) {
      if (word.text.startsWith(`${name}=`)) value2 = word.text.slice(name.length + 1);
    }
  }
  return value2;
}

// src/config/rules/cache.ts
var cache = defineRule({
  id: "config/cache",
  title: "Jobs can use the cache server, and its secret is kept",
  reasons: {
    "host-unspecified": { level: "fail", summary: "`cache.host` is an address that no job can connect to" },
    "external-without-secret": {
      level: "fail",
      summary: "an external cache server is named without the secret that it shares with the runner"
    },
    "secret-in-file": { level: "warn", summary: "the cache's secret stands in a file that everybody may read" }
  },
  fine: "the cache server can be reached and its secret is kept",
  find(setup, context) {
    const { config } = setup;
    if (!(config == null ? void 0 : config.root)) return [];
    const enabled = scalarAt(config.root, "cache", "enabled");
    const isOff = enabled !== void 0 && !flagAt(config.root, "cache", "enabled");
    const found = [];
    const place2 = (scalar2) => ({
      file: config.path,
      line: scalar2.line,
      column: scalar2.column
    });
    const host = scalarAt(config.root, "cache", "host");
    const inOwnNetwork = usesDocker(setup) === "yes" && textAt(config.root, "container", "network") !== "host";
    if (!isOff && host && isUnreachable(host.text, inOwnNetwork)) {
      found.push({
        ...place2(host),
        reason: "host-unspecified",
        message: `\`cache.host\` is \`${host.text}\`, which no job can connect to`,
        why: "This is not where the server listens but what jobs are told to connect to: each `actions/cache` step waits for its time-out and goes on without a cache.",
        expected: "an address of the runner that job containers reach, or nothing",
        found: `\`${host.text}\``,
        remedy: {
          text: "Leave it empty: the runner then finds its own address. A runner that is a container itself needs an address that jobs reach, and a port that is published.",
          kind: "runner",
          config: { file: config.path, language: "yaml", text: 'cache:\n  host: ""' }
        }
      });
    }
    const server = scalarAt(config.root, "cache", "external_server");
    const secret = scalarAt(config.root, "cache", "external_secret");
    const fromFile = whereItHolds("external-secret-file", setup, context);
    const hasFile = fromFile !== void 0 && textAt(config.root, "cache", "external_secret_file") !== "";
    const hasSecret = hasFile || Boolean(secret == null ? void 0 : secret.text);
    const needsSecret = whereItHolds("external-cache-needs-secret", setup, context);
    if (!isOff && (server == null ? void 0 : server.text) && !hasSecret && needsSecret) {
      found.push({
        ...place2(server),
        reason: "external-without-secret",
        message: "`cache.external_server` is set, and no secret to use it with",
        why: "The runner ends at its start (`cache.external_server is set but \u2026`), and takes no job.",
        expected: "`cache.external_secret_file` (from 2.3.0 on) or `cache.external_secret`, the same as the cache server's",
        found: "neither of them",
        remedy: {
          text: "Make a secret once, and name its file on the cache server and on every runner that uses it.",
          kind: "runner",
          commands: [
            "openssl rand -hex 32 | sudo install -m 600 -o gitea-runner /dev/stdin /etc/gitea-runner/cache-secret"
          ],
          config: {
            file: config.path,
            language: "yaml",
            text: "cache:\n  external_secret_file: /etc/gitea-runner/cache-secret"
          }
        },
        ...needsSecret.versions !== void 0 && { versions: needsSecret.versions }
      });
    }
    const key2 = setup.system === "gitea" ? "external_secret" : "secret";
    const inFile = entryAt(config.root, "cache", key2);
    const isOpen = (config.mode & 4) !== 0;
    if (inFile && textAt(config.root, "cache", key2) !== "" && isOpen) {
      found.push({
        file: config.path,
        line: inFile.line,
        column: inFile.column,
        reason: "secret-in-file",
        message: `\`cache.${key2}\` stands in a file that everybody may read`,
        why: "Whoever has it can read and replace what other repositories keep in the cache, and so put code into their builds.",
        expected: fromFile ? "`cache.external_secret_file`, or a file that only the runner reads" : "a file that only the runner reads",
        found: `\`${key2}\` in a file with mode ${config.mode.toString(8)}`,
        remedy: {
          text: fromFile ? "Put the secret into a file of its own (from 2.3.0 on)." : "Let only the runner's user read the file.",
          kind: "runner",
          ...fromFile && {
            config: {
              file: config.path,
              language: "yaml",
              text: "cache:\n  external_secret_file: /etc/gitea-runner/cache-secret"
            }
          },
          ...!fromFile && { commands: ["sudo chmod o-rwx config.yaml"] },
          ...fromFile && {
            otherwise: {
              text: "Or let only the runner's user read the configuration.",
              kind: "host",
              commands: ["sudo chmod o-rwx config.yaml"]
            }
          }
        }
      });
    }
    return found;
  }
});
function isUnreachable(host, inOwnNetwork) {
  const bare3 = host.trim().replace(/^\[|\]$/g, "");
  if (/^(?:0\.0\.0\.0|::|0|0:0:0:0:0:0:0:0)$/.test(bare3)) return true;
  return inOwnNetwork && /^(?:localhost|127(?:\.\d+){1,3}|::1)$/i.test(bare3);
}

// src/config/rules/capacity.ts
var networksOfDefaultPools = 30;
var capacity = defineRule({
  id: "config/capacity",
  title: "Docker has a network for every job that may run",
  reasons: {
    "address-pool": { level: "warn", summary: "more jobs may run at once than Docker has networks for by default" }
  },
  fine: "there are networks for as many jobs as may run",
  find(setup) {
    var _a;
    const { config } = setup;
    const entry = entryAt(config == null ? void 0 : config.root, "runner", "capacity");
    const jobs = (_a = numberAt(config == null ? void 0 : config.root, "runner", "capacity")) != null ? _a : 1;
    if (!config || !entry || jobs < networksOfDefaultPools) return [];
    if (textAt(config.root, "container", "network") !== "" || usesDocker(setup) === "no") return [];
    return [
      {
        reason: "address-pool",
        file: config.path,
        line: entry.line,
        column: entry.column,
        message: `${jobs} jobs may run at once, each in a network of its own, and Docker has ${networksOfDefaultPools} by default`,
        why: "The jobs beyond that fail in their set-up with `all predefined address pools have been fully subnetted`. Networks that stay behind count too.",
        expected: `fewer than ${networksOfDefaultPools} jobs, or wider address pools of the daemon`,
        found: `\`capacity: ${jobs}\``,
        remedy: {
          text: "Lower the capacity, or give the daemon pools with more and smaller networks and restart it.",
          kind: "host",
          config: {
            file: "/etc/docker/daemon.json",
            language: "json",
            text: '{ "default-address-pools": [{ "base": "10.200.0.0/16", "size": 24 }] }'
          },
          otherwise: {
            text: "Where the daemon has such pools already, accept the finding in the policy, or switch it off with `config/capacity: off` in its `severity`.",
            kind: "runner"
          }
        }
      }
    ];
  }
});

// src/own.ts
function own(record, key2) {
  var _a;
  return (_a = Object.getOwnPropertyDescriptor(record, key2)) == null ? void 0 : _a.value;
}

// src/config/create-flags.ts
var pair = [/^[^=\s]+=/, "`name=value`"];
var address = [
  /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$|^[\da-f.]*:[\da-f:.]*$/i,
  "an IP address"
];
var size = /^\d+(?:\.\d*)? ?(?:[kmgtpKMGTP]?[iI]?[bB]?)$/;
var createFlags = {
  "add-host": { type: "text", shape: [/^[^:=]+[:=].+$/, "`name:address`"] },
  annotation: { type: "text", since: "1.0.4" },
  attach: { type: "text", short: "a", shape: [/^(?:stdin|stdout|stderr)$/i, "`stdin`, `stdout` or `stderr`"] },
  "blkio-weight": { type: "number", shape: [/^\d{1,4}$/, "a number from 10 to 1000"] },
  "blkio-weight-device": { type: "text" },
  "cap-add": { type: "text" },
  "cap-drop": { type: "text" },
  "cgroup-parent": { type: "text" },
  cgroupns: { type: "text", shape: [/^(?:host|private)?$/, "`host` or `private`"] },
  cidfile: { type: "text" },
  "cpu-count": { type: "number" },
  "cpu-percent": { type: "number" },
  "cpu-period": { type: "number" },
  "cpu-quota": { type: "number" },
  "cpu-rt-period": { type: "number" },
  "cpu-rt-runtime": { type: "number" },
  "cpu-shares": { type: "number", short: "c" },
  cpus: { type: "text", shape: [/^\d*\.?\d+$|^\d+\.$/, "a number such as `2` or `1.5`"] },
  "cpuset-cpus": { type: "text" },
  "cpuset-mems": { type: "text" },
  device: { type: "text" },
  "device-cgroup-rule": {
    type: "text",
    shape: [/^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/, "a rule such as `c 42:* rmw`"]
  },
  "device-read-bps": { type: "text" },
  "device-read-iops": { type: "text" },
  "device-write-bps": { type: "text" },
  "device-write-iops": { type: "text" },
  "disable-content-trust": { type: "flag", since: "2.3.0" },
  dns: { type: "text", shape: address },
  "dns-opt": { type: "text" },
  "dns-option": { type: "text" },
  "dns-search": { type: "text" },
  domainname: { type: "text" },
  entrypoint: { type: "text" },
  env: { type: "environment", short: "e", shape: [/^[^=]/, "`NAME=value`"] },
  "env-file": { type: "text" },
  expose: { type: "text" },
  gpus: {
    type: "text",
    shape: [
      /^(?:all|-?\d+|(?:driver|count|device|capabilities|options)=.*|"[^"]*")(?:,.*)?$/,
      "`all`, a number, or `device=0`"
    ]
  },
  "group-add": { type: "text" },
  "health-cmd": { type: "text" },
  "health-interval": { type: "duration" },
  "health-retries": { type: "number" },
  "health-start-interval": { type: "duration", since: "1.0.4" },
  "health-start-period": { type: "duration" },
  "health-timeout": { type: "duration" },
  hostname: { type: "text", short: "h" },
  init: { type: "flag" },
  interactive: { type: "flag", short: "i" },
  "io-maxbandwidth": { type: "bytes" },
  "io-maxiops": { type: "number" },
  ip: { type: "text", shape: address },
  ip6: { type: "text", shape: address },
  ipc: { type: "text" },
  isolation: { type: "text" },
  "kernel-memory": { type: "bytes" },
  label: { type: "text", short: "l", shape: [/^[^\s=]+(?:=|$)/, "`name=value`, without blanks in the name"] },
  "label-file": { type: "text" },
  link: { type: "text" },
  "link-local-ip": { type: "text" },
  "log-driver": { type: "text" },
  "log-opt": { type: "text" },
  "mac-address": {
    type: "text",
    shape: [/^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$/i, "an address such as `92:d0:c6:0a:29:33`"]
  },
  memory: { type: "bytes", short: "m" },
  "memory-reservation": { type: "bytes" },
  "memory-swap": { type: "text", shape: [/^-1$|^\d+(?:\.\d*)? ?(?:[kmgtp]?i?b?)$/i, "a size such as `8g`, or `-1`"] },
  "memory-swappiness": { type: "number", shape: [/^(?:-1|\d{1,2}|100)$/, "a number from 0 to 100"] },
  mount: {
    type: "mount",
    shape: [
      /^(?:[\w-]+=[^,]*|readonly|ro|"[^"]*")(?:,(?:[\w-]+=[^,]*|readonly|ro|bind-nonrecursive|volume-nocopy|"[^"]*"))*$/,
      "fields such as `type=bind,source=/a,target=/b`"
    ]
  },
  name: { type: "text", since: "2.3.0" },
  net: { type: "text" },
  "net-alias": { type: "text" },
  network: { type: "text" },
  "network-alias": { type: "text" },
  "no-healthcheck": { type: "flag" },
  "oom-kill-disable": { type: "flag" },
  "oom-score-adj": { type: "number" },
  pid: { type: "text", shape: [/^(?:host|container:.+)?$/, "`host` or `container:name`"] },
  "pids-limit": { type: "number" },
  platform: { type: "text", since: "2.3.0" },
  privileged: { type: "flag" },
  publish: {
    type: "text",
    short: "p",
    shape: [/(?:^|:)\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp))?$/i, "ports such as `8080:80`"]
  },
  "publish-all": { type: "flag", short: "P" },
  pull: { type: "text", since: "2.3.0" },
  quiet: { type: "flag", short: "q", since: "2.3.0" },
  "read-only": { type: "flag" },
  restart: { type: "text" },
  rm: { type: "flag" },
  runtime: { type: "text" },
  "security-opt": { type: "text" },
  "shm-size": { type: "bytes" },
  "stop-signal": { type: "text" },
  "stop-timeout": { type: "number" },
  "storage-opt": { type: "text", shape: pair },
  sysctl: { type: "text", shape: pair },
  tmpfs: { type: "text" },
  tty: { type: "flag", short: "t" },
  ulimit: { type: "text", shape: [/^[a-z]+=-?\d+(?::-?\d+)?$/, "a limit such as `nofile=65536:65536`"] },
  "use-api-socket": { type: "flag", since: "2.3.0" },
  user: { type: "text", short: "u" },
  userns: { type: "text", shape: [/^(?:host)?$/, "`host`"] },
  uts: { type: "text", shape: [/^(?:host)?$/, "`host`"] },
  volume: {
    type: "volume",
    short: "v",
    shape: [/^[^:]+(?::[^:]+){0,2}$/, "`source:target`, with options after a second colon"]
  },
  "volume-driver": { type: "text" },
  "volumes-from": { type: "text" },
  workdir: { type: "text", short: "w" }
};
var shorthands = Object.fromEntries(
  Object.entries(createFlags).flatMap(([name, flag2]) => flag2.short ? [[flag2.short, name]] : [])
);
function readOptions(text2) {
  const split = splitWords(text2);
  if (split.kind === "unterminated") return { flags: [], problem: split };
  const flags = [];
  const { words } = split;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    if (word.text === "--") break;
    if (!word.text.startsWith("-") || word.text === "-") continue;
    const isLong = word.text.startsWith("--");
    const outcome = isLong ? readLong(word.text, word.offset, words[index + 1]) : readShort(word.text, word.offset, words[index + 1]);
    flags.push(...outcome.flags);
    if (outcome.problem) return { flags, problem: outcome.problem };
    if (outcome.tookNext) index++;
  }
  return { flags };
}
function readLong(written, offset, next) {
  const equals = written.indexOf("=");
  const name = equals < 0 ? written.slice(2) : written.slice(2, equals);
  const flag2 = own(createFlags, name);
  if (!flag2) {
    const meant = nearest(name, Object.keys(createFlags));
    const problem = { kind: "unknown", flag: `--${name}`, meant: meant && `--${meant}`, offset };
    return { flags: [], tookNext: false, problem };
  }
  if (equals >= 0) {
    return given(name, `--${name}`, written.slice(equals + 1), offset, offset + equals + 1, false);
  }
  if (flag2.type === "flag") return given(name, `--${name}`, void 0, offset, offset, false);
  if (!next) return { flags: [], tookNext: false, problem: { kind: "no-value", flag: `--${name}`, offset } };
  return given(name, `--${name}`, next.text, offset, next.offset, true);
}
function readShort(written, offset, next) {
  var _a, _b;
  const flags = [];
  for (let at2 = 1; at2 < written.length; at2++) {
    const letter = (_a = written[at2]) != null ? _a : "";
    const name = own(shorthands, letter);
    const flag2 = name === void 0 ? void 0 : createFlags[name];
    if (name === void 0 || !flag2) {
      const word = (_b = written.slice(1).split("=")[0]) != null ? _b : "";
      const long = word.length > 2 ? nearest(word, Object.keys(createFlags)) : void 0;
      const shown2 = long ? `-${word}` : `-${letter}`;
      const problem = { kind: "unknown", flag: shown2, meant: long && `--${long}`, offset };
      return { flags, tookNext: false, problem };
    }
    const rest = written.slice(at2 + 1);
    if (rest.startsWith("=")) {
      return prepend(flags, given(name, `-${letter}`, rest.slice(1), offset, offset + at2 + 2, false));
    }
    if (flag2.type === "flag") {
      flags.push(...given(name, `-${letter}`, void 0, offset, offset, false).flags);
      continue;
    }
    if (rest !== "") return prepend(flags, given(name, `-${letter}`, rest, offset, offset + at2 + 1, false));
    if (!next) return { flags, tookNext: false, problem: { kind: "no-value", flag: `-${letter}`, offset } };
    return prepend(flags, given(name, `-${letter}`, next.text, offset, next.offset, true));
  }
  return { flags, tookNext: false };
}
function prepend(flags, last) {
  return { ...last, flags: [...flags, ...last.flags] };
}
function given(name, written, value2, offset, valueOffset, tookNext) {
  const flag2 = createFlags[name];
  const expected = value2 === void 0 || !flag2 ? void 0 : expectedOf(flag2, value2);
  if (value2 !== void 0 && expected !== void 0) {
    const problem = { kind: "bad-value", flag: written, value: value2, expected, offset: valueOffset };
    return { flags: [], tookNext, problem };
  }
  const since = flag2 == null ? void 0 : flag2.since;
  const entry = { name, written, value: value2, offset, valueOffset, ...since !== void 0 && { since } };
  return { flags: [entry], tookNext };
}
function expectedOf({ type: type2, shape }, value2) {
  if (shape) return shape[0].test(value2) ? void 0 : shape[1];
  switch (type2) {
    case "flag":
      return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value2) ? void 0 : "`true` or `false`";
    case "number":
      return /^[+-]?(?:0[xob])?[\d_a-fA-F]+$/.test(value2) && /\d/.test(value2) ? void 0 : "a whole number";
    case "bytes":
      return size.test(value2) ? void 0 : "a size such as `8g` or `512m`";
    case "duration":
      return isDuration(value2) ? void 0 : "a duration such as `30s` or `1m30s`";
    default:
      return void 0;
  }
}
function isDuration(text2) {
  return /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text2);
}
function isOn(flag2) {
  return flag2.value === void 0 || /^(?:1|t|T|TRUE|true|True)$/.test(flag2.value);
}

// src/config/glob.ts
var maxAlternatives = 64;
function globMatches(pattern, text2, stopAtSlash) {
  return alternatives(pattern).some((one) => matches(stepsOf(one, stopAtSlash), text2));
}
function matches(steps, text2) {
  let current = withSkipped(/* @__PURE__ */ new Set([0]), steps);
  for (const char of text2) {
    const next = /* @__PURE__ */ new Set();
    for (const index of current) {
      const step = steps[index];
      if ((step == null ? void 0 : step.kind) === "one" && step.passes(char)) next.add(index + 1);
      if ((step == null ? void 0 : step.kind) === "many" && (step.crossing || char !== "/")) next.add(index);
    }
    if (next.size === 0) return false;
    current = withSkipped(next, steps);
  }
  return current.has(steps.length);
}
function withSkipped(indices, steps) {
  var _a;
  for (const index of indices) if (((_a = steps[index]) == null ? void 0 : _a.kind) === "many") indices.add(index + 1);
  return indices;
}
function stepsOf(pattern, stopAtSlash) {
  var _a, _b;
  const steps = [];
  for (let at2 = 0; at2 < pattern.length; at2++) {
    const char = (_a = pattern[at2]) != null ? _a : "";
    if (char === "*") {
      const isDouble = pattern[at2 + 1] === "*";
      while (pattern[at2 + 1] === "*") at2++;
      steps.push({ kind: "many", crossing: isDouble || !stopAtSlash });
    } else if (char === "?") {
      steps.push({ kind: "one", passes: (other) => !stopAtSlash || other !== "/" });
    } else if (char === "[" && pattern.indexOf("]", at2 + 2) > 0) {
      const end = pattern.indexOf("]", at2 + 2);
      steps.push({ kind: "one", passes: classOf(pattern.slice(at2 + 1, end)) });
      at2 = end;
    } else {
      const literal = char === "\\" ? (_b = pattern[++at2]) != null ? _b : "\\" : char;
      steps.push({ kind: "one", passes: (other) => other === literal });
    }
  }
  return steps;
}
function classOf(inside) {
  const isNegated = /^[!^]/.test(inside);
  const members = isNegated ? inside.slice(1) : inside;
  return (char) => {
    var _a;
    for (let at2 = 0; at2 < members.length; at2++) {
      const from = (_a = members[at2]) != null ? _a : "";
      const to = members[at2 + 1] === "-" ? members[at2 + 2] : void 0;
      if (to !== void 0) at2 += 2;
      if (char >= from && char <= (to != null ? to : from)) return !isNegated;
    }
    return isNegated;
  };
}
function alternatives(pattern) {
  const open = pattern.indexOf("{");
  const close = pattern.indexOf("}", open);
  if (open < 0 || close < 0) return [pattern];
  const before = pattern.slice(0, open);
  const after2 = alternatives(pattern.slice(close + 1));
  return pattern.slice(open + 1, close).split(",").flatMap((choice) => after2.map((rest) => before + choice + rest)).slice(0, maxAlternatives);
}

// src/config/volumes.ts
var socketPath = "/var/run/docker.sock";
function mountsOf(flags) {
  return flags.flatMap((flag2) => {
    if (flag2.value === void 0) return [];
    if (flag2.name === "volume") return readVolume(flag2.value, flag2.valueOffset);
    return flag2.name === "mount" ? readMount(flag2.value, flag2.valueOffset) : [];
  });
}
function readVolume(text2, offset) {
  const [first = "", second, third, ...more] = text2.split(":");
  if (first === "" || second === "" || third === "" || more.length > 0) return [];
  if (second === void 0) return [{ source: "", target: first, type: "volume", offset }];
  return [{ source: first, target: second, type: isPath(first) ? "bind" : "volume", offset }];
}
function readMount(text2, offset) {
  var _a, _b, _c, _d, _e;
  const fields = /* @__PURE__ */ new Map();
  for (const field2 of text2.split(",")) {
    const equals = field2.indexOf("=");
    if (equals > 0) fields.set(field2.slice(0, equals).toLowerCase(), field2.slice(equals + 1));
  }
  const target = (_b = (_a = fields.get("target")) != null ? _a : fields.get("destination")) != null ? _b : fields.get("dst");
  const type2 = (_c = fields.get("type")) != null ? _c : "volume";
  if (target === void 0 || type2 !== "bind" && type2 !== "volume") return [];
  return [{ source: (_e = (_d = fields.get("source")) != null ? _d : fields.get("src")) != null ? _e : "", target, type: type2, offset }];
}
function isPath(source) {
  return /^[./~]/.test(source);
}
function isAllowed(mount, validVolumes2, stopAtSlash) {
  if (mount.source === "" || validVolumes2.includes("**")) return true;
  const clean = (text2) => mount.type === "bind" ? normalize(text2) : text2;
  return validVolumes2.filter((pattern) => isHostPattern(pattern) === (mount.type === "bind")).flatMap((pattern) => stopAtSlash && pattern.endsWith("/**") ? [pattern, pattern.slice(0, -3)] : [pattern]).some((pattern) => globMatches(clean(pattern), clean(mount.source), stopAtSlash));
}
function isHostPattern(pattern) {
  return pattern.includes("/") || pattern.includes("\\");
}
function normalize(path) {
  const parts = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  const clean = `${path.startsWith("/") ? "/" : ""}${parts.join("/")}`;
  return clean === "/var/run" || clean.startsWith("/var/run/") ? clean.slice("/var".length) : clean;
}

// src/config/docker-access.ts
function dockerHostOf(setup) {
  var _a, _b;
  const configured = textAt((_a = setup.config) == null ? void 0 : _a.root, "container", "docker_host");
  if (configured !== "" || setup.system === "forgejo") return configured;
  return (_b = unitEnvironment(setup, "DOCKER_HOST")) != null ? _b : "";
}
function socketSharing(setup) {
  const host = dockerHostOf(setup);
  const isForgejo = setup.system === "forgejo";
  if (host === "-") return { kind: "none", because: '`container.docker_host` is `"-"`' };
  if (host === "") {
    return isForgejo ? { kind: "none", because: "Forgejo's runner shares no socket unless `container.docker_host` says so" } : { kind: "mounted", source: socketPath, assumed: true };
  }
  if (host === "automount") return { kind: "mounted", source: socketPath, assumed: true };
  const [scheme = "", rest] = host.split("://");
  if (rest === void 0) return { kind: "mounted", source: host, assumed: false };
  if (/^unix$/i.test(scheme)) return { kind: "mounted", source: rest, assumed: false };
  if (/^npipe$/i.test(scheme)) return { kind: "mounted", source: socketPath, assumed: false };
  return { kind: "none", because: `the daemon is reached by \`${scheme}://\`, which cannot be mounted` };
}
function optionsOf(setup) {
  var _a;
  const scalar2 = scalarAt((_a = setup.config) == null ? void 0 : _a.root, "container", "options");
  return { scalar: scalar2, options: scalar2 ? readOptions(scalar2.text) : { flags: [] } };
}
function isPrivileged(setup) {
  var _a;
  return flagAt((_a = setup.config) == null ? void 0 : _a.root, "container", "privileged");
}
function givesGpu(flag2) {
  var _a;
  const value2 = (_a = flag2.value) != null ? _a : "";
  switch (flag2.name) {
    case "gpus":
      return true;
    case "device":
      return /nvidia|\/dev\/(?:dri|kfd)|gpu/i.test(value2);
    case "runtime":
      return value2 === "nvidia";
    case "env":
      return value2.startsWith("NVIDIA_VISIBLE_DEVICES");
    case "privileged":
      return isOn(flag2);
    default:
      return false;
  }
}

// src/config/yaml-text.ts
function yamlText(text2) {
  return /^[A-Za-z0-9_./][A-Za-z0-9_./:@%+=*-]*$/.test(text2) && !/:$/.test(text2) ? text2 : JSON.stringify(text2);
}

// src/config/rules/docker-host.ts
var dockerHost = defineRule({
  id: "config/docker-host",
  title: "The runner finds its Docker daemon, and jobs get to it",
  reasons: {
    invalid: { level: "fail", summary: "`container.docker_host` is no address of a Docker daemon" },
    "not-mounted": { level: "warn", summary: "jobs get no Docker socket" },
    "tcp-without-tls": { level: "fail", summary: "the Docker daemon is reached over the network without TLS" }
  },
  fine: "the address of the daemon is well-formed, and jobs get to it",
  find(setup, context) {
    const { config } = setup;
    const scalar2 = scalarAt(config == null ? void 0 : config.root, "container", "docker_host");
    if (!config || !scalar2 || scalar2.text === "") return [];
    const place2 = { file: config.path, line: scalar2.line, column: scalar2.column };
    const host = scalar2.text;
    const problem = problemOf(host, setup);
    if (problem) return [invalid(place2, host, problem)];
    if (setup.system === "forgejo" && (host === "-" || host === "automount")) return [];
    const plain2 = isPlainTcp(setup, host) ? [withoutTls(place2, host, setup.system)] : [];
    const isShared = /^(?:unix|npipe):/i.test(host) || hasEnv(setup, "DOCKER_HOST");
    const isMounted = mountsOf(optionsOf(setup).options.flags).some(({ target }) => target === socketPath);
    return isShared || isMounted || !mayNeedDocker(setup, context) ? plain2 : [...plain2, notMounted(place2, host)];
  }
});
function mayNeedDocker(setup, context) {
  return context.dockerRequired === true || usesDocker(setup) !== "no";
}
function problemOf(host, setup) {
  if (host === "-") return void 0;
  if (host === "automount") {
    return setup.system === "forgejo" ? void 0 : {
      what: "`automount` is a word of Forgejo's runner; Gitea's mounts the socket where the key is empty",
      mended: ""
    };
  }
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(host);
  if (!match) {
    const path = host.replace(/^unix:\/*/, "/");
    return { what: "it has no scheme", mended: path.startsWith("/") ? `unix://${path}` : void 0 };
  }
  const [, scheme = "", rest = ""] = match;
  switch (scheme.toLowerCase()) {
    case "unix":
      return rest.startsWith("/") ? void 0 : { what: "a unix socket needs three slashes", mended: `unix:///${rest}` };
    case "tcp":
      return /^[^/?#\s]+:\d{1,5}\/?$/.test(rest) ? void 0 : { what: "it names no port", mended: `tcp://${rest.replace(/\/+$/, "") || "host"}:2376` };
    case "npipe":
    case "http":
    case "https":
      return void 0;
    case "ssh":
      return setup.system === "forgejo" ? void 0 : { what: "the runner's Docker client speaks no `ssh`", mended: void 0 };
    default:
      return { what: `no Docker client knows \`${scheme.slice(0, 20)}://\``, mended: void 0 };
  }
}
function invalid(place2, host, problem) {
  var _a;
  return {
    ...place2,
    reason: "invalid",
    message: `\`container.docker_host\` is no address of a daemon: ${problem.what}`,
    why: "A runner with a container label ends at its start with `cannot ping the docker daemon, is it running?` or `unable to parse docker host`, and takes no job.",
    expected: "empty, `-`, `unix:///path/to/docker.sock` or `tcp://host:port`",
    found: `\`${host.slice(0, 200)}\``,
    remedy: {
      text: "Write the address with its scheme.",
      kind: "runner",
      config: {
        file: place2.file,
        language: "yaml",
        text: `container:
  docker_host: ${yamlText((_a = problem.mended) != null ? _a : "unix:///var/run/docker.sock")}`
      }
    }
  };
}
function isPlainTcp(setup, host) {
  var _a;
  const match = /^(?:tcp|http):\/\/(\[[^\]]*\]|[^:/]+)/i.exec(host);
  if (!match) return false;
  if (/^(?:localhost|127\.|\[::1\])/.test((_a = match[1]) != null ? _a : "")) return false;
  const names2 = ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"];
  if (names2.some((name) => unitEnvironment(setup, name) !== void 0 || hasEnv(setup, name))) return false;
  return !/:2376\/?$/.test(host);
}
function withoutTls(place2, host, system) {
  return {
    ...place2,
    reason: "tcp-without-tls",
    message: `\`${host.slice(0, 200)}\` is spoken to without TLS`,
    why: "Whoever reaches that port may start containers there, and so is root on that machine; jobs and everybody else in the network can.",
    expected: "a unix socket, or `tcp://host:2376` with certificates",
    found: `\`${host.slice(0, 200)}\``,
    remedy: {
      text: "Let the daemon demand certificates, and give the runner its own in the environment of its service.",
      kind: "runner",
      config: {
        file: `${system}-runner.service`,
        language: "ini",
        text: `[Service]
Environment=DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/etc/${system}-runner/docker-certs`
      },
      otherwise: { text: "Or run the runner beside its daemon and use the socket.", kind: "runner" }
    }
  };
}
function notMounted(place2, host) {
  const isDash = host === "-";
  return {
    ...place2,
    reason: "not-mounted",
    message: isDash ? '`container.docker_host: "-"` keeps the Docker socket out of every job' : `a daemon at \`${host.slice(0, 200)}\` cannot be mounted, and jobs are not told where it is`,
    why: "A job that calls `docker` fails with `Cannot connect to the Docker daemon`. Where no job needs Docker this is as it should be, and the safer way.",
    expected: isDash ? "an empty `docker_host`, or a unix socket" : "`DOCKER_HOST` in `runner.envs`",
    found: `\`${host.slice(0, 200)}\``,
    remedy: {
      text: isDash ? "If jobs need Docker, leave the key empty: the runner then finds the socket and mounts it. If none does, set `config/docker-host: off` in the policy's `severity`." : "Tell the jobs where the daemon is.",
      kind: "runner",
      config: {
        file: place2.file,
        language: "yaml",
        text: isDash ? 'container:\n  docker_host: ""' : `runner:
  envs:
    DOCKER_HOST: ${yamlText(host)}`
      }
    }
  };
}

// src/config/rules/gpu-label.ts
var gpuLabel = defineRule({
  id: "config/gpu-label",
  title: "Containers of GPU labels get a GPU",
  reasons: {
    "no-gpu-option": { level: "fail", summary: "a label promises a GPU, and no option brings one into its containers" }
  },
  fine: "no label promises a GPU that its containers do not get",
  find(setup) {
    const { config } = setup;
    if (!config || config.problem) return [];
    const { options: options2 } = optionsOf(setup);
    if (options2.problem || options2.flags.some(givesGpu)) return [];
    if (isPrivileged(setup) || hasEnv(setup, "NVIDIA_VISIBLE_DEVICES")) return [];
    return labelsOf(setup).filter(({ label: label3 }) => label3.kind === "docker" && promisesGpu(label3.name)).map((place2) => noOption(place2, config.path));
  }
});
function promisesGpu(name) {
  return name.split(/[^a-z0-9]+/i).some((word) => /^(?:gpus?|cuda|nvidia)\d*$/i.test(word));
}
function noOption(place2, path) {
  return {
    reason: "no-gpu-option",
    file: place2.file,
    line: place2.text.line,
    column: place2.text.column,
    message: `the label \`${place2.label.name}\` promises a GPU, and nothing in \`container.options\` brings one`,
    why: "Its jobs start without a GPU and fail where they first use it, or silently compute on the CPU.",
    expected: "`--gpus all` in `container.options`",
    found: "no `--gpus`, `--device` or `--runtime`",
    remedy: {
      text: "Pass the GPUs into the job containers. Every container label of this runner gets them then; a second runner keeps them apart. Runners 3.0.0 to 3.3.0 drop the option unless containers are privileged: take a newer one.",
      kind: "runner",
      config: { file: path, language: "yaml", text: "container:\n  options: --gpus all" },
      otherwise: {
        text: "On the machine the NVIDIA Container Toolkit has to be installed.",
        kind: "host",
        commands: [
          "sudo apt-get install -y nvidia-container-toolkit",
          "sudo nvidia-ctk runtime configure --runtime=docker",
          "sudo systemctl restart docker"
        ]
      }
    }
  };
}

// src/config/rules/label.ts
var label = defineRule({
  id: "config/label",
  title: "Every label says what jobs it is for and where they run",
  reasons: {
    empty: { level: "fail", summary: "an entry of the labels is empty" },
    "bad-schema": { level: "fail", summary: "a label's schema is none: it is neither `docker` nor `host`" },
    "no-image": { level: "fail", summary: "a `docker` label names no image, or one that cannot exist" },
    duplicate: { level: "warn", summary: "two labels have the same name: the last one holds" },
    space: { level: "fail", summary: "a label has blanks that make another name of it" },
    "token-in-label": { level: "fail", summary: "a label holds what looks like a token or a password" },
    "floating-tag": { level: "warn", summary: "a label's image is `latest` or has no tag, so it changes by itself" }
  },
  fine: "every label is well-formed",
  find(setup, context) {
    const places = labelTextsOf(setup);
    const seen = /* @__PURE__ */ new Map();
    return places.flatMap((place2) => {
      var _a, _b;
      const found = judge(place2, setup, context);
      if (found.length > 0 && ((_a = found[0]) == null ? void 0 : _a.reason) !== "floating-tag") return found;
      const name = (_b = place2.text.text.split(":")[0]) != null ? _b : "";
      const first = seen.get(name);
      if (first) return [duplicate(place2, first, name), ...found];
      seen.set(name, place2);
      return found;
    });
  }
});
function judge(place2, setup, context) {
  const { text: text2 } = place2.text;
  if (/\*{12,}/.test(text2)) return [token(place2)];
  if (isNull(place2.text) || text2.trim() === "") return [empty(place2)];
  const parsed = parseLabel(text2, setup.system);
  if (parsed.kind === "empty") return [empty(place2)];
  if (/,\s/.test(text2) || text2.includes(",") && /,[\w.-]+:(?:host|docker)/.test(text2)) return [comma(place2)];
  if (hasOuterBlank(text2)) return [space(place2)];
  switch (parsed.kind) {
    case "opaque": {
      const { version } = context;
      const isIgnored = version !== void 0 && whereItHolds("unknown-label-schema-ignored", setup, context) !== void 0;
      return setup.system === "forgejo" || isIgnored ? [colonInName(place2, setup)] : [];
    }
    case "unknown-schema":
      if (parsed.schema === "kubernetes" && whereItHolds("kubernetes-labels", setup, context)) return [];
      return [badSchema(place2, setup, context, parsed.schema, parsed.meant)];
    case "label": {
      const { kind, image } = parsed.label;
      if (setup.system === "forgejo" && kind === "host" && text2.split(":").length > 2) {
        return [hostWithArgument(place2)];
      }
      if (kind !== "docker") return [];
      if (image === "") return [noImage(place2)];
      if (!isImageReference(image)) return [badImage(place2, image)];
      return isFloating(image) ? [floating(place2, image)] : [];
    }
  }
}
function hasOuterBlank(text2) {
  return withoutBlanks(text2) !== text2;
}
function withoutBlanks(text2) {
  const parts = text2.split(":").map((part) => part.trim());
  return parts.join(":").replace(/:\/\/\s+/, "://");
}
function base(place2) {
  return { file: place2.file, line: place2.text.line, column: place2.text.column, found: `\`${shown(place2.text.text)}\`` };
}
function shown(text2) {
  return text2.length > 200 ? `${text2.slice(0, 200)}\u2026` : text2;
}
function lines(place2, text2) {
  return { file: place2.file, language: "yaml", text: `runner:
  labels:
    - ${JSON.stringify(text2)}` };
}
function empty(place2) {
  return {
    ...base(place2),
    reason: "empty",
    message: "an entry of the labels is empty",
    why: "The runner ignores it with `ignored invalid label`. If a label was meant here, its jobs wait for ever.",
    expected: "`name:host` or `name:docker://image`",
    found: "nothing",
    remedy: { text: "Take the entry out, or write the label.", kind: "runner", config: lines(place2, "titan:host") }
  };
}
function token(place2) {
  return {
    ...base(place2),
    reason: "token-in-label",
    message: "a label holds what looks like a token or a password",
    why: "Labels are public: the forge shows them to everybody who may see its runners, and every job's log prints them.",
    expected: "a name that may be known",
    remedy: {
      text: "Take it out, and revoke it on the forge: it has been shown. A registry's password belongs into `docker login` of the runner's user, the registration token into `register --token`.",
      kind: "runner"
    }
  };
}
function comma(place2) {
  const names2 = place2.text.text.split(",").map((part) => part.trim());
  return {
    ...base(place2),
    reason: "space",
    message: `\`${shown(place2.text.text)}\` is one label to the runner, with commas and blanks in its name`,
    why: "No job asks for such a name, so the jobs of all of them wait with `No matching online runner with label`.",
    expected: "one label in each entry",
    remedy: {
      text: "Give each label a line of its own. `register --labels` takes commas, without blanks.",
      kind: "runner",
      config: {
        file: place2.file,
        language: "yaml",
        text: ["runner:", "  labels:", ...names2.map((name) => `    - ${JSON.stringify(name)}`)].join("\n")
      }
    }
  };
}
function space(place2) {
  const mended = withoutBlanks(place2.text.text);
  return {
    ...base(place2),
    reason: "space",
    message: `the label \`"${shown(place2.text.text)}"\` has a blank in it that belongs to its name`,
    why: 'The blank is part of the name, so `runs-on` never matches it. `register --labels "a, b"` makes such labels too.',
    expected: `\`${shown(mended)}\``,
    found: `\`"${shown(place2.text.text)}"\``,
    remedy: { text: "Write the label without blanks.", kind: "runner", config: lines(place2, mended) }
  };
}
function badSchema(place2, setup, context, schema, meant) {
  const { text: text2 } = place2.text;
  const name = text2.slice(0, text2.indexOf(":"));
  const rest = text2.slice(name.length + 1);
  const mended = meant === "host" ? `${name}:host` : `${name}:docker://${meant ? imageIn(rest, schema) : "image:tag"}`;
  const word = /^[\w-]{1,20}$/.test(schema) ? `\`${schema}\` is no schema` : "what follows the name is no schema";
  return {
    ...base(place2),
    reason: "bad-schema",
    message: `\`${shown(text2)}\`: ${word} that the runner knows${meant ? `; \`${meant}\` is meant?` : ""}`,
    why: whyOf(setup, context, text2, name),
    expected: "`name:host` or `name:docker://image`",
    remedy: {
      text: "Write the schema in small letters, and `docker://` before the image.",
      kind: "runner",
      config: lines(place2, mended)
    }
  };
}
function imageIn(rest, schema) {
  const slashes = rest.indexOf("//");
  if (slashes >= 0) return rest.slice(slashes + 2);
  const isMisspelt = editDistance(schema.toLowerCase(), "docker") <= 2 || otherSchemas.includes(schema.toLowerCase());
  return isMisspelt ? rest.slice(schema.length + 1) || "image:tag" : rest;
}
function whyOf(setup, context, text2, name) {
  if (setup.system === "forgejo") return "The runner refuses the label with `unsupported schema`.";
  const becomesHost = `it becomes a label of the host named \`${shown(text2)}\`; jobs for \`${name}\` wait with \`No matching online runner with label\``;
  const isIgnored = "the runner ignores it with `unsupported schema`";
  const opaque = whereItHolds("opaque-labels", setup, context);
  const ignored = whereItHolds("unknown-label-schema-ignored", setup, context);
  if (opaque && ignored) return `From 2.1.0 on ${becomesHost}; before, ${isIgnored}.`;
  return opaque ? `The runner does not refuse it: ${becomesHost}.` : `With this release, ${isIgnored}, so its jobs wait for ever.`;
}
function colonInName(place2, setup) {
  const name = place2.text.text.split(":").join("-");
  const isForgejo = setup.system === "forgejo";
  return {
    ...base(place2),
    reason: "bad-schema",
    message: `\`${shown(place2.text.text)}\`: ${isForgejo ? "Forgejo's runner" : "this release"} takes what follows the colon for a schema, and knows none of that name`,
    why: "The runner ignores the label with `unsupported schema`, so its jobs wait for ever.",
    expected: "a name without a colon",
    remedy: {
      text: isForgejo ? "Take the colon out of the name." : "Take the colon out of the name, or upgrade the runner to 2.1.0 or newer.",
      kind: "runner",
      config: lines(place2, `${name}:host`)
    }
  };
}
function hostWithArgument(place2) {
  var _a;
  const name = (_a = place2.text.text.split(":")[0]) != null ? _a : "";
  return {
    ...base(place2),
    reason: "bad-schema",
    message: `\`${shown(place2.text.text)}\`: \`host\` takes nothing after it`,
    why: "Forgejo's runner refuses the label with `schema: host does not have arguments`.",
    expected: `\`${name}:host\``,
    remedy: { text: "End the label after `host`.", kind: "runner", config: lines(place2, `${name}:host`) }
  };
}
function noImage(place2) {
  var _a;
  const name = (_a = place2.text.text.split(":")[0]) != null ? _a : "";
  return {
    ...base(place2),
    reason: "no-image",
    message: `\`${shown(place2.text.text)}\` asks for a container and names no image`,
    why: "Its jobs run in the runner's default image (`docker.gitea.com/runner-images:ubuntu-latest`), which has none of your tools, and nothing says so.",
    expected: `\`${name}:docker://image:tag\``,
    remedy: {
      text: "Name the image after `docker://`.",
      kind: "runner",
      config: lines(place2, `${name}:docker://ghcr.io/team/builder:1.0`)
    }
  };
}
function badImage(place2, image) {
  const hasScheme = /^[a-z]+:\/\//.test(image);
  const hasCapitals = image.toLowerCase() !== image && isImageReference(image.toLowerCase());
  const clean = image.replace(/^[a-z]+:\/\//, "").replace(/^\/+/, "");
  const mended = hasCapitals ? image.toLowerCase() : clean;
  const cause = hasScheme ? "an image's name has no `https://`" : hasCapitals ? "an image's name has no capitals" : "an image is written `host/path:tag`";
  return {
    ...base(place2),
    reason: "no-image",
    message: `\`${shown(image)}\` is no image reference: ${cause}`,
    why: "Every job of this label dies in its set-up with `invalid reference format`.",
    expected: "an image reference such as `ghcr.io/team/builder:1.0`",
    remedy: {
      text: "Write the reference as `docker pull` takes it.",
      kind: "runner",
      ...isImageReference(mended) && { config: lines(place2, `${place2.text.text.split(":")[0]}:docker://${mended}`) }
    }
  };
}
function duplicate(place2, first, name) {
  return {
    ...base(place2),
    reason: "duplicate",
    message: `the label \`${name}\` is here for the second time; the first is in line ${first.text.line}`,
    why: "The runner keeps both and uses the last one; who reads the first believes something else.",
    expected: "each name once",
    remedy: { text: "Take one of them out.", kind: "runner" }
  };
}
function floating(place2, image) {
  var _a;
  const name = (_a = place2.text.text.split(":")[0]) != null ? _a : "";
  const untagged = image.replace(/:latest$/, "");
  return {
    ...base(place2),
    reason: "floating-tag",
    message: `the label \`${name}\` runs in \`${shown(image)}\`, which changes by itself`,
    why: "The same commit builds today and fails tomorrow, and runners that pulled on different days differ. A runner does not even notice a new image unless `container.force_pull` is set.",
    expected: "a tag that stays, or a digest",
    remedy: {
      text: "Name a release, or pin the digest that is right today.",
      kind: "runner",
      commands: [`docker buildx imagetools inspect ${image} --format '{{.Manifest.Digest}}'`],
      config: lines(place2, `${name}:docker://${untagged}@sha256:\u2026`)
    }
  };
}

// src/config/rules/options.ts
var options = defineRule({
  id: "config/options",
  title: "The runner accepts and keeps every option of its job containers",
  reasons: {
    "unterminated-quote": { level: "fail", summary: "a quote in the options is never closed" },
    "unknown-flag": { level: "fail", summary: "the options hold a flag, or a value, that the runner cannot read" },
    "ignored-network": { level: "warn", summary: "`--network` in the options has no effect" },
    stripped: { level: "fail", summary: "the runner drops an option because its containers are not privileged" },
    "duplicate-socket-mount": { level: "fail", summary: "the Docker socket is mounted twice, so no job starts" },
    "socket-not-mounted": { level: "fail", summary: "the options mount the Docker socket, and the runner refuses it" },
    "volume-not-allowed": { level: "fail", summary: "`valid_volumes` does not allow a mount of the options" }
  },
  fine: "the runner accepts and keeps every option",
  find(setup, context) {
    const { config } = setup;
    const { scalar: scalar2, options: options2 } = optionsOf(setup);
    if (!config || !scalar2) return [];
    const place2 = placeOf(config, scalar2, setup, context);
    if (options2.problem) return [unreadable(place2, options2.problem)];
    return [
      ...options2.flags.flatMap((flag2) => judgeFlag(place2, flag2)),
      ...mountsOf(options2.flags).flatMap((mount) => judgeMount(place2, mount))
    ];
  }
});
function placeOf(config, scalar2, setup, context) {
  const sharing = socketSharing(setup);
  const valid = textsAt(config.root, "container", "valid_volumes");
  const own2 = sharing.kind === "mounted" ? [sharing.source, "act-toolcache"] : ["act-toolcache"];
  const strictGlobs = whereItHolds("volume-glob-stops-at-slash", setup, context);
  return { config, scalar: scalar2, setup, context, sharing, valid, allowed: [...valid, ...own2], strictGlobs };
}
function at(place2, offset) {
  return { file: place2.config.path, ...positionIn(place2.scalar, offset) };
}
var diesInSetUp = "Every job dies while its container is made, before the first step.";
function unreadable(place2, problem) {
  const base2 = { ...at(place2, problem.offset), why: diesInSetUp };
  switch (problem.kind) {
    case "unterminated": {
      const line = lineAround(place2.scalar.text, problem.offset);
      const isComment = line.trimStart().startsWith("#");
      const name = { "'": "a single quote", '"': "a double quote", "\\": "a backslash" }[problem.what];
      return {
        ...base2,
        reason: "unterminated-quote",
        message: `${name} in \`container.options\` ${problem.what === "\\" ? "has nothing after it" : "is never closed"}`,
        expected: problem.what === "\\" ? "something after the backslash" : "a second quote",
        found: isComment ? "a line that is meant as a comment" : `\`${clip(line.trim())}\``,
        remedy: {
          text: isComment ? "There are no comments in the options: a `#` there is a word like any other, and its quotes count. Move the line out of the text." : "Close the quote, or escape it with a backslash.",
          kind: "runner"
        }
      };
    }
    case "unknown":
      return {
        ...base2,
        reason: "unknown-flag",
        message: `the runner knows no option \`${problem.flag}\`${problem.meant ? `: \`${problem.meant}\` is meant?` : ""}`,
        expected: problem.meant ? `\`${problem.meant}\`` : "an option of `docker create`",
        found: `\`${problem.flag}\``,
        remedy: {
          text: problem.meant ? `Write \`${problem.meant}\`.` : "Take it out: only options of `docker create` can stand here.",
          kind: "runner"
        }
      };
    case "no-value":
      return {
        ...base2,
        reason: "unknown-flag",
        message: `\`${problem.flag}\` at the end of \`container.options\` lacks its value`,
        expected: `\`${problem.flag}\` with a value`,
        found: "nothing after it",
        remedy: { text: "Write the value after it, or take the option out.", kind: "runner" }
      };
    case "bad-value":
      return {
        ...base2,
        reason: "unknown-flag",
        message: `the runner cannot read \`${clip(problem.value)}\` as the value of \`${problem.flag}\``,
        .../^-v|^--volume/.test(problem.flag) && {
          why: "The runner leaves such a mount out, or the job dies while its container is made."
        },
        expected: problem.expected,
        found: `\`${clip(problem.value)}\``,
        remedy: { text: `Write ${problem.expected}.`, kind: "runner" }
      };
  }
}
function lineAround(text2, offset) {
  const start = text2.lastIndexOf("\n", offset - 1) + 1;
  const end = text2.indexOf("\n", offset);
  return text2.slice(start, end < 0 ? void 0 : end);
}
function clip(text2) {
  return text2.length > 120 ? `${text2.slice(0, 120)}\u2026` : text2;
}
var hostReaching = /* @__PURE__ */ new Set([
  "pid",
  "ipc",
  "uts",
  "cgroupns",
  "userns",
  "cap-add",
  "security-opt",
  "device",
  "device-cgroup-rule",
  "gpus",
  "volumes-from",
  "runtime",
  "cgroup-parent",
  "sysctl"
]);
function judgeFlag(place2, flag2) {
  const { setup, context } = place2;
  if (flag2.name === "network" || flag2.name === "net") return [ignoredNetwork(place2, flag2)];
  if (flag2.name === "use-api-socket" && setup.system === "gitea") return [apiSocket(place2, flag2)];
  const version = context.version === void 0 ? void 0 : findVersion(context.version);
  const since = flag2.since === void 0 ? void 0 : findVersion(flag2.since);
  if (setup.system === "gitea" && version && since && compareVersions(version, since) < 0) {
    return [notYet(place2, flag2, version.text, since.text)];
  }
  if (isPrivileged(setup)) return [];
  if (flag2.name === "privileged" && isOn(flag2)) return [privilegedFlag(place2, flag2)];
  const holds2 = hostReaching.has(flag2.name) ? whereItHolds("gpu-option-dropped", setup, context) : void 0;
  return holds2 ? [stripped(place2, flag2, holds2.versions)] : [];
}
function ignoredNetwork(place2, flag2) {
  var _a, _b;
  return {
    ...at(place2, flag2.offset),
    reason: "ignored-network",
    message: `\`${flag2.written}\` in \`container.options\` has no effect: the runner chooses the network itself`,
    why: "Jobs are in the runner's own network all the same, so what this should make reachable is not.",
    expected: "`container.network`",
    found: `\`${flag2.written} ${clip((_a = flag2.value) != null ? _a : "")}\``,
    remedy: {
      text: "Name the network in `container.network`. With `host` or `bridge` there, service containers are not found by their names.",
      kind: "runner",
      config: {
        file: place2.config.path,
        language: "yaml",
        text: `container:
  network: ${yamlText((_b = flag2.value) != null ? _b : "")}`
      }
    }
  };
}
function apiSocket(place2, flag2) {
  return {
    ...at(place2, flag2.offset),
    reason: "unknown-flag",
    message: "the runner refuses `--use-api-socket`",
    why: diesInSetUp,
    expected: "`container.docker_host`",
    found: "`--use-api-socket`",
    remedy: {
      text: "Take it out: the runner mounts the socket by itself, unless `container.docker_host` forbids it.",
      kind: "runner"
    }
  };
}
function notYet(place2, flag2, version, since) {
  return {
    ...at(place2, flag2.offset),
    reason: "unknown-flag",
    message: `runner ${version} does not know \`${flag2.written}\` yet: it came with ${since}`,
    why: diesInSetUp,
    expected: `a runner from ${since} on`,
    found: `\`${flag2.written}\``,
    remedy: { text: `Upgrade the runner to ${since} or newer, or take the option out.`, kind: "runner" }
  };
}
function privilegedFlag(place2, flag2) {
  return {
    ...at(place2, flag2.offset),
    reason: "stripped",
    message: "`--privileged` in `container.options` has no effect while `container.privileged` is not set",
    why: "The runner drops it, so the containers are not privileged, and what needs it (Docker in Docker) fails inside the job.",
    expected: "`container.privileged: true`, or no `--privileged`",
    found: "`--privileged`",
    remedy: {
      text: "Take the option out. Only where every job may do everything on this machine, set the key instead.",
      kind: "runner",
      config: { file: place2.config.path, language: "yaml", text: "container:\n  privileged: true" }
    }
  };
}
function stripped(place2, flag2, versions) {
  var _a, _b;
  const isGpu = flag2.name === "gpus" || flag2.name === "runtime" || /nvidia|gpu/i.test((_a = flag2.value) != null ? _a : "");
  const which = versions ? `runners ${versions}` : "this runner";
  return {
    ...at(place2, flag2.offset),
    reason: "stripped",
    message: `${which} ${versions ? "drop" : "drops"} \`--${flag2.name}\` from \`container.options\`, because \`container.privileged\` is not set`,
    why: isGpu ? "Jobs start without a GPU. One line in the job's set-up log is all that says so; the job itself finds no `nvidia-smi`." : "Jobs start without it. One line in the job's set-up log is all that says so.",
    expected: "a runner that keeps the options of its own configuration: newer than 3.3.0, or older than 3.0.0",
    found: `\`${clip(`${flag2.written} ${(_b = flag2.value) != null ? _b : ""}`.trim())}\``,
    remedy: {
      text: "Upgrade the runner beyond 3.3.0: newer releases trust their own configuration.",
      kind: "runner",
      otherwise: isGpu ? {
        text: "Until then let the daemon give every container the GPUs: make `nvidia` its default runtime on the host, and name the GPUs in a variable, which no release drops.",
        kind: "host",
        commands: [
          "sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
          "sudo systemctl restart docker"
        ],
        config: {
          file: place2.config.path,
          language: "yaml",
          text: "container:\n  options: --env NVIDIA_VISIBLE_DEVICES=all"
        }
      } : {
        text: "Where every job may do everything on this machine, privileged containers keep the option.",
        kind: "runner",
        config: { file: place2.config.path, language: "yaml", text: "container:\n  privileged: true" }
      }
    },
    ...versions !== void 0 && { versions }
  };
}
function judgeMount(place2, mount) {
  const { setup, context, sharing, allowed, strictGlobs } = place2;
  if (mount.source === "") return [];
  const refusal = refusalOf(mount, allowed, strictGlobs);
  if (mount.target !== socketPath) return refusal ? [notAllowed(place2, mount, refusal.versions)] : [];
  if (!refusal) return sharing.kind === "mounted" ? duplicate2(place2, mount) : [];
  if (sharing.kind === "none") return [socketRefused(place2, mount, sharing, refusal.versions)];
  const displaces = whereItHolds("option-volume-displaces-mount", setup, context);
  return [
    displaces ? displaced(place2, mount, sharing, displaces.versions) : notAllowed(place2, mount, refusal.versions)
  ];
}
function refusalOf(mount, allowed, strictGlobs) {
  const isRefusedBefore = !isAllowed(mount, allowed, false);
  const isRefusedSince = !isAllowed(mount, allowed, true);
  const isKnown = (strictGlobs == null ? void 0 : strictGlobs.versions) === void 0;
  if (isKnown) return (strictGlobs ? isRefusedSince : isRefusedBefore) ? { versions: void 0 } : void 0;
  if (isRefusedBefore && isRefusedSince) return { versions: void 0 };
  if (isRefusedSince) return { versions: strictGlobs.versions };
  return isRefusedBefore ? { versions: "before 4.0.0" } : void 0;
}
function duplicate2(place2, mount) {
  const { setup, context } = place2;
  const holds2 = setup.system === "forgejo" ? {} : whereItHolds("duplicate-socket-mount", setup, context);
  if (!holds2) return [];
  const versions = "versions" in holds2 ? holds2.versions : void 0;
  return [
    {
      ...at(place2, mount.offset),
      reason: "duplicate-socket-mount",
      message: `\`container.options\` mounts \`${socketPath}\`, and the runner mounts it too${versions ? ` (runners ${versions})` : ""}`,
      why: `Docker refuses two mounts on one path, so every job dies in its set-up with \`Duplicate mount point: ${socketPath}\`.`,
      expected: "one mount of the socket: the runner's own",
      found: `\`${clip(`${mount.source}:${mount.target}`)}\``,
      remedy: {
        text: "Take the mount out of the options: `container.docker_host` brings the socket into every job by itself. That is right for every release.",
        kind: "runner",
        config: {
          file: place2.config.path,
          language: "yaml",
          text: `container:
  docker_host: ${setup.system === "forgejo" ? "automount" : `unix://${socketPath}`}`
        },
        otherwise: {
          text: "Or mount it only by the options.",
          kind: "runner",
          config: {
            file: place2.config.path,
            language: "yaml",
            text: `container:
  docker_host: "-"
  options: ${yamlText(`-v ${mount.source}:${socketPath}`)}
  valid_volumes:
    - ${yamlText(mount.source)}`
          }
        }
      },
      ...versions !== void 0 && { versions }
    }
  ];
}
function socketRefused(place2, mount, sharing, versions) {
  return {
    ...at(place2, mount.offset),
    reason: "socket-not-mounted",
    message: `the runner refuses the mount of \`${clip(mount.source)}\`, so jobs have no Docker socket: ${sharing.because}, and \`valid_volumes\` does not allow it`,
    why: `The set-up log says \`[${clip(mount.source)}] is not a valid volume, will be ignored\`; the job goes on, and its first \`docker\` finds no daemon.`,
    expected: `the socket in \`container.valid_volumes\`, or a \`container.docker_host\` that is mounted`,
    found: `\`${clip(`${mount.source}:${mount.target}`)}\``,
    remedy: {
      text: "Allow the mount, or take it out and let the runner mount the socket.",
      kind: "runner",
      config: { file: place2.config.path, language: "yaml", text: validVolumes(place2, mount.source) },
      otherwise: {
        text: "The runner's own mount:",
        kind: "runner",
        config: {
          file: place2.config.path,
          language: "yaml",
          text: `container:
  docker_host: ${place2.setup.system === "forgejo" ? "automount" : `unix://${socketPath}`}`
        }
      }
    },
    ...versions !== void 0 && { versions }
  };
}
function displaced(place2, mount, sharing, versions) {
  return {
    ...at(place2, mount.offset),
    reason: "socket-not-mounted",
    message: `the mount of \`${clip(mount.source)}\` displaces the runner's own mount of \`${clip(sharing.source)}\` and is then refused itself, so jobs have no Docker socket${versions ? ` (runners ${versions})` : ""}`,
    why: `The set-up log says \`[${clip(mount.source)}] is not a valid volume, will be ignored\`; the job goes on, and its first \`docker\` finds no daemon.`,
    expected: `one mount of the socket: \`${clip(sharing.source)}\` by the runner itself`,
    found: `\`${clip(`${mount.source}:${mount.target}`)}\``,
    remedy: {
      text: "Take the mount out of the options: the runner mounts the socket of `container.docker_host` at the same place in every job.",
      kind: "runner",
      otherwise: {
        text: "Where it is another socket that jobs should have, allow it.",
        kind: "runner",
        config: { file: place2.config.path, language: "yaml", text: validVolumes(place2, mount.source) }
      }
    },
    ...versions !== void 0 && { versions }
  };
}
function notAllowed(place2, mount, versions) {
  const { valid } = place2;
  const isToolCache = normalize(mount.target) === "/opt/hostedtoolcache";
  return {
    ...at(place2, mount.offset),
    reason: "volume-not-allowed",
    message: `\`container.valid_volumes\` does not allow \`${clip(mount.source)}\`, which \`container.options\` mounts${versions ? ` (runners ${versions})` : ""}`,
    why: `The runner leaves the mount out with \`[${clip(mount.source)}] is not a valid volume, will be ignored\` in the set-up log, and the job goes on without ${isToolCache ? "the tool cache" : `\`${clip(mount.target)}\``}.`,
    expected: `\`${clip(mount.source)}\` in \`container.valid_volumes\``,
    found: valid.length === 0 ? "no `valid_volumes`: nothing is allowed" : valid.map((entry) => `\`${clip(entry)}\``).join(", "),
    remedy: {
      text: versions ? "Releases differ in what a `*` matches: before 4.0 also slashes, from then on none. Name the path itself." : "Add the source as it stands. `/folder/**` is for what lies below a folder, not for the folder.",
      kind: "runner",
      config: { file: place2.config.path, language: "yaml", text: validVolumes(place2, mount.source) }
    },
    ...versions !== void 0 && { versions }
  };
}
function validVolumes(place2, source) {
  const entries = [...place2.valid, source].slice(-20).map((entry) => `    - ${yamlText(entry)}`);
  return ["container:", "  valid_volumes:", ...entries].join("\n");
}

// src/config/rules/privileged.ts
var privileged = defineRule({
  id: "config/privileged",
  title: "Job containers are not privileged",
  reasons: {
    privileged: { level: "warn", summary: "every job may do everything on the runner's machine" }
  },
  fine: "job containers are not privileged",
  find({ config }) {
    const entry = entryAt(config == null ? void 0 : config.root, "container", "privileged");
    if (!config || !entry || !flagAt(config.root, "container", "privileged")) return [];
    return [
      {
        reason: "privileged",
        file: config.path,
        line: entry.line,
        column: entry.column,
        message: "`container.privileged` is set: every job container is privileged",
        why: "A privileged container reaches the machine's disks and devices. Whoever may push a workflow is root on the runner, and on every other job's data.",
        expected: "`privileged: false`",
        found: "`privileged: true`",
        remedy: {
          text: "Switch it off. Building images needs only the Docker socket; GPUs need only `--gpus` in `container.options` (but for runners 3.0.0 to 3.3.0, which drop it: upgrade).",
          kind: "runner",
          config: { file: config.path, language: "yaml", text: "container:\n  privileged: false" },
          otherwise: {
            text: "Where it has to be so, keep such a runner apart, for trusted repositories only, and accept the finding in the policy with a reason and an end.",
            kind: "runner"
          }
        }
      }
    ];
  }
});

// src/config/rules/registration.ts
var registration = defineRule({
  id: "config/registration",
  title: "The runner is registered, with the labels of its configuration, and keeps its token",
  reasons: {
    missing: { level: "fail", summary: "the registration is not where the runner looks for it" },
    "labels-differ": { level: "warn", summary: "the registration has other labels than the configuration" },
    "world-readable": { level: "fail", summary: "everybody on the machine may read the runner's token" }
  },
  fine: "the registration is there and kept",
  find(setup) {
    return [...worldReadable(setup), ...missing(setup), ...labelsDiffer(setup)];
  }
});
function missing(setup) {
  var _a, _b, _c, _d, _e, _f;
  if (setup.registration) return [];
  const named = (_a = setup.config) == null ? void 0 : _a.registration;
  const key2 = entryAt((_b = setup.config) == null ? void 0 : _b.root, "runner", "file");
  const file = textAt((_c = setup.config) == null ? void 0 : _c.root, "runner", "file");
  const byUnit = file === "" || file === ".runner" ? setup.units.find((unit) => {
    var _a2;
    return (_a2 = unit.machine) == null ? void 0 : _a2.registration;
  }) : void 0;
  const asked = setup.others.find((other) => other.kind === "absent" && isRegistration(other.path));
  const looked = asked ? { path: asked.path, found: "no" } : named != null ? named : (_d = byUnit == null ? void 0 : byUnit.machine) == null ? void 0 : _d.registration;
  if ((looked == null ? void 0 : looked.found) !== "no") return [];
  const directory = byUnit == null ? void 0 : byUnit.settings.find((setting) => setting.name === "WorkingDirectory");
  const place2 = !asked && named && setup.config && key2 ? { file: setup.config.path, line: key2.value.line, column: key2.value.column } : {
    file: (_f = (_e = asked == null ? void 0 : asked.path) != null ? _e : byUnit == null ? void 0 : byUnit.path) != null ? _f : looked.path,
    ...directory && !asked && { line: directory.line, column: directory.column }
  };
  return [
    {
      ...place2,
      reason: "missing",
      message: `there is no registration at ${looked.path}, where the runner looks for it`,
      why: "The runner ends with `registration file not found, please register the runner first`, and takes no job.",
      expected: looked.path,
      found: "no such file",
      remedy: {
        text: "Register the runner in that directory, as its own user; or let `runner.file` name the file that there is, by its absolute path.",
        kind: "runner",
        commands: [
          "gitea-runner register --config /etc/gitea-runner/config.yaml --instance https://gitea.example --token REGISTRATION-TOKEN --no-interactive"
        ]
      }
    }
  ];
}
function labelsDiffer(setup) {
  const { config, registration: registration2 } = setup;
  if (!config || !registration2 || registration2.problem || !hasLabels(setup)) return [];
  const configured = new Set(labelTextsOf(setup).map(({ text: text2 }) => inFull(text2.text, setup)));
  const registered = new Set(registration2.labels.map((label3) => inFull(label3.text, setup)));
  const missing2 = [...configured].filter((label3) => !registered.has(label3));
  const extra = [...registered].filter((label3) => !configured.has(label3));
  if (missing2.length === 0 && extra.length === 0) return [];
  const [first] = registration2.labels;
  const list = (labels) => labels.slice(0, 5).map((label3) => `\`${label3}\``).join(", ");
  const parts = [
    ...missing2.length > 0 ? [`${list(missing2)} only in ${config.path}`] : [],
    ...extra.length > 0 ? [`${list(extra)} only in ${registration2.path}`] : []
  ];
  return [
    {
      reason: "labels-differ",
      file: registration2.path,
      ...first && { line: first.line, column: first.column },
      message: `the registration has other labels than the configuration: ${parts.join("; ")}`,
      why: "The configuration holds, but only from the next start of the runner: until then the forge sends it the jobs of the old labels. What somebody wrote into the registration by hand is overwritten.",
      expected: `the labels of ${config.path}`,
      found: parts.join("; "),
      remedy: {
        text: "Change labels in the configuration only, and restart the runner: it writes them into the registration and tells the forge.",
        kind: "runner",
        commands: ["sudo systemctl restart gitea-runner"]
      }
    }
  ];
}
function inFull(text2, setup) {
  const parsed = parseLabel(text2, setup.system);
  if (parsed.kind !== "label") return text2;
  const { name, kind, image } = parsed.label;
  return kind === "docker" ? `${name}:docker://${image}` : `${name}:${kind}`;
}
function worldReadable({ registration: registration2 }) {
  if (!(registration2 == null ? void 0 : registration2.readableByAll)) return [];
  return [
    {
      reason: "world-readable",
      file: registration2.path,
      message: `every user of the machine may read ${registration2.path}, with the runner's token in it`,
      why: "With the token anybody can take this runner's place: receive its jobs, and with them their secrets. Jobs of host labels can read the file as well.",
      expected: "mode 600",
      found: `mode ${registration2.mode.toString(8)}`,
      remedy: {
        text: "Close the file and the directory it lies in. The runner makes the file anew with its own umask when labels change: close the directory too.",
        kind: "host",
        commands: [
          `sudo chmod 600 ${shellQuoted(registration2.path)}`,
          `sudo chmod o-rwx ${shellQuoted(parentOf(registration2.path))}`
        ]
      }
    }
  ];
}
function parentOf(path) {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, Math.max(1, slash));
}
function shellQuoted(text2) {
  return /^[\w./@:+-]+$/.test(text2) ? text2 : `'${text2.split("'").join("'\\''")}'`;
}

// src/config/rules/service.ts
var service = defineRule({
  id: "config/service",
  title: "The service starts the runner with its configuration, after Docker, and again when it ends",
  reasons: {
    "no-config": { level: "fail", summary: "the service starts the runner without its configuration" },
    "no-restart": { level: "warn", summary: "the service is not started again when it ends" },
    "not-after-docker": { level: "warn", summary: "the service may start before Docker does" },
    "not-in-docker-group": { level: "fail", summary: "the service's user may not use the Docker socket" },
    "toolchain-off-path": { level: "fail", summary: "the tools of the machine are not on the service's PATH" }
  },
  fine: "the service is set up right",
  find(setup) {
    if (setup.units.some((file) => file.problem)) return [];
    const starts = unitSettings(setup, "Service", "ExecStart");
    const start = starts[starts.length - 1];
    const unit = setup.units.find((file) => !file.dropIn);
    if (start && !isRunner(start.value)) return [];
    return [
      ...start ? noConfig(start) : [],
      ...unit ? noRestart(setup, unit) : [],
      ...unit ? notAfterDocker(setup, unit) : [],
      ...unit ? notInDockerGroup(setup, unit) : [],
      ...toolchainOffPath(setup)
    ];
  }
});
function isRunner(command) {
  return /(?:gitea|act|forgejo)[-_]runner(?:\s|$|"|')/.test(command.replace(/\S*\/(?=[^/\s]*runner)/, "")) && !/\b(?:docker|podman)\s+(?:run|compose|start)\b/.test(command);
}
function noConfig(start) {
  if (/(?:^|\s)(?:--config|-c)(?:[\s=]|$)/.test(start.value) || !/\bdaemon\b/.test(start.value)) return [];
  const command = start.value.replace(/\bdaemon\b/, `daemon --config ${configFor(start.value)}`);
  return [
    {
      reason: "no-config",
      file: start.file,
      line: start.line,
      column: start.column,
      message: "the service starts the runner without `--config`, so it reads no `config.yaml`",
      why: "The runner looks for no configuration by itself. Labels, options and everything else in the file have no effect; defaults hold, and nothing says so.",
      expected: "`--config` with the path of the configuration",
      found: `\`${start.value.slice(0, 200)}\``,
      remedy: {
        text: "Name the file in the command, then load the unit again.",
        kind: "host",
        config: { file: start.file, language: "ini", text: `[Service]
ExecStart=${command}` },
        commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${unitName(start.file)}`]
      }
    }
  ];
}
function configFor(command) {
  if (/forgejo/.test(command)) return "/etc/forgejo-runner/config.yaml";
  return /act_runner/.test(command) ? "/etc/act_runner/config.yaml" : "/etc/gitea-runner/config.yaml";
}
function unitName(file) {
  const match = /([^/]+)\.service(?:\.d\/[^/]+)?$/.exec(file);
  return (match == null ? void 0 : match[1]) && /^[\w@.-]+$/.test(match[1]) ? match[1] : "gitea-runner";
}
function noRestart(setup, unit) {
  var _a;
  const settings = unitSettings(setup, "Service", "Restart");
  const last = settings[settings.length - 1];
  if (last && last.value !== "no") return [];
  const place2 = last != null ? last : sectionOf(unit, "Service");
  return [
    {
      reason: "no-restart",
      file: (_a = last == null ? void 0 : last.file) != null ? _a : unit.path,
      line: place2.line,
      column: place2.column,
      message: "the service is not started again when the runner ends",
      why: "A forge that is away for a minute, a daemon that starts late or a crash ends the runner for good, and its jobs wait until somebody notices.",
      expected: "`Restart=always` or `Restart=on-failure`",
      found: last ? "`Restart=no`" : "no `Restart`",
      remedy: {
        text: "Let systemd start it again.",
        kind: "host",
        config: { file: unit.path, language: "ini", text: "[Service]\nRestart=always\nRestartSec=5s" },
        commands: ["sudo systemctl daemon-reload"]
      }
    }
  ];
}
function notAfterDocker(setup, unit) {
  var _a, _b, _c, _d;
  if (unit.ofUser || usesDocker(setup) === "no") return [];
  if (numberAt((_a = setup.config) == null ? void 0 : _a.root, "container", "docker_timeout") !== void 0) return [];
  const timeout = textAt((_b = setup.config) == null ? void 0 : _b.root, "container", "docker_timeout");
  if (timeout !== "" && !/^-|^0+[a-zµ]*$/.test(timeout)) return [];
  if (/^(?:tcp|ssh|https?):/.test(textAt((_c = setup.config) == null ? void 0 : _c.root, "container", "docker_host"))) return [];
  const after2 = unitSettings(setup, "Unit", "After");
  if (after2.some(({ value: value2 }) => /\b(?:docker|podman|containerd)[\w.-]*\.(?:service|socket)\b/.test(value2))) return [];
  const [first] = after2;
  const place2 = first != null ? first : sectionOf(unit, "Unit");
  return [
    {
      reason: "not-after-docker",
      file: (_d = first == null ? void 0 : first.file) != null ? _d : unit.path,
      line: place2.line,
      column: place2.column,
      message: "the service does not wait for Docker",
      why: "After a reboot the runner may start first and end with `cannot ping the docker daemon, is it running?`.",
      expected: "`After=docker.service`",
      found: first ? `\`After=${first.value.slice(0, 100)}\`` : "no `After`",
      remedy: {
        text: "Order it after Docker; or let the runner itself wait (`container.docker_timeout`, from 0.2.13 on).",
        kind: "host",
        config: {
          file: unit.path,
          language: "ini",
          text: "[Unit]\nAfter=docker.service network-online.target\nWants=docker.service network-online.target"
        },
        commands: ["sudo systemctl daemon-reload"]
      }
    }
  ];
}
function notInDockerGroup(setup, unit) {
  var _a, _b, _c;
  if (unit.ofUser || usesDocker(setup) === "no") return [];
  if (/^(?:tcp|ssh|https?):|\/run\/user\//.test(textAt((_a = setup.config) == null ? void 0 : _a.root, "container", "docker_host"))) return [];
  if (/^(?:tcp|ssh|https?):|\/run\/user\//.test((_b = unitEnvironment(setup, "DOCKER_HOST")) != null ? _b : "")) return [];
  const users = unitSettings(setup, "Service", "User");
  const user = users[users.length - 1];
  if (!user || user.value === "root" || user.value === "0") return [];
  const groups = [...unitSettings(setup, "Service", "Group"), ...unitSettings(setup, "Service", "SupplementaryGroups")];
  if (groups.some(({ value: value2 }) => value2.split(/\s+/).includes("docker"))) return [];
  const machine = (_c = setup.units.find((file) => file.path === user.file)) == null ? void 0 : _c.machine;
  if ((machine == null ? void 0 : machine.inDockerGroup) === true) return [];
  const isKnown = (machine == null ? void 0 : machine.inDockerGroup) === false;
  const name = /^[\w.-]+$/.test(user.value) ? user.value : "gitea-runner";
  return [
    {
      reason: "not-in-docker-group",
      file: user.file,
      line: user.line,
      column: user.column,
      message: isKnown ? `the user \`${name}\` is not in the group \`docker\`, and the unit does not put it there` : `nothing in the unit puts the user \`${name}\` into the group \`docker\`; whether it is in it cannot be seen from here`,
      why: "The runner ends at its start with `permission denied while trying to connect to the Docker daemon socket`.",
      expected: "`SupplementaryGroups=docker`, or the user in the group",
      found: groups.length > 0 ? groups.map(({ name: key2, value: value2 }) => `\`${key2}=${value2}\``).join(", ") : "no group but the user's own",
      remedy: {
        text: "Give the service the group.",
        kind: "host",
        config: { file: unit.path, language: "ini", text: "[Service]\nSupplementaryGroups=docker" },
        commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${unitName(unit.path)}`],
        otherwise: {
          text: "Or put the user into the group for everything it does.",
          kind: "host",
          commands: [`sudo usermod -aG docker ${name}`]
        }
      },
      ...!isKnown && { level: "warn" }
    }
  ];
}
var systemdPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function toolchainOffPath(setup) {
  var _a, _b, _c, _d;
  const unit = setup.units.find((file) => !file.dropIn);
  if (!unit || !runsOnHost(setup)) return [];
  if (hasEnv(setup, "PATH") || textAt((_a = setup.config) == null ? void 0 : _a.root, "runner", "env_file") !== "") return [];
  if (unitSettings(setup, "Service", "EnvironmentFile").length > 0) return [];
  const path = unitEnvironment(setup, "PATH");
  const folders = (path != null ? path : systemdPath).split(":");
  const users = unitSettings(setup, "Service", "User");
  const user = users[users.length - 1];
  const machine = (_b = setup.units.find((file) => {
    var _a2;
    return file.path === ((_a2 = user == null ? void 0 : user.file) != null ? _a2 : unit.path);
  })) == null ? void 0 : _b.machine;
  const isKnown = (machine == null ? void 0 : machine.userKnown) === true;
  const missing2 = ((_c = machine == null ? void 0 : machine.toolchains) != null ? _c : []).filter(
    (folder) => !folders.some((other) => other === folder || other.startsWith(`${folder}/`))
  );
  if (isKnown ? missing2.length === 0 : path !== void 0) return [];
  const settings = unitSettings(setup, "Service", "Environment").filter(({ value: value2 }) => /\bPATH=/.test(value2));
  const place2 = (_d = settings[settings.length - 1]) != null ? _d : { ...sectionOf(unit, "Service"), file: unit.path };
  const home = user && user.value !== "root" ? `/home/${/^[\w.-]+$/.test(user.value) ? user.value : "runner"}` : "/root";
  const wanted = missing2.length > 0 ? missing2 : [`${home}/.cargo/bin`];
  return [
    {
      reason: "toolchain-off-path",
      file: place2.file,
      line: place2.line,
      column: place2.column,
      message: isKnown ? `${missing2.map((folder) => `\`${folder}\``).join(", ")} ${missing2.length === 1 ? "is" : "are"} not on the service's PATH, which jobs of host labels inherit` : "the service sets no PATH, so jobs of host labels find only what the system itself installed",
      why: "A service reads no profile and no `~/.cargo/env`: jobs fail with `cargo: command not found`, or with `Cannot find: node in PATH` before their first step, although a login shell finds both.",
      expected: "a PATH with the folders of the tools",
      found: path === void 0 ? "systemd's own PATH" : `\`PATH=${path.slice(0, 300)}\``,
      remedy: {
        text: "Set the PATH in the unit, or install the tools for all users (`/usr/local/bin`).",
        kind: "host",
        config: {
          file: unit.path,
          language: "ini",
          text: `[Service]
Environment=PATH=${[...wanted, path != null ? path : systemdPath].join(":")}`
        },
        commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${unitName(unit.path)}`]
      },
      ...!isKnown && { level: "warn" }
    }
  ];
}
function sectionOf(unit, section) {
  var _a, _b, _c;
  const first = (_a = unit.settings.find((setting) => setting.section === section)) != null ? _a : unit.settings[0];
  return { line: (_b = first == null ? void 0 : first.line) != null ? _b : 1, column: (_c = first == null ? void 0 : first.column) != null ? _c : 1 };
}

// src/config/rules/syntax.ts
var syntax = defineRule({
  id: "config/syntax",
  title: "The runner's files can be read",
  reasons: {
    "invalid-yaml": { level: "fail", summary: "a file is no YAML, no JSON or no unit, so the runner does not start" },
    unreadable: { level: "fail", summary: "a file is not there, may not be read, or is none of a runner" }
  },
  fine: "every file can be read",
  find(setup) {
    const broken = [setup.config, setup.registration, ...setup.units].flatMap((file) => {
      if (!(file == null ? void 0 : file.problem)) return [];
      const { line, column, message } = file.problem;
      return [
        {
          reason: "invalid-yaml",
          file: file.path,
          line,
          column,
          message: `${file.path} cannot be read: ${message}`,
          why: whyOf2(file.kind),
          expected: { config: "YAML", registration: "JSON, as the runner writes it", unit: "a systemd unit" }[file.kind],
          found: message,
          remedy: {
            text: `Mend line ${line}, then start the runner again and look into its log.`,
            ...file.kind === "registration" && {
              text: "Delete the file and register the runner again: nobody should write it by hand."
            },
            kind: "runner"
          }
        }
      ];
    });
    const others = setup.others.filter((file) => file.kind !== "absent" || !isRegistration(file.path));
    return [...broken, ...others.map(unreadable2)];
  }
});
function whyOf2(kind) {
  switch (kind) {
    case "config":
      return "The runner reads its configuration once, when it starts, and ends with `parse config file` where it cannot.";
    case "registration":
      return "Without its registration the runner does not know the forge, and takes no job.";
    case "unit":
      return "systemd ignores the line, so the service is not what the file says.";
  }
}
function unreadable2(file) {
  const base2 = { reason: "unreadable", file: file.path, expected: "a file of the runner that can be read" };
  switch (file.kind) {
    case "absent":
      return {
        ...base2,
        message: `${file.path} is not there`,
        why: "A runner that is pointed at it ends with `open config file`; nothing could be judged here.",
        found: "no such file",
        remedy: {
          text: "Name the file that the runner really reads: its unit or its start command says which.",
          kind: "runner"
        }
      };
    case "unreadable":
      return {
        ...base2,
        message: `${file.path} may not be read by this user (${file.code})`,
        why: "Nothing could be judged. The runner may be allowed to read it where we are not.",
        found: file.code,
        remedy: { text: "Look as the user that runs the runner, or as root.", kind: "host" }
      };
    case "other":
      return {
        ...base2,
        message: `${file.path} is ${file.what}, not a file of Gitea's or Forgejo's runner`,
        why: "Nothing in it could be judged.",
        found: file.what,
        remedy: { text: "Name a `config.yaml`, a `.runner` or a systemd unit of a runner.", kind: "runner" }
      };
  }
}

// src/config/rules/tool-cache.ts
var toolCache = defineRule({
  id: "config/tool-cache",
  title: "The tool cache is not written by two jobs at once",
  reasons: {
    "shared-with-capacity": { level: "warn", summary: "jobs that run at the same time share one tool cache" }
  },
  fine: "no two jobs write one tool cache",
  find({ config }) {
    var _a;
    const entry = entryAt(config == null ? void 0 : config.root, "runner", "tool_cache_mode");
    const capacity3 = (_a = numberAt(config == null ? void 0 : config.root, "runner", "capacity")) != null ? _a : 1;
    if (!config || !entry || capacity3 < 2 || textAt(config.root, "runner", "tool_cache_mode") !== "shared") return [];
    return [
      {
        reason: "shared-with-capacity",
        file: config.path,
        line: entry.line,
        column: entry.column,
        message: `\`runner.tool_cache_mode: shared\` with a capacity of ${capacity3}: jobs share one tool cache`,
        why: "Two jobs that install the same version at the same time corrupt it for all jobs after them.",
        expected: "`tool_cache_mode: none`, or `capacity: 1`",
        found: `\`shared\` and \`capacity: ${capacity3}\``,
        remedy: {
          text: "Build the tools into the image and let the mode be `none`, or run one job at a time.",
          kind: "runner",
          config: { file: config.path, language: "yaml", text: "runner:\n  tool_cache_mode: none" }
        }
      }
    ];
  }
});

// src/config/keys.ts
var levels = ["trace", "debug", "info", "warn", "warning", "error", "fatal", "panic"];
var giteaKeys = {
  "log.level": { type: "text", oneOf: levels },
  "log.job.dir": { type: "text", since: "3.3.0" },
  "log.job.retention": { type: "duration", since: "3.3.0" },
  "log.job.max_size": { type: "size", since: "3.3.0" },
  "runner.file": { type: "text" },
  "runner.capacity": { type: "number" },
  "runner.envs": { type: "environment" },
  "runner.env_file": { type: "text" },
  "runner.timeout": { type: "duration" },
  "runner.shutdown_timeout": { type: "duration", since: "0.2.11" },
  "runner.insecure": { type: "flag" },
  "runner.fetch_timeout": { type: "duration" },
  "runner.fetch_interval": { type: "duration" },
  "runner.fetch_interval_max": { type: "duration", since: "0.4.0" },
  "runner.workdir_cleanup_age": { type: "duration", since: "1.0.0" },
  "runner.idle_cleanup_interval": { type: "duration", since: "1.0.0" },
  "runner.log_report_interval": { type: "duration", since: "0.4.0" },
  "runner.log_report_max_latency": { type: "duration", since: "0.4.0" },
  "runner.log_report_batch_size": { type: "number", since: "0.4.0" },
  "runner.state_report_interval": { type: "duration", since: "0.4.0" },
  "runner.report_close_timeout": { type: "duration", since: "1.0.7" },
  "runner.labels": { type: "texts" },
  "runner.github_mirror": { type: "text", since: "0.2.13" },
  "runner.action_shallow_clone": { type: "flag", since: "2.0.0" },
  "runner.set_act_env": { type: "flag", since: "2.1.0" },
  "runner.patch_actions": { type: "flag", since: "3.3.0" },
  "runner.allocate_pty": { type: "flag", since: "1.0.4" },
  "runner.default_image": { type: "text", since: "3.3.0" },
  "runner.tool_cache_mode": { type: "text", since: "3.2.0", oneOf: ["none", "shared"] },
  "runner.post_task_script": { type: "text", since: "2.0.0" },
  "runner.post_task_script_timeout": { type: "duration", since: "2.0.0" },
  "runner.hooks.job_started": { type: "text", since: "3.0.0" },
  "runner.hooks.job_completed": { type: "text", since: "3.0.0" },
  "cache.enabled": { type: "flag" },
  "cache.dir": { type: "text" },
  "cache.host": { type: "text" },
  "cache.port": { type: "port" },
  "cache.external_server": { type: "text", since: "0.2.4" },
  "cache.external_secret": { type: "text", since: "0.6.0", secret: true },
  "cache.external_secret_file": { type: "text", since: "2.3.0" },
  "cache.offline_mode": { type: "flag", since: "1.0.5" },
  "cache.v2": { type: "flag", since: "3.0.0" },
  "cache.retention": { type: "duration", since: "3.2.0" },
  "cache.repo_size_limit": { type: "size", since: "3.2.0" },
  "cache.size_limit": { type: "size", since: "3.2.0" },
  "cache.sweep_interval": { type: "duration", since: "3.2.0" },
  "container.network": { type: "text" },
  "container.network_create_options.enable_ipv4": { type: "flag", since: "2.0.0" },
  "container.network_create_options.enable_ipv6": { type: "flag", since: "2.0.0" },
  "container.network_mode": { type: "text", insteadOf: "container.network" },
  "container.privileged": { type: "flag" },
  "container.options": { type: "text" },
  "container.workdir_parent": { type: "text" },
  "container.valid_volumes": { type: "texts", since: "0.2.1" },
  "container.docker_host": { type: "text", since: "0.2.1" },
  "container.force_pull": { type: "flag", since: "0.2.6" },
  "container.force_rebuild": { type: "flag", since: "0.2.7" },
  "container.require_docker": { type: "flag", since: "0.2.13" },
  "container.docker_timeout": { type: "duration", since: "0.2.13" },
  "container.bind_workdir": { type: "flag", since: "0.3.1" },
  "container.service_ready_timeout": { type: "duration", since: "3.1.0" },
  "host.workdir_parent": { type: "text", since: "0.2.1" },
  "metrics.enabled": { type: "flag", since: "0.4.0" },
  "metrics.addr": { type: "text", since: "0.4.0" },
  "metrics.readiness_grace": { type: "duration", since: "2.2.0" },
  "health_check.enabled": { type: "flag", since: "2.2.0" },
  "health_check.min_free_disk_space_mb": { type: "number", since: "2.2.0" },
  "health_check.script": { type: "text", since: "2.2.0" },
  "health_check.interval": { type: "duration", since: "2.2.0" },
  "health_check.timeout": { type: "duration", since: "2.2.0" }
};
var giteaKeysUpTo = "3.3.0";
var forgejoKeys = {
  "log.level": { type: "text", oneOf: levels },
  "log.job_level": { type: "text", oneOf: levels },
  "runner.file": { type: "text" },
  "runner.capacity": { type: "number" },
  "runner.envs": { type: "environment" },
  "runner.env_file": { type: "text" },
  "runner.timeout": { type: "duration" },
  "runner.shutdown_timeout": { type: "duration" },
  "runner.insecure": { type: "flag" },
  "runner.fetch_timeout": { type: "duration" },
  "runner.fetch_interval": { type: "duration" },
  "runner.report_interval": { type: "duration" },
  "runner.report_retry.max_retries": { type: "number" },
  "runner.report_retry.initial_delay": { type: "duration" },
  "runner.report_retry.max_delay": { type: "duration" },
  "runner.labels": { type: "texts" },
  "cache.enabled": { type: "flag" },
  "cache.dir": { type: "text" },
  "cache.host": { type: "text" },
  "cache.port": { type: "port" },
  "cache.proxy_port": { type: "port" },
  "cache.external_server": { type: "text" },
  "cache.actions_cache_url_override": { type: "text" },
  "cache.secret": { type: "text", secret: true },
  "container.network": { type: "text" },
  "container.network_mode": { type: "text", insteadOf: "container.network" },
  "container.enable_ipv6": { type: "flag" },
  "container.privileged": { type: "flag" },
  "container.options": { type: "text" },
  "container.workdir_parent": { type: "text" },
  "container.valid_volumes": { type: "texts" },
  "container.docker_host": { type: "text" },
  "container.force_pull": { type: "flag" },
  "container.force_rebuild": { type: "flag" },
  "host.workdir_parent": { type: "text" }
};
function keysOf(system) {
  return system === "gitea" ? giteaKeys : forgejoKeys;
}
var sections = new Map(
  [giteaKeys, forgejoKeys].map((table2) => [table2, new Set(Object.keys(table2).flatMap(pathsAbove))])
);
function pathsAbove(path) {
  const keys = path.split(".");
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join("."));
}
function isSection(table2, path) {
  var _a, _b;
  return (_b = (_a = sections.get(table2)) == null ? void 0 : _a.has(path)) != null ? _b : false;
}

// src/config/rules/type.ts
var type = defineRule({
  id: "config/type",
  title: "Every value of the configuration is of its key's type",
  reasons: {
    "wrong-type": { level: "fail", summary: "a value is of another type than its key, so the runner does not start" },
    "invalid-value": { level: "fail", summary: "a value is none that the runner accepts" }
  },
  fine: "every value has the type of its key",
  find({ config }, context) {
    if (!(config == null ? void 0 : config.root) || isNull(config.root)) return [];
    if (config.root.kind !== "map") {
      const found = describe(config.root);
      return [
        {
          reason: "wrong-type",
          file: config.path,
          line: config.root.line,
          column: config.root.column,
          message: `the file holds ${found} where the sections of a configuration belong`,
          why: startFails,
          expected: "sections such as `runner:` and `container:`",
          found,
          remedy: {
            text: "Begin the lines with their sections.",
            kind: "runner",
            config: example(config.path, "runner:\n  capacity: 1")
          }
        }
      ];
    }
    const table2 = keysOf(config.system);
    return [...walk(config, config.root, "", table2, context), ...bothSecrets(config, context)];
  }
});
var startFails = "The runner cannot put the value into its configuration: it ends at its start with `cannot unmarshal`, and takes no job.";
function walk(config, tree, path, table2, context) {
  if (tree.kind !== "map") return [];
  return tree.entries.flatMap((entry) => {
    const full = path === "" ? entry.key : `${path}.${entry.key}`;
    const { value: value2 } = entry;
    if (isSection(table2, full)) {
      if (isNull(value2)) return [];
      if (value2.kind === "map") return walk(config, value2, full, table2, context);
      return [wrong(config, full, value2, "keys below it", { text: `Indent the keys of \`${full}\` below it.` })];
    }
    const known2 = own(table2, full);
    if (!known2 || isNull(value2) || isTooOld(known2, context)) return [];
    return judgeValue(config, full, value2, known2);
  });
}
function isTooOld(known2, { version }) {
  const running = version === void 0 ? void 0 : findVersion(version);
  const first = known2.since === void 0 ? void 0 : findVersion(known2.since);
  return running !== void 0 && first !== void 0 && compareVersions(running, first) < 0;
}
function judgeValue(config, path, value2, known2) {
  switch (known2.type) {
    case "texts": {
      if (value2.kind !== "list") {
        const line = value2.kind === "scalar" ? value2.text : "\u2026";
        return [
          wrong(config, path, value2, "a list", {
            text: "Write each entry in a line of its own with a dash.",
            lines: `- ${JSON.stringify(line)}`
          })
        ];
      }
      return value2.items.filter((item) => item.kind !== "scalar").map((item) => listItem(config, path, item));
    }
    case "environment": {
      if (value2.kind !== "map") {
        return [
          wrong(config, path, value2, "names with their values", {
            text: "Write `NAME: value`, one a line.",
            lines: "NAME: value"
          })
        ];
      }
      return value2.entries.filter((entry) => entry.value.kind !== "scalar").map(
        (entry) => wrong(config, `${path}.${entry.key}`, entry.value, "text", { text: "An environment variable is one text." })
      );
    }
    default: {
      if (value2.kind !== "scalar") {
        const joined = value2.kind === "list" ? value2.items.flatMap((item) => item.kind === "scalar" ? [item.text] : []).join(" ") : "";
        const isText = known2.type === "text" && joined !== "";
        return [
          wrong(config, path, value2, wordsFor[known2.type], {
            text: isText ? "Write one text." : `Write ${wordsFor[known2.type]}.`,
            ...isText && { value: joined }
          })
        ];
      }
      return judgeScalar(config, path, value2, known2);
    }
  }
}
function listItem(config, path, item) {
  const entry = item.kind === "map" ? item.entries[0] : void 0;
  const rest = (entry == null ? void 0 : entry.value.kind) === "scalar" ? entry.value.text : "\u2026";
  const text2 = entry ? "A blank after a colon makes a map of the entry: write the whole in quotes, without the blank." : "Write each entry as one text.";
  return wrong(config, path, item, "text in every entry", {
    text: text2,
    ...entry && { lines: `- ${JSON.stringify(`${entry.key}:${rest}`)}` }
  });
}
var wordsFor = {
  text: "a text",
  flag: "`true` or `false`, without quotes",
  number: "a whole number, without quotes",
  port: "a port from 0 to 65535, without quotes",
  duration: "a duration with its unit, such as `30s`, `10m` or `3h`",
  size: "a size such as `10GB` or `512MB`, or a number of bytes",
  texts: "a list",
  environment: "names with their values"
};
function judgeScalar(config, path, scalar2, known2) {
  const expected = wordsFor[known2.type];
  const { text: text2, plain: plain2 } = scalar2;
  switch (known2.type) {
    case "text":
      return known2.oneOf && text2 !== "" && !known2.oneOf.includes(path.startsWith("log.") ? text2.toLowerCase() : text2) ? [invalid2(config, path, scalar2, known2.oneOf)] : [];
    case "flag": {
      const isFlag = plain2 ? /^(?:true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.test(text2) : /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.test(text2);
      const meant = /^(?:true|1|enabled|ja)$/i.test(text2) ? "true" : /^(?:false|0|disabled)$/i.test(text2) ? "false" : void 0;
      return isFlag ? [] : [wrong(config, path, scalar2, expected, { text: `Write ${expected}.`, ...meant && { value: meant } })];
    }
    case "number":
    case "port": {
      const number = plain2 ? goNumber(text2) : void 0;
      const digits = /^\d+$/.test(text2.trim()) ? text2.trim() : void 0;
      if (number === void 0) {
        return [
          wrong(config, path, scalar2, expected, { text: `Write ${expected}.`, ...digits && { value: digits } })
        ];
      }
      if (known2.type === "port" && (number < 0 || number > 65535)) {
        return [wrong(config, path, scalar2, expected, { text: "Write a port that exists, or 0 for any free one." })];
      }
      return path === "runner.capacity" && number < 1 ? [capacity2(config, scalar2)] : [];
    }
    case "duration": {
      if ((plain2 || text2 !== "0") && isDuration(text2) && !(plain2 && goNumber(text2) !== void 0)) return [];
      const number = goNumber(text2);
      const text22 = number === void 0 ? "Write a number with `s`, `m` or `h`; days do not exist, `24h` is one." : "A bare number is no duration, not even 0: write the unit.";
      return [wrong(config, path, scalar2, expected, { text: text22, value: mendDuration(text2, number) })];
    }
    case "size":
      return /^\s*\d+(?:\.\d*)?\s*[kmgtpKMGTP]?[iI]?[bB]?\s*$/.test(text2) ? [] : [wrong(config, path, scalar2, expected, { text: "Write a number with `KB`, `MB`, `GB` or `TB`." })];
    default:
      return [];
  }
}
function mendDuration(text2, number) {
  var _a;
  if (number !== void 0) return `${number}s`;
  const match = /^(\d+)\s*(d|day|h|hour|hr|m|min|minute|s|sec|second)s?$/i.exec(text2.trim());
  if (!match) return "";
  const unit = ((_a = match[2]) != null ? _a : "").slice(0, 1).toLowerCase();
  return unit === "d" ? `${Number(match[1]) * 24}h` : `${match[1]}${unit}`;
}
function goNumber(text2) {
  if (!/^[+-]?[\d.]/.test(text2)) return void 0;
  const bare3 = text2.replace(/_/g, "");
  const number = /^[+-]?0[0-7]+$/.test(bare3) ? Number.parseInt(bare3, 8) : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(bare3) || /^0(?:x[\da-fA-F]+|o[0-7]+|b[01]+)$/.test(bare3) ? Math.trunc(Number(bare3)) : Number.NaN;
  return Math.abs(number) < 2 ** 63 ? number : void 0;
}
function wrong(config, path, value2, expected, mend) {
  const found = describe(value2);
  const text2 = mend.lines !== void 0 ? keyLines(path, "", mend.lines) : mend.value ? keyLines(path, ` ${mend.value}`) : void 0;
  return {
    reason: "wrong-type",
    file: config.path,
    line: value2.line,
    column: value2.column,
    message: `\`${path}\` has to be ${expected}, and here is ${found}`,
    why: startFails,
    expected,
    found,
    remedy: { text: mend.text, kind: "runner", ...text2 && { config: example(config.path, text2) } }
  };
}
function describe(value2) {
  if (value2.kind !== "scalar") return value2.kind === "list" ? "a list" : "a map";
  if (value2.text === "") return "an empty text";
  const shown2 = value2.text.length > 60 ? `${value2.text.slice(0, 60)}\u2026` : value2.text;
  return value2.plain ? `\`${shown2}\`` : `the text \`"${shown2}"\``;
}
function invalid2(config, path, scalar2, allowed) {
  var _a;
  const meant = nearest(scalar2.text, allowed);
  const isFatal = path === "runner.tool_cache_mode";
  return {
    reason: "invalid-value",
    file: config.path,
    line: scalar2.line,
    column: scalar2.column,
    message: `\`${path}\` may not be \`${scalar2.text}\`${meant ? `: \`${meant}\` is meant?` : ""}`,
    why: isFatal ? "The runner ends at its start with `invalid runner.tool_cache_mode`, and takes no job." : "The runner complains once and then logs nothing below `panic`: its log stays empty when something goes wrong.",
    expected: allowed.map((word) => `\`${word}\``).join(", "),
    found: `\`${scalar2.text}\``,
    remedy: {
      text: "Write one of the allowed words.",
      kind: "runner",
      config: example(config.path, keyLines(path, ` ${(_a = meant != null ? meant : allowed[isFatal ? 0 : 2]) != null ? _a : ""}`))
    }
  };
}
function capacity2(config, scalar2) {
  return {
    reason: "invalid-value",
    file: config.path,
    line: scalar2.line,
    column: scalar2.column,
    message: `\`runner.capacity\` is \`${scalar2.text}\`: there is no such number of jobs`,
    why: "The runner takes it for 1 and says nothing: it is neither switched off nor unlimited.",
    expected: "1 or more",
    found: `\`${scalar2.text}\``,
    remedy: {
      text: "Write how many jobs may run at the same time.",
      kind: "runner",
      config: example(config.path, "runner:\n  capacity: 1")
    }
  };
}
function bothSecrets(config, context) {
  const file = entryAt(config.root, "cache", "external_secret_file");
  if (config.system !== "gitea" || !file || textAt(config.root, "cache", "external_secret_file") === "") return [];
  if (textAt(config.root, "cache", "external_secret") === "") return [];
  if (isTooOld({ type: "text", since: "2.3.0" }, context)) return [];
  return [
    {
      reason: "invalid-value",
      file: config.path,
      line: file.line,
      column: file.column,
      message: "`cache.external_secret` and `cache.external_secret_file` are both set",
      why: "The runner ends at its start: it does not choose between two secrets.",
      expected: "one of the two",
      found: "both",
      remedy: { text: "Keep the file, and take the secret out of the configuration.", kind: "runner" }
    }
  ];
}
function keyLines(path, value2, below) {
  const keys = path.split(".");
  const lines2 = keys.map((key2, depth) => `${"  ".repeat(depth)}${key2}:${depth === keys.length - 1 ? value2 : ""}`);
  return below === void 0 ? lines2.join("\n") : [...lines2, `${"  ".repeat(keys.length)}${below}`].join("\n");
}
function example(file, text2) {
  return { file, language: "yaml", text: text2 };
}

// src/config/rules/unknown-key.ts
var unknownSections = {
  // Forgejo's runner: connections to several servers. Gitea's 4.x: pods and telemetry.
  forgejo: ["server"],
  gitea: ["kubernetes", "telemetry", "otel", "tracing"]
};
var unknownKey = defineRule({
  id: "config/unknown-key",
  title: "Every key of the configuration is one that the runner knows",
  reasons: {
    "unknown-key": { level: "warn", summary: "the runner ignores a key that it does not know" },
    "misplaced-key": { level: "fail", summary: "a key stands in a section where the runner does not look for it" },
    "deprecated-key": { level: "warn", summary: "a key has a successor" }
  },
  fine: "the runner knows every key",
  find(setup, context) {
    var _a;
    const { config } = setup;
    if (((_a = config == null ? void 0 : config.root) == null ? void 0 : _a.kind) !== "map") return [];
    return new KeyWalk(config, setup, context).walk(config.root, "");
  }
});
var maxSuggestions = 100;
var KeyWalk = class {
  unknownKeys = 0;
  /** Key or section -> the paths at which the runner knows it, below the top. */
  places = /* @__PURE__ */ new Map();
  table;
  config;
  setup;
  context;
  constructor(config, setup, context) {
    var _a;
    this.config = config;
    this.setup = setup;
    this.context = context;
    this.table = keysOf(config.system);
    for (const path of Object.keys(this.table)) {
      const keys = path.split(".");
      for (const [index, key2] of keys.entries()) {
        if (index === 0) continue;
        const places = (_a = this.places.get(key2)) != null ? _a : /* @__PURE__ */ new Set();
        this.places.set(key2, places.add(keys.slice(0, index + 1).join(".")));
      }
    }
  }
  walk(map, path) {
    return map.entries.flatMap((entry) => {
      var _a;
      const full = path === "" ? entry.key : `${path}.${entry.key}`;
      if (isSection(this.table, full)) {
        return entry.value.kind === "map" ? this.walk(entry.value, full) : [];
      }
      const known2 = own(this.table, full);
      if (known2 == null ? void 0 : known2.insteadOf) return isNull(entry.value) ? [] : [this.deprecated(entry, full, known2.insteadOf)];
      if (known2) return known2.since === void 0 ? [] : this.tooNew(entry, full, known2.since);
      if (path === "" && ((_a = unknownSections[this.setup.system]) == null ? void 0 : _a.includes(entry.key))) return [];
      if (path === "" && entry.key.startsWith("x-")) return [];
      return [this.unknown(entry, path, full)];
    });
  }
  unknown(entry, path, full) {
    const right = this.rightPlace(entry.key);
    return right === void 0 ? this.nowhere(entry, path, full) : this.misplaced(entry, full, right);
  }
  /** The path under which the runner knows this key; `undefined` where there is none, or several and no telling which. */
  rightPlace(key2) {
    const places = this.places.get(key2);
    if ((places == null ? void 0 : places.size) === 1) return [...places][0];
    return (places == null ? void 0 : places.has(`runner.${key2}`)) ? `runner.${key2}` : void 0;
  }
  nowhere(entry, path, full) {
    var _a;
    const siblings = childrenOf(this.table, path);
    const isLost = ++this.unknownKeys > maxSuggestions;
    const meant = isLost ? void 0 : (_a = siblings.find((name) => sameLetters(name, entry.key))) != null ? _a : nearest(entry.key, siblings);
    const elsewhere = meant === void 0 && !isLost ? this.nearestElsewhere(entry.key) : void 0;
    const suggestion = meant != null ? meant : elsewhere;
    const { config } = this;
    const isGitea = config.system === "gitea";
    const version = this.context.version === void 0 ? void 0 : findVersion(this.context.version);
    const limit = findVersion(giteaKeysUpTo);
    const isNewer = isGitea && version && limit && compareVersions(version, limit) > 0;
    const section = path === "" ? "at the top of the file" : `in \`${path}\``;
    return {
      reason: "unknown-key",
      file: config.path,
      line: entry.line,
      column: entry.column,
      message: `the runner knows no key \`${entry.key}\` ${section}${suggestion ? `: \`${suggestion}\` is meant?` : ""}`,
      why: isGitea ? "The runner ignores the key, so what it should bring about does not happen. It says so in its own log since 3.0.0, and nothing before." : "The runner ignores the key without a word, so what it should bring about does not happen.",
      expected: suggestion ? `\`${suggestion}\`` : `one of ${siblings.map((name) => `\`${name}\``).join(", ")}`,
      found: `\`${full}\``,
      remedy: {
        text: suggestion ? `Write \`${suggestion}\`${isNewer ? `, unless release ${version.text} has brought a key of this name: the keys up to ${giteaKeysUpTo} are known here` : ""}.` : "Take the key out, or look up its name in the output of the runner's `config generate` (`generate-config` before 3.1.0).",
        kind: "runner",
        ...meant && { config: linesFor(config.path, path === "" ? meant : `${path}.${meant}`, entry.value) }
      }
    };
  }
  nearestElsewhere(key2) {
    const names2 = Object.keys(this.table);
    const last = nearest(key2, [...new Set(names2.map((name) => name.slice(name.lastIndexOf(".") + 1)))]);
    if (last === void 0) return void 0;
    const places = names2.filter((name) => name.endsWith(`.${last}`));
    return places.length === 1 ? places[0] : void 0;
  }
  misplaced(entry, full, right) {
    return {
      reason: "misplaced-key",
      file: this.config.path,
      line: entry.line,
      column: entry.column,
      message: `\`${full}\` is in the wrong place: the runner reads \`${right}\``,
      why: "The runner ignores the key where it stands, so the setting has no effect.",
      expected: `\`${right}\``,
      found: `\`${full}\``,
      remedy: {
        text: `Move the key to \`${right.slice(0, right.lastIndexOf("."))}\`.`,
        kind: "runner",
        config: linesFor(this.config.path, right, entry.value)
      }
    };
  }
  deprecated(entry, full, successor) {
    const isBridge = entry.value.kind === "scalar" && entry.value.text === "bridge";
    const value2 = isBridge ? { kind: "scalar", text: "", plain: false, line: 0, column: 0 } : entry.value;
    return {
      reason: "deprecated-key",
      file: this.config.path,
      line: entry.line,
      column: entry.column,
      message: `\`${full}\` is deprecated: \`${successor}\` has taken its place`,
      why: isBridge ? "The runner still reads it and warns at every start; `bridge` here makes a network for each job, which an empty `network` does." : "The runner still reads it, warns at every start, and ignores it once the successor is set.",
      expected: `\`${successor}\``,
      found: `\`${full}\``,
      remedy: {
        text: `Rename the key${isBridge ? " and leave it empty" : ""}.`,
        kind: "runner",
        config: linesFor(this.config.path, successor, value2)
      }
    };
  }
  /** A key that this release of the runner does not know yet. Said only where the release is known. */
  tooNew(entry, full, since) {
    const version = this.context.version === void 0 ? void 0 : findVersion(this.context.version);
    const first = findVersion(since);
    if (this.setup.system !== "gitea" || !version || !first || compareVersions(version, first) >= 0) return [];
    return [
      {
        reason: "unknown-key",
        file: this.config.path,
        line: entry.line,
        column: entry.column,
        message: `runner ${version.text} does not know \`${full}\` yet: it came with ${since}`,
        why: "This runner ignores the key, so what it should bring about does not happen.",
        expected: `a runner from ${since} on`,
        found: `runner ${version.text}`,
        remedy: { text: `Upgrade the runner to ${since} or newer, or take the key out.`, kind: "runner" }
      }
    ];
  }
};
function childrenOf(table2, path) {
  const prefix = path === "" ? "" : `${path}.`;
  const below = Object.keys(table2).filter((known2) => known2.startsWith(prefix));
  return [...new Set(below.map((known2) => {
    var _a;
    return (_a = known2.slice(prefix.length).split(".")[0]) != null ? _a : "";
  }))];
}
function sameLetters(left, right) {
  const bare3 = (text2) => text2.replace(/[_-]/g, "").toLowerCase();
  return bare3(left) === bare3(right);
}
function linesFor(file, path, value2) {
  var _a;
  const keys = path.split(".");
  const indent = "  ".repeat(keys.length - 1);
  const sections2 = keys.slice(0, -1).map((key2, depth) => `${"  ".repeat(depth)}${key2}:`);
  const name = (_a = keys[keys.length - 1]) != null ? _a : "";
  return { file, language: "yaml", text: [...sections2, ...valueLines(`${indent}${name}:`, value2, indent)].join("\n") };
}
function valueLines(start, value2, indent) {
  if (value2.kind === "scalar" && /\*{3,}/.test(value2.text)) return [`${start} \u2026`];
  if (value2.kind === "list") {
    const items = value2.items.slice(0, 10).map((item) => `${indent}  - ${item.kind === "scalar" ? quoted(item) : "\u2026"}`);
    return value2.items.length === 0 ? [`${start} []`] : [start, ...items];
  }
  if (value2.kind === "map") return [`${start} \u2026`];
  if (!value2.text.includes("\n")) return [`${start} ${quoted(value2)}`.trimEnd()];
  return [
    `${start} |`,
    ...value2.text.trimEnd().split("\n").map((line) => `${indent}  ${line}`)
  ];
}
function quoted(value2) {
  return value2.plain && value2.text !== "" && !/: |#/.test(value2.text) ? value2.text : JSON.stringify(value2.text);
}

// src/config/lint.ts
var configRules = [
  syntax,
  unknownKey,
  type,
  label,
  options,
  dockerHost,
  privileged,
  gpuLabel,
  cache,
  toolCache,
  capacity,
  registration,
  service
];
function lintFiles(facts, context) {
  const order = new Map(facts.files.map((file, index) => [file.path, index]));
  const mistakes = setupsOf(facts).flatMap((setup) => configRules.flatMap((rule) => mistakesOf(rule, setup, context)));
  return mistakes.sort(
    (a, b) => {
      var _a, _b, _c, _d, _e, _f;
      return ((_a = order.get(a.file)) != null ? _a : order.size) - ((_b = order.get(b.file)) != null ? _b : order.size) || ((_c = a.line) != null ? _c : 0) - ((_d = b.line) != null ? _d : 0) || ((_e = a.column) != null ? _e : 0) - ((_f = b.column) != null ? _f : 0);
    }
  );
}
function mistakesOf(rule, setup, context) {
  return rule.find(setup, context).map((found) => {
    var _a, _b;
    const level = (_b = found.level) != null ? _b : ((_a = rule.reasons[found.reason]) == null ? void 0 : _a.level) === "warn" ? "warn" : "fail";
    return { ...found, id: rule.id, level };
  });
}

// src/probes/fields.ts
function fieldOf(text2, key2) {
  const at2 = text2.startsWith(key2) ? 0 : text2.indexOf(`
${key2}`) + 1;
  if (at2 === 0 && !text2.startsWith(key2)) return void 0;
  const start = at2 + key2.length;
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
    const byCgroup = cgroupSign(textOf2(cgroup));
    const byMounts = mountSign(textOf2(mountinfo));
    const sign = (_g = (_e = (_d = (_c = (_b = signIf(Boolean(containerName), "JOB_CONTAINER_NAME")) != null ? _b : signIf(isThere2(dockerenv), "/.dockerenv")) != null ? _c : signIf(isThere2(containerenv), "/run/.containerenv")) != null ? _d : byCgroup) != null ? _e : byMounts) != null ? _g : signIf(((_f = env.GITHUB_EVENT_PATH) == null ? void 0 : _f.startsWith("/var/run/act/")) === true, "GITHUB_EVENT_PATH is below /var/run/act/");
    const looked = mountinfo.kind === "ok" || /^\d+:[^:]*:\/./m.test(textOf2(cgroup));
    const mode = modeOf(byHostMode, sign, host.platform, looked);
    const names2 = [containerName, byCgroup == null ? void 0 : byCgroup.id, byMounts == null ? void 0 : byMounts.id, host.hostname];
    const capabilities = capability("CapEff", textOf2(status));
    const boundingCapabilities = capability("CapBnd", textOf2(status));
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
  const [, source = "", options2 = ""] = mount.split(" ");
  if (source.startsWith("composefs")) return true;
  return /^ro,(?:.*,)?lowerdir\+?=/.test(options2) && !options2.includes("upperdir=");
}
function mountSign(mountinfo) {
  var _a;
  let root;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after2 = ""] = line.split(" - ");
    const [, , , source = "", target = ""] = before.split(" ");
    if (managedFiles.includes(target)) {
      const id = (_a = /\/(?:overlay-)?containers\/([0-9a-f]{64})\//.exec(source)) == null ? void 0 : _a[1];
      if (id !== void 0) return { witness: `mount of ${target}`, id };
      if (/\/(?:kubelet\/pods|sandboxes)\//.test(source)) return { witness: `mount of ${target}` };
    }
    if (target !== "/") continue;
    const overlay2 = isOverlayOfContainer(after2);
    const layer = /\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.test(source);
    if (overlay2 || layer)
      root = { witness: overlay2 ? "overlay root in /proc/self/mountinfo" : "root in /proc/self/mountinfo" };
  }
  return root;
}
function capability(name, status) {
  var _a, _b;
  const value2 = (_b = (_a = fieldOf(status, `${name}:`)) == null ? void 0 : _a.toLowerCase()) != null ? _b : "";
  return /^[0-9a-f]{1,16}$/.test(value2) ? value2 : void 0;
}
function isContainerName(name) {
  return name !== void 0 && name.length <= 200 && /^[a-z0-9][\w.-]*$/i.test(name);
}
function isThere2(outcome) {
  return outcome.kind !== "absent" && outcome.kind !== "unreadable";
}
function signIf(condition, witness) {
  return condition ? { witness } : void 0;
}
function textOf2(outcome) {
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
    const system = systemOf2(env);
    const inJob = system !== "none" && !isOn2(env.GITEA_RUNNER_HEALTH_CHECK);
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
function systemOf2(env) {
  if (isOn2(env.FORGEJO_ACTIONS) || text(env.FORGEJO_ACTIONS_RUNNER_VERSION) || text(env.FORGEJO_RUN_ID))
    return "forgejo";
  if (isOn2(env.GITEA_ACTIONS)) return "gitea";
  if (isOn2(env.ACT_EXEC) || isOn2(env.ACT)) return "act";
  return isOn2(env.GITHUB_ACTIONS) ? "github" : "none";
}
function isOn2(value2) {
  return !["", "0", "false"].includes((value2 != null ? value2 : "").trim().toLowerCase());
}
function text(value2) {
  return (value2 == null ? void 0 : value2.trim().slice(0, maxText)) || void 0;
}
function withoutCredentials2(value2) {
  var _a;
  const match = /^\s*(https?:\/\/)(?:.*@)?([^/?#@\s]+)([^?#]*)/is.exec(value2 != null ? value2 : "");
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
  const base2 = field(field(event, "pull_request"), "base");
  if (head === void 0 || base2 === void 0) return void 0;
  const headId = idOf(head);
  const baseId = idOf(base2);
  if (headId !== void 0 && baseId !== void 0) return headId !== baseId;
  if (field(head, "repo") === null) return true;
  const headName = field(field(head, "repo"), "full_name");
  const baseName2 = field(field(base2, "repo"), "full_name");
  return typeof headName === "string" && typeof baseName2 === "string" ? headName !== baseName2 : void 0;
}
function idOf(branch) {
  var _a, _b;
  return (_b = (_a = field(field(branch, "repo"), "id")) != null ? _a : field(branch, "repo_id")) != null ? _b : void 0;
}
function field(value2, name) {
  return typeof value2 === "object" && value2 !== null ? value2[name] : void 0;
}
function parseJson(source) {
  try {
    return JSON.parse(source);
  } catch {
    return void 0;
  }
}
function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value2]) => value2 !== void 0));
}

// src/probes/registration.ts
async function isOpenToAll(host, path) {
  const parts = path.split("/").slice(1, -1);
  const directories = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  const outcomes = await Promise.all(directories.map((directory) => host.stat(directory)));
  return outcomes.every((outcome) => !("mode" in outcome) || (outcome.mode & 1) !== 0);
}

// src/config/secret-text.ts
function stars(text2) {
  return text2.replace(/\S/g, "*");
}
function starLetters(text2) {
  return text2.replace(/[^\s"'\\]/g, "*");
}
var openVariables = /* @__PURE__ */ new Set([
  "CI",
  "CONFIG_FILE",
  "CUDA_VISIBLE_DEVICES",
  "DOCKER_HOST",
  "HOME",
  "LANG",
  "NVIDIA_DISABLE_REQUIRE",
  "NVIDIA_DRIVER_CAPABILITIES",
  "NVIDIA_VISIBLE_DEVICES",
  "PATH",
  "TZ",
  "XDG_RUNTIME_DIR"
]);
var loud = /token|secret|passw|passphrase|credential|bearer|(?:key|pass|pwd|auth)s?$/;
var quiet = new Set(
  "auth auths authorization cookie cred creds key keys pass pat pw pwd sig signature".split(" ")
);
function isSecretName(name) {
  const words = name.slice(-200).replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return loud.test(words.replace(/[^a-z0-9]/g, "")) || words.split(/[^a-z0-9]+/).some((word) => quiet.has(word));
}
function isClosedVariable(name) {
  return !openVariables.has(name);
}
function announcesSecret(word) {
  return /^-..|[:=]$/.test(word) && isSecretName(word);
}
var login = /(?:^|[\s"'])(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)[\s=]{0,9}["']?(?!\d+:\d+(?:["'\s]|$))[^\s:"']{1,100}:/;
var pair2 = /(?<![\w.-])([\w.-]+)["']?\s{0,9}(=|:(?!\/))\s*/g;
var flag = /(?:^|[\s"'])--?([A-Za-z][\w-]*)\s+["']?(?=[^\s-])/g;
function secretIn(text2) {
  if (!/[=\s]|:(?!\/)|^["']?-/.test(text2)) return void 0;
  const starts = [endOf2(login.exec(text2)), pairIn(text2), flagIn(text2)].filter((start) => start !== void 0);
  return starts.length === 0 ? void 0 : Math.min(...starts);
}
function pairIn(text2) {
  for (const match of text2.matchAll(pair2)) {
    const [, written = "", sign] = match;
    const name = written.replace(/^[-.\d]+/, "");
    const isVariable = sign === "=" && /^[A-Z_][A-Z0-9_]*$/.test(name) && isClosedVariable(name);
    if (isVariable || isSecretName(name)) return endOf2(match);
  }
  return void 0;
}
function flagIn(text2) {
  var _a;
  for (const match of text2.matchAll(flag)) if (isSecretName((_a = match[1]) != null ? _a : "")) return endOf2(match);
  return void 0;
}
function maskUrls(text2) {
  if (!text2.includes("//")) return text2;
  return text2.replace(/(?<=\/\/)[^\s/]+(?=@(?!sha256:))/g, starLetters).replace(/(?<=\/\/)[^\s/:@]{1,200}:(?!\d*\/|\/\/)[^\s@]{1,500}(?=@(?!sha256:))/g, starLetters).replace(
    /(:\/\/[^\s?"']{1,2000}\?)([^\s"']+)/g,
    (_, address2, query) => address2 + starLetters(query)
  );
}
function maskProse(text2) {
  const start = secretIn(text2);
  return start === void 0 ? text2 : text2.slice(0, start) + stars(text2.slice(start));
}
function endOf2(match) {
  return match ? match.index + match[0].length : void 0;
}

// src/config/mask-command.ts
function maskCommand(text2, variables = false) {
  if (!/[\s=:]/.test(text2)) return text2;
  let masked = "";
  let done = 0;
  let before = variables ? "-e" : "";
  for (const word of wordsOf2(text2)) {
    const raw = text2.slice(word.from, word.to);
    const start = secretStart(raw, word.text, before);
    const isMount = before === "--mount" || word.text.startsWith("--mount=");
    const goesOn = start === 0 && /^(?:basic|bearer|digest|token)$/i.test(word.text);
    if (!variables && !goesOn) before = word.text;
    if (start === void 0) continue;
    const end = word.open ? text2.length : isMount ? word.from + endOfField(raw, start) : word.to;
    masked += text2.slice(done, word.from + start) + starLetters(text2.slice(word.from + start, end));
    done = end;
    if (word.open) break;
  }
  return masked + text2.slice(done);
}
function endOfField(raw, start) {
  const next = raw.slice(start).search(/,(?:type|source|src|target|dst|destination|readonly|ro)\b/);
  return next < 0 ? raw.length : start + next;
}
function secretStart(raw, text2, before) {
  var _a;
  if (before === "--health-cmd") return 0;
  if (text2.startsWith("--health-cmd=")) return after(raw, "--health-cmd=");
  if (announcesSecret(before) && !text2.startsWith("-")) return 0;
  const name = variableOf(text2, before);
  if (name !== void 0 && isClosedVariable(name)) return after(raw, `${name}=`);
  if (/^(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)$/.test(before) && !/^\d+:\d+$/.test(text2)) {
    const user = (_a = /^[^:]+:/.exec(text2)) == null ? void 0 : _a[0];
    if (user !== void 0) return after(raw, user);
  }
  const start = secretIn(raw);
  return start != null ? start : secretIn(text2) === void 0 ? void 0 : 0;
}
function variableOf(text2, before) {
  var _a, _b;
  if (!text2.includes("=")) return void 0;
  const inFlag = (_a = /^(?:-[A-Za-z]*?e=?|--?env\w*=)([^\s=]+)=/.exec(text2)) == null ? void 0 : _a[1];
  if (inFlag !== void 0) return inFlag;
  if (!/^(?:-[A-Za-z]*e|--?env\w*)=?$/.test(before)) return void 0;
  return (_b = /^([^\s=-][^\s=]*)=/.exec(text2)) == null ? void 0 : _b[1];
}
function after(raw, text2) {
  const at2 = raw.indexOf(text2);
  return at2 < 0 ? 0 : at2 + text2.length;
}
function wordsOf2(text2) {
  const split = splitWords(text2);
  if (split.kind === "ok") return split.words.map((word, index) => {
    var _a;
    return toRaw(text2, word, (_a = split.words[index + 1]) == null ? void 0 : _a.offset);
  });
  const { offset } = split;
  const [first, ...others] = [...text2.slice(offset).matchAll(/\S+/g)].map((match) => {
    const from = offset + match.index;
    return { text: match[0], from, to: from + match[0].length, open: false };
  });
  const closed = wordsOf2(text2.slice(0, offset));
  const last = closed[closed.length - 1];
  if (!first) return closed;
  if ((last == null ? void 0 : last.to) !== first.from) return [...closed, { ...first, text: first.text.slice(1), open: true }, ...others];
  const joined = { text: last.text + first.text.slice(1), from: last.from, to: first.to, open: true };
  return [...closed.slice(0, -1), joined, ...others];
}
function toRaw(text2, { text: plain2, offset }, next) {
  return { text: plain2, from: offset, to: offset + text2.slice(offset, next).trimEnd().length, open: false };
}

// src/config/mask.ts
function maskText(text2) {
  let masked = maskUrls(text2);
  for (const { from, to } of secretsInLabel(masked)) {
    masked = masked.slice(0, from) + starLetters(masked.slice(from, to)) + masked.slice(to);
  }
  return masked;
}
function maskTree(root, system) {
  return new Masking(keysOf(system)).maskAt(root, "");
}
var maxGuesses = 100;
var Masking = class {
  table;
  /** Last part of each known path, without `_` and in small letters -> may its value be shown? */
  harmless = /* @__PURE__ */ new Map();
  names;
  guesses = 0;
  constructor(table2) {
    this.table = table2;
    for (const [path, known2] of Object.entries(table2)) {
      const name = bare2(path.slice(path.lastIndexOf(".") + 1));
      const isHarmless = !known2.secret && known2.type !== "environment";
      this.harmless.set(name, isHarmless && this.harmless.get(name) !== false);
    }
    this.names = [...this.harmless.keys()];
  }
  maskAt(tree, path) {
    if (tree.kind !== "map") return tree.kind === "scalar" ? maskScalar(tree, path) : maskItems(tree, path);
    const entries = tree.entries.map((entry) => {
      const below = path === "" ? entry.key : `${path}.${entry.key}`;
      const known2 = own(this.table, below);
      if (isSection(this.table, below)) return { ...entry, value: this.maskAt(entry.value, below) };
      if ((known2 == null ? void 0 : known2.secret) || (known2 == null ? void 0 : known2.type) === "environment") return { ...entry, value: hide(entry.value) };
      if (known2) return { ...entry, value: this.maskAt(entry.value, below) };
      const isShown = entry.value.kind !== "map" && this.isHarmless(entry.key);
      return {
        ...entry,
        key: maskProse(maskText(entry.key)),
        value: isShown ? this.maskAt(entry.value, below) : hide(entry.value)
      };
    });
    return { ...tree, entries };
  }
  /**
   * A known key in a wrong place, or misspelt, keeps its value, so that the finding can show the line to write. What
   * looks like a secret does not, and neither does what is like nothing known.
   */
  isHarmless(key2) {
    if (key2.length > 40 || isSecretName(key2) || /cred|auth|key/i.test(key2)) return false;
    const name = bare2(key2);
    const known2 = this.harmless.get(name);
    if (known2 !== void 0) return known2;
    const meant = ++this.guesses > maxGuesses ? void 0 : nearest(name, this.names);
    return meant !== void 0 && this.harmless.get(meant) === true;
  }
};
function bare2(name) {
  return name.replace(/[_-]/g, "").toLowerCase();
}
function maskItems(tree, path) {
  return {
    ...tree,
    items: tree.items.map((item) => {
      if (item.kind === "scalar") return maskScalar(item, path, true);
      if (item.kind !== "map") return hide(item);
      const entries = item.entries.map((entry) => {
        const { value: value2 } = entry;
        return { ...entry, value: value2.kind === "scalar" && isLabels(path) ? maskScalar(value2, path) : hide(value2) };
      });
      return { ...item, entries };
    })
  };
}
function isLabels(path) {
  return /labels?$/i.test(path);
}
function maskScalar(scalar2, path, isItem = false) {
  const masked = maskText(scalar2.text);
  const text2 = isLabels(path) ? masked : maskCommand(masked, isItem);
  return text2 === scalar2.text ? scalar2 : { ...scalar2, text: text2 };
}
function hide(tree) {
  switch (tree.kind) {
    case "map":
      return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: hide(entry.value) })) };
    case "list":
      return { ...tree, items: tree.items.map(hide) };
    case "scalar":
      return isNull(tree) || tree.text === "" ? tree : { ...tree, text: stars(tree.text) };
  }
}
function maskSetting(name, value2) {
  if (isSecretName(name) || /^SetCredential/i.test(name)) return stars(value2);
  return maskCommand(maskText(value2), name === "Environment");
}

// src/probes/paths.ts
function homeDirectory(host) {
  var _a;
  const home = (_a = absolute2(host.env.HOME)) != null ? _a : absolute2(host.userHome);
  return home === "/" ? void 0 : home;
}
function absolute2(path) {
  return (path == null ? void 0 : path.startsWith("/")) ? path : void 0;
}
function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

// src/config/places.ts
var names = ["gitea-runner", "act_runner", "act-runner", "forgejo-runner"];
function placesOf(host) {
  const home = homeDirectory(host);
  const userConfigs = host.env.XDG_CONFIG_HOME || home && `${home}/.config`;
  const configFolders = [
    ...names.map((name) => `/etc/${name}`),
    ...userConfigs ? names.map((name) => `${userConfigs}/${name}`) : [],
    "/data"
  ];
  const unitFolders = [
    "/etc/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    ...userConfigs ? [`${userConfigs}/systemd/user`] : []
  ];
  return {
    configs: [
      ...host.env.CONFIG_FILE ? [host.env.CONFIG_FILE] : [],
      ...configFolders.flatMap((folder) => [`${folder}/config.yaml`, `${folder}/config.yml`])
    ],
    registrations: [...names.map((name) => `/var/lib/${name}/.runner`), "/data/.runner"],
    units: unitFolders.flatMap((folder) => names.map((name) => `${folder}/${name}.service`))
  };
}

// src/config/presence.ts
async function registrationAt(host, path) {
  const directory = await host.stat(directoryOf(path));
  if (directory.kind !== "directory" || !await host.access(directoryOf(path), "x")) return void 0;
  const file = await host.stat(path);
  if (file.kind === "unreadable") return void 0;
  return { path, found: file.kind === "absent" ? "no" : "yes" };
}

// src/config/recognise.ts
function typeOf(path, text2) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isRegistration(name)) return "registration";
  if (/\.(?:service|timer|socket)$/.test(name) || /\.service\.d\/[^/]*\.conf$/.test(path)) return "unit";
  const start = text2.slice(0, 65536);
  if (/^\s*\{/.test(start)) return /"(?:uuid|labels|address)"\s*:/.test(start) ? "registration" : "config";
  if (/^\[(?:Unit|Service|Install)\]\s*$/m.test(start)) return "unit";
  if (/^jobs\s*:/m.test(start) && /^["']?on["']?\s*:/m.test(start)) return "workflow";
  return "config";
}
function otherKind(root) {
  var _a;
  if ((root == null ? void 0 : root.kind) !== "map") return void 0;
  const names2 = root.entries.map((entry) => entry.key);
  if (names2.includes("runner") || names2.includes("container")) return void 0;
  if (names2.includes("services") && ((_a = entryOf(root, "services")) == null ? void 0 : _a.value.kind) === "map") return "a compose file";
  if (names2.includes("apiVersion") && names2.includes("kind")) return "a Kubernetes manifest";
  if (names2.includes("profiles") && names2.includes("version")) return "a policy of runner-check";
  return void 0;
}
function systemOf3(path, root) {
  var _a;
  const votes = { gitea: 0, forgejo: 0 };
  for (const key2 of Object.keys(giteaKeys)) {
    if (own(forgejoKeys, key2) === void 0 && entryAt(root, ...key2.split("."))) votes.gitea++;
  }
  for (const key2 of Object.keys(forgejoKeys)) {
    if (own(giteaKeys, key2) === void 0 && entryAt(root, ...key2.split("."))) votes.forgejo++;
  }
  if (entryAt(root, "server", "connections")) votes.forgejo++;
  const dockerHost2 = (_a = entryAt(root, "container", "docker_host")) == null ? void 0 : _a.value;
  if ((dockerHost2 == null ? void 0 : dockerHost2.kind) === "scalar" && dockerHost2.text === "automount" && votes.gitea === 0) votes.forgejo++;
  if (votes.forgejo !== votes.gitea) return votes.forgejo > votes.gitea ? "forgejo" : "gitea";
  return /forgejo/i.test(path) ? "forgejo" : "gitea";
}

// src/config/unit.ts
function parseUnit(text2) {
  var _a, _b, _c;
  const settings = [];
  const lines2 = text2.split(/\r\n|\n/);
  let section = "";
  for (let index = 0; index < lines2.length; index++) {
    const line = (_a = lines2[index]) != null ? _a : "";
    const trimmed = line.trim();
    if (trimmed === "" || /^[#;]/.test(trimmed)) continue;
    const header = /^\[([^\]]+)\]$/.exec(trimmed);
    if (header) {
      section = (_b = header[1]) != null ? _b : "";
      continue;
    }
    const equals = line.indexOf("=");
    const place2 = { line: index + 1, column: line.length - line.trimStart().length + 1 };
    if (equals < 0 || section === "") {
      const message = section === "" ? "an assignment before the first section" : "neither a section nor an assignment";
      return { settings, problem: { ...place2, message } };
    }
    let value2 = line.slice(equals + 1);
    while (value2.endsWith("\\") && index + 1 < lines2.length) {
      index++;
      const next = (_c = lines2[index]) != null ? _c : "";
      value2 = `${value2.slice(0, -1)} ${/^\s*[#;]/.test(next) ? "\\" : next.trim()}`;
    }
    const name = line.slice(0, equals).trim();
    settings.push({ section, name, value: maskSetting(name, value2.trim()).slice(0, 4096), ...place2 });
  }
  return { settings };
}

// src/config/unit-machine.ts
var toolchainFolders = ["~/.cargo/bin", "/usr/local/cargo/bin", "~/.volta/bin", "~/.nvm/versions/node"];
async function lookAround(host, settings) {
  var _a, _b, _c, _d;
  const last = (name) => {
    var _a2;
    return (_a2 = [...settings].reverse().find((setting) => setting.section === "Service" && setting.name === name)) == null ? void 0 : _a2.value;
  };
  const [users, groups] = await Promise.all([host.readText("/etc/passwd"), host.readText("/etc/group")]);
  const user = (_a = last("User")) != null ? _a : "root";
  const entry = users.kind === "ok" ? entryFor(users.value, user) : void 0;
  const home = entry == null ? void 0 : entry[5];
  const group = groups.kind === "ok" ? entryFor(groups.value, "docker") : void 0;
  const inDockerGroup = entry && group ? entry[3] === group[2] || ((_b = group[3]) != null ? _b : "").split(",").includes((_c = entry[0]) != null ? _c : "") : void 0;
  const workingDirectory = (_d = last("WorkingDirectory")) == null ? void 0 : _d.replace(/^-/, "").replace(/^~$/, home != null ? home : "~");
  const registration2 = (workingDirectory == null ? void 0 : workingDirectory.startsWith("/")) ? await registrationAt(host, `${workingDirectory.replace(/\/+$/, "")}/.runner`) : void 0;
  const folders = toolchainFolders.flatMap((folder) => {
    if (!folder.startsWith("~")) return [folder];
    return home ? [`${home}${folder.slice(1)}`] : [];
  });
  const found = await Promise.all(
    folders.map(async (path) => (await host.stat(path)).kind === "directory" ? [path] : [])
  );
  if (users.kind !== "ok" && !registration2) return void 0;
  return {
    userKnown: entry !== void 0,
    ...inDockerGroup !== void 0 && { inDockerGroup },
    toolchains: entry ? found.flat() : [],
    ...registration2 && { registration: registration2 }
  };
}
function entryFor(text2, key2) {
  var _a;
  const lines2 = text2.split("\n").map((line) => line.split(":"));
  return (_a = lines2.find((fields) => fields[0] === key2)) != null ? _a : lines2.find((fields) => fields.length > 3 && fields[2] === key2);
}

// src/config/plain-yaml.ts
function readPlainYaml(text2) {
  if (/\t|\r(?!\n)|^(?:---|\.\.\.|%)|^[^#\n]*(?:^|[\s:-])[&*!?](?:\s|\S*\s*$)/m.test(text2)) return void 0;
  try {
    const reader = new PlainReader(text2.split(/\r?\n/));
    return { root: reader.document() };
  } catch (error) {
    if (error instanceof NotPlain) return void 0;
    throw error;
  }
}
var NotPlain = class extends Error {
};
function giveUp() {
  throw new NotPlain();
}
var keyLine = /^ *([A-Za-z_][\w.-]*):(?: +(\S.*)| *)$/;
var plainStart = /^[A-Za-z0-9_/.~$(+<=^\\;]/;
var maxDepth = 12;
var PlainReader = class {
  index = 0;
  lines;
  constructor(lines2) {
    this.lines = lines2;
  }
  document() {
    if (this.peek() === void 0) return void 0;
    const tree = this.block(this.indent(), 0);
    if (this.peek() !== void 0) giveUp();
    return tree;
  }
  /** The next line that is neither empty nor a comment. */
  peek() {
    var _a;
    while (this.index < this.lines.length) {
      const line = (_a = this.lines[this.index]) != null ? _a : "";
      if (!/^ *(?:#|$)/.test(line)) return line;
      this.index++;
    }
    return void 0;
  }
  indent() {
    var _a;
    const line = (_a = this.peek()) != null ? _a : "";
    return line.length - line.trimStart().length;
  }
  block(indent, depth) {
    var _a;
    if (depth > maxDepth) giveUp();
    const line = (_a = this.peek()) != null ? _a : "";
    return line.slice(indent).startsWith("-") ? this.list(indent) : this.map(indent, depth);
  }
  map(indent, depth) {
    const place2 = { line: this.index + 1, column: indent + 1 };
    const entries = [];
    const seen = /* @__PURE__ */ new Set();
    for (let line = this.peek(); line !== void 0 && this.indent() >= indent; line = this.peek()) {
      if (this.indent() > indent) giveUp();
      const match = keyLine.exec(line);
      const [, key2 = "", rest] = match != null ? match : giveUp();
      if (seen.has(key2)) giveUp();
      seen.add(key2);
      const at2 = { line: this.index + 1, column: indent + 1 };
      const column = line.indexOf(":", indent) + 2;
      const value2 = this.value(rest, line, indent, column, depth);
      entries.push({ key: key2, ...at2, value: value2 });
    }
    return { kind: "map", ...place2, entries };
  }
  /** What stands after `key:`, in the same line or below it. */
  value(rest, line, indent, column, depth) {
    const lineNumber = this.index + 1;
    if (rest !== void 0 && !rest.startsWith("#")) {
      const start = line.length - rest.length + 1;
      if (/^[|>]/.test(rest)) return this.literal(rest, lineNumber, start, indent);
      this.index++;
      const scalar2 = readScalar(rest, lineNumber, start);
      if (this.peek() !== void 0 && this.indent() > indent) giveUp();
      return scalar2;
    }
    this.index++;
    const next = this.peek();
    if (next !== void 0) {
      if (this.indent() > indent) return this.block(this.indent(), depth + 1);
      if (this.indent() === indent && /^ *-(?: |$)/.test(next)) return this.list(indent);
    }
    return { kind: "scalar", text: "", plain: true, line: lineNumber, column };
  }
  list(indent) {
    var _a;
    const place2 = { line: this.index + 1, column: indent + 1 };
    const items = [];
    for (let line = this.peek(); line !== void 0 && this.indent() >= indent; line = this.peek()) {
      if (this.indent() > indent) giveUp();
      const match = /^ *- +(\S.*)$/.exec(line);
      if (!match) {
        if (keyLine.test(line) && items.length > 0) break;
        giveUp();
      }
      const rest = (_a = match[1]) != null ? _a : "";
      const start = line.length - rest.length + 1;
      items.push(readScalar(rest, this.index + 1, start));
      this.index++;
    }
    return { kind: "list", ...place2, items };
  }
  /** `|` and `|-`: the lines below, as they are. */
  literal(header, line, column, indent) {
    var _a, _b, _c;
    const match = /^\|(-?) *(?: #.*)?$/.exec(header);
    if (!match) giveUp();
    this.index++;
    const first = (_a = this.lines[this.index]) != null ? _a : "";
    const inner = first.length - first.trimStart().length;
    if (first.trim() === "" || inner <= indent) giveUp();
    const texts = [];
    const words = [];
    let offset = 0;
    for (; this.index < this.lines.length; this.index++) {
      const raw = (_b = this.lines[this.index]) != null ? _b : "";
      if (raw.trim() !== "" && raw.length - raw.trimStart().length < inner) break;
      const text3 = raw.slice(inner);
      for (const word of text3.matchAll(/\S+/g)) {
        words.push([offset + word.index, this.index + 1, inner + word.index + 1]);
      }
      texts.push(text3);
      offset += text3.length + 1;
    }
    while (texts[texts.length - 1] === "") texts.pop();
    if (((_c = texts[texts.length - 1]) == null ? void 0 : _c.trim()) === "") giveUp();
    const next = this.peek();
    if (next !== void 0 && this.indent() > indent) giveUp();
    const text2 = `${texts.join("\n")}${match[1] === "-" ? "" : "\n"}`;
    return { kind: "scalar", text: text2, plain: false, line, column, .../\s/.test(text2) && { words } };
  }
};
function readScalar(text2, line, column) {
  var _a, _b;
  const place2 = { line, column };
  const quoted2 = (_a = /^"([^"\\]*)" *(?: #.*)?$/.exec(text2)) != null ? _a : /^'([^']*)' *(?: #.*)?$/.exec(text2);
  if (quoted2) return scalar((_b = quoted2[1]) != null ? _b : "", false, line, column, 1);
  if (/^\[ *\] *(?: #.*)?$/.test(text2)) return { kind: "list", ...place2, items: [] };
  if (/^\{ *\} *(?: #.*)?$/.test(text2)) return { kind: "map", ...place2, entries: [] };
  const bare3 = text2.replace(/ +#.*$/, "").trimEnd();
  const isOption = /^-[^\s-]/.test(bare3) || /^--\w/.test(bare3);
  if (!plainStart.test(bare3) && !isOption || /:(?: |$)/.test(bare3)) giveUp();
  return scalar(bare3, true, line, column, 0);
}
function scalar(text2, plain2, line, column, quote) {
  const base2 = { kind: "scalar", text: text2, plain: plain2, line, column };
  if (!/\s/.test(text2)) return base2;
  const words = [...text2.matchAll(/\S+/g)].map((word) => [word.index, line, column + quote + word.index]);
  return { ...base2, words };
}

// src/config/yaml-tree.ts
var maxDepth2 = 40;
var maxBytes = 8 * 1024 * 1024;
async function parseYaml(text2) {
  const unreadable3 = findUnreadable(text2);
  if (unreadable3) return { kind: "broken", problem: unreadable3 };
  const plain2 = readPlainYaml(text2);
  return plain2 ? { kind: "ok", root: plain2.root } : parseAnyYaml(text2);
}
async function parseAnyYaml(text2) {
  const yaml = await Promise.resolve().then(() => __toESM(require("./yaml.js"), 1));
  const lines2 = new yaml.LineCounter();
  const at2 = (offset) => {
    const { line, col } = lines2.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const documents = yaml.parseAllDocuments(text2, {
      lineCounter: lines2,
      schema: "failsafe",
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "silent"
    });
    const [first] = "empty" in documents ? [] : documents;
    if (!first) return { kind: "ok", root: void 0 };
    const error = first.errors[0];
    if (error) {
      const opened = error.code === "MISSING_CHAR" ? lastOpened(first.contents, yaml) : void 0;
      return {
        kind: "broken",
        problem: { ...at2(opened != null ? opened : error.pos[0]), message: explain(error.code, error.message) }
      };
    }
    const reader = new TreeReader(text2, at2, first.contents, yaml);
    const root = first.contents ? reader.read(first.contents, 0) : void 0;
    if (reader.problem) return { kind: "broken", problem: reader.problem };
    return { kind: "ok", root };
  } catch (error) {
    const message = error instanceof Error ? error.message.slice(0, 200) : "it cannot be read";
    return { kind: "broken", problem: { line: 1, column: 1, message } };
  }
}
function lastOpened(contents, yaml) {
  let offset;
  if (!contents) return void 0;
  yaml.visit(contents, (_, node) => {
    var _a;
    const isOpened = yaml.isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") || yaml.isCollection(node) && node.flow === true;
    if (isOpened && yaml.isNode(node)) offset = (_a = node.range) == null ? void 0 : _a[0];
  });
  return offset;
}
function explain(code2, message) {
  switch (code2) {
    case "TAB_AS_INDENT":
      return "a tab is used as indentation: YAML allows only blanks there";
    case "MISSING_CHAR":
      return /quote/.test(message) ? "a quote is opened here and never closed" : "a bracket is opened here and never closed";
    case "BAD_INDENT":
      return /flow|end with/.test(message) ? "a bracket is opened before this and not closed" : "the indentation fits no line above it";
    case "UNEXPECTED_TOKEN":
    case "IMPOSSIBLE":
      return "this does not belong here: a quote, a bracket or a colon is missing or too much";
    case "BLOCK_IN_FLOW":
      return "a bracket is opened before this and not closed";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "the value goes on in the next line as if that were a part of it: is the next line indented too deep, or is a quote missing around a text with a colon?";
    case "MULTILINE_IMPLICIT_KEY":
      return "no key: a colon has to be followed by a blank, and keys of one section begin in one column";
    case "BAD_SCALAR_START":
      return "a text may not begin with this character unless it is in quotes";
    default:
      return lowerFirst(message.replace(/:\s.*$/s, "")).slice(0, 200);
  }
}
function lowerFirst(text2) {
  return text2.slice(0, 1).toLowerCase() + text2.slice(1);
}
function findUnreadable(text2) {
  if (text2.length > maxBytes) return { line: 1, column: 1, message: "longer than 8 MiB: this is no configuration" };
  const match = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(text2);
  if (!match) return void 0;
  const before = text2.slice(0, match.index);
  const line = before.split(/\r\n|\r|\n/).length;
  const column = match.index - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r"));
  const message = match[0] === "\uFFFD" ? "this is not UTF-8" : "a control character, which YAML does not allow: is this a text file?";
  return { line, column, message };
}
var TreeReader = class {
  problem;
  anchors = /* @__PURE__ */ new Map();
  copied = 0;
  text;
  at;
  yaml;
  constructor(text2, at2, root, yaml) {
    this.text = text2;
    this.at = at2;
    this.yaml = yaml;
    if (root && text2.includes("&")) this.collectAnchors(root);
  }
  read(node, depth) {
    var _a, _b;
    const place2 = this.at((_b = (_a = node == null ? void 0 : node.range) == null ? void 0 : _a[0]) != null ? _b : 0);
    if (this.problem || !node) return { kind: "scalar", text: "", plain: true, ...place2 };
    if (depth > maxDepth2) return this.fail(place2, `nested more than ${maxDepth2} levels deep`);
    const { yaml } = this;
    if (yaml.isAlias(node)) return this.follow(node, depth, place2);
    if (yaml.isMap(node)) return { kind: "map", ...place2, entries: this.entries(node.items, depth) };
    if (yaml.isSeq(node)) {
      const items = node.items.map((item) => this.read(item, depth + 1));
      return { kind: "list", ...place2, items };
    }
    return this.scalar(node, place2);
  }
  entries(pairs, depth) {
    var _a, _b, _c, _d, _e, _f;
    const entries = [];
    const merged = [];
    const seen = /* @__PURE__ */ new Map();
    for (const pair3 of pairs) {
      const key2 = pair3.key;
      const place2 = this.at((_b = (_a = key2 == null ? void 0 : key2.range) == null ? void 0 : _a[0]) != null ? _b : 0);
      if (!this.yaml.isScalar(key2)) {
        this.fail(place2, "a key has to be a word, not a list or a map");
        return entries;
      }
      const name = String((_d = (_c = key2.source) != null ? _c : key2.value) != null ? _d : "");
      const read2 = this.read(pair3.value, depth + 1);
      const isNothing = read2.kind === "scalar" && read2.plain && read2.text === "";
      const value2 = isNothing ? { ...read2, ...this.at(((_f = (_e = key2.range) == null ? void 0 : _e[1]) != null ? _f : 0) + 1) } : read2;
      if (name === "<<" && value2.kind === "map") {
        merged.push(...value2.entries);
        continue;
      }
      const first = seen.get(name);
      if (first !== void 0) {
        this.fail(place2, `the key is here for the second time; the first is in line ${first}`);
        return entries;
      }
      seen.set(name, place2.line);
      entries.push({ key: name, ...place2, value: value2 });
    }
    return merged.length === 0 ? entries : [...entries, ...merged.filter((entry) => !seen.has(entry.key))];
  }
  scalar(node, place2) {
    var _a;
    const text2 = String((_a = node.value) != null ? _a : "");
    const isPlain = node.type === void 0 || node.type === "PLAIN";
    const plain2 = node.tag === void 0 ? isPlain : /^tag:yaml\.org,2002:(?:int|float|bool|null)$/.test(node.tag);
    const words = /\s/.test(text2) && node.range ? this.words(text2, node.range[0], node.range[2]) : void 0;
    return { kind: "scalar", text: text2, plain: plain2, ...place2, ...words && { words } };
  }
  /**
   * Finds each word of a text again in the file, whatever the style it is written in: block, folded, quoted.
   * What escapes hide is not found; then the word before it tells the place.
   */
  words(text2, from, to) {
    const found = [];
    let cursor = from;
    for (const match of text2.matchAll(/\S+/g)) {
      const index = this.text.indexOf(match[0], cursor);
      if (index < 0 || index >= to) continue;
      cursor = index + match[0].length;
      const { line, column } = this.at(index);
      found.push([match.index, line, column]);
    }
    return found;
  }
  collectAnchors(root) {
    this.yaml.visit(root, (_, node) => {
      if (this.yaml.isNode(node) && !this.yaml.isAlias(node) && node.anchor !== void 0) {
        this.anchors.set(node.anchor, node);
      }
    });
  }
  follow(alias, depth, place2) {
    const target = this.anchors.get(alias.source);
    if (!target) return this.fail(place2, "an alias of an anchor that is nowhere");
    if (++this.copied > 1e3) return this.fail(place2, "more than 1000 aliases");
    return this.read(target, depth + 1);
  }
  fail(place2, message) {
    var _a;
    (_a = this.problem) != null ? _a : this.problem = { ...place2, message };
    return { kind: "scalar", text: "", plain: true, ...place2 };
  }
};

// src/config/load.ts
var maxBytes2 = 8 * 1024 * 1024;
async function loadRunnerConfig(host, sources, signal) {
  const reader = new Reader(host, sources.directory);
  if (sources.files.length > 0) await reader.readNamed(sources.files);
  else await reader.search();
  const version = reader.files.length > 0 ? await versionOf(host, sources, reader.files, signal) : void 0;
  return {
    facts: { files: reader.files, ...version && { runnerVersion: version } },
    workflows: reader.workflows,
    texts: reader.texts
  };
}
var Reader = class {
  files = [];
  workflows = [];
  texts = /* @__PURE__ */ new Map();
  seen = /* @__PURE__ */ new Set();
  host;
  directory;
  constructor(host, directory) {
    this.host = host;
    this.directory = directory;
  }
  /** The named files, the `.runner` beside a configuration, and the drop-ins beside a unit; of a folder, all of them. */
  async readNamed(paths) {
    const beside = [];
    for (const named of paths) {
      const path = named.replace(/(?<=.)\/+$/, "");
      const status = await this.host.stat(this.full(path));
      if (status.kind === "directory") {
        await this.readFolder(path);
        continue;
      }
      const file = await this.read(path, true);
      if ((file == null ? void 0 : file.kind) === "config") beside.push(inDirectoryOf(path, ".runner"));
      if ((file == null ? void 0 : file.kind) === "unit" && !file.dropIn) await this.readDropIns(path);
    }
    for (const path of beside) await this.read(path, false);
  }
  async readFolder(path) {
    const names2 = await this.host.list(this.full(path));
    const known2 = names2.kind === "ok" ? names2.value.filter((name) => /^config\.ya?ml$|^\.runner$|\.service$/.test(name)) : [];
    if (known2.length === 0) this.files.push({ kind: "other", path, what: "a folder without a configuration" });
    await this.readNamed([...known2].sort().map((name) => `${path}/${name}`));
  }
  full(path) {
    return path.startsWith("/") ? path : `${this.directory}/${path}`;
  }
  /** Where runners keep their files, and what the units found there name. */
  async search() {
    var _a, _b;
    const places = placesOf(this.host);
    for (const path of places.units) {
      const unit = await this.read(path, false);
      if ((unit == null ? void 0 : unit.kind) !== "unit") continue;
      await this.readDropIns(path);
      const config = configPathOf(unit);
      if (config) await this.read(config, true);
      if (((_b = (_a = unit.machine) == null ? void 0 : _a.registration) == null ? void 0 : _b.found) === "yes") await this.read(unit.machine.registration.path, false);
    }
    for (const path of [...places.configs, ...places.registrations]) {
      const file = await this.read(path, false);
      if ((file == null ? void 0 : file.kind) === "config") await this.read(inDirectoryOf(path, ".runner"), false);
    }
  }
  /** `wanted`: its absence is worth telling. */
  async read(path, wanted) {
    const { host } = this;
    const full = this.full(path);
    const real = await host.realPath(full);
    const key2 = real.kind === "ok" ? real.value : full;
    if (this.seen.has(key2)) return void 0;
    this.seen.add(key2);
    const content = await host.readText(full, maxBytes2 + 1);
    if (content.kind === "absent") return this.keep({ kind: "absent", path }, wanted);
    if (content.kind === "unreadable") return this.keep({ kind: "unreadable", path, code: content.code }, true);
    const text2 = content.value.replace(/^\ufeff/, "");
    this.texts.set(path, text2);
    const status = await host.stat(full);
    switch (typeOf(path, text2)) {
      case "workflow":
        this.workflows.push(path);
        return void 0;
      case "registration":
        return this.keep(await readRegistration(host, path, key2, text2, status), true);
      case "unit":
        return this.keep(await readUnit(host, path, text2), true);
      case "config":
        return this.keep(await readConfig2(host, path, text2, status), true);
    }
  }
  async readDropIns(path) {
    const names2 = await this.host.list(`${this.full(path)}.d`);
    for (const name of names2.kind === "ok" ? [...names2.value].sort() : []) {
      if (name.endsWith(".conf")) await this.read(`${path}.d/${name}`, false);
    }
  }
  keep(file, wanted) {
    if (wanted) this.files.push(file);
    return file;
  }
};
function inDirectoryOf(path, name) {
  const directory = directoryOf(path);
  return path.includes("/") ? `${directory === "/" ? "" : directory}/${name}` : name;
}
async function readConfig2(host, path, text2, status) {
  const mode = modeOf2(status);
  const parsed = await parseYaml(text2);
  if (parsed.kind === "broken") {
    return { kind: "config", path, system: systemOf3(path, void 0), problem: parsed.problem, mode };
  }
  const other = otherKind(parsed.root);
  if (other) return { kind: "other", path, what: other };
  const system = systemOf3(path, parsed.root);
  const file = { kind: "config", path, system, mode };
  if (!parsed.root) return file;
  const registration2 = await registrationOf(host, parsed.root);
  return { ...file, root: maskTree(parsed.root, system), ...registration2 && { registration: registration2 } };
}
async function registrationOf(host, root) {
  var _a;
  const path = (_a = scalarAt(root, "runner", "file")) == null ? void 0 : _a.text;
  if (!(path == null ? void 0 : path.startsWith("/"))) return void 0;
  return registrationAt(host, path);
}
async function readRegistration(host, path, realPath, text2, status) {
  var _a, _b;
  const readableByAll = await isReadableByAll(host, realPath, status);
  const mode = modeOf2(status);
  const file = { kind: "registration", path, labels: [], readableByAll, mode };
  const parsed = await parseYaml(text2);
  if (parsed.kind === "broken") return { ...file, problem: parsed.problem };
  if (!isJson(text2) || ((_a = parsed.root) == null ? void 0 : _a.kind) !== "map") {
    return { ...file, problem: { line: 1, column: 1, message: "this is not the JSON that the runner writes" } };
  }
  if (entryOf(parsed.root, "agentId")) return { kind: "other", path, what: "a registration of GitHub's runner" };
  const labels = (_b = entryOf(parsed.root, "labels")) == null ? void 0 : _b.value;
  const items = (labels == null ? void 0 : labels.kind) === "list" ? labels.items : [];
  const texts = items.filter((item) => item.kind === "scalar");
  return { ...file, labels: texts.map((label3) => ({ ...label3, text: maskText(label3.text).slice(0, 4096) })) };
}
function isJson(text2) {
  try {
    JSON.parse(text2);
    return true;
  } catch {
    return false;
  }
}
async function readUnit(host, path, text2) {
  const folder = directoryOf(path);
  const dropIn = folder.endsWith(".d");
  const unit = dropIn ? folder.slice(folder.lastIndexOf("/") + 1, -2) : path.slice(path.lastIndexOf("/") + 1);
  const parsed = parseUnit(text2);
  const machine = await lookAround(host, parsed.settings);
  return {
    kind: "unit",
    path,
    unit,
    dropIn,
    ofUser: /\/systemd\/user\//.test(path),
    settings: parsed.settings,
    ...parsed.problem && { problem: parsed.problem },
    ...machine && { machine }
  };
}
function modeOf2(status) {
  return "mode" in status ? status.mode & 4095 : 0;
}
async function isReadableByAll(host, realPath, status) {
  if (!("mode" in status) || (status.mode & 4) === 0) return false;
  return isOpenToAll(host, realPath);
}
function configPathOf(unit) {
  for (const setting of unit.settings) {
    if (setting.name !== "ExecStart") continue;
    const match = /(?:^|\s)(?:--config|-c)(?:\s+|=)("?)([^"\s]+)\1/.exec(setting.value);
    if (match) return match[2];
  }
  return void 0;
}
async function versionOf(host, { runnerVersion }, files, signal) {
  var _a;
  if (runnerVersion) return { text: runnerVersion, source: "--runner-version" };
  if (files.every((file) => file.kind !== "config" || file.system === "forgejo")) return void 0;
  const { env } = host;
  const ofJob = env.GITEA_ACTIONS_RUNNER_VERSION;
  if (ofJob && !env.FORGEJO_ACTIONS && !env.FORGEJO_ACTIONS_RUNNER_VERSION) {
    return { text: ofJob.slice(0, 100), source: "GITEA_ACTIONS_RUNNER_VERSION" };
  }
  const outcomes = await Promise.all(
    ["gitea-runner", "act_runner"].map(async (program) => ({
      program,
      outcome: await host.run([program, "--version"], { signal })
    }))
  );
  for (const { program, outcome } of outcomes) {
    const version = (_a = /\bversion\s+(v?\d+\.\d+\.\d+\S*)/.exec(outcome.stdout)) == null ? void 0 : _a[1];
    if (outcome.kind === "exited" && version) return { text: version.slice(0, 100), source: `${program} --version` };
  }
  return void 0;
}

// src/config/probe.ts
var runnerConfigProbe = {
  name: "runner-config",
  async collect(host, request, signal) {
    if (request.runnerConfig === void 0) return { files: [] };
    const sources = { files: [request.runnerConfig], directory: request.workspace };
    return (await loadRunnerConfig(host, sources, signal)).facts;
  }
};

// src/config/check.ts
function configCheck(rule) {
  return defineCheck({
    id: rule.id,
    title: rule.title,
    reasons: rule.reasons,
    needs: { config: runnerConfigProbe },
    ...rule.id !== "config/syntax" && { after: ["config/syntax"] },
    judge({ config }, policy) {
      if (config.files.length === 0) {
        return { kind: "skip", reason: "not-applicable", message: "No configuration of a runner was given." };
      }
      const context = contextOf(config, policy);
      const mistakes = setupsOf(config).flatMap((setup) => mistakesOf(rule, setup, context));
      return verdictOf(mistakes, `${config.files.map((file) => file.path).join(", ")}: ${rule.fine}.`);
    }
  });
}
function contextOf(facts, policy) {
  return {
    ...facts.runnerVersion && { version: facts.runnerVersion.text },
    ...(policy == null ? void 0 : policy.docker.require) === "required" && { dockerRequired: true }
  };
}
var maxListed = 20;
function verdictOf(mistakes, fine) {
  var _a;
  const gravest = (_a = mistakes.find(({ level: level2 }) => level2 === "fail")) != null ? _a : mistakes[0];
  if (!gravest) return { kind: "pass", message: fine };
  const evidence = mistakes.slice(0, maxListed).map((mistake2) => ({ source: placeOf2(mistake2), text: `${mistake2.reason}: ${mistake2.message}` }));
  const more = mistakes.length - maxListed;
  if (more > 0) evidence.push({ source: gravest.file, text: `and ${more} more` });
  const { reason, message, why, expected, found, remedy, level, file, line, column, versions } = gravest;
  return {
    kind: "finding",
    reason,
    level,
    message: mistakes.length > 1 ? `${message} (and ${mistakes.length - 1} more, see the evidence)` : message,
    why: versions === void 0 ? why : `${why} This holds for runners ${versions}.`,
    expected,
    observed: found,
    evidence,
    remedy,
    location: { file, ...line !== void 0 && { line }, ...column !== void 0 && { column } }
  };
}
function placeOf2({ file, line, column }) {
  return [file, line, column].filter((part) => part !== void 0).join(":");
}

// src/checks/config/cache.ts
var configCache = configCheck(cache);

// src/checks/config/capacity.ts
var configCapacity = configCheck(capacity);

// src/checks/config/docker-host.ts
var configDockerHost = configCheck(dockerHost);

// src/checks/config/gpu-label.ts
var configGpuLabel = configCheck(gpuLabel);

// src/checks/config/label.ts
var configLabel = configCheck(label);

// src/checks/config/options.ts
var configOptions = configCheck(options);

// src/checks/config/privileged.ts
var configPrivileged = configCheck(privileged);

// src/checks/config/registration.ts
var configRegistration = configCheck(registration);

// src/checks/config/service.ts
var configService = configCheck(service);

// src/checks/config/syntax.ts
var configSyntax = configCheck(syntax);

// src/checks/config/tool-cache.ts
var configToolCache = configCheck(toolCache);

// src/checks/config/type.ts
var configType = configCheck(type);

// src/checks/config/unknown-key.ts
var configUnknownKey = configCheck(unknownKey);

// src/checks/words.ts
function code(value2) {
  return `\`${value2.split("`").join("'")}\``;
}
function shellQuote(value2) {
  return /^[\w@%+=:,./-]+$/.test(value2) ? value2 : `'${value2.split("'").join(`'\\''`)}'`;
}
function listed(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
function yamlValue(value2) {
  const plain2 = /^[a-z/-][\w./:@ -]*$/i.test(value2) && !/: |:$|^- |^(true|false|yes|no|on|off|null)$/i.test(value2);
  return plain2 ? value2 : JSON.stringify(value2);
}

// src/checks/docker/situation.ts
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
      const lines2 = entries.map(([name, value2]) => `    ${name}: ${yamlValue(value2)}`);
      return { config: { file: configFile, language: "yaml", text: ["runner:", "  envs:", ...lines2].join("\n") } };
    }
    case "github": {
      const lines2 = entries.map(([name, value2]) => `${name}=${value2}`);
      return { config: { file: ".env in the directory of the runner", language: "ini", text: lines2.join("\n") } };
    }
    default:
      return { commands: entries.map(([name, value2]) => `export ${name}=${shellQuote(value2)}`) };
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

// src/checks/network/connection.ts
function causeOf(...args) {
  return require("./findings.js").src_checks_network_connection_ts.causeOf(...args);
}
function describeFailure(...args) {
  return require("./findings.js").src_checks_network_connection_ts.describeFailure(...args);
}
function tellFailure(...args) {
  return require("./findings.js").src_checks_network_connection_ts.tellFailure(...args);
}

// src/checks/network/registry-remedies.ts
function remedyFor(seen) {
  var _a;
  const { host, look: look2 } = seen;
  switch (seen.reason) {
    case "unresolvable":
      return {
        text: `Look whether the name is right and what the machine's nameservers say. Where the host knows it and the job container does not, give Docker's containers nameservers that do.`,
        commands: [`getent hosts ${shellQuote(nameIn(look2 == null ? void 0 : look2.url, host))}`, "cat /etc/resolv.conf"],
        kind: "host",
        otherwise: {
          text: "Nameservers for all containers of this host; restart Docker after it.",
          config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "dns": ["192.0.2.53"] }' },
          commands: ["sudo systemctl restart docker"],
          kind: "host"
        }
      };
    case "unreachable":
      return mendConnection(seen);
    case "tls-untrusted":
      return mendTrust(seen);
    case "unauthorized":
    case "denied":
      return mendAccess(seen);
    case "not-found":
      return {
        text: (look2 == null ? void 0 : look2.image) === void 0 ? `Correct ${code(host)} in the policy's \`registries\`, or start the registry there.` : `Compare name and tag with what the registry shows, and correct them wherever they stand: in the label of the runner's \`config.yaml\`, the workflow and the policy. If the image is private, log in.`,
        commands: (look2 == null ? void 0 : look2.image) === void 0 ? [`curl -sS -D - -o /dev/null ${shellQuote(`https://${host}/v2/`)}`] : [`docker buildx imagetools inspect ${shellQuote(look2.image)}`],
        kind: "runner",
        ...(look2 == null ? void 0 : look2.image) !== void 0 && !look2.loggedIn && { otherwise: logIn(seen) }
      };
    case "rate-limited":
      return {
        text: `${waitFor(look2)}Registries count requests without a login by the address of the whole network: log in, or let Docker pull through a mirror of your own.`,
        commands: [`docker login${host === "docker.io" ? "" : ` ${shellQuote(host)}`}`],
        kind: "host",
        ...host === "docker.io" && {
          otherwise: {
            text: "A mirror of Docker Hub for all pulls of this host; restart Docker after it.",
            config: {
              file: "/etc/docker/daemon.json",
              language: "json",
              text: '{ "registry-mirrors": ["https://mirror.example"] }'
            },
            kind: "host"
          }
        }
      };
    case "credential-helper-missing":
      return mendHelper(seen);
    case "timeout":
      return {
        text: `Look at what lies between: a firewall that drops packets, a proxy that is not set, or in containers a network whose packets are larger than what the host's line takes (\`mtu\` of the Docker network).`,
        commands: [
          `curl -sS -m 20 -o /dev/null -w '%{http_code} %{time_connect} %{time_appconnect}\\n' ${shellQuote((_a = look2 == null ? void 0 : look2.url) != null ? _a : `https://${host}/v2/`)}`
        ],
        kind: "host"
      };
  }
}
function nameIn(url, host) {
  var _a, _b;
  return ((_b = (_a = /^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url != null ? url : "")) == null ? void 0 : _a[1]) != null ? _b : host).replace(/^\[(.*)\]$/, "$1");
}
function waitFor(look2) {
  const seconds = (look2 == null ? void 0 : look2.answer.kind) === "answered" ? look2.answer.retryAfter : void 0;
  return seconds === void 0 ? "" : `It says to come back in ${seconds} s. `;
}
function mendConnection({ host, look: look2, situation }) {
  var _a;
  const check = `curl -sS -D - -o /dev/null ${shellQuote((_a = look2 == null ? void 0 : look2.url) != null ? _a : `https://${host}/v2/`)}`;
  const cause = (look2 == null ? void 0 : look2.answer.kind) === "failed" ? causeOf(look2.answer) : void 0;
  const name = nameIn(look2 == null ? void 0 : look2.url, host);
  switch (cause) {
    case "proxy":
      return {
        text: "Mend the proxy or its address; or let this registry be reached without it, by its name at the end of what `NO_PROXY` holds already. The Docker daemon has proxy settings of its own.",
        ...setVariables(situation, { NO_PROXY: name, no_proxy: name }),
        kind: "runner"
      };
    case "no-tls":
      return {
        text: "Docker asks a registry on another machine with TLS only. Give the registry a certificate, or tell every Docker daemon that pulls from it to do without, which lets anybody on the way change the images.",
        config: {
          file: "/etc/docker/daemon.json",
          language: "json",
          text: JSON.stringify({ "insecure-registries": [host] })
        },
        commands: ["sudo systemctl restart docker"],
        kind: "host"
      };
    case "refused":
      return {
        text: `Start the registry, or correct its port. In a job container, \`localhost\` is the container itself.`,
        commands: [check],
        kind: "host"
      };
    default:
      return {
        text: "Ask the same by hand, from here and from the host, and look at what answers: the registry, a firewall, or a proxy that is not set.",
        commands: [check],
        kind: "host"
      };
  }
}
function isUnseenTrust(look2, situation) {
  if ((look2 == null ? void 0 : look2.answer.kind) !== "failed" || causeOf(look2.answer) !== "untrusted") return false;
  const inside = situation.inContainer || situation.inRunnerContainer;
  return inside && /^(?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/.test(look2.answer.code);
}
function mendTrust({ host, look: look2, situation }) {
  const errno = (look2 == null ? void 0 : look2.answer.kind) === "failed" ? look2.answer.code : "";
  const name = nameIn(look2 == null ? void 0 : look2.url, host);
  const show = `openssl s_client -connect ${shellQuote(authorityOf(look2 == null ? void 0 : look2.url, host))} -servername ${shellQuote(name)} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
  if (errno === "CERT_HAS_EXPIRED" || errno === "CERT_NOT_YET_VALID") {
    return {
      text: "Renew the certificate of the registry. If its dates are right, the clock of this machine is wrong.",
      commands: [show, "date -u"],
      kind: "host"
    };
  }
  if (errno === "ERR_TLS_CERT_ALTNAME_INVALID" || errno === "HOSTNAME_MISMATCH") {
    return {
      text: "Use a name that the certificate holds, or give the registry a certificate that holds this one.",
      commands: [show],
      kind: "host"
    };
  }
  const unseen = isUnseenTrust(look2, situation) ? " If it lies there already, pulls work, and only tools in this container do not know the authority: give it to the image of the job." : "";
  return {
    text: `Give Docker the certificate of the authority, on every host that pulls from there. Docker reads it at once.${unseen}`,
    commands: [show, `sudo install -D -m 644 ca.crt ${shellQuote(`/etc/docker/certs.d/${host}/ca.crt`)}`],
    kind: "host",
    otherwise: {
      text: "For everything on a Debian or Ubuntu, or in an image made from it, Docker and git included.",
      commands: [
        "sudo install -m 644 ca.crt /usr/local/share/ca-certificates/own-ca.crt",
        "sudo update-ca-certificates"
      ],
      kind: "image"
    }
  };
}
function authorityOf(url, host) {
  var _a, _b;
  const authority = (_b = (_a = /^https?:\/\/([^/]+)/.exec(url != null ? url : "")) == null ? void 0 : _a[1]) != null ? _b : host;
  return /:\d+$/.test(authority) ? authority : `${authority}:443`;
}
function mendAccess(seen) {
  const { host, look: look2, login: login2 } = seen;
  const registry = host === "docker.io" ? "" : ` ${shellQuote(host)}`;
  if (look2 == null ? void 0 : look2.publicAnyway) {
    return {
      text: `Log out: the image needs no login. Where other images do, log in anew instead. The login is kept in ${code(login2.config)}.`,
      commands: [`docker logout${registry}`],
      kind: "host",
      otherwise: logIn(seen)
    };
  }
  if (look2 == null ? void 0 : look2.loggedIn) {
    return {
      text: `Log in anew with a token that may read this image${scopeHint(host)}, as the user of ${code(login2.config)}. Check the name of the image too: many registries answer the same for one that does not exist.`,
      commands: [`docker login${registry}`],
      kind: "host"
    };
  }
  return logIn(seen);
}
function scopeHint(host) {
  return host === "ghcr.io" ? " (scope `read:packages`; the package must also grant its owner access)" : "";
}
function logIn({ host, situation }) {
  const registry = host === "docker.io" ? "" : ` ${shellQuote(host)}`;
  const inJob = situation.system !== "none";
  return {
    text: `Log in with a token that may read the image${scopeHint(host)}. The runner pulls the images of its labels itself: for those, log in as the user that the runner runs as.`,
    commands: [`docker login${registry}`],
    kind: "host",
    ...inJob && {
      otherwise: {
        text: "For pulls in the job itself, log in there.",
        config: {
          file: "the job in the workflow",
          language: "yaml",
          text: [
            "- uses: docker/login-action@v3",
            "  with:",
            ...host === "docker.io" ? [] : [`    registry: ${yamlValue(host)}`],
            "    username: ${{ vars.REGISTRY_USER }}",
            "    password: ${{ secrets.REGISTRY_TOKEN }}"
          ].join("\n")
        },
        kind: "workflow"
      }
    }
  };
}
function mendHelper({ host, login: login2, situation }) {
  const { helper = "docker-credential-\u2026", config } = login2;
  const path = login2.setting === "credHelpers" ? `.credHelpers[${JSON.stringify(host)}]` : ".credsStore";
  const fix = login2.kind === "helper-missing" ? `Take the setting out of ${code(config)} and log in anew, which keeps the login in the file itself. It often came with a file copied from a machine with Docker Desktop.` : `Mend ${code(helper)}, or take the setting out of ${code(config)} and log in anew, which keeps the login in the file itself.`;
  return {
    text: fix,
    commands: [
      `jq ${shellQuote(`del(${path})`)} ${shellQuote(config)} > config.new && cat config.new > ${shellQuote(config)} && rm config.new`,
      `docker login${host === "docker.io" ? "" : ` ${shellQuote(host)}`}`
    ],
    kind: situation.inContainer ? "image" : "host",
    otherwise: {
      text: `If the program is wanted, install it where PATH leads, and try it.`,
      commands: [`echo ${shellQuote(host)} | ${shellQuote(helper)} get`],
      kind: situation.inContainer ? "image" : "host"
    }
  };
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
  const isHost2 = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = isHost2 ? first.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io") : "docker.io";
  const repository = isHost2 ? rest : [first, ...rest];
  const official = registry === "docker.io" && repository.length === 1;
  return [registry, ...official ? ["library"] : [], ...repository].join("/");
}
function isImage(actual, wanted) {
  if (actual.repository !== wanted.repository) return false;
  if (wanted.digest !== void 0) return actual.digest === wanted.digest;
  return actual.tag === void 0 || actual.tag === wanted.tag;
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

// src/checks/network/registry-targets.ts
var hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
var repositoryPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
function registryTargets(entries) {
  var _a;
  const images = /* @__PURE__ */ new Map();
  const invalid3 = [];
  for (const entry of entries) {
    const found = parseEntry(entry);
    if (!found) {
      invalid3.push({ entry, name: entry.replace(/^.*@(?!sha\d{3}:)/s, "").replace(/[^\w.:-]+/g, "-") || "none" });
      continue;
    }
    const known2 = (_a = images.get(found.host)) != null ? _a : [];
    const isNew = found.image && !known2.some(({ name }) => {
      var _a2;
      return name === ((_a2 = found.image) == null ? void 0 : _a2.name);
    });
    images.set(found.host, found.image && isNew ? [...known2, found.image] : known2);
  }
  return { targets: [...images].map(([host, wanted]) => ({ host, images: wanted })), invalid: invalid3 };
}
function parseEntry(entry) {
  var _a, _b;
  const text2 = entry.trim().replace(/^https:\/\//i, "");
  const bare3 = text2.replace(/\/(?:v2\/?)?$/, "");
  if (bare3 !== text2 || isHost(bare3)) {
    const host2 = canonical(bare3);
    return hostPattern.test(host2) ? { host: host2 } : void 0;
  }
  const image = parseImage(text2);
  const [first = "", ...path] = (_a = image == null ? void 0 : image.repository.split("/")) != null ? _a : [];
  const host = canonical(first);
  const repository = path.join("/");
  const reference = (_b = image == null ? void 0 : image.digest) != null ? _b : image == null ? void 0 : image.tag;
  if (reference === void 0 || !hostPattern.test(host) || !repositoryPattern.test(repository)) return void 0;
  return { host, image: { name: text2, repository, reference } };
}
function isHost(text2) {
  if (text2.includes("/") || text2.includes("@")) return false;
  return /^(?:[^:]+\.[^:]+|localhost|\[[^\]]+\])(?::\d+)?$/i.test(text2) || /^[^:]+:\d{4,5}$/.test(text2);
}
function canonical(host) {
  return host.toLowerCase().replace(/^(?:index|registry-1|registry|hub|www)\.docker\.(?:io|com)$/, "docker.io");
}

// src/checks/network/registry.ts
var reasons = {
  unresolvable: { level: "fail", summary: "The registry's name has no address here" },
  unreachable: { level: "fail", summary: "The registry cannot be reached" },
  "tls-untrusted": { level: "fail", summary: "The registry's certificate is not trusted" },
  unauthorized: { level: "fail", summary: "The registry wants a login, or another one" },
  denied: { level: "fail", summary: "The registry denies access to the image" },
  "not-found": { level: "fail", summary: "The registry does not have the image" },
  "rate-limited": { level: "fail", summary: "The registry refuses: too many requests" },
  "credential-helper-missing": { level: "fail", summary: "The program that keeps the login is missing" },
  timeout: { level: "fail", summary: "The registry does not answer in time" }
};
var registryFamily = {
  id: "registry/*",
  title: "The registry can be reached and its images pulled",
  reasons,
  expand({ registries }) {
    const { targets, invalid: invalid3 } = registryTargets(registries);
    return [...targets.map(checkOf), ...invalid3.map(invalidCheck)];
  }
};
function checkOf(target) {
  return defineCheck({
    id: `registry/${target.host}`,
    title: `${code(target.host)} can be reached and its images pulled`,
    reasons,
    needs: { registry: registryProbe(target), container: containerProbe, job: jobProbe },
    judge: ({ registry, container, job }) => judgeRegistry(target.host, registry, situationOf(container, job))
  });
}
function invalidCheck({ entry, name }) {
  return defineCheck({
    id: `registry/${name}`,
    title: `${code(entry)} can be reached`,
    reasons,
    needs: {},
    judge: () => ({
      kind: "undecided",
      message: `The policy's \`registries\` hold ${code(entry)}, which is neither a host such as \`ghcr.io\` nor an image such as \`ghcr.io/fortemi/fortemi/builder:latest\`.`
    })
  });
}
function judgeRegistry(host, facts, situation) {
  var _a;
  const { login: login2, looks } = facts;
  const unasked = looks.find(({ answer }) => answer.kind === "other-proxy");
  if (unasked) {
    return {
      kind: "skip",
      reason: "not-applicable",
      message: `A proxy applies to ${code(host)} that this check does not speak to: ${code((_a = unasked.via) != null ? _a : "?")}.`
    };
  }
  const judged = looks.map((look2) => ({ look: look2, reason: reasonOf(look2) }));
  const order = Object.keys(reasons);
  const [worst] = judged.filter((entry) => entry.reason !== void 0).sort((a, b) => {
    var _a2, _b;
    return order.indexOf((_a2 = a.reason) != null ? _a2 : "") - order.indexOf((_b = b.reason) != null ? _b : "");
  });
  const evidence = [...looks.map(tell), ...tellLogin(login2)];
  const byLogin = judgeLogin(host, login2, evidence, situation);
  if (byLogin && ((worst == null ? void 0 : worst.reason) === void 0 || aboutAccess.includes(worst.reason))) return byLogin;
  if ((worst == null ? void 0 : worst.reason) !== void 0) return finding(host, worst.reason, worst.look, facts, evidence, situation);
  return { kind: "pass", message: praise(host, looks), evidence };
}
var aboutAccess = ["unauthorized", "denied", "not-found", "rate-limited"];
function reasonOf({ image, answer, loggedIn }) {
  var _a;
  if (answer.kind === "timed-out") return "timeout";
  if (answer.kind === "other-proxy") return void 0;
  if (answer.kind === "failed") {
    const cause = causeOf(answer);
    if (cause === "unresolvable") return "unresolvable";
    return cause === "untrusted" ? "tls-untrusted" : "unreachable";
  }
  if (!answer.genuine) return "unreachable";
  switch (answer.status) {
    case 200:
      return void 0;
    case 401:
      return image === void 0 && !loggedIn && answer.challenge === "bearer" ? void 0 : "unauthorized";
    case 403:
      return "denied";
    case 404:
      return "not-found";
    case 429:
      return "rate-limited";
    default: {
      const elsewhere = answer.status >= 300 && answer.status < 400 && ((_a = answer.location) == null ? void 0 : _a.includes("/v2/"));
      return elsewhere && image !== void 0 ? void 0 : "unreachable";
    }
  }
}
function judgeLogin(host, login2, evidence, situation) {
  var _a, _b, _c, _d;
  const helper = code((_a = login2.helper) != null ? _a : "");
  const why = "`docker build` and `docker compose` ask this program before every pull and fail without its answer, for public images too; `docker pull` does so from release 29 on.";
  const common = { kind: "finding", why, expected: `${helper} that gives the login for ${host}`, evidence };
  const remedy = (reason) => remedyFor({ host, reason, login: login2, situation });
  switch (login2.kind) {
    case "helper-missing":
      return {
        ...common,
        reason: "credential-helper-missing",
        message: `The login for ${code(host)} is kept by ${helper}, as ${code(login2.config)} says, and there is no such program on PATH.`,
        observed: (_b = login2.message) != null ? _b : "not on PATH",
        remedy: remedy("credential-helper-missing")
      };
    case "helper-failed":
      return {
        ...common,
        reason: "unauthorized",
        message: `The login for ${code(host)} is kept by ${helper}, which fails: ${code((_c = login2.message) != null ? _c : "")}.`,
        observed: (_d = login2.message) != null ? _d : "it fails",
        remedy: remedy("credential-helper-missing")
      };
    case "helper-hangs":
      return {
        ...common,
        reason: "timeout",
        message: `The login for ${code(host)} is kept by ${helper}, which does not end within the deadline.`,
        observed: "no answer within the deadline",
        remedy: remedy("credential-helper-missing")
      };
    default:
      return void 0;
  }
}
function finding(host, reason, look2, { login: login2, looks }, evidence, situation) {
  const others = looks.filter((other) => other !== look2 && reasonOf(other) === reason);
  const also = others.flatMap(({ image }) => image === void 0 ? [] : [code(image)]);
  const told = messageOf(host, reason, look2, login2) + (isUnseenTrust(look2, situation) ? unseenTrust : "");
  return {
    kind: "finding",
    reason,
    message: also.length > 0 ? `${told} The same holds for ${listed(also)}.` : told,
    why: look2.image === void 0 ? "Jobs whose image comes from there die in set-up, and so does every pull in a job." : "A job that needs this image dies in set-up, and so does every pull of it in a job.",
    expected: look2.image === void 0 ? `a registry that answers at ${host}` : `a manifest for ${look2.image}`,
    observed: observedOf(look2),
    evidence,
    remedy: remedyFor({ host, reason, look: look2, login: login2, situation })
  };
}
var unseenTrust = " That goes by what this container trusts. For `docker pull` the daemon's own `/etc/docker/certs.d` on the host counts, which cannot be seen from here.";
function messageOf(host, reason, look2, login2) {
  var _a;
  const { answer, loggedIn } = look2;
  const who = look2.at === "registry" ? code(host) : `The token server of ${code(host)} (${code(look2.url)})`;
  const what = look2.image === void 0 ? who : code(look2.image);
  const how = loggedIn ? `with the login that ${code((_a = login2.helper) != null ? _a : login2.config)} holds` : "without a login";
  switch (reason) {
    case "unresolvable":
    case "tls-untrusted":
      return `${who} cannot be asked: ${answer.kind === "failed" ? describeFailure(answer, look2.via) : ""}.`;
    case "unreachable":
      return `${who} cannot be reached: ${whyUnreachable(look2)}.`;
    case "timeout":
      return `${who} gives no answer within the deadline.`;
    case "unauthorized":
      if (look2.publicAnyway)
        return `${what} is public, but ${host} refuses the login that comes along: it is stale or wrong.`;
      if (look2.at === "token-server" && loggedIn) return `${host} refuses the login for ${what}: it is stale or wrong.`;
      return `${what} is not to be had ${how}: ${host} answers 401. It is private, or does not exist.`;
    case "denied":
      if (look2.publicAnyway) return `${what} is public, but ${host} denies it to the login that comes along.`;
      return `${host} denies ${what} ${how}. It is private, or does not exist.`;
    case "not-found":
      if (look2.image === void 0) return `${code(host)} answers, but is no registry: \`GET /v2/\` finds nothing.`;
      return `${host} has no ${what}: the name or the tag is wrong${loggedIn ? "" : ", or the image is private and there is no login"}.`;
    case "rate-limited":
      return `${host} refuses ${what} ${how}: too many requests.`;
    case "credential-helper-missing":
      return `The program that keeps the login for ${host} is missing.`;
  }
}
function whyUnreachable({ answer, via }) {
  if (answer.kind === "failed") {
    return answer.code === "EINSECURE" ? answer.message : describeFailure(answer, via);
  }
  if (answer.kind !== "answered") return tellFailure(answer);
  if (!answer.genuine) return "what answers there is a web page or a login page of the network, and no registry";
  return answer.location === void 0 ? `it answers with status ${answer.status}` : `it sends on to ${code(answer.location)}`;
}
function observedOf({ answer }) {
  if (answer.kind !== "answered") return tellFailure(answer);
  return `status ${answer.status}${answer.message === void 0 ? "" : `, ${answer.message}`}`;
}
function tell(look2) {
  const { image, at: at2, url, answer, via, trustedBy, insecure, loggedIn } = look2;
  const method = at2 === "registry" && image !== void 0 ? "HEAD" : "GET";
  const notes = [
    ...answer.kind === "answered" && answer.digest !== void 0 ? [answer.digest] : [],
    ...answer.kind === "answered" && answer.location !== void 0 ? [`leads to ${answer.location}`] : [],
    ...loggedIn ? ["with a login"] : [],
    ...via === void 0 ? [] : [`through ${via}`],
    ...trustedBy === void 0 ? [] : [`trusted by ${trustedBy}`],
    ...insecure ? ["as the daemon's `insecure-registries` say"] : []
  ];
  return { source: `${method} ${url}`, text: [observedOf(look2), ...notes].join(", ") };
}
function tellLogin({ kind, config, helper, message }) {
  const source = helper === void 0 ? config : `${config}, ${helper}`;
  switch (kind) {
    case "none":
      return [{ source, text: "no login for this registry" }];
    case "found":
      return [{ source, text: "a login for this registry" }];
    case "config-ignored":
      return [{ source, text: `the Docker CLI goes on without it: ${message != null ? message : "it cannot be read"}` }];
    case "helper-missing":
    case "helper-failed":
      return [{ source, text: message != null ? message : "not on PATH" }];
    case "helper-hangs":
      return [{ source, text: "it does not end" }];
  }
}
function praise(host, looks) {
  const images = looks.flatMap(({ image }) => image === void 0 ? [] : [code(image)]);
  const login2 = looks.some(({ loggedIn }) => loggedIn) ? ", with a login" : "";
  const how = `${login2}${praiseInsecure(looks)}`;
  return images.length === 0 ? `${code(host)} answers${how}` : `${listed(images)} can be pulled${how}`;
}
function praiseInsecure(looks) {
  const look2 = looks.find(({ insecure }) => insecure);
  if (!look2) return "";
  const tls = /^http:/.test(look2.url) ? "TLS" : "verified TLS";
  return `, without ${tls}, as the Docker daemon is told (\`insecure-registries\`)`;
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

// src/probes/self-container.ts
var maxNames = 4;
var imageBudgetMs = 1500;
var selfContainerProbe = {
  name: "self-container",
  async collect(host, _request, signal, ask2) {
    const [{ mode, names: names2 }, { endpoint }] = await Promise.all([ask2(containerProbe), ask2(dockerEndpointProbe)]);
    if (mode === "host" || names2.length === 0) return { state: "none", why: "on-host" };
    const inspect = (wanted) => Promise.all(
      wanted.slice(0, maxNames).map((name) => askEngine(host, endpoint, `/containers/${encodeURIComponent(name)}/json`, signal))
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
  const unknown = (why, detail) => ({
    state: "unknown",
    ...why && { why },
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
    mounts: listOf2(self.Mounts).flatMap(mountOf),
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
function mountOf(entry) {
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
      Object.entries(labels != null ? labels : {}).filter(([name]) => isToldLabel(name)).slice(0, 50).map(([name, value2]) => [name, textOf3(value2)])
    )
  };
}
function isToldLabel(name) {
  return /^matric\.builder\.[\w.-]{1,80}$|^org\.opencontainers\.image\.(?:version|revision|created|title)$/.test(name);
}
function jsonOf(answer) {
  return answer.kind === "ok" ? answer.value : void 0;
}
function textOf3(value2, length = 500) {
  return typeof value2 === "string" ? bounded(value2, length) : "";
}
function listOf2(value2) {
  return Array.isArray(value2) ? value2.slice(0, 200) : [];
}
function textsOf2(value2, length) {
  return listOf2(value2).flatMap((entry) => typeof entry === "string" ? bounded(entry, length != null ? length : 500) : []);
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
    let value2 = 0;
    for (let index = 0; index < bytes; index++) {
      const at2 = bigEndian ? offset + index : offset + bytes - 1 - index;
      value2 = value2 * 256 + (head.charCodeAt(at2) || 0);
    }
    return value2;
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
  const [table2, entrySize, entries] = wide ? [read2(32, 8), read2(54, 2), read2(56, 2)] : [read2(28, 4), read2(42, 2), read2(44, 2)];
  for (let index = 0; index < Math.min(entries, 64); index++) {
    const entry = table2 + index * entrySize;
    if (read2(entry, 4) !== 3) continue;
    const [offset, size2] = wide ? [read2(entry + 8, 8), read2(entry + 32, 8)] : [read2(entry + 4, 4), read2(entry + 16, 4)];
    const name = (_a = head.slice(offset, offset + Math.min(size2, 200)).split("\0")[0]) != null ? _a : "";
    return /^\/[\x20-\x7e]+$/.test(name) ? name : void 0;
  }
  return void 0;
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
    async collect(host, request, signal, ask2) {
      const overrun = aborted(signal);
      const facts = await look(host, request, signal, overrun, name, command);
      return { ...facts, mode: await inTime(modeOf3(ask2), overrun, "unknown") };
    }
  };
}
async function look(host, request, signal, overrun, name, command) {
  const [program = name, ...args] = command;
  const workspace = await inTime(existing(host, request.workspace), overrun, void 0);
  const cwd = workspace != null ? workspace : host.cwd();
  const path = pathEntries(host, cwd).slice(0, 64);
  const base2 = {
    name,
    command,
    arch: host.arch,
    ...host.uid !== void 0 && { uid: host.uid },
    path,
    ...host.env.PATH === void 0 && { pathUnset: true }
  };
  let directory = "";
  const proxy = proxies.has(baseName(program));
  const [searched, neverSetUp] = await Promise.all([
    inTime(
      search(host, program, path, cwd, (now) => {
        directory = now;
      }),
      overrun,
      void 0
    ),
    proxy ? inTime(homeOfUnsetRustup(host, cwd), overrun, void 0) : void 0
  ]);
  if (!searched) return { ...base2, unusable: [], elsewhere: [], run: { kind: "search-timed-out", directory } };
  const { found: file, unusable } = searched;
  if (file === void 0) {
    const elsewhere = program.includes("/") ? [] : await inTime(searchOffPath(host, program, path), overrun, []);
    return { ...base2, unusable, elsewhere, run: { kind: "not-found" } };
  }
  const ownNode = name === "node" && asksForVersion(args) ? await inTime(ownPath(host, file), overrun, void 0) : void 0;
  if (ownNode !== void 0) {
    const found = { path: file, realPath: ownNode };
    return { ...base2, found, unusable, elsewhere: [], run: { kind: "own-node", version: host.nodeVersion } };
  }
  const env = { ...offline, ...neverSetUp && { RUSTUP_HOME: unreachableHome } };
  const run = (directory2) => host.run([file, ...args], { signal, env, maxOutput, ...directory2 !== void 0 && { cwd: directory2 } });
  const [outcome, real] = await Promise.all([run(workspace), inTime(host.realPath(file), overrun, void 0)]);
  const failed = outcome.kind !== "exited" || outcome.code !== 0;
  const realPath = (real == null ? void 0 : real.kind) === "ok" ? real.value : void 0;
  const located = {
    ...base2,
    found: { path: file, ...realPath !== void 0 && { realPath } },
    unusable,
    elsewhere: []
  };
  const link = /\/rustup(?:-init)?$/.test(realPath != null ? realPath : "") && baseName(program) !== "rustup";
  const rustup = {
    link,
    ...neverSetUp && { neverSetUp },
    ...failed && proxy && { autoInstall: await inTime(autoInstalls(host, cwd), overrun, true) },
    ...lacksToolchain(outcome) && workspace !== void 0 && { outsideWorkspace: await run("/") }
  };
  return {
    ...located,
    run: { kind: "ran", outcome },
    ...failed && { file: await inTime(readProgramFile(host, file), overrun, { format: "unreadable" }) },
    ...(proxy || link) && { rustup }
  };
}
async function search(host, program, path, cwd, onLook) {
  const slash = program.lastIndexOf("/");
  const directories = slash < 0 ? path : [absolute(program.slice(0, slash) || "/", cwd)];
  return searchProgram(host, program.slice(slash + 1), directories, onLook);
}
function asksForVersion(args) {
  return args.length === 1 && (args[0] === "--version" || args[0] === "-v");
}
async function ownPath(host, file) {
  const [real, own2] = await Promise.all([host.realPath(file), host.realPath(host.execPath)]);
  return real.kind === "ok" && own2.kind === "ok" && real.value === own2.value ? real.value : void 0;
}
async function modeOf3(ask2) {
  try {
    return (await ask2(containerProbe)).mode;
  } catch {
    return "unknown";
  }
}
async function existing(host, directory) {
  return (await host.stat(directory)).kind === "directory" ? directory : void 0;
}
function rustupHome(host, cwd) {
  const { RUSTUP_HOME, HOME } = host.env;
  if (RUSTUP_HOME) return absolute(RUSTUP_HOME, cwd);
  const home = HOME || host.userHome;
  return home ? join(absolute(home, cwd), ".rustup") : void 0;
}
async function homeOfUnsetRustup(host, cwd) {
  const home = rustupHome(host, cwd);
  if (home === void 0) return void 0;
  if ((await host.stat(join(home, "settings.toml"))).kind !== "absent") return void 0;
  const [toolchains, ...named] = await Promise.all([
    host.list(join(home, "toolchains")),
    host.stat(join(cwd, "rust-toolchain.toml")),
    host.stat(join(cwd, "rust-toolchain")),
    host.stat("/etc/rustup/settings.toml")
  ]);
  const installed = toolchains.kind === "ok" && toolchains.value.length > 0;
  const chosen2 = Boolean(host.env.RUSTUP_TOOLCHAIN) || named.some((file) => file.kind !== "absent");
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

// src/probes/labelled-tools.ts
var programOf = { rust: "rustc", nodejs: "node", "docker-cli": "docker" };
var labelledToolsProbe = {
  name: "labelled-tools",
  async collect(host, request, _signal, ask2) {
    const { imageLabels = {} } = await ask2(selfContainerProbe);
    const pinnedBy = await rustPin(host, request.workspace);
    const tools = Object.entries(imageLabels).map(async ([label3, stated]) => {
      var _a, _b;
      const name = (_a = /^matric\.builder\.(.+)-version$/.exec(label3)) == null ? void 0 : _a[1];
      if (name === void 0) return [];
      const tool = (_b = own(programOf, name)) != null ? _b : name;
      const expected = own(request.policy.tools, tool);
      if (!expected) return [];
      const facts = await ask2(toolProbe(tool, expected.command)).catch(() => void 0);
      const printed = facts && printedBy(facts);
      if (printed === void 0) return [];
      return [
        { label: label3, stated, tool, printed: bounded(printed, 300), ...name === "rust" && pinnedBy && { pinnedBy } }
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
  const files = ["rust-toolchain.toml", "rust-toolchain"];
  const kinds = await Promise.all(files.map(async (file) => (await host.stat(`${workspace}/${file}`)).kind));
  return files.find((_, index) => kinds[index] === "file");
}

// src/checks/runner/labels.ts
function restartCommand(job) {
  const service2 = holdsFor(runnerKnowledge("old-name"), job.runnerVersion) === "yes" ? "act_runner" : "gitea-runner";
  return `sudo systemctl restart ${job.system === "forgejo" ? "forgejo-runner" : service2}`;
}
function labelConfig(label3) {
  return { file: "config.yaml", language: "yaml", text: `runner:
  labels:
    - ${JSON.stringify(label3)}` };
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
        evidence: evidenceOf(self)
      };
    }
  });
}
var runnerImage = imageCheck();
function withoutSelf(self, mode) {
  var _a;
  if (self.state === "found") return void 0;
  const skip = (message) => ({ kind: "skip", reason: "not-applicable", message });
  if (mode === "host") return skip("The job runs on the host: there is no image.");
  switch (self.why) {
    case "engine-error":
      return {
        kind: "undecided",
        message: `The Docker daemon failed to say what this container is: ${(_a = self.detail) != null ? _a : "no answer"}`
      };
    case "other-engine":
      return skip(
        "The Docker daemon that answers here is not the one that runs this container: it does not know its image."
      );
    case "forbidden":
      return skip(
        `The Docker daemon, or a proxy before it, does not let this job look at its own container (${self.detail}).`
      );
    default:
      return skip("Without a Docker daemon to ask, nothing says which image this container comes from.");
  }
}
function evidenceOf(self) {
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
  const wanted = parseImage(policy.image);
  if (!wanted) return wrongImage(self, job, policy, policy.image, void 0);
  const names2 = [image, ...imageTags, ...imageDigests != null ? imageDigests : []].flatMap((name) => {
    var _a;
    return (_a = parseImage(name)) != null ? _a : [];
  });
  const actual = parseImage(image);
  if (names2.some((name) => isImage(name, wanted) && (name.tag !== void 0 || wanted.digest !== void 0))) {
    return void 0;
  }
  if (actual && isImage(actual, wanted)) return void 0;
  if (wanted.digest !== void 0 && imageDigests === void 0 && (actual == null ? void 0 : actual.repository) === wanted.repository) {
    return {
      kind: "undecided",
      message: `The daemon did not tell the digest of this container's image (it has it no more, or did not answer in time); ${code(policy.image)} asks for one.`,
      evidence: evidenceOf(self)
    };
  }
  const sameRepository = (actual == null ? void 0 : actual.repository) === wanted.repository;
  if (actual && isDefaultImage(actual) && !sameRepository) {
    return {
      ...otherThan(self, policy.image),
      reason: "default-image",
      message: `The job runs in the default image ${code(image)}, not in ${code(policy.image)}.`,
      why: "None of the builder's tools are in it: the job fails late, at the first one that is missing. A runner takes this image when `runs-on` matches none of its labels, or when the label that matches names no image.",
      remedy: nameImage(job, policy, policy.image)
    };
  }
  const part = wanted.digest === void 0 ? "tag" : "digest";
  return wrongImage(self, job, policy, policy.image, sameRepository ? part : void 0);
}
function otherThan(self, wanted) {
  var _a;
  return { kind: "finding", expected: wanted, observed: (_a = self.image) != null ? _a : "", evidence: evidenceOf(self) };
}
function wrongImage(self, job, policy, wanted, part) {
  var _a;
  return {
    ...otherThan(self, wanted),
    reason: "wrong-image",
    message: `The job runs in ${code(self.image || ((_a = self.imageId) != null ? _a : "?"))}; the profile ${code(policy.profile)} names ${code(wanted)}${part ? `: the ${part} differs` : ""}.`,
    why: "Its tools and their versions are those of another image, so what passes here may fail where the right one is used, and the other way round.",
    remedy: nameImage(job, policy, wanted)
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
        evidence: evidenceOf(self)
      };
    }
    return {
      kind: "undecided",
      message: `The image ${code((_c = self.image) != null ? _c : "?")} does not say when it was built, so nobody knows whether it is older than ${daysOf(imageMaxAgeDays)}. A reproducible build has no date: give it the label \`org.opencontainers.image.created\`, or take \`image-max-age\` out of the profile.`,
      evidence: evidenceOf(self)
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
    evidence: evidenceOf(self),
    remedy: pullAnew(
      "Pull it on the runner's host, where the next job takes it. If nothing newer comes, the image has to be built anew.",
      image
    )
  };
}
function outdated(self, policy, registry) {
  var _a, _b, _c;
  const look2 = registry == null ? void 0 : registry.looks.find(({ image: image2 }) => image2 === policy.image);
  const newest = (look2 == null ? void 0 : look2.answer.kind) === "answered" ? look2.answer.digest : void 0;
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
    evidence: [...evidenceOf(self), { source: `HEAD ${(_c = look2 == null ? void 0 : look2.url) != null ? _c : ""}`, text: newest }],
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
  const wrong2 = tools.filter(differs);
  const first = wrong2[0];
  if (!first) return void 0;
  const printed = (_b = (_a = findVersion(first.printed)) == null ? void 0 : _a.text) != null ? _b : first.printed;
  return {
    kind: "finding",
    reason: "label-mismatch",
    message: `The image's label ${code(first.label)} says ${first.stated}, but ${code(first.tool)} is ${printed}.`,
    why: "Whoever chooses the image by its label gets another version. Either it was built with a wrong label, or another installation of the tool comes first on this job's PATH.",
    expected: `${first.tool} ${first.stated}`,
    observed: `${first.tool} ${printed}`,
    evidence: wrong2.flatMap(({ label: label3, stated, tool, printed: text2 }) => {
      var _a2;
      return [
        { source: `label of ${self.image}`, text: `${label3}=${stated}` },
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
  const label3 = (_a = findVersion(stated)) != null ? _a : findVersion(`${stated}.0`);
  const tool = findVersion(printed);
  if (!label3 || !tool) return false;
  const parts = (_c = (_b = /\d+(?:\.\d+){0,2}/.exec(stated)) == null ? void 0 : _b[0].split(".").length) != null ? _c : 3;
  return label3.numbers.slice(0, parts).some((number, index) => number !== tool.numbers[index]);
}

// src/probes/service.ts
var maxBody2 = 4 * 1024 * 1024;
function serviceProbe(name, address2) {
  return {
    name: `service:${name}`,
    async collect(host, _request, signal) {
      const url = urlOf(address2);
      if (!url) return { url: "", answer: { kind: "no-url" } };
      const authorization = loginOf(url);
      const started = Date.now();
      const {
        via,
        trustedBy: _by,
        untrusted: _code,
        ...answer
      } = await askUrl(host, url, {
        headers: { accept: "application/json, */*", ...authorization !== void 0 && { authorization } },
        authorities: systemAuthorities(host),
        maxBody: maxBody2,
        signal
      });
      return {
        url: shownUrl(url),
        ...via !== void 0 && { via },
        answer: answer.kind === "answered" ? { ...replyOf2(answer.status, answer.body, answer.truncated), ms: Date.now() - started } : answer
      };
    }
  };
}
function replyOf2(status, body, truncated) {
  const models = modelsOf(body);
  return {
    kind: "answered",
    status,
    ...models ? { models } : { body: bounded(body.trim(), 300) },
    ...truncated && { truncated }
  };
}
function modelsOf(body) {
  const reply = objectOf(parse3(body));
  const list = [reply == null ? void 0 : reply.models, reply == null ? void 0 : reply.data].find(Array.isArray);
  return list == null ? void 0 : list.map((entry) => {
    var _a, _b, _c;
    return (_c = (_a = objectOf(entry)) == null ? void 0 : _a.name) != null ? _c : (_b = objectOf(entry)) == null ? void 0 : _b.id;
  }).filter((name) => typeof name === "string").slice(0, 1e3).map((name) => bounded(name, 200));
}
function parse3(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}

// src/checks/service/service.ts
var reasons2 = {
  refused: { level: "fail", summary: "The service cannot be reached" },
  timeout: { level: "fail", summary: "The service does not answer in time" },
  "http-error": { level: "fail", summary: "The service answers with an error" },
  "unexpected-body": { level: "fail", summary: "The service answers something else" },
  "model-missing": { level: "fail", summary: "The service lacks a model" }
};
var serviceFamily = {
  id: "service/*",
  title: "The service answers, and has its models",
  reasons: reasons2,
  expand: ({ services }) => services.map(checkOf2)
};
function checkOf2(service2) {
  const { name, url, models } = service2;
  return defineCheck({
    id: `service/${name}`,
    title: models.length === 0 ? `${code(name)} answers` : `${code(name)} answers, and has ${listed(models.map(code))}`,
    reasons: reasons2,
    needs: { service: serviceProbe(name, url), container: containerProbe, job: jobProbe },
    judge: ({ service: facts, container, job }) => judgeService({ service: service2, facts, situation: situationOf(container, job) })
  });
}
function judgeService(seen) {
  const { service: service2, facts } = seen;
  const { answer, url, via } = facts;
  switch (answer.kind) {
    case "no-url":
      return {
        kind: "undecided",
        message: `The address of ${code(service2.name)} in the policy is no http or https URL.`
      };
    case "other-proxy":
      return {
        kind: "skip",
        reason: "not-applicable",
        message: `A proxy applies to ${code(url)} that this check does not speak to: ${code(via != null ? via : "?")}.`
      };
    case "timed-out":
      return finding2(seen, "timeout", {
        message: `${code(service2.name)} gives no answer at ${code(url)} within the deadline.`,
        observed: tellFailure(answer),
        remedy: {
          text: `Look at what the service is busy with, and whether something on the way drops packets.${isOllama(seen) ? " An Ollama that loads a large model still answers this address at once." : ""}`,
          commands: [ask(url), ...serviceLog(seen)],
          kind: "host"
        }
      });
    case "failed": {
      const what = causeOf(answer) === "not-http" ? "unexpected-body" : "refused";
      return finding2(seen, what, {
        message: `${code(service2.name)} cannot be reached at ${code(url)}: ${describeFailure(answer, via)}.`,
        observed: tellFailure(answer),
        remedy: startIt(seen)
      });
    }
    case "answered":
      return judgeReply(seen, answer);
  }
}
function judgeReply(seen, reply) {
  const { service: service2, facts } = seen;
  const { url } = facts;
  if (reply.status >= 400) {
    return finding2(seen, "http-error", {
      message: `${code(service2.name)} answers ${code(url)} with status ${reply.status}.`,
      observed: `status ${reply.status}`,
      remedy: {
        text: reply.status === 401 || reply.status === 403 ? "The service wants a login, or another one. For a health check, name an address in the policy that answers without." : "Look at the service's log, and whether the address in the policy is right.",
        commands: [ask(url), ...serviceLog(seen)],
        kind: "host"
      }
    });
  }
  if (service2.models.length > 0) return judgeModels(seen, reply);
  return {
    kind: "pass",
    message: `${code(service2.name)} answers ${reply.status} in ${reply.ms} ms`,
    evidence: evidenceOf2(seen)
  };
}
function judgeModels(seen, reply) {
  const { service: service2, facts } = seen;
  const { models } = reply;
  if (!models) {
    return finding2(seen, "unexpected-body", {
      message: `${code(service2.name)} answers at ${code(facts.url)}, but lists no models there${reply.truncated ? ": the answer is too long" : ""}.`,
      observed: reply.body === "" || reply.body === void 0 ? "an empty answer" : reply.body,
      remedy: {
        text: "Name the address that lists the models: of Ollama that is `/api/tags`, of servers in OpenAI's manner `/v1/models`. If it is that already, something else listens there.",
        config: {
          file: ".gitea/runner-check.yml",
          language: "yaml",
          text: `services:
  - { name: ${service2.name}, url: "${originOf(facts.url)}/api/tags" }`
        },
        commands: [ask(facts.url)],
        kind: "workflow"
      }
    });
  }
  const there = new Set(models.map(withTag));
  const missing2 = service2.models.filter((model) => !there.has(withTag(model)));
  if (missing2.length === 0) {
    return {
      kind: "pass",
      message: `${code(service2.name)} has ${listed(service2.models.map(code))}`,
      evidence: evidenceOf2(seen)
    };
  }
  const near = models.filter((model) => missing2.some((wanted) => nameOf(wanted) === nameOf(model)));
  return finding2(seen, "model-missing", {
    message: `${code(service2.name)} lacks ${listed(missing2.map(code))}${near.length === 0 ? "" : `; it has ${listed(near.map(code))}`}.`,
    observed: models.length === 0 ? "no models" : models.slice(0, 20).join(", "),
    remedy: pull(seen, missing2)
  });
}
function withTag(model) {
  const name = model.toLowerCase();
  return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}
function nameOf(model) {
  return model.toLowerCase().replace(/:[^/]+$/, "");
}
function finding2(seen, reason, about) {
  const { models } = seen.service;
  return {
    kind: "finding",
    reason,
    why: reason === "model-missing" ? "Steps that ask for the model fail late, with an error of the service in the middle of a test." : "Steps that need the service fail late, often as a test that times out.",
    expected: models.length === 0 ? "an answer below status 400" : listed(models),
    evidence: evidenceOf2(seen),
    ...about
  };
}
function evidenceOf2({ facts }) {
  const { answer, url, via } = facts;
  const text2 = answer.kind === "answered" ? [`status ${answer.status}`, answer.models ? `${answer.models.length} models` : answer.body].filter(Boolean).join(", ") : answer.kind === "no-url" ? "not asked" : tellFailure(answer);
  return [{ source: `GET ${url}${via === void 0 ? "" : ` through ${via}`}`, text: text2 }];
}
function isOllama({ service: service2, facts }) {
  return /ollama/i.test(service2.name) || /:11434(?:\/|$)|\/api\/tags$/.test(facts.url);
}
function isLocal({ facts }) {
  return isLoopback(hostOf2(facts.url));
}
function hostOf2(url) {
  var _a, _b;
  return ((_b = (_a = /^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url)) == null ? void 0 : _a[1]) != null ? _b : "").replace(/^\[(.*)\]$/, "$1");
}
function originOf(url) {
  var _a, _b;
  return (_b = (_a = /^https?:\/\/[^/]+/.exec(url)) == null ? void 0 : _a[0]) != null ? _b : url;
}
function ask(url) {
  return `curl -sS -m 10 -i ${shellQuote(url)} | head -20`;
}
function serviceLog(seen) {
  return isOllama(seen) ? ["systemctl status ollama", "sudo journalctl -u ollama --since -1h --no-pager | tail -50"] : [];
}
function startIt(seen) {
  var _a, _b;
  const { facts, situation } = seen;
  const { answer } = facts;
  const cause = answer.kind === "failed" ? causeOf(answer) : "other";
  const host = hostOf2(facts.url);
  if (situation.inContainer && isLocal(seen)) {
    const port = (_b = (_a = /:(\d+)$/.exec(originOf(facts.url))) == null ? void 0 : _a[1]) != null ? _b : "";
    return {
      text: `In a job container, \`localhost\` is the container itself and not its host. Give the host a name there and use it in the policy and the tests: \`http://host.docker.internal${port === "" ? "" : `:${port}`}\`. ${isOllama(seen) ? "Ollama listens on the host's `127.0.0.1` only, until `OLLAMA_HOST=0.0.0.0` is set for it." : "The service has to listen on more than the host's `127.0.0.1`."}`,
      ...addOption(situation, "--add-host=host.docker.internal:host-gateway")
    };
  }
  switch (cause) {
    case "unresolvable":
      return {
        text: `Correct the name in the policy, or make it known here. The name of a container is known only in its own Docker network.`,
        commands: [`getent hosts ${shellQuote(host)}`],
        kind: "host"
      };
    case "untrusted":
    case "no-tls":
      return {
        text: "Correct `http` or `https` in the policy's address, or make the authority of the certificate known to this machine.",
        commands: [ask(facts.url)],
        kind: "host"
      };
    case "proxy":
      return {
        text: "A service of the own network needs no proxy: name it in `NO_PROXY`.",
        commands: [`curl -sS -m 10 --noproxy '*' -i ${shellQuote(facts.url)} | head -20`],
        kind: "runner"
      };
    default:
      return isOllama(seen) ? {
        text: isLocal(seen) ? "Start Ollama, and let it start with the machine." : "Start Ollama there. It listens on its own `127.0.0.1` only, until `OLLAMA_HOST=0.0.0.0` is set for it.",
        commands: ["sudo systemctl enable --now ollama", ask(facts.url)],
        kind: "host"
      } : {
        text: "Start the service, or correct its address in the policy.",
        commands: ["ss -ltnp", ask(facts.url)],
        kind: "host"
      };
  }
}
function pull(seen, missing2) {
  if (!isOllama(seen)) {
    return {
      text: "Let the service load the model, or correct its name in the policy.",
      commands: [ask(seen.facts.url)],
      kind: "host"
    };
  }
  const { facts } = seen;
  const where = facts.url === "" || isLocal(seen) && /:11434(?:\/|$)/.test(facts.url) ? "" : `OLLAMA_HOST=${shellQuote(originOf(facts.url))} `;
  return {
    text: "Pull the model on the machine that Ollama runs on, as part of setting up the runner and not in the job.",
    commands: missing2.map((model) => `${where}ollama pull ${shellQuote(model)}`),
    kind: "host"
  };
}

// src/config/rules/runs-on.ts
var runsOnReasons = {
  "no-runner-with-label": { level: "fail", summary: "no runner has a label that a job asks for" },
  "all-offline": { level: "fail", summary: "every runner with a label that a job asks for is offline or disabled" },
  "near-miss": { level: "fail", summary: "a job asks for a label that only nearly exists" }
};
function knownRunners(config, workflows) {
  var _a, _b;
  const ofFiles = setupsOf(config).flatMap((setup) => {
    var _a2, _b2, _c, _d;
    const labels = labelTextsOf(setup).map(({ text: text2 }) => nameOf2(text2.text, setup.system));
    const name = (_d = (_c = (_a2 = setup.config) == null ? void 0 : _a2.path) != null ? _c : (_b2 = setup.registration) == null ? void 0 : _b2.path) != null ? _d : "";
    return labels.length === 0 ? [] : [{ name, labels }];
  });
  const ofForge = ((_b = (_a = workflows.forge) == null ? void 0 : _a.runners) != null ? _b : []).map((runner) => {
    return { name: runner.name, labels: runner.labels, online: runner.online && !runner.disabled };
  });
  return [...ofFiles, ...ofForge];
}
function nameOf2(text2, system) {
  const parsed = parseLabel(text2, system);
  return parsed.kind === "label" ? parsed.label.name : text2;
}
function unservedJobs(files, runners) {
  const labels = [...new Set(runners.flatMap((runner) => runner.labels))].sort();
  return files.flatMap(
    (file) => file.jobs.flatMap((job) => {
      const found = job.wants.flatMap((want) => judgeWant(file, job, want, runners, labels));
      return found.filter((mistake2, index) => {
        return found.findIndex((other) => other.line === mistake2.line && other.column === mistake2.column) === index;
      });
    })
  );
}
function judgeWant(file, job, want, runners, labels) {
  const missing2 = want.filter(({ text: text2 }) => !labels.includes(text2));
  if (missing2.length > 0) {
    return missing2.map((label3) => {
      const meant = likeliest(label3.text, labels);
      return meant === void 0 ? nobody(file, job, label3, labels) : nearly(file, job, label3, meant);
    });
  }
  const [first] = want;
  if (!first) return [];
  const serving = runners.filter((runner) => want.every(({ text: text2 }) => runner.labels.includes(text2)));
  if (serving.length === 0) return [notTogether(file, job, want, first)];
  return serving.every((runner) => runner.online === false) ? [offline2(file, job, want, first, serving)] : [];
}
function likeliest(text2, labels) {
  var _a;
  const lower = text2.toLowerCase();
  const hasMoreWords = (long, short) => long.startsWith(`${short}-`) || long.endsWith(`-${short}`);
  const similar = labels.filter((label3) => {
    const known2 = label3.toLowerCase();
    return !hasMoreWords(lower, known2) && !hasMoreWords(known2, lower);
  });
  return (_a = labels.find((known2) => known2.toLowerCase() === lower)) != null ? _a : nearest(text2, similar);
}
var waits = "The job waits with `No matching online runner with label`, and is cancelled after a day; nothing runs and nothing fails before that.";
function place(file, { line, column }) {
  return { id: "workflow/runs-on", level: "fail", file: file.path, line, column };
}
function listed2(labels) {
  const shown2 = labels.slice(0, 20).map((label3) => `\`${label3}\``);
  return `${shown2.join(", ")}${labels.length > shown2.length ? ", \u2026" : ""}`;
}
function nobody(file, job, label3, labels) {
  return {
    ...place(file, label3),
    reason: "no-runner-with-label",
    message: `no runner has the label \`${label3.text}\`, which the job \`${job.id}\` asks for`,
    why: waits,
    expected: `one of ${listed2(labels)}`,
    found: `\`${label3.text}\``,
    remedy: {
      text: "Ask for a label that there is, or give it to a runner (`runner.labels` in its configuration, then restart it).",
      kind: "workflow"
    }
  };
}
function nearly(file, job, label3, meant) {
  return {
    ...place(file, label3),
    reason: "near-miss",
    message: `no runner has the label \`${label3.text}\`, which the job \`${job.id}\` asks for: \`${meant}\` is meant?`,
    why: waits,
    expected: `\`${meant}\``,
    found: `\`${label3.text}\``,
    remedy: {
      text: `Write the label as the runner has it, capitals and all: \`${meant}\` in line ${label3.line} of \`${file.path}\`.`,
      kind: "workflow"
    }
  };
}
function notTogether(file, job, want, first) {
  const all = listed2(want.map(({ text: text2 }) => text2));
  return {
    ...place(file, first),
    reason: "no-runner-with-label",
    message: `no one runner has all labels that the job \`${job.id}\` asks for: ${all}`,
    why: waits,
    expected: "one runner with all of them",
    found: "each of them on another runner",
    remedy: {
      text: "Ask for one label, or give all of them to one runner. The first one decides where the job runs.",
      kind: "workflow"
    }
  };
}
function offline2(file, job, want, first, serving) {
  return {
    ...place(file, first),
    reason: "all-offline",
    message: `every runner with ${listed2(want.map(({ text: text2 }) => text2))}, which the job \`${job.id}\` asks for, is offline or disabled: ${listed2(serving.map(({ name }) => name))}`,
    why: waits,
    expected: "one that is online",
    found: "offline or disabled",
    remedy: {
      text: "Look at the runner's service on its machine, or enable it in the forge's settings.",
      kind: "host",
      commands: ["systemctl status gitea-runner", "journalctl -u gitea-runner -n 100"]
    }
  };
}

// src/probes/forge.ts
function isMalformed(address2 = "") {
  return address2 !== "" && !/^https?:\/\/(?:\/|$)/i.test(address2) && urlOf(address2) === void 0;
}

// src/probes/forge-request.ts
function forgeRequest(api, path, token2, signal) {
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
      authorization: `token ${token2}`,
      "user-agent": "runner-check"
    },
    signal
  };
}

// src/config/forge-runners.ts
var pageSize = 50;
var maxPages = 40;
async function askForge(host, token2, signal) {
  const { GITHUB_API_URL: address2, GITHUB_REPOSITORY: repository = "" } = host.env;
  const api = urlOf(address2);
  const [owner = "", name = ""] = repository.split("/");
  if (!api && !isMalformed(address2) || owner === "" || name === "") return void 0;
  const path = (...parts) => parts.map(encodeURIComponent).join("/");
  const scopes = [
    { name: "repository", path: `/repos/${path(owner, name)}/actions/runners` },
    { name: "organization", path: `/orgs/${path(owner)}/actions/runners` },
    { name: "user", path: "/user/actions/runners" },
    { name: "instance", path: "/admin/actions/runners" }
  ];
  const answers = await Promise.all(
    scopes.map((scope) => api ? listScope(host, api, scope, token2, signal) : notAsked)
  );
  const runners = /* @__PURE__ */ new Map();
  for (const answer of answers) {
    if (answer.kind === "ok") for (const runner of answer.runners) runners.set(`${runner.id} ${runner.name}`, runner);
  }
  const answered = scopes.filter((_, index) => {
    var _a;
    return ((_a = answers[index]) == null ? void 0 : _a.kind) === "ok";
  }).map((scope) => scope.name);
  return {
    scopes: answered,
    runners: [...runners.values()].map(({ name: runnerName, labels, online, disabled }) => {
      return { name: runnerName, labels, online, disabled };
    }),
    refused: scopes.flatMap((scope, index) => {
      const answer = answers[index];
      return (answer == null ? void 0 : answer.kind) === "refused" ? [{ scope: scope.name, why: answer.why }] : [];
    }),
    // Only the instance knows all of its runners: a repository's list lacks those of its owner.
    complete: answered.includes("instance")
  };
}
var notAsked = { kind: "refused", why: "not asked: GITHUB_API_URL holds no address" };
async function listScope(host, api, scope, token2, signal) {
  const runners = [];
  for (let page = 1; page <= maxPages; page++) {
    const path = `${scope.path}?page=${page}&limit=${pageSize}&per_page=${pageSize}`;
    const answer = await host.request(forgeRequest(api, path, token2, signal));
    if (answer.kind === "timed-out") return { kind: "refused", why: "no answer in time" };
    if (answer.kind === "failed") return { kind: "refused", why: `no connection (${answer.code})` };
    if (answer.status !== 200) return { kind: "refused", why: refusalOf2(answer.status) };
    const body = parseRunners(answer.body);
    if (!body) return { kind: "refused", why: "an answer that is no list of runners" };
    runners.push(...body.runners);
    if (body.runners.length === 0 || runners.length >= body.total) break;
  }
  return { kind: "ok", runners };
}
function refusalOf2(status) {
  switch (status) {
    case 401:
      return "401: the token is not valid";
    case 403:
      return "403: the token may not list them; a job's own token never may, an owner's with the right scope does";
    case 404:
      return "404: there are none of this scope, or the forge is too old for this question (Gitea before 1.25)";
    default:
      return `HTTP status ${status}`;
  }
}
function parseRunners(body) {
  let document;
  try {
    document = JSON.parse(body);
  } catch {
    return void 0;
  }
  if (typeof document !== "object" || document === null) return void 0;
  const { runners, total_count: total } = document;
  if (!Array.isArray(runners)) return void 0;
  return { runners: runners.map(toRunner), total: typeof total === "number" ? total : 0 };
}
function toRunner(entry) {
  const { id, name, status, disabled, labels } = entry != null ? entry : {};
  return {
    id: String(id),
    name: typeof name === "string" ? name.slice(0, 200) : "",
    online: status === "online" || status === "active" || status === "idle",
    disabled: disabled === true,
    labels: Array.isArray(labels) ? labels.slice(0, 200).flatMap(labelName) : []
  };
}
function labelName(label3) {
  if (typeof label3 === "string") return [label3.slice(0, 200)];
  const name = label3 == null ? void 0 : label3.name;
  return typeof name === "string" ? [name.slice(0, 200)] : [];
}

// src/config/workflow.ts
var maxWants = 256;
async function readWorkflow(path, text2) {
  var _a, _b, _c;
  const parsed = await parseYaml(text2);
  if (parsed.kind === "broken") return { path, problem: parsed.problem, events: [], jobs: [] };
  const { root } = parsed;
  const jobs = (_a = entryOf(root, "jobs")) == null ? void 0 : _a.value;
  const shared = secretsIn((_b = entryOf(root, "env")) == null ? void 0 : _b.value);
  return {
    path,
    events: eventsOf((_c = entryOf(root, "on")) == null ? void 0 : _c.value),
    jobs: (jobs == null ? void 0 : jobs.kind) === "map" ? jobs.entries.map((entry) => readJob(entry.key, entry, entry.value, shared)) : []
  };
}
function eventsOf(on) {
  if ((on == null ? void 0 : on.kind) === "map") return on.entries.map(({ key: key2 }) => key2);
  if ((on == null ? void 0 : on.kind) === "list") return on.items.flatMap((item) => item.kind === "scalar" ? [item.text] : []);
  return on && !isNull(on) ? [on.text] : [];
}
function readJob(id, { line, column }, job, shared) {
  var _a, _b;
  const runsOn = (_a = entryOf(job, "runs-on")) == null ? void 0 : _a.value;
  const wants = runsOn ? wantsOf(runsOn, (_b = entryAt(job, "strategy", "matrix")) == null ? void 0 : _b.value) : { wants: [], unknown: false };
  return { id, line, column, ...wants, secrets: [.../* @__PURE__ */ new Set([...shared, ...secretsIn(job)])].slice(0, 20) };
}
function wantsOf(runsOn, matrix) {
  const scalars = scalarsOf(runsOn);
  if (!scalars) return { wants: [], unknown: true };
  const expressions = scalars.flatMap(
    ({ text: text2 }) => [...text2.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map((match) => {
      var _a;
      return (_a = match[1]) != null ? _a : "";
    })
  );
  if (expressions.length === 0) return { wants: [scalars.map(toLabel)], unknown: false };
  const names2 = [...new Set(expressions.map((expression) => {
    var _a;
    return (_a = /^matrix\.([\w.-]+)$/.exec(expression)) == null ? void 0 : _a[1];
  }))];
  if (names2.includes(void 0)) return { wants: [], unknown: true };
  const rows = rowsOf(matrix, names2);
  if (!rows) return { wants: [], unknown: true };
  return { wants: rows.map((row) => scalars.flatMap((scalar2) => filled(scalar2, row))), unknown: false };
}
function scalarsOf(runsOn) {
  var _a;
  if (runsOn.kind === "scalar") return isNull(runsOn) ? [] : [runsOn];
  if (runsOn.kind === "map") {
    const labels = (_a = entryOf(runsOn, "labels")) == null ? void 0 : _a.value;
    return labels && !entryOf(runsOn, "group") ? scalarsOf(labels) : void 0;
  }
  return runsOn.items.every((item) => item.kind === "scalar") ? runsOn.items : void 0;
}
function toLabel({ text: text2, line, column }) {
  return { text: text2.slice(0, 200), line, column };
}
function rowsOf(matrix, names2) {
  var _a, _b, _c;
  if ((matrix == null ? void 0 : matrix.kind) !== "map") return void 0;
  const include = (_a = entryOf(matrix, "include")) == null ? void 0 : _a.value;
  if (include && include.kind !== "list") return void 0;
  let rows = [/* @__PURE__ */ new Map()];
  for (const name of names2) {
    const [first = "", ...rest] = name.split(".");
    const values = (_b = entryOf(matrix, first)) == null ? void 0 : _b.value;
    if (!values) continue;
    if (values.kind !== "list") return void 0;
    const texts = values.items.map((item) => labelsAt(item, rest));
    rows = rows.flatMap((row) => texts.flatMap((text2) => text2 ? [new Map([...row, [name, text2]])] : []));
    if (rows.length > maxWants) return void 0;
  }
  const added = ((_c = include == null ? void 0 : include.items) != null ? _c : []).flatMap((item) => {
    const found = names2.map((name) => [name, labelsAt(item, name.split("."))]);
    return found.some(([, value2]) => value2) ? [new Map(found.flatMap(([name, value2]) => value2 ? [[name, value2]] : []))] : [];
  });
  const complete = [...rows, ...added].filter((row) => names2.every((name) => row.has(name)));
  const isDynamic = complete.some((row) => [...row.values()].flat().some(({ text: text2 }) => text2.includes("${{")));
  return complete.length === 0 || isDynamic ? void 0 : complete.slice(0, maxWants);
}
function labelsAt(tree, path) {
  var _a;
  const value2 = path.length === 0 ? tree : (_a = entryAt(tree, ...path)) == null ? void 0 : _a.value;
  return value2 ? scalarsOf(value2) : void 0;
}
function filled(scalar2, row) {
  var _a, _b;
  const whole = (_a = /^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/.exec(scalar2.text.trim())) == null ? void 0 : _a[1];
  if (whole !== void 0) return ((_b = row.get(whole)) != null ? _b : []).map(toLabel);
  const text2 = scalar2.text.replace(
    /\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g,
    (_, name) => {
      var _a2, _b2, _c;
      return (_c = (_b2 = (_a2 = row.get(name)) == null ? void 0 : _a2[0]) == null ? void 0 : _b2.text) != null ? _c : "";
    }
  );
  return [{ ...toLabel(scalar2), text: text2.slice(0, 200) }];
}
function secretsIn(tree) {
  if (!tree) return [];
  switch (tree.kind) {
    case "map":
      return tree.entries.flatMap(
        (entry) => entry.key === "secrets" && entry.value.kind === "scalar" && entry.value.text === "inherit" ? ["inherit"] : secretsIn(entry.value)
      );
    case "list":
      return tree.items.flatMap(secretsIn);
    case "scalar":
      return [...tree.text.matchAll(/\bsecrets\.([A-Za-z_]\w*)/g)].map((match) => {
        var _a;
        return (_a = match[1]) != null ? _a : "";
      }).filter((name) => !/^(?:GITHUB|GITEA|FORGEJO)_TOKEN$/.test(name));
  }
}

// src/config/workflow-probe.ts
var maxFiles = 200;
var maxBytes3 = 1024 * 1024;
var workflowsProbe = {
  name: "workflows",
  async collect(host, request, signal) {
    if (request.workflows.length === 0) return { files: [] };
    const paths = await expand(host, request);
    const [forge, files] = await Promise.all([
      request.token === void 0 ? void 0 : askForge(host, request.token, signal),
      Promise.all(
        paths.map(async (path) => {
          const text2 = await host.readText(absolutePath(request.workspace, path), maxBytes3);
          if (text2.kind === "ok") return readWorkflow(path, text2.value);
          const message = text2.kind === "absent" ? "there is no such file" : `it may not be read (${text2.code})`;
          return { path, problem: { line: 1, column: 1, message }, events: [], jobs: [] };
        })
      )
    ]);
    return { files, ...forge && { forge } };
  }
};
function absolutePath(workspace, path) {
  return path.startsWith("/") ? path : `${workspace}/${path}`;
}
async function expand(host, { workspace, workflows }) {
  const found = await Promise.all(
    workflows.map(async (pattern) => {
      if (!/[*?[{]/.test(pattern)) return [pattern];
      const fixed = pattern.slice(0, pattern.search(/[*?[{]/));
      const folder = fixed.slice(0, Math.max(0, fixed.lastIndexOf("/")));
      const paths = await listBelow(host, workspace, folder, 2);
      return paths.filter((path) => /\.ya?ml$/.test(path) && globMatches(pattern, path, true));
    })
  );
  return [...new Set(found.flat())].sort().slice(0, maxFiles);
}
async function listBelow(host, workspace, folder, depth) {
  const names2 = await host.list(folder === "" ? workspace : absolutePath(workspace, folder));
  if (names2.kind !== "ok") return [];
  const paths = names2.value.slice(0, 1e3).map((name) => folder === "" ? name : `${folder}/${name}`);
  const below = depth === 0 ? [] : paths.filter((path) => !/\.\w+$/.test(path));
  const deeper = await Promise.all(below.map((path) => listBelow(host, workspace, path, depth - 1)));
  return [...paths, ...deeper.flat()];
}

// src/checks/workflow/broken.ts
function brokenWorkflow({ files }) {
  const broken = files.filter((file) => file.problem);
  const [first] = broken;
  if (!(first == null ? void 0 : first.problem)) return void 0;
  return {
    kind: "undecided",
    message: `\`${first.path}\` cannot be read: ${first.problem.message}.`,
    evidence: broken.map(({ path, problem }) => {
      var _a;
      return {
        source: placeOf2({ file: path, ...problem }),
        text: (_a = problem == null ? void 0 : problem.message) != null ? _a : ""
      };
    })
  };
}

// src/checks/workflow/runs-on.ts
var workflowRunsOn = defineCheck({
  id: "workflow/runs-on",
  title: "A runner serves every label that the workflows ask for",
  reasons: runsOnReasons,
  needs: { workflows: workflowsProbe, config: runnerConfigProbe },
  after: ["config/syntax"],
  judge({ workflows, config }) {
    if (workflows.files.length === 0) {
      return { kind: "skip", reason: "not-applicable", message: "No workflows were named." };
    }
    const broken = brokenWorkflow(workflows);
    if (broken) return broken;
    const runners = knownRunners(config, workflows);
    if (runners.length === 0) return undecided(workflows.forge);
    const mistakes = unservedJobs(workflows.files, runners);
    const jobs = workflows.files.flatMap((file) => file.jobs);
    const known2 = jobs.filter((job) => job.wants.length > 0).length;
    const unknown = jobs.filter((job) => job.unknown).length;
    const skipped = unknown > 0 ? `; ${unknown} choose their runner only when they run` : "";
    return verdictOf(mistakes, `A runner serves each of ${known2} jobs${skipped}.`);
  }
});
function undecided(forge) {
  var _a;
  const evidence = ((_a = forge == null ? void 0 : forge.refused) != null ? _a : []).map(({ scope, why }) => ({
    source: `runners of the ${scope}`,
    text: why
  }));
  if (!forge) {
    return {
      kind: "skip",
      reason: "not-applicable",
      message: "Nothing tells which labels there are: name the runner's configuration (`runner-config`), or give a `token` that may list runners."
    };
  }
  return {
    kind: "undecided",
    message: forge.scopes.length > 0 ? `The forge knows no runner of the ${forge.scopes.join(" or ")}, and the others it did not tell.` : "The forge did not tell its runners: a job's own token may not list them. Give one of an owner, or name the runner's configuration (`runner-config`).",
    evidence
  };
}

// src/config/rules/untrusted-socket.ts
var untrustedSocketReasons = {
  "untrusted-socket": {
    level: "warn",
    summary: "a job of pull requests has the Docker socket and secrets"
  }
};
function socketLabels(config) {
  const labels = /* @__PURE__ */ new Map();
  for (const setup of setupsOf(config)) {
    if (!setup.config) continue;
    const isMounted = socketSharing(setup).kind === "mounted";
    for (const { label: label3 } of labelsOf(setup)) {
      if (label3.kind === "docker" && isMounted) labels.set(label3.name, "mounted");
      if (label3.kind === "host" && usesDocker(setup) === "yes") labels.set(label3.name, "host");
    }
  }
  return labels;
}
function jobsWithSocketAndSecrets(files, labels) {
  return files.filter((file) => file.events.some((event) => event === "pull_request" || event === "pull_request_target")).flatMap(
    (file) => file.jobs.flatMap((job) => {
      var _a;
      const wanted = job.wants.flat().find(({ text: text2 }) => labels.has(text2));
      return wanted && job.secrets.length > 0 ? [mistake(file, job, wanted, (_a = labels.get(wanted.text)) != null ? _a : "mounted")] : [];
    })
  );
}
function mistake(file, job, label3, access) {
  const names2 = job.secrets.slice(0, 5).map((name) => `\`${name}\``).join(", ");
  const how = access === "mounted" ? "has the Docker socket of its machine" : "runs on a machine whose Docker socket it can use";
  return {
    id: "workflow/untrusted-socket",
    reason: "untrusted-socket",
    level: "warn",
    file: file.path,
    line: label3.line,
    column: label3.column,
    message: `the job \`${job.id}\` runs for pull requests, ${how} (\`${label3.text}\`), and uses secrets: ${names2}`,
    why: "Who opens a pull request decides what the job does. With the socket that code is root on the runner: it reads the secrets of this job and of every other one there.",
    expected: "jobs of pull requests without secrets, or on a runner without the socket",
    found: `\`${label3.text}\` with ${names2}`,
    remedy: {
      text: 'Build pull requests on a runner whose `container.docker_host` is `"-"`, and keep what needs secrets for `push`.',
      kind: "workflow",
      config: { file: "config.yaml", language: "yaml", text: 'container:\n  docker_host: "-"' },
      otherwise: {
        text: "Let the forge ask for an approval before it runs workflows of strangers, and say so in the policy: `workflow/untrusted-socket: off`.",
        kind: "forge"
      }
    }
  };
}

// src/checks/workflow/untrusted-socket.ts
var workflowUntrustedSocket = defineCheck({
  id: "workflow/untrusted-socket",
  title: "No job of pull requests has both the Docker socket and secrets",
  reasons: untrustedSocketReasons,
  needs: { workflows: workflowsProbe, config: runnerConfigProbe },
  after: ["config/syntax"],
  judge({ workflows, config }) {
    var _a;
    if (workflows.files.length === 0) {
      return { kind: "skip", reason: "not-applicable", message: "No workflows were named." };
    }
    const labels = socketLabels(config);
    if (labels.size === 0) {
      return {
        kind: "skip",
        reason: "not-applicable",
        message: "No configuration names a label whose jobs have the Docker socket."
      };
    }
    const mistakes = jobsWithSocketAndSecrets(workflows.files, labels);
    return (_a = brokenWorkflow(workflows)) != null ? _a : verdictOf(mistakes, "No job of pull requests has both the socket and secrets.");
  }
});

// src/render/json.ts
function escaped(json) {
  return json.replace(/##(?=\[)/g, "#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split("").map(escapeOf).join(""));
}
function escapeOf(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/mistake.ts
function describeMistake({ place: place2, found, allowed }) {
  return `${place2}: found ${found}; allowed: ${allowed}`;
}
var ConfigurationError = class extends Error {
  mistakes;
  name = "ConfigurationError";
  constructor(mistakes) {
    super(mistakes.map(describeMistake).join("\n"));
    this.mistakes = mistakes;
  }
};

// src/config/runner-version.ts
function requireRunnerVersion(text2) {
  if (text2 === void 0 || findVersion(text2)) return;
  const allowed = "a version of the runner, such as `3.3.0` or `v1.0.8`";
  throw new ConfigurationError([{ place: "input `runner-version`", found: `\`${text2}\``, allowed }]);
}

// src/config/init-runner.ts
async function runnerTemplate(labels, runnerVersion) {
  requireRunnerVersion(runnerVersion);
  const text2 = templateFor(labels, labels.some(isGpuContainer));
  const parsed = await parseYaml(text2);
  const file = {
    kind: "config",
    path: "config.yaml",
    system: "gitea",
    mode: 384,
    ...parsed.kind === "ok" && parsed.root ? { root: maskTree(parsed.root, "gitea") } : {}
  };
  const context = runnerVersion === void 0 ? {} : { version: runnerVersion };
  return { text: text2, mistakes: lintFiles({ files: [file] }, context) };
}
function isGpuContainer(label3) {
  const [name = "", schema] = label3.split(":");
  return schema === "docker" && /(?:^|[^a-z0-9])gpus?(?:[^a-z0-9]|$)/i.test(name);
}
function templateFor(labels, hasGpu) {
  const usesDocker2 = labels.some((label3) => label3.split(":")[1] === "docker");
  const lines2 = [
    "# /etc/gitea-runner/config.yaml, named by `--config` in the runner's service.",
    "",
    "runner:",
    "  file: /var/lib/gitea-runner/.runner",
    "  # Jobs at the same time.",
    `  capacity: ${hasGpu ? 1 : 2}`,
    "  # As long as TimeoutStopSec of the service.",
    "  shutdown_timeout: 3h",
    "  labels:",
    ...labels.map((label3) => `    - ${escaped(JSON.stringify(label3))}`)
  ];
  if (!usesDocker2) return `${lines2.join("\n")}
`;
  lines2.push(
    "",
    "container:",
    '  # In every job at /var/run/docker.sock, without a mount in `options`. "-" keeps it out.',
    "  docker_host: unix:///var/run/docker.sock",
    "  privileged: false"
  );
  if (hasGpu) {
    lines2.push(
      "  # For every release of the runner, with `nvidia` as Docker's default runtime:",
      "  #   sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
      "  # Runners newer than 3.3.0 can have `--gpus all` instead.",
      "  options: --env NVIDIA_VISIBLE_DEVICES=all --shm-size=8g"
    );
  }
  return `${lines2.join("\n")}
`;
}

// src/render/text.ts
function harmless(line) {
  return line.replace(/##(?=\[)/g, "# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/, "$1: ");
}

// src/config/secret-places.ts
var known = /* @__PURE__ */ new WeakMap();
function secretsOf(root) {
  var _a;
  const places = (_a = known.get(root)) != null ? _a : new Places(root);
  known.set(root, places);
  return places;
}
var Places = class {
  words = /* @__PURE__ */ new Map();
  /** Line -> column of the first thing that begins in it. */
  starts = /* @__PURE__ */ new Map();
  /** Lines in which a secret begins that may go on in the next ones. */
  unfinished = /* @__PURE__ */ new Set();
  constructor(root) {
    this.look(root);
  }
  onLine(line) {
    var _a;
    return (_a = this.words.get(line)) != null ? _a : [];
  }
  hiddenUpTo(line) {
    var _a;
    if (this.unfinished.size === 0) return 0;
    let before = line - 1;
    while (before > 0 && !this.starts.has(before)) before--;
    if (!this.unfinished.has(before)) return 0;
    return ((_a = this.starts.get(line)) != null ? _a : Number.POSITIVE_INFINITY) - 1;
  }
  look(tree) {
    this.begin(tree.line, tree.column);
    switch (tree.kind) {
      case "map":
        for (const { key: key2, line, column, value: value2 } of tree.entries) {
          this.begin(line, column);
          if (key2.includes("*")) this.add(line, { column, text: void 0 });
          this.look(value2);
        }
        return;
      case "list":
        for (const item of tree.items) this.look(item);
        return;
      case "scalar":
        if (tree.text.includes("*")) this.addScalar(tree);
    }
  }
  begin(line, column) {
    var _a;
    this.starts.set(line, Math.min(column, (_a = this.starts.get(line)) != null ? _a : column));
  }
  add(line, word) {
    const words = this.words.get(line);
    if (words) words.push(word);
    else this.words.set(line, [word]);
  }
  addScalar({ text: text2, words, plain: plain2, line, column }) {
    var _a, _b, _c;
    if (words && words.length === ((_a = text2.match(/\S+/g)) == null ? void 0 : _a.length)) {
      for (const [offset, wordLine, wordColumn] of words) {
        const word = (_c = (_b = /^\S*/.exec(text2.slice(offset))) == null ? void 0 : _b[0]) != null ? _c : "";
        if (word.includes("*")) this.add(wordLine, { column: wordColumn, text: word });
      }
      return;
    }
    this.unfinished.add(line);
    this.add(line, words ? { column, text: void 0 } : { column: column + (plain2 ? 0 : 1), text: text2 });
  }
};

// src/config/workflow-line.ts
var key = /(^[\s-]*|[{,]\s*)(["']?[\w.-]{1,60}["']?\s*:)(?=\s|$)/g;
var openKey = /(?:^[\s-]*|[{,]\s*)["']?(?:runs-on|uses|labels)["']?\s*:\s+/g;
var value = /\[[^[\]{}]*\]|"[^"]*"|'[^']*'|(?:\$\{\{[^{}]*\}\}|[^\s"'[\]{},#])(?:\$\{\{[^{}]*\}\}|[^{},#])*/y;
var label2 = /"[^"]*"|'[^']*'|[^\s"'[\]{},#]+/y;
function maskWorkflowLine(raw, labelAt) {
  const values = [...raw.matchAll(openKey)].map((match) => valueAt(raw, value, match.index + match[0].length));
  const shown2 = [
    ...[...raw.matchAll(key)].map((match) => [match.index, match.index + match[0].length]),
    ...values,
    ...labelAt === void 0 ? [] : [valueAt(raw, label2, labelAt)]
  ];
  let line = raw.replace(/[^\s[\]{},:"']/g, "*");
  for (const [from, to] of shown2) line = line.slice(0, from) + withoutSecrets(raw.slice(from, to)) + line.slice(to);
  return line;
}
function valueAt(raw, pattern, at2) {
  var _a, _b;
  pattern.lastIndex = at2;
  return [at2, at2 + ((_b = (_a = pattern.exec(raw)) == null ? void 0 : _a[0].length) != null ? _b : 0)];
}
function withoutSecrets(text2) {
  return maskProse(maskText(text2));
}

// src/config/excerpt.ts
var maxWidth = 160;
function excerptOf(file, text2, line, column, isLabel = false) {
  const raw = text2.split(/\r?\n/, line)[line - 1];
  if (raw === void 0) return void 0;
  const whole = file ? maskLine(file, raw, line) : maskWorkflowLine(raw, isLabel ? column - 1 : void 0);
  const masked = whole.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "?");
  const mark = Math.min(column - 1, masked.length);
  const start = mark > maxWidth - 20 ? mark - 60 : 0;
  const shown2 = masked.slice(start, start + maxWidth).split("	").join(" ");
  if (shown2.trim() === "") return void 0;
  return { text: `${start > 0 ? "\u2026" : ""}${shown2}`, mark: mark - start + (start > 0 ? 1 : 0) };
}
function maskLine(file, raw, line) {
  var _a, _b, _c, _d, _e;
  switch (file.kind) {
    case "config":
      return file.root && !file.problem ? maskRead(raw, file.root, line) : maskUnread(raw);
    case "registration":
      return maskRegistration(raw, file.problem ? [] : file.labels.filter((label3) => label3.line === line));
    case "unit": {
      const match = /^(\s*([\w-]+)\s*=)(.*)$/.exec(raw);
      if (!match || file.problem) return ((_a = match == null ? void 0 : match[1]) != null ? _a : "") + stars(raw.slice((_c = (_b = match == null ? void 0 : match[1]) == null ? void 0 : _b.length) != null ? _c : 0));
      return `${match[1]}${maskSetting((_d = match[2]) != null ? _d : "", (_e = match[3]) != null ? _e : "")}`;
    }
    default:
      return "";
  }
}
function maskRegistration(raw, labels) {
  var _a;
  let masked = raw.replace(/[^\s[\]{},:"]/g, "*");
  for (const { column, text: text2 } of labels) {
    const source = (_a = /^"((?:\\.|[^"\\])*)"/.exec(raw.slice(column - 1))) == null ? void 0 : _a[1];
    if (source === void 0 || !isAligned(text2, source)) continue;
    masked = masked.slice(0, column) + overlay(source, text2) + masked.slice(column + source.length);
  }
  const key2 = /"labels"(?=\s*:)/.exec(raw);
  return key2 ? masked.slice(0, key2.index) + key2[0] + masked.slice(key2.index + key2[0].length) : masked;
}
function maskRead(raw, root, line) {
  let masked = maskComment(maskText(raw));
  for (const { column, text: text2 } of secretsOf(root).onLine(line)) {
    const at2 = column - 1;
    masked = text2 !== void 0 && isAligned(text2, raw.slice(at2, at2 + text2.length)) ? masked.slice(0, at2) + overlay(masked.slice(at2, at2 + text2.length), text2) + masked.slice(at2 + text2.length) : masked.slice(0, at2) + stars(masked.slice(at2));
  }
  const rest = secretsOf(root).hiddenUpTo(line);
  return stars(masked.slice(0, rest)) + masked.slice(rest);
}
function maskComment(raw) {
  const start = raw.search(/(?:^|\s)#/);
  return start < 0 ? raw : raw.slice(0, start) + maskProse(raw.slice(start));
}
function isAligned(text2, source) {
  return text2.length === source.length && [...text2].every((_, index) => text2[index] === "*" || text2[index] === source[index]);
}
function overlay(shown2, text2) {
  return [...shown2].map((char, index) => text2[index] === "*" ? "*" : char).join("");
}
var harmlessKeys = new Set(
  [...Object.entries(giteaKeys), ...Object.entries(forgejoKeys)].filter(([, key2]) => !key2.secret && key2.type !== "environment" && key2.type !== "texts").map(([path]) => path.slice(path.lastIndexOf(".") + 1))
);
function maskUnread(raw) {
  var _a, _b;
  const match = /^(\s*(?:- +)?["']?([\w.-]+)["']?\s*:)(.*)$/.exec(raw);
  if (!match) return raw.replace(/[A-Za-z0-9]/g, "*");
  const [, key2 = "", name = "", value2 = ""] = match;
  if (name === "options" || !harmlessKeys.has(name)) return key2 + value2.replace(/[A-Za-z0-9]/g, "*");
  const end = (_b = (_a = /[{}[\],]|$/.exec(value2)) == null ? void 0 : _a.index) != null ? _b : 0;
  return key2 + maskProse(maskText(value2.slice(0, end))) + stars(value2.slice(end));
}

// src/config/lint-command.ts
async function runLint(host, options2) {
  const { files, runnerVersion, format, failOn } = options2;
  requireRunnerVersion(runnerVersion);
  const sources = { files, directory: host.cwd(), ...runnerVersion && { runnerVersion } };
  const loaded = await loadRunnerConfig(host, sources, options2.signal);
  if (loaded.facts.files.length === 0 && loaded.workflows.length === 0) return nothing(format);
  const mistakes = [...lintFiles(loaded.facts, contextOf(loaded.facts)), ...await lintWorkflows(loaded)];
  const isBad = mistakes.some(({ level }) => level === "fail" || failOn === "warn");
  return {
    text: format === "json" ? toJson(loaded, mistakes) : toText(loaded, mistakes, options2),
    exitCode: failOn !== "never" && isBad ? 1 : 0,
    mistakes
  };
}
async function lintWorkflows({ facts, workflows, texts }) {
  if (workflows.length === 0) return [];
  const files = await Promise.all(workflows.map((path) => {
    var _a;
    return readWorkflow(path, (_a = texts.get(path)) != null ? _a : "");
  }));
  const broken = files.flatMap((file) => file.problem ? [brokenWorkflow2(file.path, file.problem)] : []);
  const runners = knownRunners(facts, { files });
  const unserved = runners.length === 0 ? [] : unservedJobs(files, runners);
  return [...broken, ...unserved, ...jobsWithSocketAndSecrets(files, socketLabels(facts))];
}
function brokenWorkflow2(file, { line, column, message }) {
  return {
    id: "config/syntax",
    reason: "invalid-yaml",
    level: "fail",
    file,
    line,
    column,
    message: `${file} cannot be read: ${message}`,
    why: "The forge ignores a workflow that it cannot read, so none of its jobs runs.",
    expected: "YAML",
    found: message,
    remedy: { text: `Mend line ${line}.`, kind: "workflow" }
  };
}
function nothing(format) {
  const text2 = format === "json" ? `${JSON.stringify({ version: 1, files: [], mistakes: [] }, null, "	")}
` : "No configuration of a runner is where runners keep theirs. Name it: runner-check lint config.yaml\n";
  return { text: text2, exitCode: 2, mistakes: [] };
}
function toJson({ facts, workflows }, mistakes) {
  const document = {
    version: 1,
    ...facts.runnerVersion && { runner: facts.runnerVersion },
    files: [
      ...facts.files.map(({ path, kind }) => ({ path, kind })),
      ...workflows.map((path) => ({ path, kind: "workflow" }))
    ],
    mistakes: mistakes.map(({ id, reason, level, file, line, column, ...rest }) => ({
      id,
      reason,
      level,
      file,
      line,
      column,
      ...rest
    }))
  };
  return `${escaped(JSON.stringify(document, null, "	"))}
`;
}
var colours = { fail: 31, warn: 33, quiet: 2, bold: 1 };
function toText(loaded, mistakes, options2) {
  const paint = (text3, colour) => options2.colour ? `\x1B[${colours[colour]}m${text3}\x1B[0m` : text3;
  const blocks = mistakes.map((mistake2) => oneMistake(loaded, mistake2, paint, options2.width));
  const text2 = [...blocks, summaryOf(loaded, mistakes, paint)].join("\n");
  const lines2 = text2.split("\n").map(harmless);
  return `${[...options2.annotate ? mistakes.map(annotation) : [], ...lines2].join("\n")}
`;
}
function annotation(mistake2) {
  const { id, reason, level, file, line, column, message } = mistake2;
  const escaped2 = (text2) => printable(text2).replace(/%/g, "%25");
  const property = (text2) => escaped2(text2).replace(/:/g, "%3A").replace(/,/g, "%2C");
  const place2 = [
    `file=${property(file)}`,
    ...line === void 0 ? [] : [`line=${line}`],
    ...column === void 0 ? [] : [`col=${column}`],
    `title=${property(`${id} - ${reason}`)}`
  ];
  return `::${level === "fail" ? "error" : "warning"} ${place2.join(",")}::${escaped2(`${placeOf2(mistake2)}: ${message}`)}`;
}
function oneMistake({ facts, texts }, mistake2, paint, width) {
  var _a, _b;
  const { id, reason, level, message, why, remedy, versions, file, line, column } = mistake2;
  const lines2 = [
    `${printable(placeOf2(mistake2))}: ${paint(level, level)} ${paint(`${id}:${reason}`, "bold")}`,
    ...wrap(printable(message), width - 2).map((part) => `  ${part}`)
  ];
  const source = facts.files.find(({ path }) => path === file);
  const isLabel = id.startsWith("workflow/");
  const excerpt = line === void 0 ? void 0 : excerptOf(source, (_a = texts.get(file)) != null ? _a : "", line, column != null ? column : 1, isLabel);
  if (excerpt && line !== void 0) {
    const number = String(line);
    lines2.push(
      "",
      `  ${paint(`${number} |`, "quiet")} ${printable(excerpt.text)}`,
      `  ${" ".repeat(number.length)} ${paint("|", "quiet")} ${" ".repeat(excerpt.mark)}${paint("^", level)}`
    );
  }
  lines2.push("", ...wrap(printable(why), width - 2).map((part) => `  ${part}`));
  if (versions !== void 0) lines2.push(`  Holds for runners ${versions}.`);
  for (const way of [remedy, ...remedy.otherwise ? [remedy.otherwise] : []]) {
    lines2.push(
      ...wrap(`\u2192 ${printable(way.text)}`, width - 2).map((part, index) => `  ${index === 0 ? "" : "  "}${part}`)
    );
    if (way.config) lines2.push(...way.config.text.split("\n").map((part) => `      ${printable(part)}`));
    lines2.push(...((_b = way.commands) != null ? _b : []).map((command) => `      $ ${printable(command)}`));
  }
  return `${lines2.join("\n")}
`;
}
function summaryOf({ facts, workflows }, mistakes, paint) {
  const fails = mistakes.filter(({ level }) => level === "fail").length;
  const warns = mistakes.length - fails;
  const read2 = [...facts.files.map(({ path }) => path), ...workflows].map(printable).join(", ");
  const version = facts.runnerVersion ? ` for runner ${printable(facts.runnerVersion.text)} (${printable(facts.runnerVersion.source)})` : "";
  if (mistakes.length === 0) return `${read2}: nothing wrong${version}.`;
  const counts = [
    ...fails > 0 ? [paint(`${fails} to mend`, "fail")] : [],
    ...warns > 0 ? [paint(`${warns} to look at`, "warn")] : []
  ];
  return `${read2}: ${counts.join(", ")}${version}.`;
}
function printable(text2) {
  return text2.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, "?");
}
function wrap(text2, width) {
  const lines2 = [];
  let line = "";
  for (const word of text2.split(/\s+/)) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines2.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines2 : [...lines2, line];
}

// src/checks/rare-checks.ts
var rareChecks = [
  registryFamily,
  serviceFamily,
  configSyntax,
  configUnknownKey,
  configType,
  configLabel,
  configOptions,
  configDockerHost,
  configPrivileged,
  configGpuLabel,
  configCache,
  configToolCache,
  configCapacity,
  configRegistration,
  configService,
  workflowRunsOn,
  workflowUntrustedSocket
];
function imageCheckFor(policy) {
  const named = registryTargets(policy.registries).targets.find(
    ({ images }) => images.some(({ name }) => name === policy.image)
  );
  return imageCheck(named && registryProbe(named));
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  imageCheckFor,
  rareChecks,
  runLint,
  runnerTemplate
});
