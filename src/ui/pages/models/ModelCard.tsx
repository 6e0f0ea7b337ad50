// One model: its scores with how they came about, what it was trained on, and in which settings it differs from another.

import { TextCursorInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cachesFeatures } from '../../../experiment/config';
import { compareConfigs } from '../../../experiment/config-comparison';
import type { ListedModel } from '../../../state/models';
import { ownValue } from '../../../util/own-value';
import type { ModelCard as Card } from '../../../wire/models';
import { useModels } from '../../context/models-context';
import { Badge } from '../../kit/controls/Badge';
import { Button } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { FactList } from '../../kit/controls/FactList';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { go } from '../../navigation/navigation';
import { stageName } from '../../parts/stage-name';
import { stageWords } from '../../parts/stage-words';
import { bytesText, countText } from '../../words/number-words';
import { deviceText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { ModelActions, Score } from './ModelTable';
import { modelsWords } from './models-words';

export function ModelCard({ model, others }: { model: ListedModel; others: readonly ListedModel[] }) {
	const t = useWords(modelsWords);
	const card = useCard(model.key);
	const loading = useModels((state) => state.loading);
	const tStage = useWords(stageWords);
	const seeds = model.testF1?.seeds ?? 0;
	return (
		<>
			<div className="bar">
				<h2 className="clip">{model.name}</h2>
				<span className="spacer" />
				<ModelActions model={model} />
			</div>
			<div className="scroll">
				<section className="section">
					<div className="model-scores">
						<div>
							<span className="model-score num">
								<Score score={model.testF1} />
							</span>
							<span className="quiet-text">{t('testF1')}</span>
						</div>
						<div>
							<span className="model-score num">
								<Score score={model.devF1} />
							</span>
							<span className="quiet-text">{t('devF1')}</span>
						</div>
					</div>
					<div className="row wrap">
						{seeds > 0 && <Badge tone={seeds === 1 ? 'warn' : 'plain'}>{t('seeds', { count: seeds })}</Badge>}
						{model.testF1 && <Badge>{t('chosenOnDev')}</Badge>}
						{model.testF1 && <Badge>{t('publishedRule')}</Badge>}
						{card && card.config.model.encoder !== 'flat' && <Badge tone="warn">{t('bert')}</Badge>}
						{card && cachesFeatures(card.config) && <Badge tone="warn">{t('featuresCached')}</Badge>}
					</div>
				</section>
				{loading?.key === model.key && (
					<div className="section">
						<ProgressBar
							label={t('loadingCard', { name: model.name })}
							share={loading.total ? loading.done / loading.total : null}
							detail={loading.total ? `${bytesText(loading.done)} / ${bytesText(loading.total)}` : undefined}
						/>
					</div>
				)}
				<section className="section" aria-label={t('card')}>
					<div className="row section-head">
						<h3>{t('card')}</h3>
					</div>
					<p className="model-text">{textOf(model, card, t, tStage)}</p>
				</section>
				{card && <Comparison card={card} others={others} />}
				{card && <Facts card={card} model={model} />}
				<section className="section">
					<Button icon={<TextCursorInput size={14} aria-hidden />} onPress={() => go('tag', [], { models: model.key })}>
						{t('tagWith')}
					</Button>
				</section>
			</div>
		</>
	);
}

/** A model's card, read when it is first wanted. */
function useCard(key: string | undefined): Card | undefined {
	const card = useModels((state) => (key === undefined ? undefined : ownValue(state.cards, key)));
	const loadCard = useModels((state) => state.loadCard);
	useEffect(() => {
		if (key !== undefined) void loadCard(key);
	}, [key, loadCard]);
	return card;
}

function textOf(
	model: ListedModel,
	card: Card | undefined,
	t: ReturnType<typeof useWords<typeof modelsWords>>,
	tStage: ReturnType<typeof useWords<typeof stageWords>>,
): string {
	if (model.from === 'shipped') return t('shippedText');
	if (model.from === 'imported') return t('importedText');
	const { stage = '—', epoch = 0 } = card?.provenance ?? {};
	return t('yoursText', { stage: stageName(tStage, stage), epoch });
}

function Comparison({ card, others }: { card: Card; others: readonly ListedModel[] }) {
	const t = useWords(modelsWords);
	const language = useLanguage();
	const tStage = useWords(stageWords);
	/** Names of stages are words; all else are values. */
	const valueText = (path: string, text: string) =>
		path === 'stages.*.name'
			? text
					.split(' / ')
					.map((name) => stageName(tStage, name))
					.join(' / ')
			: text;
	const [chosen, setChosen] = useState('');
	const other = others.find(({ key }) => key === chosen) ?? others[0];
	const otherCard = useCard(other?.key);
	if (!other) return null;
	const differences = otherCard && compareConfigs(card.config, otherCard.config);
	return (
		<section className="section" aria-label={t('against', { name: other.name })}>
			<div className="row section-head">
				<h3>{t('against', { name: other.name })}</h3>
				<span className="spacer" />
				{others.length > 1 && (
					<Dropdown
						label={t('compareWith')}
						options={others.map(({ key, name }) => ({ id: key, label: name }))}
						value={other.key}
						onChange={setChosen}
					/>
				)}
			</div>
			{differences?.length === 0 && <p className="quiet-text">{t('same')}</p>}
			{differences && differences.length > 0 && (
				<table className="model-difference">
					<tbody>
						{differences.map(({ path, label, left, right }) => (
							<tr key={path}>
								<th scope="row" title={path}>
									{label[language]}
								</th>
								<td className="num">{valueText(path, left)}</td>
								<td className="num model-quiet">{valueText(path, right)}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}

function Facts({ card, model }: { card: Card; model: ListedModel }) {
	const t = useWords(modelsWords);
	const tStage = useWords(stageWords);
	const language = useLanguage();
	const { provenance, parameterCount, entityTypes, lexiconWords } = card;
	const { stage, epoch, dataHashes, versions } = provenance;
	const facts: [string, string][] = [
		[t('parameters'), countText(parameterCount)],
		[t('types'), entityTypes.join(' ')],
		[t('lexicon'), lexiconWords === null ? '—' : countText(lexiconWords)],
	];
	if (stage !== '') facts.push([t('stage'), `${stageName(tStage, stage)} · ${epoch}`]);
	if (versions.device) facts.push([t('trainedOn'), deviceText(versions.device, language)]);
	if (dataHashes.train) facts.push([t('data'), `${dataHashes.train.slice(0, 4)}…${dataHashes.train.slice(-4)}`]);
	if (model.changedAtMs !== null) {
		facts.push([t('changed'), new Date(model.changedAtMs).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB')]);
	}
	return (
		<section className="section" aria-label={t('facts')}>
			<FactList facts={facts} />
		</section>
	);
}
