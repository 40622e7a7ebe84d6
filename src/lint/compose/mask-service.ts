import { runnerImages } from "../../knowledge/runner-images.ts";
import { own } from "../../own.ts";
import { isSecretName } from "../../report/secret-names.ts";
import { maskText } from "../secrets/mask.ts";
import { maskCommand } from "../secrets/mask-command.ts";
import { announcesSecret, isClosedVariable, maskPairs, stars } from "../secrets/secret-text.ts";
import type { Command, Service, Value, Variable } from "./model.ts";

/** A service without its secrets. A variable keeps its value only if its name is known and no secret. */
export function hiddenService(service: Service): Service {
	const hidden: Record<string, unknown> = { ...service };
	for (const [key, value] of Object.entries(service)) {
		if (Array.isArray(value)) hidden[key] = value.map((item) => hiddenTexts(item));
		else if (key === "command" || key === "entrypoint") hidden[key] = hiddenCommand(value as Command);
		else if (isValue(value)) hidden[key] = hiddenTexts(value);
	}
	const environment = [...service.environment].map(
		([name, variable]) => [name, hiddenVariable(name, variable)] as const,
	);
	return { ...(hidden as unknown as Service), environment: new Map(environment) };
}

/** May the value of this variable be shown? */
export function isOpenVariable(name: string): boolean {
	if (isSecretName(name)) return false;
	if (!isClosedVariable(name)) return true;
	if (/_LABELS?$|_INSTANCE(?:_URL)?$|^INSTANCE_URL$/.test(name)) return true;
	if (/^DOCKER_(?:HOST|TLS_CERTDIR|TLS_VERIFY|CERT_PATH|CONTEXT)$/.test(name)) return true;
	return Object.values(runnerImages).some(({ variables }) => {
		const role = own(variables, name)?.role;
		return role !== undefined && role !== "token" && role !== "secret";
	});
}

function hiddenVariable(name: string, variable: Variable): Variable {
	const { text } = variable;
	return {
		...variable,
		literal: variable.literal && !isPlaceholder(text),
		text: isOpenVariable(name) ? maskText(text) : stars(text),
	};
}

/** What examples have where a token is to be filled in. A real one is long, and has letters and digits. */
function isPlaceholder(text: string): boolean {
	if (!/^[A-Za-z0-9_-]{20,}$/.test(text) || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return true;
	if (/^[A-Za-z0-9]{40}$/.test(text)) return new Set(text).size < 8;
	return /your|change|example|replace|token|placeholder|todo|here|secret|fill|insert/i.test(text);
}

function hiddenCommand(command: Command): Command {
	const words = command.words.map((word, index) =>
		announcesSecret(command.words[index - 1] ?? "") && !word.startsWith("-")
			? stars(word)
			: maskCommand(maskPairs(maskText(word))),
	);
	return { ...command, words };
}

function isValue(value: unknown): value is Value {
	return typeof value === "object" && value !== null && "text" in value;
}

/** Every text of a value or a mount. */
function hiddenTexts<T>(value: T): T {
	if (typeof value === "string") return maskText(value) as T;
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).map(([key, part]) => [key, typeof part === "string" ? maskText(part) : part]);
	return Object.fromEntries(entries) as T;
}
