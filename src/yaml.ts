/** What we use of the `yaml` package, and so all of it that is bundled: a part of its own, loaded when there is YAML to read. */
export {
	isAlias,
	isCollection,
	isMap,
	isNode,
	isScalar,
	isSeq,
	LineCounter,
	parse,
	parseAllDocuments,
	parseDocument,
	visit,
} from "yaml";
