// The floor checker must find each kind of breach, and only those.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFloors, strippedCode } from './check-floors.mjs';

let root = '';
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'floors-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
}

test('imports that point down are fine', () => {
	write({
		'util/errors.ts': 'export const a = 1;',
		'data/corpus.ts': "import { a } from '../util/errors';\nexport const b = a;",
		'model/network.ts': "import { b } from '../data/corpus';\nexport const c = b;",
	});
	expect(checkFloors(root)).toEqual([]);
});

test('an import that points up is named with its line', () => {
	write({
		'training/train-run.ts': 'export const a = 1;',
		'data/corpus.ts': "// first line\nimport { a } from '../training/train-run';\nexport const b = a;",
	});
	expect(checkFloors(root)).toEqual([expect.stringMatching(/^data\/corpus\.ts:2: .*training/)]);
});

test('only the worker entry and the command take the training floor', () => {
	write({
		'training/train-run.ts': 'export const a = 1;',
		'worker/worker.ts': "import { a } from '../training/train-run';\nexport const b = a;",
		'cli/nerco.ts': "import { a } from '../training/train-run';\nexport const b = a;",
		'state/run.ts': "import { a } from '../training/train-run';\nexport const b = a;",
	});
	expect(checkFloors(root)).toEqual([expect.stringMatching(/^state\/run\.ts:1:/)]);
});

test('chance, the clock and TensorFlow are found where they do not belong, but not in comments', () => {
	write({
		'model/network.ts': 'const x = Math.random();\n// Math.random() is banned\nexport const y = x;',
		'data/corpus.ts': "import * as tf from '@tensorflow/tfjs-core';\nexport const z = tf;",
		'kernels/webgpu/device.ts': "import * as tf from '@tensorflow/tfjs-core';\nexport const z = tf;",
	});
	expect(checkFloors(root).sort()).toEqual([
		expect.stringMatching(/^data\/corpus\.ts:1: @tensorflow/),
		expect.stringMatching(/^model\/network\.ts:1: Math\.random/),
	]);
});

test('a circle of imports is found', () => {
	write({
		'data/a.ts': "import { b } from './b';\nexport const a = () => b;",
		'data/b.ts': "import { a } from './a';\nexport const b = () => a;",
	});
	expect(checkFloors(root)).toEqual([expect.stringContaining('circle')]);
});

test('types alone make a circle too', () => {
	write({
		'data/a.ts': "import type { B } from './b';\nexport type A = B[];",
		'data/b.ts': "import type { A } from './a';\nexport type B = A | null;",
	});
	expect(checkFloors(root)).toEqual([expect.stringContaining('circle')]);
});

test('the page imports nothing of the worker: it starts it and speaks over the wire', () => {
	write({
		'wire/runs.ts': 'export interface Run {}',
		'worker/worker.ts': "import type { Run } from '../wire/runs';\nexport type Kept = Run;",
		'state/run.ts':
			"import type { Run } from '../wire/runs';\nimport type { Kept } from '../worker/worker';\nexport type A = Run | Kept;",
		'main.tsx':
			"import type { A } from './state/run';\nexport const a: A = new Worker(new URL('./worker/worker.ts', import.meta.url));",
	});
	expect(checkFloors(root)).toEqual([expect.stringMatching(/^state\/run\.ts:2: .*wire/)]);
});

test('comments and strings are taken out, line breaks stay', () => {
	const source = "const a = 'Math.random'; // Date.now\n/* one\ntwo */ const b = `x`;";
	expect(strippedCode(source, { keepStrings: false })).toBe("const a = ''; \n\n const b = '';");
});
