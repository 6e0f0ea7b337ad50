// Errors in two kinds: what the user can fix (UserError) and what is a bug (invariant).
// A run that ends badly is neither: it is a `finished` event with its reason (experiment/events.ts).

/** Where in the user's input the error is. Lines and columns count from 1; columns count code points. */
export interface SourceLocation {
	file?: string;
	line?: number;
	column?: number;
}

export interface UserErrorParts {
	/** Stable kebab-case name, e.g. `corpus-missing-column`; tests and the page key on it. */
	code: string;
	location?: SourceLocation;
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
	readonly location: SourceLocation;
	readonly expected: string;
	readonly found: string;
	readonly remedy: string;

	constructor(parts: UserErrorParts) {
		const location = parts.location ?? {};
		super(`${describeLocation(location)}expected ${parts.expected}, found ${parts.found}. ${parts.remedy}`);
		this.name = 'UserError';
		this.code = parts.code;
		this.location = location;
		this.expected = parts.expected;
		this.found = parts.found;
		this.remedy = parts.remedy;
	}
}

/** `train.txt:12:3: `, or an empty string when nothing is known. */
export function describeLocation({ file, line, column }: SourceLocation): string {
	const parts = [file, line, column].filter((part) => part !== undefined);
	return parts.length === 0 ? '' : `${parts.join(':')}: `;
}

/** Throws `invariant: message` when a condition that only a bug can break does not hold. */
export function invariant(condition: unknown, message: string): asserts condition {
	if (!condition) throw new Error(`invariant: ${message}`);
}
