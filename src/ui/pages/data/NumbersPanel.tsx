// The figures of a corpus: a table of its splits, mentions of each type, how long sentences and mentions are.

import { splitNames } from '../../../data/corpus';
import type { Histogram, SplitNumbers } from '../../../data/corpus-checks/corpus-numbers';
import { useBrowser } from '../../context/data-context';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { bytesText, countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { TypeBars } from './TypeBars';

const rows = [
	['sentences', 'sentences'],
	['characters', 'characters'],
	['mentions', 'mentions'],
	['strictMentions', 'strictMentions'],
	['plain', 'plainSentences'],
	['empty', 'emptySentences'],
	['longest', 'longestSentence'],
] as const satisfies readonly (readonly [keyof SplitNumbers, keyof typeof dataWords])[];

export function NumbersPanel() {
	const t = useWords(dataWords);
	const numbers = useBrowser((state) => state.report?.numbers);
	const sources = useBrowser((state) => state.opened?.item.detail.sources);
	if (!numbers) return null;
	return (
		<>
			<section className="section">
				<table className="data-numbers">
					<TableHead columns={[null, ...splitNames.map((split) => numeric(t(split)))]} />
					<tbody>
						{rows.map(([key, word]) => (
							<tr key={key}>
								<th scope="row">{t(word)}</th>
								{splitNames.map((split) => (
									<td key={split} className="num">
										{countText(numbers.splits[split][key])}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
			<section className="section">
				<h3>{t('mentionsOfType')}</h3>
				<TypeBars types={numbers.types} />
			</section>
			<Lengths title={t('sentenceLengths')} histogram={numbers.sentenceLengths} />
			<Lengths title={t('mentionLengths')} histogram={numbers.mentionLengths} />
			{sources && sources.length > 0 && (
				<section className="section">
					<h3>{t('sourceFiles')}</h3>
					{sources.map(({ name, sizeBytes }) => (
						<p className="row quiet-text" key={name}>
							<span className="clip">{name}</span>
							<span className="spacer" />
							<span className="num">{bytesText(sizeBytes)}</span>
						</p>
					))}
				</section>
			)}
		</>
	);
}

/** Columns of equal width; each says its range and count to the pointer and to screen readers. */
function Lengths({ title, histogram }: { title: string; histogram: Histogram }) {
	const t = useWords(dataWords);
	const { from, counts, largest } = histogram;
	const sums = from.map((_, bin) => splitNames.reduce((sum, split) => sum + counts[split][bin], 0));
	const last = Math.max(1, sums.findLastIndex((count) => count > 0) + 1);
	const most = Math.max(1, ...sums);
	const range = (bin: number) => {
		if (bin === from.length - 1) return t('atLeast', { from: from[bin] });
		return from[bin + 1] - from[bin] === 1 ? `${from[bin]}` : `${from[bin]}–${from[bin + 1] - 1}`;
	};
	return (
		<section className="section">
			<div className="row section-head">
				<h3>{title}</h3>
				<span className="spacer" />
				<span className="quiet-text num">{t('longest', { count: countText(largest) })}</span>
			</div>
			<ul className="data-columns">
				{from.slice(0, last).map((start, bin) => (
					<li key={start} title={`${range(bin)}: ${countText(sums[bin])}`}>
						<i style={{ height: `${(100 * sums[bin]) / most}%` }} />
						<span className="visually-hidden">{`${range(bin)}: ${sums[bin]}`}</span>
					</li>
				))}
			</ul>
			<div className="row quiet-text num">
				<span>{from[0]}</span>
				<span className="spacer" />
				<span>{range(last - 1)}</span>
			</div>
		</section>
	);
}
