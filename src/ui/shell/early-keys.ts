// Keys typed between opening the palette and the moment in which its field has the focus: its file may still be on its way, or
// the machine busy. Text becomes its first query, Escape closes it, and no key acts on the page behind.

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export class EarlyKeys {
	/** Null while nothing opens. */
	private typed: string | null = null;

	/** `cancel` closes what is opening. */
	constructor(private readonly cancel: () => void) {}

	/** What was typed before a second request to open stays. */
	begin(): void {
		this.typed ??= '';
	}

	/** Takes a key that is meant for the palette; false while nothing opens, for commands with a modifier, and for Tab. */
	keep({ key, ctrlKey, metaKey, altKey }: Key): boolean {
		if (this.typed === null || ctrlKey || metaKey || altKey || key === 'Tab') return false;
		if (key === 'Escape') {
			this.typed = null;
			this.cancel();
		} else if (key === 'Backspace') this.typed = this.typed.slice(0, -1);
		else if (key.length === 1) this.typed += key;
		return true;
	}

	/** What was typed so far; from now on the field takes the keys itself. */
	take(): string {
		const { typed } = this;
		this.typed = null;
		return typed ?? '';
	}
}
