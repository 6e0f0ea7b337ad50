// What the form of a new run holds, the address that holds it, and the requests that it becomes. Pure.

import { checkConfig, withSetting } from '../experiment/check-config';
import { currentPath } from '../experiment/config-versions';
import { findField } from '../experiment/fields';
import type { PresetName } from '../experiment/preset-parts';
import { findPreset, presetConfig, usedSentences } from '../experiment/presets';
import { settingDifferences } from '../experiment/setting-differences';
import { mapSizes } from '../experiment/space-snapshot';
import { splitCounts } from '../storage/workspace/corpus-record';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { UserError } from '../util/errors';
import type { ItemList } from '../wire/items';
import type { CheckpointRunRequest, NewRunRequest, TrainingInput } from '../wire/runs';
import { changesFor, offeredPresets } from './new-run';
import type { Route } from './route';
import { defaultMapSize, type FormInput, freshForm, noInput, type RunForm, sampleInput } from './run-form-store';
import { itemsOf } from './workspace';
import { englishSampleId, sampleId, smokeId } from './workspace-samples';

/** Lexicon and vectors that a corpus is usually trained with: those of its latest run, else what comes with a sample. */
export function defaultInput(list: ItemList | null, corpusId: string): FormInput {
	const runs = itemsOf(list, 'run').filter(({ detail }) => detail.input.corpusId === corpusId);
	const latest = runs.at(-1)?.detail.input;
	if (latest) return present(list, latest);
	if (corpusId === sampleId) return sampleInput;
	if (corpusId === smokeId) return { ...noInput, lexiconId: smokeId };
	return noInput;
}

/** Without what is not in the workspace any more. */
function present(list: ItemList | null, input: FormInput): FormInput {
	const has = (kind: 'lexicon' | 'vectors', id: string | null) =>
		id !== null && itemsOf(list, kind).some((item) => item.id === id) ? id : null;
	return {
		lexiconId: has('lexicon', input.lexiconId),
		characterVectorsId: has('vectors', input.characterVectorsId),
		bigramVectorsId: has('vectors', input.bigramVectorsId),
		wordVectorsId: has('vectors', input.wordVectorsId),
	};
}

/** The form with another corpus, and what that is usually trained with. */
export function withCorpus(form: RunForm, list: ItemList | null, corpusId: string): RunForm {
	const usual = defaultInput(list, corpusId);
	const preset = corpusId === smokeId ? 'smoke' : form.preset === 'smoke' ? 'sample' : form.preset;
	return { ...withPreset(form, preset), corpusId, ...usual };
}

export function withPreset(form: RunForm, preset: string): RunForm {
	return { ...form, preset, changes: changesFor(preset, form.changes) };
}

/** Everything chosen is in the workspace. */
export function isInputThere(list: ItemList | null, form: RunForm): boolean {
	const kept = present(list, form);
	return (
		itemsOf(list, 'corpus').some(({ id }) => id === form.corpusId) &&
		(Object.keys(kept) as (keyof FormInput)[]).every((key) => kept[key] === form[key])
	);
}

/** Training sentences that the epochs of presets for own corpora are fitted to; undefined when the corpus is not known. */
export function trainSentences(
	list: ItemList | null,
	{ corpusId, preset, changes }: Pick<RunForm, 'corpusId' | 'changes'> & { preset: string },
): number | undefined {
	const item = itemsOf(list, 'corpus').find(({ id }) => id === corpusId);
	const limitTrain = Number(changes['data.limitTrain'] ?? findPreset(preset).config.data.limitTrain);
	return item && usedSentences(splitCounts(item.detail).train, limitTrain);
}

const baselines: Partial<Record<string, PresetName>> = {
	weibo: 'flat-stage2-weibo',
	resume: 'flat-stage2-resume',
	msra: 'flat-msra',
	ontonotes: 'flat-ontonotes',
	'weibo-bert': 'flat-bert-weibo',
	'resume-bert': 'flat-bert-resume',
	'msra-bert': 'flat-bert-msra',
	'ontonotes-bert': 'flat-bert-ontonotes',
	'bert-weibo-nerco': 'bert-weibo',
	'bert-resume-nerco': 'bert-resume',
	'bert-msra-nerco': 'bert-msra',
	'bert-ontonotes-nerco': 'bert-ontonotes',
	sample: 'sample-flat',
} satisfies Partial<Record<PresetName, PresetName>>;

