// A finding in words, English and Chinese: a headline, one line of detail, and the names of what can be done about it.

import type { Words } from '../../experiment/fields';
import type { SplitName } from '../corpus';
import type { ActionCode, Finding, FindingCode } from './finding';

export interface FindingWords {
	title: Words;
	/** One line; may be empty. */
	detail: Words;
}

const splitNames: Record<SplitName, Words> = {
	train: { en: 'train', zh: '训练集' },
	dev: { en: 'dev', zh: '开发集' },
	test: { en: 'test', zh: '测试集' },
};

const nothing: Words = { en: '', zh: '' };

export const actionWords: Record<ActionCode, Words> = {
	'drop-from-train': { en: 'Drop from train', zh: '从训练集删除' },
	'drop-from-dev': { en: 'Drop from dev', zh: '从开发集删除' },
	'drop-from-test': { en: 'Drop from test', zh: '从测试集删除' },
	'drop-copies': { en: 'Keep the first of each', zh: '各留第一句' },
	'relabel-later': { en: 'Relabel later', zh: '稍后重新标注' },
	'repair-tags': { en: 'Make the tags legal', zh: '修正标签' },
	'merge-types': { en: 'Merge types', zh: '合并类型' },
	'ignore-type': { en: 'Ignore the type', zh: '忽略此类型' },
	clip: { en: 'Clip in train', zh: '切分训练集长句' },
	'split-anew': { en: 'Split anew', zh: '重新划分' },
};

const writers: Record<FindingCode, (finding: Finding) => FindingWords> = {
	'duplicates-across': (finding) => across(finding, false),
	'near-duplicates-across': (finding) => across(finding, true),
	'duplicates-inside': (finding) => inside(finding, false),
	'near-duplicates-inside': (finding) => inside(finding, true),
	'labelled-two-ways': ({ counts: { texts } }) => ({
		title: {
			en: `${many(texts, 'text is', 'texts are')} labelled two ways`,
			zh: `${texts} 段文本有两种标注`,
		},
		detail: { en: 'same characters, different tags', zh: '文字相同，标签不同' },
	}),
	'illegal-transitions': ({ counts: { places, sentences, train, dev, test } }) => ({
		title: {
			en: `${many(places, 'tag breaks', 'tags break')} the rules of the scheme`,
			zh: `${places} 处标签不合规则`,
		},
		detail: {
			en: `${many(sentences, 'sentence', 'sentences')}; places: train ${train}, dev ${dev}, test ${test}`,
			zh: `${sentences} 句；训练 ${train} 处，开发 ${dev} 处，测试 ${test} 处`,
		},
	}),
	'few-mentions': ({ type = '', counts: { mentions, all, least } }) => ({
		title: {
			en: `${type} has ${mentions === 0 ? 'no mention' : many(mentions, 'mention', 'mentions')} to train on`,
			zh: mentions === 0 ? `${type} 在训练数据中没有实体` : `${type} 只有 ${mentions} 处可供训练`,
		},
		detail: {
			en: `${all} in all splits; below ${least} a type is hardly learned`,
			zh: `全部数据共 ${all} 处；少于 ${least} 处很难学会`,
		},
	}),
	'several-types': ({ counts: { forms, mentions, rarer }, groups }) => {
		const [first] = groups;
		const types = Object.entries(first.counts).map(([type, count]) => [type, count] as const);
		const en = types.map(([type, count]) => `${type} ${count}×`).join(', ');
		const zh = types.map(([type, count]) => `${count} 次为 ${type}`).join('，');
		return {
			title: {
				en: forms === 1 ? `${first.text} is ${en}` : `${forms} names have several types, such as ${first.text}: ${en}`,
				zh: forms === 1 ? `“${first.text}”${zh}` : `${forms} 个名称有多种类型，如“${first.text}”${zh}`,
			},
			detail: {
				en: `${rarer} of ${many(mentions, 'mention', 'mentions')} are not of the form's commonest type; they may be right`,
				zh: `${mentions} 处中有 ${rarer} 处不是最常见的类型；可能没错`,
			},
		};
	},
	'long-sentences': ({ counts: { sentences, length, longest, train } }) => ({
		title: {
			en: `${many(sentences, 'sentence is', 'sentences are')} longer than ${length} characters`,
			zh: `${sentences} 句超过 ${length} 字`,
		},
		detail: { en: `${train} in train; the longest has ${longest}`, zh: `训练集 ${train} 句；最长 ${longest} 字` },
	}),
	'lonely-class': ({ type = '', counts: { batches, alone, absent, batchSize } }) => ({
		title: lonelyTitle(type, percent(alone, batches), percent(absent, batches)),
		detail: {
			en: `a class with one token gets no contrastive signal; batch ${batchSize}`,
			zh: `只有一个词元的类没有对比信号；批大小 ${batchSize}`,
		},
	}),
	'unseen-entities': ({ split = 'test', counts: { mentions, seen, seenAsOther, unseen } }) => ({
		title: {
			en: `${percent(seen, mentions)} of the mentions in ${split} also stand in train`,
			zh: `${splitNames[split].zh}中 ${percent(seen, mentions)} 的实体在训练集里也有`,
		},
		detail: {
			en: `of ${mentions}: ${unseen} new, ${seenAsOther} known with another type`,
			zh: `共 ${mentions} 处：${unseen} 处未见过，${seenAsOther} 处类型不同`,
		},
	}),
	'characters-without-vector': ({ counts: { kinds, occurrences, allOccurrences } }) => ({
		title: {
			en: `${many(kinds, 'character has', 'characters have')} no vector`,
			zh: `${kinds} 个字没有向量`,
		},
		detail: {
			en: `${percent(occurrences, allOccurrences)} of all characters; they start at random`,
			zh: `占全部字符的 ${percent(occurrences, allOccurrences)}，随机初始化`,
		},
	}),
	'lexicon-coverage': ({ counts: { sentences, withoutMatch, matches, mentions, words, crossed } }) => ({
		title: {
			en: `${percent(words, mentions)} of the mentions are words of the lexicon`,
			zh: `${percent(words, mentions)} 的实体是词典里的词`,
		},
		detail: {
			en: `${perSentence(matches, sentences)} words a sentence; ${withoutMatch} sentences have none; a word crosses the border of ${crossed} mentions`,
			zh: `每句匹配 ${perSentence(matches, sentences)} 词；${withoutMatch} 句没有匹配；${crossed} 处实体的边界被词跨过`,
		},
	}),
};

