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

// <stdin>
var stdin_exports = {};
__export(stdin_exports, {
  src_checks_docker_cli_remedies_ts: () => cli_remedies_exports,
  src_checks_docker_socket_remedies_ts: () => socket_remedies_exports,
  src_checks_gpu_driver_findings_ts: () => driver_findings_exports,
  src_checks_network_connection_ts: () => connection_exports,
  src_checks_resources_floors_ts: () => floors_exports,
  src_checks_resources_remedies_ts: () => remedies_exports,
  src_checks_resources_writable_remedies_ts: () => writable_remedies_exports,
  src_checks_toolchain_install_ts: () => install_exports,
  src_checks_toolchain_tool_ailments_ts: () => tool_ailments_exports,
  src_checks_toolchain_tool_range_ts: () => tool_range_exports,
  src_render_junit_ts: () => junit_exports,
  src_render_prometheus_ts: () => prometheus_exports,
  src_render_summary_finding_ts: () => summary_finding_exports
});
module.exports = __toCommonJS(stdin_exports);

// src/checks/docker/cli-remedies.ts
var cli_remedies_exports = {};
__export(cli_remedies_exports, {
  installCli: () => installCli
});
function installCli({ inContainer, os }, packages2, release) {
  const withCli = packages2.includes("docker-ce-cli");
  const cli = release === void 0 ? "a current Docker CLI" : `a Docker CLI of ${release} or newer`;
  const what = withCli ? cli : packages2.length === 1 ? "the plugin" : "the plugins";
  const kind = inContainer ? "image" : "host";
  const { text, command } = packagesFor(os, packages2, withCli);
  const remedy = {
    text: `Install ${what} ${text}`,
    commands: [command.split("SUDO ").join(inContainer ? "" : "sudo ")],
    kind
  };
  if (!inContainer) return remedy;
  const copy = (path, to) => `COPY --from=docker:29-cli ${path} ${to}`;
  return {
    ...remedy,
    otherwise: {
      text: `Without any repository, copy ${withCli ? "the CLI and its plugins" : "the plugins"} from Docker's own image.`,
      config: {
        file: "Dockerfile",
        language: "dockerfile",
        text: [...withCli ? [copy("/usr/local/bin/docker", "/usr/local/bin/")] : [], copy(plugins, plugins)].join(
          "\n"
        )
      },
      kind: "image"
    }
  };
}
var plugins = "/usr/local/libexec/docker/cli-plugins";
function packagesFor(os, packages2, withCli) {
  if (/alpine/i.test(os)) {
    return {
      text: "from Alpine's packages. An old release of Alpine has old ones.",
      command: `SUDO apk add ${packages2.map((name) => alpineNames[name]).join(" ")}`
    };
  }
  const instead = withCli ? " instead of the distribution's `docker.io`, which lags years behind" : "";
  const install = /fedora|red hat|centos|rocky|alma/i.test(os) ? `SUDO dnf install -y ${packages2.join(" ")}` : `SUDO apt-get update && SUDO apt-get install -y ${packages2.join(" ")}`;
  return {
    text: `from Docker's own packages${instead}. Their repository has to be set up once: https://docs.docker.com/engine/install/`,
    command: install
  };
}
var alpineNames = {
  "docker-ce-cli": "docker-cli",
  "docker-buildx-plugin": "docker-cli-buildx",
  "docker-compose-plugin": "docker-cli-compose"
};

// src/checks/docker/socket-remedies.ts
var socket_remedies_exports = {};
__export(socket_remedies_exports, {
  forDirectory: () => forDirectory,
  forMissing: () => forMissing,
  forNotASocket: () => forNotASocket,
  forPermissionDenied: () => forPermissionDenied,
  forRefused: () => forRefused,
  forUserNamespace: () => forUserNamespace,
  forWorldWritable: () => forWorldWritable
});

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
  const plain = /^[a-z/-][\w./:@ -]*$/i.test(value) && !/: |:$|^- |^(true|false|yes|no|on|off|null)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

