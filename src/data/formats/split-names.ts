// Which split a file or a key means by its name: train.char.bmes, weiboNER_2nd_conll.dev, eng.testa, `validation`.

import type { SplitName } from '../corpus';

const names: Readonly<Record<string, SplitName>> = {
	train: 'train',
	training: 'train',
	dev: 'dev',
	devel: 'dev',
	development: 'dev',
	valid: 'dev',
	validation: 'dev',
	val: 'dev',
	testa: 'dev',
	test: 'test',
	testb: 'test',
	eval: 'test',
};

/** The split of a key such as `validation`, or null. */
export function splitOfKey(key: string): SplitName | null {
	return Object.hasOwn(names, key.toLowerCase()) ? names[key.toLowerCase()] : null;
}

/** The split that a part of a file's name says, the last one where several do; null for none. Folders do not count. */
export function splitOfName(file: string): SplitName | null {
	const name = file.split(/[\\/]/).at(-1) ?? '';
	const parts = name.split(/[^\p{L}]+/u).map(splitOfKey);
	return parts.findLast((split) => split !== null) ?? null;
}
