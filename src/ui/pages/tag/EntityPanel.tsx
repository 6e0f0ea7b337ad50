// The chosen entity: how sure the model is of it, what else the text may be, and what the other models make of it.

import { Highlighter } from 'lucide-react';
import type { TextUnit } from '../../../data/corpus';
import { Button } from '../../kit/controls/Button';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { SentenceText } from '../../kit/sentences/SentenceText';
import { useWords } from '../../words/words';
import { tagWords } from './tag-words';
import { useAnnotateShown } from './use-annotate-shown';
import { type ChosenSpan, type ShownResult, useChosenSpan } from './use-shown-result';

export function EntityPanel({ shown }: { shown: ShownResult | null }) {
	const t = useWords(tagWords);
	const chosen = useChosenSpan(shown);
	const annotate = useAnnotateShown(shown);
	if (!shown || !chosen) {
		return (
			<div className="section">
				<p className="quiet-text">{t('chooseEntity')}</p>
			</div>
		);
	}
	const { sentence, span } = chosen;
	const { slot } = entitySlot(span.type, shown.types);
	const { unit } = shown.model;
	return (
		<>
			<div className="bar">
				<h2 className="clip tag-entity-name" lang={unit === 'word' ? undefined : 'zh-Hans'}>
					{sentence.characters.slice(span.start, span.end).join(unit === 'word' ? ' ' : '')}
				</h2>
				<span className="spacer" />
				<span className="tag-entity-type" data-ent={slot}>
					{span.type}
				</span>
			</div>
			<div className="scroll">
				{span.confidence !== undefined && (
					<section className="section" aria-label={t('confidence')}>
						<div className="row section-head">
							<h3>{t('confidence')}</h3>
							<span className="spacer" />
							<strong className="num">{exact(span.confidence)}</strong>
						</div>
						<div className="tag-confidence" data-ent={slot} aria-hidden>
							<i style={{ width: `${span.confidence * 100}%` }} />
						</div>
						<p className="quiet-text">{t('confidenceHint')}</p>
					</section>
				)}
				<Readings chosen={chosen} types={shown.types} unit={unit} />
				<OtherModels shown={shown} chosen={chosen} />
				<section className="section">
					<Button icon={<Highlighter size={14} aria-hidden />} onPress={() => void annotate(chosen.index)}>
						{t('annotate')}
					</Button>
					<p className="quiet-text">{t('annotateHint')}</p>
				</section>
			</div>
		</>
	);
}

interface ReadingsProps {
	chosen: ChosenSpan;
	types: readonly string[];
	unit: TextUnit;
}

function Readings({ chosen: { sentence, span }, types, unit }: ReadingsProps) {
	const t = useWords(tagWords);
	const { alternatives } = span;
	return (
		<section className="section" aria-label={t('otherReadings')}>
			<div className="row section-head">
				<h3>{t('otherReadings')}</h3>
			</div>
			{!alternatives && <p className="quiet-text">{t('readingsInText')}</p>}
			{alternatives?.length === 0 && <p className="quiet-text">{t('noReadings')}</p>}
			<ul className="tag-readings">
				{alternatives?.map(({ start, end, type, probability }) => {
					const from = Math.min(start, span.start);
					const characters = sentence.characters.slice(from, Math.max(end, span.end));
					const spans = type === null ? [] : [{ start: start - from, end: end - from, type }];
					return (
						<li key={`${start} ${end} ${type}`} className="row">
							<SentenceText className="tag-reading" characters={characters} spans={spans} types={types} unit={unit} />
							{type === null && <span className="quiet-text">{t('noEntity')}</span>}
							<span className="spacer" />
							<span className="num quiet-text">{exact(probability)}</span>
						</li>
					);
				})}
			</ul>
		</section>
	);
}

function OtherModels({ shown, chosen: { index, span } }: { shown: ShownResult; chosen: ChosenSpan }) {
	const t = useWords(tagWords);
	const others = shown.modelRows.slice(1);
	if (others.length === 0) return null;
	return (
		<section className="section" aria-label={t('otherModels')}>
			<div className="row section-head">
				<h3>{t('otherModels')}</h3>
			</div>
			<ul className="tag-readings">
				{others.map(({ key, name, sentences }) => {
					const { characters, spans } = sentences[index];
					const touching = spans.filter((other) => other.start < span.end && span.start < other.end);
					const from = Math.min(span.start, ...touching.map(({ start }) => start));
					const to = Math.max(span.end, ...touching.map(({ end }) => end));
					const moved = touching.map((other) => ({ ...other, start: other.start - from, end: other.end - from }));
					return (
						<li key={key} className="row wrap">
							<SentenceText
								className="tag-reading"
								characters={characters.slice(from, to)}
								spans={moved}
								types={shown.types}
								unit={shown.model.unit}
							/>
							<span className="spacer" />
							<span className="quiet-text clip">{touching.length === 0 ? `${name}: ${t('nothing')}` : name}</span>
						</li>
					);
				})}
			</ul>
		</section>
	);
}

/** Never a bare 1: no model is certain. */
function exact(probability: number): string {
	return Math.min(0.999, probability).toFixed(3);
}