// src/versions.ts
var versionPattern = /(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i;
var majorPattern = /^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/;
var remark = /^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function findVersion(text) {
  var _a, _b, _c;
  const lines = text.replace(/\u001b\[[\d;]*m/g, "").split(/\r\n?|\n/);
  const plain = lines.filter((line) => !remark.test(line));
  const build = unnumberedBuild((_a = plain.find((line) => line.trim() !== "")) != null ? _a : "");
  if (build !== void 0) return { text: build, numbers: [0, 0, 0], prerelease: [], unnumbered: true };
  return (_c = (_b = firstOf(plain, dotted)) != null ? _b : firstOf(plain, bare)) != null ? _c : firstOf(lines.filter(saysVersion), dotted);
}
function unnumberedBuild(line) {
  var _a;
  return dotted(line) ? void 0 : (_a = /^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(line)) == null ? void 0 : _a[1];
}
function saysVersion(line) {
  return remark.test(line) && /\bversion is\b/i.test(line);
}
function firstOf(lines, read) {
  for (const line of lines) {
    const version = read(line);
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
function holdsBetween(range, base) {
  const beforeIt = range.from !== void 0 && compare(base, range.from) < 0;
  const atItsEnd = range.upTo !== void 0 && compare(base, range.upTo) === 0;
  const maybeMended = range.before !== void 0 && compare(base, range.before) < 0;
  return beforeIt || atItsEnd || maybeMended ? "unknown" : holds(range, base);
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

// src/checks/docker/situation.ts
function holdsHere(id, { system, giteaRunner }) {
  return system === "gitea" ? holdsFor(runnerKnowledge(id), giteaRunner) : "no";
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
  const text = `container:
  options: ${option}`;
  switch (situation.system) {
    case "gitea":
    case "forgejo":
      return {
        config: { file: configFile, language: "yaml", text },
        commands: restartRunner(situation),
        kind: "runner"
      };
    case "github":
      return { config: { file: "the job in the workflow", language: "yaml", text }, kind: "workflow" };
    default:
      return { commands: [`docker run ${option} \u2026`], kind: "host" };
  }
}
var configFile = "config.yaml";

// src/checks/docker/socket-remedies.ts
function forMissing(path, endpoint, situation) {
  const other = endpoint.elsewhere[0];
  if (situation.inRunnerContainer) return giveToRunner("the socket", `--volume ${shellQuote(`${path}:${path}`)}`);
  if (!situation.inContainer) return startDocker(path, endpoint, situation);
  if (other !== void 0) return pointTo(other, situation);
  if (endpoint.source !== "default" && path !== "/var/run/docker.sock") return correctAddress(path, endpoint);
  switch (situation.system) {
    case "gitea":
      return mountByGitea(situation);
    case "forgejo":
      return {
        text: "Forgejo's runner keeps the socket to itself unless told otherwise. `automount` makes it find the daemon's socket and mount it into every job container.",
        config: { file: configFile, language: "yaml", text: "container:\n  docker_host: automount" },
        commands: restartRunner(situation),
        kind: "runner"
      };
    case "github":
      return {
        text: "GitHub's runner mounts the Docker socket of its own machine into job containers, so it has none there itself: start Docker on it, or mount the socket into the runner if that runs in a container.",
        commands: ["ls -l /var/run/docker.sock", "sudo systemctl enable --now docker"],
        kind: "host"
      };
    default:
      return {
        text: "Start the container with the socket mounted.",
        commands: ["docker run --volume /var/run/docker.sock:/var/run/docker.sock \u2026"],
        kind: "host"
      };
  }
}
function giveToRunner(what, option) {
  return {
    text: `This job runs on the runner's own system, and that is a container. Start it anew with ${what}.`,
    commands: [`docker run ${option} \u2026`],
    kind: "host"
  };
}
function mountByGitea(situation) {
  const careful = holdsHere("duplicate-socket-mount", situation) !== "no";
  const warning = careful ? " Do not add it to `container.options`: up to runner 2.3.0 the second mount makes every job fail with `Duplicate mount point`." : "";
  const remedy = {
    text: `The runner mounts the socket by itself, unless \`docker_host\` is \`-\` or a tcp address. Leave it empty, or name the socket as it is called on the daemon's machine (rootless: \`unix:///run/user/1000/docker.sock\`), then restart the runner.${warning}`,
    config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: ""' },
    commands: restartRunner(situation),
    kind: "runner"
  };
  if (careful) return remedy;
  return {
    ...remedy,
    otherwise: {
      text: "If `docker_host` has to stay `-`, mount the socket by options, and allow the path: without `valid_volumes` the runner drops it with `is not a valid volume, will be ignored` in the log of `Set up job`.",
      config: {
        file: configFile,
        language: "yaml",
        text: [
          "container:",
          '  docker_host: "-"',
          "  options: --volume /var/run/docker.sock:/var/run/docker.sock",
          "  valid_volumes:",
          "    - /var/run/docker.sock"
        ].join("\n")
      },
      kind: "runner"
    }
  };
}
function pointTo(socket, situation) {
  const address2 = `unix://${socket}`;
  return {
    text: `Tell Docker where the socket is: set \`DOCKER_HOST\` to ${code(address2)} for the jobs.`,
    ...setVariables(situation, { DOCKER_HOST: address2 }),
    kind: "runner"
  };
}
function correctAddress(path, { source }) {
  const origin = source === "config" ? "the current context of the CLI's configuration" : code(source);
  return {
    text: `${code(path)} is what ${origin} says. Correct that, or mount the socket at this path. In the job container of Gitea's runner the socket is always at \`/var/run/docker.sock\`, whatever it is called on the host.`,
    commands: ["unset DOCKER_HOST DOCKER_CONTEXT", "docker version"],
    kind: "runner"
  };
}
function startDocker(path, endpoint, situation) {
  const other = endpoint.elsewhere[0];
  const start = {
    text: "Start Docker, and let it start with the machine. If it is not installed, install Docker Engine from Docker's own packages.",
    commands: ["systemctl status docker.socket docker.service", "sudo systemctl enable --now docker"],
    kind: "host"
  };
  if (other !== void 0) return { ...pointTo(other, situation), otherwise: start };
  if (endpoint.source === "default" || path === "/var/run/docker.sock") return start;
  const { otherwise: _, ...address2 } = correctAddress(path, endpoint);
  return { ...start, otherwise: address2 };
}
function forDirectory(path, situation) {
  const cleanUp = [
    "sudo systemctl stop docker.socket docker.service",
    `sudo rmdir ${shellQuote(path)}`,
    "sudo systemctl start docker.socket docker.service"
  ];
  if (!situation.inContainer) {
    return {
      text: "Stop Docker, remove the directory, and start Docker again: it makes its socket there. It comes back if a container with that mount starts before Docker has its socket.",
      commands: cleanUp,
      kind: "host"
    };
  }
  const old = holdsHere("socket-directory", situation) === "yes" ? " Runners before 0.3.0 mount the path even where the daemon is reached over tcp: upgrade the runner." : "";
  return {
    text: `The socket that the runner mounts does not exist on the daemon's machine. Set \`docker_host\` to the socket as it is called there (rootless Docker: \`unix:///run/user/1000/docker.sock\`); where a Docker-in-Docker daemon runs the jobs, that is inside of its container. Then remove the empty directory there.${old}`,
    config: {
      file: configFile,
      language: "yaml",
      text: "container:\n  docker_host: unix:///var/run/docker.sock   # as the daemon's machine has it"
    },
    commands: ["ls -ld /var/run/docker.sock   # on the daemon's machine: must begin with s", ...cleanUp],
    kind: "runner"
  };
}
function forNotASocket(path, situation) {
  const look = `ls -l ${shellQuote(path)}`;
  if (situation.inContainer) {
    return {
      text: "Something else is mounted or copied to this path. Look at what the runner mounts there (`container.docker_host`, and `--volume` in `container.options`), and whether the image brings a file of that name.",
      commands: [look, "ls -l /var/run/docker.sock   # on the daemon's machine: must begin with s"],
      kind: "runner"
    };
  }
  return {
    text: "Stop Docker, remove what lies there, and start Docker again: it makes its socket anew.",
    commands: [
      look,
      "sudo systemctl stop docker.socket docker.service",
      `sudo rm ${shellQuote(path)}`,
      "sudo systemctl start docker.socket docker.service"
    ],
    kind: "host"
  };
}
function forPermissionDenied(path, owner, user, situation) {
  if (!owner) {
    return {
      text: "Run the job as the user that owns the directory (a rootless daemon serves that user alone), or use another daemon.",
      commands: [`namei -l ${shellQuote(path)}`],
      kind: situation.inContainer ? "runner" : "host"
    };
  }
  if ((owner.mode & 16) === 0) return owner.uid === 0 ? openToGroup(path) : runAsOwner(owner, situation);
  const bitsAllow = user.uid === owner.uid || user.groups.includes(owner.gid) || (owner.mode & 2) !== 0;
  if (bitsAllow) return blameSecurityModule(path, situation);
  if (situation.inRunnerContainer) return giveToRunner("the socket's group", `--group-add ${owner.gid}`);
  if (!situation.inContainer) return joinGroup(owner, user, situation);
  const option = `--group-add ${owner.gid}`;
  const remedy = {
    text: "Give the job's user the socket's group, by its number: names differ between host and image.",
    ...addOption(situation, option)
  };
  if (remedy.kind !== "runner") return remedy;
  return {
    ...remedy,
    otherwise: {
      text: "For one job only, its workflow can ask for the same.",
      config: { file: "the job in the workflow", language: "yaml", text: `container:
  options: ${option}` },
      kind: "workflow"
    }
  };
}
function forUserNamespace(situation) {
  if (!situation.inContainer) {
    return {
      text: "The runner itself runs in a user namespace (a rootless container). Give it the socket of the daemon of its own user, or run it on the machine.",
      kind: "host"
    };
  }
  return {
    text: "Where `userns-remap` is on, take it off for this daemon, or let these jobs do without the socket: with it they were root on the host anyway. Where the runner uses a rootless daemon, mount that daemon's own socket instead of `/var/run/docker.sock` of the machine: name it in `container.docker_host`.",
    config: {
      file: configFile,
      language: "yaml",
      text: "container:\n  docker_host: unix:///run/user/1000/docker.sock   # of the daemon that runs the jobs"
    },
    commands: ["grep userns-remap /etc/docker/daemon.json", ...restartRunner(situation)],
    kind: "runner"
  };
}
function joinGroup(owner, user, situation) {
  var _a;
  const name = user.name ? shellQuote(user.name) : `"$(getent passwd ${(_a = user.uid) != null ? _a : ""} | cut -d: -f1)"`;
  const group = owner.group ? shellQuote(owner.group) : `"$(getent group ${owner.gid} | cut -d: -f1)"`;
  if (owner.gid === 0) {
    return {
      text: "The socket belongs to the group of root. Give it to the group `docker`, let the runner's user join that, and restart both: a running process keeps its old groups.",
      commands: [
        "sudo groupadd --force docker",
        `sudo usermod -aG docker ${name}`,
        "sudo systemctl restart docker.socket docker.service",
        ...restartRunner(situation)
      ],
      kind: "host"
    };
  }
  return {
    text: "Let the runner's user join the socket's group, and restart the runner: a running process keeps its old groups.",
    commands: [`sudo usermod -aG ${group} ${name}`, ...restartRunner(situation)],
    kind: "host"
  };
}
function openToGroup(path) {
  return {
    text: "Not even the socket's group may write there. The daemon sets the mode at its start: look for `SocketMode=` of `docker.socket`, which should be `0660`, and repair the socket until then.",
    commands: [
      "systemctl cat docker.socket | grep -i SocketMode",
      `sudo chgrp docker ${shellQuote(path)} && sudo chmod 0660 ${shellQuote(path)}`
    ],
    kind: "host"
  };
}
function runAsOwner(owner, situation) {
  const text = `Only uid ${owner.uid} may open it: a rootless daemon serves the user that it runs as. Run the job as that user, or use another daemon.`;
  if (!situation.inContainer) return { text, kind: "host" };
  return { text, ...addOption(situation, `--user ${owner.uid}`) };
}
function blameSecurityModule(path, situation) {
  return {
    text: "The permission bits would let this user in, so something else says no: SELinux or AppArmor most likely. Look for the refusal in the host's audit log.",
    commands: [`ls -lZ ${shellQuote(path)}`, "sudo ausearch -m avc -ts recent", "sudo dmesg | grep -i apparmor | tail"],
    kind: "host",
    ...situation.inContainer && {
      otherwise: {
        text: "With SELinux, a job container may be let out of its label. Gitea's runner 3.0.0 to 3.3.0 drops this option unless `container.privileged` is true.",
        ...addOption(situation, "--security-opt label=disable")
      }
    }
  };
}
function forWorldWritable(path, owner, situation) {
  const group = owner.gid === 0 ? [`sudo chgrp docker ${shellQuote(path)}`] : [];
  const where = situation.inContainer ? " The job sees the host's socket, so it has to be done there." : "";
  return {
    text: `Take the right from everybody and find out what gave it: a \`chmod 666\` in a start script, or \`SocketMode=\` of \`docker.socket\`.${where} Who needs Docker joins its group, or gets \`--group-add\`.`,
    commands: [...group, `sudo chmod 0660 ${shellQuote(path)}`, "systemctl cat docker.socket | grep -i SocketMode"],
    kind: "host"
  };
}
function forRefused(path, situation) {
  const restart = [
    "systemctl status docker.socket docker.service",
    "sudo systemctl restart docker.socket docker.service"
  ];
  if (!situation.inContainer) {
    return {
      text: "Start Docker. If it does not come up, its log says why.",
      commands: [...restart, "journalctl -u docker --since -1h --no-pager | tail -50"],
      kind: "host"
    };
  }
  return {
    text: `Start Docker on the host. If it runs, this job has an old socket: a mount of ${code(path)} keeps the file of the daemon that was there when the mount was made. Where the runner itself runs in a container, restart it after every restart of Docker.`,
    commands: [...restart, ...restartRunner(situation)],
    kind: "host"
  };
}

// src/checks/gpu/driver-findings.ts
var driver_findings_exports = {};
__export(driver_findings_exports, {
  caseOf: () => caseOf,
  explain: () => explain
});

// src/checks/gpu/seen.ts
function gpuNodes(nvidia2) {
  var _a;
  const paths = ((_a = nvidia2.nodes) != null ? _a : []).map(({ path }) => path);
  return paths.filter((path) => /^\/dev\/(?:nvidia\d+|dxg)$/.test(path));
}

// src/checks/runner/labels.ts
function restartCommand(job) {
  const service2 = holdsFor(runnerKnowledge("old-name"), job.runnerVersion) === "yes" ? "act_runner" : "gitea-runner";
  return `sudo systemctl restart ${job.system === "forgejo" ? "forgejo-runner" : service2}`;
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
  const version = giteaRunnerVersion(job);
  const fromWorkflow = holdsFor(droppedFromWorkflows, version) === "no" ? "" : " The workflow's own `container.options` is no place for it: there the runner drops it.";
  const byVersion = dropsGpuOption(job) === "unknown" ? ` Runners ${versionsOf(dropped)} drop it there too, unless \`container.privileged\` is \`true\`: with one of them, upgrade first.` : "";
  return fromWorkflow + byVersion;
}

// src/checks/gpu/driver-findings.ts
function caseOf(nvidia2, container, job, state) {
  return { nvidia: nvidia2, job, inContainer: container.mode === "container", state };
}
function explain(found) {
  return explanations[found.state.reason](found);
}
var explanations = {
  "smi-missing": smiMissing,
  "driver-not-loaded": driverNotLoaded,
  "library-missing": libraryMissing,
  "library-mismatch": libraryMismatch,
  "nvml-unknown-error": unknownError,
  "insufficient-permissions": insufficientPermissions,
  "access-blocked": accessBlocked,
  "no-devices": noDevices,
  "gpu-lost": gpuLost,
  "reset-required": resetRequired,
  "insufficient-power": insufficientPower,
  timeout,
  broken
};
var kernelLog = "sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20";
function onHost(found, text) {
  return found.inContainer ? `On the runner's host, ${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}
function smiMissing({ nvidia: nvidia2, job, inContainer, state }) {
  const { smiOffPath, smiUnusable, kernelDriver } = nvidia2;
  if (nvidia2.smi !== void 0) {
    return {
      message: `${code(nvidia2.smi)} starts another \`nvidia-smi\` that does not exist: ${code(state.text)}.`,
      remedy: {
        text: "Look at what lies there, and put the driver's own `nvidia-smi` in its place.",
        commands: [`file -L ${shellQuote(nvidia2.smi)}`, `head -n 5 ${shellQuote(nvidia2.smi)}`],
        kind: inContainer ? "image" : "host"
      }
    };
  }
  if (smiUnusable) {
    return {
      message: `${code(smiUnusable.path)} is there, but cannot be started: ${smiUnusable.kind === "dangling-link" ? "the link leads nowhere" : "it may not be executed"}.`,
      remedy: {
        text: "Look at it, and install the driver's utilities again.",
        commands: [`ls -lL ${shellQuote(smiUnusable.path)}; ls -l ${shellQuote(smiUnusable.path)}`],
        kind: inContainer ? "image" : "host"
      }
    };
  }
  if (smiOffPath !== void 0) {
    const directory = smiOffPath.replace(/\/nvidia-smi$/, "");
    return {
      message: `\`nvidia-smi\` is at ${code(smiOffPath)}, but that directory is not on this job's \`PATH\`.`,
      remedy: onPath(directory, inContainer)
    };
  }
  if (inContainer) {
    return {
      message: `There is no \`nvidia-smi\` in this container${gpuNodes(nvidia2).length > 0 ? ", although it has the device nodes of a GPU" : ", and no device node of a GPU"}.`,
      why: "NVIDIA's toolkit puts `nvidia-smi`, the driver's libraries and the device nodes into a container that is given a GPU. Without them CUDA programs fail, or run on the CPU.",
      remedy: {
        ...giveGpu(job),
        otherwise: {
          text: "If that is how the runner is set up already, see on its host whether Docker can do it at all.",
          commands: ["nvidia-smi", "docker run --rm --gpus all ubuntu nvidia-smi"],
          kind: "host"
        }
      }
    };
  }
  if (kernelDriver !== void 0) {
    return {
      message: `NVIDIA's kernel module ${kernelDriver} is loaded, but \`nvidia-smi\` is not installed.`,
      remedy: {
        text: "Install the driver's utilities, of the same version as the module.",
        commands: [`sudo apt-get install -y nvidia-utils-${kernelDriver.split(".", 1)[0]}   # Debian: nvidia-smi`],
        kind: "host"
      }
    };
  }
  return noDriverAtAll(nvidia2);
}
function onPath(directory, inContainer) {
  if (inContainer) {
    return {
      text: "Add the directory to the image's `PATH`.",
      commands: [`ENV PATH="${directory}:$PATH"   # in the Dockerfile`],
      kind: "image"
    };
  }
  return {
    text: "A service has a `PATH` of its own: add the directory to the runner's unit, and restart it.",
    commands: ["sudo systemctl edit gitea-runner", "sudo systemctl restart gitea-runner"],
    config: {
      file: "the drop-in that `systemctl edit` opens",
      language: "ini",
      text: `[Service]
Environment=PATH=${directory}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`
    },
    kind: "host"
  };
}
function noDriverAtAll({ pciDevices }) {
  if ((pciDevices == null ? void 0 : pciDevices.length) === 0) {
    return {
      message: "There is no `nvidia-smi`, no kernel module and no NVIDIA device on the PCI bus: this machine has no GPU.",
      why: "Jobs come here because the runner's label promises a GPU.",
      remedy: {
        text: "Take the label for GPU jobs from this runner. If there should be a card: see whether it sits firmly and has power, and whether the hypervisor passes it on to this machine.",
        commands: ["lspci -nn | grep -i nvidia"],
        kind: "runner"
      }
    };
  }
  return {
    message: "`nvidia-smi` is not installed, and NVIDIA's kernel module is not loaded.",
    remedy: {
      text: "Install NVIDIA's driver (the name of the package is that of the distribution), and restart the machine.",
      commands: ["sudo ubuntu-drivers install   # Debian: sudo apt-get install nvidia-driver", "sudo reboot"],
      kind: "host"
    }
  };
}
function driverNotLoaded(found) {
  var _a, _b;
  const { nvidia: nvidia2, inContainer } = found;
  const holders = ((_a = nvidia2.pciDevices) != null ? _a : []).map(({ driver }) => driver);
  const said = "`nvidia-smi` cannot reach NVIDIA's kernel driver";
  if (nvidia2.kernelDriver !== void 0) {
    return {
      message: `${said}, although the module ${nvidia2.kernelDriver} is loaded.`,
      remedy: {
        text: onHost(
          found,
          "See whether `nvidia-smi` works there and whether the device nodes exist; create them, or restart the machine."
        ),
        commands: ["nvidia-smi", "ls -l /dev/nvidia*", "sudo nvidia-modprobe -c 0 -u", kernelLog],
        kind: "host",
        ...inContainer && { otherwise: withoutOtherwise(giveGpu(found.job)) }
      }
    };
  }
  if (holders.includes("nouveau")) {
    return {
      message: `${said}: the GPU is held by \`nouveau\`, the free driver, so NVIDIA's module cannot be loaded.`,
      remedy: {
        text: onHost(found, "Keep `nouveau` from loading, and restart the machine."),
        commands: [
          "printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf",
          "sudo update-initramfs -u && sudo reboot"
        ],
        kind: "host"
      }
    };
  }
  if (holders.some((driver) => driver.startsWith("vfio"))) {
    return {
      message: `${said}: the GPU is held by \`vfio-pci\`, set aside for a virtual machine.`,
      remedy: {
        text: "Give the GPU back to the host (undo the `vfio-pci` binding), or take the label for GPU jobs from this runner and run one inside the virtual machine.",
        commands: ["lspci -nnk | grep -A3 -i nvidia", "grep -rs vfio /etc/modprobe.d /etc/default/grub"],
        kind: "host"
      }
    };
  }
  const noCard = ((_b = nvidia2.pciDevices) == null ? void 0 : _b.length) === 0 ? " The PCI bus shows no NVIDIA device either: if this machine has no GPU, take the label for GPU jobs from its runner." : "";
  return {
    message: `${said}: the module is not loaded.`,
    remedy: {
      text: `${onHost(found, "Load the module. Where that fails, it was mostly not built for the running kernel (after a kernel upgrade, without its headers), or Secure Boot refuses it.")}${noCard}`,
      commands: [
        "sudo modprobe nvidia && nvidia-smi",
        "dkms status; mokutil --sb-state",
        'sudo apt-get install -y "linux-headers-$(uname -r)" && sudo dkms autoinstall && sudo modprobe nvidia',
        kernelLog
      ],
      kind: "host"
    }
  };
}
function libraryMissing({ nvidia: nvidia2, state, inContainer, job }) {
  var _a;
  const loader = /shared librar|relocating/i.test(state.text);
  if (inContainer) {
    return {
      message: loader ? `\`nvidia-smi\` cannot be loaded in this container: ${code(state.text)}.` : "`nvidia-smi` is in this container, but the driver's library `libnvidia-ml.so.1` is not.",
      why: "NVIDIA's toolkit puts both in from the host. Where only the tool is there, it comes from the image, and nothing of the driver was put in.",
      remedy: {
        ...giveGpu(job),
        otherwise: {
          text: "An image that is given a GPU and fails all the same: remove the `nvidia-utils` that it brings along, and use one with glibc (not Alpine), where the toolkit's `ldconfig` works.",
          commands: [
            "apt-get purge -y 'nvidia-utils-*' 'libnvidia-*'   # in the Dockerfile",
            "ldconfig -p | grep libnvidia-ml"
          ],
          kind: "image"
        }
      }
    };
  }
  const major = (_a = nvidia2.kernelDriver) == null ? void 0 : _a.split(".", 1)[0];
  return {
    message: loader ? `\`nvidia-smi\` cannot be loaded: ${code(state.text)}.` : "`nvidia-smi` is installed, but the driver's library `libnvidia-ml.so` is not to be found.",
    remedy: {
      text: "Install the driver's libraries of the same version as the tool and the module, or tell the loader where they are.",
      commands: [
        "ldconfig -p | grep libnvidia-ml; find / -xdev -name 'libnvidia-ml.so*' 2>/dev/null",
        ...major === void 0 ? [] : [`sudo apt-get install -y --reinstall libnvidia-compute-${major}   # Debian: libnvidia-ml1`],
        "sudo ldconfig"
      ],
      kind: "host"
    }
  };
}
function libraryMismatch(found) {
  var _a, _b, _c;
  const { nvidia: nvidia2, inContainer } = found;
  const library2 = (_c = /nvml library version:\s*([\d.]+)/i.exec((_b = (_a = nvidia2.run) == null ? void 0 : _a.messages) != null ? _b : "")) == null ? void 0 : _c[1];
  const { kernelDriver } = nvidia2;
  const versions = [
    kernelDriver === void 0 ? void 0 : `the loaded kernel module is ${kernelDriver}`,
    library2 === void 0 ? void 0 : `the libraries are ${library2}`
  ].filter((part) => part !== void 0);
  const what = versions.length > 0 ? `: ${listed(versions)}` : "";
  return {
    message: `NVIDIA's kernel module and its libraries are of different versions${what}. An upgrade has replaced the files, and the old module is still in memory.`,
    remedy: {
      text: onHost(
        found,
        "Restart the machine: that loads the module of the new version. Until then nothing can use the GPU."
      ),
      commands: ["sudo reboot"],
      kind: "host",
      otherwise: {
        text: `Without a restart: stop whatever uses the GPU, and reload the module.${inContainer ? " If `nvidia-smi` works on the host, the image brings along libraries of its own: remove them." : ""} To keep unattended upgrades from doing it again, hold the packages (\`apt-mark hold\`).`,
        commands: [
          "sudo fuser -v /dev/nvidia*",
          "sudo systemctl stop nvidia-persistenced",
          "sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo modprobe nvidia",
          "nvidia-smi"
        ],
        kind: "host"
      }
    }
  };
}
function unknownError(found) {
  const { inContainer, state } = found;
  if (state.gpu === void 0 && inContainer) {
    return {
      message: "The container has lost its access to the GPU: NVML answers `Unknown Error`.",
      why: "`systemctl daemon-reload` on the host (any package upgrade does it) makes systemd set up the container's cgroup anew, without the GPU that NVIDIA's runtime had added behind its back. Every CUDA program in this container fails from then on.",
      remedy: {
        text: "Start the job again: a new container has access. To end it for good, let Docker manage the cgroups itself (`cgroupfs`) on the runner's host.",
        config: {
          file: "/etc/docker/daemon.json",
          language: "json",
          text: '{ "exec-opts": ["native.cgroupdriver=cgroupfs"] }'
        },
        commands: ["sudo systemctl restart docker"],
        kind: "host",
        otherwise: {
          text: "Or give the GPU through CDI, which systemd knows of: `--device nvidia.com/gpu=all` instead of `--gpus all` in `container.options`.",
          commands: ["sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"],
          kind: "host"
        }
      }
    };
  }
  const who = state.gpu === void 0 ? "NVML" : `GPU ${code(state.gpu)}`;
  const words = /^unknown error$/i.test(state.text) ? "" : `: ${code(state.text)}`;
  return {
    message: `${who} answers \`Unknown Error\`${words}.`,
    remedy: {
      text: onHost(
        found,
        "Look into the kernel's log: an `Xid` there says what happened to the card (79: it has fallen off the bus). A restart mostly brings it back; where it returns, look at power, seat and temperature of the card."
      ),
      commands: [kernelLog, "sudo reboot"],
      kind: "host"
    }
  };
}
function insufficientPermissions(found) {
  var _a;
  const { nvidia: nvidia2, inContainer, job } = found;
  const shut = ((_a = nvidia2.nodes) != null ? _a : []).filter(({ usable }) => !usable);
  if (shut.length === 0) {
    return {
      message: "The driver denies access to the GPU (`Insufficient Permissions`), although the device nodes may be read and written.",
      remedy: inContainer ? {
        text: "The container's cgroup does not allow the device: a node that was mounted, not given. Give the GPU by `--gpus all` instead.",
        kind: "runner",
        otherwise: withoutOtherwise(giveGpu(job))
      } : {
        text: "Something else denies it: the device rules of the runner's unit (`DeviceAllow`, `PrivateDevices`), SELinux or AppArmor.",
        commands: [
          "systemctl cat gitea-runner | grep -iE 'device|protect'",
          "sudo ausearch -m avc -ts recent; sudo dmesg | grep -i apparmor | tail"
        ],
        kind: "host"
      }
    };
  }
  const nodes = shut.map(({ path, mode, gid }) => `${code(path)} (${octal(mode & 4095)}, group ${gid})`);
  return {
    message: `This user may not use the GPU: ${listed(nodes)}.`,
    remedy: intoGroup(shut, inContainer, job)
  };
}
function intoGroup(shut, inContainer, job) {
  var _a;
  const forGroup = shut.find(({ gid, mode }) => gid !== 0 && (mode & 48) === 48);
  const forAll = {
    text: "Open the device nodes to every user, as the driver does by default, and restart the machine.",
    commands: [
      "echo 'options nvidia NVreg_DeviceFileMode=0666' | sudo tee /etc/modprobe.d/nvidia-device-files.conf",
      "sudo update-initramfs -u && sudo reboot"
    ],
    kind: "host"
  };
  if (!forGroup) return forAll;
  if (inContainer) {
    return {
      text: `Let the container's user into group ${forGroup.gid}, which the nodes belong to: add it to \`container.options\` of the runner.`,
      config: {
        file: "config.yaml",
        language: "yaml",
        text: `container:
  options: --gpus all --group-add ${forGroup.gid}`
      },
      commands: (_a = giveGpu(job).commands) != null ? _a : [],
      kind: "runner",
      otherwise: forAll
    };
  }
  return {
    text: "Add the runner's user to the group of the nodes, and restart the runner: a running process keeps its old groups.",
    commands: [
      `sudo usermod -aG "$(stat -c %G ${shellQuote(forGroup.path)})" gitea-runner   # the user that the runner runs as`,
      "sudo systemctl restart gitea-runner"
    ],
    kind: "host",
    otherwise: forAll
  };
}
function accessBlocked(found) {
  var _a, _b;
  const wsl = ((_a = found.nvidia.nodes) != null ? _a : []).some(({ path }) => path === "/dev/dxg") || ((_b = found.nvidia.smi) == null ? void 0 : _b.startsWith("/usr/lib/wsl/"));
  return {
    message: "The operating system denies access to the GPU (`GPU access blocked by the operating system`).",
    remedy: wsl ? {
      text: "On WSL the driver is that of Windows: update it and WSL, and start both anew.",
      commands: ["wsl --update   # in Windows", "wsl --shutdown   # in Windows"],
      kind: "host"
    } : {
      text: onHost(
        found,
        "See what keeps the driver out: in a virtual machine the hypervisor (how it passes the card on, a missing vGPU licence), else the kernel's lockdown."
      ),
      commands: [kernelLog, "cat /sys/kernel/security/lockdown", "systemd-detect-virt"],
      kind: "host"
    }
  };
}
function noDevices(found) {
  const { inContainer, nvidia: nvidia2, job } = found;
  const check = {
    text: "See in the kernel's log why the driver left the card out: `RmInitAdapter failed` (power, seat, or a card that broke), or a card that this branch or flavour of the driver does not support (new cards need the open kernel modules, old ones an older branch).",
    commands: ["lspci -nnk | grep -A3 -i nvidia", kernelLog],
    kind: "host"
  };
  const visible = nvidia2.visibleDevices === void 0 ? "" : ` \`NVIDIA_VISIBLE_DEVICES\` is ${code(nvidia2.visibleDevices)}.`;
  if (inContainer) {
    return {
      message: `The driver answers in this container, but shows it no GPU.${visible}`,
      remedy: { ...giveGpu(job), otherwise: check }
    };
  }
  return { message: "The driver is loaded, but it finds no GPU that it can use.", remedy: check };
}
function gpuLost(found) {
  return {
    message: `${nameOf(found)} is lost: it answers no more on the PCI bus. While one GPU is lost, \`nvidia-smi\` stops at it and hides the healthy ones.`,
    remedy: {
      text: onHost(
        found,
        "Restart the machine, best by switching it off: a lost card needs its power cut. If it happens again, look for the `Xid` in the kernel's log, and at power supply, cables, seat and temperature of the card."
      ),
      commands: [kernelLog, "sudo poweroff"],
      kind: "host"
    }
  };
}
function resetRequired(found) {
  var _a;
  const { state } = found;
  return {
    message: `${nameOf(found)} needs a reset before it can be used again.`,
    remedy: {
      text: onHost(found, "Stop whatever uses the GPU, and reset it. Where the reset is refused, restart the machine."),
      commands: [
        "sudo fuser -v /dev/nvidia*",
        `sudo nvidia-smi --gpu-reset -i ${shellQuote((_a = state.gpu) != null ? _a : "0")}`,
        "sudo reboot   # if that is refused"
      ],
      kind: "host"
    }
  };
}
function insufficientPower(found) {
  return {
    message: `${nameOf(found)} does not get enough power.`,
    remedy: {
      text: "Somebody has to look at the machine: all power cables of the card must be attached, seated firmly, and come from a power supply that is strong enough.",
      commands: ["sudo poweroff"],
      kind: "host"
    }
  };
}
function timeout(found) {
  const { run } = found.nvidia;
  if ((run == null ? void 0 : run.kind) !== "timed-out") {
    return {
      message: `The driver gave up waiting for the GPU: ${code(found.state.text)}.`,
      remedy: hungRemedy(found, "")
    };
  }
  const seconds2 = Math.round(run.ms / 100) / 10;
  if (run.abandoned) {
    return {
      message: `\`nvidia-smi\` did not answer within ${seconds2} s, and not even \`SIGKILL\` ended it: it hangs inside the kernel.`,
      why: "Every program that touches the GPU will hang the same way, and cannot be killed. A job that does so blocks its runner.",
      remedy: hungRemedy(found, " Only a restart of the machine ends such a process.")
    };
  }
  return {
    message: `\`nvidia-smi\` did not answer within ${seconds2} s.`,
    remedy: {
      ...hungRemedy(found, ""),
      otherwise: {
        text: "If it is only slow: without a client the driver sets up every GPU anew on each call. Persistence mode keeps them ready.",
        commands: ["time nvidia-smi", "sudo systemctl enable --now nvidia-persistenced"],
        kind: "host"
      }
    }
  };
}
function hungRemedy(found, restart) {
  return {
    text: `${onHost(found, "Look for an `Xid` or a hung task in the kernel's log.")}${restart}`,
    commands: ["sudo dmesg | grep -iE 'nvrm|xid|hung task|blocked for more' | tail -n 20", "sudo reboot"],
    kind: "host"
  };
}
function broken(found) {
  var _a, _b, _c;
  const { nvidia: nvidia2, state, inContainer } = found;
  if (((_a = nvidia2.run) == null ? void 0 : _a.kind) === "not-started") {
    return {
      message: `${code((_b = nvidia2.smi) != null ? _b : "nvidia-smi")} is there, but ${state.text}: its loader or interpreter is missing, or it is for another kind of machine.`,
      remedy: {
        text: "NVIDIA's programs need glibc. In an image with musl (Alpine) they do not run: use one of Debian or Ubuntu.",
        commands: [`file -L ${shellQuote((_c = nvidia2.smi) != null ? _c : "nvidia-smi")}`],
        kind: inContainer ? "image" : "host"
      }
    };
  }
  return {
    message: `\`nvidia-smi\` fails: ${code(state.text)}.`,
    remedy: {
      text: onHost(
        found,
        "Run it by hand and look into the kernel's log. What an upgrade or a crash left behind mostly goes with a restart; else install the driver again."
      ),
      commands: ["nvidia-smi", kernelLog, "sudo reboot"],
      kind: "host"
    }
  };
}
function nameOf({ state }) {
  return state.gpu === void 0 ? "A GPU" : `GPU ${code(state.gpu)}`;
}
function withoutOtherwise({ otherwise: _, ...remedy }) {
  return remedy;
}

// src/checks/network/connection.ts
var connection_exports = {};
__export(connection_exports, {
  causeOf: () => causeOf,
  describeFailure: () => describeFailure,
  tellFailure: () => tellFailure
});

// src/own.ts
function own(record, key) {
  var _a;
  return (_a = Object.getOwnPropertyDescriptor(record, key)) == null ? void 0 : _a.value;
}

// src/checks/network/connection.ts
var certificates = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  HOSTNAME_MISMATCH: "its certificate is for another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that is not known here",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate is signed by an authority that is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by an authority that is not known here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by an authority that is not known here",
  CERT_REVOKED: "its certificate has been revoked",
  CERT_UNTRUSTED: "its certificate is not trusted",
  CERT_REJECTED: "its certificate is rejected",
  CERT_SIGNATURE_FAILURE: "the signature of its certificate is wrong",
  CERT_CHAIN_TOO_LONG: "the chain of its certificates is too long",
  INVALID_CA: "an authority of its certificate is none",
  INVALID_PURPOSE: "its certificate is made for another purpose"
};
function causeOf({ code: errno, at }) {
  if (at === "proxy") return "proxy";
  if (own(certificates, errno) !== void 0) return "untrusted";
  if (/^(?:EPROTO|ERR_SSL_.*)$/.test(errno)) return "no-tls";
  if (errno.startsWith("HPE_")) return "not-http";
  switch (errno) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return "unresolvable";
    case "ECONNREFUSED":
      return "refused";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
    case "EADDRNOTAVAIL":
      return "no-way";
    case "ECONNRESET":
    case "EPIPE":
      return "broken";
    default:
      return "other";
  }
}
function describeFailure(failure, via) {
  var _a;
  switch (causeOf(failure)) {
    case "unresolvable":
      return failure.code === "ENOTFOUND" ? "nobody here knows an address for that name" : "no nameserver could say an address for that name";
    case "untrusted":
      return (_a = own(certificates, failure.code)) != null ? _a : "its certificate is not trusted";
    case "no-tls":
      return "TLS fails there: most often that is a port without TLS";
    case "refused":
      return "nobody listens there";
    case "no-way":
      return "no way leads there from this network";
    case "broken":
      return "the connection is accepted and broken off at once";
    case "not-http":
      return "what answers there does not speak HTTP";
    case "proxy":
      return proxyTrouble(failure, via);
    case "other":
      return code(failure.code);
  }
}
function proxyTrouble({ code: errno }, via) {
  const proxy = `the proxy${via === void 0 ? "" : ` ${code(via)}`}`;
  switch (errno) {
    case "HTTP_407":
      return `${proxy} wants a user and a password`;
    case "HTTP_403":
      return `${proxy} forbids it`;
    case "ECONNREFUSED":
      return `nobody listens at ${proxy}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name of ${proxy} has no address here`;
    default:
      return errno.startsWith("HTTP_") ? `${proxy} gets no connection (status ${errno.slice("HTTP_".length)})` : `${proxy} fails with ${code(errno)}`;
  }
}
function tellFailure(answer) {
  switch (answer.kind) {
    case "timed-out":
      return "no answer within the deadline";
    case "other-proxy":
      return "not asked";
    case "failed":
      return `${answer.code}: ${answer.message}`;
  }
}

// src/checks/resources/floors.ts
var floors_exports = {};
__export(floors_exports, {
  allow: () => allow,
  demandFor: () => demandFor,
  fewerJobs: () => fewerJobs,
  lowerFloor: () => lowerFloor,
  mebibytes: () => mebibytes
});
function demandFor(key, amount, policy) {
  const source = policy.sources[key];
  return `${source === void 0 ? `the profile ${code(policy.profile)}` : code(source)} asks for ${amount}`;
}
function allow(situation, { cause, option, unit }) {
  if (situation.inRunnerContainer) {
    return {
      text: `${cause} This job runs on the runner's own system, and that is a container: start it anew with \`${option}\`.`,
      commands: [`docker run ${option} \u2026`],
      kind: "host"
    };
  }
  if (situation.inContainer) {
    return {
      text: `${cause} Write \`${option}\` into the container's options, beside what is there already.`,
      ...addOption(situation, option)
    };
  }
  return {
    text: `${cause} The service of the runner hands its limits down to its jobs: set them in its unit.`,
    config: {
      file: `the drop-in that \`sudo systemctl edit ${service(situation)}\` opens`,
      language: "ini",
      text: `[Service]
${unit}`
    },
    commands: restartRunner(situation),
    kind: "host"
  };
}
function service({ system }) {
  return system === "forgejo" ? "forgejo-runner" : "gitea-runner";
}
function fewerJobs(situation) {
  return {
    text: "Let the runner take fewer jobs at a time.",
    config: { file: configFile, language: "yaml", text: "runner:\n  capacity: 1" },
    commands: restartRunner(situation),
    kind: "runner"
  };
}
function lowerFloor(key) {
  return {
    text: `If the jobs of this label get by with less, say so: \`${key}\` in its profile of the policy file sets the floor.`,
    kind: "workflow"
  };
}
function mebibytes(bytes) {
  const size = Math.max(1, Math.ceil(bytes / 2 ** 20));
  return size % 1024 === 0 ? `${size / 1024}g` : `${size}m`;
}

// src/checks/resources/remedies.ts
var remedies_exports = {};
__export(remedies_exports, {
  freeRemedy: () => freeRemedy,
  inodesRemedy: () => inodesRemedy
});
function freeRemedy(level, container) {
  var _a, _b;
  const { place, name } = level;
  const path = shellQuote((_a = place.measuredAt) != null ? _a : place.path);
  if (((_b = place.mount) == null ? void 0 : _b.fsType) === "tmpfs") return memoryRemedy(place, "size", `${Math.ceil(level.floor / 2 ** 30)}G`);
  if (name === "docker-root" || container.mode === "container") {
    return {
      text: `${name === "docker-root" ? "" : "What a container job sees as its disk lies on the runner's host, mostly in Docker's data directory. "}Unused images and the build cache fill that first: see there how much they take, then remove what is older than a week and unused.`,
      commands: [
        "docker system df",
        "docker builder prune --filter until=168h",
        "docker image prune --all --filter until=168h"
      ],
      kind: "host",
      otherwise: lowerFloor2(name, "min-free-disk")
    };
  }
  return {
    text: "See what takes the space. On a build host it is mostly `target` directories of old checkouts, the runner's own caches, and Docker's images and build cache.",
    commands: [
      `df -h ${path}`,
      `sudo du -xh --max-depth=3 ${path} | sort -h | tail -20`,
      ...container.mode === "host" ? ["du -sh ~/.cache/act ~/.cache/actcache", "docker system df"] : []
    ],
    kind: "host",
    otherwise: lowerFloor2(name, "min-free-disk")
  };
}
function inodesRemedy(level, container) {
  var _a, _b;
  const { place, name } = level;
  const path = shellQuote((_a = place.measuredAt) != null ? _a : place.path);
  if (((_b = place.mount) == null ? void 0 : _b.fsType) === "tmpfs") return memoryRemedy(place, "nr_inodes", String(level.floor));
  const docker2 = name === "docker-root" || container.mode === "container";
  return {
    text: `Look for the directories with the most files, and delete those that nobody needs: \`node_modules\`, \`target\`, registries of cargo and npm${docker2 ? ", and the layers of unused images in Docker's data directory on the runner's host" : ""}. An ext4 file system gets its number of inodes when it is made; only a new one (\`mkfs.ext4 -N\`), or XFS, has more.`,
    commands: docker2 ? [
      "df -i /var/lib/docker",
      "docker image prune --all --filter until=168h",
      "docker builder prune --filter until=168h"
    ] : [`df -i ${path}`, `sudo du -x --inodes --max-depth=3 ${path} | sort -n | tail -20`],
    kind: "host",
    otherwise: lowerFloor2(name, "min-free-inodes")
  };
}
function memoryRemedy(place, option, amount) {
  var _a, _b;
  const on = (_b = (_a = place.mount) == null ? void 0 : _a.target) != null ? _b : place.path;
  return {
    text: "This is a file system in memory (tmpfs), as big as it was made. Put the directory onto a disk, or make it bigger where there is memory for it.",
    commands: [`sudo mount -o remount,${option}=${amount} ${shellQuote(on)}`],
    kind: "host"
  };
}
function lowerFloor2(name, input) {
  const where = name === "workspace" ? `the input \`${input}\`` : "`disk` in its profile of the policy file";
  return { text: `If the jobs of this label get by with less, say so: ${where} sets the floor.`, kind: "workflow" };
}

// src/checks/resources/writable-remedies.ts
var writable_remedies_exports = {};
__export(writable_remedies_exports, {
  remedyOf: () => remedyOf
});
function remedyOf(trouble, place, facts, container) {
  var _a;
  const path = shellQuote((_a = place.directory) != null ? _a : place.path);
  const inContainer = container.mode === "container";
  switch (trouble) {
    case "read-only":
      return {
        text: inContainer ? "Look for `:ro` at a volume, or `--read-only`, in `container.options` of the runner's `config.yaml` and in the job's `container`. If neither is there, the disk of the runner's host went read-only." : "See how it is mounted. A disk that the kernel made read-only after an error says so in its log, and wants a check before it is used again.",
        commands: inContainer ? [`findmnt --target ${path}`] : [`findmnt --target ${path}`, "sudo dmesg | grep -iE 'remount|I/O error|EXT4-fs error' | tail"],
        kind: inContainer ? "runner" : "host",
        otherwise: {
          text: "A service of systemd sees the system read-only where its unit says `ProtectSystem=` or `ProtectHome=`: let it write there.",
          config: { file: "gitea-runner.service", language: "ini", text: `[Service]
ReadWritePaths=${place.path}` },
          kind: "host"
        }
      };
    case "no-space":
      return {
        text: "Free some space, or raise the quota where there is one. Look at inodes too: without a free one no file can be made, however much space there is.",
        commands: [`df -h ${path}`, `df -i ${path}`, `sudo du -xh --max-depth=3 ${path} | sort -h | tail -20`],
        kind: "host"
      };
    case "not-writable":
      return permissionRemedy(path, place, facts, inContainer);
  }
}
function permissionRemedy(path, place, { uid, gid }, inContainer) {
  var _a;
  if (uid === 0) {
    return {
      text: "Even root is refused, so it is no matter of permission bits: NFS with `root_squash`, a user namespace that does not map the owner, or SELinux or AppArmor. See which.",
      commands: [`ls -ldn ${path}`, `findmnt --target ${path}`, "cat /proc/self/uid_map"],
      kind: "host"
    };
  }
  const look = `ls -ldn ${path}`;
  if (place.uid !== void 0 && place.uid === uid) {
    return {
      text: "The directory is the job's own, but its mode lets nobody write.",
      commands: [look, `chmod u+rwx ${path}`],
      kind: "host"
    };
  }
  const owner = uid === void 0 ? void 0 : `-o ${uid} -g ${gid != null ? gid : uid}`;
  if (place.directory !== void 0 && place.directory !== place.path && owner !== void 0) {
    return {
      text: "The directory does not exist, and the job's user may not make it. Make it for that user.",
      commands: [`sudo install -d ${owner} ${shellQuote(place.path)}`],
      kind: "host"
    };
  }
  if (place.name === "home") return homeRemedy(place, owner, inContainer);
  if (place.name === "temp") {
    return {
      text: "A directory for temporary files belongs to everybody (mode 1777), or to the job's user alone.",
      commands: [look, `sudo chmod 1777 ${path}`],
      kind: inContainer ? "image" : "host"
    };
  }
  const ofSystem = /^\/[^/]*$/.test((_a = place.directory) != null ? _a : place.path);
  return {
    text: `Mostly these are leftovers of a container that ran as root in this directory. Give it to the job's user${inContainer ? ", on the runner's host if it is mounted from there" : ""}.`,
    commands: uid === void 0 || ofSystem ? [look] : [look, `sudo chown -R ${uid}:${gid != null ? gid : uid} ${path}`],
    kind: "host",
    otherwise: inContainer ? { text: "Or let the job run as the directory's owner: `--user` in `container.options`.", kind: "runner" } : {
      text: 'So that it does not happen again, let containers that write into the workspace run as its owner: `docker run --user "$(id -u):$(id -g)"`.',
      kind: "workflow"
    }
  };
}
function homeRemedy(place, owner, inContainer) {
  const text = `${code(place.path)} is another user's home. Name one of the job's own user.`;
  if (inContainer) {
    return {
      text,
      config: {
        file: "Dockerfile",
        language: "dockerfile",
        text: `RUN install -d ${owner != null ? owner : "-o <uid> -g <gid>"} /home/ci
ENV HOME=/home/ci`
      },
      kind: "image"
    };
  }
  return {
    text,
    config: { file: "gitea-runner.service", language: "ini", text: "[Service]\nEnvironment=HOME=/home/<user>" },
    commands: ["sudo systemctl edit gitea-runner", "sudo systemctl restart gitea-runner"],
    kind: "host"
  };
}

// src/checks/toolchain/install.ts
var install_exports = {};
__export(install_exports, {
  choose: () => choose,
  componentOf: () => componentOf,
  dockerfileText: () => dockerfileText,
  hostOrImage: () => hostOrImage,
  installRemedy: () => installRemedy,
  lowestOf: () => lowestOf,
  withRustup: () => withRustup
});
var packages = {
  "c++": "g++",
  ffprobe: "ffmpeg",
  go: "golang-go",
  java: "default-jre-headless",
  ld: "binutils",
  ninja: "ninja-build",
  php: "php-cli",
  pip: "python3-pip",
  pip3: "python3-pip",
  protoc: "protobuf-compiler",
  psql: "postgresql-client",
  python: "python-is-python3",
  ssh: "openssh-client",
  xz: "xz-utils"
};
var components = {
  "cargo-clippy": "clippy",
  "cargo-fmt": "rustfmt",
  "cargo-miri": "miri",
  "clippy-driver": "clippy",
  "rust-analyzer": "rust-analyzer",
  rustdoc: "rustc",
  rustfmt: "rustfmt"
};
function componentOf(program) {
  return own(components, program);
}
var crates = { sqlx: "sqlx-cli", sea: "sea-orm-cli", diesel: "diesel_cli" };
function installRemedy(name, mode, range) {
  if (name === "nvidia-smi") return choose(mode, nvidia.inContainer, nvidia.onHost);
  const recipe = recipeOf(name, range);
  const image = {
    text: `${recipe.text} Add it to the job's image, and pull the new image on the runner's host.`,
    config: { file: "Dockerfile", language: "dockerfile", text: recipe.image.join("\n") },
    kind: "image"
  };
  const host = { text: `${recipe.text} Install it on the runner's host.`, commands: recipe.host, kind: "host" };
  return choose(mode, image, host);
}
function choose(mode, image, host) {
  if (mode === "host") return host;
  return mode === "container" ? image : { ...image, otherwise: host };
}
function dockerfileText(value) {
  return value.replace(/[\u0000-\u001f]/g, "?").replace(/["\\$]/g, "\\$&");
}
function hostOrImage({ mode }) {
  return mode === "host" ? "host" : "image";
}
function lowestOf(range) {
  var _a;
  const floor = (_a = range.anyOf[0]) == null ? void 0 : _a.find(({ operator }) => operator === ">=" || operator === "" || operator === ">");
  if (!floor || floor.numbers.every((number) => number === 0)) return void 0;
  const [major, minor, patch] = floor.numbers;
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}
function recipeOf(name, range) {
  var _a, _b, _c;
  const component2 = componentOf(name);
  if (component2 !== void 0) return withRustup(["component", "add", component2]);
  switch (name) {
    case "rustc":
    case "cargo":
    case "rustup":
      return rust((_a = lowestOf(range)) != null ? _a : "stable");
    case "docker":
      return docker;
    case "node":
    case "npm":
    case "npx":
      return node((_c = (_b = lowestOf(range)) == null ? void 0 : _b.split(".")[0]) != null ? _c : "24");
    case "ollama":
      return script("Ollama has an installer of its own.", "https://ollama.com/install.sh");
    default:
      return name.startsWith("cargo-") || own(crates, name) !== void 0 ? crate(name) : debian(name);
  }
}
function rust(toolchain2) {
  const installer = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs";
  return {
    text: "rustup installs Rust, cargo with it.",
    image: [
      "ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo",
      'ENV PATH="/usr/local/cargo/bin:$PATH"',
      `RUN ${installer} \\`,
      `    | sh -s -- -y --no-modify-path --profile minimal --default-toolchain ${toolchain2} \\`,
      '    && chmod -R a+w "$RUSTUP_HOME" "$CARGO_HOME"'
    ],
    host: [
      "# as the user of the runner",
      `${installer} | sh -s -- -y --profile minimal --default-toolchain ${toolchain2}`,
      "# then put ~/.cargo/bin on the PATH of the runner's service, which reads no shell profile"
    ]
  };
}
function withRustup(args) {
  const command = ["rustup", ...args.map(shellQuote)].join(" ");
  return {
    text: "rustup does this, as the user who owns the toolchains.",
    image: [`RUN ${command}`],
    host: ["# as the user of the runner", command]
  };
}
var docker = {
  text: "Take the client from Docker's own image or packages: those of a distribution are often too old for a current daemon.",
  image: ["COPY --from=docker:cli /usr/local/bin/docker /usr/local/bin/docker"],
  host: ["curl -fsSL https://get.docker.com -o get-docker.sh", "sudo sh get-docker.sh"]
};
function node(major) {
  const setup = `curl -fsSL https://deb.nodesource.com/setup_${major}.x`;
  return {
    text: "Actions written in JavaScript need it too, whatever the job builds.",
    image: [`RUN ${setup} | bash - \\`, "    && apt-get install -y --no-install-recommends nodejs"],
    host: [`${setup} | sudo -E bash -`, "sudo apt-get install -y nodejs"]
  };
}
var nvidia = {
  inContainer: {
    text: "It belongs to the driver of the host, and NVIDIA's container toolkit brings it into a container that asks for GPUs. Let the runner ask for them, and do not install it into the image.",
    config: { file: "config.yaml", language: "yaml", text: "container:\n  options: --gpus all" },
    kind: "runner"
  },
  onHost: {
    text: "It comes with the NVIDIA driver: install your distribution's package of it.",
    commands: ["sudo ubuntu-drivers install", "nvidia-smi"],
    kind: "host"
  }
};
function crate(name) {
  var _a;
  const command = `cargo install --locked ${shellQuote((_a = own(crates, name)) != null ? _a : name)}`;
  return {
    text: "cargo builds and installs it.",
    image: [`RUN ${command}`],
    host: ["# as the user of the runner", command]
  };
}
function debian(name) {
  const known = own(packages, name);
  const wanted = shellQuote(known != null ? known : name);
  return {
    text: `On Debian and Ubuntu the package is ${known === void 0 ? "mostly called like the program" : `\`${known}\``}; on Alpine use \`apk add --no-cache\`.`,
    image: [
      `RUN apt-get update && apt-get install -y --no-install-recommends ${wanted} \\`,
      "    && rm -rf /var/lib/apt/lists/*"
    ],
    host: [`sudo apt-get update && sudo apt-get install -y ${wanted}`]
  };
}
function script(text, url) {
  return { text, image: [`RUN curl -fsSL ${url} | sh`], host: [`curl -fsSL ${url} | sh`] };
}

// src/checks/toolchain/tool-ailments.ts
var tool_ailments_exports = {};
__export(tool_ailments_exports, {
  ailmentFinding: () => ailmentFinding
});

// src/checks/toolchain/paths.ts
function directoryOf(path) {
  const slash = path.lastIndexOf("/");
  return slash < 1 ? "/" : path.slice(0, slash);
}
function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

// src/checks/toolchain/tool-asked.ts
function commandLine(facts) {
  return facts.command.join(" ");
}

// src/checks/toolchain/rustup-remedies.ts
function defaultToolchain(facts, { variant, subject }) {
  const home = variant === "never-set-up" ? ` Mostly the toolchains were installed for another user or another HOME: then set \`RUSTUP_HOME\` (and \`CARGO_HOME\`) to where they are instead. Now rustup looks in ${code(subject != null ? subject : "~/.rustup")}.` : "";
  const { image, host } = withRustup(["default", "stable"]);
  return choose(
    facts.mode,
    {
      text: `Choose a default toolchain in the image, under a \`RUSTUP_HOME\` that every user shares.${home}`,
      config: {
        file: "Dockerfile",
        language: "dockerfile",
        text: ["ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo", ...image].join("\n")
      },
      kind: "image"
    },
    { text: `Choose a default toolchain as the user that the runner runs as.${home}`, commands: host, kind: "host" }
  );
}
function toolchain(name, facts) {
  const { image, host } = withRustup(["toolchain", "install", name, "--profile", "minimal"]);
  return {
    ...choose(
      facts.mode,
      {
        text: "Install the toolchain in the image, so that no job has to download it.",
        config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
        kind: "image"
      },
      { text: "Install the toolchain as the user that the runner runs as.", commands: host, kind: "host" }
    ),
    otherwise: {
      text: "Or ask for one that is installed: the name comes from `RUSTUP_TOOLCHAIN`, from `rust-toolchain.toml` in the workspace, or from rustup's own settings.",
      commands: ["rustup toolchain list", "rustup show"],
      kind: "workflow"
    }
  };
}
function component(name, facts, { subject, within, told }) {
  var _a, _b, _c;
  const advised = (_a = /rustup component add (?:--toolchain \S+ )?([\w-]+)/.exec(told)) == null ? void 0 : _a[1];
  const wanted = (_c = (_b = advised != null ? advised : componentOf(subject != null ? subject : name)) != null ? _b : subject) != null ? _c : name;
  const add = ["component", "add", wanted, ...within === void 0 ? [] : ["--toolchain", within]];
  const { image, host } = withRustup(add);
  return choose(
    facts.mode,
    {
      text: "Add the component to the toolchain in the image.",
      config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
      kind: "image"
    },
    { text: "Add the component as the user that the runner runs as.", commands: host, kind: "host" }
  );
}
function onNightly(name, facts, { subject = name }) {
  const install = ["toolchain", "install", "nightly", "--profile", "minimal", "--component", subject];
  const { image, host } = withRustup(install);
  const use = `Then call it as ${code(name.replace(/^cargo-/, "cargo +nightly "))}, and ask for it in the policy by a \`command\` that names the toolchain.`;
  return choose(
    facts.mode,
    {
      text: `Install a toolchain that has it beside the other one in the image. ${use}`,
      config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
      kind: "image"
    },
    { text: `Install a toolchain that has it beside the other one. ${use}`, commands: host, kind: "host" }
  );
}
function rustupHome(facts, { subject }) {
  const look = subject === void 0 ? [] : [`namei -l ${shellQuote(subject)}`];
  return choose(
    facts.mode,
    {
      text: "Let every user of the image use rustup's home, or point `RUSTUP_HOME` to one that the job's user owns.",
      config: {
        file: "Dockerfile",
        language: "dockerfile",
        text: 'ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo\nRUN chmod -R a+w "$RUSTUP_HOME" "$CARGO_HOME"'
      },
      kind: "image"
    },
    {
      text: "Give the runner's user a home that it may write to, and HOME (or `RUSTUP_HOME`) that names it.",
      commands: [...look, 'sudo chown -R RUNNER_USER: "$RUSTUP_HOME"'],
      kind: "host"
    }
  );
}
function damaged(name, facts) {
  const commands = [`rustup toolchain uninstall ${shellQuote(name)}`, `rustup toolchain install ${shellQuote(name)}`];
  return {
    text: "Install the toolchain anew. An interrupted installation, or two at once, leaves one like this; `rustup component add` does not mend it.",
    commands,
    kind: hostOrImage(facts)
  };
}

// src/checks/toolchain/tool-remedies.ts
function remedyFor(asked, facts, ailment) {
  var _a, _b, _c, _d, _e, _f, _g, _h, _i, _j, _k, _l, _m;
  const { name, expectation } = asked;
  const { mode } = facts;
  const install = () => installRemedy(name, mode, expectation.version);
  const path = (_c = (_b = ailment.subject) != null ? _b : (_a = facts.found) == null ? void 0 : _a.path) != null ? _c : name;
  switch (ailment.variant) {
    case "nowhere":
    case "dangling-link":
    case "shim":
      return install();
    case "place":
      return onPath2(directoryOf(path), facts);
    case "permission":
      return executable(path, facts);
    case "closed":
      return opened(directoryOf(path), install());
    case "architecture":
    case "cpu":
      return rebuilt(name, facts, install());
    case "symbol-version":
    case "symbol":
    case "loader":
    case "foreign-loader":
      return forThisSystem(name, facts, ailment, install());
    case "library":
      return library((_d = ailment.subject) != null ? _d : "", facts);
    case "no-default":
    case "never-set-up":
      return defaultToolchain(facts, ailment);
    case "toolchain":
      return toolchain((_e = ailment.subject) != null ? _e : "stable", facts);
    case "toolchain-path":
      return {
        text: "Put the toolchain there, or name a channel in the toolchain file instead of a path.",
        config: { file: "rust-toolchain.toml", language: "toml", text: '[toolchain]\nchannel = "stable"' },
        kind: "workflow"
      };
    case "component":
      return component(name, facts, ailment);
    case "component-damaged":
      return damaged((_f = ailment.within) != null ? _f : "stable", facts);
    case "component-unavailable":
      return onNightly(name, facts, ailment);
    case "subcommand":
      return subcommand(facts, ailment, install());
    case "rustup-file":
      return {
        text: `Correct ${code(path)}: read what it says, or move it away and let rustup write a new one.`,
        commands: [`cat ${shellQuote(path)}`, "rustup show"],
        kind: path.endsWith("settings.toml") ? hostOrImage(facts) : "workflow"
      };
    case "rustup-home":
      return rustupHome(facts, ailment);
    case "toolchain-damaged":
      return damaged((_g = ailment.subject) != null ? _g : "", facts);
    case "not-a-proxy":
      return {
        ...install(),
        text: `Remove the link ${code((_i = (_h = facts.found) == null ? void 0 : _h.path) != null ? _i : name)}, which hides the real program. ${install().text}`
      };
    case "interpreter":
    case "delegate":
      return {
        ...installRemedy(baseName(path), mode, { text: "*", anyOf: [[]] }),
        text: `Install ${code(baseName(path))} beside it, where jobs find it, or install ${code(name)} anew with what it needs.`
      };
    case "windows-lines":
      return {
        text: "Give the script the line ends of Unix.",
        commands: [`sed -i 's/\\r$//' ${shellQuote((_k = (_j = facts.found) == null ? void 0 : _j.path) != null ? _k : name)}`],
        kind: hostOrImage(facts)
      };
    case "not-a-program":
      return { ...install(), text: `Remove ${code((_m = (_l = facts.found) == null ? void 0 : _l.path) != null ? _m : name)} and install it anew. ${install().text}` };
    case "version":
      return ailment.subject === void 0 ? otherCommand(asked, facts) : numberedBuild(name, install());
    case "usage":
    case "silent":
      return otherCommand(asked, facts);
    case "run":
    case "search":
      return slow(facts, ailment);
    case "signal":
    case "exit":
      return byHand(facts);
  }
}
function onPath2(directory, facts) {
  const image = {
    text: "Put the directory on PATH in the image. A job starts no login shell, so `ENV` is the place: `~/.profile`, `/etc/profile.d` and `~/.cargo/env` are never read.",
    config: { file: "Dockerfile", language: "dockerfile", text: `ENV PATH="${dockerfileText(directory)}:$PATH"` },
    kind: "image"
  };
  const service2 = [directory, ...facts.path].join(":");
  const host = {
    text: "Put the directory on the PATH of the runner's service: systemd reads no shell profile and no `~/.cargo/env`. Restart the runner when no job runs. (An older set-up calls the service `act_runner`.)",
    config: {
      file: "/etc/systemd/system/gitea-runner.service.d/override.conf",
      language: "ini",
      text: `[Service]
Environment="PATH=${systemdText(service2)}"`
    },
    commands: ["sudo systemctl edit gitea-runner # and write these lines", "sudo systemctl restart gitea-runner"],
    kind: "host"
  };
  const step = {
    text: "Until then, a first step of the workflow can do it for the steps after it.",
    commands: [`echo ${shellQuote(directory)} >> "$GITHUB_PATH"`],
    kind: "workflow"
  };
  const remedy = choose(facts.mode, image, host);
  return remedy.otherwise ? remedy : { ...remedy, otherwise: step };
}
function executable(path, facts) {
  var _a;
  const file = facts.unusable.find((entry) => entry.path === path);
  const hasBit = (((_a = file == null ? void 0 : file.mode) != null ? _a : 0) & 73) !== 0;
  return {
    text: hasBit ? "The file has the bit, so it is not meant for this user, or lies on a file system that is mounted `noexec`. See which, then open it or mount it without." : "Make the file executable for everyone who builds.",
    commands: hasBit ? [`namei -l ${shellQuote(path)}`, `findmnt -T ${shellQuote(path)}`, `chmod a+rx ${shellQuote(path)}`] : [`chmod a+rx ${shellQuote(path)}`],
    kind: hostOrImage(facts)
  };
}
function opened(directory, install) {
  return {
    text: `If it is in ${code(directory)}, let everybody enter that directory and those above it, or move the tools to one such as \`/usr/local\`. Tools in \`/root\` are for root only.`,
    commands: [`namei -l ${shellQuote(directory)}`, `chmod a+rx ${shellQuote(directory)}`],
    kind: install.kind,
    otherwise: withoutOtherwise2({ ...install, text: `If it is not there at all: ${install.text}` })
  };
}
function rebuilt(name, facts, install) {
  var _a;
  const platform = (_a = own(platforms, facts.arch)) != null ? _a : `linux/${facts.arch}`;
  const fresh = withoutOtherwise2({
    ...install,
    text: `Install the build of ${code(name)} for ${code(facts.arch)}. ${install.text}`
  });
  if (facts.mode === "host") return fresh;
  return {
    text: "Build the image for the machine that runs it: a file copied from elsewhere, or a base image of another platform, brings programs of that platform along.",
    commands: [`docker buildx build --platform ${shellQuote(platform)} --push --tag IMAGE .`],
    kind: "image",
    otherwise: fresh
  };
}
var platforms = {
  x64: "linux/amd64",
  arm64: "linux/arm64",
  arm: "linux/arm/v7",
  ia32: "linux/386",
  s390x: "linux/s390x",
  ppc64: "linux/ppc64le",
  riscv64: "linux/riscv64"
};
function forThisSystem(name, facts, ailment, install) {
  var _a, _b;
  const other = ailment.variant === "loader" || ailment.variant === "foreign-loader" ? "On Alpine take the package of Alpine (or a build for musl), elsewhere a build for glibc; `apk add gcompat` helps small programs only." : "A base image with a newer system, or a build for an older one, ends it as well: a binary runs on the C library that it was built for and on newer ones.";
  return {
    ...install,
    text: `Install the ${code(name)} that belongs to this system instead of one copied from another. ${other} ${install.text}`,
    otherwise: {
      text: "See what it needs and what is here.",
      commands: [`ldd ${shellQuote((_b = (_a = facts.found) == null ? void 0 : _a.path) != null ? _b : name)}`, "ldd --version", "cat /etc/os-release"],
      kind: install.kind
    }
  };
}
function library(name, facts) {
  var _a, _b;
  const file = shellQuote(baseName(name));
  const find = [
    `ldd ${shellQuote((_b = (_a = facts.found) == null ? void 0 : _a.path) != null ? _b : "")}`,
    `apt-get install -y apt-file && apt-file update && apt-file search ${file}`
  ];
  return {
    text: `Find the package that has ${code(baseName(name))} and install it; installing the tool from the distribution's own package brings its libraries along.`,
    commands: find,
    kind: hostOrImage(facts)
  };
}
function subcommand(facts, { subject = "" }, install) {
  var _a;
  const program = (_a = facts.command[0]) != null ? _a : "";
  const provider = `${program}-${subject}`;
  if (program === "docker") {
    return {
      text: `Docker finds its commands as plugins: install ${code(provider)} (package ${code(`docker-${subject}-plugin`)} of Docker).`,
      commands: [`apt-get install -y ${shellQuote(`docker-${subject}-plugin`)}`],
      kind: install.kind
    };
  }
  return installRemedy(provider, facts.mode, { text: "*", anyOf: [[]] });
}
function numberedBuild(name, install) {
  return {
    ...install,
    text: `Install a release of ${code(name)}, which has a number, or ask for any version (\`*\`) in the profile. ${install.text}`
  };
}
function otherCommand({ name, profile, expectation }, facts) {
  var _a;
  const entry = JSON.stringify({ version: expectation.version.text, command: [(_a = facts.command[0]) != null ? _a : name, "-V"] });
  return {
    text: `See how ${code(name)} wants to be asked for its version, and say so in the policy file.`,
    commands: [`${commandOf(facts)}; echo "exit code $?"`],
    config: {
      file: ".gitea/runner-check.yml",
      language: "yaml",
      text: [
        "version: 1",
        "profiles:",
        `  ${JSON.stringify(profile)}:`,
        "    tools:",
        `      ${JSON.stringify(name)}: ${entry}`
      ].join("\n")
    },
    kind: "workflow"
  };
}
function slow(facts, { variant, subject }) {
  if (variant === "search") {
    return {
      text: "Find the mount whose server does not answer, and mount it again or take it off PATH.",
      commands: ["findmnt --types nfs,nfs4,cifs,fuse", ...subject ? [`timeout 5 ls -d ${shellQuote(subject)}`] : []],
      kind: "host"
    };
  }
  return {
    text: `See what it waits for: a lock, a network, or a device. If the machine is only slow, the input \`timeout\` gives it longer.`,
    commands: [`time timeout 60 ${commandOf(facts)}`, `timeout 10 strace -f ${commandOf(facts)}`],
    kind: hostOrImage(facts)
  };
}
function byHand(facts) {
  var _a, _b;
  return {
    text: "Run it by hand, as the user of the job, and see what it says. If its installation is damaged, install it anew.",
    commands: [commandOf(facts), `ldd ${shellQuote((_b = (_a = facts.found) == null ? void 0 : _a.path) != null ? _b : facts.name)}`],
    kind: hostOrImage(facts)
  };
}
function commandOf(facts) {
  return facts.command.map(shellQuote).join(" ");
}
function withoutOtherwise2({ otherwise: _, ...way }) {
  return way;
}
function systemdText(value) {
  return value.replace(/[\u0000-\u001f]/g, "?").replace(/["\\]/g, "\\$&").split("%").join("%%");
}

// src/checks/toolchain/tool-ailments.ts
function ailmentFinding(asked, facts, ailment) {
  const { name, expectation, location } = asked;
  const { message, observed, why } = wordsFor(name, facts, ailment);
  return {
    kind: "finding",
    reason: ailment.reason,
    message,
    why: why != null ? why : `Every step that calls ${code(name)} fails.`,
    expected: `${code(name)} on PATH and working${expectation.version.text === "*" ? "" : `, version ${code(expectation.version.text)}`}`,
    observed,
    evidence: evidenceOf(facts, ailment),
    remedy: remedyFor(asked, facts, ailment),
    ...location && { location }
  };
}
function wordsFor(name, facts, ailment) {
  var _a, _b, _c, _d, _e, _f, _g, _h, _i, _j, _k, _l, _m, _n, _o, _p, _q, _r, _s, _t, _u, _v, _w;
  const tool = code(name);
  const path = code((_b = (_a = facts.found) == null ? void 0 : _a.path) != null ? _b : name);
  const subject = code((_c = ailment.subject) != null ? _c : "");
  switch (ailment.variant) {
    case "nowhere":
      return {
        message: `${tool} is not installed: it is in none of the directories on PATH, nor in the usual places beside them.`,
        observed: "not found",
        why: `Every step that calls ${tool} fails with ${code(`${name}: command not found`)} (exit code 127).`
      };
    case "dangling-link":
      return {
        message: `${subject} is a link that leads nowhere: what it pointed to was removed or never installed.`,
        observed: "a dangling link"
      };
    case "shim":
      return {
        message: `${path} only hands on to the real ${tool}, and finds none: no version of it is installed or chosen.`,
        observed: "a shim without its tool"
      };
    case "place":
      return {
        message: `${tool} is installed at ${subject}, but that directory is not on PATH, so no step finds it.`,
        observed: `only at ${(_d = ailment.subject) != null ? _d : ""}`,
        why: `Every step that calls ${tool} fails with ${code(`${name}: command not found`)}, although it works in a login shell: a job reads neither \`~/.profile\` nor \`~/.cargo/env\`, it has the PATH of the image or of the runner's service.`
      };
    case "permission":
      return {
        message: `${code((_g = (_f = ailment.subject) != null ? _f : (_e = facts.found) == null ? void 0 : _e.path) != null ? _g : name)} may not be executed by the user of the job${facts.uid === void 0 ? "" : ` (uid ${facts.uid})`}.`,
        observed: "permission denied",
        why: `Every step that calls ${tool} fails with \`Permission denied\` (exit code 126).`
      };
    case "closed":
      return {
        message: `${tool} is in no directory that the user of the job may enter, and ${code(directoryOf((_h = ailment.subject) != null ? _h : "/"))}, which is on PATH, is closed to it${facts.uid === void 0 ? "" : ` (uid ${facts.uid})`}.`,
        observed: "a directory on PATH is closed to this user"
      };
    case "architecture":
      return {
        message: `${path} was built for another architecture${ailment.subject === void 0 ? "" : ` (${code(ailment.subject)})`}; this machine is ${code(facts.arch)}.`,
        observed: (_i = ailment.subject) != null ? _i : "another architecture",
        why: `The kernel cannot run it: every step that calls ${tool} fails with \`Exec format error\`.`
      };
    case "cpu":
      return {
        message: `${path} needs a newer processor than this machine has${ailment.subject === void 0 ? "" : ` (${subject})`}.`,
        observed: "a processor that is too old for it"
      };
    case "symbol-version":
      return {
        message: `${path} was built for a newer system: it needs ${subject}, and the C library here is older.`,
        observed: `${(_j = ailment.subject) != null ? _j : ""} not found`
      };
    case "library":
      return {
        message: `${path} needs the library ${subject}, which is not installed here or cannot be used.`,
        observed: `${(_k = ailment.subject) != null ? _k : ""} missing`
      };
    case "symbol":
      return {
        message: `${path} does not fit the libraries here: none of them has ${subject}.`,
        observed: `${(_l = ailment.subject) != null ? _l : ""} not found`
      };
    case "loader":
      return {
        message: `${path} cannot be started: its loader ${subject} does not exist here. It was built for another C library (glibc and musl have different loaders).`,
        observed: `${(_m = ailment.subject) != null ? _m : ""} missing`,
        why: `Every step that calls ${tool} fails with ${code(`${name}: not found`)}, although the file is there.`
      };
    case "foreign-loader":
      return {
        message: `${path} is or starts a program whose loader does not exist here. It was built for another C library (glibc and musl have different loaders).`,
        observed: "the loader is missing"
      };
    case "no-default":
      return {
        message: `${path} is rustup's proxy, and rustup has no default toolchain to run ${tool} from.`,
        observed: "no default toolchain",
        why: rustupWhy
      };
    case "never-set-up":
      return {
        message: `${path} is rustup's proxy, and rustup was never set up for this user: there is nothing in ${subject}, where it looks for toolchains.`,
        observed: "no toolchain and no settings",
        why: rustupWhy
      };
    case "toolchain":
      return {
        message: `The Rust toolchain ${subject} is asked for, and rustup has not installed it.`,
        observed: "toolchain not installed",
        why: "A job can only try to download it, every time, and fails where that is switched off or there is no network."
      };
    case "toolchain-path":
      return {
        message: `The workspace's toolchain file names the directory ${subject}, and there is no toolchain in it.`,
        observed: "no toolchain at that path",
        why: rustupWhy
      };
    case "component":
      return {
        message: `${path} is rustup's proxy, and the component with ${subject} is not installed${ailment.within === void 0 ? "" : ` in the toolchain ${code(ailment.within)}`}.`,
        observed: "component not installed"
      };
    case "component-damaged":
      return {
        message: `${path} is rustup's proxy. rustup counts the component ${subject} as installed in the toolchain ${code((_n = ailment.within) != null ? _n : "")}, but its program is not there.`,
        observed: "a component without its program"
      };
    case "component-unavailable":
      return {
        message: `${path} is rustup's proxy, and the toolchain ${code((_o = ailment.within) != null ? _o : "")} has no component ${subject}: it is not made for it.`,
        observed: "a component that this toolchain does not have"
      };
    case "subcommand":
      return {
        message: `${code((_p = facts.command[0]) != null ? _p : name)} works, but knows no command ${subject}: what provides it is not installed.`,
        observed: `no command ${(_q = ailment.subject) != null ? _q : ""}`
      };
    case "rustup-file":
      return {
        message: `rustup cannot make sense of ${subject}, so it starts nothing.`,
        observed: "a file that rustup cannot read",
        why: rustupWhy
      };
    case "rustup-home":
      return {
        message: `rustup cannot use its home${ailment.subject === void 0 ? "" : `: ${subject} cannot be read or written`}.`,
        observed: "rustup's home is unusable",
        why: rustupWhy
      };
    case "toolchain-damaged":
      return {
        message: `The Rust toolchain ${subject} is damaged: parts of it are missing.`,
        observed: "a damaged toolchain",
        why: rustupWhy
      };
    case "not-a-proxy":
      return {
        message: `${path} is a link to rustup, and rustup has no proxy of that name.`,
        observed: "a link to rustup"
      };
    case "interpreter":
      return {
        message: `${path} is a script for ${subject}, and that is not there.`,
        observed: `${(_r = ailment.subject) != null ? _r : ""} not found`
      };
    case "delegate":
      return {
        message: `${path} only starts ${subject}, and that is not there.`,
        observed: `${(_s = ailment.subject) != null ? _s : ""} not found`
      };
    case "windows-lines":
      return {
        message: `${path} is a script with line ends of Windows: the kernel looks for an interpreter whose name ends in a carriage return.`,
        observed: "CRLF at the end of the first line"
      };
    case "not-a-program":
      return {
        message: `${path} is no program: it is ${((_t = facts.file) == null ? void 0 : _t.format) === "empty" ? "empty" : "neither a binary nor a script"}.`,
        observed: ((_u = facts.file) == null ? void 0 : _u.format) === "empty" ? "an empty file" : "no program",
        why: `Every step that calls ${tool} fails or, worse, goes on without having done anything.`
      };
    case "signal":
      return {
        message: `${code(commandLine(facts))} was ended by ${subject}${signalHint(ailment.subject)}.`,
        observed: (_v = ailment.subject) != null ? _v : "ended by a signal"
      };
    case "exit":
      return {
        message: `${code(commandLine(facts))} failed${ailment.subject === void 0 ? "" : ` (${/^\d/.test(ailment.subject) ? `exit code ${ailment.subject}` : code(ailment.subject)})`}.`,
        observed: ailment.subject === void 0 ? "it failed" : `exit code ${ailment.subject}`
      };
    case "silent":
      return {
        message: `${code(commandLine(facts))} ended well and printed nothing.`,
        observed: "no output",
        why: unreadableWhy(name)
      };
    case "version":
      return {
        message: ailment.subject === void 0 ? `${code(commandLine(facts))} printed no version.` : `${code(commandLine(facts))} tells its version as ${subject}, which names a build and no number.`,
        observed: (_w = ailment.subject) != null ? _w : "no version in the output",
        why: unreadableWhy(name)
      };
    case "usage":
      return {
        message: `${path} does not understand ${code(commandLine(facts))}, so its version cannot be told.`,
        observed: "the option is not known",
        why: unreadableWhy(name)
      };
    case "run":
      return {
        message: `${code(commandLine(facts))} did not end within the deadline${wasAbandoned(facts) ? " and outlived even SIGKILL: the kernel holds it" : ""}.`,
        observed: "no end",
        why: `A step that calls ${tool} hangs in the same way, until the job's own time limit.`
      };
    case "search":
      return {
        message: `The file system did not answer while ${tool} was searched for${ailment.subject ? ` in ${subject}` : ""}.`,
        observed: "no answer",
        why: "Every step that looks for a program there hangs. It is often a network mount whose server is gone."
      };
  }
}
var rustupWhy = "Every cargo and rustc command fails before it has begun, whatever it is to build.";
function unreadableWhy(name) {
  return `Whether ${code(name)} is the version that jobs need cannot be told, nor whether it is ${code(name)} at all.`;
}
function signalHint(signal) {
  switch (signal) {
    case "SIGKILL":
      return ", as the kernel does when memory runs out";
    case "SIGILL":
      return ": it uses instructions that this processor lacks, or found itself damaged";
    case "SIGSEGV":
    case "SIGBUS":
      return ": it is damaged, or does not fit the libraries here";
    default:
      return "";
  }
}
function wasAbandoned({ run }) {
  return run.kind === "ran" && run.outcome.kind === "timed-out" && run.outcome.abandoned;
}
function evidenceOf(facts, ailment) {
  var _a;
  const told = ailment.told === "" ? [] : [{ source: commandLine(facts), text: ailment.told }];
  const found = facts.found ? [{ source: "PATH", text: locationText(facts.found) }] : [];
  const unusable = facts.unusable.slice(0, 4).map((entry) => ({ source: entry.path, text: unusableText(entry) }));
  const elsewhere = facts.elsewhere.slice(0, 4).map((place) => ({ source: "outside PATH", text: place }));
  const file = ((_a = facts.file) == null ? void 0 : _a.format) === "elf" ? [{ source: "ELF header", text: elfText(facts.file) }] : [];
  const path = facts.found ? [] : [{ source: facts.pathUnset ? "PATH is not set" : "PATH", text: facts.path.join(":").slice(0, 1e3) }];
  return [...told, ...found, ...file, ...unusable, ...elsewhere, ...path];
}
function locationText({ path, realPath }) {
  return realPath === void 0 || realPath === path ? path : `${path} -> ${realPath}`;
}
function unusableText({ kind, mode, uid, gid, code: errno }) {
  switch (kind) {
    case "not-executable":
      return mode === void 0 ? "not executable" : `mode ${octal(mode)}, owner ${uid}, group ${gid}`;
    case "dangling-link":
      return "a link that leads nowhere";
    default:
      return errno != null ? errno : "cannot be looked at";
  }
}
function elfText({ machine, interpreter, interpreterFound }) {
  const loader = interpreter === void 0 ? "" : `, loader ${interpreter}`;
  return `built for ${machine != null ? machine : "?"}${loader}${interpreterFound === false ? " (missing)" : ""}`;
}

// src/checks/toolchain/tool-range.ts
var tool_range_exports = {};
__export(tool_range_exports, {
  outOfRange: () => outOfRange
});
function outOfRange(asked, facts, { version }) {
  const { name, expectation, source, location } = asked;
  const range = expectation.version;
  const contradiction = asked.contradicts === void 0 ? "" : ` ${asked.contradicts} asks for what no version can be at the same time: one of the two has to change.`;
  const direction = isBelow(version, range) ? "older than" : "not in";
  return {
    kind: "finding",
    reason: "out-of-range",
    message: `${code(name)} is ${version.text}, ${direction} ${code(range.text)}, which ${source} asks for.${contradiction}`,
    why: `Jobs are built with ${code(name)} ${version.text}, whatever they were written for: what needs another version fails in the middle of the build, or gives something else than it should.`,
    expected: `${code(name)} ${code(range.text)} (${source})`,
    observed: version.text,
    evidence: [
      { source: commandLine(facts), text: version.text },
      ...facts.found ? [{ source: "PATH", text: facts.found.path }] : []
    ],
    remedy: remedyOf2(asked, facts, version),
    ...location && { location }
  };
}
function remedyOf2({ name, expectation, source }, facts, version) {
  const range = expectation.version;
  const way = facts.rustup ? throughRustup(name, facts, range) : installRemedy(name, facts.mode, range);
  return {
    ...way,
    text: `Bring ${code(name)} from ${version.text} to a version in ${code(range.text)}. ${way.text}`,
    otherwise: {
      text: `If ${version.text} is good enough, change the range where it is stated: ${source}.`,
      kind: "workflow"
    }
  };
}
function throughRustup(name, facts, range) {
  var _a;
  const toolchain2 = (_a = lowestOf(range)) != null ? _a : "stable";
  const component2 = componentOf(name);
  const install = ["toolchain", "install", toolchain2, "--profile", "minimal"];
  const add = component2 === void 0 ? [] : ["--component", component2];
  const first = withRustup([...install, ...add]);
  const then = withRustup(["default", toolchain2]);
  return choose(
    facts.mode,
    {
      text: "Install the toolchain in the image and make it the default.",
      config: { file: "Dockerfile", language: "dockerfile", text: [...first.image, ...then.image].join("\n") },
      kind: "image"
    },
    {
      text: "Install the toolchain as the user of the runner and make it the default.",
      commands: [...first.host.slice(1), ...then.host.slice(1)],
      kind: "host"
    }
  );
}
function isBelow(version, range) {
  return range.anyOf.every(
    (group) => group.some(
      (comparator) => [">", ">=", ""].includes(comparator.operator) && compareVersions(version, comparator) < 0
    )
  );
}

// src/render/junit.ts
var junit_exports = {};
__export(junit_exports, {
  renderJunit: () => renderJunit
});

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
function oneLine(text, limit = textLimit) {
  return clean(text, limit).replace(/\s{2,}|[^\S ]/g, " ").trim();
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
  const open = `    <testcase${attributes({ classname: `runner-check.${area}`, name: result.id, time: seconds(result.duration_ms) })}`;
  if (result.status === "pass" || result.status === "warn") return `${open}/>`;
  if (result.status === "skip")
    return `${open}><skipped${attributes({ message: `${result.reason}: ${result.message}` })}/></testcase>`;
  const element = result.status === "fail" ? "failure" : "error";
  const detail = [
    ...result.why === void 0 ? [] : [result.why],
    ...result.expected === void 0 ? [] : [`expected: ${result.expected}`, `observed: ${result.observed}`],
    ...result.evidence.map(({ source, text }) => `${source}: ${text}`),
    ...result.remedy ? [result.remedy.text, ...(_b = result.remedy.commands) != null ? _b : []] : []
  ].join("\n");
  const head = attributes({ type: (_c = result.reason) != null ? _c : element, message: result.message });
  return `${open}><${element}${head}>${escapeXml(detail)}</${element}></testcase>`;
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
var prometheus_exports = {};
__export(prometheus_exports, {
  renderPrometheus: () => renderPrometheus
});
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

// src/render/summary-finding.ts
var summary_finding_exports = {};
__export(summary_finding_exports, {
  findingBlock: () => findingBlock,
  shortFindingBlock: () => shortFindingBlock
});

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
    if (segment.code || !segment.text.includes("://")) return [segment];
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
function code2(text, limit = 300) {
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
function table2(head, rows) {
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

// src/render/view.ts
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
  return `### ${marks[result.status]} ${markdown(headlineOf(result), 160)} \u2014 ${code2(result.id, 120)}`;
}
function paragraph(result) {
  const location = locationOf(result);
  const place = location === void 0 ? "" : `${code2(location)}: `;
  return `${place}${markdown(storyOf(result), 2500)}`;
}
function expired({ acceptance_expired: until }) {
  return until === void 0 ? "" : `**This was accepted until ${markdown(until, 40)}. The time is over, so it counts again.**`;
}
function remedyBlocks(remedy, opening) {
  const { commands, config } = remedy;
  const text = `**${`${opening} ${placeOf(remedy)}`.trim()}:** ${markdown(remedy.text, 1500)}`;
  const more = commands && commands.length > maxCommands ? `
# \u2026 and ${commands.length - maxCommands} more lines` : "";
  return [
    text,
    // The lines first: most commands then restart what reads them.
    config ? `In ${code2(config.file)}:

${fence(config.text, config.language)}` : "",
    commands && commands.length > 0 ? fence(commands.slice(0, maxCommands).join("\n") + more, "sh") : ""
  ];
}
function waitingLine(waiting) {
  if (waiting.length === 0) return "";
  const shown = waiting.slice(0, maxWaiting).map((id) => code2(id, 120));
  const rest = waiting.length - shown.length;
  return `Also waits for this: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
function docsLine(result) {
  var _a;
  const url = docsUrl(result.docs);
  return url === void 0 ? "" : `[More about ${code2(`${result.id}:${(_a = result.reason) != null ? _a : ""}`, 160)}](${url})`;
}
function evidenceBlock({ evidence, expected, observed }) {
  const contrast = [
    expected === void 0 ? "" : `expected ${html(expected, 200)}`,
    observed === void 0 ? "" : `found ${html(observed, 200)}`
  ].filter((part) => part !== "");
  if (evidence.length === 0) return contrast.length === 0 ? "" : `${upperFirst2(contrast.join(", "))}.`;
  const rows = evidence.slice(0, maxEvidence).map(({ source, text }) => [markdown(text, 500), markdown(source, 200)]);
  const rest = evidence.length - rows.length;
  if (rest > 0) rows.push([`\u2026 and ${rest} more`, ""]);
  return folded(
    ["Evidence", contrast.join(", ")].filter((part) => part !== "").join(": "),
    table2(["seen", "where"], rows)
  );
}
function upperFirst2(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  src_checks_docker_cli_remedies_ts,
  src_checks_docker_socket_remedies_ts,
  src_checks_gpu_driver_findings_ts,
  src_checks_network_connection_ts,
  src_checks_resources_floors_ts,
  src_checks_resources_remedies_ts,
  src_checks_resources_writable_remedies_ts,
  src_checks_toolchain_install_ts,
  src_checks_toolchain_tool_ailments_ts,
  src_checks_toolchain_tool_range_ts,
  src_render_junit_ts,
  src_render_prometheus_ts,
  src_render_summary_finding_ts
});
