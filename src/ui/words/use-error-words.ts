// Errors in the page's language, for components: drawn again when its words have been loaded.

import { useCallback, useEffect, useState } from 'react';
import { type ErrorParts, type ErrorSentences, errorSentences, hasErrorWords, loadErrorWords } from './error-words';
import { useLanguage } from './words';

export function useErrorSentences(): (parts: ErrorParts) => ErrorSentences {
	const language = useLanguage();
	const [isLoaded, setLoaded] = useState(hasErrorWords(language));
	useEffect(() => {
		let isGone = false;
		setLoaded(hasErrorWords(language));
		// Without its file, as offline in a first visit, errors stay in English.
		loadErrorWords(language).then(
			() => isGone || setLoaded(true),
			() => undefined,
		);
		return () => {
			isGone = true;
		};
	}, [language]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded changes what is told
	return useCallback((parts) => errorSentences(parts, language), [language, isLoaded]);
}
