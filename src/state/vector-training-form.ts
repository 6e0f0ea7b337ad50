// The form for vectors from text: what stands in its fields, and the training that it asks for.

import type { VectorUnits } from '../data/vectors/unit-text';
import {
	defaultTraining,
	isTrainingNumber,
	type TrainingNumber,
	type VectorTraining,
} from '../data/vectors/vector-training';

export type TrainingTexts = Readonly<Record<TrainingNumber, string>>;

/** What stands there at first; an empty field of `epochs` leaves their number to the length of the text. */
export function defaultTexts(units: VectorUnits): TrainingTexts {
	const { dimension, window, negatives, epochs, minCount, seed } = defaultTraining(units);
	const texts = { dimension, window, negatives, minCount, seed };
	return {
		...(Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, String(value)])) as TrainingTexts),
		epochs: epochs === null ? '' : String(epochs),
	};
}

export interface ReadForm {
	/** Null when a field is wrong. */
	training: VectorTraining | null;
	wrong: readonly TrainingNumber[];
}

export function readTrainingForm(units: VectorUnits, texts: TrainingTexts): ReadForm {
	const names = Object.keys(texts) as TrainingNumber[];
	const wrong = names.filter((name) => !isTrainingNumber(name, numberOf(name, texts[name])));
	const numbers = Object.fromEntries(names.map((name) => [name, numberOf(name, texts[name])]));
	return { training: wrong.length === 0 ? ({ units, ...numbers } as unknown as VectorTraining) : null, wrong };
}

function numberOf(name: TrainingNumber, text: string): number | null {
	const trimmed = text.trim();
	if (trimmed === '') return name === 'epochs' ? null : Number.NaN;
	return /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}
