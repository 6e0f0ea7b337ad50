// Fixture group lattice: lexicon matches, bigrams, node spans, the published loader's habits, vocabulary order.

import { bigramsOf } from '../../data/bigrams';
import { readConll } from '../../data/conll';
import { buildLexicon, findMatches } from '../../data/lexicon';
import { buildVocabulary } from '../../data/vocabulary';
import { asPublished } from '../../experiment/config';
import { UserError } from '../../util/errors';
import type { Comparison } from './comparison';
import { listFolder, readFixtureJson, readFixtureText } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

type Match = [start: number, last: number, word: string];

/** One comparison a file of the folder. */
const readers: Record<string, (folder: string, comparison: Comparison) => void> = {
	'sentences.json': compareSentences,
	'probes.json': compareProbes,
	'conll-loader.json': compareLoader,
	'vocab-order.json': compareVocabularies,
};

export const lattice: FixtureGroup = {
	name: 'lattice',
	needsDevice: false,
	cases: (folder) => listFolder(folder).filter((file) => file in readers),
	async run(folder, name, comparison) {
		readers[name](folder, comparison);
	},
};

function compareSentences(folder: string, comparison: Comparison): void {
	const words = readFixtureText(folder, 'lexicon-subset.txt');
	if (words === null) {
		comparison.missing('matches', 'lexicon-subset.txt is absent');
		return;
	}
	const lexicon = buildLexicon(words.split('\n').filter((word) => word !== ''));
	for (const sentence of readFixtureJson(folder, 'sentences.json').sentences) {
		const characters: string[] = sentence.chars;
		const found = findMatches(lexicon, characters);
		const list = matchList(characters, found.start, found.last);
		comparison.same('matches', list, sentence.lexicon);
		comparison.same('bigrams', bigramsOf(characters), sentence.bigrams);
		comparison.same('lattice', [...characters, ...list.map(([, , word]) => word)], sentence.lattice);
		const positions = characters.map((_, index) => index);
		comparison.same('spans', [...positions, ...found.start], sentence.pos_s);
		comparison.same('spans', [...positions, ...found.last], sentence.pos_e);
	}
}

function compareProbes(folder: string, comparison: Comparison): void {
	for (const probe of readFixtureJson(folder, 'probes.json')) {
		const characters = [...(probe.sentence as string)];
		comparison.same('code points', characters, probe.code_points);
		const found = findMatches(buildLexicon(probe.lexicon), characters);
		comparison.same('matches', matchList(characters, found.start, found.last), probe.result);
		comparison.same('bigrams', bigramsOf(characters), probe.bigrams);
	}
}

function matchList(characters: readonly string[], start: Int32Array, last: Int32Array): Match[] {
	return Array.from(start, (first, index) => [first, last[index], characters.slice(first, last[index] + 1).join('')]);
}

function compareLoader(folder: string, comparison: Comparison): void {
	for (const [name, probe] of Object.entries<{ raw: string; instances: Record<string, string[]>[] }>(
		readFixtureJson(folder, 'conll-loader.json'),
	)) {
		const sentences = readPublished(probe.raw, name);
		comparison.same(
			'loaded characters',
			sentences.map(({ characters }) => characters),
			probe.instances.map((instance) => instance.first_code_points),
		);
		comparison.same(
			'loaded tags',
			sentences.map(({ tags }) => tags),
			probe.instances.map((instance) => instance.target),
		);
	}
}

/** The sentences, none where the text is refused. */
function readPublished(text: string, file: string) {
	try {
		return readConll(text, { file, quirks: asPublished }).sentences;
	} catch (error) {
		if (error instanceof UserError) return [];
		throw error;
	}
}

function compareVocabularies(folder: string, comparison: Comparison): void {
	const { train, dev, vocabularies } = readFixtureJson(folder, 'vocab-order.json');
	const columns = {
		chars: (sentence: { chars: string[] }) => sentence.chars,
		bigrams: (sentence: { chars: string[] }) => bigramsOf(sentence.chars),
	};
	for (const [name, wordsOf] of Object.entries(columns)) {
		const expected = vocabularies[name];
		if (!expected) continue;
		const vocabulary = buildVocabulary(train.map(wordsOf), [dev.map(wordsOf)], asPublished.countDevAndTest);
		comparison.same('vocabulary order', vocabulary.words, expected.order);
		const without = vocabulary.words.filter((_, id) => vocabulary.hasOwnEntry[id] === 0);
		comparison.same('words without an entry', [...without].sort(), [...expected.no_create_entry].sort());
	}
}
