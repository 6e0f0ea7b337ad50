// Samples of sentences with their entities, of the grid of characters, and of charts.

import { useState } from 'react';
import { ChartCard } from '../kit/charts/ChartCard';
import { CharacterGrid } from '../kit/sentences/CharacterGrid';
import { SentenceText } from '../kit/sentences/SentenceText';
import { useWords } from '../words/words';
import { galleryWords } from './gallery-words';

const types = ['PER', 'LOC', 'ORG'];
const characters = [...'王芳住在北京\u0007。'];
const spans = [
	{ start: 0, end: 2, type: 'PER', confidence: 0.97 },
	{ start: 4, end: 6, type: 'LOC', confidence: 0.52 },
];
const english = ['Wang', 'Fang', 'lives', 'in', 'Beijing', '.'];
const englishSpans = [{ start: 4, end: 5, type: 'LOC' }];
const latticeWords = [
	{ start: 0, end: 2, text: '王芳', state: 'used' },
	{ start: 4, end: 6, text: '北京', state: 'plain' },
] as const;

export function SentenceSamples() {
	const t = useWords(galleryWords);
	const [chosen, setChosen] = useState<number | undefined>();
	const [isOff, setOff] = useState(false);
	const words = latticeWords.map((word) => (isOff && word.start === 4 ? { ...word, state: 'off' as const } : word));
	return (
		<>
			<SentenceText characters={characters} spans={spans} types={types} />
			<SentenceText
				characters={characters}
				spans={spans}
				types={types}
				chosenStart={chosen}
				onChoose={({ start }) => setChosen(start)}
			/>
			<SentenceText characters={english} spans={englishSpans} types={types} unit="word" />
			<CharacterGrid
				characters={characters}
				types={types}
				differing={new Set([4, 5])}
				lanes={[
					{ name: t('gold'), spans: [{ start: 0, end: 2, type: 'PER', state: 'equal' }] },
					{
						name: t('predicted'),
						spans: [
							{ start: 0, end: 2, type: 'PER', state: 'missing' },
							{ start: 4, end: 6, type: 'LOC', state: 'wrong', confidence: 0.52 },
						],
					},
				]}
				words={words}
				wordsName={t('words')}
				cell={34}
				onWord={() => setOff(!isOff)}
			/>
		</>
	);
}

const epochs = Array.from({ length: 20 }, (_, index) => index + 1);
const curves = [
	{
		id: 'train',
		name: 'train',
		color: 'var(--chart-1)',
		points: epochs.map((x) => ({ x, y: 2 / x })),
		lastText: '0.10',
	},
	{
		id: 'dev',
		name: 'dev',
		color: 'var(--chart-2)',
		stroke: 'dashed' as const,
		points: epochs.map((x) => ({ x, y: 0.4 + 1.6 / x })),
		markedX: 14,
	},
];
const axis = { formatX: String, formatY: (y: number) => y.toFixed(2) };

export function ChartSamples() {
	const t = useWords(galleryWords);
	const shared = { ...axis, axis: t('epoch'), empty: t('chartEmpty'), gist: t('lossGist') };
	return (
		<>
			<div className="gallery-chart">
				<ChartCard {...shared} label={t('loss')} title={t('loss')} curves={curves} stages={[{ name: 'full', x: 8 }]} />
			</div>
			<div className="gallery-chart">
				<ChartCard {...shared} label={t('noScores')} title={t('noScores')} curves={[]} stages={[]} />
			</div>
		</>
	);
}
