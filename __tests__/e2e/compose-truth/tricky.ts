/** Compose files with everything that is easy to read otherwise than Compose does. Each is a folder: file -> text. */

const one = (body: string): string => `services:\n  a:\n    image: x\n${body.replace(/^(?=.)/gm, "    ")}`;

export const tricky: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	"defaults of variables": {
		"compose.yaml": one(
			'environment:\n  A: ${A:-a}\n  B: ${B-b}\n  C: ${C:+c}\n  D: ${D+d}\n  E: "${EMPTY:-e}"\n  F: "${EMPTY-f}"\n  G: "${EMPTY:+g}"\n  H: "${EMPTY+h}"\n',
		),
		".env": "EMPTY=\nC=1\nD=\n",
	},
	"nested defaults": {
		"compose.yaml": one("environment:\n  A: ${A:-${B:-${C}}}\n  D: ${A:-x}${B:-y}/${C-z}\n  E: ${B:-a-b:-c}\n"),
		".env": "C=deep\n",
	},
	"dollars that stay": {
		"compose.yaml": one('environment:\n  A: $$HOME\n  B: "$${X}"\n  C: cost$\n  D: $$$$\ncommand: sh -c "echo $$A"\n'),
	},
	"names without braces": {
		"compose.yaml": one("environment:\n  A: $X/$Y_1-$Z.end\n  B: pre${X}post\n"),
		".env": "X=x\nY_1=y\nZ=z\n",
	},
	"a list of variables": {
		"compose.yaml": one("environment:\n  - A=1\n  - B=x=y\n  - C=\n  - D\n  - E\n"),
		".env": "D=from the file\n",
	},
	"a map of variables": {
		"compose.yaml": one('environment:\n  A: 1\n  B: "01"\n  C: true\n  D:\n  E: ""\n  F: null\n'),
		".env": "D=from the file\n",
	},
	"a variable twice": { "compose.yaml": one("environment:\n  - A=1\n  - B=2\n  - A=3\n") },
	"quotes in .env": {
		"compose.yaml": one("environment:\n  A: $A\n  B: $B\n  C: $C\n  D: $D\n  E: $E\n  F: $F\n"),
		".env": "A='a $B'\nB=\"b # no\"\nC=c # comment\nD = d\nexport E=e\nF: f\n",
	},
	"escapes in .env": {
		"compose.yaml": one("environment:\n  A: $A\n  B: $B\n  C: $C\n"),
		".env": 'A="x\\ty\\"z"\nB=\'x\\ny\'\nC="two\nlines"\n',
	},
	"variables in .env": {
		"compose.yaml": one("environment:\n  A: $A\n  B: $B\n  C: $C\n"),
		".env": "X=x\nA=${X}y\nB='${X}'\nC=\"${Y:-z}\"\n",
	},
	"an env file": {
		"compose.yaml": one("env_file: a.env\nenvironment:\n  B: over\n"),
		"a.env": "A=1\nB=2\n# comment\n\nC='q'\n",
	},
	"env files in order": {
		"compose.yaml": one(
			"env_file:\n  - a.env\n  - path: b.env\n    required: false\n  - path: none.env\n    required: false\n",
		),
		"a.env": "A=1\nB=2\n",
		"b.env": "B=${A}3\n",
	},
	"an env file in a folder": { "compose.yaml": one("env_file: ./conf/a.env\n"), "conf/a.env": "A=1\n" },
	"a command as text": { "compose.yaml": one("command: sh -c 'a b' \"c d\" e\\ f\n") },
	"a command as list": { "compose.yaml": one('command: ["sh", "-c", "a ${X:-b}"]\nentrypoint: /bin/x --flag\n') },
	"a folded command": { "compose.yaml": one("command: >-\n  bash -c '\n  while : ; do\n    x ;\n  done\n  '\n") },
	"no command": { "compose.yaml": one("command: []\nentrypoint: []\n") },
	"short mounts": {
		"compose.yaml": `${one("volumes:\n  - ./data:/data\n  - ../up:/up:ro\n  - named:/named\n  - /anonymous\n  - /abs/y:/abs\n  - ./a:/b:ro,z\n")}volumes:\n  named:\n`,
	},
	"long mounts": {
		"compose.yaml": `${one("volumes:\n  - type: bind\n    source: ./data\n    target: /data\n    read_only: true\n  - type: volume\n    source: named\n    target: /named\n  - type: tmpfs\n    target: /tmp\n")}volumes:\n  named: {}\n`,
	},
	"a mount twice": { "compose.yaml": one("volumes:\n  - ./a:/data\n  - ./b:/data\n") },
	"dependencies as list": {
		"compose.yaml": `${one("depends_on: [b, c]\n")}  b: { image: x }\n  c: { image: x }\n`,
	},
	"dependencies as map": {
		"compose.yaml": `${one("depends_on:\n  b:\n    condition: service_healthy\n  c:\n    condition: service_completed_successfully\n    required: false\n")}  b: { image: x }\n  c: { image: x }\n`,
	},
	"anchors and merge keys": {
		"compose.yaml":
			"x-base: &base\n  image: base\n  restart: always\n  environment: &env\n    A: 1\n    B: 2\nservices:\n  a:\n    <<: *base\n    image: x\n  b:\n    <<: *base\n    environment:\n      <<: *env\n      B: 3\n  c:\n    <<: [*base, { user: root }]\n",
	},
	"extends in a file": {
		"compose.yaml":
			"services:\n  base:\n    image: x\n    environment:\n      - A=1\n      - B=2\n    volumes: [./a:/a, ./b:/b]\n    command: one\n    networks: [n]\n  a:\n    extends: base\n    environment:\n      B: 3\n    volumes: [./c:/b]\n    command: [two]\nnetworks:\n  n: {}\n",
	},
	"extends from another file": {
		"compose.yaml":
			"services:\n  a:\n    extends:\n      file: common/base.yaml\n      service: base\n    environment: [B=2]\n",
		"common/base.yaml":
			"services:\n  base:\n    extends: root\n    environment: [A=$A]\n    env_file: base.env\n  root:\n    image: x\n    volumes: [./data:/data]\n    restart: always\n",
		"common/base.env": "FROM_FILE=1\n",
		".env": "A=outer\n",
	},
	"an override": {
		"compose.yaml": one('environment: [A=1, B=2]\nports: ["1:1"]\ncommand: one\n'),
		"compose.override.yaml":
			"services:\n  a:\n    environment:\n      B: 3\n    command: two\n    restart: always\n  b:\n    image: y\n",
	},
	"an override of the old name": {
		"docker-compose.yml": one("environment: [A=1]\nvolumes: [./a:/data]\n"),
		"docker-compose.override.yml": "services:\n  a:\n    volumes: [named:/data]\nvolumes:\n  named:\n",
	},
	"a name that has no override": {
		"stack.yaml": one("environment: [A=1]\n"),
		"compose.override.yaml": "services:\n  a:\n    environment: [A=2]\n",
	},
	"an include": {
		"compose.yaml": "include:\n  - sub/compose.yaml\nservices:\n  a:\n    image: x\n    environment: [A=$A]\n",
		"sub/compose.yaml": "services:\n  b:\n    image: y\n    environment: [A=$A, B=$B]\n    volumes: [./data:/data]\n",
		"sub/.env": "A=inner\nB=inner\n",
		".env": "A=outer\n",
	},
	"an include with more": {
		"compose.yaml":
			"include:\n  - path: sub/x.yaml\n    project_directory: .\n    env_file: sub/my.env\nservices:\n  a: { image: x }\n",
		"sub/x.yaml": "services:\n  b:\n    image: $IMAGE\n    volumes: [./data:/data]\n",
		"sub/my.env": "IMAGE=from-env\n",
	},
	profiles: {
		"compose.yaml": `${one("profiles: [ci, dev]\n")}  b:\n    image: y\n    profiles: [never]\n`,
	},
	networks: {
		"compose.yaml": `${one("networks:\n  n:\n    aliases: [x]\n  default:\n")}  b:\n    image: x\n    networks: [n]\n  c:\n    image: x\n  d:\n    image: x\n    network_mode: host\nnetworks:\n  n: {}\n`,
	},
	"flags in words": {
		"compose.yaml": `${one('privileged: true\nuser: "1000:999"\nrestart: "no"\n')}  b:\n    image: x\n    privileged: ${"${P:-true}"}\n    user: root\n`,
	},
	"comments and odd layout": {
		"compose.yaml":
			'# a comment\n\nservices: { a: { image: "x:1", environment: { A: \'single $X\', B: "double ${X}" } } } # end\n',
		".env": "\ufeffX=1\n",
	},
	"several documents": {
		"compose.yaml":
			"services:\n  a:\n    image: x\n    environment: [A=1, B=2]\n    command: one\n---\nservices:\n  a:\n    environment: { B: 3 }\n    command: two\n    restart: always\n  b:\n    image: y\n---\nservices:\n  b: { user: root }\n",
	},
	"several documents, and what is in each alone": {
		"compose.yaml":
			"x-env: &env { A: 1 }\nservices:\n  a: { image: x, environment: *env }\n---\nx-env: &env { A: 2 }\nservices:\n  b: { image: x, environment: *env }\n  base: { image: z, user: root }\n  c: { extends: base }\nvolumes: { v: }\n",
	},
	"a reset in the only file": {
		"compose.yaml":
			"services:\n  a:\n    image: x\n    command: !reset [one]\n    environment: { A: 1, B: !reset null }\n    volumes: [./a:/a, !reset ./b:/b]\n  b: !reset { image: y }\n",
	},
	"a reset of what another file says": {
		"compose.yaml":
			"services:\n  a:\n    image: x\n    command: one\n    user: root\n    restart: always\n    environment: { A: 1, B: 2 }\n    depends_on: [b, c]\n    networks: [n, m]\n    volumes: [./a:/a, ./b:/b]\n    profiles: [p]\n  b: { image: y }\n  c: { image: z }\n  d: { image: z }\nnetworks: { n: , m: }\n",
		"compose.override.yaml":
			"services:\n  a:\n    command: !reset null\n    user: !reset null\n    restart: !reset always\n    environment: { A: !reset null, C: 3 }\n    depends_on: { b: !reset {} }\n    networks: { n: !reset {} }\n    volumes: !reset []\n    profiles: !reset []\n  d: !reset null\n",
	},
	"an override of what another file says": {
		"compose.yaml":
			"services:\n  a:\n    image: x\n    environment: [A=1, B=2]\n    volumes: [./a:/a, ./b:/b]\n    depends_on: [b]\n    networks: [n]\n  b: { image: y, user: root, command: b }\n  c: { image: z }\nnetworks: { n: , m: }\n",
		"compose.override.yaml":
			"services:\n  a:\n    environment: !override [C=3]\n    volumes: !override [./c:/c]\n    depends_on: !override { c: { condition: service_healthy } }\n    networks: !override [m]\n  b: !override { image: new }\n",
	},
	"an override in a second document": {
		"compose.yaml":
			"services:\n  a:\n    image: x\n    environment: { A: 1 }\n    privileged: true\n---\nservices:\n  a:\n    environment: !override { B: 2 }\n    privileged: !reset false\n",
	},
	"every service replaced": {
		"compose.yaml": "services:\n  a: { image: x }\n  b: { image: y }\n",
		"compose.override.yaml": "services: !override\n  c: { image: z }\n",
	},
	"a reset of a variable that was merged": {
		"compose.yaml":
			"services:\n  a:\n    image: x\n    environment: { A: 1 }\n---\nservices:\n  a:\n    environment: { B: 2 }\n---\nservices:\n  a:\n    environment: { A: !reset null }\n",
	},
	"a reset of a variable in a list": {
		"compose.yaml": "services:\n  a:\n    image: x\n    environment: [A=1, B=2]\n",
		"compose.override.yaml": "services:\n  a:\n    environment: { A: !reset null }\n",
	},
	"tags on what is extended": {
		"compose.yaml":
			"services:\n  base:\n    image: x\n    command: one\n    environment: { A: 1, B: 2 }\n    volumes: [./a:/a]\n    user: root\n  a:\n    extends: base\n    command: !reset null\n    environment: { A: !reset null, C: 3 }\n    volumes: !override [./c:/c]\n  b:\n    extends: a\n    user: !reset null\n",
	},
	"tags on what is extended from another file": {
		"compose.yaml":
			"services:\n  a:\n    extends: { file: base.yaml, service: base }\n    command: !reset null\n    environment: !override [C=3]\n",
		"base.yaml":
			"services:\n  base:\n    image: x\n    command: one\n    environment: [A=1]\n---\nservices:\n  base: { restart: always }\n",
	},
	"a tag behind an anchor": {
		"compose.yaml": "services:\n  a: { image: x, volumes: [./a:/a], command: one }\n",
		"compose.override.yaml":
			"x-v: &v !override [./b:/b]\nx-a: &a { command: !reset null }\nservices:\n  a:\n    <<: *a\n    volumes: *v\n",
	},
	"an include with variables": {
		"compose.yaml":
			"include:\n  - ${FOLDER:-sub}/compose.yaml\n  - path: ${FOLDER}/b.yaml\n    project_directory: ./${FOLDER}/deep\n    env_file: ./${FOLDER}/x.env\nservices:\n  a: { image: x }\n",
		".env": "FOLDER=sub\n",
		"sub/compose.yaml": "services:\n  s: { image: s, volumes: ['./data:/data'] }\n",
		"sub/b.yaml": "services:\n  b: { image: $IMAGE, volumes: ['./data:/data'], env_file: b.env }\n",
		"sub/x.env": "IMAGE=b\n",
		"sub/deep/b.env": "DEEP=1\n",
	},
	"an include of several files": {
		"compose.yaml":
			"include:\n  - path: [sub/a.yaml, other/b.yaml]\n    env_file: [one.env, two.env]\nservices:\n  x: { image: x }\n",
		"sub/a.yaml": "services:\n  a: { image: a, command: $A, volumes: ['./data:/data'] }\n",
		"other/b.yaml": "services:\n  a: { user: $B, volumes: ['./more:/more'], environment: { A: $A } }\n",
		"one.env": "A=1\nB=1\n",
		"two.env": "B=${A}2\n",
	},
	"an include without variables of its own": {
		"compose.yaml": "include:\n  - path: sub/a.yaml\n    env_file: /dev/null\nservices:\n  x: { image: x }\n",
		"sub/a.yaml": "services:\n  a: { image: 'a:${TAG:-none}' }\n",
		"sub/.env": "TAG=inner\n",
	},
	"an include that includes": {
		"compose.yaml": "include: [sub/a.yaml]\nservices:\n  x: { image: x }\n",
		"sub/a.yaml": "include: [deeper/b.yaml]\nservices:\n  a: { image: a, depends_on: [b] }\n",
		"sub/deeper/b.yaml": "services:\n  b: { image: b, volumes: ['./data:/data'] }\n",
	},
	"a service that is included and extended, and one that is changed": {
		"compose.yaml":
			"include: [sub/a.yaml]\nservices:\n  x: { extends: a, environment: [X=1] }\n  b: { environment: { B: !reset null, C: 3 }, command: !reset null }\n",
		"sub/a.yaml":
			"services:\n  a: { image: a, environment: [A=1], volumes: ['./data:/data'] }\n  b: { image: b, environment: { A: 1, B: 2 }, command: one }\n",
	},
	"the same file included twice": {
		"compose.yaml": "include: [one.yaml, two.yaml]\nservices:\n  x: { image: x }\n",
		"one.yaml": "include: [common.yaml]\nservices:\n  a: { image: a }\n",
		"two.yaml": "include: [common.yaml]\nservices:\n  b: { image: b }\n",
		"common.yaml": "services:\n  c: { image: c, ports: ['1:1'], volumes: ['./c:/c'], environment: [A=1] }\n",
	},
};
