import { expect, test } from 'vitest';
import { presetRun } from '../testing/run-requests';
import { currentRequest } from './current-request';

const whole = presetRun('corpus');
const fromModel = { ...whole, kind: 'from-checkpoint', checkpointId: 'm' };

test('a whole request stays as it is', () => {
	expect(currentRequest(whole)).toBe(whole);
	expect(currentRequest(fromModel)).toBe(fromModel);
});

test.each([
	['without input', { ...whole, input: undefined }],
	['with input of another kind', { ...whole, input: { kind: 'cloud' } }],
	['without settings', { ...whole, settings: null }],
	['without a preset', { ...whole, preset: 7 }],
	['from no model', { ...fromModel, checkpointId: undefined }],
	['of another kind', { ...whole, kind: 'resumed' }],
	['that is no object', 'new'],
])('a damaged request is left out: one %s', (_, value) => {
	expect(currentRequest(value)).toBeNull();
});
