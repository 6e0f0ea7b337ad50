// The part of the wire about vectors and lexicons: taking what a corpus needs from a file, training, exports.

import type { UnitCoverage } from '../data/vectors/unit-coverage';
import type { VectorUnits } from '../data/vectors/unit-text';
import type { VectorFormat } from '../data/vectors/vector-formats';
import type { VectorTraining } from '../data/vectors/vector-training';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { SourceFile } from './source-file';

export interface ProvidedVectors {
	item: ItemOf<'vectors'>;
	/** False when everything wanted was at hand from earlier. */
	hasRead: boolean;
	coverage: UnitCoverage;
}

export interface VectorsPlan {
	/** Words of the file that the corpus wants and that are not at hand: 0 when the file is not needed. */
	missingRows: number;
	coverage: UnitCoverage;
}

export interface VectorsCommands {
	/** One word a line, jieba's dictionary, or the words of a vector file. */
	'import-lexicon': {
		request: { task: string; file: SourceFile; name: string; id?: string };
		reply: ItemOf<'lexicon'>;
	};
	/** What a corpus still needs of a vector file that is remembered. */
	'plan-vectors': {
		request: { vectorsId: string; corpusId: string; units: VectorUnits; lexiconId: string | null };
		reply: VectorsPlan;
	};
	/** Takes what a corpus wants out of a vector file; what is remembered of the same file is not read again. */
	'import-vectors': {
		request: {
			task: string;
			file: SourceFile;
			name: string;
			corpusId: string;
			units: VectorUnits;
			lexiconId: string | null;
			id?: string;
		};
		reply: ProvidedVectors;
	};
	/** Learns vectors from raw text and from the train sentences of corpora, by skip-gram, and keeps them. */
	'train-vectors': {
		request: {
			task: string;
			name: string;
			files: SourceFile[];
			corpusIds: string[];
			/** Needed for words, whose list it is. */
			lexiconId: string | null;
			training: VectorTraining;
			/** Whose coverage is returned; null for none. */
			coverageCorpusId: string | null;
			id?: string;
		};
		reply: { item: ItemOf<'vectors'>; coverage: UnitCoverage | null };
	};
	/** The rows at hand as other tools read them: `.vec` text with as many digits as bring the same numbers back, or word2vec's
	 *  binary form. */
	'export-vectors': {
		request: { id: string; format: VectorFormat };
		reply: { files: { name: string; file: Blob }[] };
	};
}
