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
	duplicate: { en: 'they stood twice', zh: '重复出现' },
	'in-test': { en: 'they also stood in a split for evaluation', zh: '在评测数据中也出现' },
	'in-train': { en: 'they also stood in train', zh: '在训练集中也出现' },
	unwanted: { en: 'they were not wanted', zh: '不需要' },
};

/** One line on a change and what it did: the effect that applyChanges gives for it. */
export function changeWords(change: CorpusChange, effect: ChangeEffect): Words {
	const { sentences, mentions = 0, pieces = 0, torn = 0 } = effect;
	switch (change.kind) {
		case 'rename-types': {
			const types = change.types.join(', ');
			return {
				en: `${types} renamed to ${change.to}: ${count(mentions, 'mention')} in ${count(sentences, 'sentence')}`,
				zh: `${types} 改名为 ${change.to}：${sentences} 句中的 ${mentions} 处`,
			};
		}
		case 'ignore-types': {
			const types = change.types.join(', ');
			return {
				en: `${types} ignored: ${count(mentions, 'mention')} in ${count(sentences, 'sentence')}`,
				zh: `忽略 ${types}：${sentences} 句中的 ${mentions} 处`,
			};
		}
		case 'drop-sentences': {
			const reason = reasons[change.reason];
			return {
				en: `${count(sentences, 'sentence')} dropped: ${reason.en}`,
				zh: `删除 ${sentences} 句：${reason.zh}`,
			};
		}
		case 'relabel': {
			const { split, index } = change.sentence;
			const found = change.spans.length;
			return {
				en: `Sentence ${index + 1} of ${split} labelled anew: ${count(found, 'mention')}`,
				zh: `${splitWords[split]}第 ${index + 1} 句重新标注：${found} 处`,
			};
		}
		case 'relabel-sentences':
			return {
				en: `${count(sentences, 'sentence')} relabelled`,
				zh: `重新标注 ${sentences} 句`,
			};
		case 'mark-for-relabel':
			return { en: `${count(sentences, 'sentence')} marked to be labelled anew`, zh: `${sentences} 句待重新标注` };
		case 'split-anew': {
			const parts = effect.perSplit ?? { train: 0, dev: 0, test: 0 };
			const ratios = change.ratios.join(':');
			return {
				en: `Split anew ${ratios} with seed ${change.seed}: train ${parts.train}, dev ${parts.dev}, test ${parts.test}`,
				zh: `按 ${ratios} 重新划分（种子 ${change.seed}）：训练 ${parts.train}，开发 ${parts.dev}，测试 ${parts.test}`,
			};
		}
		case 'clip':
			return {
				en: `${count(sentences, 'sentence')} above ${change.length} cut into ${pieces} pieces; ${count(torn, 'mention')} torn`,
				zh: `超过 ${change.length} 的 ${sentences} 句切成 ${pieces} 段；${torn} 处实体被切断`,
			};
		default:
			throw change satisfies never;
	}
}

const splitWords = { train: '训练集', dev: '开发集', test: '测试集' };

/** `1 sentence`, `2 sentences`. */
function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
