// Commands about results: predictions are read once and kept, their readings under a rule too; lists go to the page in
// parts, and long sums in slices, so that a run beside them continues.

import { confusionOf, countKinds } from '../../analysis/entity-errors';
import { bootstrapInSlices } from '../../analysis/paired-bootstrap';
import {
	countsBySentence,
	listErrors,
	readableType,
	readPredictions,
	type SentenceReading,
	typesOf,
} from '../../analysis/prediction-readings';
import {
	type Outcome,
	outcomeOf,
	outcomes,
	type SharedSentence,
	sharedSentences,
} from '../../analysis/result-comparison';
import { type SeedStatistics, seedStatistics } from '../../analysis/seed-statistics';
import { scoreSpans } from '../../analysis/span-scores';
import { type EvaluatedSplit, evaluatedSplits, type PredictedSentence } from '../../data/predicted-sentence';
import type { ScoringRule, SpanScores } from '../../experiment/events';
import { decodePredictions, type SplitPredictions } from '../../storage/predictions-file';
import { encodeRunFile } from '../../storage/run-file';
import { eventsOf } from '../../storage/workspace/run-log-columns';
import { predictionsPart } from '../../storage/workspace/run-record';
import { invariant, UserError } from '../../util/errors';
import {
	bootstrapSeed,
	type ComparedRow,
	type ComparedRuns,
	type ErrorRow,
	maxResultRows,
	type ReadSentence,
	type ResultCommands,
	type RunComparison,
} from '../../wire/results';
import { readLog } from '../runs/saved-run';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import { importRun } from './import-run';

/** Predictions of one run on one split. */
interface OpenPredictions {
	sentences: PredictedSentence[];
	types: string[];
	readings: Map<ScoringRule, SentenceReading[]>;
}

/** Predictions kept after they were read: both sides of a comparison over a few seeds. */
const maxOpen = 8;

export function resultHandlers(context: WorkerContext): Pick<Handlers, keyof ResultCommands> {
	const open = new Map<string, Promise<OpenPredictions>>();
	const openOf = async (id: string, split: EvaluatedSplit): Promise<OpenPredictions> => {
		const item = await (await context.workspace()).get('run', id);
		const part = item.parts.find(({ name }) => name === predictionsPart(split));
		if (!part) throw noPredictions(item.name, split);
		const kept = open.get(part.key) ?? readOpen(id, split);
		open.delete(part.key); // the latest one goes to the end
		open.set(part.key, kept);
		for (const key of [...open.keys()].slice(0, -maxOpen)) open.delete(key);
		return kept;
	};
	const readOpen = async (id: string, split: EvaluatedSplit): Promise<OpenPredictions> => {
		const { sentences } = decodePredictions(
			await (await context.workspace()).readPart('run', id, predictionsPart(split)),
		);
		return { sentences, types: typesOf(sentences), readings: new Map() };
	};
	const comparedOf = async ({ first, second, split }: ComparedRuns) => {
		invariant(first.length > 0 && second.length > 0, 'a comparison without runs');
		const runs: OpenPredictions[] = [];
		for (const id of [...first, ...second]) runs.push(await openOf(id, split));
		const shared = sharedSentences(runs.map(({ sentences }) => sentences));
		if (shared.length === 0) throw nothingShared(runs[0].sentences.length);
		return { runs, shared, other: first.length };
	};
	return {
		'open-result': async ({ id, split, rule }) => {
			const item = await (await context.workspace()).get('run', id);
			if (!item.parts.some(({ name }) => name === predictionsPart(split))) return null;
			const found = await openOf(id, split);
			const { sentences, types } = found;
			const pairs = readingsOf(found, rule).flatMap((reading) => reading.pairs);
			return {
				...{ id, split, rule, types },
				sentences: sentences.length,
				leaked: sentences.filter(({ isInTrain }) => isInTrain).length,
				scores: withReadableTypes(scoreSpans(sentences, rule), types),
				kinds: countKinds(pairs),
				confusion: confusionOf(pairs, types),
			};
		},
		'result-errors': async ({ id, split, rule, filter, offset, limit }) => {
			const found = await openOf(id, split);
			const readings = readingsOf(found, rule);
			const { errors, kinds } = listErrors(found.sentences, readings, filter);
			const part = errors.slice(offset, offset + Math.min(limit, maxResultRows));
			const rows = part.map(({ sentence, pair }): ErrorRow => ({ ...readSentence(found, readings, sentence), pair }));
			return { total: errors.length, kinds, rows };
		},
		'compare-results': ({ task, ...compared }) =>
			context.tasks.run(task, async ({ report }) => {
				const { runs, shared, other } = await comparedOf(compared);
				const counts = runs.map(({ sentences }, run) =>
					countsBySentence(
						shared.map((indices) => sentences[indices[run]]),
						compared.rule,
					),
				);
				const work = bootstrapInSlices(counts.slice(0, other), counts.slice(other), { seed: bootstrapSeed });
				let step = work.next();
				for (; !step.done; step = work.next()) {
					await report({ done: step.value, total: 1, unit: 'share', counts: {} });
				}
				const f1Of = (run: number) =>
					scoreSpans(
						shared.map((indices) => runs[run].sentences[indices[run]]),
						compared.rule,
					).micro.f1;
				const f1s = runs.map((_, run) => f1Of(run));
				return {
					shared: shared.length,
					total: runs[0].sentences.length,
					firstF1: seedStatistics(f1s.slice(0, other)) as SeedStatistics,
					secondF1: seedStatistics(f1s.slice(other)) as SeedStatistics,
					bootstrap: step.value,
					outcomes: countOutcomes(
						shared.map((indices) => outcomeAt(runs[0], runs[other], indices, other, compared.rule)),
					),
					types: runs[0].types,
				};
			}),
		'compared-sentences': async ({ show, offset, limit, ...compared }) => {
			const { runs, shared, other } = await comparedOf(compared);
			const [first, second] = [runs[0], runs[other]];
			const readings = readingsOf(first, compared.rule);
			const secondReadings = readingsOf(second, compared.rule);
			const found = shared.filter((indices) => outcomeAt(first, second, indices, other, compared.rule) === show);
			const rows = found.slice(offset, offset + Math.min(limit, maxResultRows)).map(
				(indices): ComparedRow => ({
					...readSentence(first, readings, indices[0]),
					outcome: show,
					second: secondReadings[indices[other]].predicted,
				}),
			);
			return { total: found.length, rows };
		},
		'import-run': (request) => importRun(context, request),
		'export-run': async ({ id }) => {
			const workspace = await context.workspace();
			const item = await workspace.get('run', id);
			const events = eventsOf(await readLog(workspace, item));
			const predictions: SplitPredictions[] = [];
			for (const split of evaluatedSplits) {
				if (!item.parts.some(({ name }) => name === predictionsPart(split))) continue;
				predictions.push(decodePredictions(await workspace.readPart('run', id, predictionsPart(split))));
			}
			const text = encodeRunFile({ name: item.name, detail: item.detail, events, predictions });
			return { file: new Blob([text], { type: 'application/json' }) };
		},
	};
}

