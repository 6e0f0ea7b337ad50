// Errors in two kinds: what the user can mend (UserError) and what is a bug (invariant).
// A run that ends badly is neither: it is a `finished` event with its reason (experiment/events.ts).

/** Where in the user's input the trouble sits. Lines and columns count from 1; columns count code points. */
export interface Place {
	file?: string;
	line?: number;
	column?: number;
}

export interface UserErrorParts {
	/** Stable kebab-case name, e.g. `corpus-missing-column`; tests and the page key on it. */
	code: string;
	place?: Place;
	/** What was expected, as the end of "expected …". */
	expected: string;
	/** What came instead, as the end of "found …". */
	found: string;
	/** What the user can do now; an imperative sentence. */
	remedy: string;
}

/** A fault in the user's input, setting or machine, with what was expected, what came, where, and what to do. */
export class UserError extends Error {
	readonly code: string;
	readonly place: Place;
	readonly expected: string;
	readonly found: string;
	readonly remedy: string;

	constructor(parts: UserErrorParts) {
		const place = parts.place ?? {};
		super(`${describePlace(place)}expected ${parts.expected}, found ${parts.found}. ${parts.remedy}`);
		this.name = 'UserError';
		this.code = parts.code;
		this.place = place;
		this.expected = parts.expected;
		this.found = parts.found;
		this.remedy = parts.remedy;
	}
}

/** `train.txt:12:3: `, or an empty string when nothing is known. */
export function describePlace(place: Place): string {
	const parts = [place.file, place.line, place.column].filter((part) => part !== undefined);
	return parts.length === 0 ? '' : `${parts.join(':')}: `;
}

/** Throws `invariant: message` when a condition that only a bug can break does not hold. */
export function invariant(condition: unknown, message: string): asserts condition {
	if (!condition) throw new Error(`invariant: ${message}`);
}
