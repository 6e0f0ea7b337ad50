// Tags new text with the parameters of a run of this page, by the same encoding as in training.

import { arrangeBatch } from '../data/arrange-batch';
import { countUnknown, encodeSentence, rowLookup } from '../data/encode-sentence';
import { buildLexicon } from '../data/lexicon';
import { tagsToSpans } from '../data/tag-scheme';
import type { Device } from '../kernels/operations';
import { fusions } from '../model/fusion/fusions';
import { Network } from '../model/network';
import { networkShape } from '../model/shape';
import type { TaggedSentence, TaggedText } from './protocol';
import type { ReadRun } from './read-run';

const sentencesPerBatch = 16;

/** `text` holds one sentence a line; empty lines are passed over. Takes the device's parameters over. */
export async function tagWithRun(
	device: Device,
	run: ReadRun,
	parameters: Float32Array,
	text: string,
): Promise<TaggedText> {
	const { config, data } = run;
	const lines = text.split(/\r?\n/).map((line) => [...line.trim()]);
	const sentences = lines.filter((characters) => characters.length > 0);
	if (sentences.length === 0) return { sentences: [], unknownCharacters: 0 };

	const encoder = {
		latticeRows: rowLookup(data.lattice),
		bigramRows: config.model.bigrams ? rowLookup(data.bigram) : null,
		lexicon: config.model.lexicon && run.lexiconWords ? buildLexicon(run.lexiconWords) : null,
		tagIds: new Map<string, number>(),
	};
	const lattices = sentences.map((characters) => encodeSentence(characters, null, encoder));
	const longest = Math.max(data.maxCharacters, ...sentences.map((characters) => characters.length));
	const shape = { ...networkShape(config.model, config.quirks, data), maxDistance: longest };
	const network = new Network(device, shape, data.labels);
	network.load(parameters);

	const tagged: TaggedSentence[] = [];
	const layout = { layout: device.rowLayout, distanceKind: fusions[config.model.fusion].distanceKind };
	for (let start = 0; start < lattices.length; start += sentencesPerBatch) {
		const count = Math.min(sentencesPerBatch, lattices.length - start);
		const indices = Int32Array.from({ length: count }, (_, place) => start + place);
		const { tags } = await network.decode(arrangeBatch(lattices, indices, layout), { hasTags: false });
		for (const [place, ids] of tags.entries()) {
			const names = Array.from(ids, (id) => data.labels.tags[id]);
			tagged.push({ characters: sentences[start + place], spans: tagsToSpans(names, 'BIO') });
		}
	}
	return { sentences: tagged, unknownCharacters: countUnknown(lattices).characters };
}
