// What the model suggests for the selected text, what else it may be, and how train labels that text; Accept and Reject
// are always at the same spot.

import type { ReactNode } from 'react';
import { rejectedIn } from '../../../data/corpus-review';
import { acceptAlternative, chosenSuggestion, type Editing, openSuggestions } from '../../../state/annotation';
import { refAt } from '../../../state/annotation-queue';
import { openRow } from '../../../state/annotation-session';
import { Button } from '../../kit/controls/Button';
import { Keys } from '../../kit/controls/Keys';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { useSession } from './session-context';

export interface SuggestionCardProps {
	characters: readonly string[];
	editing: Editing;
	types: readonly string[];
	/** Between the units of a text: nothing, or a space. */
	glue: string;
	onAccept(): void;
	onReject(): void;
}

/** Other readings that are shown. */
const maxReadings = 2;

export function SuggestionCard({ characters, editing, types, glue, onAccept, onReject }: SuggestionCardProps) {
	const t = useWords(annotateWords);
	const edit = useSession((state) => state.edit);
	const suggestion = chosenSuggestion(editing);
	const textOf = (start: number, end: number) => characters.slice(start, end).join(glue);
	return (
		<section className="annotate-card" aria-label={t('suggestion')}>
			<div className="annotate-card-body">
				{suggestion ? (
					<>
						<div className="row annotate-card-title">
							<strong>{t('suggests')}</strong>
							<TypeName type={suggestion.type} types={types} />
							{suggestion.confidence !== undefined && (
								<span className="num quiet-text">{suggestion.confidence.toFixed(2)}</span>
							)}
							{suggestion.alternatives?.slice(0, maxReadings).map((reading, index) => (
								<span className="row" key={`${reading.start} ${reading.end} ${reading.type}`}>
									{index === 0 && <span className="quiet-text">{t('orElse')}</span>}
									<button
										type="button"
										className="annotate-reading"
										aria-label={t('takeReading', {
											type: reading.type ?? t('noEntity'),
											text: textOf(reading.start, reading.end),
										})}
										onClick={() => edit(acceptAlternative(editing, reading))}
									>
										{reading.type === null ? t('noEntity') : <TypeName type={reading.type} types={types} />}
										{(reading.start !== suggestion.start || reading.end !== suggestion.end) && (
											<span lang="zh-Hans">{textOf(reading.start, reading.end)}</span>
										)}
										<span className="num quiet-text">{reading.probability.toFixed(2)}</span>
									</button>
								</span>
							))}
						</div>
						<p className="quiet-text">
							<SeenText text={textOf(suggestion.start, suggestion.end)} />
						</p>
					</>
				) : (
					<p className="quiet-text">
						<Situation editing={editing} /> <RejectedHere />
					</p>
				)}
			</div>
			<div className="row">
				<Button variant="primary" isDisabled={!suggestion} onPress={onAccept}>
					{t('accept')}
					<Keys keys="Enter" />
				</Button>
				<Button isDisabled={!suggestion} onPress={onReject}>
					{t('reject')}
					<Keys keys="Backspace" />
				</Button>
				<span className="spacer" />
				<span className="quiet-text">{t('orType')}</span>
			</div>
		</section>
	);
}

/** What to do when no suggestion is selected. */
function Situation({ editing }: { editing: Editing }): ReactNode {
	const t = useWords(annotateWords);
	const model = useSession((state) => state.request?.model ?? null);
	const isSuggesting = useSession((state) => state.isSuggesting);
	const needsConfirming = useNeedsConfirming();
	const open = openSuggestions(editing).length;
	if (isSuggesting) return t('thinking');
	if (open > 0) return t('openLeft', { count: open });
	if (needsConfirming) return t('confirmNone');
	return model ? t('agrees') : t('withoutModel');
}

/** That suggestions of this sentence were rejected, and the way to get them again. */
function RejectedHere() {
	const t = useWords(annotateWords);
	const review = useSession((state) => state.history.review);
	const queue = useSession((state) => state.queue);
	const openIndex = useSession((state) => state.openIndex);
	const offerAgain = useSession((state) => state.offerAgain);
	const here = queue && openIndex >= 0 ? rejectedIn(review, refAt(queue, openIndex)) : [];
	if (here.length === 0) return null;
	return (
		<>
			{t('rejectedHere', { count: here.length })}{' '}
			<button type="button" className="annotate-link" onClick={() => offerAgain(here)}>
				{t('offerAgain')}
			</button>
		</>
	);
}

/** Text without labels, and marked sentences, are confirmed by Enter. */
function useNeedsConfirming(): boolean {
	return useSession((state) => {
		const row = openRow(state);
		return row !== null && (!row.hasTags || row.isMarkedForRelabel);
	});
}

function SeenText({ text }: { text: string }): ReactNode {
	const t = useWords(annotateWords);
	const seen = useSession((state) => state.suggestion?.seen ?? null);
	const counts = seen?.find((one) => one.text === text)?.counts;
	if (!counts) return t('neverSeen', { text });
	const list = counts.slice(0, 3).map(({ type, count }) => t('times', { type, count }));
	return t('seen', { text, counts: list.join(', ') });
}

export function TypeName({ type, types }: { type: string; types: readonly string[] }) {
	return (
		<span className="annotate-type" data-ent={entitySlot(type, types).slot}>
			{type}
		</span>
	);
}
