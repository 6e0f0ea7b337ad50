// A helper thread of the wasm device (thread-team.ts): an instance of the same module on the same shared memory, which
// runs lists of calls. Plain JavaScript that imports nothing, because Node and browsers run this file as it stands.

/** How often the thread looks for work before it sleeps: some tens of microseconds. */
const looks = 3000;

/** Serves until it is told to stop. `control` is [round, stop, failed, done...], `calls` [length, (function, count, ...arguments)...]. */
function serve({ module, memory, scratch, control, calls, doneAt }) {
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const functions = Object.values(exports);
	exports.initialize(scratch);
	let round = 0;
	return () => {
		for (;;) {
			for (let look = 0; Atomics.load(control, 0) === round; look++) if (look > looks) Atomics.wait(control, 0, round);
			round = Atomics.load(control, 0);
			if (Atomics.load(control, 1) === 1) return;
			try {
				const end = calls[0];
				for (let place = 1; place < end; ) {
					const from = place + 2;
					const next = from + calls[place + 1];
					functions[calls[place]](...calls.subarray(from, next));
					place = next;
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
