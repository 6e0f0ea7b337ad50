// What went wrong, as the page's stores keep it and its notices show it.

import type { FinishReason } from '../experiment/events';
import { describeLocation, UserError } from '../util/errors';

/** What went wrong, ready for the page: in parts where the user can mend it. */
export type Problem =
	| { kind: 'user'; code: string; location: string; expected: string; found: string; remedy: string }
	| { kind: 'bug'; message: string }
	/** The run itself went wrong: its loss is no number, or the device was lost. */
	| { kind: 'run-ended'; reason: FinishReason; message: string };

/** A problem on its way to whoever shows it. */
export class ProblemError extends Error {
	constructor(readonly problem: Problem) {
		super(problem.kind === 'user' ? problem.code : problem.message);
	}
}

export function toProblem(error: unknown): Problem {
	if (error instanceof ProblemError) return error.problem;
	if (error instanceof UserError) {
		const { code, expected, found, remedy } = error;
		return { kind: 'user', code, location: describeLocation(error.location), expected, found, remedy };
	}
	return { kind: 'bug', message: error instanceof Error ? error.message : String(error) };
}
