/** Version of this program; `package.json` has the same, and a test says so. */
export const version = "1.0.0";
