// Waiting in tests for messages that take turns of the event loop. A fixed time is too short on a busy machine: its timer
// can be due before the message that was sent long before is read.

/** Turns of the event loop, however long each takes. */
export async function turns(count = 20): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}
