#!/usr/bin/env node
/** `dist/cli.js`: the terminal and the hooks start it with any Node, so Node 6 must be able to parse it. */
import { isTooOld, reportToTerminal } from "./old-node.ts";

const argv = process.argv.slice(2);

if (isTooOld) process.exitCode = reportToTerminal(argv);
else import("../run.ts").then(({ leave, runTerminal }) => runTerminal(argv).then(leave));
