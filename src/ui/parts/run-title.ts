// A run in one line, where runs of one name stand beside each other.

/** The name and the seed, where that is known. */
export function runTitle(name: string, seed: number | null | undefined): string {
	return typeof seed === 'number' ? `${name} · ${seed}` : name;
}
