// White space as Python's `str.strip` and `str.split` have it, which the published program reads its files with.

const space = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const atEnds = new RegExp(`^[${space}]+|[${space}]+$`, 'g');
const between = new RegExp(`[${space}]+`);

/** Without white space at both ends. */
export function stripSpace(text: string): string {
	return text.replace(atEnds, '');
}

/** The parts between white space; none for a text of white space alone. */
export function splitAtSpace(text: string): string[] {
	const stripped = stripSpace(text);
	return stripped === '' ? [] : stripped.split(between);
}
