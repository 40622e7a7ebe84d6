/** One GPU as nvidia-smi shows it. A field that it does not report, or has no value for (`[N/A]`), is left out. */
export interface NvidiaGpu {
	readonly index?: number;
	readonly name?: string;
	readonly uuid?: string;
	/** Version of the kernel driver: `550.163.01`. */
	readonly driver?: string;
	/** Bytes. */
	readonly memoryTotal?: number;
	readonly memoryUsed?: number;
	readonly memoryFree?: number;
	/** Degrees Celsius. */
	readonly temperature?: number;
	/** `8.6` */
	readonly computeCapability?: string;
	/** Uncorrected memory errors since the driver was loaded. */
	readonly eccErrors?: number;
	/** Is the GPU split into MIG instances? */
	readonly mig?: boolean;
	readonly pciBusId?: string;
	/** May no program use it for CUDA (`nvidia-smi -c PROHIBITED`)? */
	readonly prohibited?: true;
	/** Has the hardware lowered its clocks because it is too hot? */
	readonly thermalSlowdown?: boolean;
	/** Has it lowered them to half or less, whatever the cause? */
	readonly hardwareSlowdown?: boolean;
	/** Has it lowered them because the power supply demands it? */
	readonly powerBrake?: boolean;
	/** Do bad rows of its memory wait for a reset, which replaces them? */
	readonly rowRemapPending?: boolean;
	/** What the driver wants done with a GPU in a bad state: `Reset`, `Drain and Reset`. Left out if there is nothing to do. */
	readonly recoveryAction?: string;
	/** Where the registration with the NVSwitch fabric stands, and how it ended: `Completed` and `Success`. */
	readonly fabricState?: string;
	readonly fabricStatus?: string;
	/** Field -> the message in place of its value, without brackets: `{ uuid: "GPU is lost" }`. `N/A` is not a message. */
	readonly troubles?: Readonly<Record<string, string>>;
}

/** The parsed output of nvidia-smi. */
export interface SmiListing {
	/** The form of the output; `other`: an unknown one, for example an error message. */
	readonly form: "csv" | "table" | "list" | "log" | "version" | "other";
	readonly gpus: readonly NvidiaGpu[];
	/** Version of the kernel driver, if this form includes it. */
	readonly driver?: string;
	/** The lines outside of the listing: errors and warnings. */
	readonly messages: string;
}

/** More GPUs than any machine has, so that hostile output stays small. */
const maxGpus = 64;
const maxCell = 160;
const maxLine = 400;
const mebibyte = 2 ** 20;

/**
 * Parses any output of nvidia-smi. The probe queries csv, but old drivers reject a field, and a wrapper in place of nvidia-smi
 * may print anything. `fields` are the queried columns; a row may have fewer.
 */
export function readSmiOutput(output: string, fields: readonly string[]): SmiListing {
	// No line of nvidia-smi is longer, and the patterns below would take long on hostile ones.
	const lines = output.split(/\r?\n/).map((line) => line.slice(0, maxLine));
	const rows = lines.filter(isRow);
	if (rows.length > 0) {
		const gpus = rows.slice(0, maxGpus).map((line) => gpuOfRow(line, fields));
		const driver = gpus.find((gpu) => gpu.driver !== undefined)?.driver;
		return listing(
			"csv",
			gpus,
			driver,
			lines.filter((line) => !isRow(line)),
		);
	}
	const head = /^\| NVIDIA-SMI\b.*?\b(?:Driver|KMD) Version:\s*([\w.]+)/m.exec(output);
	if (head || /^\| NVIDIA-SMI\b/m.test(output)) {
		return listing("table", gpusOfTable(lines, head?.[1]), head?.[1], lines.filter(isOutsideOfTable));
	}
	if (/^GPU \d+: .*\(UUID: /m.test(output)) {
		return listing(
			"list",
			gpusOfList(lines),
			undefined,
			lines.filter((line) => !isOfList(line)),
		);
	}
	if (/^<nvidia_smi_log>/m.test(output) || /=NVSMI LOG=/.test(output)) {
		const driver = /(?:<driver_version>|^Driver Version\s*:\s*)([\w.]+)/m.exec(output)?.[1];
		return listing("log", gpusOfLog(output), driver, []);
	}
	if (/^NVIDIA-SMI version\s*:/m.test(output)) {
		// From 610 on the line DRIVER only says that it is deprecated, and KMD has the version.
		const driver = /^(?:KMD|DRIVER) version\s*:\s*(\d[\w.]*)/im.exec(output)?.[1];
		return listing("version", [], driver, []);
	}
	return listing("other", [], undefined, lines);
}

function listing(
	form: SmiListing["form"],
	gpus: readonly NvidiaGpu[],
	driver: string | undefined,
	messages: readonly string[],
): SmiListing {
	const text = messages
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.join("\n");
	return { form, gpus, ...(driver !== undefined && { driver }), messages: text.slice(0, 2048) };
}

// csv

/** A row starts with an index, or with a message in its place: `[GPU is lost]`. */
function isRow(line: string): boolean {
	return /^\s*(?:\d+|\[[^\]]+\]|N\/A|ERR!)\s*,/.test(line) && line.split(",").length >= 4;
}

