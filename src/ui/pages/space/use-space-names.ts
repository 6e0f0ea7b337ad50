// Names of moments, sentences and methods in the page's language.

import { useMemo } from 'react';
import type { SpaceMoment } from '../../../experiment/space-moment';
import type { MapMethod, SpaceFrame, SpacePoints } from '../../../wire/space';
import { stageName } from '../../parts/stage-name';
import { stageWords } from '../../parts/stage-words';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';

export const methodNames: Record<MapMethod, string> = { pca: 'PCA', tsne: 't-SNE', umap: 'UMAP' };

export interface SpaceNames {
	stageName(stage: string): string;
	momentName(moment: SpaceMoment): string;
	/** With what the moment is: the beginning, the best epoch of its stage. */
	frameName(frame: SpaceFrame): string;
	sentenceName(points: SpacePoints, sentence: number): string;
}

export function useSpaceNames(): SpaceNames {
	const t = useWords(spaceWords);
	const train = useWords(stageWords);
	return useMemo(() => {
		const stage = (name: string) => stageName(train, name);
		const momentName = ({ stage: name, stageIndex, epoch }: SpaceMoment) =>
			stageIndex === 0 && epoch === 0 ? t('beginning') : t('momentOf', { stage: stage(name), epoch });
		return {
			stageName: stage,
			momentName,
			frameName: (frame) =>
				frame.isStageBest ? `${momentName(frame)} · ${t('bestOf', { stage: stage(frame.stage) })}` : momentName(frame),
			sentenceName: ({ sentences }, sentence) =>
				t('sentence', { number: countText(sentences[sentence].ref.index + 1), split: sentences[sentence].split }),
		};
	}, [t, train]);
}
