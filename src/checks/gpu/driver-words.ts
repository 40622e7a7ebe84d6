import { accessWords } from "./driver-access-words.ts";
import { faultWords } from "./driver-fault-words.ts";
import { installWords } from "./driver-install-words.ts";

export const intro =
	"Runs `nvidia-smi` once and judges its answer. Its messages count first, because they are the same in all driver branches. Exit codes count only if no message is known: branches 470 and 550 number the same state differently, and `nvidia-smi` can exit with 0 although a GPU is lost. An old driver that rejects a queried field is asked again without it. The known messages are in `src/knowledge/nvidia-smi.json`.";

export const words = { ...installWords, ...accessWords, ...faultWords };
