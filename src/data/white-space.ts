// White space as Unicode has it, and as Python's `str.strip` and `str.split`, which the published program reads its files with;
// \s of JavaScript knows other separators, and the byte order mark.

/** Of a UTF-16 unit; no white space has two. */
export function isUnicodeSpace(code: number): boolean {
	if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
	if (code < 0x1680) return code === 0x85 || code === 0xa0;
	if (code < 0x2000 || code > 0x3000) return code === 0x1680;
	return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** Without white space at both ends. */
export function stripSpace(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && isUnicodeSpace(text.charCodeAt(start))) start++;
	while (end > start && isUnicodeSpace(text.charCodeAt(end - 1))) end--;
	return text.slice(start, end);
}

/** The runs between white space of any kind; none for a text of white space alone. */
export function splitAtSpace(text: string): string[] {
	const parts: string[] = [];
	let start = -1;
	for (let index = 0; index < text.length; index++) {
		const isSpace = isUnicodeSpace(text.charCodeAt(index));
		if (isSpace && start >= 0) parts.push(text.slice(start, index));
		if (isSpace) start = -1;
		else if (start < 0) start = index;
	}
	if (start >= 0) parts.push(text.slice(start));
	return parts;
}
