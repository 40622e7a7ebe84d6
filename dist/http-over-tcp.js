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

// src/host/http-over-tcp.ts
var http_over_tcp_exports = {};
__export(http_over_tcp_exports, {
  requestOverTcp: () => requestOverTcp
});
module.exports = __toCommonJS(http_over_tcp_exports);
var import_node_fs2 = require("fs");
var import_node_http = require("http");

// src/host/files.ts
var fs = __toESM(require("fs"), 1);
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}
var readFlags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;
var unnamedFile = 4194304 | fs.constants.O_DIRECTORY;

// src/host/lookup.ts
var import_node_fs = require("fs");
var otherFamilyMs = 100;
var nextServerMs = 1e3;
var loopback = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 }
];
async function lookup(name, signal, options = {}) {
  var _a;
  const wanted = name.toLowerCase().replace(/\.$/, "");
  if (wanted === "localhost" || wanted.endsWith(".localhost")) return loopback;
  const listed = await fromHostsFile(wanted, (_a = options.hostsFile) != null ? _a : "/etc/hosts");
  if (listed.length > 0) return listed;
  const found = await fromDns(wanted, signal, options.servers);
  if (found === "unknown") throw lookupError("EAI_AGAIN", name);
  if (found.length > 0) return found;
  const { promises: dns } = await Promise.resolve().then(() => __toESM(require("dns"), 1));
  const all = await dns.lookup(name, { all: true });
  return all.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
function lookupFor(signal) {
  return (name, options, callback) => {
    lookup(name, signal).then(
      (addresses) => {
        var _a;
        const [first] = addresses;
        if (options.all) callback(null, [...addresses]);
        else callback(null, (_a = first == null ? void 0 : first.address) != null ? _a : "", first == null ? void 0 : first.family);
      },
      (error) => callback(error, "")
    );
  };
}
async function fromHostsFile(name, path) {
  let text;
  try {
    text = await import_node_fs.promises.readFile(path, "utf8");
  } catch {
    return [];
  }
  const found = [];
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.some((entry) => entry.toLowerCase() === name)) {
      found.push({ address, family: address.includes(":") ? 6 : 4 });
    }
  }
  return found.sort((a, b) => a.family - b.family);
}
async function fromDns(name, signal, servers) {
  const { promises: dns } = await Promise.resolve().then(() => __toESM(require("dns"), 1));
  const resolver = new dns.Resolver({ timeout: nextServerMs });
  if (servers) resolver.setServers([...servers]);
  const cancel = () => resolver.cancel();
  if (signal.aborted) return "unknown";
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const four = settle(resolver.resolve4(name), 4);
    const six = settle(resolver.resolve6(name), 6);
    const first = await four;
    const second = first !== "unknown" && first.length > 0 ? await Promise.race([six, nothingAfter(otherFamilyMs)]) : await six;
    if (first === "unknown") return second === "unknown" || second.length === 0 ? "unknown" : second;
    if (second === "unknown") return first.length > 0 ? first : "unknown";
    return [...first, ...second];
  } finally {
    signal.removeEventListener("abort", cancel);
    resolver.cancel();
  }
}
async function settle(query, family) {
  var _a;
  try {
    return (await query).map((address) => ({ address, family }));
  } catch (error) {
    const code = (_a = error.code) != null ? _a : "";
    return ["ENOTFOUND", "ENODATA", "EBADNAME"].includes(code) ? [] : "unknown";
  }
}
function nothingAfter(ms) {
  return new Promise((resolve) => setTimeout(() => resolve([]), ms).unref());
}
function lookupError(code, name) {
  return Object.assign(new Error(`lookup of ${name} failed: ${code}`), { code });
}

