// A problem in one line, for a toast.

import type { Problem } from '../state/run';

export function problemText(problem: Problem): string {
	return problem.kind === 'user' ? `${problem.place}${problem.found}. ${problem.remedy}` : problem.message;
}
