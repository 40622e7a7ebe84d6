import type { Host } from "../../host/host.ts";

/** The same machine, on which files have these texts. @param texts Path, absolute or in the working directory, to text. */
export function withTexts(host: Host, texts: ReadonlyMap<string, string>): Host {
	const directory = host.cwd();
	const full = new Map([...texts].map(([path, text]) => [path.startsWith("/") ? path : `${directory}/${path}`, text]));
	const own: Pick<Host, "readText" | "readInside"> = {
		async readText(path, ...how) {
			const value = full.get(path);
			return value === undefined ? host.readText(path, ...how) : { kind: "ok", value };
		},
		async readInside(root, path, ...how) {
			const outcome = await host.readInside(root, path, ...how);
			const value = full.get(path);
			return value === undefined || outcome.kind !== "ok" ? outcome : { kind: "ok", value };
		},
	};
	return Object.assign(Object.create(host), own);
}
