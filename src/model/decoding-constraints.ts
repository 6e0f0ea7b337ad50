// Which moves between tags are ill-formed under BIO, as scores to add while decoding (fastNLP's allowed_transitions).

import { type LabelSet, padTag, unknownTag } from '../experiment/labels';
import type { CrfConstraints } from '../kernels/operations';

const forbidden = -10000;

/** [K + 2, K + 2] over the tags from `tagOffset` on, then "start" and "end". I-X may follow B-X and I-X only. */
export function bioConstraints(labels: LabelSet, tagOffset: number): CrfConstraints {
	const tags = labels.tags.slice(tagOffset);
	const size = tags.length + 2;
	const scores = new Float32Array(size * size);
	const isReserved = (tag: string) => tag === padTag || tag === unknownTag;
	tags.forEach((to, toIndex) => {
		for (let from = 0; from <= tags.length; from++) {
			const fromTag = tags[from]; // undefined at "start"
			const continuesEntity = fromTag !== undefined && /^[BI]-/.test(fromTag) && fromTag.slice(2) === to.slice(2);
			if (isReserved(to) || (to.startsWith('I-') && !continuesEntity)) scores[from * size + toIndex] = forbidden;
		}
	});
	return scores;
}
