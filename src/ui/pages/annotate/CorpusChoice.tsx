// Annotate without a corpus: the corpora of this browser to choose from.

import { splitCounts } from '../../../storage/workspace/corpus-record';
import { useItems } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { PageFrame } from '../../kit/frame/PageFrame';
import { go, routeHref } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';

/** `isMissing`: the address names a corpus that is not here. */
export function CorpusChoice({ isMissing = false }: { isMissing?: boolean }) {
	const t = useWords(annotateWords);
	const corpora = useItems('corpus');
	return (
		<PageFrame page="annotate">
			<EmptyState
				title={t(isMissing ? 'missing' : 'chooseCorpus')}
				actions={<Button onPress={() => go('data', ['import'])}>{t('addCorpus')}</Button>}
			>
				<p>{t('chooseCorpusText')}</p>
				<ul className="annotate-corpora">
					{corpora.map(({ id, name, detail }) => {
						const sentences = splitCounts(detail);
						const count = sentences.train + sentences.dev + sentences.test;
						return (
							<li key={id}>
								<a className="row" href={routeHref('annotate', [id])}>
									<span className="clip">{name}</span>
									<span className="spacer" />
									<span className="num quiet-text">
										{t('sentenceCount', { count: countText(count), number: count })}
									</span>
								</a>
							</li>
						);
					})}
				</ul>
			</EmptyState>
		</PageFrame>
	);
}
