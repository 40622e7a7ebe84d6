/** Options of `expect.poll` for what will happen soon, even on a busy machine: only what never happens fails. */
export const patience = { timeout: 15_000 };
