// Looking a name of the user up in a table of ours: `constructor` and `__proto__` are on no table.

export function ownValue<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
	return Object.hasOwn(table, name) ? table[name] : undefined;
}
