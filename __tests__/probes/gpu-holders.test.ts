import { expect, test } from "vitest";
import { gpuHoldersProbe } from "../../src/probes/gpu-holders.ts";
import { collect } from "../support/builders.ts";
import { answered, createHost, executable, exited, type FakeMachine } from "../support/fake-host.ts";

const id = "ab".repeat(32);
const list =
	"GPU-1, 77, /usr/local/bin/ollama, 17000\nGPU-1, 78, /opt/a, b, 100\nGPU-1, 79, [Not Found], [N/A]\nno line\n";
const machine = (overrides: FakeMachine = {}): FakeMachine => ({
	env: { PATH: "/usr/bin", DOCKER_HOST: "unix:///run/docker.sock" },
	programs: {
		"/usr/bin/nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_memory --format=csv,noheader,nounits":
			exited(list),
	},
	api: { [`GET /containers/${id}/json`]: answered({ Name: "/models" }) },
	...overrides,
	files: {
		"/usr/bin/nvidia-smi": executable(),
		"/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw",
		"/proc/uptime": "10000.50 1.00\n",
		"/proc/77/stat": `77 (oll ama) S ${"0 ".repeat(18)}640000 0`,
		"/proc/77/cgroup": `0::/system.slice/docker-${id}.scope\n`,
		"/proc/78/cgroup": "0::/system.slice/inference.service\n",
		...overrides.files,
	},
});

test("names programs with their age, container or unit", async () => {
	const { holders } = await collect(gpuHoldersProbe, createHost(machine()));
	expect(holders).toEqual([
		{
			pid: 77,
			program: "/usr/local/bin/ollama",
			gpu: "GPU-1",
			memory: 17_000 * 2 ** 20,
			ageSeconds: 3601,
			container: id,
			containerName: "models",
		},
		{ pid: 78, program: "/opt/a, b", gpu: "GPU-1", memory: 100 * 2 ** 20, unit: "inference.service" },
		{ pid: 79, program: "[Not Found]", gpu: "GPU-1" },
	]);
});

test("in a container, these numbers are those of other processes", async () => {
	const host = createHost(machine({ env: { PATH: "/usr/bin", JOB_CONTAINER_NAME: "job" } }));
	const { holders } = await collect(gpuHoldersProbe, host);
	expect(holders[0]).toEqual({ pid: 77, program: "/usr/local/bin/ollama", gpu: "GPU-1", memory: 17_000 * 2 ** 20 });
});

test("asks no program of which nothing is known", async () => {
	const host = createHost({ run: async () => Promise.reject(new Error("no process, please")) });
	expect((await collect(gpuHoldersProbe, host)).holders).toEqual([]);
});
