// A helper thread of the wasm device (thread-team.ts): an instance of the same module on the same shared memory, which
// runs lists of calls. Plain JavaScript that imports nothing, because Node and browsers run this file as it is.

/** How often the thread looks for work before it sleeps: some tens of microseconds. */
const maxTries = 3000;

/** Serves until `control` says stop. `control` is [round, stop, failed, done...], `calls` [length, (function, count, ...arguments)...]. */
function serve({ module, memory, scratch, control, calls, doneAt }) {
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const functions = Object.values(exports);
	exports.initialize(scratch);
	let round = 0;
	return () => {
		for (;;) {
			for (let tries = 0; Atomics.load(control, 0) === round; tries++)
				if (tries > maxTries) Atomics.wait(control, 0, round);
			round = Atomics.load(control, 0);
			if (Atomics.load(control, 1) === 1) return;
			try {
				const end = calls[0];
				for (let index = 1; index < end; ) {
					const from = index + 2;
					const next = from + calls[index + 1];
					functions[calls[index]](...calls.subarray(from, next));
					index = next;
				}
			} catch {
				Atomics.store(control, 2, 1);
			}
			Atomics.store(control, doneAt, round);
			Atomics.notify(control, doneAt);
		}
	};
}

if (typeof WorkerGlobalScope === 'function') {
	self.addEventListener(
		'message',
		({ data }) => {
			const loop = serve(data);
			self.postMessage('ready');
			loop();
		},
		{ once: true },
	);
} else {
	const threads = 'node:worker_threads'; // a variable, so that bundlers for browsers leave it alone
	const { parentPort, workerData } = await import(/* @vite-ignore */ threads);
	const loop = serve(workerData);
	parentPort.postMessage('ready');
	loop();
}
