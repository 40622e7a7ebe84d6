/** What @actions/core needs and Node has only since 14.17: imported before it, so that even Node 12 can set outputs. */
import crypto from "node:crypto";

crypto.randomUUID ??= () => crypto.randomBytes(16).toString("hex") as ReturnType<typeof crypto.randomUUID>;
