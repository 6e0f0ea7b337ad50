import { expect, test } from 'vitest';
import { commonName } from './corpus-name';

test.each([
	[['weiboNER_2nd_conll.train', 'weiboNER_2nd_conll.dev'], 'weiboNER_2nd_conll'],
	[['eng.train', 'eng.testa', 'eng.testb'], 'eng'],
	[['train_weibo.conll', 'dev_weibo.conll'], 'weibo'],
	[['news 01.txt', 'news 02.txt'], 'news'],
	[['resume.zip/train.char.bmes', 'resume.zip/dev.char.bmes'], 'resume'],
	[['a.tar.gz/Resume/train.txt', 'a.tar.gz/Resume/test.txt'], 'Resume'],
	[['train.char.bmes', 'dev.char.bmes', 'test.char.bmes'], ''],
	[['train.txt'], ''],
	[['notes.txt'], 'notes'],
])('files %j are called "%s"', (paths, expected) => {
	expect(commonName(paths)).toBe(expected);
});
