import { describe, expect, it } from "vitest";
import { readSmiOutput } from "../../src/probes/nvidia-output.ts";
import { cpuTime } from "../support/cpu-time.ts";

const MiB = 2 ** 20;
const fields = [
	"index",
	"name",
	"uuid",
	"driver_version",
	"memory.total",
	"memory.used",
	"temperature.gpu",
	"mig.mode.current",
];

describe("csv", () => {
	it("reads rows with and without units", () => {
		const row = {
			index: 0,
			name: "NVIDIA L4",
			uuid: "GPU-1",
			driver: "550.54.15",
			memoryTotal: 23034 * MiB,
			memoryUsed: MiB,
			temperature: 41,
			mig: false,
		};
		const bare = readSmiOutput("0, NVIDIA L4, GPU-1, 550.54.15, 23034, 1, 41, Disabled\n", fields);
		expect(bare).toEqual({ form: "csv", driver: "550.54.15", messages: "", gpus: [row] });
		const units = readSmiOutput("0, NVIDIA L4, GPU-1, 550.54.15, 23034 MiB, 1 MiB, 41, Disabled\r\n", fields);
		expect(units.gpus).toEqual([row]);
	});

	it.each(["[N/A]", "[Not Supported]", "N/A", "[Requested functionality has been deprecated]"])(
		"takes %s for no value",
		(cell) => {
			expect(readSmiOutput(`0, A, GPU-1, 550.1, ${cell}, ${cell}, ${cell}, ${cell}`, fields).gpus).toEqual([
				{ index: 0, name: "A", uuid: "GPU-1", driver: "550.1" },
			]);
		},
	);

	it("keeps a message in place of a value", () => {
		const { gpus } = readSmiOutput(
			"0, A, GPU-1, 550.1, 8192, 0, 40, Disabled\n[GPU is lost], [GPU is lost], [GPU is lost], 550.1, [Unknown Error], ERR!, 40, [N/A]\n",
			fields,
		);
		expect(gpus[0]?.troubles).toBeUndefined();
		expect(gpus[1]).toEqual({
			driver: "550.1",
			temperature: 40,
			troubles: {
				index: "GPU is lost",
				name: "GPU is lost",
				uuid: "GPU is lost",
				"memory.total": "Unknown Error",
				"memory.used": "ERR!",
			},
		});
	});

	it("separates messages from rows, and reads a row with fewer columns than queried", () => {
		const { gpus, messages } = readSmiOutput(
			"WARNING: infoROM is corrupted at gpu 0000:00:1E.0\n0, A, GPU-1, 550.1\n",
			fields,
		);
		expect(gpus).toHaveLength(1);
		expect(messages).toBe("WARNING: infoROM is corrupted at gpu 0000:00:1E.0");
	});

	it("is bounded for any output", () => {
		const many = readSmiOutput(`0, ${"x".repeat(300)}, GPU-1, 550.1\n`.repeat(1000) + "y".repeat(1e6), fields);
		expect(many.gpus).toHaveLength(64);
		expect(JSON.stringify(many).length).toBeLessThan(40_000);
	});
});

it.each([
	["blanks", " ".repeat(65_536)],
	["empty lines", "\n".repeat(65_536)],
	["one endless line of the table", `| NVIDIA-SMI 1 Driver Version: 1\n|   0  x${" ".repeat(65_000)}`],
	["many lines of the table", `| NVIDIA-SMI 1 Driver Version: 1\n${`|   0  x${" ".repeat(390)}\n`.repeat(160)}`],
	["brackets", "[".repeat(65_536)],
	["half a list", "GPU 0: (UUID: ".repeat(4_600)],
	["half a log", `=NVSMI LOG=${"\n ".repeat(32_000)}`],
])("does not stumble over %s", async (_, output) => {
	expect(await cpuTime(() => readSmiOutput(output, fields))).toBeLessThan(300);
});

