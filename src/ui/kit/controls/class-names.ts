// The class attribute of an element from the names that apply to it.

export function classNames(...names: readonly (string | false | undefined)[]): string {
	return names.filter((name) => name).join(' ');
}
