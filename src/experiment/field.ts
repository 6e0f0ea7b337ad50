// A setting in words: its path, its range, its unit and what it does.

export interface Words {
	en: string;
	zh: string;
}

export type FieldGroup = 'general' | 'model' | 'bert' | 'data' | 'stage' | 'groups' | 'optimizer' | 'quirks';

/** Ranges are inclusive unless `below` says that `max` itself is out. */
export type FieldValue =
	| { kind: 'integer' | 'number'; min: number; max: number; below?: boolean }
	| { kind: 'switch' }
	| { kind: 'choice'; choices: readonly string[] }
	| { kind: 'name' };

export interface Field {
	/** Path in ExperimentConfig; `*` stands for the index of a stage. */
	path: string;
	group: FieldGroup;
	label: Words;
	/** One sentence: what it does. */
	help: Words;
	/** Unit of a number, empty where it has none. */
	unit: Words;
	value: FieldValue;
}
