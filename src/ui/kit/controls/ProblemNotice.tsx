// What went wrong, where, what was expected, what came, and what to do.

import type { ReactNode } from 'react';
import type { Problem } from '../../../state/problem';
import { commonWords } from '../../words/common-words';
import { useErrorSentences } from '../../words/use-error-words';
import { useWords } from '../../words/words';

/** `children`: buttons for the ways on. */
export function ProblemNotice({ problem, children }: { problem: Problem; children?: ReactNode }) {
	const t = useWords(commonWords);
	const sentencesOf = useErrorSentences();
	const actions = children && <div className="row wrap notice-actions">{children}</div>;
	if (problem.kind === 'bug') {
		return (
			<div className="notice notice-bad" role="alert">
				<strong>{t('bugTitle', { message: problem.message })}</strong>
				<p>{t('bugHint')}</p>
				{actions}
			</div>
		);
	}
	if (problem.kind === 'run-ended') {
		return (
			<div className="notice notice-bad" role="alert" data-code={problem.reason}>
				<strong>{t('runEnded')}</strong>
				<p>{problem.message}</p>
				{actions}
			</div>
		);
	}
	const { expected, found, remedy, original } = sentencesOf(problem);
	return (
		<div className="notice notice-bad" role="alert" data-code={problem.code}>
			<strong>{problem.location.replace(/: $/, '') || t('needsChange')}</strong>
			<dl>
				<dt>{t('expected')}</dt>
				<dd>{expected}</dd>
				<dt>{t('found')}</dt>
				<dd>{found}</dd>
				<dt>{t('remedy')}</dt>
				<dd>{remedy}</dd>
			</dl>
			{original !== '' && (
				<details className="notice-original">
					<summary>{t('originalError')}</summary>
					<p lang="en">{original}</p>
				</details>
			)}
			{actions}
		</div>
	);
}
