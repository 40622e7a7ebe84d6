import { code, yamlValue } from "../../../checks/text.ts";
import type { RunnerSystem } from "../../../knowledge/config-keys.ts";
import { configLines } from "../../rules/fixes.ts";
import type { Service } from "../model.ts";

/** A service whose jobs run in another network than what they have to reach. */
export interface JobNetwork {
	readonly service: Service;
	readonly system: RunnerSystem;
	/** `container.network`; empty: a network for each job. */
	readonly network: string;
	/** A network that jobs can join to reach it. */
	readonly join: string | undefined;
	/** The configuration that the runner reads. */
	readonly configFile: string | undefined;
}

/** Where jobs run, in words. */
export function networkText(network: string): string {
	return network === "" || network === "bridge" ? "networks of their own" : `the network ${code(network)}`;
}

/** The lines of a configuration that let jobs join a network. */
export function joinLines(file: string, network: string) {
	return configLines(file, `container:\n  network: ${yamlValue(network)}`);
}

/** Where the image finds a configuration that the compose file has as a text. */
export const configInService = [
	"environment:",
	"  CONFIG_FILE: /config.yaml",
	"configs:",
	"  - source: runner-config",
	"    target: /config.yaml",
];

/** That configuration, at the top of the compose file: jobs join a network. */
export function configAtTop(network: string): readonly string[] {
	return [
		"configs:",
		"  runner-config:",
		"    content: |",
		"      container:",
		`        network: ${yamlValue(network)}`,
	];
}
