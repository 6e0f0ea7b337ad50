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
	dev: { en: 'dev', zh: '验证集' },
	test: { en: 'test', zh: '测试集' },
};

const nothing: Words = { en: '', zh: '' };

export const actionWords: Record<ActionCode, Words> = {
	'drop-from-train': { en: 'Remove from train', zh: '从训练集删除' },
	'drop-from-dev': { en: 'Remove from dev', zh: '从验证集删除' },
	'drop-from-test': { en: 'Remove from test', zh: '从测试集删除' },
	'drop-copies': { en: 'Keep only the first copy', zh: '每组只保留第一句' },
	'relabel-later': { en: 'Relabel later', zh: '稍后重新标注' },
	'repair-tags': { en: 'Fix invalid tags', zh: '修正不合法的标签' },
	'merge-types': { en: 'Merge types', zh: '合并类型' },
	'ignore-type': { en: 'Ignore this type', zh: '忽略此类型' },
	clip: { en: 'Split long sentences in train', zh: '切分训练集中的长句' },
	'split-anew': { en: 'Re-split', zh: '重新划分' },
};

const writers: Record<FindingCode, (finding: Finding) => FindingWords> = {
	'duplicates-across': (finding) => across(finding, false),
	'near-duplicates-across': (finding) => across(finding, true),
	'duplicates-inside': (finding) => inside(finding, false),
	'near-duplicates-inside': (finding) => inside(finding, true),
	'labelled-two-ways': ({ counts: { texts } }) => ({
		title: {
			en: `${many(texts, 'text is', 'texts are')} labelled in two ways`,
			zh: `${digits(texts)} 段文本有两种标注`,
		},
		detail: { en: 'same text, different labels', zh: '文字相同，标注不同' },
	}),
	'illegal-transitions': ({ counts: { places, sentences, train, dev, test } }) => ({
		title: {
			en: `${many(places, 'tag is', 'tags are')} invalid in this tag scheme`,
			zh: `${digits(places)} 处标签不符合标注体系`,
		},
		detail: {
			en: `in ${many(sentences, 'sentence', 'sentences')}: train ${digits(train)}, dev ${digits(dev)}, test ${digits(test)}`,
			zh: `涉及 ${digits(sentences)} 句：训练集 ${digits(train)} 处，验证集 ${digits(dev)} 处，测试集 ${digits(test)} 处`,
		},
	}),
	'few-mentions': ({ type = '', counts: { mentions, all, least } }) => ({
		title: {
			en: `${type} has ${mentions === 0 ? 'no entities' : many(mentions, 'entity', 'entities')} in train`,
			zh: mentions === 0 ? `训练集中没有 ${type} 实体` : `训练集中只有 ${digits(mentions)} 处 ${type} 实体`,
		},
		detail: {
			en: `${digits(all)} in all splits; a type with fewer than ${least} is hard to learn`,
			zh: `全部数据共 ${digits(all)} 处；少于 ${least} 处的类型很难学会`,
		},
	}),
	'several-types': ({ counts: { forms, mentions, rarer }, groups }) => {
		const [first] = groups;
		const types = Object.entries(first.counts).map(([type, count]) => [type, count] as const);
		const en = types.map(([type, count]) => `${type} ${count}×`).join(', ');
		const zh = types.map(([type, count]) => `${type} ${count} 次`).join('，');
		return {
			title: {
				en:
					forms === 1
						? `${first.text} is labelled ${en}`
						: `${digits(forms)} names have several types, such as ${first.text}: ${en}`,
				zh:
					forms === 1
						? `“${first.text}”的类型不一致：${zh}`
						: `${digits(forms)} 个名称有多种类型，如“${first.text}”：${zh}`,
			},
			detail: {
				en: `${digits(rarer)} of ${many(mentions, 'entity', 'entities')} not labelled with that name's usual type; may be correct`,
				zh: `${digits(mentions)} 处实体中有 ${digits(rarer)} 处不是该名称最常见的类型；未必有误`,
			},
		};
	},
	'long-sentences': ({ counts: { sentences, length, longest, train } }) => ({
		title: {
			en: `${many(sentences, 'sentence is', 'sentences are')} longer than ${length} characters`,
			zh: `${digits(sentences)} 句超过 ${length} 字`,
		},
		detail: {
			en: `${digits(train)} in train; the longest has ${digits(longest)} characters`,
			zh: `其中训练集 ${digits(train)} 句；最长 ${digits(longest)} 字`,
		},
	}),
	'lonely-class': ({ type = '', counts: { batches, alone, absent, batchSize } }) => ({
		title: singleTokenTitle(type, percent(alone, batches), percent(absent, batches)),
		detail: {
			en: `a class with a single token gets no contrastive signal; batch size ${batchSize}`,
			zh: `批次中只有一个词元的类得不到对比信号；批大小 ${batchSize}`,
		},
	}),
	'unseen-entities': ({ split = 'test', counts: { mentions, seen, seenAsOther, unseen } }) => ({
		title: {
			en: `${percent(seen, mentions)} of the entities in ${split} also occur in train`,
			zh: `${splitNames[split].zh}中 ${percent(seen, mentions)} 的实体也出现在训练集中`,
		},
		detail: {
			en: `of ${digits(mentions)}: ${digits(unseen)} not seen in train, ${digits(seenAsOther)} seen with another type`,
			zh: `共 ${digits(mentions)} 处：${digits(unseen)} 处未在训练集中出现，${digits(seenAsOther)} 处在训练集中类型不同`,
		},
	}),
	'characters-without-vector': ({ counts: { kinds, occurrences, allOccurrences } }) => ({
		title: {
			en: `${many(kinds, 'character has', 'characters have')} no vector`,
			zh: `${digits(kinds)} 个字没有向量`,
		},
		detail: {
			en: `${percent(occurrences, allOccurrences)} of all characters in the text; their embeddings start random`,
			zh: `占全文字数的 ${percent(occurrences, allOccurrences)}；嵌入随机初始化`,
		},
	}),
	'lexicon-coverage': ({ counts: { sentences, withoutMatch, matches, mentions, words, crossed } }) => ({
		title: {
			en: `${percent(words, mentions)} of the entities are lexicon words`,
			zh: `${percent(words, mentions)} 的实体是词典词`,
		},
		detail: {
			en: `${perSentence(matches, sentences)} matches per sentence; ${many(withoutMatch, 'sentence has', 'sentences have')} none; ${many(crossed, 'entity is', 'entities are')} cut by a lexicon word`,
			zh: `平均每句匹配 ${perSentence(matches, sentences)} 词；${digits(withoutMatch)} 句没有匹配；${digits(crossed)} 处实体被词典词切断`,
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
	const also = isNear ? 'are similar to one in' : 'also occur in';
	const alsoOne = isNear ? 'is similar to one in' : 'also occurs in';
	return {
		title: {
			en: `${many(sentences, `${split} sentence ${alsoOne}`, `${split} sentences ${also}`)} ${otherSplit}`,
			zh: isNear
				? `${here.zh}中有 ${digits(sentences)} 句与${there.zh}中的句子相似`
				: `${here.zh}中有 ${digits(sentences)} 句也出现在${there.zh}中`,
		},
		detail: {
			en: `${digits(otherLabels)} of them ${otherLabels === 1 ? 'has' : 'have'} different labels there`,
			zh: `其中 ${digits(otherLabels)} 句在${there.zh}中的标注不同`,
		},
	};
}

function inside(
	{ split = 'train', counts: { texts, sentences, otherLabels } }: Finding,
	isNear: boolean,
): FindingWords {
	const kind = isNear ? 'more than once with small differences' : 'more than once';
	return {
		title: {
			en: `${many(texts, 'text occurs', 'texts occur')} ${kind} in ${split}: ${digits(sentences)} sentences`,
			zh: `${splitNames[split].zh}中有 ${digits(texts)} 段文本${isNear ? '以相似形式' : ''}重复出现，共 ${digits(sentences)} 句`,
		},
		detail:
			otherLabels === 0
				? nothing
				: { en: `${digits(otherLabels)} with different labels`, zh: `其中 ${digits(otherLabels)} 段标注不同` },
	};
}

function singleTokenTitle(type: string, alone: string, absent: string): Words {
	if (alone === percent(0, 1))
		return { en: `${type} is absent from ${absent} of the batches`, zh: `${absent} 的批次中没有 ${type}` };
	const [alsoEn, alsoZh] =
		absent === percent(0, 1) ? ['', ''] : [` and absent from ${absent}`, `，${absent} 的批次中没有`];
	return {
		en: `${type} has a single token in ${alone} of the batches${alsoEn}`,
		zh: `${alone} 的批次中 ${type} 只有一个词元${alsoZh}`,
	};
}

function many(count: number, one: string, several: string): string {
	return `${digits(count)} ${count === 1 ? one : several}`;
}

/** `1,204`. */
function digits(count: number): string {
	return count.toLocaleString('en-US');
}

/** `3%`, `0.4%`, below 0.1% as `<0.1%`. */
function percent(part: number, whole: number): string {
	const share = whole === 0 ? 0 : (100 * part) / whole;
	if (share > 0 && share < 0.1) return '<0.1%';
	return `${Number.isInteger(share) || share >= 10 ? Math.round(share) : share.toFixed(1)}%`;
}

function perSentence(count: number, sentences: number): string {
	return (sentences === 0 ? 0 : count / sentences).toFixed(1);
}