function gpuOfRow(line: string, fields: readonly string[]): NvidiaGpu {
	const cells = line.split(",").map((cell) => cell.trim().slice(0, maxCell));
	const values = new Map<string, string>();
	const troubles: Record<string, string> = {};
	for (const [position, field] of fields.entries()) {
		const cell = cells[position];
		if (cell === undefined || hasNoValue(cell)) continue;
		const trouble = troubleIn(cell);
		if (trouble === undefined) values.set(field, cell);
		else troubles[field] = trouble;
	}
	return gpu({
		index: numberIn(values.get("index")),
		name: values.get("name"),
		uuid: values.get("uuid"),
		driver: values.get("driver_version"),
		memoryTotal: bytesIn(values.get("memory.total")),
		memoryUsed: bytesIn(values.get("memory.used")),
		memoryFree: bytesIn(values.get("memory.free")),
		temperature: numberIn(values.get("temperature.gpu")),
		computeCapability: values.get("compute_cap"),
		eccErrors: numberIn(values.get("ecc.errors.uncorrected.volatile.total")),
		mig: switchIn(values.get("mig.mode.current"), "Enabled"),
		pciBusId: values.get("pci.bus_id"),
		prohibited: /^prohibited$/i.test(values.get("compute_mode") ?? "") || undefined,
		thermalSlowdown: switchIn(values.get("clocks_throttle_reasons.hw_thermal_slowdown"), "Active"),
		hardwareSlowdown: switchIn(values.get("clocks_throttle_reasons.hw_slowdown"), "Active"),
		powerBrake: switchIn(values.get("clocks_throttle_reasons.hw_power_brake_slowdown"), "Active"),
		rowRemapPending: countsIn(values.get("remapped_rows.pending")),
		recoveryAction: isNone(values.get("gpu_recovery_action")) ? undefined : values.get("gpu_recovery_action"),
		fabricState: values.get("fabric.state"),
		fabricStatus: values.get("fabric.status"),
		troubles: Object.keys(troubles).length > 0 ? troubles : undefined,
	});
}

/** `[N/A]`, on older drivers `[Not Supported]`, or a sentence about a deprecated field: not an error. */
function hasNoValue(cell: string): boolean {
	return (
		cell === "" ||
		/^\[?(?:N\/A|Not Supported|Not Available|Requested functionality has been deprecated)\]?$/i.test(cell)
	);
}

/** `Yes`, or how many. */
function countsIn(cell: string | undefined): boolean | undefined {
	return cell === undefined ? undefined : /^(?:yes|[1-9]\d*)$/i.test(cell);
}

function isNone(cell: string | undefined): boolean {
	return /^none$/i.test(cell ?? "");
}

function troubleIn(cell: string): string | undefined {
	return /^\[(.+)\]$/.exec(cell)?.[1] ?? /^(?:ERR!|Unknown Error|GPU is lost)$/i.exec(cell)?.[0];
}

