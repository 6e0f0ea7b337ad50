// One set of vectors: what is kept of its file, or how it was trained, and how much of a corpus it covers.

import { useEffect, useState } from 'react';
import type { VectorUnits } from '../../../data/vectors/unit-text';
import { type Problem, toProblem } from '../../../state/problem';
import { sampleId } from '../../../state/workspace-samples';
import { sizeOf } from '../../../storage/workspace/item-record';
import type { VectorProvenance } from '../../../storage/workspace/vectors-record';
import type { VectorsPlan } from '../../../wire/vectors';
import { useDataStores, useItems, usePresence } from '../../context/data-context';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { EmptyState } from '../../kit/controls/EmptyState';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { changeQuery, useRoute } from '../../navigation/navigation';
import { commonWords } from '../../words/common-words';
import { bytesText, countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { Fact } from './ImportFiles';
import { SourceList } from './SourceList';
import { unitWords } from './VectorsDialog';
import { vectorsWords } from './vectors-words';

export function VectorsView({ id }: { id: string }) {
	const t = useWords(dataWords);
	const shell = useWords(commonWords);
	const presence = usePresence('vectors', id);
	const sources = { label: t('sources'), content: <SourceList open={`vectors/${id}`} />, width: 264 };
	if (presence.kind !== 'present') {
		return (
			<PageFrame page="data" list={sources}>
				{presence.kind === 'absent' && (
					<EmptyState title={shell('unknownObject', { kind: shell('vectorsKind').toLowerCase() })}>
						{t('itemNotHereText', { name: id })}
					</EmptyState>
				)}
			</PageFrame>
		);
	}
	const { item } = presence;
	const { dimension, rowCount, entryCount, identity, training } = item.detail;
	return (
		<PageFrame page="data" crumbs={[{ label: t('vectors') }, { label: item.name }]} list={sources}>
			<div className="scroll data-item-view">
				<dl className="data-facts data-facts-wide">
					{training ? (
						<TrainingFacts training={training} />
					) : (
						<>
							<Fact name={t('vectorsFile')} value={identity.name} />
							<Fact name={t('fileEntries')} value={countText(entryCount)} />
						</>
					)}
					<Fact name={t('width')} value={String(dimension)} />
					<Fact name={t(training ? 'vectors' : 'keptRows')} value={countText(rowCount)} />
					<Fact name={t('size')} value={bytesText(sizeOf(item))} />
				</dl>
				<Coverage
					key={`${id}-${item.revision}`}
					vectorsId={id}
					ownUnits={training?.units ?? unitsOfSample(id)}
					isTrained={training !== null}
				/>
			</div>
		</PageFrame>
	);
}

/** How they were made: enough to make them again. */
function TrainingFacts({ training }: { training: VectorProvenance }) {
	const t = useWords(vectorsWords);
	const { sources, characters, lexicon, window, negatives, epochs, minCount, seed } = training;
	return (
		<>
			<Fact name={t('trainedOn')} value={sources.map(({ name }) => name).join(', ')} />
			<Fact name={t('textLength')} value={t('characterCount', { count: countText(characters) })} />
			{lexicon !== null && <Fact name={t('lexicon')} value={lexicon} />}
			<Fact name={t('settings')} value={t('settingsText', { window, negatives, epochs, minCount, seed })} />
		</>
	);
}

/** What the sample's files are of, their ids say. */
function unitsOfSample(id: string): VectorUnits {
	if (id === `${sampleId}-bigrams`) return 'bigrams';
	return id === `${sampleId}-words` ? 'words' : 'characters';
}

interface CoverageProps {
	vectorsId: string;
	/** What they are vectors of. */
	ownUnits: VectorUnits;
	/** Trained ones have no file that more could be read of. */
	isTrained: boolean;
}

function Coverage({ vectorsId, ownUnits, isTrained }: CoverageProps) {
	const t = useWords(dataWords);
	const { client } = useDataStores();
	const { query } = useRoute();
	const corpora = useItems('corpus');
	const lexicons = useItems('lexicon');
	const corpusId = corpora.find(({ id }) => id === query.corpus)?.id ?? corpora[0]?.id ?? '';
	const units = (query.units || ownUnits) as VectorUnits;
	const lexiconId = lexicons.some(({ id }) => id === query.lexicon) ? query.lexicon : '';
	const [plan, setPlan] = useState<VectorsPlan | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	useEffect(() => {
		let isCurrent = true;
		setProblem(null);
		if (corpusId === '') return;
		client.ask('plan-vectors', { vectorsId, corpusId, units, lexiconId: lexiconId || null }).then(
			(reply) => isCurrent && setPlan(reply),
			(error) => isCurrent && setProblem(toProblem(error)),
		);
		return () => {
			isCurrent = false;
		};
	}, [client, vectorsId, corpusId, units, lexiconId]);
	return (
		<section className="card data-coverage" aria-label={t('coverage')}>
			<header>
				<h2>{t('coverage')}</h2>
				<span className="spacer" />
				<Segments
					label={t('vectorsUnits')}
					value={units}
					onChange={(next: VectorUnits) => changeQuery({ units: next })}
					options={(['characters', 'bigrams', 'words'] as const).map((id) => ({ id, label: t(unitWords[id]) }))}
				/>
				<Dropdown
					label={t('forCorpus')}
					value={corpusId}
					onChange={(corpus) => changeQuery({ corpus })}
					options={corpora.map(({ id, name }) => ({ id, label: name }))}
				/>
				{units === 'words' && (
					<Dropdown
						label={t('withLexicon')}
						value={lexiconId || 'none'}
						onChange={(lexicon) => changeQuery({ lexicon: lexicon === 'none' ? '' : lexicon })}
						options={[{ id: 'none', label: t('none') }, ...lexicons.map(({ id, name }) => ({ id, label: name }))]}
					/>
				)}
			</header>
			<div className="card-body data-coverage-body">
				{problem && <ProblemNotice problem={problem} />}
				{plan && !problem && <CoverageText plan={plan} isTrained={isTrained} />}
			</div>
		</section>
	);
}

function CoverageText({ plan, isTrained }: { plan: VectorsPlan; isTrained: boolean }) {
	const t = useWords(dataWords);
	const { missingRows, coverage } = plan;
	const { wanted, found, occurrences, foundOccurrences, missing } = coverage;
	const units = t(unitWords[coverage.units]);
	const share = occurrences === 0 ? 0 : foundOccurrences / occurrences;
	return (
		<>
			{found === 0 && missingRows === 0 ? (
				<p className="notice notice-warn">{t('coverageNone', { wanted: countText(wanted), units })}</p>
			) : (
				<>
					<p className="data-coverage-figure num">{`${(share * 100).toFixed(1)}%`}</p>
					<p>
						{t('coverageKinds', { found: countText(found), wanted: countText(wanted), units })} ·{' '}
						{t('coverageText', { share: `${(share * 100).toFixed(1)}%` })}
					</p>
				</>
			)}
			{!isTrained && (
				<p className="quiet-text">
					{missingRows > 0 ? t('moreRows', { count: countText(missingRows) }) : t('allAtHand')}
				</p>
			)}
			{missing.length > 0 && (
				<>
					<h3>{t('missingMost')}</h3>
					<ul className="data-missing" lang="zh-Hans">
						{missing.map(({ word, count }) => (
							<li key={word}>
								{word} <span className="detail num">{countText(count)}</span>
							</li>
						))}
					</ul>
				</>
			)}
		</>
	);
}
