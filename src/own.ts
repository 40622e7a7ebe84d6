/** The value of a record's own key, so not of `constructor`. `Object.hasOwn` would need Node 16.9. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
	return Object.getOwnPropertyDescriptor(record, key)?.value;
}