/** The preset that a preset with the contrastive stage is compared with; null for one without. */
export function baselineOf(preset: string): PresetName | null {
	return baselines[preset] ?? null;
}

/** `1, 2, 3` -> [1, 2, 3]; [null] for the preset's own. Throws a UserError for anything but whole numbers. */
export function parseSeeds(text: string): (number | null)[] {
	const parts = text.split(/[\s,，、;；]+/).filter((part) => part !== '');
	if (parts.length === 0) return [null];
	const wrong = parts.find((part) => !/^\d{1,10}$/.test(part) || Number(part) > 2 ** 32 - 1);
	if (wrong === undefined) return [...new Set(parts.map(Number))];
	throw new UserError({
		code: 'seed-not-a-number',
		expected: 'integers as seeds',
		found: `"${wrong}"`,
		remedy: "Enter numbers separated by commas, such as 1, 2, 3, or leave the field empty for the preset's seed.",
	});
}

export function parseSettings(text: string): Record<string, string> {
	const settings = new Map<string, string>();
	for (const [index, line] of text.split('\n').entries()) {
		const trimmed = line.trim();
		if (trimmed === '' || trimmed.startsWith('#')) continue;
		const equals = trimmed.indexOf('=');
		if (equals < 1) {
			throw new UserError({
				code: 'setting-without-value',
				location: { file: 'Settings', line: index + 1 },
				expected: 'a setting and its value, joined by "="',
				found: `"${trimmed}"`,
				remedy: 'Write it as in stages.0.epochs=4.',
			});
		}
		settings.set(trimmed.slice(0, equals).trim(), trimmed.slice(equals + 1).trim());
	}
	return Object.fromEntries(settings);
}

/** The runs that the form asks for, the baseline's last. Throws a UserError for the first thing that is wrong with it. */
export function requestsOf(form: RunForm): NewRunRequest[] {
	const { corpusId, lexiconId, characterVectorsId, bigramVectorsId, wordVectorsId, preset } = form;
	const stored = { corpusId, lexiconId, characterVectorsId, bigramVectorsId, wordVectorsId };
	const input: TrainingInput = { kind: 'stored', stored };
	const seeds = parseSeeds(form.seeds);
	const name = form.name === '' ? {} : { name: form.name };
	const mapPoints = form.mapPoints === defaultMapSize ? {} : { mapPoints: form.mapPoints };
	const settings = { ...form.changes, ...parseSettings(form.settings) };
	const run = { input, ...name, ...mapPoints, preset, settings };
	const { checkpointId, labels } = form;
	if (checkpointId !== null) {
		const kind = 'from-checkpoint';
		return seeds.map((seed): NewRunRequest => ({ kind, ...run, seed, checkpointId, ...(labels && { labels }) }));
	}
	checkSettings(preset, settings);
	const runs = seeds.map((seed): NewRunRequest => ({ kind: 'new', ...run, seed }));
	const baseline = form.hasBaseline ? baselineOf(preset) : null;
	if (!baseline) return runs;
	// Stages of the baseline are other ones; what the whole run is set to holds for both.
	const shared = Object.fromEntries(Object.entries(settings).filter(([path]) => !path.startsWith('stages.')));
	return [...runs, ...runs.map((same) => ({ ...same, preset: baseline, settings: shared }))];
}

function checkSettings(preset: string, settings: Record<string, string>): void {
	let config = presetConfig(preset);
	for (const [path, value] of Object.entries(settings)) config = withSetting(config, path, value);
	checkConfig(config);
}

/** The address' query that holds the form: preset, corpus, seeds, tokens on the map, checkpoint, and each changed setting by its path. */
export function queryOfForm({ preset, corpusId, seeds, mapPoints, checkpointId, changes }: RunForm): Route['query'] {
	const points = mapPoints === defaultMapSize ? '' : String(mapPoints);
	return { preset, corpus: corpusId, seeds: seeds.trim(), points, checkpoint: checkpointId ?? '', ...changes };
}

