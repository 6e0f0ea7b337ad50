// Keys typed between opening the palette and the moment in which its field has the focus: its file may still be on its way, or
// the machine busy. They become its first text, and never act on the page behind.

export class EarlyKeys {
	/** Null while nothing opens. */
	private typed: string | null = null;

	begin(): void {
		this.typed = '';
	}

	/** Keeps a key that would become text; false for every other key, and while nothing opens. */
	keep({ key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
		if (this.typed === null || ctrlKey || metaKey || altKey) return false;
		if (key === 'Backspace') this.typed = this.typed.slice(0, -1);
		else if (key.length === 1) this.typed += key;
		else return false;
		return true;
	}

	/** What was typed so far; from now on the field takes the keys itself. */
	take(): string {
		const { typed } = this;
		this.typed = null;
		return typed ?? '';
	}
}
