// What was done to a corpus, with undo and redo, and in words: the list that the History panel shows and that a stored
// corpus keeps beside its sentences.

import type { Words } from '../experiment/fields';
import type { ChangeEffect, CorpusChange, DropReason } from './corpus-changes';

export interface ChangeHistory {
	/** In force, oldest first. */
	done: readonly CorpusChange[];
	/** Taken back, the last one first; gone as soon as something else is done. */
	undone: readonly CorpusChange[];
}

export const emptyHistory: ChangeHistory = { done: [], undone: [] };

export function doChanges(history: ChangeHistory, ...changes: CorpusChange[]): ChangeHistory {
	return changes.length === 0 ? history : { done: [...history.done, ...changes], undone: [] };
}

/** The history itself when there is nothing to take back. */
export function undoChange({ done, undone }: ChangeHistory): ChangeHistory {
	if (done.length === 0) return { done, undone };
	return { done: done.slice(0, -1), undone: [done[done.length - 1], ...undone] };
}

/** The history itself when nothing was taken back. */
export function redoChange({ done, undone }: ChangeHistory): ChangeHistory {
	if (undone.length === 0) return { done, undone };
	return { done: [...done, undone[0]], undone: undone.slice(1) };
}

const reasons: Record<DropReason, Words> = {
	duplicate: { en: 'duplicates', zh: '重复' },
	'in-test': { en: 'also in dev or test', zh: '验证集或测试集中也有' },
	'in-train': { en: 'also in train', zh: '训练集中也有' },
	unwanted: { en: 'not needed', zh: '不需要' },
};

/** One line on a change and what it did: the effect that applyChanges gives for it. */
export function changeWords(change: CorpusChange, effect: ChangeEffect): Words {
	const { sentences, mentions = 0, pieces = 0, torn = 0 } = effect;
	switch (change.kind) {
		case 'rename-types': {
			const types = change.types.join(', ');
			return {
				en: `${types} renamed to ${change.to}: ${entities(mentions)} in ${count(sentences, 'sentence')}`,
				zh: `${types} 改名为 ${change.to}：${sentences} 句中的 ${mentions} 处实体`,
			};
		}
		case 'ignore-types': {
			const types = change.types.join(', ');
			return {
				en: `${types} ignored: ${entities(mentions)} in ${count(sentences, 'sentence')}`,
				zh: `忽略 ${types}：${sentences} 句中的 ${mentions} 处实体`,
			};
		}
		case 'drop-sentences': {
			const reason = reasons[change.reason];
			return {
				en: `${count(sentences, 'sentence')} removed: ${reason.en}`,
				zh: `删除了 ${sentences} 句：${reason.zh}`,
			};
		}
		case 'relabel': {
			const { split, index } = change.sentence;
			const found = change.spans.length;
			return {
				en: `Sentence ${index + 1} of ${split} relabelled: ${entities(found)}`,
				zh: `重新标注了${splitWords[split]}第 ${index + 1} 句：${found} 处实体`,
			};
		}
		case 'relabel-sentences':
			return {
				en: `${count(sentences, 'sentence')} relabelled`,
				zh: `重新标注 ${sentences} 句`,
			};
		case 'mark-for-relabel':
			return { en: `${count(sentences, 'sentence')} marked for relabelling`, zh: `${sentences} 句标记为待重新标注` };
		case 'split-anew': {
			const parts = effect.perSplit ?? { train: 0, dev: 0, test: 0 };
			const ratios = change.ratios.join(':');
			return {
				en: `Re-split ${ratios} with seed ${change.seed}: train ${parts.train}, dev ${parts.dev}, test ${parts.test}`,
				zh: `按 ${ratios} 重新划分（随机种子 ${change.seed}）：训练集 ${parts.train}，验证集 ${parts.dev}，测试集 ${parts.test}`,
			};
		}
		case 'clip':
			return {
				en: `${count(sentences, 'sentence')} longer than ${change.length} characters split into ${pieces}; ${entities(torn)} cut`,
				zh: `把超过 ${change.length} 字的 ${sentences} 句切成 ${pieces} 句；${torn} 处实体被切断`,
			};
		default:
			throw change satisfies never;
	}
}

const splitWords = { train: '训练集', dev: '验证集', test: '测试集' };

/** `1 entity`, `2 entities`. */
function entities(number: number): string {
	return `${number} ${number === 1 ? 'entity' : 'entities'}`;
}

/** `1 sentence`, `2 sentences`. */
function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
