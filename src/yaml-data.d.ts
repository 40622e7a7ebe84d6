/** YAML files become data when `dist` is built, and in tests: see `scripts/yaml-plugin.mjs`. */
declare module "*.yaml" {
	const data: unknown;
	export default data;
}

/** The page of the fleet, before and after its data: see `scripts/page-plugin.mjs`. */
declare module "*/page.html" {
	const parts: readonly [before: string, after: string];
	export default parts;
}

declare module "*.yml" {
	const data: unknown;
	export default data;
}
