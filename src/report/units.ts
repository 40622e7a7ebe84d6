const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A size as people read it, in binary units: 41072984064 -> `38.3 GiB`. Rounds down: what is short of a limit must not look like it. */
export function formatBytes(bytes: number): string {
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	if (unit === 0) return `${value} ${value === 1 ? "byte" : "bytes"}`;
	const tenths = Math.floor(value * 10) / 10;
	return `${value < 100 && !Number.isInteger(tenths) ? tenths.toFixed(1) : Math.floor(value)} ${units[unit]}`;
}

/** A count with its thousands apart: `1,048,576`. */
export function formatCount(count: number): string {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
