/** Page and section of a check: `docs/checks/docker.md#api-version`; a family has a page: `docs/checks/tool.md`. */
export function docsOf(id: string): string {
	const [area = "", name = ""] = id.split("/");
	return ["tool", "registry", "service"].includes(area) ? `docs/checks/${area}.md` : `docs/checks/${area}.md#${name}`;
}
