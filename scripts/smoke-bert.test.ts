import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { piecesOf } from '../src/data/bert/piece-vocabulary';
import { openBertFolder } from '../src/storage/node/bert-folder';
import { makeSmokeBert } from './smoke-bert';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'models/smoke-bert');

test('the tiny BERT is what its script makes, under 300 kB', () => {
	for (const [name, bytes] of makeSmokeBert()) expect(readFileSync(join(folder, name)).equals(bytes), name).toBe(true);
	const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
});

test('it opens as a model, and knows nearly all characters of the smoke corpus', async () => {
	const bert = await openBertFolder(folder);
	expect(bert).toMatchObject({ config: { layers: 2, width: 64, heads: 4 }, notes: [], tokenizer: { lowerCase: true } });
	expect(bert.hash).toMatch(/^[0-9a-f]{64}$/);
	const lines = readFileSync(join(root, 'public/smoke/test.conll'), 'utf8').split('\n');
	const characters = lines.map((line) => line.split(' ')[0]).filter((character) => character !== '');
	const unknown = characters.filter((character) => piecesOf(character, bert.vocabulary)[0] === '[UNK]');
	expect(characters.length).toBeGreaterThan(100);
	expect(unknown.length / characters.length).toBeLessThan(0.05);
});
