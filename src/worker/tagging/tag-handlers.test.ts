// What text becomes before a model sees it: characters or words, by what the model was trained on.

import { expect, test } from 'vitest';
import type { LoadedModels } from '../models/loaded-models';
import type { WorkerContext } from '../worker-context';
import { type TaggingModel, tagHandlers } from './tag-handlers';

function handlersFor(vocabulary: readonly string[], lexiconWords: string[] | null = null) {
	const latticeRows = new Map(vocabulary.map((word, row) => [word, row]));
	const model: TaggingModel = { labels: { tags: ['O', 'B-PER', 'I-PER'] }, latticeRows, lexiconWords };
	return tagHandlers({} as WorkerContext, {
		models: {} as LoadedModels<TaggingModel>,
		current: () => model,
		tag: async (_, texts) => ({
			sentences: texts.map((characters) => ({ characters, spans: [] })),
			characters: { total: 0, lookedUp: 0, unknown: 0 },
		}),
		clock: () => 0,
	});
}

const text = 'Ann met Bob in York. They talked.';

test('a model of words gets the words of the text', async () => {
	const reply = await handlersFor(['Ann', 'York', 'met', 'a', '.'])['tag-text']({ text, model: { kind: 'run' } });
	expect(reply.unit).toBe('word');
	expect(reply.sentences.map(({ characters }) => characters.join(' '))).toEqual([
		'Ann met Bob in York .',
		'They talked .',
	]);
});

test('a model of characters gets characters, however long the words of its lexicon', async () => {
	const handlers = handlersFor(['南', '京', '南京', '南京市', '南京站'], ['南京', '南京市', '南京站']);
	const reply = await handlers['tag-text']({ text, model: { kind: 'run' } });
	expect(reply.unit).toBe('character');
	expect(reply.sentences[0].characters.slice(0, 5)).toEqual(['A', 'n', 'n', ' ', 'm']);
});

test('what was tagged in words is written with spaces', async () => {
	const handlers = handlersFor(['Ann', 'York', 'met']);
	const sentences = [{ characters: ['Ann', 'met', 'Bob'], spans: [{ start: 2, end: 3, type: 'PER' }] }];
	const { files } = await handlers['export-tagged']({ format: 'doccano', sentences, name: 'x' });
	expect(JSON.parse(await files[0].file.text())).toMatchObject({ text: 'Ann met Bob' });
});
