// The open sentence as a grid: a row for each model, and under them the lexicon words that the shown model met.

import { useMemo } from 'react';
import { compareModels, differingCharacters } from '../../../analysis/model-comparison';
import { useTagging } from '../../context/models-context';
import { CharacterGrid, type LatticeWord } from '../../kit/sentences/CharacterGrid';
import { useWords } from '../../words/words';
import { latticeWords } from './lattice-words';
import { tagWords } from './tag-words';
import { useChosenModels } from './use-chosen-models';
import type { ShownResult } from './use-shown-result';

export function SentenceLattice({ shown, index }: { shown: ShownResult; index: number }) {
	const t = useWords(tagWords);
	const { chosen } = useChosenModels();
	const withoutWords = useTagging((state) => state.withoutWords);
	const toggleWord = useTagging((state) => state.toggleWord);
	const { model, modelRows, types } = shown;
	const { characters, words = [] } = model.sentences[index];
	const spans = useMemo(() => modelRows.map(({ sentences }) => sentences[index]?.spans ?? []), [modelRows, index]);
	const rows = useMemo(
		() => compareModels(spans).map((row, position) => ({ name: modelRows[position].shortName, spans: row })),
		[spans, modelRows],
	);
	const shownWords = useMemo(() => latticeWords(characters, words, withoutWords), [characters, words, withoutWords]);
	return (
		<div className="tag-lattice">
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className="tag-lattice-scroll" aria-label={t('words')} tabIndex={0}>
				<CharacterGrid
					characters={characters}
					lanes={rows}
					types={types}
					words={shownWords}
					wordsName={t('words')}
					differing={differingCharacters(spans)}
					cell={34}
					onWord={(word: LatticeWord) => void toggleWord(word.text, chosen)}
				/>
			</section>
			<p className="quiet-text">{shownWords.length > 0 ? t('wordsHint') : t('noWords')}</p>
		</div>
	);
}
