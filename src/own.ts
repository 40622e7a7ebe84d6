/** The value of a key that a record has itself: `constructor` is nobody's. `Object.hasOwn` would need Node 16.9. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
	return Object.getOwnPropertyDescriptor(record, key)?.value;
}
