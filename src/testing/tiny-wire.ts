// The data commands of the worker over a real MessageChannel, on a workspace of their own, for tests.

import { afterEach, beforeEach } from 'vitest';
import { WorkerClient } from '../wire/client';
import type { WirePort } from '../wire/messages';
import { corpusHandlers } from '../worker/corpora/corpus-handlers';
import { importCorpusHandlers } from '../worker/corpora/import-corpus';
import { itemHandlers } from '../worker/items/item-handlers';
import { modelHandlers } from '../worker/models/model-handlers';
import { resultHandlers } from '../worker/results/result-handlers';
import { emitter, type Handlers, serve } from '../worker/serve';
import { vectorsHandlers } from '../worker/vectors/vectors-handlers';
import { createContext, type WorkerContext } from '../worker/worker-context';
import { countedId, freshIndexedDB } from './tiny-workspace';

export interface TinyWire {
	client: WorkerClient;
	context: WorkerContext;
	close(): void;
}

/** Its clock advances by ten milliseconds whenever it is read. `more`: handlers beside the usual ones, or in their place. */
export function connectTiny(more?: (context: WorkerContext) => Partial<Handlers>): TinyWire {
	const { port1, port2 } = new MessageChannel();
	port1.start();
	port2.start();
	let time = 100;
	const emit = emitter(port2 as WirePort);
	const nowMs = () => (time += 10);
	const context = createContext({ emit, locks: undefined, newId: countedId, nowMs, databaseName: 'wire' });
	const handlers: Partial<Handlers> = {
		...itemHandlers(context),
		...corpusHandlers(context),
		...importCorpusHandlers(context),
		...vectorsHandlers(context),
		...modelHandlers(context),
		...resultHandlers(context),
		...more?.(context),
	};
	serve(port2 as WirePort, handlers as Handlers);
	return { client: new WorkerClient(port1 as WirePort), context, close: () => port1.close() };
}

/** `connectTiny` for tests that want a fresh database each and connect as often as they like; all is closed behind them. */
export function connectPerTest(): typeof connectTiny {
	const wires: TinyWire[] = [];
	beforeEach(() => freshIndexedDB());
	afterEach(() => {
		for (const wire of wires.splice(0)) wire.close();
	});
	return (more) => {
		const wire = connectTiny(more);
		wires.push(wire);
		return wire;
	};
}
