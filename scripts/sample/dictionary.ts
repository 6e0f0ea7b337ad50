// The dictionary behind the sample's lexicon and vectors: dict.txt of the npm package @node-rs/jieba (MIT), a line a
// word: word, frequency, part of speech. It is fetched by npm when no path is given, and must be exactly this version.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../src/util/errors';

const packageName = '@node-rs/jieba@2.0.3';
const dictionarySha256 = '139519822fe8ab9e10d9d07e68ea0451045380aedaf54ecc51e2a28c6b42a13f';

export interface DictionaryWord {
	word: string;
	/** How often it was counted by those who made the dictionary. */
	frequency: number;
	/** Part of speech: n noun, v verb, a adjective, ns place, nr person, nt organisation, ... */
	kind: string;
}

function fetchDictionary(): Buffer {
	const folder = mkdtempSync(join(tmpdir(), 'sample-dictionary-'));
	try {
		const options = { cwd: folder, encoding: 'utf8' as const };
		const archive = execFileSync('npm', ['pack', packageName, '--silent'], options).trim();
		execFileSync('tar', ['xzf', archive, 'package/dict.txt'], options);
		return readFileSync(join(folder, 'package/dict.txt'));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** All words of two or more characters. Throws when the file is another one than the sample was made with. */
export function readDictionary(path: string | undefined): DictionaryWord[] {
	const bytes = path === undefined ? fetchDictionary() : readFileSync(path);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	invariant(sha256 === dictionarySha256, `expected dict.txt of ${packageName}, found a file with SHA-256 ${sha256}`);
	const words: DictionaryWord[] = [];
	for (const line of bytes.toString('utf8').split('\n')) {
		const [word, frequency, kind] = line.split(' ');
		if (kind !== undefined && [...word].length >= 2) words.push({ word, frequency: Number(frequency), kind });
	}
	return words;
}
