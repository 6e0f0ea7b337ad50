// What was done to the corpus, in order, with undo and redo.

import { Redo2, Undo2 } from 'lucide-react';
import { changeWords } from '../../../data/change-history';
import { useBrowser } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { dataWords } from './data-words';

export function HistoryPanel() {
	const t = useWords(dataWords);
	const language = useLanguage();
	const history = useBrowser((state) => state.history);
	const opened = useBrowser((state) => state.opened);
	const undo = useBrowser((state) => state.undo);
	const redo = useBrowser((state) => state.redo);
	if (!opened) return null;
	const { sentences, sources } = opened.item.detail;
	const imported = sentences.train + sentences.dev + sentences.test;
	return (
		<>
			<div className="section row">
				<Button
					icon={<Undo2 size={14} aria-hidden />}
					isDisabled={history.done.length === 0}
					onPress={() => void undo()}
				>
					{t('undo')}
				</Button>
				<Button
					icon={<Redo2 size={14} aria-hidden />}
					isDisabled={history.undone.length === 0}
					onPress={() => void redo()}
				>
					{t('redo')}
				</Button>
			</div>
			<ol className="section data-history">
				<li>
					{t('importedAs', { count: countText(imported) })}
					<p className="quiet-text data-history-note">{sources.map(({ name }) => name).join(', ')}</p>
				</li>
				{opened.changes.map((change, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a change has no name but its place
					<li key={index}>{changeWords(change, opened.effects[index] ?? { sentences: 0 })[language]}</li>
				))}
				{history.undone.length > 0 && (
					<li className="quiet-text data-history-note">
						{countText(history.undone.length)} {t('takenBack')}
					</li>
				)}
			</ol>
			{opened.changes.length === 0 && <p className="section quiet-text">{t('historyEmpty')}</p>}
		</>
	);
}