function readingsOf(found: OpenPredictions, rule: ScoringRule): SentenceReading[] {
	const known = found.readings.get(rule);
	if (known) return known;
	const readings = readPredictions(found.sentences, rule, found.types);
	found.readings.set(rule, readings);
	return readings;
}

function readSentence(
	{ sentences }: OpenPredictions,
	readings: readonly SentenceReading[],
	index: number,
): ReadSentence {
	const { ref, isInTrain, characters } = sentences[index];
	const { gold, predicted } = readings[index];
	return { number: index + 1, ref, isInTrain, characters, gold, predicted };
}

function outcomeAt(
	first: OpenPredictions,
	second: OpenPredictions,
	indices: SharedSentence,
	other: number,
	rule: ScoringRule,
): Outcome {
	return outcomeOf(readingsOf(first, rule)[indices[0]], readingsOf(second, rule)[indices[other]]);
}

function countOutcomes(found: readonly Outcome[]): RunComparison['outcomes'] {
	const counts = Object.fromEntries(outcomes.map((name) => [name, 0])) as RunComparison['outcomes'];
	for (const outcome of found) counts[outcome]++;
	return counts;
}

/** The published rule names types in lower case. */
function withReadableTypes(scores: SpanScores, types: readonly string[]): SpanScores {
	const perType = Object.entries(scores.perType).map(([type, row]) => [readableType(type, types), row]);
	return { ...scores, perType: Object.fromEntries(perType) };
}

function noPredictions(name: string, split: EvaluatedSplit): UserError {
	return new UserError({
		code: 'results-missing',
		expected: `predictions on ${split} in the run '${name}'`,
		found: 'none',
		remedy: 'Train it again, or import it together with its prediction files.',
	});
}

function nothingShared(sentences: number): UserError {
	return new UserError({
		code: 'results-differ',
		expected: 'two runs on the same sentences with the same gold labels',
		found: `none of ${sentences} sentences in common`,
		remedy: 'Choose runs on the same corpus and split.',
	});
}
