import { expect, test } from 'vitest';
import type { SpanScores } from '../experiment/events';
import { latexRow, scoresCsv, scoresReport } from './score-reports';

const scores: SpanScores = {
	micro: { precision: 0.5, recall: 0.25, f1: 1 / 3 },
	macro: { precision: 0.5, recall: 0.25, f1: 0.3 },
	perType: { PER: { precision: 0.5, recall: 0.25, f1: 1 / 3, support: 4 } },
	support: 4,
};

test('CSV has a row a type and the two averages', () => {
	expect(scoresCsv(scores)).toBe(
		'type,precision,recall,f1,support\r\nPER,50.00,25.00,33.33,4\r\nmicro avg,50.00,25.00,33.33,4\r\nmacro avg,50.00,25.00,30.00,4\r\n',
	);
});

test('a name that a spreadsheet would run as a formula is made harmless', () => {
	const { PER } = scores.perType;
	expect(scoresCsv({ ...scores, perType: { '＝1+1': PER } })).toContain("\r\n'＝1+1,50.00");
});

test('a name with a line break or a hidden character stays within its row', () => {
	const odd = { ...scores, perType: { 'A\nB\u202e': scores.perType.PER } };
	expect(scoresReport(odd).split('\n')).toHaveLength(7);
	expect(scoresReport(odd)).toContain('A\\nB\\u202e');
	expect(latexRow('[a]\n\n*|<"^~', [])).toBe(
		'{[}a] *\\textbar{}\\textless{}\\textquotedbl{}\\textasciicircum{}\\textasciitilde{} \\\\',
	);
});

test('the report has the layout of seqeval', () => {
	expect(scoresReport(scores).split('\n')).toEqual([
		'           precision    recall  f1-score   support',
		'',
		'      PER       0.50      0.25      0.33         4',
		'',
		'micro avg       0.50      0.25      0.33         4',
		'macro avg       0.50      0.25      0.30         4',
		'',
	]);
});

test('a LaTeX row escapes the name and leaves the deviation of one seed out', () => {
	const cells = [{ mean: 0.8821, deviation: 0.0052, count: 3 }, { mean: 0.9, deviation: null, count: 1 }, null];
	expect(latexRow('NerCo_50%', cells)).toBe('NerCo\\_50\\% & 88.21 $\\pm$ 0.52 & 90.00 & -- \\\\');
});
