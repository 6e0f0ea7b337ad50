import { expect, test } from 'vitest';
import { tinyCorpus } from '../../testing/tiny-corpus';
import { epochBatches } from '../batches';
import type { Corpus } from '../corpus';
import { applyChanges, type CorpusChange } from '../corpus-changes';
import { examineAtOnce } from './examine';

const batches = { batchSize: 2, seed: 3, stage: 'contrastive', epochs: 4, batching: 'uniform' } as const;
const examine = (corpus: Corpus, changes: CorpusChange[] = []) =>
	examineAtOnce(applyChanges(corpus, changes), { batches, fewMentions: 0 }).findings.filter(
		({ code }) => code === 'lonely-class',
	);

test('the batches in which a class is alone or absent are those of training, counted by hand', () => {
	const sentences = ['[南京]GPE', '[甲]PER', '[乙]PER', '好', '[杭州]GPE[丙]PER', '天'];
	const tokens: Record<string, number[]> = { GPE: [2, 0, 0, 0, 2, 0], PER: [0, 1, 1, 0, 1, 0] };
	const findings = examine(tinyCorpus({ train: sentences, test: ['[丁]LOC'] }));
	const sizes = sentences.map(() => 1);
	const all = [1, 2, 3, 4].flatMap((epoch) => epochBatches({ ...batches, epoch, sizes }));
	expect(findings.map(({ type }) => type).sort()).toEqual(['GPE', 'PER']);
	for (const { type = '', counts } of findings) {
		const sums = all.map((batch) => batch.reduce((sum, sentence) => sum + tokens[type][sentence], 0));
		const [alone, absent] = [1, 0].map((wanted) => sums.filter((sum) => sum === wanted).length);
		expect(counts).toMatchObject({ batches: 12, alone, absent, epochs: 4, batchSize: 2 });
	}
});

test('sentences with a single token of the class are listed with their mention', () => {
	const [finding] = examine(tinyCorpus({ train: ['[甲]PER', '好', '[李白]PER', '天', '气'] }));
	expect(finding).toMatchObject({ type: 'PER', counts: { tokens: 3 } });
	expect(finding.sentences).toHaveLength(1);
	expect(finding.sentences[0]).toMatchObject({ ref: { index: 0 }, spans: [{ start: 0, end: 1, type: 'PER' }] });
});

test('a class that every batch holds twice is no finding', () => {
	expect(examine(tinyCorpus({ train: ['[李白]PER', '[杜甫]PER', '[王维]PER'] }))).toEqual([]);
});

test('a rare class can be merged into its sibling, which ends the finding', () => {
	const corpus = tinyCorpus({ train: ['[李白]PER.NAM[人]PER.NOM', '[杜甫]PER.NAM', '[王维]PER.NAM'] });
	const [finding] = examine(corpus);
	expect(finding).toMatchObject({ type: 'PER.NOM', severity: 'warning' });
	expect(finding.actions.map(({ code }) => code)).toEqual(['merge-types']);
	expect(examine(corpus, finding.actions[0].changes)).toEqual([]);
});

test('without labels or without a train split there is no class', () => {
	expect(examine(tinyCorpus({ train: ['好'] }))).toEqual([]);
	expect(examine(tinyCorpus({ test: ['[甲]PER'] }))).toEqual([]);
});
