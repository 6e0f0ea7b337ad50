// Names of files made of a user's text, good on every system: no folders, no signs that Windows refuses, no reserved
// names, nothing hidden, no longer than a file name may be.

/** Bytes in UTF-8; 255 is the limit of most file systems, and browsers add ` (1)` and an ending while they write. */
const maxBytes = 200;

const reserved = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])$/i;

/** `untitled` where nothing is left. The ending is kept when the name is cut. */
export function safeFileName(text: string): string {
	const plain = text
		.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
		.replaceAll(/[/\\:*?"<>|\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, '-')
		.replaceAll(/^[\s.]+|[\s.]+$/g, '');
	const [, stem, ending] = /^(.*?)((?:\.[A-Za-z0-9-]{1,12}){0,4})$/s.exec(plain) ?? ['', plain, ''];
	const cut = cutTo(stem, maxBytes - ending.length).trim();
	const name = `${cut === '' ? 'untitled' : cut}${ending}`;
	return reserved.test(name.split('.')[0].trim()) ? `_${name}` : name;
}

function cutTo(text: string, bytes: number): string {
	const encoder = new TextEncoder();
	let size = 0;
	let kept = '';
	for (const character of text) {
		size += encoder.encode(character).length;
		if (size > bytes) break;
		kept += character;
	}
	return kept;
}