/** Headline and detail of a finding. */
export function findingWords(finding: Finding): FindingWords {
	return writers[finding.code](finding);
}

function across({ split = 'test', otherSplit = 'train', counts }: Finding, isNear: boolean): FindingWords {
	const { sentences, otherLabels } = counts;
	const [here, there] = [splitNames[split], splitNames[otherSplit]];
	const also = isNear ? 'look like one in' : 'also stand in';
	const alsoOne = isNear ? 'looks like one in' : 'also stands in';
	return {
		title: {
			en: `${many(sentences, `${split} sentence ${alsoOne}`, `${split} sentences ${also}`)} ${otherSplit}`,
			zh: isNear
				? `${here.zh}中有 ${sentences} 句与${there.zh}中的句子相似`
				: `${here.zh}中有 ${sentences} 句也在${there.zh}里`,
		},
		detail: {
			en: `${otherLabels} of them ${otherLabels === 1 ? 'carries' : 'carry'} other labels there`,
			zh: `其中 ${otherLabels} 句在${there.zh}里标签不同`,
		},
	};
}

function inside(
	{ split = 'train', counts: { texts, sentences, otherLabels } }: Finding,
	isNear: boolean,
): FindingWords {
	const kind = isNear ? 'more than once in other letters' : 'more than once';
	return {
		title: {
			en: `${many(texts, 'text stands', 'texts stand')} ${kind} in ${split}: ${sentences} sentences`,
			zh: `${splitNames[split].zh}中有 ${texts} 段${isNear ? '相似' : '相同'}文本，共 ${sentences} 句`,
		},
		detail:
			otherLabels === 0 ? nothing : { en: `${otherLabels} with other labels`, zh: `其中 ${otherLabels} 段标签不同` },
	};
}

function lonelyTitle(type: string, alone: string, absent: string): Words {
	if (alone === percent(0, 1))
		return { en: `${type} is absent from ${absent} of the batches`, zh: `${absent} 的批次里没有 ${type}` };
	const [alsoEn, alsoZh] =
		absent === percent(0, 1) ? ['', ''] : [` and absent from ${absent}`, `，${absent} 的批次里没有`];
	return {
		en: `${type} is alone in ${alone} of the batches${alsoEn}`,
		zh: `${alone} 的批次里 ${type} 只有一个词元${alsoZh}`,
	};
}

function many(count: number, one: string, several: string): string {
	return `${count} ${count === 1 ? one : several}`;
}

/** `3 %`, `0.4 %`, `under 0.1 %` as `<0.1 %`. */
function percent(part: number, whole: number): string {
	const share = whole === 0 ? 0 : (100 * part) / whole;
	if (share > 0 && share < 0.1) return '<0.1 %';
	return `${Number.isInteger(share) || share >= 10 ? Math.round(share) : share.toFixed(1)} %`;
}

function perSentence(count: number, sentences: number): string {
	return (sentences === 0 ? 0 : count / sentences).toFixed(1);
}
