import type { EngineAnswer, EngineVersion } from "../../probes/docker-engine.ts";
import { findVersion } from "../../versions.ts";

/** The version in as few characters as a title has room for: `29.1.2` of `29.1.2-1~debian.12~bookworm`. */
export function shortVersion(version: string): string {
	return findVersion(version)?.text ?? version.slice(0, 20);
}

/** The result of a request, as one line of evidence. */
export function describeAnswer<T>(answer: EngineAnswer<T>, say: (value: T) => string): string {
	switch (answer.kind) {
		case "ok":
			return say(answer.value);
		case "http-error":
			return `${answer.status} ${answer.body.slice(0, 500)}`.trim();
		case "not-docker":
			return answer.body.slice(0, 500);
		case "failed":
			return `${answer.code}: ${answer.message}`;
		case "timed-out":
			return "no answer within the deadline";
		case "no-endpoint":
			return "not asked";
	}
}

/** `Version 29.1.2, ApiVersion 1.52, MinAPIVersion 1.44 (Docker/29.1.2 (linux))` */
export function describeVersion(answer: EngineAnswer<EngineVersion>): string {
	return describeAnswer(answer, ({ version, apiVersion, minApiVersion, components, server }) => {
		const parts = components.filter(({ name }) => name !== "Engine").map(({ name, version: own }) => `${name} ${own}`);
		const minimum = minApiVersion === undefined ? "" : `, MinAPIVersion ${minApiVersion}`;
		const rest = [server, ...parts].filter(Boolean).join(", ");
		return `Version ${version}, ApiVersion ${apiVersion}${minimum}${rest === "" ? "" : ` (${rest})`}`;
	});
}
