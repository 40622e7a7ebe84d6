import { describe, expect, it } from "vitest";
import { childEnvironment } from "../../src/host/child-environment.ts";

const workspace = "/work/repo";
const of = (env: Readonly<Record<string, string>>, needs?: RegExp) => childEnvironment(env, [workspace], needs);

describe("what a program gets of our environment", () => {
	it("is what it needs to start and to find its parts", () => {
		const env = {
			PATH: "/usr/bin:/bin",
			HOME: "/home/runner",
			LANG: "C.UTF-8",
			CARGO_HOME: "/opt/cargo",
			RUSTUP_HOME: "/opt/rustup",
			JAVA_HOME: "/usr/lib/jvm/17",
			LD_LIBRARY_PATH: "/usr/local/cuda/lib64",
			COREPACK_HOME: "/opt/corepack",
			DOCKER_HOST: "unix:///run/docker.sock",
			NODE_OPTIONS: "--max-old-space-size=4096",
			NVIDIA_VISIBLE_DEVICES: "all",
		};
		expect(of(env)).toEqual(env);
	});

	it.each([
		["ACTIONS_RUNTIME_TOKEN", "eyJhbGciOi"],
		["ACTIONS_ID_TOKEN_REQUEST_URL", "https://forge.example/token"],
		["INPUT_TOKEN", "abc"],
		["INPUT_TOOLS", "rustc: 1"],
		["GITHUB_TOKEN", "0123456789abcdef"],
		["GITEA_TOKEN", "0123456789abcdef"],
		["GITHUB_ENV", "/runner/env"],
		["GITHUB_PATH", "/runner/path"],
		["STATE_x", "1"],
		["DEPLOY_KEY", "abcdefgh"],
		["DB_PASSWORD", "abc"],
		["AWS_SECRET_ACCESS_KEY", "abcdefgh"],
		["DATABASE_URL", "postgres://me:s3cr3tpw@db/x"],
		["HTTPS_PROXY", "http://me:s3cr3tpw@proxy:3128"],
		["BASH_ENV", "/tmp/x"],
		["LD_PRELOAD", "/tmp/x.so"],
		["NODE_OPTIONS", "--require ./x.js"],
		["NODE_OPTIONS", "--import=data:text/javascript,1"],
		["GIT_CONFIG_COUNT", "1"],
		["GIT_SSH_COMMAND", "sh x"],
		["npm_config_script_shell", "/tmp/x"],
		["JAVA_TOOL_OPTIONS", "-javaagent:x.jar"],
		["RUSTC_WRAPPER", "./wrap"],
		["RUBYOPT", "-r./x"],
		["CARGO_HOME", `${workspace}/.cargo`],
		["CARGO_HOME", workspace],
		["HOME", `${workspace}/home`],
		["SOME_OPTIONS", `--plugin=${workspace}/x.so`],
		["SOME_URL", `file://${workspace}/x`],
	])("has no %s=%s", (name, value) => {
		expect(of({ PATH: "/bin", [name]: value })).toEqual({ PATH: "/bin" });
	});

	it("has no other variable that repeats a secret", () => {
		expect(of({ DEPLOY_TOKEN: "q7Hx92Lm40", COPY: "Bearer q7Hx92Lm40", OTHER: "x" })).toEqual({ OTHER: "x" });
	});

	it("has the directories of PATH and its like that are not the workspace's", () => {
		expect(
			of({
				PATH: `${workspace}/bin:/usr/bin::.:bin:${workspace}`,
				LD_LIBRARY_PATH: `${workspace}/lib`,
				PYTHONPATH: "src:/opt/py",
			}),
		).toEqual({ PATH: "/usr/bin", PYTHONPATH: "/opt/py" });
		expect(of({ CARGO_HOME: "/work/repository/.cargo" })).toHaveProperty("CARGO_HOME");
	});

	it("has the secrets that it cannot do without, and no others", () => {
		const env = { AWS_SECRET_ACCESS_KEY: "abcdefgh", DEPLOY_KEY: "abcdefghi", AWS_CONFIG_FILE: `${workspace}/aws` };
		expect(of(env, /^AWS_/)).toEqual({ AWS_SECRET_ACCESS_KEY: "abcdefgh" });
	});
});
