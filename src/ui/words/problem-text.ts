// A problem in one line, for a toast.

import { useCallback } from 'react';
import type { Problem } from '../../state/problem';
import { useErrorSentences } from './use-error-words';

export function useProblemText(): (problem: Problem) => string {
	const sentencesOf = useErrorSentences();
	return useCallback(
		(problem) => {
			if (problem.kind !== 'user') return problem.message;
			const { expected, found, remedy, original } = sentencesOf(problem);
			if (original === '') return `${problem.location}${found}. ${remedy}`;
			return `${problem.location}应为${expected}，实际：${found}。${remedy}`;
		},
		[sentencesOf],
	);
}
