import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeFileName } from './file-name';

test.each([
	['weibo.train.conll', 'weibo.train.conll'],
	['北京 日报 (1).csv', '北京 日报 (1).csv'],
	['../../etc/passwd', '-..-etc-passwd'],
	['a/b\\c:d*e?f"g<h>i|j.csv', 'a-b-c-d-e-f-g-h-i-j.csv'],
	['C:\\run.json', 'C-run.json'],
	['CON', '_CON'],
	['nul.types.csv', '_nul.types.csv'],
	['com1.bin', '_com1.bin'],
	['LPT³.bin', '_LPT³.bin'],
	['console.csv', 'console.csv'],
	['.hidden', 'hidden'],
	['name. . ', 'name'],
	['', 'untitled'],
	['///', '-'],
	['a\nb\u0000c\u001b[1m.json', 'a-b-c-[1m.json'],
	['photo\u202egnp.exe', 'photo-gnp.exe'],
	['x\ud800y', 'x\ufffdy'],
])('%j is saved as %j', (text, name) => {
	expect(safeFileName(text)).toBe(name);
});

test('a long name is cut between characters and keeps its ending', () => {
	const name = safeFileName(`${'王𠮷'.repeat(200)}.types.csv`);
	expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
	expect(name).toMatch(/^(王𠮷)+王?\.types\.csv$/u);
});

test('any text gives a name that every system takes', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
			const name = safeFileName(text);
			expect(name).not.toMatch(/[/\\:*?"<>|\n]|^\.|[. ]$/);
			expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
			expect(safeFileName(name)).toBe(name);
		}),
	);
});
