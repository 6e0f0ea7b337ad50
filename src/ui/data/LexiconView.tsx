// One lexicon: its figures, and what it is for.

import { sizeOf } from '../../storage/workspace/item-record';
import { EmptyState } from '../controls/EmptyState';
import { TermHint } from '../controls/Hint';
import { usePresence } from '../data-context';
import { bytesText, countText } from '../number-words';
import { PlaceFrame } from '../shell/PlaceFrame';
import { dataWords } from '../words/data-words';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { Fact } from './ImportFiles';
import { SourceList } from './SourceList';

export function LexiconView({ id }: { id: string }) {
	const t = useWords(dataWords);
	const shell = useWords(shellWords);
	const presence = usePresence('lexicon', id);
	const sources = { label: t('sources'), content: <SourceList open={`lexicon/${id}`} />, width: 264 };
	if (presence.kind !== 'present') {
		return (
			<PlaceFrame place="data" list={sources}>
				{presence.kind === 'absent' && (
					<EmptyState title={shell('unknownObject', { kind: shell('lexiconKind').toLowerCase() })}>
						{t('itemNotHereText', { name: id })}
					</EmptyState>
				)}
			</PlaceFrame>
		);
	}
	const { item } = presence;
	return (
		<PlaceFrame place="data" crumbs={[{ label: t('lexicons') }, { label: item.name }]} list={sources}>
			<div className="scroll item-view">
				<dl className="facts wide-facts">
					<Fact name={t('vectorsFile')} value={item.detail.sources.map(({ name }) => name).join(', ')} />
					<Fact name={t('words')} value={countText(item.detail.wordCount)} />
					<Fact name={t('size')} value={bytesText(sizeOf(item))} />
				</dl>
				<p>
					{t('lexiconText')} <TermHint term="lattice" />
				</p>
			</div>
		</PlaceFrame>
	);
}
