// What runs, devices and files say in English, in the page's language: notes on a run's data by code, names of devices, roles
// of input, reasons of ends, formats. What has no words here stays as it is.

import type { Language } from '../../state/preferences';
import type { Warning } from '../../state/run-progress';
import { ownValue } from '../../util/own-value';

type ChineseNote = string | ((message: string) => string);

const numberIn = (message: string) => /(\d+)(?!.*\d)/.exec(message.replace(/\(and \d+ more\)$/, ''))?.[1] ?? '';
const afterColon = (message: string) => message.slice(message.lastIndexOf(': ') + 2);

const notesInChinese: Readonly<Record<string, ChineseNote>> = {
	'corpus-hash-line-lost': (message) => `以 # 开头的行被丢弃：${afterColon(message)}`,
	'corpus-sentences-lost': '一行格式有误：该句及其后的句子未读入',
	'corpus-token-cut': '长于一个字的词元只保留了第一个字',
	'dev-is-test': '开发集就是测试集：测试得分是在自身上挑选的，因此偏高。',
	'lexicon-missing': '没有词典，也没有词向量：词格中只有字',
	'no-dev': '没有开发集：无法挑选轮次，各阶段保留最后的参数。',
	'split-schemes-differ': (message) => `各划分的标注体系不同：${afterColon(message)}`,
	'storage-full': '磁盘已满，运行未能存入浏览器；训练继续进行。',
	'storage-unavailable': '浏览器不允许存储，运行不会保留；训练继续进行。',
	'tags-unseen': (message) => `训练集中没有的标签：${afterColon(message)}`,
	'test-is-dev': '没有测试集：测试得分即开发集得分，而最佳轮次正是按它挑选的。',
	'train-clipped': (message) => `截断了 ${numberIn(message)} 个过长的训练句`,
	'empty-left-out': (message) => `略去了 ${numberIn(message)} 个空句子`,
	'unlabelled-left-out': (message) => `略去了 ${numberIn(message)} 个未标注的句子`,
	'vectors-count-differs': '向量的条数与文件开头所写的不同',
	'vectors-further-file': '压缩包中还有另一个文件，未读取',
	'vectors-undecodable': '向量文件中有些词无法解码，已略去',
};

/** A note of a run in the page's language; its place in a file and its count stay. */
export function warningText({ code, message }: Warning, language: Language): string {
	const words = language === 'zh' && Object.hasOwn(notesInChinese, code) ? notesInChinese[code] : null;
	if (words === null) return message;
	const [, place = '', rest = message] = /^([^\s:]+\.[^\s:]+(?::\d+)?: )?(.*)$/s.exec(message) ?? [];
	const more = /\(and (\d+) more\)$/.exec(rest)?.[1];
	const text = typeof words === 'string' ? words : words(rest.replace(/ \(and \d+ more\)$/, ''));
	return `${place}${text}${more ? `（另有 ${more} 处）` : ''}`;
}

const devicePhrases: readonly (readonly [RegExp, string])[] = [
	[/relaxed fma/, '宽松 FMA'],
	[/(\d+) threads?/, '$1 线程'],
	[/plain JavaScript/, '纯 JavaScript'],
	[/unknown adapter/, '未知适配器'],
	[/no webgpu: this environment has no WebGPU/, '没有 WebGPU：此环境不支持'],
	[/: far slower than wasm/, '：远慢于 wasm'],
];

/** A device's label, or what was found while one was chosen. */
export function deviceText(label: string, language: Language): string {
	if (language === 'en') return label;
	return devicePhrases.reduce((text, [phrase, words]) => text.replace(phrase, words), label).replaceAll(', ', '，');
}

const roles: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
	corpus: { en: 'corpus', zh: '语料' },
	changes: { en: 'changes of the corpus', zh: '语料改动' },
	lexicon: { en: 'lexicon', zh: '词典' },
	train: { en: 'train', zh: '训练集' },
	dev: { en: 'dev', zh: '开发集' },
	test: { en: 'test', zh: '测试集' },
	characterVectors: { en: 'character vectors', zh: '字向量' },
	bigramVectors: { en: 'bigram vectors', zh: '双字向量' },
	wordVectors: { en: 'word vectors', zh: '词向量' },
	initialCheckpoint: { en: 'first model', zh: '起始模型' },
};

/** What a part of a run's input is for. */
export function roleText(role: string, language: Language): string {
	return ownValue(roles, role)?.[language] ?? role;
}

const reasons: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
	planned: { en: 'all epochs done', zh: '全部轮次已完成' },
	patience: { en: 'no improvement', zh: '早停：长时间无提升' },
	'stop-after': { en: 'epoch limit reached', zh: '到达设定的轮数' },
	stopped: { en: 'stopped', zh: '已停止' },
	completed: { en: 'completed', zh: '全部阶段已完成' },
	'not-a-number': { en: 'the loss is no number', zh: '损失不是数' },
	'device-lost': { en: 'the device was lost', zh: '设备丢失' },
	'out-of-memory': { en: 'out of memory', zh: '内存不足' },
	error: { en: 'an error', zh: '出错' },
};

/** Why a stage or a run ended. */
export function reasonText(reason: string, language: Language): string {
	return ownValue(reasons, reason)?.[language] ?? reason;
}

const formatsInChinese: readonly (readonly [RegExp, string])[] = [
	[/^Inline, token(.)tag$/, '行内，词元$1标签'],
	[/^Plain text$/, '纯文本'],
];

/** The name of a corpus format. */
export function formatText(name: string, language: Language): string {
	if (language === 'en') return name;
	return formatsInChinese.reduce((text, [pattern, words]) => text.replace(pattern, words), name);
}
