import { expect, test } from 'vitest';
import { tinyLabels, tinyShape } from '../testing/tiny-network';
import { crfScores } from './crf-scores';
import { crfNames, layOutNetwork } from './shape';

function scoresOf(model: Parameters<typeof tinyShape>[0], tagOffset = 0) {
	const whole = tinyShape(model);
	const shape = { ...whole, tagOffset, tagCount: whole.tagCount - tagOffset };
	const layout = layOutNetwork(shape);
	const parameters = Float32Array.from({ length: layout.size }, (_, index) => index % 97);
	const stored = (name: string) => {
		const { offset, size } = layout.entries.find((entry) => entry.name === name) ?? { offset: 0, size: 0 };
		return parameters.slice(offset, offset + size);
	};
	return { ...crfScores(shape, tinyLabels, layout, parameters), stored };
}

test('a CRF without start and end scores starts and ends with 0', () => {
	const { transitions, start, end, tags, stored } = scoresOf({});
	expect(transitions).toEqual(stored(crfNames.transitions));
	expect([start, end]).toEqual([new Float32Array(7), new Float32Array(7)]);
	expect(tags).toEqual(tinyLabels.tags);
});

test('start and end scores are read where the network has them', () => {
	const { start, end, stored } = scoresOf({ crfStartEnd: true });
	expect([start, end]).toEqual([stored(crfNames.start), stored(crfNames.end)]);
});

test('constrained decoding forbids the same moves in the scores', () => {
	const { transitions, start, end, tags, stored } = scoresOf({ constrainedDecoding: true, crfStartEnd: true }, 2);
	expect(tags).toEqual(['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC']);
	const change = (from: string, to: string) => {
		const index = tags.indexOf(from) * tags.length + tags.indexOf(to);
		return transitions[index] - stored(crfNames.transitions)[index];
	};
	expect([change('B-PER', 'I-PER'), change('I-PER', 'O'), change('O', 'B-LOC')]).toEqual([0, 0, 0]);
	expect([change('O', 'I-PER'), change('B-LOC', 'I-PER')]).toEqual([-10000, -10000]);
	const inside = tags.indexOf('I-LOC');
	expect(start[inside] - stored(crfNames.start)[inside]).toBe(-10000);
	expect(end).toEqual(stored(crfNames.end));
});