/** `41`, `8192 MiB`, `0 %`: with and without `nounits`. */
function numberIn(cell: string | undefined): number | undefined {
	const digits = /^(\d{1,12}(?:\.\d+)?)(?:\s|$)/.exec(cell ?? "")?.[1];
	return digits === undefined ? undefined : Number(digits);
}

function bytesIn(cell: string | undefined): number | undefined {
	const value = numberIn(cell);
	return value === undefined ? undefined : value * mebibyte;
}

function switchIn(cell: string | undefined, on: string): boolean | undefined {
	return cell === undefined ? undefined : cell.toLowerCase() === on.toLowerCase();
}

// the table that nvidia-smi prints without arguments

/** First line of a GPU: `|   0  NVIDIA H100 80GB HBM3   On  |   00000000:00:09.0 Off |   0 |`. */
const tableGpu =
	/^\|\s+(\d+)\s+(\S.*?)\s+(?:On|Off|N\/A|ERR!|WDDM|TCC|MCDM)\s+\|\s+([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)\s.*\|\s+(\S+)\s+\|$/i;

/** The lines of a GPU end at a line of dashes. Names are cut off after some 20 characters: `NVIDIA GeForce RTX 2080 ...`. */
function gpusOfTable(lines: readonly string[], driver: string | undefined): readonly NvidiaGpu[] {
	const gpus: NvidiaGpu[] = [];
	for (const [position, line] of lines.entries()) {
		const start = tableGpu.exec(line);
		if (!start || gpus.length === maxGpus) continue;
		const rest = lines.slice(position + 1, position + 4);
		const end = rest.findIndex((other) => !other.startsWith("|"));
		const block = [line, ...rest.slice(0, end < 0 ? undefined : end)].join("\n");
		const memory = /(\d+)MiB\s*\/\s*(\d+)MiB/.exec(block);
		const trouble = /ERR!|Unknown Error|GPU is lost|GPU requires reset/i.exec(block)?.[0];
		gpus.push(
			gpu({
				index: Number(start[1]),
				name: start[2]?.slice(0, maxCell),
				driver,
				pciBusId: start[3],
				eccErrors: numberIn(start[4]),
				memoryUsed: bytesIn(memory?.[1]),
				memoryTotal: bytesIn(memory?.[2]),
				temperature: numberIn(/\s(\d+)C\s/.exec(block)?.[1]),
				mig: /\|\s+Enabled\s+\|$/m.test(block) ? true : undefined,
				troubles: trouble === undefined ? undefined : { table: trouble },
			}),
		);
	}
	return gpus;
}

/** The table includes the date above. Lists of processes that use the GPU are outside: they do not belong in a report. */
function isOutsideOfTable(line: string): boolean {
	return !/^[|+]/.test(line) && !/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}\s*$/.test(line);
}

// the list of `nvidia-smi -L`

function isOfList(line: string): boolean {
	return /^GPU \d+: .*\(UUID: /.test(line) || isMigOfList(line);
}

function isMigOfList(line: string): boolean {
	return /^\s+MIG .*Device\s+\d+: \(UUID: /.test(line);
}

function gpusOfList(lines: readonly string[]): readonly NvidiaGpu[] {
	return lines
		.flatMap((line, position) => {
			const match = /^GPU (\d+): (.*) \(UUID: ([\w-]+)\)/.exec(line);
			if (!match) return [];
			const mig = isMigOfList(lines[position + 1] ?? "") || undefined;
			return [gpu({ index: Number(match[1]), name: match[2]?.slice(0, maxCell), uuid: match[3], mig })];
		})
		.slice(0, maxGpus);
}

// the long log of `nvidia-smi -q`, as text or as XML

function gpusOfLog(output: string): readonly NvidiaGpu[] {
	const names = [...output.matchAll(/(?:<product_name>|^[ \t]+Product Name\s*:\s*)([^<\n]+)/gm)];
	return names.slice(0, maxGpus).map((match, index) => gpu({ index, name: match[1]?.trim().slice(0, maxCell) }));
}

/** The fields without those that are `undefined`: facts are the same before and after JSON. */
function gpu(fields: { readonly [K in keyof NvidiaGpu]: NvidiaGpu[K] | undefined }): NvidiaGpu {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
