// The worker's end of the wire: hands each command to its handler and sends back the reply or the error's parts.

import { invariant } from '../util/errors';
import type {
	CommandName,
	Commands,
	FromWorker,
	ToWorker,
	WirePort,
	WorkerEventName,
	WorkerEvents,
} from '../wire/messages';
import { transfersOf } from '../wire/transfer';
import { toWireError } from '../wire/wire-error';

export type Handlers = {
	[Name in CommandName]: (request: Commands[Name]['request']) => Promise<Commands[Name]['reply']>;
};

export type Emit = <Name extends WorkerEventName>(event: Name, data: WorkerEvents[Name]) => void;

/** A way to send events, before or after `serve`. */
export function emitter(port: WirePort): Emit {
	return (event, data) => port.postMessage({ kind: 'event', event, data } as FromWorker, transfersOf(data));
}

/** Answers commands until the port closes. Commands may overlap: a handler that must not says so itself. Arrays of a reply
 *  marked by `transferring` move to the page. */
export function serve(port: WirePort, handlers: Handlers): void {
	port.addEventListener('message', (event) => {
		const message = event.data as ToWorker;
		void answer(message, handlers).then((response) => {
			port.postMessage(response, response.kind === 'reply' ? transfersOf(response.reply) : []);
		});
	});
}

async function answer(message: ToWorker, handlers: Handlers): Promise<FromWorker> {
	try {
		const handler = handlers[message.command] as ((request: unknown) => Promise<unknown>) | undefined;
		invariant(handler, `no handler for the command ${message.command}`);
		return { kind: 'reply', id: message.id, reply: await handler(message.request) };
	} catch (error) {
		return { kind: 'error', id: message.id, error: toWireError(error) };
	}
}
