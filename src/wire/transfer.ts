// Arrays that a message gives away: their memory moves to the other end of the wire, without a copy, and is empty here
// from then on. Everything else in a message is copied.

const given = new WeakMap<object, Transferable[]>();

/**
 * The message, marked to give these arrays away when it is sent. Only for arrays that nobody here reads again: one that is
 * kept has to be copied first. A view of a part of some memory is copied all the same, and so is memory that threads share.
 */
export function transferring<Message extends object>(
	message: Message,
	arrays: readonly (ArrayBufferView | null)[],
): Message {
	const buffers = new Set<Transferable>();
	for (const array of arrays) {
		if (array?.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength) buffers.add(array.buffer);
	}
	given.set(message, [...buffers]);
	return message;
}

/** What `transferring` said of this message; nothing for any other value. */
export function transfersOf(message: unknown): Transferable[] {
	return (typeof message === 'object' && message !== null && given.get(message)) || [];
}