/** What an address asks of the form and is not here. */
export function unknownInQuery(
	query: Route['query'],
	list: ItemList | null,
): { kind: 'presetKind' | 'corpus' | 'model' | 'run' | 'settingKind'; name: string }[] {
	const { preset = '', corpus = '', checkpoint = '', from = '' } = query;
	const has = (kind: 'corpus' | 'checkpoint' | 'run', id: string) =>
		id === '' || itemsOf(list, kind).some((item) => item.id === id);
	const settings = Object.keys(query).filter((path) => path.includes('.') && !findField(currentPath(path)));
	return [
		...(preset === '' || offeredPresets.some(({ name }) => name === preset)
			? []
			: [{ kind: 'presetKind' as const, name: preset }]),
		...(isCorpusThere(list, corpus) ? [] : [{ kind: 'corpus' as const, name: corpus }]),
		...(has('checkpoint', checkpoint) ? [] : [{ kind: 'model' as const, name: checkpoint }]),
		...(has('run', from) ? [] : [{ kind: 'run' as const, name: from }]),
		...settings.map((name) => ({ kind: 'settingKind' as const, name })),
	];
}

/** Samples may still be on their way. */
function isCorpusThere(list: ItemList | null, id: string): boolean {
	return (
		['', sampleId, englishSampleId, smokeId].includes(id) || itemsOf(list, 'corpus').some((item) => item.id === id)
	);
}

/** The form that an address asks for; what it leaves out, or what is not here, is as on a first visit. */
export function formOfQuery(query: Route['query'], list: ItemList | null): RunForm {
	const preset = offeredPresets.find(({ name }) => name === query.preset)?.name;
	const asked = query.corpus && isCorpusThere(list, query.corpus) ? query.corpus : '';
	const corpusId = asked || (preset === 'smoke' ? smokeId : sampleId);
	const paths = Object.entries(query).map(([path, value]) => [currentPath(path), value] as const);
	const settings = paths.filter(([path]) => path.includes('.') && findField(path));
	const form = withCorpus({ ...freshForm, preset: preset ?? 'sample' }, list, corpusId);
	return {
		...withPreset({ ...form, changes: Object.fromEntries(settings) }, preset ?? form.preset),
		seeds: query.seeds ?? '',
		mapPoints: mapSizes.find((size) => String(size) === query.points) ?? defaultMapSize,
		checkpointId: itemsOf(list, 'checkpoint').find(({ id }) => id === query.checkpoint)?.id ?? null,
	};
}

/** The form that gives an earlier run again. */
export function formOfRun({ detail }: ItemOf<'run'>, list: ItemList | null): RunForm {
	const { config, input } = detail;
	if (!config) return freshForm;
	const corpusId = input.corpusId ?? sampleId;
	const limit = { 'data.limitTrain': String(config.data.limitTrain) };
	const sentences = trainSentences(list, { corpusId, preset: config.preset, changes: limit });
	const base = presetConfig(config.preset, sentences);
	const differences = settingDifferences(config, base).filter(({ path }) => path !== 'seed');
	return {
		...freshForm,
		corpusId,
		...(input.corpusId ? present(list, input) : defaultInput(list, corpusId)),
		preset: config.preset,
		seeds: String(config.seed),
		changes: Object.fromEntries(differences.map(({ path, to }) => [path, to])),
	};
}

/** The form of a request that starts from a checkpoint, to read and to change before it starts. */
export function formOfTrainOn(request: CheckpointRunRequest, labels: RunForm['labels']): RunForm {
	const { input, preset, settings, name = '', checkpointId } = request;
	const stored = input.kind === 'stored' ? input.stored : null;
	const known = offeredPresets.some((other) => other.name === preset) ? preset : freshForm.preset;
	return { ...freshForm, ...stored, preset: known, changes: settings, checkpointId, name, labels };
}

/** Corpora that the form offers: those of the workspace, the samples first; the smoke corpus is fetched when it is chosen. */
export function offeredCorpora(list: ItemList | null): { id: string; name: string; item: ItemOf<'corpus'> | null }[] {
	const stored = itemsOf(list, 'corpus').map((item) => ({ id: item.id, name: item.name, item }));
	const rank = ({ id }: { id: string }) => [sampleId, englishSampleId].indexOf(id) + 1 || (id === smokeId ? 99 : 50);
	const isThere = stored.some(({ id }) => id === smokeId);
	const all = isThere ? stored : [...stored, { id: smokeId, name: smokeName, item: null }];
	return all.sort((left, right) => rank(left) - rank(right));
}

const smokeName = 'Smoke corpus';
