"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
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
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/checks/known-checks.ts
var known_checks_exports = {};
__export(known_checks_exports, {
  checkIds: () => checkIds,
  knowsCheck: () => knowsCheck,
  knowsId: () => knowsId
});
module.exports = __toCommonJS(known_checks_exports);

// src/checks/known-checks.json
var known_checks_default = {
  "runner/mode": [
    "host-instead-of-container",
    "container-instead-of-host"
  ],
  "runner/image": [
    "default-image",
    "wrong-image",
    "stale",
    "outdated",
    "label-mismatch"
  ],
  "runner/version": [
    "outdated",
    "known-bad"
  ],
  "runner/summary": [
    "not-shown"
  ],
  "runner/privileged": [
    "privileged"
  ],
  "runner/secrets": [
    "registration-token-visible",
    "world-readable-registration"
  ],
  "runner/user": [
    "not-in-docker-group",
    "root"
  ],
  "runner/server": [
    "localhost-url",
    "unresolvable",
    "unreachable",
    "tls-untrusted",
    "clock-skew",
    "http-error"
  ],
  "runner/cache-server": [
    "unreachable",
    "unauthorized"
  ],
  "runner/tool-cache": [
    "not-set",
    "not-writable",
    "not-persistent",
    "incomplete"
  ],
  "tool/*": [
    "missing",
    "off-path",
    "not-executable",
    "wrong-architecture",
    "missing-library",
    "broken",
    "no-default-toolchain",
    "toolchain-not-installed",
    "component-missing",
    "unreadable-version",
    "out-of-range",
    "timeout"
  ],
  "rust/consistency": [
    "rustc-cargo-mismatch",
    "pinned-toolchain-missing",
    "cargo-home-not-writable"
  ],
  "node/runtime": [
    "too-old",
    "end-of-life"
  ],
  "docker/cli": [
    "missing",
    "off-path",
    "broken",
    "podman-shim"
  ],
  "docker/endpoint": [
    "invalid-host",
    "tcp-without-tls",
    "tls-files-missing",
    "ssh-unsupported"
  ],
  "docker/socket": [
    "missing",
    "directory",
    "not-a-socket",
    "permission-denied",
    "world-writable",
    "refused"
  ],
  "docker/daemon": [
    "unreachable",
    "timeout",
    "not-docker",
    "http-error",
    "forbidden",
    "known-bad",
    "podman"
  ],
  "docker/api-version": [
    "client-too-old",
    "client-too-new"
  ],
  "docker/plugins": [
    "buildx-missing",
    "compose-missing"
  ],
  "docker/storage": [
    "driver-vfs",
    "low-space",
    "reclaimable",
    "leftover-volumes",
    "leftover-networks",
    "address-pool"
  ],
  "docker/warnings": [
    "daemon-warnings"
  ],
  "docker/socket-exposure": [
    "untrusted-event",
    "read-only-illusion"
  ],
  "docker/workspace": [
    "not-visible"
  ],
  "docker/presence": [
    "forbidden-but-present"
  ],
  "gpu/driver": [
    "smi-missing",
    "driver-not-loaded",
    "library-missing",
    "library-mismatch",
    "nvml-unknown-error",
    "insufficient-permissions",
    "access-blocked",
    "no-devices",
    "gpu-lost",
    "reset-required",
    "insufficient-power",
    "timeout",
    "broken"
  ],
  "gpu/visibility": [
    "options-stripped",
    "no-device-request",
    "visible-devices-void",
    "no-utility-capability",
    "device-nodes-missing",
    "toolkit-missing"
  ],
  "gpu/inventory": [
    "too-few",
    "too-little-memory",
    "too-little-free-memory",
    "driver-too-old",
    "compute-capability-too-low",
    "ecc-errors",
    "mig-unexpected",
    "hot"
  ],
  "gpu/presence": [
    "forbidden-but-present"
  ],
  "disk/free": [
    "low",
    "unreadable"
  ],
  "disk/inodes": [
    "low",
    "unreadable"
  ],
  "fs/writable": [
    "read-only",
    "not-writable",
    "no-space"
  ],
  "memory/available": [
    "low"
  ],
  "cpu/count": [
    "low"
  ],
  "shm/size": [
    "small"
  ],
  "limits/open-files": [
    "low"
  ],
  "network/proxy": [
    "inconsistent",
    "forge-not-excluded"
  ],
  "registry/*": [
    "unresolvable",
    "unreachable",
    "tls-untrusted",
    "unauthorized",
    "denied",
    "not-found",
    "rate-limited",
    "credential-helper-missing",
    "timeout"
  ],
  "service/*": [
    "refused",
    "timeout",
    "http-error",
    "unexpected-body",
    "model-missing"
  ],
  "config/syntax": [
    "invalid-yaml",
    "unreadable"
  ],
  "config/unknown-key": [
    "unknown-key",
    "misplaced-key",
    "deprecated-key"
  ],
  "config/type": [
    "wrong-type",
    "invalid-value"
  ],
  "config/label": [
    "empty",
    "bad-schema",
    "no-image",
    "duplicate",
    "space",
    "token-in-label",
    "floating-tag"
  ],
  "config/options": [
    "unterminated-quote",
    "unknown-flag",
    "ignored-network",
    "stripped",
    "duplicate-socket-mount",
    "socket-not-mounted",
    "volume-not-allowed"
  ],
  "config/docker-host": [
    "invalid",
    "not-mounted",
    "tcp-without-tls"
  ],
  "config/privileged": [
    "privileged"
  ],
  "config/gpu-label": [
    "no-gpu-option"
  ],
  "config/cache": [
    "host-unspecified",
    "external-without-secret",
    "secret-in-file"
  ],
  "config/tool-cache": [
    "shared-with-capacity"
  ],
  "config/capacity": [
    "address-pool"
  ],
  "config/registration": [
    "missing",
    "labels-differ",
    "world-readable"
  ],
  "config/service": [
    "no-config",
    "no-restart",
    "not-after-docker",
    "not-in-docker-group",
    "toolchain-off-path"
  ],
  "workflow/runs-on": [
    "no-runner-with-label",
    "all-offline",
    "near-miss"
  ],
  "workflow/untrusted-socket": [
    "untrusted-socket"
  ]
};

// src/checks/matches-id.ts
function matchesId(pattern, id) {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === void 0) return pattern === id;
  if (!id.startsWith(first)) return false;
  let end = first.length;
  for (const part of parts) {
    const start = id.indexOf(part, end);
    if (start < 0) return false;
    end = start + part.length;
  }
  return end + last.length <= id.length && id.endsWith(last);
}

// src/checks/known-checks.ts
var checkIds = Object.keys(known_checks_default);
var reasonsOf = known_checks_default;
function knowsId(pattern) {
  return checkIds.some((id) => names(pattern, id));
}
function knowsCheck(pattern) {
  if (knowsId(pattern)) return true;
  const colon = pattern.lastIndexOf(":");
  const [name, reason] = [pattern.slice(0, colon), pattern.slice(colon + 1)];
  return colon > 0 && checkIds.some((id) => {
    var _a;
    return names(name, id) && ((_a = reasonsOf[id]) == null ? void 0 : _a.includes(reason));
  });
}
function names(pattern, id) {
  return id.endsWith("/*") ? matchesId(id, pattern) : matchesId(pattern, id);
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  checkIds,
  knowsCheck,
  knowsId
});
