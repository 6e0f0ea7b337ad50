// The three stages of the presets in the user's language; a researcher's own stage keeps its name.

import type { trainWords } from '../words/train-words';
import type { Translate } from '../words/words';

export function stageName(t: Translate<typeof trainWords>, name: string): string {
	return name === 'contrastive' || name === 'head' || name === 'full' ? t(name) : name;
}
