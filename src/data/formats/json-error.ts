// Finds where a text stops being JSON (RFC 8259): one pass with an own stack, so that depth cannot break it.

/** Offset of the first character that no JSON text has there (the length for a text cut off), and what may stand there. */
export function findJsonError(text: string): { offset: number; expected: string } {
	const open: ('[' | '{')[] = [];
	let offset = 0;
	let wants: 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'end' = 'value';
	const skipSpace = () => {
		while (offset < text.length && ' \t\n\r'.includes(text[offset])) offset++;
	};
	for (;;) {
		skipSpace();
		const character = text[offset];
		if (wants === 'colon') {
			if (character !== ':') return { offset, expected: "':' after a key" };
			offset++;
			wants = 'value';
		} else if (wants === 'key' || wants === 'key or }') {
			if (character === '}' && wants === 'key or }') {
				open.pop();
				offset++;
				wants = 'end';
				continue;
			}
			if (character !== '"') return { offset, expected: 'a key in double quotes' };
			const end = stringEnd(text, offset);
			if (end.bad !== null) return { offset: end.bad, expected: stringRule };
			offset = end.next;
			wants = 'colon';
		} else if (wants === 'end') {
			const around = open.at(-1);
			if (around === undefined) return { offset, expected: 'the end of the JSON text' };
			if (character === ',') wants = around === '[' ? 'value' : 'key';
			else if (character === (around === '[' ? ']' : '}')) open.pop();
			else return { offset, expected: `',' or '${around === '[' ? ']' : '}'}'` };
			offset++;
		} else if (character === ']' && wants === 'value or ]') {
			open.pop();
			offset++;
			wants = 'end';
		} else if (character === '[' || character === '{') {
			open.push(character);
			offset++;
			wants = character === '[' ? 'value or ]' : 'key or }';
		} else {
			const end = scalarEnd(text, offset);
			if (end.bad !== null) return { offset: end.bad, expected: end.expected };
			offset = end.next;
			wants = 'end';
		}
	}
}

const stringRule = 'the closing double quote of a string, control characters escaped';

function scalarEnd(text: string, offset: number): { next: number; bad: number | null; expected: string } {
	if (text[offset] === '"') return { ...stringEnd(text, offset), expected: stringRule };
	const scalar = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.])/y;
	scalar.lastIndex = offset;
	const found = scalar.exec(text);
	return { next: scalar.lastIndex, bad: found ? null : offset, expected: 'a JSON value' };
}

function stringEnd(text: string, offset: number): { next: number; bad: number | null } {
	for (let at = offset + 1; at < text.length; at++) {
		const character = text[at];
		if (character === '"') return { next: at + 1, bad: null };
		if (character < ' ') return { next: at, bad: at };
		if (character !== '\\') continue;
		if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(at + 1, at + 6))) return { next: at, bad: at };
		at++;
	}
	return { next: text.length, bad: text.length };
}
