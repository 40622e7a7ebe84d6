/** `runner.labels` of the runner's config.yaml with one label. JSON quotes any text in a way that YAML reads. */
export function labelConfig(label: string): { file: string; language: "yaml"; text: string } {
	return { file: "config.yaml", language: "yaml", text: `runner:\n  labels:\n    - ${JSON.stringify(label)}` };
}
