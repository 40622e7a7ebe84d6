import { readFileSync } from "node:fs";

const file = new URL("../fixtures/engine/docker-26.json", import.meta.url);

/** What a real Docker 26.1.5 answered about a job container of the runner's making, and about its store. */
export const recording: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(file, "utf8"));

export interface RecordedContainer {
	Id: string;
	Image: string;
	State: { Running: boolean };
	Config: { Hostname: string; Image: string; Env: string[]; Labels: Record<string, string> };
	HostConfig: Record<string, unknown>;
	Mounts: Record<string, unknown>[];
}

/** A copy of the recorded container, to change at will. */
export function recordedContainer(): RecordedContainer {
	return structuredClone(recording["GET /containers/{self}/json"]) as RecordedContainer;
}

export function recordedImage(): Record<string, unknown> & { Config: { Labels: Record<string, string> | null } } {
	return structuredClone(recording["GET /images/{id}/json"]) as ReturnType<typeof recordedImage>;
}
