/** `dist/fleet.js`: the fleet action. The runner starts it with the Node of the job, so Node 6 must be able to parse it. */
import { isTooOld, reportToJob } from "./old-node.ts";

if (isTooOld) process.exitCode = reportToJob(process.env);
else import("../run.ts").then(({ leave, runFleetAction }) => runFleetAction().then(leave));
