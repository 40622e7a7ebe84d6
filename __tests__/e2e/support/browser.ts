import { type Browser, chromium } from "playwright-core";
import { must, which } from "./run.ts";

/** Debian's Chromium, as a person has it; installed if it is missing. */
export async function startBrowser(): Promise<Browser> {
	if ((await which("chromium")) === undefined) {
		await must("apt-get", ["-q", "update"]);
		await must("apt-get", ["-q", "install", "--yes", "--no-install-recommends", "chromium"]);
	}
	const executablePath = await which("chromium");
	if (executablePath === undefined) throw new Error("chromium is not on the PATH, although its package is installed");
	// The suite runs as root, and Chromium's sandbox does not.
	return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
