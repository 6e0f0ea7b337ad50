// Tagging by request of the page: models are read once and kept, texts and files are tagged with them, and what a file
// gave waits for its export. Which device computes is the entry's business.

import type { TaggedSentence } from '../../analysis/tagged-sentence';
import type { Corpus, Sentence, TextUnit } from '../../data/corpus';
import type { RowLookup } from '../../data/encode-sentence';
import { readCorpusFiles } from '../../data/formats/read-corpus';
import { writeCorpus } from '../../data/formats/write-corpus';
import { cutAtSentenceEnds } from '../../data/sentence-ends';
import { tagsOf } from '../../data/spans';
import { cutIntoWords, unitOfTokens, unitOfVocabulary } from '../../data/words-of-text';
import { type LabelSet, semanticClasses } from '../../experiment/labels';
import { corpusPart, describeCorpus, encodeCorpus } from '../../storage/workspace/corpus-record';
import { UserError } from '../../util/errors';
import type { ModelRef } from '../../wire/models';
import { firstShown, type TaggedText } from '../../wire/tagging';
import type { LoadedModels } from '../models/loaded-models';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';

type TagCommand = 'model-card' | 'tag-text' | 'tag-file' | 'export-tagged' | 'keep-tagged';

/** What tagging needs of a model; the entry gives models of the training floor. */
export interface TaggingModel {
	labels: LabelSet;
	/** Rows of the tokens of its corpus and of lexicon words. */
	latticeRows: RowLookup;
	lexiconWords: Iterable<string> | null;
}

export interface TagOptions {
	/** Alternatives and lexicon words beside the spans and their confidences. */
	details: boolean;
	isCurrent: boolean;
	/** How probable the labelling of each whole sentence is. */
	probabilities?: boolean;
}

export interface TaggingTools<Model extends TaggingModel> {
	models: LoadedModels<Model>;
	/** The last run's model or the opened checkpoint. */
	current(): Model | null;
	/** Tags on whatever device is free. `isCurrent`: words that the model lacks are looked up in the run's own files. */
	tag(model: Model, texts: string[][], options: TagOptions): Promise<TaggedText>;
	/** Seconds of a steady clock. */
	clock(): number;
}

/** Sentences of a file that are tagged at a time. */
const chunkSentences = 100;

