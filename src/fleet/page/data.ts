import type { Fleet } from "../fleet.ts";

/** What the page shows. It is in the page as JSON. */
export interface PageData {
	/** A report is shown as a fleet of one. */
	readonly kind: "fleet" | "report";
	readonly fleet: Fleet;
}
