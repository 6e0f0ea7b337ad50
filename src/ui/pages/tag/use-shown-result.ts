// What is shown of all results: one model's sentences, or those in which the models differ, with the chosen entity.

import { useMemo } from 'react';
import { differingCharacters } from '../../../analysis/model-comparison';
import type { TaggedSentence, TaggedSpan } from '../../../analysis/tagged-sentence';
import type { TextUnit } from '../../../data/corpus';
import type { ListedModel } from '../../../state/models';
import type { FileResult } from '../../../state/tagging';
import { ownValue } from '../../../util/own-value';
import { useTagging } from '../../context/models-context';
import { changeQuery, useQueryValue } from '../../navigation/navigation';

export interface ShownModel {
	key: string;
	name: string;
	shortName: string;
	sentences: readonly TaggedSentence[];
	unit: TextUnit;
}

export interface ShownResult {
	/** The model whose spans are drawn in the rows. */
	model: ShownModel;
	/** All models with a result in the same unit, the shown one first. */
	modelRows: readonly ShownModel[];
	/** In the order of the choice, for switching between them. */
	all: readonly ShownModel[];
	types: readonly string[];
	file: FileResult | null;
	/** Numbers of the sentences to show, from 0. */
	rows: readonly number[];
	/** Sentences in which models differ. */
	differing: ReadonlySet<number>;
	onlyDifferences: boolean;
	unknownCharacters: number;
	seconds: number | undefined;
}

export function useShownResult(chosen: readonly ListedModel[]): ShownResult | null {
	const results = useTagging((state) => state.results);
	const file = useTagging((state) => state.file);
	const [view] = useQueryValue('show');
	return useMemo(() => {
		if (file) {
			const model = { key: file.model, name: file.name, shortName: file.name, sentences: file.first, unit: file.unit };
			const rows = file.first.map((_, index) => index);
			const rest = { differing: new Set<number>(), onlyDifferences: false, unknownCharacters: 0 };
			const { entityTypes: types, seconds } = file;
			return { model, modelRows: [model], all: [model], types, file, rows, seconds, ...rest };
		}
		const all = chosen.flatMap(({ key, name, shortName }) => {
			const result = ownValue(results, key);
			if (!result) return [];
			const { sentences, unit = 'character' } = result;
			return [{ key, name, shortName, sentences, unit, result }];
		});
		const model = all.find(({ key }) => key === view) ?? all[0];
		if (!model) return null;
		const modelRows = [model, ...all.filter((one) => one !== model && one.unit === model.unit)];
		const differing = new Set<number>();
		for (const index of model.sentences.keys()) {
			const spans = modelRows.map(({ sentences }) => sentences[index]?.spans ?? []);
			if (differingCharacters(spans).size > 0) differing.add(index);
		}
		const onlyDifferences = view === 'differences' && all.length > 1;
		const rows = [...model.sentences.keys()].filter((index) => !onlyDifferences || differing.has(index));
		const { characters, seconds } = model.result;
		const types = [...new Set(all.flatMap(({ result }) => result.entityTypes ?? []))];
		return {
			model,
			modelRows,
			all,
			types,
			file: null,
			rows,
			differing,
			onlyDifferences,
			unknownCharacters: characters.unknown,
			seconds,
		};
	}, [results, file, view, chosen]);
}

export interface ChosenSpan {
	sentence: TaggedSentence;
	/** From 0. */
	index: number;
	span: TaggedSpan;
}

/** The entity that the address names as `at=SENTENCE.START`, counted from 1 and 0. */
export function useChosenSpan(shown: ShownResult | null): ChosenSpan | null {
	const [at] = useQueryValue('at');
	const [number, start] = at.split('.').map(Number);
	const sentence = shown?.model.sentences[number - 1];
	const span = sentence?.spans.find((one) => one.start === start);
	return sentence && span ? { sentence, index: number - 1, span } : null;
}

export function chooseSpan(index: number, start: number): void {
	changeQuery({ at: `${index + 1}.${start}` });
}
