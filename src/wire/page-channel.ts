// Messages between the pages of one browser, or their workers.

/** A broadcast channel of its own for one sort of message; where the browser has none, every page is on its own. */
export class PageChannel<Message> {
	private readonly channel: BroadcastChannel | null;

	constructor(name: string) {
		this.channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
	}

	listen(hear: (message: Message) => void): void {
		if (this.channel) this.channel.onmessage = (event) => hear(event.data as Message);
	}

	tell(message: Message): void {
		this.channel?.postMessage(message);
	}

	close(): void {
		this.channel?.close();
	}
}
