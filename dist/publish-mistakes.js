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

// src/publish-mistakes.ts
var publish_mistakes_exports = {};
__export(publish_mistakes_exports, {
  publishCrash: () => publishCrash,
  publishMistakes: () => publishMistakes,
  publishWarning: () => publishWarning
});
module.exports = __toCommonJS(publish_mistakes_exports);

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

// src/host/random-uuid.ts
var import_node_fs = require("fs");

// node_modules/@actions/core/lib/summary.js
var import_os = require("os");

// src/host/summary-fs.ts
var import_node_fs2 = require("fs");
var import_node_fs3 = require("fs");
var promises = {
  async access(path, mode) {
    (0, import_node_fs2.accessSync)(path, mode);
  },
  async appendFile(path, text, options) {
    (0, import_node_fs2.appendFileSync)(path, text, options);
  },
  async writeFile(path, text, options) {
    (0, import_node_fs2.writeFileSync)(path, text, options);
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
        yield access(pathFromEnv, import_node_fs3.constants.R_OK | import_node_fs3.constants.W_OK);
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
  addRaw(text, addEOL = false) {
    this._buffer += text;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(import_os.EOL);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code), attrs);
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
  addHeading(text, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text);
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
  addQuote(text, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text, attrs);
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
  addLink(text, href) {
    const element = this.wrap("a", text, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}

// src/mistake.ts
function describeMistake({ place, found, allowed }) {
  return `${place}: found ${found}; allowed: ${allowed}`;
}

// src/render/text.ts
var textLimit = 4e3;
var terminalSequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
var lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
var invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
var unusual = /[^\n\t -~]/;
function clean(text, limit = textLimit) {
  const head = text.slice(0, limit * 4);
  const plain = unusual.test(head) ? withoutUnseen(head) : head;
  if (plain.length <= limit && head.length === text.length) return plain;
  const shown = plain.slice(0, limit).replace(new RegExp("\\p{Cs}", "gu"), "");
  return limit < 1e3 ? `${shown}\u2026` : `${shown} \u2026 (${text.length - shown.length} characters more)`;
}
function withoutUnseen(text) {
  return text.replace(terminalSequences, "").replace(lineBreaks, "\n").replace(invisible, (character) => character === "\n" || character === "	" ? character : "");
}
function harmless(line) {
  return line.replace(/##(?=\[)/g, "# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/, "$1: ");
}
function plainText(text, limit) {
  return clean(text, limit).split("\n").map(harmless).join("\n");
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
function replaceUserinfo(text, instead) {
  if (!maybe.test(text)) return text;
  return patterns.reduce((clean2, pattern) => clean2.replace(pattern, `$1${instead}`), text);
}
function userinfoIn(text) {
  if (!maybe.test(text)) return [];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => {
    var _a;
    return (_a = match[2]) != null ? _a : "";
  }));
}
function passwordOf(userinfo) {
  return userinfo.slice(userinfo.indexOf(":") + 1);
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
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
    for (const userinfo of loginsIn(name, value)) addLogin(found, userinfo);
  }
  for (const secret of known) addSecret(found, secret);
  return [...found].sort((a, b) => b.length - a.length);
}
function isHarmless(name, value) {
  if (plainValue.test(value)) return !passwordName.test(name);
  return placeName.test(name) && /^(?:~|\.{0,2})\/[\w./@ -]*$/.test(value);
}
function loginsIn(name, value) {
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

// src/report/redact.ts
var maxText = 4096;
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
var unusual2 = /[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/;
var ansi = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
var unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
function createRedactor(env, known = []) {
  const secrets = secretsOf(env, known).map(visible).filter(Boolean);
  const heads = secrets.map((secret) => secret.slice(0, minCut));
  const withoutKnown = (raw) => {
    var _a, _b;
    let clean2 = visible(raw);
    for (let index = 0; index < secrets.length; index++) {
      if (clean2.includes((_a = heads[index]) != null ? _a : "")) clean2 = withoutSecret(clean2, (_b = secrets[index]) != null ? _b : "");
    }
    return replaceUserinfo(clean2, `${mark}@`);
  };
  const text = (raw) => {
    let clean2 = withoutKnown(raw.slice(0, maxLooked));
    if (suspicious.test(clean2))
      for (const [pattern, replacement] of patterns2) clean2 = clean2.replace(pattern, replacement);
    return clean2.length > maxText ? `${clean2.slice(0, maxText)}\u2026` : clean2;
  };
  const isClean = (json) => !json.includes("@") && !heads.some((head) => json.includes(head));
  const again = (value) => isClean(JSON.stringify(value)) ? value : everywhere(withoutKnown)(value);
  return { text, deep: everywhere(text), again };
}
function everywhere(change) {
  const known = /* @__PURE__ */ new Map();
  const once = (text) => {
    var _a;
    const changed = (_a = known.get(text)) != null ? _a : change(text);
    known.set(text, changed);
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
function visible(text) {
  if (!unusual2.test(text)) return text;
  return text.replace(/\r\n?/g, "\n").replace(ansi, "").replace(unseen, "");
}
var minCut = 8;
var minCutText = 64;
function withoutSecret(text, secret) {
  return withoutCutSecret(text.split(secret).join(mark), secret);
}
function withoutCutSecret(text, secret) {
  const end = text.endsWith("\u2026") ? text.length - 1 : text.length;
  const head = secret.slice(0, minCut);
  const first = Math.max(0, end - secret.length + 1);
  for (let at = text.indexOf(head, first); at >= 0; at = text.indexOf(head, at + 1)) {
    const cut = text.slice(at, end);
    if (!secret.startsWith(cut)) continue;
    const isName = end === text.length && end < minCutText && /^[a-z ._/-]*$/i.test(cut);
    return isName ? text : text.slice(0, at) + mark + text.slice(end);
  }
  return text;
}

// src/publish-mistakes.ts
function publishMistakes(mistakes) {
  const { text } = createRedactor(process.env);
  for (const mistake of mistakes) error(plainText(text(describeMistake(mistake))), { title: "runner-check inputs" });
}
function publishWarning(message) {
  const { text } = createRedactor(process.env);
  warning(plainText(text(message)));
}
function publishCrash(error2) {
  var _a;
  const told = error2 instanceof Error ? (_a = error2.stack) != null ? _a : error2.message : String(error2);
  const { text } = createRedactor(process.env);
  error(`runner-check crashed, which is a bug in it: ${plainText(text(told))}`);
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  publishCrash,
  publishMistakes,
  publishWarning
});
