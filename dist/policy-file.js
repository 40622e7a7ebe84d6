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

// src/policy/policy-file.ts
var policy_file_exports = {};
__export(policy_file_exports, {
  maxPolicySize: () => maxPolicySize,
  readListInput: () => readListInput,
  readPolicy: () => readPolicy
});
module.exports = __toCommonJS(policy_file_exports);

// src/own.ts
function own(record2, key) {
  var _a;
  return (_a = Object.getOwnPropertyDescriptor(record2, key)) == null ? void 0 : _a.value;
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
    const range2 = new semver.Range(wanted);
    return { text: wanted, anyOf: range2.set.map((group) => group.flatMap(comparatorOf)) };
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

// node_modules/valibot/dist/index.mjs
var store$4;
var DEFAULT_CONFIG = {
  lang: void 0,
  message: void 0,
  abortEarly: void 0,
  abortPipeEarly: void 0
};
// @__NO_SIDE_EFFECTS__
function getGlobalConfig(config$1) {
  var _a, _b, _c;
  if (!config$1 && !store$4) return DEFAULT_CONFIG;
  return {
    lang: (_a = config$1 == null ? void 0 : config$1.lang) != null ? _a : store$4 == null ? void 0 : store$4.lang,
    message: config$1 == null ? void 0 : config$1.message,
    abortEarly: (_b = config$1 == null ? void 0 : config$1.abortEarly) != null ? _b : store$4 == null ? void 0 : store$4.abortEarly,
    abortPipeEarly: (_c = config$1 == null ? void 0 : config$1.abortPipeEarly) != null ? _c : store$4 == null ? void 0 : store$4.abortPipeEarly
  };
}
var store$3;
// @__NO_SIDE_EFFECTS__
function getGlobalMessage(lang) {
  return store$3 == null ? void 0 : store$3.get(lang);
}
var store$2;
// @__NO_SIDE_EFFECTS__
function getSchemaMessage(lang) {
  return store$2 == null ? void 0 : store$2.get(lang);
}
var store$1;
// @__NO_SIDE_EFFECTS__
function getSpecificMessage(reference, lang) {
  var _a;
  return (_a = store$1 == null ? void 0 : store$1.get(reference)) == null ? void 0 : _a.get(lang);
}
// @__NO_SIDE_EFFECTS__
function _stringify(input) {
  var _a, _b, _c;
  const type = typeof input;
  if (type === "string") return `"${input}"`;
  if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
  if (type === "object" || type === "function") return (_c = input && ((_b = (_a = Object.getPrototypeOf(input)) == null ? void 0 : _a.constructor) == null ? void 0 : _b.name)) != null ? _c : "null";
  return type;
}
function _addIssue(context, label, dataset, config$1, other) {
  var _a, _b, _c, _d, _e, _f, _g, _h;
  const input = other && "input" in other ? other.input : dataset.value;
  const expected = (_b = (_a = other == null ? void 0 : other.expected) != null ? _a : context.expects) != null ? _b : null;
  const received = (_c = other == null ? void 0 : other.received) != null ? _c : /* @__PURE__ */ _stringify(input);
  const issue = {
    kind: context.kind,
    type: context.type,
    input,
    expected,
    received,
    message: `Invalid ${label}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
    requirement: context.requirement,
    path: other == null ? void 0 : other.path,
    issues: other == null ? void 0 : other.issues,
    lang: config$1.lang,
    abortEarly: config$1.abortEarly,
    abortPipeEarly: config$1.abortPipeEarly
  };
  const isSchema = context.kind === "schema";
  const message$1 = (_h = (_g = (_f = (_e = (_d = other == null ? void 0 : other.message) != null ? _d : context.message) != null ? _e : /* @__PURE__ */ getSpecificMessage(context.reference, issue.lang)) != null ? _f : isSchema ? /* @__PURE__ */ getSchemaMessage(issue.lang) : null) != null ? _g : config$1.message) != null ? _h : /* @__PURE__ */ getGlobalMessage(issue.lang);
  if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
  if (isSchema) dataset.typed = false;
  if (dataset.issues) dataset.issues.push(issue);
  else dataset.issues = [issue];
}
// @__NO_SIDE_EFFECTS__
function _isSameValueZero(value1, value2) {
  return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
// @__NO_SIDE_EFFECTS__
function _isValidObjectKey(object$1, key) {
  return Object.prototype.hasOwnProperty.call(object$1, key) && key !== "__proto__" && key !== "prototype" && key !== "constructor";
}
// @__NO_SIDE_EFFECTS__
function _joinExpects(values$1, separator) {
  var _a;
  const list = [...new Set(values$1)];
  if (list.length > 1) return `(${list.join(` ${separator} `)})`;
  return (_a = list[0]) != null ? _a : "never";
}
function _standardSchema(schema) {
  schema["~standard"] = {
    version: 1,
    vendor: "valibot",
    validate: (value$1) => schema["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
  };
  return schema;
}
var EMOJI_REGEX = new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$", "u");
// @__NO_SIDE_EFFECTS__
function check(requirement2, message$1) {
  return {
    kind: "validation",
    type: "check",
    reference: check,
    async: false,
    expects: null,
    requirement: requirement2,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "input", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function finite(message$1) {
  return {
    kind: "validation",
    type: "finite",
    reference: finite,
    async: false,
    expects: null,
    requirement: Number.isFinite,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "finite", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function maxLength(requirement2, message$1) {
  return {
    kind: "validation",
    type: "max_length",
    reference: maxLength,
    async: false,
    expects: `<=${requirement2}`,
    requirement: requirement2,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && dataset.value.length > this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minLength(requirement2, message$1) {
  return {
    kind: "validation",
    type: "min_length",
    reference: minLength,
    async: false,
    expects: `>=${requirement2}`,
    requirement: requirement2,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && dataset.value.length < this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function minValue(requirement2, message$1) {
  return {
    kind: "validation",
    type: "min_value",
    reference: minValue,
    async: false,
    expects: `>=${requirement2 instanceof Date ? requirement2.toJSON() : /* @__PURE__ */ _stringify(requirement2)}`,
    requirement: requirement2,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function nonEmpty(message$1) {
  return {
    kind: "validation",
    type: "non_empty",
    reference: nonEmpty,
    async: false,
    expects: "!0",
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && dataset.value.length === 0) _addIssue(this, "length", dataset, config$1, { received: "0" });
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function regex(requirement2, message$1) {
  return {
    kind: "validation",
    type: "regex",
    reference: regex,
    async: false,
    expects: `${requirement2}`,
    requirement: requirement2,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "format", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function safeInteger(message$1) {
  return {
    kind: "validation",
    type: "safe_integer",
    reference: safeInteger,
    async: false,
    expects: null,
    requirement: Number.isSafeInteger,
    message: message$1,
    "~run"(dataset, config$1) {
      if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "safe integer", dataset, config$1);
      return dataset;
    }
  };
}
// @__NO_SIDE_EFFECTS__
function getFallback(schema, dataset, config$1) {
  return typeof schema.fallback === "function" ? schema.fallback(dataset, config$1) : schema.fallback;
}
// @__NO_SIDE_EFFECTS__
function getDefault(schema, dataset, config$1) {
  return typeof schema.default === "function" ? schema.default(dataset, config$1) : schema.default;
}
// @__NO_SIDE_EFFECTS__
function array(item, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "array",
    reference: array,
    expects: "Array",
    async: false,
    item,
    message: message$1,
    "~run"(dataset, config$1) {
      var _a;
      const input = dataset.value;
      if (Array.isArray(input)) {
        dataset.typed = true;
        dataset.value = [];
        for (let key = 0; key < input.length; key++) {
          const value$1 = input[key];
          const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
          if (itemDataset.issues) {
            const pathItem = {
              type: "array",
              origin: "value",
              input,
              key,
              value: value$1
            };
            for (const issue of itemDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              (_a = dataset.issues) == null ? void 0 : _a.push(issue);
            }
            if (!dataset.issues) dataset.issues = itemDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!itemDataset.typed) dataset.typed = false;
          dataset.value.push(itemDataset.value);
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function boolean(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "boolean",
    reference: boolean,
    expects: "boolean",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "boolean") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function literal(literal_, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "literal",
    reference: literal,
    expects: /* @__PURE__ */ _stringify(literal_),
    async: false,
    literal: literal_,
    message: message$1,
    "~run"(dataset, config$1) {
      if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function number(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "number",
    reference: number,
    expects: "number",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function optional(wrapped, default_) {
  return _standardSchema({
    kind: "schema",
    type: "optional",
    reference: optional,
    expects: `(${wrapped.expects} | undefined)`,
    async: false,
    wrapped,
    default: default_,
    "~run"(dataset, config$1) {
      if (dataset.value === void 0) {
        if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
        if (dataset.value === void 0) {
          dataset.typed = true;
          return dataset;
        }
      }
      return this.wrapped["~run"](dataset, config$1);
    }
  });
}
// @__NO_SIDE_EFFECTS__
function picklist(options, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "picklist",
    reference: picklist,
    expects: /* @__PURE__ */ _joinExpects(options.map(_stringify), "|"),
    async: false,
    options,
    message: message$1,
    "~run"(dataset, config$1) {
      if (this.options.includes(dataset.value)) dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function record(key, value$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "record",
    reference: record,
    expects: "Object",
    async: false,
    key,
    value: value$1,
    message: message$1,
    "~run"(dataset, config$1) {
      var _a, _b;
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const entryKey in input) if (/* @__PURE__ */ _isValidObjectKey(input, entryKey)) {
          const entryValue = input[entryKey];
          const keyDataset = this.key["~run"]({ value: entryKey }, config$1);
          if (keyDataset.issues) {
            const pathItem = {
              type: "object",
              origin: "key",
              input,
              key: entryKey,
              value: entryValue
            };
            for (const issue of keyDataset.issues) {
              issue.path = [pathItem];
              (_a = dataset.issues) == null ? void 0 : _a.push(issue);
            }
            if (!dataset.issues) dataset.issues = keyDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          const valueDataset = this.value["~run"]({ value: entryValue }, config$1);
          if (valueDataset.issues) {
            const pathItem = {
              type: "object",
              origin: "value",
              input,
              key: entryKey,
              value: entryValue
            };
            for (const issue of valueDataset.issues) {
              if (issue.path) issue.path.unshift(pathItem);
              else issue.path = [pathItem];
              (_b = dataset.issues) == null ? void 0 : _b.push(issue);
            }
            if (!dataset.issues) dataset.issues = valueDataset.issues;
            if (config$1.abortEarly) {
              dataset.typed = false;
              break;
            }
          }
          if (!keyDataset.typed || !valueDataset.typed) dataset.typed = false;
          if (keyDataset.typed) dataset.value[keyDataset.value] = valueDataset.value;
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function strictObject(entries$1, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "strict_object",
    reference: strictObject,
    expects: "Object",
    async: false,
    entries: entries$1,
    message: message$1,
    "~run"(dataset, config$1) {
      var _a;
      const input = dataset.value;
      if (input && typeof input === "object") {
        dataset.typed = true;
        dataset.value = {};
        for (const key in this.entries) {
          const valueSchema = this.entries[key];
          if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
            const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
            const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
            if (valueDataset.issues) {
              const pathItem = {
                type: "object",
                origin: "value",
                input,
                key,
                value: value$1
              };
              for (const issue of valueDataset.issues) {
                if (issue.path) issue.path.unshift(pathItem);
                else issue.path = [pathItem];
                (_a = dataset.issues) == null ? void 0 : _a.push(issue);
              }
              if (!dataset.issues) dataset.issues = valueDataset.issues;
              if (config$1.abortEarly) {
                dataset.typed = false;
                break;
              }
            }
            if (!valueDataset.typed) dataset.typed = false;
            dataset.value[key] = valueDataset.value;
          } else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
          else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
            _addIssue(this, "key", dataset, config$1, {
              input: void 0,
              expected: `"${key}"`,
              path: [{
                type: "object",
                origin: "key",
                input,
                key,
                value: input[key]
              }]
            });
            if (config$1.abortEarly) break;
          }
        }
        if (!dataset.issues || !config$1.abortEarly) {
          for (const key in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key)) {
            _addIssue(this, "key", dataset, config$1, {
              input: key,
              expected: "never",
              path: [{
                type: "object",
                origin: "key",
                input,
                key,
                value: input[key]
              }]
            });
            break;
          }
        }
      } else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function string(message$1) {
  return _standardSchema({
    kind: "schema",
    type: "string",
    reference: string,
    expects: "string",
    async: false,
    message: message$1,
    "~run"(dataset, config$1) {
      if (typeof dataset.value === "string") dataset.typed = true;
      else _addIssue(this, "type", dataset, config$1);
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function _subIssues(datasets) {
  let issues;
  if (datasets) for (const dataset of datasets) if (issues) for (const issue of dataset.issues) issues.push(issue);
  else issues = dataset.issues;
  return issues;
}
// @__NO_SIDE_EFFECTS__
function union(options, message$1) {
  return _standardSchema({
    kind: "schema",
    type: "union",
    reference: union,
    expects: /* @__PURE__ */ _joinExpects(options.map((option) => option.expects), "|"),
    async: false,
    options,
    message: message$1,
    "~run"(dataset, config$1) {
      let validDataset;
      let typedDatasets;
      let untypedDatasets;
      for (const schema of this.options) {
        const optionDataset = schema["~run"]({ value: dataset.value }, config$1);
        if (optionDataset.typed) if (optionDataset.issues) if (typedDatasets) typedDatasets.push(optionDataset);
        else typedDatasets = [optionDataset];
        else {
          validDataset = optionDataset;
          break;
        }
        else if (untypedDatasets) untypedDatasets.push(optionDataset);
        else untypedDatasets = [optionDataset];
      }
      if (validDataset) return validDataset;
      if (typedDatasets) {
        if (typedDatasets.length === 1) return typedDatasets[0];
        _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(typedDatasets) });
        dataset.typed = true;
      } else if ((untypedDatasets == null ? void 0 : untypedDatasets.length) === 1) return untypedDatasets[0];
      else _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(untypedDatasets) });
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function pipe(...pipe$1) {
  return _standardSchema({
    ...pipe$1[0],
    pipe: pipe$1,
    "~run"(dataset, config$1) {
      for (const item of pipe$1) if (item.kind !== "metadata") {
        if (dataset.issues && (item.kind === "schema" || item.kind === "transformation")) {
          dataset.typed = false;
          break;
        }
        if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item["~run"](dataset, config$1);
      }
      return dataset;
    }
  });
}
// @__NO_SIDE_EFFECTS__
function safeParse(schema, input, config$1) {
  const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
  return {
    typed: dataset.typed,
    success: !dataset.issues,
    output: dataset.value,
    issues: dataset.issues
  };
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

// src/policy/schema.ts
var text = pipe(
  string("a text"),
  nonEmpty("a text that is not empty"),
  maxLength(4096, "a text of at most 4096 characters")
);
var wholeNumber = pipe(
  number("a whole number, 0 or more"),
  safeInteger("a whole number, 0 or more"),
  minValue(0, "a whole number, 0 or more")
);
var boolean2 = boolean("true or false");
var size = union(
  [
    pipe(
      string(),
      regex(/^\d+(?:\.\d+)?\s*(?:(?:[kKmMgGtT][iI]?)?[bB])?$/, sizesAllowed),
      check((text2) => parseSize(text2) !== void 0, sizesAllowed)
    ),
    wholeNumber
  ],
  sizesAllowed
);
var duration = pipe(
  string(durationsAllowed),
  regex(/^\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)$/, durationsAllowed),
  check((text2) => parseDuration(text2) !== void 0, durationsAllowed)
);
var range = union([text, number()], rangesAllowed);
var requirement = picklist(["required", "optional", "forbidden"], "required, optional, forbidden");
var toolName = pipe(string(), regex(/^[A-Za-z0-9][\w.+-]{0,63}$/, "the name of a program, without a path"));
var tool = union(
  [
    strictObject({
      version: optional(range),
      command: optional(
        pipe(
          array(text, "a list of words, such as `[ffmpeg, -version]`"),
          minLength(1, "a list with the program first")
        )
      ),
      optional: optional(boolean2)
    }),
    range
  ],
  `${rangesAllowed}, or a mapping with version, command, optional`
);
var docker = union(
  [
    strictObject({
      require: requirement,
      plugins: optional(array(picklist(["buildx", "compose"], "buildx, compose"), "a list of buildx, compose"))
    }),
    requirement
  ],
  "required, optional, forbidden, or a mapping with require, plugins"
);
var gpu = union(
  [
    strictObject({
      require: requirement,
      count: optional(wholeNumber),
      memory: optional(size),
      "free-memory": optional(size),
      driver: optional(range),
      "compute-capability": optional(range)
    }),
    requirement
  ],
  "required, optional, forbidden, or a mapping with require, count, memory, free-memory, driver, compute-capability"
);
var disk = strictObject({
  path: pipe(
    string("workspace, temp, home, docker-root, tool-cache or an absolute path"),
    regex(
      /^(?:workspace|temp|home|docker-root|tool-cache|\/.*)$/,
      "workspace, temp, home, docker-root, tool-cache or an absolute path"
    )
  ),
  free: optional(size),
  inodes: optional(wholeNumber)
});
var service = strictObject({
  name: pipe(
    string("a short name"),
    regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "a short name of letters, digits, `.`, `_`, `-`")
  ),
  url: pipe(string("an http or https URL"), regex(/^https?:\/\/\S+$/, "an http or https URL")),
  models: optional(array(text, "a list of model names"))
});
var cpusAllowed = "a number of CPUs such as `2` or `1.5`";
var listSchemas = {
  registries: array(text, "a list of hosts or image references"),
  services: array(service, "a list such as `- { name: ollama, url: http://localhost:11434/api/tags }`")
};
var profile = strictObject({
  extends: optional(text),
  labels: optional(array(text, "a list of labels")),
  "runs-in": optional(picklist(["container", "host", "any"], "container, host, any")),
  image: optional(text),
  "image-max-age": optional(duration),
  tools: optional(record(toolName, tool, "a mapping of tool to version range")),
  docker: optional(docker),
  gpu: optional(gpu),
  privileged: optional(picklist(["allowed", "forbidden"], "allowed, forbidden")),
  "tool-cache": optional(picklist(["persistent"], "persistent")),
  memory: optional(size),
  cpus: optional(pipe(number(cpusAllowed), finite(cpusAllowed), minValue(0, cpusAllowed))),
  shm: optional(size),
  "open-files": optional(wholeNumber),
  disk: optional(array(disk, "a list such as `- { path: workspace, free: 40GiB }`")),
  registries: optional(listSchemas.registries),
  services: optional(listSchemas.services)
});
var day = pipe(string("a day such as 2026-12-31"), regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-12-31"));
var acceptance = strictObject({ check: text, reason: text, until: day });
var policySchema = strictObject({
  version: literal(1, "1"),
  profiles: optional(record(text, profile, "a mapping of name to profile")),
  severity: optional(
    record(text, picklist(["off", "warn", "fail"], "off, warn, fail"), "a mapping of check id to off, warn, fail")
  ),
  accept: optional(array(acceptance, "a list such as `- { check: disk/free, reason: \u2026, until: 2026-12-31 }`"))
});

// src/policy/located-yaml.ts
var maxParts = 5e4;
async function parseLocated(text2) {
  const yaml = await Promise.resolve().then(() => __toESM(require("./yaml.js"), 1));
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text2, { lineCounter: lines, uniqueKeys: true, version: "1.2", merge: false });
  if (document.errors.length > 0) {
    return document.errors.slice(0, 20).map((error) => {
      var _a;
      return {
        place: placeAt(lines, error.pos[0]),
        found: ((_a = error.message.split("\n")[0]) != null ? _a : "").replace(/ at line \d+, column \d+:?$/, ""),
        allowed: hintFor(error.message)
      };
    });
  }
  let parts = 0;
  const toData = (node) => {
    var _a;
    if (++parts > maxParts) throw new RangeError("too many parts");
    if (node === null) return null;
    if (yaml.isAlias(node)) return toData((_a = node.resolve(document)) != null ? _a : null);
    if (yaml.isSeq(node)) return node.items.map((item) => toData(item));
    if (yaml.isMap(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [keyOf(key), toData(value)]));
    }
    if (!yaml.isScalar(node)) return void 0;
    const keepsItsForm = typeof node.value !== "number" || node.source === void 0 || String(node.value) === node.source;
    return keepsItsForm ? node.value : node.source;
  };
  const keyOf = (node) => yaml.isScalar(node) ? String(node.value) : "?";
  let data;
  try {
    data = toData(document.contents);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [
      {
        place: { line: 1, column: 1 },
        found: `more than ${maxParts} parts, aliases followed`,
        allowed: "a file without aliases of aliases"
      }
    ];
  }
  const find = (path) => findNode(document, path, yaml, keyOf);
  return {
    data,
    placeOf: (path, what) => {
      var _a, _b, _c;
      const { key, value } = find(path);
      return placeAt(lines, (_c = (_b = (_a = what === "key" ? key != null ? key : value : value != null ? value : key) == null ? void 0 : _a.range) == null ? void 0 : _b[0]) != null ? _c : 0);
    },
    sourceOf: (path) => {
      var _a, _b;
      const [start = 0, end = 0] = (_b = (_a = find(path).value) == null ? void 0 : _a.range) != null ? _b : [];
      const source = text2.slice(start, Math.min(end, start + 200)).replace(/\s+/g, " ").trim();
      return source === "" ? "nothing" : `\`${source}${end - start > 200 ? "\u2026" : ""}\``;
    }
  };
}
function findNode(document, path, yaml, keyOf) {
  var _a, _b;
  let key;
  let value = document.contents;
  for (const step of path) {
    if (yaml.isAlias(value)) value = (_a = value.resolve(document)) != null ? _a : null;
    if (yaml.isMap(value)) {
      const pair = value.items.find((item) => keyOf(item.key) === String(step));
      if (!pair) break;
      key = pair.key;
      value = pair.value;
    } else if (yaml.isSeq(value) && typeof step === "number") {
      key = void 0;
      value = (_b = value.items[step]) != null ? _b : null;
    } else break;
  }
  return { key, value: value != null ? value : void 0 };
}
function placeAt(lines, offset) {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
function hintFor(message) {
  if (/alias|block scalar/i.test(message)) return "a version range that begins with `*` or `>` needs quotes";
  if (/tab/i.test(message)) return "blanks for indentation, never tabs";
  if (/unique/i.test(message)) return "each key once";
  return "YAML 1.2";
}

// src/policy/validate-yaml.ts
async function validateYaml(text2, schema, at) {
  const yaml = await parseLocated(text2);
  if (!("data" in yaml))
    return yaml.map(({ place, found, allowed }) => ({ place: at(place), found, allowed }));
  const mistakes = [];
  const reject = (path, what, found, allowed) => {
    const mistake = { place: at(yaml.placeOf(path, what)), found, allowed };
    const isKnown = mistakes.some(({ place, found: found2 }) => place === mistake.place && found2 === mistake.found);
    if (!isKnown) mistakes.push(mistake);
  };
  const unheard = unheardKeys(yaml.data, []);
  for (const path of unheard.slice(0, 50)) reject(path, "key", `\`${path[path.length - 1]}\``, "any other name");
  const lists = listsForMappings(yaml.data, schema, []);
  for (const { path, allowed } of lists.slice(0, 50)) reject(path, "value", yaml.sourceOf(path), allowed);
  const told = [...unheard, ...lists.map(({ path }) => path)];
  const outcome = safeParse(schema, yaml.data);
  if (outcome.success) return { output: outcome.output, yaml, reject, mistakes };
  const issues = outcome.issues.flatMap(innermost).filter((issue) => !told.some((path) => lies(issue, path)));
  for (const issue of issues.slice(0, 50)) rejectIssue(issue, schema, yaml, reject);
  return mistakes;
}
function innermost(issue) {
  var _a, _b;
  if (issue.type !== "union" || typeof issue.input !== "object" || issue.input === null) return [issue];
  const path = (_a = issue.path) != null ? _a : [];
  const inner = ((_b = issue.issues) != null ? _b : []).filter((entry) => {
    var _a2, _b2;
    return ((_b2 = (_a2 = entry.path) == null ? void 0 : _a2.length) != null ? _b2 : 0) > 0;
  });
  if (inner.length === 0) return [issue];
  return inner.map((entry) => {
    var _a2;
    return { ...entry, path: [...path, ...(_a2 = entry.path) != null ? _a2 : []] };
  }).flatMap(innermost);
}
function lies(issue, path) {
  return path.every((step, index) => {
    var _a, _b;
    return String((_b = (_a = issue.path) == null ? void 0 : _a[index]) == null ? void 0 : _b.key) === String(step);
  });
}
var unheardNames = ["__proto__", "constructor", "prototype"];
function unheardKeys(data, path) {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const inner = [...path, Array.isArray(data) ? Number(key) : key];
    return unheardNames.includes(key) ? [inner] : unheardKeys(value, inner);
  });
}
function listsForMappings(data, part, path) {
  var _a;
  if (typeof data !== "object" || data === null) return [];
  const forms = open(part);
  if (Array.isArray(data) && !forms.some(({ type }) => type === "array")) {
    const mapping = forms.find(({ type }) => type === "record" || type === "strict_object");
    if (!mapping) return [];
    const keys = Object.keys((_a = mapping.entries) != null ? _a : {});
    const allowed = keys.length > 0 ? `a mapping with ${keys.join(", ")}` : String(mapping.message);
    return [{ path, allowed }];
  }
  return Object.entries(data).flatMap(([key, value]) => {
    const inner = forms.flatMap(({ entries, value: value2, item }) => {
      var _a2, _b, _c;
      return (_c = (_b = (_a2 = own(entries != null ? entries : {}, key)) != null ? _a2 : value2) != null ? _b : item) != null ? _c : [];
    })[0];
    return inner ? listsForMappings(value, inner, [...path, Array.isArray(data) ? Number(key) : key]) : [];
  });
}
function open(part) {
  var _a;
  if (part.wrapped) return open(part.wrapped);
  return part.type === "union" ? ((_a = part.options) != null ? _a : []).flatMap(open) : [part];
}
function rejectIssue(issue, schema, yaml, reject) {
  var _a, _b, _c;
  const path = ((_a = issue.path) != null ? _a : []).map((step) => step.key);
  const last = (_b = issue.path) == null ? void 0 : _b[issue.path.length - 1];
  const key = String((_c = last == null ? void 0 : last.key) != null ? _c : "");
  const keys = keysAt(schema, path.slice(0, -1));
  if (issue.type === "strict_object" && issue.expected === "never") {
    const like = nearest(key, keys);
    reject(
      path,
      "key",
      `unknown key \`${key}\``,
      `${keys.join(", ")}${like === void 0 ? "" : `; did you mean \`${like}\`?`}`
    );
    return;
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    reject(path.slice(0, -1), "value", `no \`${key}\``, `\`${key}\` is needed here`);
    return;
  }
  const what = (last == null ? void 0 : last.origin) === "key" ? "key" : "value";
  const found = what === "key" ? `\`${key}\`` : yaml.sourceOf(path);
  reject(
    path,
    what,
    found,
    /^Invalid (?:type|value)/.test(issue.message) ? `a mapping with ${keysAt(schema, path).join(", ")}` : issue.message
  );
}
function keysAt(schema, path) {
  let parts = [schema];
  for (const step of path) {
    parts = parts.flatMap(open).flatMap((part) => {
      var _a, _b, _c, _d;
      return (_d = (_c = (_b = own((_a = part.entries) != null ? _a : {}, String(step))) != null ? _b : part.value) != null ? _c : part.item) != null ? _d : [];
    });
  }
  return parts.flatMap(open).flatMap((part) => {
    var _a;
    return Object.keys((_a = part.entries) != null ? _a : {});
  });
}

