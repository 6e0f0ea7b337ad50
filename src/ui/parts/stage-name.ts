// The three stages of the presets in the user's language; a researcher's own stage keeps its name.

import type { Translate } from '../words/words';
import type { stageWords } from './stage-words';

export function stageName(t: Translate<typeof stageWords>, name: string): string {
	return name === 'contrastive' || name === 'head' || name === 'full' ? t(name) : name;
}
