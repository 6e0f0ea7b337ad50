// The chunks of a stream of the browser, as anything that can be looped over.

/** Releases the stream's reader at the end, and cancels the stream if the loop is left early. */
export async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	const reader = stream.getReader();
	let isDone = false;
	try {
		while (true) {
			const { done, value } = await reader.read();
			isDone = done;
			if (done) return;
			yield value;
		}
	} finally {
		if (!isDone) await reader.cancel().catch(() => undefined); // the error that ended the reading is on its way already
		reader.releaseLock();
	}
}
