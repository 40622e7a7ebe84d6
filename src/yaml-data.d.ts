/** YAML files become data when `dist` is built, and in tests: see `scripts/yaml-plugin.mjs`. */
declare module "*.yaml" {
	const data: unknown;
	export default data;
}

declare module "*.yml" {
	const data: unknown;
	export default data;
}
