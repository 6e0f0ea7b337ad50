// What a vector file is to be used for, asked once for each: units, corpus, lexicon. Reading then continues in the list.

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type VectorUnits, vectorUnits } from '../../../data/vectors/unit-text';
import { sampleId } from '../../../state/workspace-samples';
import { ownValue } from '../../../util/own-value';
import { useBrowser, useDataStores, useItems } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { Dialog } from '../../kit/controls/Dialog';
import { useBeginHere } from '../../navigation/open-when-done';
import { bytesText, countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { nextVectors, type WaitingVectors, waitingVectors } from './vectors-request';

export const unitWords = { characters: 'unitsCharacters', bigrams: 'unitsBigrams', words: 'unitsWords' } as const;

export function VectorsDialog() {
	const [first] = useStore(waitingVectors, (state) => state.waiting);
	if (!first) return null;
	return <VectorsForm key={first.file.name} vectors={first} />;
}

function VectorsForm({ vectors }: { vectors: WaitingVectors }) {
	const t = useWords(dataWords);
	const { workspace, client } = useDataStores();
	const open = useBrowser((state) => state.id);
	const corpora = useItems('corpus');
	const lexicons = useItems('lexicon');
	const [units, setUnits] = useState<VectorUnits>(vectors.units ?? 'characters');
	const [corpusId, setCorpusId] = useState(corpora.find(({ id }) => id === open)?.id ?? corpora[0]?.id ?? '');
	const [lexiconId, setLexiconId] = useState(lexicons.find(({ id }) => id === sampleId)?.id ?? 'none');
	const { file } = vectors;
	useEffect(() => {
		if (vectors.units !== null) return;
		void client.ask('recognise-file', { file }).then((sort) => {
			if (sort.kind === 'vectors') setUnits(sort.units);
		});
	}, [client, file, vectors.units]);
	const beginHere = useBeginHere();
	const add = async () => {
		nextVectors();
		const opener = beginHere();
		const wanted = units === 'words' && lexiconId !== 'none' ? lexiconId : null;
		const item = await workspace.getState().addVectors({ file, corpusId, units, lexiconId: wanted });
		if (!item) return;
		const coverage = ownValue(workspace.getState().coverage, item.id);
		const found = countText(coverage?.found ?? 0);
		const text = t('vectorsAdded', { name: item.name, found, wanted: countText(coverage?.wanted ?? 0) });
		const query = { corpus: corpusId, units, lexicon: wanted ?? '' };
		opener.open({ page: 'data', path: ['vectors', item.id], query }, text);
	};
	return (
		<Dialog title={t('vectorsTitle')} isOpen onClose={nextVectors} width={460}>
			<div className="dialog-form">
				<p className="row">
					<span className="medium clip">{file.name}</span>
					<span className="spacer" />
					<span className="quiet-text num">{bytesText(file.content.size)}</span>
				</p>
				<p className="quiet-text">{t('vectorsText')}</p>
				<div>
					<span className="field-label">{t('vectorsUnits')}</span>
					<div>
						<Segments
							label={t('vectorsUnits')}
							value={units}
							onChange={setUnits}
							options={vectorUnits.map((id) => ({ id, label: t(unitWords[id]) }))}
						/>
					</div>
				</div>
				<Dropdown
					label={t('forCorpus')}
					showsLabel
					value={corpusId}
					onChange={setCorpusId}
					options={corpora.map(({ id, name }) => ({ id, label: name }))}
				/>
				{units === 'words' && (
					<Dropdown
						label={t('withLexicon')}
						showsLabel
						value={lexiconId}
						onChange={setLexiconId}
						options={[{ id: 'none', label: t('none') }, ...lexicons.map(({ id, name }) => ({ id, label: name }))]}
					/>
				)}
				<div className="row dialog-buttons">
					<Button onPress={nextVectors}>{t('cancel')}</Button>
					<Button variant="primary" isDisabled={corpusId === ''} onPress={() => void add()}>
						{t('add')}
					</Button>
				</div>
			</div>
		</Dialog>
	);
}
