/** `dist/run.js`: what every run needs, including every check. The launchers load it. */
export { runAction } from "./action.ts";
export { runTerminal } from "./cli.ts";
export { runFleetAction } from "./fleet-action.ts";
export { leave } from "./host/leave.ts";
export { runPost } from "./post.ts";