export function tagHandlers<Model extends TaggingModel>(
	context: WorkerContext,
	{ models, current, tag, clock }: TaggingTools<Model>,
): Pick<Handlers, TagCommand> {
	let lastFile: TaggedSentence[] = [];
	const modelFor = async (ref: ModelRef, task: string): Promise<Model> => {
		if (ref.kind !== 'run') return (await context.tasks.run(task, (running) => models.load(ref, running))).model;
		const found = current();
		if (!found) throw noModel();
		return found;
	};
	return {
		'model-card': ({ task, model }) =>
			context.tasks.run(task, async (running) => {
				if (model.kind === 'run') throw noModel();
				return (await models.load(model, running)).card;
			}),
		'tag-text': async ({ text, task = 'tag', model: ref, withoutWords = [] }) => {
			if (!ref) {
				const found = current();
				if (!found) throw noModel();
				return tag(found, linesOf(text), { details: false, isCurrent: true });
			}
			const model = withoutThese(await modelFor(ref, task), withoutWords);
			const startedAt = clock();
			const unit = unitOfVocabulary(model.latticeRows.keys(), model.lexiconWords);
			const texts = linesOf(text).flatMap((line) => cut(line.join(''), unit));
			const tagged = await tag(model, texts, { details: true, isCurrent: ref.kind === 'run' });
			return { ...tagged, unit, entityTypes: entityTypesOf(model.labels), seconds: clock() - startedAt };
		},
		'tag-file': async ({ task, model: ref, file }) => {
			const model = await modelFor(ref, task);
			return context.tasks.run(task, async ({ report }) => {
				const startedAt = clock();
				const unit = unitOfVocabulary(model.latticeRows.keys(), model.lexiconWords);
				const texts = await readTexts(file.name, new Uint8Array(await file.content.arrayBuffer()), unit);
				const sentences: TaggedSentence[] = [];
				for (let start = 0; start < texts.length; start += chunkSentences) {
					const counts = { secondsLeft: secondsLeft(clock() - startedAt, start, texts.length) };
					await report({ done: start, total: texts.length, unit: 'items', counts });
					const chunk = texts.slice(start, start + chunkSentences);
					sentences.push(...(await tag(model, chunk, { details: false, isCurrent: ref.kind === 'run' })).sentences);
				}
				lastFile = sentences;
				return {
					first: sentences.slice(0, firstShown),
					sentences: sentences.length,
					mentions: sentences.reduce((sum, { spans }) => sum + spans.length, 0),
					unit,
					entityTypes: entityTypesOf(model.labels),
					seconds: clock() - startedAt,
				};
			});
		},
		'export-tagged': async ({ format, sentences, name }) => {
			const all = sentences === 'file' ? lastFile : sentences;
			const unit = unitOfSentences(all);
			const written = writeCorpus(format, all.map(labelled), { scheme: 'BIO', unit, withoutTags: true });
			return { files: written.map(({ extension, text }) => ({ name: `${name}${extension}`, file: new Blob([text]) })) };
		},
		'keep-tagged': async ({ sentences, name, source }) => {
			const all = sentences === 'file' ? lastFile : sentences;
			const train = all.map(({ characters }, index): Sentence => ({ characters, tags: null, line: index + 1 }));
			const corpus: Corpus = { name, unit: unitOfSentences(all), scheme: 'BIO', splits: { train, dev: [], test: [] } };
			const parts = { [corpusPart]: encodeCorpus(corpus) };
			const sizeBytes = new Blob(train.map(({ characters }) => `${characters.join('')}\n`)).size;
			const detail = describeCorpus(corpus, [{ name: source, sizeBytes, sha256: '' }], 0);
			const { nowMs, newId } = context;
			return (await context.workspace()).create({ kind: 'corpus', id: newId(), name, detail, parts, nowMs: nowMs() });
		},
	};
}

function secondsLeft(seconds: number, done: number, total: number): number {
	return done === 0 ? 0 : (seconds / done) * (total - done);
}

function labelled({ characters, spans }: TaggedSentence, index: number): Sentence {
	return { characters, tags: tagsOf(spans, characters.length, 'BIO'), line: index + 1 };
}

function linesOf(text: string): string[][] {
	const lines = text.split(/\r?\n/).map((line) => [...line.trim()]);
	return lines.filter((characters) => characters.length > 0);
}

function cut(line: string, unit: TextUnit): string[][] {
	return unit === 'word' ? cutIntoWords(line) : cutAtSentenceEnds(line);
}

function unitOfSentences(sentences: readonly Pick<TaggedSentence, 'characters'>[]): TextUnit {
	return unitOfTokens(sentences.flatMap(({ characters }) => characters));
}

/** Texts of a file of any corpus format; lines of plain text are cut at sentence ends. */
async function readTexts(file: string, bytes: Uint8Array, unit: TextUnit): Promise<string[][]> {
	const readings = await readCorpusFiles([{ file, bytes }]);
	return readings.flatMap(({ format, parts }) => {
		const texts = parts.flatMap(({ sentences }) => sentences.map(({ characters }) => characters));
		return format === 'plain-text' ? texts.flatMap((text) => cut(text.join(''), unit)) : texts;
	});
}

/** The model with some words switched off. */
function withoutThese<Model extends TaggingModel>(model: Model, words: readonly string[]): Model {
	if (words.length === 0 || !model.lexiconWords) return model;
	const off = new Set(words);
	return { ...model, lexiconWords: [...model.lexiconWords].filter((word) => !off.has(word)) };
}

export function entityTypesOf(labels: LabelSet): string[] {
	return semanticClasses(labels).names.filter((name) => name !== 'O');
}

export function noModel(): UserError {
	return new UserError({
		code: 'no-model',
		expected: 'a trained model',
		found: 'none',
		remedy: 'Train to the end of the first epoch, or open a checkpoint.',
	});
}
