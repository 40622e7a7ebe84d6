import type { State } from "../states.ts";
import { dockerMachine } from "./docker.ts";
import type { Change } from "./machine.ts";
import { forgeMachine, registryMachine } from "./network.ts";
import { nvidiaMachine } from "./nvidia.ts";
import { limitMachine, resourceMachine } from "./resources.ts";
import { toolchainMachine } from "./toolchain.ts";

/** The healthy machine's change that makes it the one of this state. */
export function changeOf(state: State): Change {
	switch (state.area) {
		case "docker":
			return dockerMachine(state);
		case "nvidia":
			return nvidiaMachine(state);
		case "registry":
			return registryMachine(state);
		case "disk":
			return resourceMachine(state);
		case "misc":
			return miscMachine(state);
		default:
			return toolchainMachine(state);
	}
}

function miscMachine(state: State): Change {
	if (state.expect.startsWith("tool/")) return toolchainMachine(state);
	return /^(?:limits|shm)\//.test(state.expect) ? limitMachine(state) : forgeMachine(state);
}
