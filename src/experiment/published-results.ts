// Test F1 as the papers print it, for comparison beside a run's own figures. Shares from 0 to 1.
// NerCo: Zhang et al., IJCAI 2023, all with BERT-wwm features. FLAT: Li et al., ACL 2020, without BERT. Both use the
// gigaword character and bigram vectors and the lexicon "yj"; a run with other vectors or without BERT may differ.

import type { PresetName } from './preset-parts';

export interface PublishedResult {
	method: 'NerCo' | 'FLAT';
	corpus: 'Weibo' | 'Resume' | 'MSRA' | 'OntoNotes 4';
	testF1: number;
	usesBert: boolean;
	/** The preset whose settings come nearest. */
	preset: PresetName;
	/** True where the paper's dev split is its test split. */
	devIsTest: boolean;
}

export const publishedResults: readonly PublishedResult[] = [
	{ method: 'NerCo', corpus: 'Weibo', testF1: 0.727924, usesBert: true, preset: 'weibo-bert', devIsTest: false },
	{ method: 'NerCo', corpus: 'Resume', testF1: 0.968196, usesBert: true, preset: 'resume-bert', devIsTest: false },
	{ method: 'NerCo', corpus: 'MSRA', testF1: 0.962927, usesBert: true, preset: 'msra-bert', devIsTest: true },
	{
		method: 'NerCo',
		corpus: 'OntoNotes 4',
		testF1: 0.836158,
		usesBert: true,
		preset: 'ontonotes-bert',
		devIsTest: false,
	},
	{ method: 'FLAT', corpus: 'Weibo', testF1: 0.6032, usesBert: false, preset: 'flat-weibo', devIsTest: false },
	{ method: 'FLAT', corpus: 'Resume', testF1: 0.9545, usesBert: false, preset: 'flat-resume', devIsTest: false },
	{ method: 'FLAT', corpus: 'MSRA', testF1: 0.9412, usesBert: false, preset: 'flat-msra', devIsTest: true },
	{
		method: 'FLAT',
		corpus: 'OntoNotes 4',
		testF1: 0.7645,
		usesBert: false,
		preset: 'flat-ontonotes',
		devIsTest: false,
	},
];
