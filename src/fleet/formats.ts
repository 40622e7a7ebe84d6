import { escaped } from "../render/json.ts";
import type { Fleet } from "./fleet.ts";
import { renderFleetMetrics } from "./metrics.ts";
import { renderFleetPage } from "./render-page.ts";
import { renderFleetSummary } from "./render-summary.ts";

/** `fleet.json`, without what no terminal or log should see raw. */
function renderFleetJson(fleet: Fleet): string {
	return `${escaped(JSON.stringify(fleet, null, 2))}\n`;
}

/** Each format of the fleet: its file, and what writes it. */
export const fleetFormats = {
	json: { file: "fleet.json", render: renderFleetJson },
	markdown: { file: "fleet.md", render: renderFleetSummary },
	prometheus: { file: "fleet.prom", render: renderFleetMetrics },
	html: { file: "fleet.html", render: renderFleetPage },
};

export type FleetFormat = keyof typeof fleetFormats;
export const fleetFormatNames = Object.keys(fleetFormats) as readonly FleetFormat[];
