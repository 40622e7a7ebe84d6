/** `dist/post.js`: the runner starts it after a failed job, with the Node of the job, so Node 6 must be able to parse it. */
import { isTooOld } from "./old-node.ts";

// A Node that is too old was reported by the first look, which then saw nothing that could be compared.
if (!isTooOld) import("../run.ts").then(({ leave, runPost }) => runPost().then(leave));
