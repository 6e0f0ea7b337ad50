// Fixture group metrics: span scores of the published rule in four encodings.

import { publishedMetric } from '../../analysis/published-metric';
import { readMentions, type TagEncoding } from '../../analysis/span-readings';
import { countMatches, type TagPair } from '../../analysis/span-scores';
import { type Comparison, tolerances } from './comparison';
import { stems } from './contrastive';
import { readFixtureJson } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

type FixtureSpan = [type: string, start: number, end: number];
type Counts = Record<'tp' | 'fp' | 'fn', Record<string, number>>;

interface MetricCase {
	options: { f_type?: 'micro' | 'macro'; ignore_labels?: string[]; beta?: number };
	pairs: { pred: string[]; gold: string[] }[];
	expected: Record<string, number>;
	expected_overall?: Record<string, number>;
	counts?: Counts;
	spans?: { pred: FixtureSpan[]; gold: FixtureSpan[] }[];
}

export const metrics: FixtureGroup = {
	name: 'metrics',
	needsDevice: false,
	cases: (folder) => stems(folder),
	async run(folder, name, comparison) {
		const fixture: { encoding_type: TagEncoding; cases: MetricCase[] } = readFixtureJson(folder, `${name}.json`);
		for (const example of fixture.cases) compareCase(example, fixture.encoding_type, comparison);
	},
};

function compareCase(example: MetricCase, encoding: TagEncoding, comparison: Comparison): void {
	const pairs: TagPair[] = example.pairs.map(({ pred, gold }) => ({ predicted: pred, gold }));
	const { f_type: average, ignore_labels: ignoredTypes, beta } = example.options;
	const options = { encoding, average, ignoredTypes, beta };
	compareRecord('scores', publishedMetric(pairs, options), example.expected, comparison);
	if (example.expected_overall) {
		const overall = publishedMetric(pairs, { ...options, onlyOverall: true });
		compareRecord('scores', overall, example.expected_overall, comparison);
	}
	if (example.counts) comparison.same('counts', countsOf(pairs, options), sortCounts(example.counts));
	example.spans?.forEach((spans, index) => {
		const read = (tags: readonly string[]) =>
			readMentions(tags, 'published', encoding).map(({ type, start, end }) => [type, start, end]);
		comparison.same('spans', read(pairs[index].predicted), spans.pred);
		comparison.same('spans', read(pairs[index].gold), spans.gold);
	});
}

function compareRecord(
	quantity: string,
	actual: Record<string, number>,
	expected: Record<string, number>,
	comparison: Comparison,
): void {
	const names = Object.keys(expected).sort();
	comparison.same(`${quantity}: which`, Object.keys(actual).sort(), names);
	comparison.compare(
		quantity,
		names.map((name) => actual[name]),
		names.map((name) => expected[name]),
		tolerances.exact,
	);
}

function countsOf(pairs: TagPair[], options: Parameters<typeof countMatches>[2]): Counts {
	const counts: Counts = { tp: {}, fp: {}, fn: {} };
	for (const [type, match] of countMatches(pairs, 'published', options)) {
		if (match.truePositives > 0) counts.tp[type] = match.truePositives;
		if (match.falsePositives > 0) counts.fp[type] = match.falsePositives;
		if (match.falseNegatives > 0) counts.fn[type] = match.falseNegatives;
	}
	return sortCounts(counts);
}

function sortCounts({ tp, fp, fn }: Counts): Counts {
	const sorted = (record: Record<string, number>) => Object.fromEntries(Object.entries(record).sort());
	return { tp: sorted(tp), fp: sorted(fp), fn: sorted(fn) };
}
