import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReferenceDevice } from '../../kernels/reference/device';
import { createWasmDevice } from '../../kernels/wasm/device';
import { referenceFolder, sharedPath } from '../../testing/shared-data';
import type { ParityRow } from './comparison';
import { Comparison } from './comparison';
import { type ParityBackend, runParity } from './run-parity';

let wasm: ParityBackend;
let plain: ParityBackend;
let cpu: ParityBackend;
const scratch = mkdtempSync(join(tmpdir(), 'parity-'));
beforeAll(async () => {
	wasm = { name: 'wasm', label: 'wasm', device: await createWasmDevice() };
	plain = { name: 'wasm', label: 'wasm (plain)', device: await createWasmDevice({ build: 'plain' }) };
	cpu = { name: 'cpu', label: 'cpu', device: await createReferenceDevice() };
});
afterAll(() => {
	wasm.device.dispose();
	plain.device.dispose();
	cpu.device.dispose();
	rmSync(scratch, { recursive: true });
});

const run = (backends: ParityBackend[], only: string, reference = referenceFolder()): Promise<ParityRow[]> =>
	runParity({ reference, backends, isFull: false, only, report: () => {} });
const wrong = (rows: ParityRow[]) => rows.filter((row) => !row.ok);
const compared = (rows: ParityRow[]) => rows.filter((row) => !row.missing);

test.each(['flat-tiny', 'contrastive', 'crf', 'metrics', 'trajectory'])(
	'%s: wasm gives the published numbers',
	async (group) => {
		const rows = await run([wasm], group);
		expect(wrong(rows)).toEqual([]);
		expect(compared(rows).length).toBeGreaterThan(10);
	},
);

test.each([
	['tokenizer', 6],
	['bert-files', 9],
	['bert-embedding', 20],
	['bert-forward', 20],
	['windows', 9],
])('%s: wasm gives the published numbers of BERT', async (group, least) => {
	const rows = await run([wasm], group);
	expect(wrong(rows)).toEqual([]);
	expect(compared(rows).length).toBeGreaterThanOrEqual(least);
});

test('BERT-base at real size is left to --full', async () => {
	const rows = await run([wasm], 'bert-base-synthetic');
	expect(rows.map(({ missing }) => missing)).toEqual(['slow here: run with --full']);
});

test.each([
	'flat-tiny/ff_two',
	'flat-tiny/gate',
	'contrastive',
	'crf',
	'trajectory/contrastive-zero-batch',
	'bert-forward/dropout-masks',
	'bert-embedding/characters',
])('%s: the reference device gives the published numbers', async (fixture) => {
	const rows = await run([cpu], fixture);
	expect(wrong(rows)).toEqual([]);
	expect(compared(rows).length).toBeGreaterThanOrEqual(5);
});

test.each([
	['wasm', () => wasm],
	['wasm (plain)', () => plain],
	['the reference device', () => cpu],
] as const)('trajectory-finetune: %s gives the numbers of PyTorch', async (_, backend) => {
	const rows = await run([backend()], 'trajectory-finetune');
	expect(wrong(rows)).toEqual([]);
	expect(compared(rows)).toHaveLength(4);
});

const reference = sharedPath('reference');
test.skipIf(reference === null)('lattices, tables, checkpoints (skipped: no shared data)', async () => {
	for (const group of ['lattice', 'embed-norm', 'checkpoint']) {
		const rows = await run([wasm], group, reference ?? '');
		expect(wrong(rows)).toEqual([]);
		expect(compared(rows).length).toBeGreaterThan(5);
	}
});

test('a changed expectation is found out of tolerance', async () => {
	cpSync(join(referenceFolder(), 'crf'), join(scratch, 'crf'), { recursive: true });
	const file = join(scratch, 'crf', 'plain-rand.json');
	const expected = JSON.parse(readFileSync(file, 'utf8'));
	expected.nll[0] += 1e-3;
	expected.viterbi[0][0] += 1;
	writeFileSync(file, JSON.stringify(expected));
	const rows = await run([wasm], 'crf/plain-rand', scratch);
	expect(wrong(rows).map((row) => row.quantity)).toEqual(['losses', 'decoded paths']);
});

test('a folder that lacks tensors says which', async () => {
	cpSync(join(referenceFolder(), 'flat-tiny', 'ff_two'), join(scratch, 'flat-tiny', 'ff_two'), { recursive: true });
	rmSync(join(scratch, 'flat-tiny', 'ff_two', 'outputs.safetensors'));
	const rows = await run([wasm], 'flat-tiny', scratch);
	expect(rows.filter((row) => row.missing).map((row) => row.quantity)).toContain('forward');
	expect(wrong(rows)).toEqual([]);
});

test('a fixture that cannot be read is a wrong row, and the others are still compared', async () => {
	cpSync(join(referenceFolder(), 'crf'), join(scratch, 'crf'), { recursive: true });
	writeFileSync(join(scratch, 'crf', 'plain-ties.safetensors'), 'not a tensor file');
	const rows = await run([wasm], 'crf/plain', scratch);
	expect(
		wrong(rows)
			.filter((row) => row.error)
			.map((row) => row.fixture),
	).toEqual(['crf/plain-ties']);
	expect(new Set(rows.map((row) => row.fixture)).size).toBeGreaterThan(3);
});

test('a number that is NaN or too far is out of tolerance, one within is not', () => {
	const verdict = (actual: number[], expected: number[]) => {
		const comparison = new Comparison('case', 'none');
		comparison.compare('value', actual, expected, { absolute: 1e-3, relative: 1e-2 });
		return comparison.rows[0].ok;
	};
	expect(verdict([Number.NaN], [0])).toBe(false);
	expect(verdict([1.02], [1])).toBe(false);
	expect(verdict([1, 2], [1])).toBe(false);
	expect(verdict([1.009, 0.0009], [1, 0])).toBe(true);
});
