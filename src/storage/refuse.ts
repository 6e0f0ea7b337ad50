// Refusing a file: readers of one format say code, expectation and finding; file and remedy are the same throughout.

import { UserError } from '../util/errors';

export type Refuse = (code: string, expected: string, found: string) => never;

/** Throws a UserError about this file, with the format's own remedy. */
export function refuser(file: string | undefined, remedy: string): Refuse {
	return (code, expected, found) => {
		throw new UserError({ code, location: { file }, expected, found, remedy });
	};
}
