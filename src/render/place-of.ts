import type { Remedy } from "../checks/check.ts";

/** Where a remedy is applied: "in the image". */
export function placeOf({ kind }: Pick<Remedy, "kind">): string {
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