// src/policy/policy-file.ts
var maxPolicySize = 1024 * 1024;
async function readPolicy(name, text2, known) {
  const at = ({ line, column }) => `${name}:${line}:${column}`;
  if (text2.length > maxPolicySize) {
    return [{ place: `${name}:1:1`, found: "a file of more than 1 MiB", allowed: "a policy of at most 1 MiB" }];
  }
  const valid = await validateYaml(text2, policySchema, at);
  if (!("output" in valid)) return valid;
  const { output, yaml, reject, mistakes } = valid;
  await rejectMeaningless(output, yaml, known, reject);
  if (mistakes.length > 0) return mistakes;
  return { name, source: output, lineOf: (path) => `${name}:${yaml.placeOf(path, "key").line}` };
}
async function readListInput(name, text2) {
  const valid = await validateYaml(
    text2,
    listSchemas[name],
    ({ line, column }) => `input \`${name}\`, line ${line}, column ${column}`
  );
  if (!("output" in valid)) return valid;
  const list = valid.output;
  rejectRepeated(list, [], valid.reject);
  return valid.mistakes.length > 0 ? valid.mistakes : { list };
}
function rejectRepeated(list, path, reject) {
  const names = list.map((entry) => typeof entry === "object" ? entry.name : void 0);
  for (const [index, name] of names.entries()) {
    if (name !== void 0 && names.indexOf(name) < index)
      reject([...path, index, "name"], "value", `\`${name}\`, for the second time`, "a name that no other service has");
  }
}
async function rejectMeaningless(policy, yaml, known, reject) {
  var _a, _b, _c, _d;
  const profiles = (_a = policy.profiles) != null ? _a : {};
  for (const [name, profile2] of Object.entries(profiles)) {
    const path = ["profiles", name];
    for (const rangePath of rangePaths(profile2)) {
      const value = rangePath.reduce((part, step) => part[step], profile2);
      if (await parseRange(String(value)) === void 0)
        reject([...path, ...rangePath], "value", yaml.sourceOf([...path, ...rangePath]), rangesAllowed);
    }
    rejectRepeated((_b = profile2.services) != null ? _b : [], [...path, "services"], reject);
    rejectExtends(
      name,
      profile2.extends,
      profiles,
      known.profiles,
      (found, allowed) => reject([...path, "extends"], "value", found, allowed)
    );
  }
  for (const pattern of Object.keys((_c = policy.severity) != null ? _c : {})) {
    if (!known.knowsCheck(pattern))
      reject(["severity", pattern], "key", `\`${pattern}\``, checksAllowed(pattern, known));
  }
  for (const [index, { check: check2, until }] of ((_d = policy.accept) != null ? _d : []).entries()) {
    if (!known.knowsCheck(check2))
      reject(["accept", index, "check"], "value", `\`${check2}\``, checksAllowed(check2, known));
    if (!isDay(until))
      reject(["accept", index, "until"], "value", `\`${until}\``, "a day that exists, such as 2026-12-31");
  }
}
function checksAllowed(pattern, known) {
  var _a;
  const like = nearest((_a = pattern.split(":")[0]) != null ? _a : "", known.checkIds);
  return `a check id or \`id:reason\`, as \`runner-check list\` prints them${like === void 0 ? "" : `; did you mean \`${like}\`?`}`;
}
function rangePaths(profile2) {
  var _a;
  const tools = Object.entries((_a = profile2.tools) != null ? _a : {}).flatMap(([name, tool2]) => {
    if (typeof tool2 !== "object") return [["tools", name]];
    return tool2.version === void 0 ? [] : [["tools", name, "version"]];
  });
  const { gpu: gpu2 } = profile2;
  if (typeof gpu2 !== "object") return tools;
  return [
    ...tools,
    ...["driver", "compute-capability"].filter((key) => gpu2[key] !== void 0).map((key) => ["gpu", key])
  ];
}
function rejectExtends(name, parent, profiles, builtIn, reject) {
  var _a;
  if (parent === void 0) return;
  const names = [.../* @__PURE__ */ new Set([...Object.keys(profiles), ...builtIn])];
  if (!names.includes(parent)) {
    const like = nearest(parent, names);
    reject(`\`${parent}\``, `a profile: ${names.join(", ")}${like === void 0 ? "" : `; did you mean \`${like}\`?`}`);
    return;
  }
  if (parent === name && builtIn.includes(name)) return;
  const chain = [name];
  for (let next = parent; next !== void 0; next = (_a = own(profiles, next)) == null ? void 0 : _a.extends) {
    if (next === chain[chain.length - 1] && builtIn.includes(next)) return;
    if (chain.includes(next)) {
      reject(`\`${[...chain, next].join("` extends `")}\``, "profiles that do not extend each other in a circle");
      return;
    }
    chain.push(next);
  }
}
function isDay(text2) {
  const date = /* @__PURE__ */ new Date(`${text2}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text2);
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  maxPolicySize,
  readListInput,
  readPolicy
});
