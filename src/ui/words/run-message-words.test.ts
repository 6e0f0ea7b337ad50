import { expect, test } from 'vitest';
import { titleOf } from '../../data/formats/format-list';
import { deviceText, formatText, reasonText, roleText, warningText } from './run-message-words';

const english = /[A-Za-z]{4,}/;

test('notes on a run are told in Chinese with their location, names and counts', () => {
	const notes = [
		{ code: 'tags-unseen', message: 'Tags that do not occur in train: B-X, I-X' },
		{ code: 'train-clipped', message: 'Training sentences split near 200 characters: 7' },
		{ code: 'test-clipped', message: 'Test sentences split near 200 characters: 4' },
		{ code: 'corpus-hash-line-lost', message: "a.train:12: Line dropped because it starts with '#': # O (and 3 more)" },
		{
			code: 'lexicon-missing',
			message: 'There is no lexicon and no word vectors: the lattices contain only characters',
		},
	];
	expect(notes.map((note) => warningText(note, 'zh'))).toEqual([
		'训练集中没有的标签：B-X, I-X',
		'切分了 7 个过长的训练句子',
		'切分了 4 个过长的测试句子',
		'a.train:12: 以 # 开头的行被丢弃：# O（另有 3 处）',
		'没有词典，也没有词向量：格子中只有字',
	]);
	expect(notes.map((note) => warningText(note, 'en'))).toEqual(notes.map(({ message }) => message));
	expect(warningText({ code: 'another', message: 'As it is' }, 'zh')).toBe('As it is');
});

test('devices, roles and reasons have no English words on the Chinese page but names', () => {
	expect(deviceText('WASM SIMD, relaxed fma, 2 threads', 'zh')).toBe('WASM SIMD，relaxed FMA，2 线程');
	expect(deviceText('WASM SIMD, relaxed fma, 1 thread', 'en')).toBe('WASM SIMD, relaxed fma, 1 thread');
	for (const role of ['corpus', 'characterVectors', 'bigramVectors', 'wordVectors', 'initialCheckpoint'])
		expect(roleText(role, 'zh')).not.toMatch(english);
	for (const reason of ['planned', 'patience', 'stop-after', 'stopped', 'completed', 'not-a-number', 'device-lost'])
		expect(reasonText(reason, 'zh')).not.toMatch(english);
	expect([formatText(titleOf('inline-bar'), 'zh'), formatText(titleOf('plain-text'), 'zh')]).toEqual([
		'行内，词元|标签',
		'纯文本',
	]);
});
