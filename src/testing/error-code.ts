// What a call says when it refuses its input: tests key on the stable code of a UserError. Never imported by the product.

import { UserError } from '../util/errors';

/** The code of the UserError that the call throws, or 'no error'. Any other error is thrown on: it is a bug. */
export function errorCodeOf(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		return codeOrRethrow(error);
	}
	return 'no error';
}

/** The same for a promise. */
export async function errorCodeOfAsync(run: () => Promise<unknown>): Promise<string> {
	try {
		await run();
	} catch (error) {
		return codeOrRethrow(error);
	}
	return 'no error';
}

function codeOrRethrow(error: unknown): string {
	if (error instanceof UserError) return error.code;
	throw error;
}
