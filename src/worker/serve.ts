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
import { type AnyEvent, eventsInPlaceOf } from './unsent-event';

export type Handlers = {
	[Name in CommandName]: (request: Commands[Name]['request']) => Promise<Commands[Name]['reply']>;
};

type Answer = Extract<FromWorker, { kind: 'reply' | 'error' }>;

export type Emit = <Name extends WorkerEventName>(event: Name, data: WorkerEvents[Name]) => void;

/** A way to send events, before or after `serve`. Never throws: in place of an event that cannot be posted the page hears
 *  what `eventsInPlaceOf` says. */
export function emitter(port: WirePort): Emit {
	const send = (event: AnyEvent) => {
		try {
			port.postMessage({ kind: 'event', ...event } as FromWorker, transfersOf(event.data));
		} catch (error) {
			console.error(`the event ${event.event} could not be sent`, error);
			for (const other of eventsInPlaceOf(event, error)) send(other);
		}
	};
	return (event, data) => send({ event, data } as AnyEvent);
}

/** Answers commands until the port closes. Commands may overlap: a handler that must not says so itself. Arrays of a reply
 *  marked by `transferring` move to the page. */
export function serve(port: WirePort, handlers: Handlers): void {
	let lastRead = 0;
	port.addEventListener('messageerror', () =>
		port.postMessage({ kind: 'unread', after: lastRead } satisfies FromWorker, []),
	);
	port.addEventListener('message', (event) => {
		const message = event.data as ToWorker;
		lastRead = message.id;
		void answer(message, handlers).then((response) => reply(port, response));
	});
}

/** A reply that cannot be posted becomes an error: whoever asked waits for something. */
function reply(port: WirePort, response: Answer): void {
	try {
		port.postMessage(response, response.kind === 'reply' ? transfersOf(response.reply) : []);
	} catch (error) {
		port.postMessage({ kind: 'error', id: response.id, error: toWireError(error) } satisfies FromWorker, []);
	}
}

async function answer(message: ToWorker, handlers: Handlers): Promise<Answer> {
	try {
		const handler = handlers[message.command] as ((request: unknown) => Promise<unknown>) | undefined;
		invariant(handler, `no handler for the command ${message.command}`);
		return { kind: 'reply', id: message.id, reply: await handler(message.request) };
	} catch (error) {
		return { kind: 'error', id: message.id, error: toWireError(error) };
	}
}
