// A pause in work, in which the worker hears what came in.

/** Lets waiting messages be heard: resolves in a task of its own, not in a microtask, and without the delay of timers. */
export function breathe(): Promise<void> {
	return new Promise((resolve) => {
		const channel = new MessageChannel();
		channel.port1.onmessage = () => {
			channel.port1.close();
			resolve();
		};
		channel.port2.postMessage(null);
	});
}