// src/host/http-over-tcp.ts
async function requestOverTcp(to, wanted) {
  try {
    if (wanted.proxy) return await throughProxy(wanted, to, wanted.proxy);
    return await send(wanted, await connectionOf(to, wanted.signal));
  } catch (error) {
    return failed(error);
  }
}
async function connectionOf(to, signal) {
  const place = { host: to.host, port: to.port, lookup: lookupFor(signal), autoSelectFamily: true };
  if (!to.tls) return { options: place, send: import_node_http.request };
  const { https, options } = await withTls(to.tls);
  return { options: { ...place, ...options }, send: https };
}
async function withTls({ ca, cert, key, verify }) {
  const [{ request: https }, ...files] = await Promise.all([
    Promise.resolve().then(() => __toESM(require("https"), 1)),
    readIfNamed(ca),
    readIfNamed(cert),
    readIfNamed(key)
  ]);
  const options = { ca: files[0], cert: files[1], key: files[2], rejectUnauthorized: verify };
  return { https, options };
}
async function readIfNamed(path) {
  return path === void 0 ? void 0 : import_node_fs2.promises.readFile(path);
}
async function throughProxy(wanted, to, proxy) {
  const { host, port } = proxy;
  const way = await connectionOf({ host, port, ...proxy.tls && { tls: { verify: true } } }, wanted.signal);
  const authorization = proxy.authorization !== void 0 && { "proxy-authorization": proxy.authorization };
  const authority = `${to.host.includes(":") ? `[${to.host}]` : to.host}:${to.port}`;
  if (!to.tls) {
    const headers = { host: authority, ...wanted.headers, ...authorization };
    const outcome = await send({ ...wanted, path: `http://${authority}${wanted.path}`, headers }, way);
    return outcome.kind === "failed" ? { ...outcome, at: "proxy" } : outcome;
  }
  const tunnel = await openTunnel(way, authority, { host: authority, ...authorization }, wanted.signal);
  if ("kind" in tunnel) return tunnel;
  const [{ https, options }, { connect, isIP }] = await Promise.all([
    withTls(to.tls),
    Promise.all([Promise.resolve().then(() => __toESM(require("tls"), 1)), Promise.resolve().then(() => __toESM(require("net"), 1))]).then(([tls, net]) => ({
      ...tls,
      ...net,
      connect: tls.connect
    }))
  ]);
  const servername = isIP(to.host) ? {} : { servername: to.host };
  const secure = { ...options, host: to.host, ...servername, socket: tunnel };
  const place = { host: to.host, port: to.port, agent: void 0 };
  return send(wanted, { options: { ...place, createConnection: () => connect(secure) }, send: https });
}
function openTunnel(way, authority, headers, signal) {
  return new Promise((resolve) => {
    const outgoing = way.send({ ...way.options, method: "CONNECT", path: authority, headers, agent: false });
    const end = (result) => {
      signal.removeEventListener("abort", onAbort);
      resolve(result);
      if ("kind" in result) outgoing.destroy();
    };
    const refuse = ({ statusCode = 0, statusMessage = "" }) => end({
      kind: "failed",
      code: `HTTP_${statusCode}`,
      message: `the proxy answers ${statusCode} ${statusMessage}`.trim(),
      at: "proxy"
    });
    const onAbort = () => end({ kind: "timed-out" });
    outgoing.on("error", (error) => end({ ...failed(error), at: "proxy" }));
    outgoing.on("response", refuse);
    outgoing.on("connect", (response, socket) => {
      if (response.statusCode === 200) return end(socket);
      socket.destroy();
      refuse(response);
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    outgoing.end();
  });
}
function send(wanted, connection) {
  var _a;
  const limit = (_a = wanted.maxBody) != null ? _a : 1024 * 1024;
  return new Promise((resolve) => {
    var _a2;
    const outgoing = connection.send({
      agent: false,
      ...connection.options,
      method: (_a2 = wanted.method) != null ? _a2 : "GET",
      path: wanted.path,
      headers: { connection: "close", ...wanted.headers }
    });
    const end = (outcome) => {
      wanted.signal.removeEventListener("abort", onAbort);
      resolve(outcome);
      outgoing.destroy();
    };
    const onAbort = () => end({ kind: "timed-out" });
    outgoing.on("error", (error) => end(failed(error)));
    outgoing.on("response", (response) => readBody(response, limit, end));
    outgoing.on("upgrade", () => end({ kind: "failed", code: "EPROTO", message: "the server switched protocols" }));
    if (wanted.signal.aborted) return onAbort();
    wanted.signal.addEventListener("abort", onAbort, { once: true });
    outgoing.end(wanted.body);
  });
}
function readBody(response, limit, end) {
  const chunks = [];
  let size = 0;
  const finish = (truncated) => {
    var _a;
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
    const body = Buffer.concat(chunks).toString("utf8");
    end({ kind: "answered", status: (_a = response.statusCode) != null ? _a : 0, headers, body, truncated });
  };
  response.on("data", (chunk) => {
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
    if (size > limit) finish(true);
  });
  response.on("end", () => finish(false));
  response.on("error", (error) => end(failed(error)));
}
function failed(error) {
  var _a, _b;
  const inner = (_b = (_a = error == null ? void 0 : error.errors) == null ? void 0 : _a[0]) != null ? _b : error;
  return { kind: "failed", code: codeOf(inner), message: inner instanceof Error ? inner.message : String(inner) };
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  requestOverTcp
});
