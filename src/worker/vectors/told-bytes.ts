// The bytes of a file that a task reads, with a word to its owner before each chunk.

/** The bytes of a file; before each chunk it is told how far the reading is, and a cancellation is heard. */
export async function* toldBytes(content: Blob, tell: () => Promise<void>): AsyncGenerator<Uint8Array> {
	const reader = content.stream().getReader();
	try {
		for (;;) {
			await tell();
			const { value } = await reader.read();
			if (!value) return;
			yield value;
		}
	} finally {
		await reader.cancel();
	}
}
