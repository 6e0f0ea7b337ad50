// One lexicon: its figures, and what it is for.

import { sizeOf } from '../../../storage/workspace/item-record';
import { usePresence } from '../../context/data-context';
import { EmptyState } from '../../kit/controls/EmptyState';
import { TermHint } from '../../kit/controls/Hint';
import { PageFrame } from '../../kit/frame/PageFrame';
import { commonWords } from '../../words/common-words';
import { bytesText, countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { Fact } from './ImportFiles';
import { SourceList } from './SourceList';

export function LexiconView({ id }: { id: string }) {
	const t = useWords(dataWords);
	const shell = useWords(commonWords);
	const presence = usePresence('lexicon', id);
	const sources = { label: t('sources'), content: <SourceList open={`lexicon/${id}`} />, width: 264 };
	if (presence.kind !== 'present') {
		return (
			<PageFrame page="data" list={sources}>
				{presence.kind === 'absent' && (
					<EmptyState title={shell('unknownObject', { kind: shell('lexiconKind').toLowerCase() })}>
						{t('itemNotHereText', { name: id })}
					</EmptyState>
				)}
			</PageFrame>
		);
	}
	const { item } = presence;
	return (
		<PageFrame page="data" crumbs={[{ label: t('lexicons') }, { label: item.name }]} list={sources}>
			<div className="scroll data-item-view">
				<dl className="data-facts data-facts-wide">
					<Fact name={t('vectorsFile')} value={item.detail.sources.map(({ name }) => name).join(', ')} />
					<Fact name={t('words')} value={countText(item.detail.wordCount)} />
					<Fact name={t('size')} value={bytesText(sizeOf(item))} />
				</dl>
				<p>
					{t('lexiconText')} <TermHint term="lattice" />
				</p>
			</div>
		</PageFrame>
	);
}
