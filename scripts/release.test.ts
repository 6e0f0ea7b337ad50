import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { packRelease, thirdPartyLicences } from './release.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nerco-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a release holds the page, the command and the texts, and the same tree gives the same bytes', () => {
	const pageFolder = join(folder, 'dist');
	mkdirSync(join(pageFolder, 'assets'), { recursive: true });
	writeFileSync(join(pageFolder, 'index.html'), '<p>');
	writeFileSync(join(pageFolder, 'assets/a.js'), 'a');
	const commandFile = join(folder, 'nerco.mjs');
	writeFileSync(commandFile, 'command');
	const pack = () => packRelease({ pageFolder, commandFile, texts: { LICENSE: 'MIT' } });
	const files = Object.entries(unzipSync(pack())).map(([name, bytes]) => [name, strFromU8(bytes)]);
	expect(Object.fromEntries(files)).toEqual({
		'page/index.html': '<p>',
		'page/assets/a.js': 'a',
		'nerco.mjs': 'command',
		LICENSE: 'MIT',
	});
	expect(Buffer.compare(pack(), pack())).toBe(0);
});

test('the licences of what ships are named with their text, those of tools are not', () => {
	const text = thirdPartyLicences();
	expect(text).toMatch(/^zustand 5\.\d+\.\d+ \(MIT\)\n\n[\s\S]*?Permission is hereby granted/m);
	expect(text).not.toMatch(/^vitest /m);
});
