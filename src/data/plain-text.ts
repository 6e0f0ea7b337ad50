// Text without tags: one sentence a line.

/** The lines that are not blank. `onBlank` hears of those that hold white space only. */
export function plainLines(text: string, onBlank: (line: number) => void = () => {}): { text: string; line: number }[] {
	const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\r|\n/);
	return lines.flatMap((content, index) => {
		if (content.trim() !== '') return [{ text: content, line: index + 1 }];
		if (content !== '') onBlank(index + 1);
		return [];
	});
}
