// The presets: settings for known corpora and for newcomers. Each holds only what differs from the settings in
// preset-parts.ts, with its reason.

import { UserError } from '../util/errors';
import { bertPresets } from './bert-presets';
import type { ExperimentConfig } from './config';
import type { Words } from './field';
import type { Preset } from './preset-parts';
import { publishedPresets } from './published-presets';
import { smallPresets } from './small-presets';

/** All presets, published ones first. Treat the configs as constants; `presetConfig` gives a copy to change. */
export const presets: readonly Preset[] = [...publishedPresets, ...bertPresets, ...smallPresets];

/** The preset of that name. Throws UserError `unknown-preset`. */
export function findPreset(name: string): Preset {
	const preset = presets.find((candidate) => candidate.name === name);
	if (preset) return preset;
	throw new UserError({
		code: 'unknown-preset',
		expected: `a preset: ${presets.map((candidate) => candidate.name).join(', ')}`,
		found: `'${name}'`,
		remedy: 'Choose one of these names.',
	});
}

/** The title of a preset for people; a name that this version does not know is its own title. */
export function presetTitle(name: string): Words {
	return presets.find((preset) => preset.name === name)?.title ?? { en: name, zh: name };
}

const minEpochs = 2;
const maxEpochs = 40;

/** Training sentences that a run uses of so many (`data.limitTrain`). */
export function usedSentences(available: number, limitTrain: number): number {
	return limitTrain > 0 ? Math.min(limitTrain, available) : available;
}

/** A fresh copy of a preset's settings. Presets with `targetSteps` fit their epochs to the number of training sentences. */
export function presetConfig(name: string, trainSentences?: number): ExperimentConfig {
	const preset = findPreset(name);
	const config = structuredClone(preset.config);
	if (!preset.targetSteps || !trainSentences) return config;
	for (const [index, steps] of preset.targetSteps.entries()) {
		const stageConfig = config.stages[index];
		const stepsPerEpoch = Math.ceil(trainSentences / stageConfig.batchSize);
		const presetEpochs = stageConfig.epochs;
		stageConfig.epochs = Math.min(maxEpochs, Math.max(minEpochs, Math.round(steps / stepsPerEpoch)));
		stageConfig.optimizer.epochDecay *= presetEpochs / stageConfig.epochs; // the rate ends where it always ends
	}
	return config;
}
