// Small files of every kind that the workbench reads back, for tests.

import { findPreset } from '../experiment/presets';
import { stageStart } from '../experiment/run-state';
import type { Checkpoint } from '../storage/checkpoint';
import { tensorsOfParameters } from '../storage/flat-parameters';
import type { ResumeFile } from '../storage/resume-state';

export const tinyLayout = {
	entries: [
		{ name: 'output.weight', shape: [3, 2], offset: 0, size: 6 },
		{ name: 'output.bias', shape: [3], offset: 16, size: 3 },
	],
	size: 32,
	frozenOffset: 32,
};

export function tinyCheckpoint(): Checkpoint {
	const { config } = findPreset('smoke');
	const values = Float32Array.from({ length: 32 }, (_, index) => (index < 6 || (index > 15 && index < 19) ? index : 0));
	return {
		config,
		network: {
			model: config.model,
			latticeRows: 4,
			latticeSize: 5,
			bigramRows: 3,
			bigramSize: 5,
			tagCount: 2,
			tagOffset: 2,
			maxDistance: 9,
			bert: null,
		},
		labels: ['<pad>', '<unk>', 'O', 'B-人名'],
		vocabularies: {
			lattice: {
				words: ['<pad>', '<unk>', '𠮷', '北京'],
				rowOfId: Int32Array.of(0, 1, 3, 2),
				hasOwnEntry: Uint8Array.of(1, 1, 1, 0),
			},
			bigram: {
				words: ['<pad>', '<unk>', '北京'],
				rowOfId: Int32Array.of(0, 1, 2),
				hasOwnEntry: Uint8Array.of(1, 1, 1),
			},
		},
		lexiconWords: ['北京'],
		bert: null,
		metrics: { dev: { loss: 0.25 }, test: null },
		provenance: { stage: 'full', epoch: 3, dataHashes: { train: 'ab' }, versions: { workbench: '0.1.0' } },
		parameters: tensorsOfParameters(tinyLayout, values),
	};
}

export function tinyState(): ResumeFile {
	return {
		config: findPreset('smoke').config,
		dataHashes: { train: 'a1', dev: 'b2' },
		notes: { device: 'wasm' },
		state: {
			position: {
				stageIndex: 0,
				progress: { ...stageStart(), step: 7, lossSum: 0.1 + 0.2, bestValue: 1 / 3 },
				stages: [],
				eventCount: 12,
				seconds: 1.5,
			},
			parameters: Float32Array.of(1, 2, 3),
			bestParameters: Float32Array.of(3, 2, 1),
			optimizer: { first: Float32Array.of(0.1, 0, 1e-30), second: null },
		},
	};
}
