import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { runNerco } from '../testing/nerco-process';

const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const vectors = (...args: string[]) => runNerco(['vectors', ...args]);

function fileOf(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

test('inspect tells what a file is, and what is wrong with it', async () => {
	const fine = fileOf('fine.vec.gz', gzipSync('2 2\n天气 0.5 1\nNew York 2 3\n'));
	const broken = fileOf('broken.vec', '天气 0.5 1\n好 2\n');
	const { code, stdout } = await vectors('inspect', fine, broken, '--json');
	const [first, second] = stdout
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	expect(first).toMatchObject({ containers: ['gzip'], form: 'text', dimension: 2, entries: 2, problems: [] });
	expect(first.words).toEqual({ oneCharacter: 0, twoCharacters: 1, longer: 1, withSpaces: 1 });
	expect(first.firstRows[0]).toEqual({ word: '天气', numbers: [0.5, 1] });
	expect(second.problems).toMatchObject([{ code: 'vectors-wrong-width', line: 2, isFatal: true }]);
	expect(code).toBe(1);
});

test('pack keeps what a corpus uses, in either form, and tells the coverage', async () => {
	const corpus = fileOf('train.txt', '天\tB-X\n气\tI-X\n好\tO\n');
	const file = fileOf('all.vec', '天 1 2\n气 3 4\n天气 0.1 6\n山河 7 8\n海 9 9\n');
	const out = join(folder, 'few.vec');
	const packed = await vectors('pack', file, '--corpus', corpus, '--units', 'characters,words', '--out', out, '--json');
	expect(readFileSync(out, 'utf8')).toBe('3 2\n天 1 2\n气 3 4\n天气 0.1 6\n');
	const { coverage } = JSON.parse(packed.stdout);
	expect(coverage).toMatchObject([
		{ units: 'characters', wanted: 3, found: 2, missing: [{ word: '好', count: 1 }] },
		{ units: 'words', wanted: 1 },
	]);
	const binary = join(folder, 'few.bin');
	await vectors('pack', file, '--corpus', corpus, '--units', 'words', '--out', binary);
	expect(readFileSync(binary).subarray(0, 4).toString()).toBe('1 2\n');
});

test('train writes the same file for the same seed', async () => {
	const text = fileOf('text.txt', '今天天气好\n明天天气不好\n'.repeat(20));
	const lexicon = fileOf('words.txt', '今天 5 t\n天气 3 n\n');
	const train = async (name: string) => {
		const out = join(folder, name);
		const options = ['--units', 'words', '--lexicon', lexicon, '--dimension', '4', '--epochs', '2', '--seed', '3'];
		await vectors('train', '--text', text, ...options, '--out', out);
		return readFileSync(out, 'utf8');
	};
	const first = await train('one.vec');
	expect(first).toMatch(/^\d+ 4\n/);
	expect(first).toContain('\n天气 ');
	expect(await train('two.vec')).toBe(first);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends training with 130 and leaves nothing', async (signal) => {
	const own = mkdtempSync(join(tmpdir(), 'vectors-stopped-'));
	const text = fileOf('long.txt', '今天天气好\n明天天气不好\n'.repeat(2000));
	const args = ['vectors', 'train', '--text', text, '--epochs', '10000', '--out', join(own, 'out.vec')];
	const { code, stderr } = await runNerco(args, {
		onStart: (child) =>
			child.stderr?.on('data', (part) => {
				if (!String(part).includes('training vectors for')) return;
				expect(readdirSync(own)).toEqual(['.out.vec.nerco.lock']);
				child.kill(signal);
			}),
	});
	expect([code, stderr]).toEqual([130, expect.stringMatching(/ characters\n$/)]);
	expect(readdirSync(own)).toEqual([]);
	rmSync(own, { recursive: true });
});

test('an action or option that is not there is named', async () => {
	expect((await vectors('pakc')).stderr).toContain("unknown command 'vectors pakc'; use one of inspect, pack, train");
	expect((await vectors('train', '--out', 'x')).stderr).toContain('--text is required');
});
