// Errors across the wire: class instances do not survive structured cloning, their parts do.

import { UserError, type UserErrorParts } from '../util/errors';

export type WireError = { kind: 'user'; parts: UserErrorParts } | { kind: 'bug'; message: string; stack: string };

export function toWireError(error: unknown): WireError {
	if (error instanceof UserError) {
		const { code, location, expected, found, remedy } = error;
		return { kind: 'user', parts: { code, location, expected, found, remedy } };
	}
	if (error instanceof Error) return { kind: 'bug', message: error.message, stack: error.stack ?? '' };
	return { kind: 'bug', message: String(error), stack: '' };
}

export function fromWireError(wire: WireError): Error {
	if (wire.kind === 'user') return new UserError(wire.parts);
	const error = new Error(wire.message);
	error.stack = wire.stack || error.stack;
	return error;
}
