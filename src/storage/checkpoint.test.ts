import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { tinyLayout as layout, tinyCheckpoint } from '../testing/tiny-files';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint';
import { parametersOfTensors } from './flat-parameters';
import { readSafetensors, writeSafetensors } from './safetensors';
import { encodeWorkbenchFile } from './workbench-file';

describe('a checkpoint', () => {
	test('comes back as it was written', () => {
		const checkpoint = tinyCheckpoint();
		const { parameters, ...rest } = decodeCheckpoint(encodeCheckpoint(checkpoint));
		const { parameters: written, ...expected } = checkpoint;
		expect(rest).toEqual(expected);
		expect(parametersOfTensors(layout, parameters)).toEqual(parametersOfTensors(layout, written));
		expect([...parameters.keys()]).toEqual(['output.weight', 'output.bias']);
	});

	test('may be without a lexicon', () => {
		const decoded = decodeCheckpoint(encodeCheckpoint({ ...tinyCheckpoint(), lexiconWords: null }));
		expect(decoded.lexiconWords).toBeNull();
	});

	test('that was cut in half is refused', () => {
		const bytes = encodeCheckpoint(tinyCheckpoint());
		expect(errorCodeOf(() => decodeCheckpoint(bytes.subarray(0, bytes.length >> 1)))).toBe('safetensors-truncated');
		expect(errorCodeOf(() => decodeCheckpoint(bytes.subarray(0, bytes.length - 1)))).toBe('safetensors-truncated');
	});

	test('of another version is refused with both versions named', () => {
		const bytes = encodeWorkbenchFile({ name: 'checkpoint', migrations: Array(6), words: '' }, {}, []);
		expect(errorCodeOf(() => decodeCheckpoint(bytes))).toBe('workbench-file-version');
		expect(() => decodeCheckpoint(bytes, 'm.safetensors')).toThrow(
			/m\.safetensors: expected version 1.*found version 7/,
		);
	});

	test('from elsewhere, or of another kind of file, is refused', () => {
		expect(errorCodeOf(() => decodeCheckpoint(writeSafetensors([])))).toBe('workbench-file-kind');
		const resume = encodeWorkbenchFile({ name: 'resume', migrations: [], words: '' }, {}, []);
		expect(errorCodeOf(() => decodeCheckpoint(resume))).toBe('workbench-file-kind');
	});

	test.each([
		['labels', ['O'], 'workbench-file-damaged'],
		['labels', [1, 2, 3, 4], 'workbench-file-damaged'],
		['lattice_words', ['<pad>'], 'checkpoint-tensor-shape'],
		['network', { latticeRows: -1 }, 'workbench-file-damaged'],
		['config', { stages: [] }, 'setting-out-of-range'],
		['metrics', null, 'workbench-file-damaged'],
	])('whose %s do not fit is refused', (key, value, code) => {
		const { tensors, metadata } = readSafetensors(encodeCheckpoint(tinyCheckpoint()));
		const bytes = writeSafetensors(tensors, { ...metadata, [key]: JSON.stringify(value) });
		expect(errorCodeOf(() => decodeCheckpoint(bytes))).toBe(code);
	});

	test('whose vocabulary points beyond its table is refused', () => {
		const checkpoint = tinyCheckpoint();
		checkpoint.vocabularies.lattice.rowOfId[3] = 4;
		expect(errorCodeOf(() => decodeCheckpoint(encodeCheckpoint(checkpoint)))).toBe('workbench-file-damaged');
	});

	test('with a missing or misshapen parameter is refused when it is laid out', () => {
		const { parameters } = tinyCheckpoint();
		const without = new Map([...parameters].filter(([name]) => name !== 'output.bias'));
		expect(errorCodeOf(() => parametersOfTensors(layout, without))).toBe('checkpoint-tensor-missing');
		const other = new Map(parameters).set('output.bias', { ...parameters.get('output.bias')!, shape: [1, 3] });
		expect(errorCodeOf(() => parametersOfTensors(layout, other))).toBe('checkpoint-tensor-shape');
	});

	test('ends in a result or a named error whatever bytes are changed', () => {
		const whole = encodeCheckpoint(tinyCheckpoint());
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
				(changes) => {
					const bytes = whole.slice();
					for (const [at, value] of changes) bytes[at] = value;
					errorCodeOf(() => decodeCheckpoint(bytes));
				},
			),
			{ numRuns: 300 },
		);
	});
});
