import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { tinyState } from '../testing/tiny-files';
import { decodeResumeState, encodeResumeState, requireSameInput } from './resume-state';

describe('the saved state of a run', () => {
	test('comes back bit for bit', () => {
		expect(decodeResumeState(encodeResumeState(tinyState()))).toEqual(tinyState());
	});

	test('keeps what is absent absent, and both moments of AdamW', () => {
		const saved = tinyState();
		saved.state.bestParameters = null;
		saved.state.optimizer.second = Float32Array.of(4, 5, 6);
		expect(decodeResumeState(encodeResumeState(saved))).toEqual(saved);
	});

	test('keeps how far an evaluation is, and is read without where an earlier version wrote it', () => {
		const saved = tinyState();
		saved.state.evaluation = {
			dev: { batches: 2, lossSum: 0.1 + 0.2, seconds: 1.25, tags: [Int32Array.of(2, 3), Int32Array.of(2)] },
			test: { batches: 0, lossSum: 0, seconds: 0, tags: [] },
		};
		expect(decodeResumeState(encodeResumeState(saved))).toEqual(saved);
		saved.state.evaluation.dev.lossSum = Number.NaN;
		expect(decodeResumeState(encodeResumeState(saved)).state.evaluation).toBeUndefined();
	});

	test('that was cut in half is refused', () => {
		const bytes = encodeResumeState(tinyState());
		expect(errorCodeOf(() => decodeResumeState(bytes.subarray(0, bytes.length >> 1)))).toBe('safetensors-truncated');
	});

	test('whose stage is not one of its settings is refused', () => {
		const saved = tinyState();
		saved.state.position.stageIndex = 99;
		expect(errorCodeOf(() => decodeResumeState(encodeResumeState(saved)))).toBe('workbench-file-damaged');
	});

	test('is not written with a loss that is no number', () => {
		const saved = tinyState();
		saved.state.position.progress.lossSum = Number.NaN;
		expect(() => encodeResumeState(saved)).toThrow('invariant');
	});

	test('is resumed only with the files that it began with', () => {
		expect(errorCodeOf(() => requireSameInput({ train: 'a' }, { train: 'a' }))).toBe('no error');
		expect(errorCodeOf(() => requireSameInput({ train: 'a' }, { train: 'b' }))).toBe('resume-other-input');
		expect(errorCodeOf(() => requireSameInput({ train: 'a', lexicon: 'c' }, { train: 'a' }))).toBe(
			'resume-other-input',
		);
	});
});
