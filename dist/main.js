"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getOwnPropSymbols = Object.getOwnPropertySymbols;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __propIsEnum = Object.prototype.propertyIsEnumerable;
var __defNormalProp = (obj, key, value) => key in obj ? __defProp(obj, key, { enumerable: true, configurable: true, writable: true, value }) : obj[key] = value;
var __spreadValues = (a, b) => {
  for (var prop in b || (b = {}))
    if (__hasOwnProp.call(b, prop))
      __defNormalProp(a, prop, b[prop]);
  if (__getOwnPropSymbols)
    for (var prop of __getOwnPropSymbols(b)) {
      if (__propIsEnum.call(b, prop))
        __defNormalProp(a, prop, b[prop]);
    }
  return a;
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

// src/launch/old-node.ts
var import_node_crypto = require("crypto");
var import_node_fs = require("fs");

// src/probes/node-runtime.ts
var oldestNode = 16;
function majorOf(version2) {
  return Number(version2.split(".")[0]);
}

// src/checks/words.ts
function reason(words2) {
  return words2;
}
function finding(table, reason2, seen, details) {
  return findingOf(reason2, table[reason2], seen, details);
}
function findingOf(reason2, words2, seen, { observed, evidence, location, level }) {
  var _a, _b;
  const { what, fix } = words2.tell(seen);
  return __spreadValues(__spreadValues({
    kind: "finding",
    reason: reason2,
    title: (_b = (_a = words2.headline) == null ? void 0 : _a.call(words2, seen)) != null ? _b : words2.title,
    message: what,
    why: textOf(words2.why, seen),
    expected: textOf(words2.expected, seen),
    observed,
    evidence,
    remedy: fix
  }, location && { location }), level && { level });
}
function textOf(text, seen) {
  return typeof text === "string" ? text : text(seen);
}

// src/checks/toolchain/node-runtime-words.ts
var expected = "Node ".concat(oldestNode, " or newer, best a line that is still supported");
var words = {
  "too-old": reason({
    level: "fail",
    title: "Node is too old to run this check",
    why: "Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing module.",
    expected,
    tell: ({ version: version2 }) => ({
      what: "Actions run here with Node ".concat(version2, ", and this check needs Node ").concat(oldestNode, " or newer: nothing else could be looked at."),
      fix: newerNode
    })
  }),
  "end-of-life": reason({
    level: "warn",
    title: "Node gets no security updates any more",
    why: "It gets no security updates, and actions stop working with it one after another as they are updated.",
    expected,
    tell: ({ version: version2, line, lastDay }) => ({
      what: "Actions run here with Node ".concat(version2, ", and the support of Node ").concat(line, " ended on ").concat(lastDay, "."),
      fix: newerNode
    })
  })
};
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

// src/docs-of.ts
function docsOf(id2) {
  const [area = "", name = ""] = id2.split("/");
  return ["tool", "registry", "service"].includes(area) ? "docs/checks/".concat(area, ".md") : "docs/checks/".concat(area, ".md#").concat(name);
}

// src/input-of.ts
function inputOf(env, name) {
  var _a, _b;
  const variable = "INPUT_".concat(name.toUpperCase());
  return (_b = (_a = env[variable]) != null ? _a : env[variable.replace(/-/g, "_")]) == null ? void 0 : _b.trim();
}

// src/message-of.ts
function couldNotWrite(what, error) {
  return "runner-check could not write ".concat(what, ": ").concat(String(error));
}

// src/render/place-of.ts
function placeOf({ kind }) {
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

// src/render/summary-marks.ts
var docsBase = "https://github.com/fortemi/runner-check/blob/main/";
function docsUrl(docs) {
  return /^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(docs) && !docs.includes("..") ? docsBase + docs : void 0;
}

// src/launch/old-node.ts
var version = process.versions.node;
var isTooOld = majorOf(version) < oldestNode;
var id = "node/runtime";
var { title, message, why, remedy } = finding(words, "too-old", { version }, { observed: version, evidence: [] });
var story = "".concat(message, " ").concat(why);
function reportToJob(env) {
  annotate("error", toldInText(), " title=".concat(title, " (").concat(id, ")"));
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs } = env;
  const wantsSummary = !/^false$/i.test(inputOf(env, "summary") || "");
  const written = summary && wantsSummary && append(summary, toldInMarkdown(), "the job summary") ? summary : "";
  if (outputs) append(outputs, outputLines(inputOf(env, "profile"), written), "its outputs");
  return inputOf(env, "fail-on") === "never" ? 0 : 1;
}
function toldInText() {
  return [story, ...fixes(remedy).map(fixInText), "More: ".concat(docsUrl(docsOf(id)))].join("\n");
}
function fixInText({ opening, text, config, commands }) {
  const lines = [...config ? ["in ".concat(config.file, ":"), ...config.text.split("\n")] : [], ...commands || []];
  return ["".concat(opening, ": ").concat(text), ...lines.map((line) => "  ".concat(line))].join("\n");
}
function toldInMarkdown() {
  const blocks = [
    "## \u274C ".concat(title, " \u2014 `").concat(id, "`"),
    story,
    ...fixes(remedy).map(fixInMarkdown),
    "More: ".concat(docsUrl(docsOf(id)))
  ];
  return "".concat(blocks.join("\n\n"), "\n");
}
function fixInMarkdown({ opening, text, config, commands }) {
  const fence = (language, lines) => "```".concat(language, "\n").concat(lines, "\n```");
  return [
    "**".concat(opening, ":** ").concat(text),
    ...config ? ["In `".concat(config.file, "`:"), fence(config.language, config.text)] : [],
    ...commands ? [fence("sh", commands.join("\n"))] : []
  ].join("\n\n");
}
function fixes(remedy2) {
  const first = __spreadValues({ opening: "Fix it ".concat(placeOf(remedy2)) }, remedy2);
  const { otherwise } = remedy2;
  return otherwise ? [first, __spreadValues({ opening: "Or ".concat(placeOf(otherwise)) }, otherwise)] : [first];
}
function outputLines(profile, summary) {
  const outputs = [
    ["verdict", "misconfigured"],
    ["passed", "0"],
    ["warned", "0"],
    ["failed", "1"],
    ["errored", "0"],
    ["skipped", "0"],
    ["failures", JSON.stringify(["".concat(id, ":too-old")])],
    ["versions", JSON.stringify({ node: version })],
    ["profile", profile && profile !== "auto" && /^[\w.-]{1,100}$/.test(profile) ? profile : ""],
    ["report", ""],
    ["summary", summary]
  ];
  const end = "end_".concat((0, import_node_crypto.randomBytes)(16).toString("hex"));
  return outputs.map(([name, value]) => "".concat(name, "<<").concat(end, "\n").concat(value, "\n").concat(end, "\n")).join("");
}
function append(file, text, what) {
  try {
    (0, import_node_fs.appendFileSync)(file, text);
    return true;
  } catch (error) {
    annotate("warning", couldNotWrite(what, error));
    return false;
  }
}
function annotate(level, message2, properties = "") {
  const escaped = message2.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  process.stdout.write("::".concat(level).concat(properties, "::").concat(escaped, "\n"));
}

// src/launch/main.ts
if (isTooOld) process.exitCode = reportToJob(process.env);
else Promise.resolve().then(() => __toESM(require("./run.js"), 1)).then(({ runAction }) => runAction()).then((code) => process.exit(code));
