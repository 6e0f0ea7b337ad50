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
	'corpus-sentences-lost': '有一行格式错误：该句及其后的句子没有读入',
	'corpus-token-cut': '长于一个字的词元只保留了第一个字',
	'dev-is-test': '测试集同时用作验证集：最佳轮次在它上面选出，因此测试分数偏高。',
	'features-cached': '特征已缓存：训练时没有 BERT 的 dropout 和词 dropout，分数与论文的做法不同。',
	'lexicon-missing': '没有词典，也没有词向量：格子中只有字',
	'no-dev': '没有验证集，无法选出最佳轮次：各阶段保留最后一轮的参数。',
	'saved-less-often': (message) =>
		`保存一次状态耗时较长，因此保存得较少：崩溃时最多损失最近 ${/([\d.]+) minutes/.exec(message)?.[1] ?? '1'} 分钟的训练。`,
	'bert-recomputed': '内存可能不足：反向传播时逐层重新计算 BERT，训练时间约增加三分之一。',
	'group-never-trained': (message) =>
		`阶段在参数组开始训练之前结束，该组没有训练：${/: (\w+) was/.exec(message)?.[1] ?? ''}`,
	'split-schemes-differ': (message) => `各划分的标注体系不同：${afterColon(message)}`,
	'storage-full': '磁盘已满，这次运行无法保存到浏览器；训练继续进行。',
	'storage-closed': '浏览器存储已关闭，这次运行尚未保存；训练继续进行，存储恢复后会自动保存。',
	'storage-newer': '另一个标签页中的新版本更新了存储，这次运行无法在此保存；训练继续进行。',
	'storage-unavailable': '浏览器不允许存储，这次运行不会保存；训练继续进行。',
	'tags-unseen': (message) => `训练集中没有的标签：${afterColon(message)}`,
	'test-is-dev': '没有测试集：测试分数就是验证集分数，而最佳轮次是按它选出的。',
	'train-clipped': (message) => `切分了 ${numberIn(message)} 个过长的训练句子`,
	'test-clipped': (message) => `切分了 ${numberIn(message)} 个过长的测试句子`,
	'empty-left-out': (message) => `略去了 ${numberIn(message)} 个空句子`,
	'unlabelled-left-out': (message) => `略去了 ${numberIn(message)} 个未标注的句子`,
	'vectors-count-differs': '向量条数与文件头不一致',
	'vectors-further-file': '压缩包中还有其他文件，没有读取',
	'vectors-undecodable': '向量文件中有些词无法解码，已跳过',
};

/** A note of a run in the page's language; its location in a file and its count stay. */
export function warningText({ code, message }: Warning, language: Language): string {
	const words = language === 'zh' && Object.hasOwn(notesInChinese, code) ? notesInChinese[code] : null;
	if (words === null) return message;
	const [, location = '', rest = message] = /^([^\s:]+\.[^\s:]+(?::\d+)?: )?(.*)$/s.exec(message) ?? [];
	const more = /\(and (\d+) more\)$/.exec(rest)?.[1];
	const text = typeof words === 'string' ? words : words(rest.replace(/ \(and \d+ more\)$/, ''));
	return `${location}${text}${more ? `（另有 ${more} 处）` : ''}`;
}

const devicePhrases: readonly (readonly [RegExp, string])[] = [
	[/relaxed fma/, 'relaxed FMA'],
	[/(\d+) threads?/, '$1 线程'],
	[/plain JavaScript/, '纯 JavaScript'],
	[/unknown adapter/, '未知 GPU'],
	[/no webgpu: this environment has no WebGPU/, '没有 WebGPU：浏览器不支持'],
	[/: far slower than wasm/, '：比 wasm 慢得多'],
];

/** A device's label, or what was found while one was chosen. */
export function deviceText(label: string, language: Language): string {
	if (language === 'en') return label;
	return devicePhrases.reduce((text, [phrase, words]) => text.replace(phrase, words), label).replaceAll(', ', '，');
}

const roles: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
	corpus: { en: 'corpus', zh: '语料' },
	changes: { en: 'corpus changes', zh: '语料改动' },
	lexicon: { en: 'lexicon', zh: '词典' },
	train: { en: 'train', zh: '训练集' },
	dev: { en: 'dev', zh: '验证集' },
	test: { en: 'test', zh: '测试集' },
	characterVectors: { en: 'character vectors', zh: '字向量' },
	bigramVectors: { en: 'bigram vectors', zh: '双字向量' },
	wordVectors: { en: 'word vectors', zh: '词向量' },
	initialCheckpoint: { en: 'initial model', zh: '初始模型' },
};

/** What a part of a run's input is for. */
export function roleText(role: string, language: Language): string {
	return ownValue(roles, role)?.[language] ?? role;
}

const reasons: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
	planned: { en: 'all epochs done', zh: '全部轮次已完成' },
	patience: { en: 'early stopping', zh: '早停' },
	'stop-after': { en: 'epoch limit reached', zh: '达到设定的轮数上限' },
	stopped: { en: 'stopped', zh: '已停止' },
	completed: { en: 'completed', zh: '全部阶段已完成' },
	'not-a-number': { en: 'the loss is not a number', zh: '损失变为 NaN' },
	'device-lost': { en: 'the compute device was lost', zh: '计算设备丢失' },
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
