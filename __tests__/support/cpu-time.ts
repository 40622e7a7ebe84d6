/**
 * Milliseconds of processor time that this process spends on `work`. Limits on hostile input compare with this, because the
 * time on the clock grows with whatever else the machine does.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