const table470 = `Tue Nov 24 07:26:00 2026       
+-----------------------------------------------------------------------------+
| NVIDIA-SMI 470.256.02   Driver Version: 470.256.02   CUDA Version: 11.4     |
|-------------------------------+----------------------+----------------------+
| GPU  Name        Persistence-M| Bus-Id        Disp.A | Volatile Uncorr. ECC |
| Fan  Temp  Perf  Pwr:Usage/Cap|         Memory-Usage | GPU-Util  Compute M. |
|                               |                      |               MIG M. |
|===============================+======================+======================|
|   0  Tesla T4            Off  | 00000000:00:1E.0 Off |                    2 |
| N/A   42C    P0    26W /  70W |     10MiB / 15109MiB |      4%      Default |
|                               |                      |                  N/A |
+-------------------------------+----------------------+----------------------+
|   1  NVIDIA GeForce ...  Off  | 00000000:0B:00.0 N/A |                  N/A |
|ERR!  ERR! ERR!    ERR! / ERR! |    GPU is lost       |     ERR!     Default |
|                               |                      |                 ERR! |
+-------------------------------+----------------------+----------------------+

+-----------------------------------------------------------------------------+
| Processes:                                                                  |
|  GPU   GI   CI        PID   Type   Process name                  GPU Memory |
|=============================================================================|
|    0   N/A  N/A      1720      C   /opt/secret-project/train        173MiB |
+-----------------------------------------------------------------------------+
`;

describe("the other forms", () => {
	it("reads the plain table, and leaves out the processes that use the GPU", () => {
		const listing = readSmiOutput(table470, fields);
		expect(listing).toEqual({
			form: "table",
			driver: "470.256.02",
			messages: "",
			gpus: [
				{
					index: 0,
					name: "Tesla T4",
					driver: "470.256.02",
					pciBusId: "00000000:00:1E.0",
					eccErrors: 2,
					memoryUsed: 10 * MiB,
					memoryTotal: 15109 * MiB,
					temperature: 42,
				},
				{
					index: 1,
					name: "NVIDIA GeForce ...",
					driver: "470.256.02",
					pciBusId: "00000000:0B:00.0",
					troubles: { table: "ERR!" },
				},
			],
		});
	});

	it("reads the list, with MIG instances and an error in between", () => {
		const { form, gpus, messages } = readSmiOutput(
			"GPU 0: NVIDIA H100 (UUID: GPU-1)\n  MIG 3g.40gb     Device  0: (UUID: MIG-1)\nUnable to determine the device handle for gpu 1: Unknown Error\n",
			fields,
		);
		expect({ form, gpus, messages }).toEqual({
			form: "list",
			gpus: [{ index: 0, name: "NVIDIA H100", uuid: "GPU-1", mig: true }],
			messages: "Unable to determine the device handle for gpu 1: Unknown Error",
		});
	});

	it.each([
		["DRIVER version      : 550.163.01\nCUDA Version        : N/A", "550.163.01"],
		['DRIVER version      : Deprecated, see "KMD version" instead\nKMD version         : 610.57.04', "610.57.04"],
	])("reads the version: %j", (lines, driver) => {
		expect(readSmiOutput(`NVIDIA-SMI version  : 1.2\nNVML version        : 1\n${lines}\n`, fields)).toEqual({
			form: "version",
			driver,
			gpus: [],
			messages: "",
		});
	});

	it("recognizes the long log, as text and as XML", () => {
		const text =
			"\n==============NVSMI LOG==============\n\nDriver Version                            : 550.1\nGPU 00000000:0C:00.0\n    Product Name                          : A\n";
		expect(readSmiOutput(text, fields)).toMatchObject({
			form: "log",
			driver: "550.1",
			gpus: [{ index: 0, name: "A" }],
		});
		const xml =
			'<?xml version="1.0" ?>\n<nvidia_smi_log>\n<driver_version>550.1</driver_version>\n<gpu id="0">\n<product_name>A</product_name>\n</gpu>\n</nvidia_smi_log>\n';
		expect(readSmiOutput(xml, fields)).toMatchObject({ form: "log", driver: "550.1", gpus: [{ index: 0, name: "A" }] });
	});

	it("keeps unknown output as messages", () => {
		expect(readSmiOutput("\n  Failed to initialize NVML: Unknown Error  \n\n", fields)).toEqual({
			form: "other",
			gpus: [],
			messages: "Failed to initialize NVML: Unknown Error",
		});
	});
});
