/**
 * What a policy may hold. Reading YAML and asking for thousands of tools is work that nothing can interrupt, so a deadline cannot
 * bound it: these do. Each is many times what any team writes.
 */

/** Bytes of a policy. Reading the most expensive text of that size takes about a second. */
export const maxPolicySize = 128 * 1024;
/** Entries of one mapping or list. */
export const maxEntries = 500;
/** Values in the whole file, aliases followed: an alias bomb has billions. */
export const maxValues = 10_000;
/** Levels of nesting. */
export const maxDepth = 40;

/** What one profile may ask for, with what it extends and with the inputs. */
export const maxAsked = { tools: 200, registries: 100, services: 100, disk: 100, expect: 100 };
/** Entries of an input that is a list of words: `skip`, `workflows`. */
export const maxListed = { skip: 500, workflows: 100 };
/** Characters of a glob. */
export const maxGlob = 200;
