// The bytes of a file that a task reads, with a report of the progress before each chunk.

/** The bytes of a file. `report` is awaited before each chunk: it reports how far the reading is, and throws when it is cancelled. */
export async function* reportedBytes(content: Blob, report: () => Promise<void>): AsyncGenerator<Uint8Array> {
	const reader = content.stream().getReader();
	try {
		for (;;) {
			await report();
			const { value } = await reader.read();
			if (!value) return;
			yield value;
		}
	} finally {
		await reader.cancel();
	}
}
