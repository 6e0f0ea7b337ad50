// Several threads for one device: the caller's and helpers (helper-thread.mjs), each with an instance of the module on
// one shared memory. Work whose parts do not touch each other's results is cut into one part a thread: the caller writes
// the helpers' kernel calls into shared lists, computes its own part, and waits for theirs. Every number is computed by
// the same operations in the same order on any thread, so results have the same bits for any number of threads.

import { invariant, UserError } from '../../util/errors';
import type { Kernels } from './kernel-exports';

/** Part of a piece of work: units [start, end), to be computed with these kernels, which return nothing here. */
export type PartWork = (kernels: Kernels, start: number, end: number) => void;

/** Indices in `control`; those of `done` follow. */
const [roundAt, stopAt, failedAt, firstDoneAt] = [0, 1, 2, 3];
/** Numbers in a helper's list of calls. */
const listLength = 1 << 16;
/** Multiply-adds below which a helper's part takes less time than to wake the helper. */
const smallestWork = 300_000;
/** How often the caller looks for the helpers' end before it sleeps. */
const maxTries = 3000;

export interface TeamPlan {
	module: WebAssembly.Module;
	/** Shared. */
	memory: WebAssembly.Memory;
	kernels: Kernels;
	/** The caller's among them. */
	threads: number;
}

interface Helper {
	calls: Float64Array;
	stop(): void;
}

/** Whether threads may share memory here: in Node, and on cross-origin isolated pages. */
export function canShareMemory(): boolean {
	return (
		typeof SharedArrayBuffer === 'function' &&
		(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false
	);
}

/** Starts the helpers. Returns the team and the first address behind every thread's working space. UserError when a helper does not start. */
export async function startTeam({
	module,
	memory,
	kernels,
	threads,
}: TeamPlan): Promise<{ team: ThreadTeam; end: number }> {
	const scratch = [kernels.initialize(0)];
	while (scratch.length < threads) scratch.push(kernels.initialize(scratch[scratch.length - 1]));
	const end = scratch[threads - 1];
	kernels.initialize(0);
	const missing = end - memory.buffer.byteLength;
	if (missing > 0) memory.grow(Math.ceil(missing / 65536));
	const control = new Int32Array(new SharedArrayBuffer(4 * (firstDoneAt + threads - 1)));
	const helpers: Helper[] = [];
	try {
		for (let index = 0; index < threads - 1; index++) {
			const calls = new Float64Array(new SharedArrayBuffer(8 * listLength));
			const start = { module, memory, scratch: scratch[index], control, calls, doneAt: firstDoneAt + index };
			helpers.push({ calls, stop: await startThread(start) });
		}
	} catch (error) {
		for (const helper of helpers) helper.stop();
		throw new UserError({
			code: 'wasm-no-threads',
			expected: `${threads} threads`,
			found: error instanceof Error ? error.message : String(error),
			remedy: 'Use one thread.',
		});
	}
	return { team: new ThreadTeam(kernels, control, helpers), end };
}

export class ThreadTeam {
	private round = 0;
	private readonly maySleep = mayWait();
	/** For each helper, kernels that write their calls down. */
	private readonly recorders: readonly Kernels[];

	constructor(
		private readonly kernels: Kernels,
		private readonly control: Int32Array,
		private readonly helpers: readonly Helper[],
	) {
		for (const { calls } of helpers) calls[0] = 1;
		this.recorders = helpers.map(({ calls }) => recorderOf(kernels, calls, () => this.flush()));
	}

	get threads(): number {
		return this.helpers.length + 1;
	}

	/** Does all units of some work that costs about `cost` multiply-adds, in parts where that is worth it. */
	share(units: number, cost: number, work: PartWork): void {
		const parts = cost < smallestWork ? 1 : Math.min(units, this.threads);
		if (parts <= 1) {
			work(this.kernels, 0, units);
			return;
		}
		const borderOf = (part: number) => Math.floor((units * part) / parts);
		for (let part = 1; part < parts; part++) work(this.recorders[part - 1], borderOf(part), borderOf(part + 1));
		this.dispatch();
		try {
			work(this.kernels, 0, borderOf(1));
		} finally {
			this.join();
		}
	}

	stop(): void {
		Atomics.store(this.control, stopAt, 1);
		Atomics.add(this.control, roundAt, 1);
		Atomics.notify(this.control, roundAt);
		for (const helper of this.helpers) helper.stop();
	}

	private dispatch(): void {
		this.round = (this.round + 1) | 0;
		Atomics.store(this.control, roundAt, this.round);
		Atomics.notify(this.control, roundAt);
	}

	/** Has all calls done that are written down so far: a list is full. */
	private flush(): void {
		this.dispatch();
		this.join();
	}

	/** Waits until every helper has done its list, which is then empty. */
	private join(): void {
		for (let index = 0; index < this.helpers.length; index++) {
			const doneAt = firstDoneAt + index;
			for (let tries = 0; ; tries++) {
				const done = Atomics.load(this.control, doneAt);
				if (done === this.round) break;
				if (tries > maxTries && this.maySleep) Atomics.wait(this.control, doneAt, done);
			}
			this.helpers[index].calls[0] = 1;
		}
		invariant(Atomics.load(this.control, failedAt) === 0, 'a helper thread of the wasm device failed');
	}
}

/** Kernels that append [function, count, ...arguments] to a list instead of computing. */
function recorderOf(kernels: Kernels, calls: Float64Array, flush: () => void): Kernels {
	const record = (index: number, values: readonly (number | boolean)[]) => {
		if (calls[0] + values.length + 2 > listLength) flush();
		let next = calls[0];
		calls[next++] = index;
		calls[next++] = values.length;
		for (const value of values) calls[next++] = Number(value);
		calls[0] = next;
	};
	const recorders = Object.keys(kernels).map((name, index) => [
		name,
		(...values: (number | boolean)[]) => record(index, values),
	]);
	return Object.fromEntries(recorders) as Kernels;
}

/** Whether this thread may sleep: a browser's page may not, its workers may. */
function mayWait(): boolean {
	try {
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
		return true;
	} catch {
		return false;
	}
}

/** Starts a helper with what it needs and waits until it is ready; the result ends it. */
function startThread(start: object): Promise<() => void> {
	return typeof Worker === 'function' ? startInBrowser(start) : startInNode(start);
}

function startInBrowser(start: object): Promise<() => void> {
	const worker = new Worker(new URL('./helper-thread.mjs', import.meta.url), { type: 'module', name: 'kernels' });
	return new Promise((resolve, reject) => {
		worker.addEventListener('message', () => resolve(() => worker.terminate()), { once: true });
		worker.addEventListener('error', (event) => reject(new Error(event.message || 'the thread could not be loaded')));
		worker.postMessage(start);
	});
}

async function startInNode(start: object): Promise<() => void> {
	const name = 'node:worker_threads'; // a variable, so that bundlers for browsers leave it alone
	const threads = (await import(/* @vite-ignore */ name)) as typeof import('node:worker_threads');
	const file = './helper-thread.mjs'; // likewise
	const worker = new threads.Worker(new URL(file, import.meta.url), {
		workerData: start,
		execArgv: [],
	});
	return new Promise((resolve, reject) => {
		worker.once('message', () => {
			worker.unref(); // it sleeps most of the time and must not keep the program alive
			resolve(() => void worker.terminate());
		});
		worker.once('error', reject);
	});
}
