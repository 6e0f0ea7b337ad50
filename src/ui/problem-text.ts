// A problem in one line, for a toast.

import { useCallback } from 'react';
import type { Language } from '../state/preferences';
import type { Problem } from '../state/problem';
import { errorSentences } from './words/error-words';
import { useLanguage } from './words/words';

export function problemText(problem: Problem, language: Language): string {
	if (problem.kind !== 'user') return problem.message;
	const { expected, found, remedy, original } = errorSentences(problem, language);
	if (original === '') return `${problem.place}expected ${expected}; found ${found}. ${remedy}`;
	return `${problem.place}应为${expected}，实际：${found}。${remedy}`;
}

export function useProblemText(): (problem: Problem) => string {
	const language = useLanguage();
	return useCallback((problem) => problemText(problem, language), [language]);
}
