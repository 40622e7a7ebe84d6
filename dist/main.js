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

// src/main.ts
var import_node_fs3 = require("fs");
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
var crypto = __toESM(require("crypto"), 1);
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
  const delimiter2 = `ghadelimiter_${crypto.randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter2)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter2}"`);
  }
  if (convertedValue.includes(delimiter2)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter2}"`);
  }
  return `${key}<<${delimiter2}${os2.EOL}${convertedValue}${os2.EOL}${delimiter2}`;
}

// node_modules/@actions/core/lib/core.js
var os5 = __toESM(require("os"));

// node_modules/@actions/core/lib/summary.js
var import_os = require("os");
var import_fs = require("fs");
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = import_fs.promises;
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
        yield access(pathFromEnv, import_fs.constants.R_OK | import_fs.constants.W_OK);
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
  addCodeBlock(code2, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code2), attrs);
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
var summary = _summary;

// node_modules/@actions/core/lib/platform.js
var platform_exports = {};
__export(platform_exports, {
  arch: () => arch,
  getDetails: () => getDetails,
  isLinux: () => isLinux,
  isMacOS: () => isMacOS,
  isWindows: () => isWindows,
  platform: () => platform
});
var import_os2 = __toESM(require("os"), 1);

// node_modules/@actions/exec/lib/exec.js
var import_string_decoder = require("string_decoder");

// node_modules/@actions/exec/lib/toolrunner.js
var os3 = __toESM(require("os"), 1);
var events = __toESM(require("events"), 1);
var child = __toESM(require("child_process"), 1);
var path3 = __toESM(require("path"), 1);

// node_modules/@actions/io/lib/io.js
var path2 = __toESM(require("path"));

// node_modules/@actions/io/lib/io-util.js
var fs2 = __toESM(require("fs"));
var path = __toESM(require("path"));
var __awaiter2 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { chmod, copyFile, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, symlink, unlink } = fs2.promises;
var IS_WINDOWS = process.platform === "win32";
var READONLY = fs2.constants.O_RDONLY;
function exists(fsPath) {
  return __awaiter2(this, void 0, void 0, function* () {
    try {
      yield stat(fsPath);
    } catch (err) {
      if (err.code === "ENOENT") {
        return false;
      }
      throw err;
    }
    return true;
  });
}
function isRooted(p) {
  p = normalizeSeparators(p);
  if (!p) {
    throw new Error('isRooted() parameter "p" cannot be empty');
  }
  if (IS_WINDOWS) {
    return p.startsWith("\\") || /^[A-Z]:/i.test(p);
  }
  return p.startsWith("/");
}
function tryGetExecutablePath(filePath, extensions) {
  return __awaiter2(this, void 0, void 0, function* () {
    let stats = void 0;
    try {
      stats = yield stat(filePath);
    } catch (err) {
      if (err.code !== "ENOENT") {
        console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
      }
    }
    if (stats && stats.isFile()) {
      if (IS_WINDOWS) {
        const upperExt = path.extname(filePath).toUpperCase();
        if (extensions.some((validExt) => validExt.toUpperCase() === upperExt)) {
          return filePath;
        }
      } else {
        if (isUnixExecutable(stats)) {
          return filePath;
        }
      }
    }
    const originalFilePath = filePath;
    for (const extension of extensions) {
      filePath = originalFilePath + extension;
      stats = void 0;
      try {
        stats = yield stat(filePath);
      } catch (err) {
        if (err.code !== "ENOENT") {
          console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
        }
      }
      if (stats && stats.isFile()) {
        if (IS_WINDOWS) {
          try {
            const directory = path.dirname(filePath);
            const upperName = path.basename(filePath).toUpperCase();
            for (const actualName of yield readdir(directory)) {
              if (upperName === actualName.toUpperCase()) {
                filePath = path.join(directory, actualName);
                break;
              }
            }
          } catch (err) {
            console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
          }
          return filePath;
        } else {
          if (isUnixExecutable(stats)) {
            return filePath;
          }
        }
      }
    }
    return "";
  });
}
function normalizeSeparators(p) {
  p = p || "";
  if (IS_WINDOWS) {
    p = p.replace(/\//g, "\\");
    return p.replace(/\\\\+/g, "\\");
  }
  return p.replace(/\/\/+/g, "/");
}
function isUnixExecutable(stats) {
  return (stats.mode & 1) > 0 || (stats.mode & 8) > 0 && process.getgid !== void 0 && stats.gid === process.getgid() || (stats.mode & 64) > 0 && process.getuid !== void 0 && stats.uid === process.getuid();
}

// node_modules/@actions/io/lib/io.js
var __awaiter3 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
function which(tool, check) {
  return __awaiter3(this, void 0, void 0, function* () {
    if (!tool) {
      throw new Error("parameter 'tool' is required");
    }
    if (check) {
      const result = yield which(tool, false);
      if (!result) {
        if (IS_WINDOWS) {
          throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
        } else {
          throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
        }
      }
      return result;
    }
    const matches = yield findInPath(tool);
    if (matches && matches.length > 0) {
      return matches[0];
    }
    return "";
  });
}
function findInPath(tool) {
  return __awaiter3(this, void 0, void 0, function* () {
    if (!tool) {
      throw new Error("parameter 'tool' is required");
    }
    const extensions = [];
    if (IS_WINDOWS && process.env["PATHEXT"]) {
      for (const extension of process.env["PATHEXT"].split(path2.delimiter)) {
        if (extension) {
          extensions.push(extension);
        }
      }
    }
    if (isRooted(tool)) {
      const filePath = yield tryGetExecutablePath(tool, extensions);
      if (filePath) {
        return [filePath];
      }
      return [];
    }
    if (tool.includes(path2.sep)) {
      return [];
    }
    const directories = [];
    if (process.env.PATH) {
      for (const p of process.env.PATH.split(path2.delimiter)) {
        if (p) {
          directories.push(p);
        }
      }
    }
    const matches = [];
    for (const directory of directories) {
      const filePath = yield tryGetExecutablePath(path2.join(directory, tool), extensions);
      if (filePath) {
        matches.push(filePath);
      }
    }
    return matches;
  });
}

// node_modules/@actions/exec/lib/toolrunner.js
var import_timers = require("timers");
var __awaiter4 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var IS_WINDOWS2 = process.platform === "win32";
var ToolRunner = class extends events.EventEmitter {
  constructor(toolPath, args, options) {
    super();
    if (!toolPath) {
      throw new Error("Parameter 'toolPath' cannot be null or empty.");
    }
    this.toolPath = toolPath;
    this.args = args || [];
    this.options = options || {};
  }
  _debug(message) {
    if (this.options.listeners && this.options.listeners.debug) {
      this.options.listeners.debug(message);
    }
  }
  _getCommandString(options, noPrefix) {
    const toolPath = this._getSpawnFileName();
    const args = this._getSpawnArgs(options);
    let cmd = noPrefix ? "" : "[command]";
    if (IS_WINDOWS2) {
      if (this._isCmdFile()) {
        cmd += toolPath;
        for (const a of args) {
          cmd += ` ${a}`;
        }
      } else if (options.windowsVerbatimArguments) {
        cmd += `"${toolPath}"`;
        for (const a of args) {
          cmd += ` ${a}`;
        }
      } else {
        cmd += this._windowsQuoteCmdArg(toolPath);
        for (const a of args) {
          cmd += ` ${this._windowsQuoteCmdArg(a)}`;
        }
      }
    } else {
      cmd += toolPath;
      for (const a of args) {
        cmd += ` ${a}`;
      }
    }
    return cmd;
  }
  _processLineBuffer(data, strBuffer, onLine) {
    try {
      let s = strBuffer + data.toString();
      let n = s.indexOf(os3.EOL);
      while (n > -1) {
        const line = s.substring(0, n);
        onLine(line);
        s = s.substring(n + os3.EOL.length);
        n = s.indexOf(os3.EOL);
      }
      return s;
    } catch (err) {
      this._debug(`error processing line. Failed with error ${err}`);
      return "";
    }
  }
  _getSpawnFileName() {
    if (IS_WINDOWS2) {
      if (this._isCmdFile()) {
        return process.env["COMSPEC"] || "cmd.exe";
      }
    }
    return this.toolPath;
  }
  _getSpawnArgs(options) {
    if (IS_WINDOWS2) {
      if (this._isCmdFile()) {
        let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
        for (const a of this.args) {
          argline += " ";
          argline += options.windowsVerbatimArguments ? a : this._windowsQuoteCmdArg(a);
        }
        argline += '"';
        return [argline];
      }
    }
    return this.args;
  }
  _endsWith(str, end) {
    return str.endsWith(end);
  }
  _isCmdFile() {
    const upperToolPath = this.toolPath.toUpperCase();
    return this._endsWith(upperToolPath, ".CMD") || this._endsWith(upperToolPath, ".BAT");
  }
  _windowsQuoteCmdArg(arg) {
    if (!this._isCmdFile()) {
      return this._uvQuoteCmdArg(arg);
    }
    if (!arg) {
      return '""';
    }
    const cmdSpecialChars = [
      " ",
      "	",
      "&",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "^",
      "=",
      ";",
      "!",
      "'",
      "+",
      ",",
      "`",
      "~",
      "|",
      "<",
      ">",
      '"'
    ];
    let needsQuotes = false;
    for (const char of arg) {
      if (cmdSpecialChars.some((x) => x === char)) {
        needsQuotes = true;
        break;
      }
    }
    if (!needsQuotes) {
      return arg;
    }
    let reverse = '"';
    let quoteHit = true;
    for (let i = arg.length; i > 0; i--) {
      reverse += arg[i - 1];
      if (quoteHit && arg[i - 1] === "\\") {
        reverse += "\\";
      } else if (arg[i - 1] === '"') {
        quoteHit = true;
        reverse += '"';
      } else {
        quoteHit = false;
      }
    }
    reverse += '"';
    return reverse.split("").reverse().join("");
  }
  _uvQuoteCmdArg(arg) {
    if (!arg) {
      return '""';
    }
    if (!arg.includes(" ") && !arg.includes("	") && !arg.includes('"')) {
      return arg;
    }
    if (!arg.includes('"') && !arg.includes("\\")) {
      return `"${arg}"`;
    }
    let reverse = '"';
    let quoteHit = true;
    for (let i = arg.length; i > 0; i--) {
      reverse += arg[i - 1];
      if (quoteHit && arg[i - 1] === "\\") {
        reverse += "\\";
      } else if (arg[i - 1] === '"') {
        quoteHit = true;
        reverse += "\\";
      } else {
        quoteHit = false;
      }
    }
    reverse += '"';
    return reverse.split("").reverse().join("");
  }
  _cloneExecOptions(options) {
    options = options || {};
    const result = {
      cwd: options.cwd || process.cwd(),
      env: options.env || process.env,
      silent: options.silent || false,
      windowsVerbatimArguments: options.windowsVerbatimArguments || false,
      failOnStdErr: options.failOnStdErr || false,
      ignoreReturnCode: options.ignoreReturnCode || false,
      delay: options.delay || 1e4
    };
    result.outStream = options.outStream || process.stdout;
    result.errStream = options.errStream || process.stderr;
    return result;
  }
  _getSpawnOptions(options, toolPath) {
    options = options || {};
    const result = {};
    result.cwd = options.cwd;
    result.env = options.env;
    result["windowsVerbatimArguments"] = options.windowsVerbatimArguments || this._isCmdFile();
    if (options.windowsVerbatimArguments) {
      result.argv0 = `"${toolPath}"`;
    }
    return result;
  }
  /**
   * Exec a tool.
   * Output will be streamed to the live console.
   * Returns promise with return code
   *
   * @param     tool     path to tool to exec
   * @param     options  optional exec options.  See ExecOptions
   * @returns   number
   */
  exec() {
    return __awaiter4(this, void 0, void 0, function* () {
      if (!isRooted(this.toolPath) && (this.toolPath.includes("/") || IS_WINDOWS2 && this.toolPath.includes("\\"))) {
        this.toolPath = path3.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
      }
      this.toolPath = yield which(this.toolPath, true);
      return new Promise((resolve3, reject) => __awaiter4(this, void 0, void 0, function* () {
        this._debug(`exec tool: ${this.toolPath}`);
        this._debug("arguments:");
        for (const arg of this.args) {
          this._debug(`   ${arg}`);
        }
        const optionsNonNull = this._cloneExecOptions(this.options);
        if (!optionsNonNull.silent && optionsNonNull.outStream) {
          optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + os3.EOL);
        }
        const state = new ExecState(optionsNonNull, this.toolPath);
        state.on("debug", (message) => {
          this._debug(message);
        });
        if (this.options.cwd && !(yield exists(this.options.cwd))) {
          return reject(new Error(`The cwd: ${this.options.cwd} does not exist!`));
        }
        const fileName = this._getSpawnFileName();
        const cp = child.spawn(fileName, this._getSpawnArgs(optionsNonNull), this._getSpawnOptions(this.options, fileName));
        let stdbuffer = "";
        if (cp.stdout) {
          cp.stdout.on("data", (data) => {
            if (this.options.listeners && this.options.listeners.stdout) {
              this.options.listeners.stdout(data);
            }
            if (!optionsNonNull.silent && optionsNonNull.outStream) {
              optionsNonNull.outStream.write(data);
            }
            stdbuffer = this._processLineBuffer(data, stdbuffer, (line) => {
              if (this.options.listeners && this.options.listeners.stdline) {
                this.options.listeners.stdline(line);
              }
            });
          });
        }
        let errbuffer = "";
        if (cp.stderr) {
          cp.stderr.on("data", (data) => {
            state.processStderr = true;
            if (this.options.listeners && this.options.listeners.stderr) {
              this.options.listeners.stderr(data);
            }
            if (!optionsNonNull.silent && optionsNonNull.errStream && optionsNonNull.outStream) {
              const s = optionsNonNull.failOnStdErr ? optionsNonNull.errStream : optionsNonNull.outStream;
              s.write(data);
            }
            errbuffer = this._processLineBuffer(data, errbuffer, (line) => {
              if (this.options.listeners && this.options.listeners.errline) {
                this.options.listeners.errline(line);
              }
            });
          });
        }
        cp.on("error", (err) => {
          state.processError = err.message;
          state.processExited = true;
          state.processClosed = true;
          state.CheckComplete();
        });
        cp.on("exit", (code2) => {
          state.processExitCode = code2;
          state.processExited = true;
          this._debug(`Exit code ${code2} received from tool '${this.toolPath}'`);
          state.CheckComplete();
        });
        cp.on("close", (code2) => {
          state.processExitCode = code2;
          state.processExited = true;
          state.processClosed = true;
          this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
          state.CheckComplete();
        });
        state.on("done", (error2, exitCode) => {
          if (stdbuffer.length > 0) {
            this.emit("stdline", stdbuffer);
          }
          if (errbuffer.length > 0) {
            this.emit("errline", errbuffer);
          }
          cp.removeAllListeners();
          if (error2) {
            reject(error2);
          } else {
            resolve3(exitCode);
          }
        });
        if (this.options.input) {
          if (!cp.stdin) {
            throw new Error("child process missing stdin");
          }
          cp.stdin.end(this.options.input);
        }
      }));
    });
  }
};
function argStringToArray(argString) {
  const args = [];
  let inQuotes = false;
  let escaped2 = false;
  let arg = "";
  function append(c) {
    if (escaped2 && c !== '"') {
      arg += "\\";
    }
    arg += c;
    escaped2 = false;
  }
  for (let i = 0; i < argString.length; i++) {
    const c = argString.charAt(i);
    if (c === '"') {
      if (!escaped2) {
        inQuotes = !inQuotes;
      } else {
        append(c);
      }
      continue;
    }
    if (c === "\\" && escaped2) {
      append(c);
      continue;
    }
    if (c === "\\" && inQuotes) {
      escaped2 = true;
      continue;
    }
    if (c === " " && !inQuotes) {
      if (arg.length > 0) {
        args.push(arg);
        arg = "";
      }
      continue;
    }
    append(c);
  }
  if (arg.length > 0) {
    args.push(arg.trim());
  }
  return args;
}
var ExecState = class _ExecState extends events.EventEmitter {
  constructor(options, toolPath) {
    super();
    this.processClosed = false;
    this.processError = "";
    this.processExitCode = 0;
    this.processExited = false;
    this.processStderr = false;
    this.delay = 1e4;
    this.done = false;
    this.timeout = null;
    if (!toolPath) {
      throw new Error("toolPath must not be empty");
    }
    this.options = options;
    this.toolPath = toolPath;
    if (options.delay) {
      this.delay = options.delay;
    }
  }
  CheckComplete() {
    if (this.done) {
      return;
    }
    if (this.processClosed) {
      this._setResult();
    } else if (this.processExited) {
      this.timeout = (0, import_timers.setTimeout)(_ExecState.HandleTimeout, this.delay, this);
    }
  }
  _debug(message) {
    this.emit("debug", message);
  }
  _setResult() {
    let error2;
    if (this.processExited) {
      if (this.processError) {
        error2 = new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
      } else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) {
        error2 = new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
      } else if (this.processStderr && this.options.failOnStdErr) {
        error2 = new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
      }
    }
    if (this.timeout) {
      clearTimeout(this.timeout);
      this.timeout = null;
    }
    this.done = true;
    this.emit("done", error2, this.processExitCode);
  }
  static HandleTimeout(state) {
    if (state.done) {
      return;
    }
    if (!state.processClosed && state.processExited) {
      const message = `The STDIO streams did not close within ${state.delay / 1e3} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
      state._debug(message);
    }
    state._setResult();
  }
};

// node_modules/@actions/exec/lib/exec.js
var __awaiter5 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
function exec(commandLine, args, options) {
  return __awaiter5(this, void 0, void 0, function* () {
    const commandArgs = argStringToArray(commandLine);
    if (commandArgs.length === 0) {
      throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
    }
    const toolPath = commandArgs[0];
    args = commandArgs.slice(1).concat(args || []);
    const runner = new ToolRunner(toolPath, args, options);
    return runner.exec();
  });
}
function getExecOutput(commandLine, args, options) {
  return __awaiter5(this, void 0, void 0, function* () {
    var _a, _b;
    let stdout = "";
    let stderr = "";
    const stdoutDecoder = new import_string_decoder.StringDecoder("utf8");
    const stderrDecoder = new import_string_decoder.StringDecoder("utf8");
    const originalStdoutListener = (_a = options === null || options === void 0 ? void 0 : options.listeners) === null || _a === void 0 ? void 0 : _a.stdout;
    const originalStdErrListener = (_b = options === null || options === void 0 ? void 0 : options.listeners) === null || _b === void 0 ? void 0 : _b.stderr;
    const stdErrListener = (data) => {
      stderr += stderrDecoder.write(data);
      if (originalStdErrListener) {
        originalStdErrListener(data);
      }
    };
    const stdOutListener = (data) => {
      stdout += stdoutDecoder.write(data);
      if (originalStdoutListener) {
        originalStdoutListener(data);
      }
    };
    const listeners = Object.assign(Object.assign({}, options === null || options === void 0 ? void 0 : options.listeners), { stdout: stdOutListener, stderr: stdErrListener });
    const exitCode = yield exec(commandLine, args, Object.assign(Object.assign({}, options), { listeners }));
    stdout += stdoutDecoder.end();
    stderr += stderrDecoder.end();
    return {
      exitCode,
      stdout,
      stderr
    };
  });
}

// node_modules/@actions/core/lib/platform.js
var __awaiter6 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve3) {
      resolve3(value);
    });
  }
  return new (P || (P = Promise))(function(resolve3, reject) {
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
      result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var getWindowsInfo = () => __awaiter6(void 0, void 0, void 0, function* () {
  const { stdout: version } = yield getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Version"', void 0, {
    silent: true
  });
  const { stdout: name } = yield getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Caption"', void 0, {
    silent: true
  });
  return {
    name: name.trim(),
    version: version.trim()
  };
});
var getMacOsInfo = () => __awaiter6(void 0, void 0, void 0, function* () {
  var _a, _b, _c, _d;
  const { stdout } = yield getExecOutput("sw_vers", void 0, {
    silent: true
  });
  const version = (_b = (_a = stdout.match(/ProductVersion:\s*(.+)/)) === null || _a === void 0 ? void 0 : _a[1]) !== null && _b !== void 0 ? _b : "";
  const name = (_d = (_c = stdout.match(/ProductName:\s*(.+)/)) === null || _c === void 0 ? void 0 : _c[1]) !== null && _d !== void 0 ? _d : "";
  return {
    name,
    version
  };
});
var getLinuxInfo = () => __awaiter6(void 0, void 0, void 0, function* () {
  const { stdout } = yield getExecOutput("lsb_release", ["-i", "-r", "-s"], {
    silent: true
  });
  const [name, version] = stdout.trim().split("\n");
  return {
    name,
    version
  };
});
var platform = import_os2.default.platform();
var arch = import_os2.default.arch();
var isWindows = platform === "win32";
var isMacOS = platform === "darwin";
var isLinux = platform === "linux";
function getDetails() {
  return __awaiter6(this, void 0, void 0, function* () {
    return Object.assign(Object.assign({}, yield isWindows ? getWindowsInfo() : isMacOS ? getMacOsInfo() : getLinuxInfo()), {
      platform,
      arch,
      isWindows,
      isMacOS,
      isLinux
    });
  });
}

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
  process.stdout.write(os5.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}

// src/host/real-host.ts
var import_node_os = require("os");

// src/host/files.ts
var import_node_fs = require("fs");
function codeOf(error2) {
  return error2 instanceof Error && "code" in error2 ? String(error2.code) : "EUNKNOWN";
}
function isAbsent(code2) {
  return code2 === "ENOENT" || code2 === "ENOTDIR";
}
async function read(operation) {
  try {
    return { kind: "ok", value: await operation() };
  } catch (error2) {
    const code2 = codeOf(error2);
    return isAbsent(code2) ? { kind: "absent" } : { kind: "unreadable", code: code2 };
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
async function look(operation) {
  const outcome = await read(operation);
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
var lstat2 = (path4) => look(() => import_node_fs.promises.lstat(path4));
var stat2 = (path4) => look(() => import_node_fs.promises.stat(path4));
var readLink = (path4) => read(() => import_node_fs.promises.readlink(path4));
var realPath = (path4) => read(() => import_node_fs.promises.realpath(path4));
var list = (path4) => read(() => import_node_fs.promises.readdir(path4));
async function access2(path4, mode) {
  const bits = { r: import_node_fs.constants.R_OK, w: import_node_fs.constants.W_OK, x: import_node_fs.constants.X_OK };
  return (await read(() => import_node_fs.promises.access(path4, bits[mode]))).kind === "ok";
}
async function readText(path4, maxBytes2 = 64 * 1024, encoding = "utf8") {
  return read(async () => {
    const handle = await import_node_fs.promises.open(path4, import_node_fs.constants.O_RDONLY | import_node_fs.constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(maxBytes2);
      let length = 0;
      while (length < maxBytes2) {
        const { bytesRead } = await handle.read(buffer, length, maxBytes2 - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.toString(encoding, 0, length);
    } finally {
      await handle.close();
    }
  });
}
var unnamedFile = 4194304 | import_node_fs.constants.O_DIRECTORY;
async function tryWrite(directory) {
  const outcome = await read(async () => {
    const handle = await import_node_fs.promises.open(directory, unnamedFile | import_node_fs.constants.O_WRONLY, 384);
    try {
      await handle.write(Buffer.alloc(4096, 1));
    } finally {
      await handle.close();
    }
    return null;
  });
  const unsupported2 = outcome.kind === "unreadable" && ["EOPNOTSUPP", "ENOTSUP", "EISDIR", "EINVAL"].includes(outcome.code);
  if (!unsupported2) return outcome;
  return read(async () => {
    await import_node_fs.promises.access(directory, import_node_fs.constants.W_OK | import_node_fs.constants.X_OK);
    return null;
  });
}
async function placeFile(directory) {
  const name = `.runner-check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
  const path4 = `${directory}/${name}`;
  return read(async () => {
    await import_node_fs.promises.writeFile(path4, `${name}
`, { flag: "wx", mode: 420 });
    return { name, remove: () => import_node_fs.promises.rm(path4, { force: true }).catch(() => void 0) };
  });
}

// src/host/http.ts
var import_node_fs2 = require("fs");
var import_node_http = require("http");
async function request(wanted2) {
  try {
    return await send(wanted2, await connectionOf(wanted2.to));
  } catch (error2) {
    return { kind: "failed", code: codeOf(error2), message: messageOf(error2) };
  }
}
async function connectionOf(to) {
  if ("socket" in to) return { options: { socketPath: to.socket, host: "localhost" }, send: import_node_http.request };
  if (!to.tls) return { options: { host: to.host, port: to.port }, send: import_node_http.request };
  const [{ request: httpsRequest }, ca, cert, key] = await Promise.all([
    Promise.resolve().then(() => __toESM(require("https"), 1)),
    readIfNamed(to.tls.ca),
    readIfNamed(to.tls.cert),
    readIfNamed(to.tls.key)
  ]);
  const options = { host: to.host, port: to.port, ca, cert, key, rejectUnauthorized: to.tls.verify };
  return { options, send: httpsRequest };
}
async function readIfNamed(path4) {
  return path4 === void 0 ? void 0 : import_node_fs2.promises.readFile(path4);
}
function send(wanted2, connection) {
  var _a;
  const limit = (_a = wanted2.maxBody) != null ? _a : 1024 * 1024;
  return new Promise((resolve3) => {
    var _a2;
    const outgoing = connection.send({
      ...connection.options,
      method: (_a2 = wanted2.method) != null ? _a2 : "GET",
      path: wanted2.path,
      headers: { connection: "close", ...wanted2.headers },
      agent: false
    });
    const end = (outcome) => {
      wanted2.signal.removeEventListener("abort", onAbort);
      resolve3(outcome);
      outgoing.destroy();
    };
    const onAbort = () => end({ kind: "timed-out" });
    outgoing.on("error", (error2) => end({ kind: "failed", code: codeOf(error2), message: messageOf(error2) }));
    outgoing.on("response", (response) => readBody(response, limit, end));
    outgoing.on("upgrade", () => end({ kind: "failed", code: "EPROTO", message: "the server switched protocols" }));
    if (wanted2.signal.aborted) return onAbort();
    wanted2.signal.addEventListener("abort", onAbort, { once: true });
    outgoing.end(wanted2.body);
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
  response.on("error", (error2) => end({ kind: "failed", code: codeOf(error2), message: messageOf(error2) }));
}
function messageOf(error2) {
  return error2 instanceof Error ? error2.message : String(error2);
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
  return new Promise((resolve3) => {
    let child2;
    try {
      child2 = (0, import_node_child_process.spawn)(program, args, { cwd: options.cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    } catch (error2) {
      resolve3({ kind: "not-started", code: codeOf(error2), stdout: "", stderr: "", ms: Date.now() - started });
      return;
    }
    const stdout = keep(child2.stdout, limit);
    const stderr = keep(child2.stderr, limit);
    let timer;
    let ended = false;
    const end = (result) => {
      var _a2, _b;
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      options.signal.removeEventListener("abort", onAbort);
      killGroup(child2);
      (_a2 = child2.stdout) == null ? void 0 : _a2.destroy();
      (_b = child2.stderr) == null ? void 0 : _b.destroy();
      child2.unref();
      resolve3({ ...result, stdout: stdout(), stderr: stderr(), ms: Date.now() - started });
    };
    const onAbort = () => {
      killGroup(child2);
      timer = setTimeout(() => end({ kind: "timed-out", abandoned: true }), killGraceMs);
    };
    child2.once("error", (error2) => end({ kind: "not-started", code: codeOf(error2) }));
    child2.once("exit", (code2, signal) => {
      const result = options.signal.aborted ? { kind: "timed-out", abandoned: false } : signal === null ? { kind: "exited", code: code2 != null ? code2 : 0 } : { kind: "signalled", signal };
      child2.once("close", () => end(result));
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
function killGroup(child2) {
  if (child2.pid === void 0) return;
  try {
    process.kill(-child2.pid, "SIGKILL");
  } catch {
  }
}

// src/host/space.ts
var fs5 = __toESM(require("fs"), 1);
async function space(path4, signal, env) {
  if (typeof fs5.promises.statfs !== "function") return spaceByDf(path4, signal, env);
  try {
    const { bsize, blocks, bavail, files, ffree } = await fs5.promises.statfs(path4);
    return {
      kind: "ok",
      value: {
        freeBytes: bavail * bsize,
        totalBytes: blocks * bsize,
        freeInodes: files === 0 ? void 0 : ffree,
        totalInodes: files === 0 ? void 0 : files,
        source: "statfs"
      }
    };
  } catch (error2) {
    const code2 = codeOf(error2);
    return code2 === "ENOENT" || code2 === "ENOTDIR" ? { kind: "absent" } : { kind: "unreadable", code: code2 };
  }
}
async function spaceByDf(path4, signal, env) {
  const options = { signal, env: { LC_ALL: "C" } };
  const [blocks, inodes] = await Promise.all([
    runProgram(["df", "-kP", path4], options, env),
    runProgram(["df", "-iP", path4], options, env)
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
    cwd: () => process.cwd(),
    run: (command, options) => runProgram(command, options, env),
    lstat: lstat2,
    stat: stat2,
    access: access2,
    readText,
    readLink,
    realPath,
    list,
    space: (path4, signal) => space(path4, signal, env),
    tryWrite,
    placeFile,
    request
  };
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
  constructor(mistakes) {
    super(mistakes.map(describeMistake).join("\n"));
    this.mistakes = mistakes;
  }
};

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
var profiles_default = { "version": 1, "profiles": { "matric-builder": { "labels": ["matric-builder"], "runs-in": "container", "image": "ghcr.io/fortemi/fortemi/builder:latest", "privileged": "forbidden", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": { "require": "required", "plugins": ["buildx"] }, "gpu": "optional", "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "matric-builder-gpu": { "labels": ["matric-builder-gpu"], "runs-in": "container", "image": "ghcr.io/fortemi/fortemi/builder:gpu", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": { "require": "required", "plugins": ["buildx"] }, "gpu": "required", "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "titan": { "labels": ["titan"], "runs-in": "host", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": "optional", "gpu": "optional", "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "gpu": { "labels": ["gpu"], "runs-in": "host", "tools": { "rustc": "*", "cargo": "*", "docker": "*", "node": "*", "git": "*" }, "docker": "optional", "gpu": "required", "disk": [{ "path": "workspace", "free": "40GiB", "inodes": 1e6 }] }, "generic": { "runs-in": "any", "tools": { "rustc": { "version": "*", "optional": true }, "cargo": { "version": "*", "optional": true }, "docker": { "version": "*", "optional": true }, "node": "*", "git": "*" }, "docker": "optional", "gpu": "optional", "disk": [{ "path": "workspace", "free": "2GiB", "inodes": 5e4 }] } } };

// src/versions.ts
var anyVersion = { text: "*", anyOf: [[]] };
var versionPattern = /(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i;
var majorPattern = /^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/;
var remark = /^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function findVersion(text) {
  var _a, _b;
  const lines = text.replace(/\u001b\[[\d;]*m/g, "").split(/\r\n?|\n/);
  const plain = lines.filter((line) => !remark.test(line));
  const telling = lines.filter((line) => remark.test(line) && /\bversion is\b/i.test(line));
  return (_b = (_a = firstOf(plain, dotted)) != null ? _a : firstOf(plain, bare)) != null ? _b : firstOf(telling, dotted);
}
function firstOf(lines, read2) {
  for (const line of lines) {
    const version = read2(line);
    if (version) return version;
  }
  return void 0;
}
function dotted(line) {
  var _a;
  const match = versionPattern.exec(line);
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

// src/policy/ranges.ts
var rangesAllowed = "a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";
async function parseRange(text) {
  const wanted2 = text.trim();
  if (wanted2 === "*") return anyVersion;
  if (wanted2 === "" || wanted2.length > 200) return void 0;
  const semver = (await Promise.resolve().then(() => __toESM(require("./semver.js"), 1))).default;
  try {
    const range = new semver.Range(wanted2);
    return { text: wanted2, anyOf: range.set.map((group) => group.flatMap(comparatorOf)) };
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
function parseSize(text) {
  var _a;
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.exec(text.trim());
  const factor = sizeUnits[((_a = match == null ? void 0 : match[2]) != null ? _a : "").toLowerCase()];
  if (!match || factor === void 0) return void 0;
  const bytes = Math.round(Number(match[1]) * factor);
  return Number.isSafeInteger(bytes) ? bytes : void 0;
}
var durationsAllowed = "a duration such as `500ms`, `10s` or `2m`";
var durationUnits = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
function parseDuration(text) {
  var _a;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  const factor = durationUnits[(_a = match == null ? void 0 : match[2]) != null ? _a : ""];
  return match && factor !== void 0 ? Math.round(Number(match[1]) * factor) : void 0;
}
function parseWholeNumber(text) {
  const digits = text.trim().replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g, "");
  const value = /^\d{1,15}$/.test(digits) ? Number(digits) : void 0;
  return value;
}

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
function layersOf(name, file) {
  var _a;
  const own = (_a = file == null ? void 0 : file.source.profiles) == null ? void 0 : _a[name];
  const general = builtInProfiles[name];
  const parent = own == null ? void 0 : own.extends;
  return [
    ...parent !== void 0 && parent !== name ? layersOf(parent, file) : [],
    ...general ? [{ source: general, originOf: void 0 }] : [],
    ...own && file ? [{ source: own, originOf: (path4) => file.lineOf(["profiles", name, ...path4]) }] : []
  ];
}
async function toPolicy(name, file) {
  var _a, _b, _c, _d, _e;
  const sources = {};
  const merged = {};
  for (const { source, originOf } of layersOf(name, file)) {
    const note = (path4, key = path4.join(".")) => {
      if (originOf) sources[key] = originOf(path4);
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
    for (const [tool, wanted2] of Object.entries(tools != null ? tools : {})) {
      merged.tools = { ...merged.tools, [tool]: { ...asTool((_a = merged.tools) == null ? void 0 : _a[tool]), ...asTool(wanted2) } };
      note(["tools", tool]);
    }
    for (const [index, entry] of (disk != null ? disk : []).entries()) {
      const known = (_b = merged.disk) == null ? void 0 : _b.find(({ path: path4 }) => path4 === entry.path);
      merged.disk = [...((_c = merged.disk) != null ? _c : []).filter(({ path: path4 }) => path4 !== entry.path), { ...known, ...entry }];
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
  "tool-cache": "toolCache"
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
    disk: ((_e = source.disk) != null ? _e : []).map(diskOf),
    registries: (_f = source.registries) != null ? _f : [],
    services: ((_g = source.services) != null ? _g : []).map(({ name: name2, url, models }) => ({ name: name2, url, models: models != null ? models : [] })),
    skip: []
  };
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
function diskOf({ path: path4, free, inodes }) {
  return { path: path4, ...free !== void 0 && { free: sizeOf(free) }, ...inodes !== void 0 && { inodes } };
}
function sizeOf(size) {
  return must(parseSize(String(size)), String(size));
}
function must(value, text) {
  if (value === void 0) throw new Error(`the profile holds \`${text}\`, which nobody checked`);
  return value;
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
      const text = await host.readText(`${workspace}/${file}`);
      return text.kind === "ok" ? read2(text.value.replace(/^\uFEFF/, "").split(/\r?\n/), file) : [];
    })
  );
  const tools = { ...policy.tools };
  for (const { tool, range, source } of files.flat()) {
    const expectation = tools[tool];
    const version = await parseRange(range);
    if (!expectation || !version) continue;
    const known = (_a = expectation.alsoWanted) != null ? _a : [];
    const others = [{ version: expectation.version, source: "policy" }, ...known];
    const contradicts = await firstContradiction(version, others);
    const wanted2 = { version, source, ...contradicts !== void 0 && { contradicts } };
    tools[tool] = { ...expectation, alsoWanted: [...known, wanted2] };
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
  let wanted2;
  try {
    wanted2 = (_a = JSON.parse(lines.join("\n"))) == null ? void 0 : _a.engines;
  } catch {
    return [];
  }
  if (typeof wanted2 !== "object" || wanted2 === null) return [];
  const start = lines.findIndex((line) => line.includes('"engines"'));
  return Object.entries(wanted2).flatMap(([tool, range]) => {
    if (typeof range !== "string") return [];
    const offset = lines.slice(start).findIndex((line) => line.includes(`"${tool}"`));
    return [{ tool, range, source: at(file, start + Math.max(0, offset)) }];
  });
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
var unsupported = ["registries", "services"];
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
    const text = inputs[name];
    return text === void 0 ? void 0 : (_a2 = parse(text)) != null ? _a2 : reject(name, quoted(text), allowed);
  };
  for (const name of unsupported) {
    if (inputs[name] !== void 0) reject(name, quoted(inputs[name]), "nothing yet: this version does not support it");
  }
  const { host } = options;
  const workspace = workspaceOf(host);
  const file = await policyFile(inputs.policy, host, workspace, options, mistakes);
  const profiles = profileNames(file);
  const profileName = (_a = read2("profile", (text) => [...profiles, "auto"].find((name) => name === text), `${profiles.join(", ")}, auto`)) != null ? _a : "auto";
  const timeoutMs = (_b = read2("timeout", parseTimeout, `${durationsAllowed}, more than 0 and at most 10m`)) != null ? _b : 1e4;
  const failOn = (_c = read2("fail-on", oneOf("fail", "warn", "never"), "fail, warn, never")) != null ? _c : "fail";
  const docker = read2("docker", requirement, "required, optional, forbidden");
  const gpu = read2("gpu", requirement, "required, optional, forbidden");
  const free = read2("min-free-disk", parseSize, sizesAllowed);
  const inodes = read2("min-free-inodes", parseWholeNumber, "a whole number such as `1000000`");
  const summary2 = (_d = read2("summary", boolean, "true, false")) != null ? _d : true;
  const smoke = (_e = read2("smoke", boolean, "true, false")) != null ? _e : false;
  const formats2 = (_f = read2("formats", (text) => formatsOf(text, reject), formats.join(", "))) != null ? _f : ["json"];
  const skip = splitList(inputs.skip);
  for (const pattern of skip) {
    if (options.knowsCheck(pattern)) continue;
    const like = nearest(pattern, options.checkIds);
    reject(
      "skip",
      quoted(pattern),
      `the id of a check, or a glob of ids such as \`docker/*\`${like ? `; did you mean \`${like}\`?` : ""}`
    );
  }
  const tools = inputs.tools === void 0 ? {} : await toolsInput(inputs.tools, mistakes);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  const profile = profileName === "auto" ? await options.decideProfile(inputs.token, timeoutMs, file) : { name: profileName, decidedBy: "input" };
  const given = { docker, gpu, free, inodes, image: inputs.image };
  const stated = mergeInputs(await toPolicy(profile.name, file), given, await toolsOf(tools));
  return {
    decidedBy: profile.decidedBy,
    policyFile: file == null ? void 0 : file.name,
    request: {
      policy: { ...await sharpen(stated, host, workspace), skip },
      workspace,
      timeoutMs,
      failOn,
      reportDir: inputs["report-dir"] === void 0 ? options.defaultReportDir : (0, import_node_path.resolve)(host.cwd(), inputs["report-dir"]),
      formats: formats2,
      summary: summary2,
      smoke,
      runnerConfig: void 0,
      workflows: []
    }
  };
}
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
  const { knowsCheck, checkIds } = options;
  const policy = await readPolicy(name, file.value, { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds });
  if (!("source" in policy)) {
    mistakes.push(...policy);
    return void 0;
  }
  return policy;
}
function splitList(text = "") {
  const parts = text.split(/[,\n]/).map((part) => part.trim());
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
  const note = (path4, input) => {
    sources[path4] = `input \`${input}\``;
  };
  for (const name of Object.keys(tools)) note(`tools.${name}`, "tools");
  if (given.docker) note("docker", "docker");
  if (given.gpu) note("gpu", "gpu");
  if (given.free !== void 0) note("disk.workspace.free", "min-free-disk");
  if (given.inodes !== void 0) note("disk.workspace.inodes", "min-free-inodes");
  if (given.image !== void 0) note("image", "image");
  const workspace = {
    ...(_a = base.disk.find((entry) => entry.path === "workspace")) != null ? _a : { path: "workspace" },
    ...given.free !== void 0 && { free: given.free },
    ...given.inodes !== void 0 && { inodes: given.inodes }
  };
  return {
    ...base,
    tools: { ...base.tools, ...tools },
    docker: { ...base.docker, ...given.docker && { require: given.docker } },
    gpu: { ...base.gpu, ...given.gpu && { require: given.gpu } },
    ...given.image !== void 0 && { image: given.image },
    disk: [workspace, ...base.disk.filter((entry) => entry.path !== "workspace")],
    sources
  };
}
function quoted(text) {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return `\`${short.replace(/\s+/g, " ")}\``;
}
function oneOf(...values) {
  return (text) => values.find((value) => value === text);
}
var requirement = oneOf("required", "optional", "forbidden");
function boolean(text) {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  return /^(?:false|False|FALSE)$/.test(text) ? false : void 0;
}
function parseTimeout(text) {
  const ms = parseDuration(text);
  return ms !== void 0 && ms > 0 && ms <= 6e5 ? ms : void 0;
}
function formatsOf(text, reject) {
  const known = oneOf(...formats);
  return splitList(text).flatMap((word) => {
    const format = known(word);
    if (format) return [format];
    const later = word === "html" ? " (this version does not write it)" : "";
    reject("formats", `${quoted(word)}${later}`, formats.join(", "));
    return [];
  });
}
async function toolsInput(text, mistakes) {
  var _a, _b, _c, _d, _e, _f, _g;
  const { LineCounter, parseDocument, isMap, isScalar } = await Promise.resolve().then(() => __toESM(require("./yaml.js"), 1));
  const allowed = 'a YAML mapping of tool to version range, such as `rustc: ">=1.92"`';
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, uniqueKeys: true });
  const placeOf2 = (offset) => {
    const { line, col } = lines.linePos(offset);
    return `input \`tools\`, line ${line}, column ${col}`;
  };
  for (const error2 of document.errors) {
    const hint = /alias|block scalar/i.test(error2.message) ? "; a range that begins with `*` or `>` needs quotes" : "";
    mistakes.push({
      place: placeOf2(error2.pos[0]),
      found: ((_a = error2.message.split("\n")[0]) != null ? _a : "").replace(/ at line \d+.*$/, ""),
      allowed: `${allowed}${hint}`
    });
  }
  if (document.errors.length > 0) return {};
  const root = document.contents;
  if (!isMap(root)) {
    mistakes.push({ place: placeOf2((_c = (_b = root == null ? void 0 : root.range) == null ? void 0 : _b[0]) != null ? _c : 0), found: quoted(text), allowed });
    return {};
  }
  const tools = {};
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const start = isScalar(key) ? (_e = (_d = key.range) == null ? void 0 : _d[0]) != null ? _e : 0 : 0;
    if (!/^[A-Za-z0-9][\w.+-]{0,63}$/.test(name)) {
      mistakes.push({ place: placeOf2(start), found: quoted(name), allowed: "the name of a program, without a path" });
      continue;
    }
    const range = isScalar(value) ? String(value.value) : void 0;
    if (range === void 0 || await parseRange(range) === void 0) {
      const at2 = isScalar(value) ? (_g = (_f = value.range) == null ? void 0 : _f[0]) != null ? _g : start : start;
      mistakes.push({
        place: placeOf2(at2),
        found: quoted(range != null ? range : "something that is no text"),
        allowed: rangesAllowed
      });
      continue;
    }
    tools[name] = range;
  }
  return tools;
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
function modeOf(byHostMode, sign, platform2, looked) {
  if (byHostMode !== void 0) return { mode: "host", witness: byHostMode };
  if (sign) return { mode: "container", witness: sign.witness };
  if (platform2 !== "linux") return { mode: "host", witness: `platform ${platform2}` };
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
    const path4 = line.split(":").slice(2).join(":");
    if (path4.includes("conmon")) continue;
    const ids = [...path4.matchAll(/(?:^|[/-])([0-9a-f]{64})(?=[./]|$)/g)];
    const id = (_a = ids[ids.length - 1]) == null ? void 0 : _a[1];
    if (id !== void 0) return { witness: "/proc/self/cgroup", id };
    if (/\/(?:kubepods|docker\/)/.test(path4)) return { witness: "/proc/self/cgroup" };
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
  return (_b = (_a = new RegExp(`^${name}:\\s*([0-9a-f]{1,16})$`, "im").exec(status)) == null ? void 0 : _a[1]) == null ? void 0 : _b.toLowerCase();
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

// src/render/text.ts
var textLimit = 4e3;
var terminalSequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
var lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
var invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
function clean(text, limit = textLimit) {
  const head = text.slice(0, limit * 4);
  const plain = head.replace(terminalSequences, "").replace(lineBreaks, "\n").replace(invisible, (character) => character === "\n" || character === "	" ? character : "");
  if (plain.length <= limit && head.length === text.length) return plain;
  const shown = plain.slice(0, limit).replace(new RegExp("\\p{Cs}", "gu"), "");
  return limit < 1e3 ? `${shown}…` : `${shown} … (${text.length - shown.length} characters more)`;
}
function oneLine(text, limit = textLimit) {
  return clean(text, limit).replace(/\s+/g, " ").trim();
}
function harmless(line) {
  return line.replace(/##(?=\[)/g, "# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/, "$1: ");
}
function plainText(text, limit) {
  return clean(text, limit).split("\n").map(harmless).join("\n");
}
function segmentsOf(text) {
  const parts = text.split("`");
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
    const root = rootOf(reason);
    if (root !== void 0) waiting.set(root, [...(_a = waiting.get(root)) != null ? _a : [], id]);
  }
  return {
    findings: [...having("fail"), ...having("error"), ...having("warn")],
    accepted: skips.filter((result) => result.accepted !== void 0),
    passed: having("pass"),
    skipped: skips.filter((result) => result.accepted === void 0),
    waiting
  };
}
function rootOf(reason) {
  return (reason == null ? void 0 : reason.startsWith("needs:")) ? reason.slice("needs:".length) : void 0;
}
function verdictOf(report) {
  if (report.verdict === "healthy") return { mark: "pass", text: "Runner healthy" };
  if (report.verdict === "degraded") return { mark: "warn", text: "Runner degraded" };
  if (report.counts.fail === 0) return { mark: "error", text: "Runner not verified" };
  return { mark: "fail", text: "Runner misconfigured" };
}
function headlineOf(result) {
  var _a;
  if (result.status === "error") return `Could not find out: ${result.title}`;
  const text = oneLine((_a = result.summary) != null ? _a : firstSentence(oneLine(result.message, 1500)), 300);
  return upperFirst(text.replace(/\.$/, ""));
}
function firstSentence(text) {
  var _a, _b;
  return (_b = (_a = /^.{10,160}?\.(?=\s|$)/.exec(text)) == null ? void 0 : _a[0]) != null ? _b : text;
}
function upperFirst(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
function storyOf(result) {
  var _a;
  const message = oneLine(result.message, 1500);
  const why = oneLine(result.status === "error" ? adviceOnError(result) : (_a = result.why) != null ? _a : "", 1e3);
  const end = /[.!?:]$/.test(message) || why === "" ? "" : ".";
  return `${message}${end} ${why}`.trim();
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
function locationOf({ location }) {
  if (!location) return void 0;
  const { file, line, column } = location;
  return [file, line, line === void 0 ? void 0 : column].filter((part) => part !== void 0).join(":");
}
function countsOf(report) {
  const { pass, warn, fail, error: error2, skip } = report.counts;
  const accepted = report.results.filter((result) => result.accepted !== void 0).length;
  const all = [
    { count: fail, text: `${fail} failed`, grave: true },
    { count: error2, text: `${error2} could not be decided`, grave: true },
    { count: warn, text: `${warn} warning${warn === 1 ? "" : "s"}`, grave: false },
    { count: accepted, text: `${accepted} accepted`, grave: false },
    { count: pass, text: `${pass} passed`, grave: false },
    { count: skip - accepted, text: `${skip - accepted} skipped`, grave: false }
  ];
  return all.filter(({ count }) => count > 0);
}
function durationText(milliseconds) {
  return milliseconds < 1e3 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1e3).toFixed(1)} s`;
}
function systemOf({ system, version }) {
  const tail = version === void 0 ? "" : ` ${version}`;
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
    default:
      return decidedBy;
  }
}
function skipText(result) {
  const root = rootOf(result.reason);
  if (root !== void 0) return `waits for \`${root}\``;
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
    const why = skipText(result);
    groups.set(why, [...(_a = groups.get(why)) != null ? _a : [], result.id]);
  }
  return [...groups].map(([why, ids]) => ({ why, ids }));
}
function areaOf(id) {
  var _a;
  return (_a = id.split("/", 1)[0]) != null ? _a : id;
}

// src/render/annotations.ts
function annotationsOf(report) {
  return viewOf(report).findings.map((result) => ({
    level: result.status === "warn" ? "warning" : "error",
    message: messageOf2(result),
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
function messageOf2(result) {
  var _a;
  const { remedy } = result;
  const location = locationOf(result);
  const place = location === void 0 ? "" : `${oneLine(location, 300)}: `;
  const lines = [
    `${place}${oneLine(storyOf(result), 2500)}`,
    remedy ? `Fix it ${placeOf(remedy)}: ${oneLine(remedy.text, 1500)}` : "",
    ...((_a = remedy == null ? void 0 : remedy.commands) != null ? _a : []).slice(0, 10).map((command) => `  ${oneLine(command, 900)}`)
  ];
  return lines.filter((line) => line !== "").map((line) => plainText(line)).join("\n");
}

// src/render/json.ts
function renderJson(report) {
  const { version, generator, started, duration_ms, runner, job, profile, verdict, counts, results } = report;
  const ordered = {
    version,
    generator: { name: generator.name, version: generator.version },
    started,
    duration_ms,
    runner,
    ...job && { job },
    profile,
    verdict,
    counts: { pass: counts.pass, warn: counts.warn, fail: counts.fail, error: counts.error, skip: counts.skip },
    results: results.map(orderedResult),
    expectations: report.expectations,
    facts: report.facts
  };
  return `${escaped(JSON.stringify(ordered, null, 2))}
`;
}
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
function orderedResult(result) {
  return Object.fromEntries(resultKeys.map((key) => [key, result[key]]));
}
function escaped(json) {
  return json.replace(/##(?=\[)/g, "#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split("").map(escapeOf).join(""));
}
function escapeOf(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/render/junit.ts
function renderJunit(report) {
  const { counts, results } = report;
  const suite = {
    id: "0",
    package: "runner-check",
    name: report.profile.name,
    timestamp: report.started.slice(0, 19),
    hostname: report.runner.name,
    tests: String(results.length),
    failures: String(counts.fail),
    errors: String(counts.error),
    skipped: String(counts.skip),
    time: seconds(report.duration_ms)
  };
  const warnings = results.filter(({ status }) => status === "warn").map((result) => `${result.id}: ${result.message}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite${attributes(suite)}>`,
    "    <properties>",
    ...propertiesOf(report).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    "    </properties>",
    ...results.map(testcase),
    `    <system-out>${escapeXml(warnings.join("\n"))}</system-out>`,
    "    <system-err></system-err>",
    "  </testsuite>",
    "</testsuites>",
    ""
  ].join("\n");
}
function attributes(values) {
  return Object.entries(values).map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join("");
}
function propertiesOf(report) {
  return [
    ["verdict", report.verdict],
    ["profile", report.profile.name],
    ["mode", report.runner.mode],
    ...report.runner.version === void 0 ? [] : [["runner-version", report.runner.version]]
  ];
}
function testcase(result) {
  var _a, _b, _c;
  const area = (_a = result.id.split("/")[0]) != null ? _a : "";
  const open2 = `    <testcase${attributes({ classname: `runner-check.${area}`, name: result.id, time: seconds(result.duration_ms) })}`;
  if (result.status === "pass" || result.status === "warn") return `${open2}/>`;
  if (result.status === "skip")
    return `${open2}><skipped${attributes({ message: `${result.reason}: ${result.message}` })}/></testcase>`;
  const element = result.status === "fail" ? "failure" : "error";
  const detail = [
    ...result.why === void 0 ? [] : [result.why],
    ...result.expected === void 0 ? [] : [`expected: ${result.expected}`, `observed: ${result.observed}`],
    ...result.evidence.map(({ source, text }) => `${source}: ${text}`),
    ...result.remedy ? [result.remedy.text, ...(_b = result.remedy.commands) != null ? _b : []] : []
  ].join("\n");
  const head = attributes({ type: (_c = result.reason) != null ? _c : element, message: result.message });
  return `${open2}><${element}${head}>${escapeXml(detail)}</${element}></testcase>`;
}
function seconds(ms) {
  return (ms / 1e3).toFixed(3);
}
var entities = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;"
};
function escapeXml(text) {
  const legal = plainText(text).replace(
    /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    ""
  );
  return legal.replace(/[&<>"']/g, (character) => {
    var _a;
    return (_a = entities[character]) != null ? _a : "";
  });
}

// src/render/prometheus.ts
function renderPrometheus(report) {
  var _a;
  const runner = { runner: report.runner.name, profile: report.profile.name };
  const statuses = ["pass", "warn", "fail", "error", "skip"];
  const metrics = [
    metric("runner_check_info", "What was checked, and by which version.", [
      [
        {
          ...runner,
          mode: report.runner.mode,
          system: report.runner.system,
          runner_version: (_a = report.runner.version) != null ? _a : "",
          version: report.generator.version
        },
        1
      ]
    ]),
    metric("runner_check_healthy", "Whether the verdict is healthy (1) or not (0).", [
      [runner, report.verdict === "healthy" ? 1 : 0]
    ]),
    metric("runner_check_misconfigured", "Whether some check failed or could not decide (1) or not (0).", [
      [runner, report.verdict === "misconfigured" ? 1 : 0]
    ]),
    metric(
      "runner_check_results",
      "Number of checks by status.",
      statuses.map((status) => [{ ...runner, status }, report.counts[status]])
    ),
    metric(
      "runner_check_result",
      "Each check, with the status and reason that it has.",
      report.results.map(({ id, status, reason = "" }) => [{ ...runner, id, status, reason }, 1])
    ),
    metric("runner_check_duration_seconds", "Time that the run took.", [[runner, report.duration_ms / 1e3]]),
    metric("runner_check_last_run_timestamp_seconds", "When the run began, in Unix time.", [
      [runner, Date.parse(report.started) / 1e3]
    ])
  ];
  return metrics.join("");
}
function metric(name, help, samples) {
  const lines = samples.map(([labels, value]) => {
    const text = Object.entries(labels).map(([label, content]) => `${label}="${escapeLabel(content)}"`);
    return `${name}{${text.join(",")}} ${value}
`;
  });
  return `# HELP ${name} ${help}
# TYPE ${name} gauge
${lines.join("")}`;
}
function escapeLabel(text) {
  return plainText(text).slice(0, 500).replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}

// src/render/markdown-text.ts
var triggers = /[&<>\\`*_[\]{}|~$]|@(?=\S)|#(?=\w)|!(?=\d)|\bGH(?=-\d)|:(?=\/\/)|:(?=[\w+-]+:)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:)/gi;
var lineStart = /^(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))/;
function inert(text) {
  return text.replace(triggers, inertTrigger);
}
function inertStart(text) {
  var _a, _b;
  const start = (_b = (_a = lineStart.exec(text)) == null ? void 0 : _a[0]) != null ? _b : "";
  const opening = start === "" ? "" : /^\d/.test(start) ? `${start}&#8203;` : entityOf(start);
  return opening + inert(text.slice(start.length));
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
function htmlCode(text) {
  return `<code>${inert(text)}</code>`;
}
function codeSpan(text) {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return /[`|\\]/.test(trimmed) ? htmlCode(trimmed) : `\`${trimmed}\``;
}
var address = /\bhttps?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/gi;
function piecesOf(text) {
  return segmentsOf(text).flatMap((segment) => {
    var _a;
    if (segment.code) return [segment];
    const addresses = ((_a = segment.text.match(address)) != null ? _a : []).map((found) => ({ code: true, text: found }));
    const between = segment.text.split(address).map((prose) => ({ code: false, text: prose }));
    return between.flatMap((prose, index) => [prose, ...addresses.slice(index, index + 1)]);
  });
}
function markdown(text, limit) {
  let result = "";
  for (const segment of piecesOf(oneLine(text, limit))) {
    const prose = result === "" ? inertStart : inert;
    const next = segment.code ? codeSpan(segment.text) : prose(segment.text);
    result += result.endsWith("`") && next.startsWith("`") ? htmlCode(segment.text.trim()) : next;
  }
  return result;
}
function html(text, limit) {
  return piecesOf(oneLine(text, limit)).map((segment) => segment.code ? htmlCode(segment.text) : inert(segment.text)).join("");
}
function code(text, limit = 300) {
  return codeSpan(oneLine(text, limit));
}
var languages = ["sh", "yaml", "json", "ini", "toml"];
function fence(text, language) {
  var _a;
  const body = clean(text).trimEnd();
  const longest = ((_a = body.match(/`+/g)) != null ? _a : []).reduce((length, run) => Math.max(length, run.length), 2);
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${languages.includes(language) ? language : ""}
${body}
${ticks}`;
}
function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
function folded(title, body) {
  return `<details><summary>${title}</summary>

${body}

</details>`;
}

// src/render/summary-marks.ts
var marks = {
  pass: "✅",
  warn: "⚠️",
  fail: "❌",
  error: "❓",
  skip: "➖"
};
var docsBase = "https://github.com/fortemi/runner-check/blob/v1/";
function docsUrl(docs) {
  return /^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(docs) && !docs.includes("..") ? docsBase + docs : void 0;
}

// src/render/summary-finding.ts
var maxEvidence = 15;
var maxCommands = 30;
var maxWaiting = 40;
function findingBlock(result, waiting) {
  var _a;
  return [
    headingOf(result),
    paragraph(result),
    expired(result),
    ...result.remedy ? remedyBlocks(result.remedy, "Fix it") : [],
    ...((_a = result.remedy) == null ? void 0 : _a.otherwise) ? remedyBlocks(result.remedy.otherwise, "Or") : [],
    waitingLine(waiting),
    evidenceBlock(result),
    docsLine(result)
  ].filter((block) => block !== "").join("\n\n");
}
function shortFindingBlock(result) {
  return `${headingOf(result)}

${markdown(result.message, 300)}`;
}
function headingOf(result) {
  return `### ${marks[result.status]} ${markdown(headlineOf(result), 160)} — ${code(result.id, 120)}`;
}
function paragraph(result) {
  const location = locationOf(result);
  const place = location === void 0 ? "" : `${code(location)}: `;
  return `${place}${markdown(storyOf(result), 2500)}`;
}
function expired({ acceptance_expired: until }) {
  return until === void 0 ? "" : `**This was accepted until ${markdown(until, 40)}. The time is over, so it counts again.**`;
}
function remedyBlocks(remedy, opening) {
  const { commands, config } = remedy;
  const text = `**${`${opening} ${placeOf(remedy)}`.trim()}:** ${markdown(remedy.text, 1500)}`;
  const more = commands && commands.length > maxCommands ? `
# … and ${commands.length - maxCommands} more lines` : "";
  return [
    text,
    commands && commands.length > 0 ? fence(commands.slice(0, maxCommands).join("\n") + more, "sh") : "",
    config ? `In ${code(config.file)}:

${fence(config.text, config.language)}` : ""
  ];
}
function waitingLine(waiting) {
  if (waiting.length === 0) return "";
  const shown = waiting.slice(0, maxWaiting).map((id) => code(id, 120));
  const rest = waiting.length - shown.length;
  return `Also waits for this: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
function docsLine(result) {
  var _a;
  const url = docsUrl(result.docs);
  return url === void 0 ? "" : `[More about ${code(`${result.id}:${(_a = result.reason) != null ? _a : ""}`, 160)}](${url})`;
}
function evidenceBlock({ evidence, expected, observed }) {
  const contrast = [
    expected === void 0 ? "" : `expected ${html(expected, 200)}`,
    observed === void 0 ? "" : `found ${html(observed, 200)}`
  ].filter((part) => part !== "");
  if (evidence.length === 0) return contrast.length === 0 ? "" : `${upperFirst2(contrast.join(", "))}.`;
  const rows = evidence.slice(0, maxEvidence).map(({ source, text }) => [markdown(text, 500), markdown(source, 200)]);
  const rest = evidence.length - rows.length;
  if (rest > 0) rows.push([`… and ${rest} more`, ""]);
  return folded(
    ["Evidence", contrast.join(", ")].filter((part) => part !== "").join(": "),
    table(["seen", "where"], rows)
  );
}
function upperFirst2(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// src/report/versions.ts
var maxOutput = 4096;
function versionsOf({
  expectations,
  facts
}) {
  const versions = /* @__PURE__ */ new Map();
  for (const name of Object.keys(expectations.tools)) {
    const answer = facts[`tool:${name}`];
    const text = (answer == null ? void 0 : answer.ok) ? versionIn(answer.value) : void 0;
    if (text !== void 0) versions.set(name, text);
  }
  return versions;
}
function versionIn({ run }) {
  var _a, _b;
  if (run.kind === "own-node") return run.version;
  if (run.kind !== "ran") return void 0;
  const { outcome } = run;
  if (outcome.kind !== "exited" || outcome.code !== 0) return void 0;
  return (_b = (_a = findVersion(outcome.stdout.slice(0, maxOutput))) != null ? _a : findVersion(outcome.stderr.slice(0, maxOutput))) == null ? void 0 : _b.text;
}

// src/render/summary-lists.ts
var maxRows = 200;
var maxIds = 60;
function acceptedBlock({ accepted }) {
  if (accepted.length === 0) return "";
  const rows = accepted.slice(0, maxRows).map((result) => {
    var _a, _b, _c, _d;
    return [
      `${markdown(headlineOf(result), 160)} — ${code(result.id, 120)}`,
      markdown(result.message, 400),
      markdown((_b = (_a = result.accepted) == null ? void 0 : _a.reason) != null ? _b : "", 400),
      markdown((_d = (_c = result.accepted) == null ? void 0 : _c.until) != null ? _d : "", 40)
    ];
  });
  return `### Accepted for now

${table(["what", "seen", "why it is accepted", "until"], rows)}`;
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
  const versions = versionsOf(report);
  const byId = new Map(report.results.map((result) => [result.id, result]));
  const rows = tools.map(([name, { version, optional }]) => {
    var _a;
    const result = byId.get(`tool/${name}`);
    const found = versions.get(name);
    const related = ((_a = alsoAbout.get(name)) != null ? _a : []).map((id) => byId.get(id));
    return [
      code(name, 80),
      found === void 0 ? "—" : code(found, 80),
      wanted(report, name, version.text, optional),
      stateOf(result, related)
    ];
  });
  return `### Toolchain

${table(["tool", "version", "wanted", ""], rows)}`;
}
function wanted(report, name, range, optional) {
  var _a;
  const { sources } = report.expectations;
  const source = (_a = sources[`tools.${name}`]) != null ? _a : sources[`tools.${name}.version`];
  const what = range === "*" ? "any" : code(range, 120);
  return [what, optional ? "optional" : "", source === void 0 ? "" : `(${markdown(source, 160)})`].filter((part) => part !== "").join(" ");
}
function stateOf(own, related) {
  var _a;
  const trouble = [own, ...related].find((result) => result && ["fail", "error", "warn"].includes(result.status));
  if (trouble) return `${marks[trouble.status]} see above`;
  if (!own) return "";
  if (own.status === "pass") return marks.pass;
  return `${marks.skip} ${markdown(own.accepted ? "accepted" : (_a = own.reason) != null ? _a : "", 120)}`;
}
function passedBlock({ passed }) {
  if (passed.length === 0) return "";
  let area = "";
  const rows = passed.slice(0, maxRows).map((result) => {
    const isNew = areaOf(result.id) !== area;
    area = areaOf(result.id);
    const name = result.id.slice(area.length + 1) || result.id;
    return [isNew ? bold(area) : "", code(name, 120), markdown(result.message, 300)];
  });
  const rest = passed.length - rows.length;
  if (rest > 0) rows.push(["", "", `… and ${rest} more`]);
  return folded(`${marks.pass} ${passed.length} checks passed`, table(["area", "check", "found"], rows));
}
function bold(text) {
  const inner = markdown(text, 60);
  return inner === "" ? "" : `**${inner}**`;
}
function skippedBlock({ skipped }) {
  if (skipped.length === 0) return "";
  const rows = skipGroups(skipped).slice(0, maxRows).map(({ why, ids }) => {
    const shown = ids.slice(0, maxIds).map((id) => code(id, 120));
    const rest = ids.length - shown.length;
    return [markdown(why, 300), `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`];
  });
  return folded(`${marks.skip} ${skipped.length} checks skipped`, table(["why", "checks"], rows));
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
  const { mark, text } = verdictOf(report);
  return `## ${marks[mark]} ${text}: ${code(report.runner.name, 120)}`;
}
function factsLine(report) {
  const { runner, profile } = report;
  const parts = [
    `${code(profile.name, 120)} profile, ${markdown(decidedByText(profile.decided_by), 200)}`,
    ...whereabouts(report),
    markdown(systemOf(runner), 120),
    ...countsOf(report).map(({ text, grave }) => grave ? `**${text}**` : text),
    durationText(report.duration_ms)
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
function whereabouts({ runner }) {
  if (runner.mode === "host") return ["on the host"];
  if (runner.mode === "unknown") return ["container or host: could not find out"];
  return [runner.image === void 0 ? "in a container" : `in a container of ${code(runner.image)}`];
}
function overview({ findings }) {
  if (findings.length < overviewFrom) return "";
  const line = (result) => `- ${marks[result.status]} ${markdown(headlineOf(result), 160)} — ${code(result.id, 120)}`;
  const shown = findings.slice(0, 30).map(line);
  const rest = findings.length - shown.length;
  return [...shown, ...rest > 0 ? [`- … and ${rest} more`] : []].join("\n");
}
function findingBlocks({ findings, waiting }) {
  let bytes = 0;
  return findings.map((result) => {
    var _a;
    if (bytes > detailBytes) return shortFindingBlock(result);
    const block = findingBlock(result, (_a = waiting.get(result.id)) != null ? _a : []);
    bytes += bytesOf(block);
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
  return `<sub>${parts.filter((part) => part !== "").join(" · ")}</sub>`;
}
function assemble(blocks) {
  const kept = [];
  let bytes = 0;
  let left = 0;
  for (const block of blocks.filter((text) => text !== "")) {
    const size = bytesOf(block) + 2;
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
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
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
  "✔": "ok",
  "✖": "x",
  "▲": "!",
  "·": "-",
  "—": "-",
  "–": "-",
  "…": "...",
  "≥": ">=",
  "≤": "<=",
  "’": "'",
  "“": '"',
  "”": '"',
  "→": "->"
};
function createLogWriter(options) {
  const lines = [];
  const push = (line) => {
    lines.push(harmless(line).trimEnd());
  };
  const paint = (text, style) => options.colour && style && text !== "" ? `\x1B[${styles[style]}m${text}\x1B[0m` : text;
  const printable = (text) => options.unicode ? text : text.replace(/[^\t\n -~]/gu, (character) => {
    var _a;
    return (_a = asciiFor[character]) != null ? _a : "?";
  });
  const wordsOf = (text, style) => {
    const words = [];
    let glued = false;
    for (const segment of segmentsOf(text)) {
      const marked = segment.code && !options.colour ? `\`${segment.text}\`` : segment.text;
      const parts = printable(marked).split(" ");
      parts.forEach((part, index) => {
        if (part === "") return;
        const word = { plain: part, painted: paint(part, segment.code ? "cyan" : style) };
        const last = index === 0 && glued ? words.pop() : void 0;
        words.push(last ? { plain: last.plain + word.plain, painted: last.painted + word.painted } : word);
      });
      glued = parts[parts.length - 1] !== "";
    }
    return words;
  };
  return {
    toString: () => `${lines.join("\n")}
`,
    text(text, { prefix = "", prefixStyle, style, limit } = {}) {
      const opening = printable(prefix);
      let line = paint(opening, prefixStyle);
      let length = opening.length;
      let isStart = true;
      for (const word of wordsOf(oneLine(text, limit), style)) {
        if (!isStart && length + 1 + word.plain.length > options.width) {
          push(line);
          line = " ".repeat(opening.length);
          length = opening.length;
          isStart = true;
        }
        line += isStart ? word.painted : ` ${word.painted}`;
        length += word.plain.length + (isStart ? 0 : 1);
        isStart = false;
      }
      if (line.trim() !== "") push(line);
    },
    verbatim(text, indent) {
      const body = printable(clean(text)).trimEnd();
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
  pass: { sign: "✔ ", style: "green" },
  warn: { sign: "▲ ", style: "yellow" },
  fail: { sign: "✖ ", style: "red" },
  error: { sign: "? ", style: "red" },
  skip: { sign: "· ", style: "dim" }
};
var maxDetailed = 40;
var maxEvidence2 = 6;
var maxCommands2 = 30;
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
    for (const { why, ids } of skipGroups(view.skipped)) log.text(`${ids.join(", ")}: ${why}`, skipLine);
  });
  return log.toString();
}
var skipLine = { prefix: "  · ", style: "dim", limit: 1e3 };
function writeHead(log, report) {
  var _a;
  const { mark, text } = verdictOf(report);
  const { runner, profile } = report;
  const where = (_a = { container: "container", host: "host", unknown: "container or host unknown" }[runner.mode]) != null ? _a : "";
  const line = [`${text}: ${runner.name.slice(0, 200)}`, profile.name.slice(0, 100), where, systemOf(runner)].join(
    " · "
  );
  log.text(line, { prefix: signs[mark].sign, prefixStyle: signs[mark].style, style: "bold" });
  const versions = [...versionsOf(report)].map(([name, version]) => `${name} ${version}`);
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
  for (const { source, text } of result.evidence.slice(0, maxEvidence2)) log.text(`${text} (${source})`, evidenceLine);
  if (result.remedy) writeRemedy(log, result.remedy, "Fix it");
  if ((_a = result.remedy) == null ? void 0 : _a.otherwise) writeRemedy(log, result.remedy.otherwise, "Or");
  if (waiting.length > 0) log.text(`Also waits for this: ${waiting.join(", ")}`, { prefix: "  ", limit: 1e3 });
  const url = docsUrl(result.docs);
  if (url !== void 0) log.text(url, { prefix: "  More: ", style: "dim" });
}
var evidenceLine = { prefix: "  seen:     ", style: "dim", limit: 500 };
function writeRemedy(log, remedy, opening) {
  log.text(`${opening} ${placeOf(remedy)}: ${remedy.text}`, { prefix: "  ", limit: 1500 });
  const { commands = [], config } = remedy;
  for (const command of commands.slice(0, maxCommands2)) log.verbatim(command, 6);
  if (commands.length > maxCommands2)
    log.text(`… and ${commands.length - maxCommands2} more lines`, { prefix: "      " });
  if (!config) return;
  log.text(`in ${config.file}:`, { prefix: "    ", limit: 300 });
  log.verbatim(config.text, 6);
}
function writeAccepted(log, { accepted }) {
  var _a;
  if (accepted.length === 0) return;
  log.gap();
  log.text("Accepted for now", { style: "bold" });
  for (const result of accepted) {
    const { reason = "", until = "" } = (_a = result.accepted) != null ? _a : {};
    log.text(`${headlineOf(result)} [${result.id}] — until ${until}: ${reason}`, { prefix: "  · ", limit: 600 });
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
  const versions = [...versionsOf(report)].map(([name, version]) => [oneLine(name, 100), oneLine(version, 100)]);
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

// src/report/verdict.ts
function exitCodeOf(verdict, failOn) {
  if (failOn === "never" || verdict === "healthy") return 0;
  return verdict === "misconfigured" || failOn === "warn" ? 1 : 0;
}

// src/main.ts
main().then(
  (code2) => process.exit(code2),
  (error2) => {
    var _a;
    error(
      `runner-check crashed, which is a bug in it: ${plainText(error2 instanceof Error ? (_a = error2.stack) != null ? _a : error2.message : String(error2))}`
    );
    process.exit(1);
  }
);
async function main() {
  const { checkIds, checkRunner, knowsCheck } = await Promise.resolve().then(() => __toESM(require("./check-runner.js"), 1));
  const host = createRealHost(process.env);
  try {
    const { request: request2, ...decided } = await resolveInputs(inputsFromEnv(host.env), {
      host,
      decideProfile: (token, timeoutMs, file) => decideProfile(host, token, timeoutMs, file),
      knowsCheck,
      checkIds,
      defaultReportDir: defaultReportDir(host.env)
    });
    const report = await checkRunner(host, request2, decided);
    await publish(report, request2);
    return exitCodeOf(report.verdict, request2.failOn);
  } catch (error2) {
    if (!(error2 instanceof ConfigurationError)) throw error2;
    for (const mistake of error2.mistakes)
      error(plainText(describeMistake(mistake)), { title: "runner-check inputs" });
    return 1;
  }
}
async function publish(report, request2) {
  var _a, _b, _c;
  process.stdout.write(renderLog(report, { width: 120, unicode: true, colour: false, groups: true }));
  const written = /* @__PURE__ */ new Map();
  for (const format of request2.formats) {
    const { file, render } = reportFormats[format];
    const path4 = await write(request2.reportDir, file, render(report));
    if (path4 !== void 0) written.set(format, path4);
  }
  const summary2 = (_a = request2.summary ? await writeSummary(renderSummary(report)) : void 0) != null ? _a : "";
  for (const { level, message, properties } of annotationsOf(report)) {
    if (level === "error") error(message, properties);
    else warning(message, properties);
  }
  const paths = { report: (_b = written.get("json")) != null ? _b : "", summary: (_c = written.get("markdown")) != null ? _c : summary2 };
  await setOutputs(outputsOf(report, paths));
}
async function write(directory, name, text) {
  if (directory === void 0) return void 0;
  const path4 = (0, import_node_path2.join)(directory, name);
  try {
    await import_node_fs3.promises.mkdir(directory, { recursive: true });
    await import_node_fs3.promises.writeFile(path4, text);
    return path4;
  } catch (error2) {
    warning(`runner-check could not write ${plainText(path4)}: ${plainText(String(error2))}`);
    return void 0;
  }
}
async function writeSummary(markdown2) {
  const path4 = process.env.GITHUB_STEP_SUMMARY;
  if (!path4) return void 0;
  try {
    await summary.addRaw(markdown2, true).write();
    return path4;
  } catch (error2) {
    warning(`runner-check could not write the job summary: ${plainText(String(error2))}`);
    return void 0;
  }
}
async function setOutputs(outputs) {
  if (!process.env.GITHUB_OUTPUT) return;
  try {
    for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
  } catch (error2) {
    warning(`runner-check could not write its outputs: ${plainText(String(error2))}`);
  }
}
