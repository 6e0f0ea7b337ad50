// Names of moments, sentences and methods in the page's language.

import { useMemo } from 'react';
import type { SpaceMoment } from '../../experiment/space-moment';
import type { MapMethod, SpaceFrame, SpacePoints } from '../../worker/space-commands';
import { countText } from '../number-words';
import { stageName } from '../train/stage-name';
import { spaceWords } from '../words/space-words';
import { trainWords } from '../words/train-words';
import { useWords } from '../words/words';

export const methodNames: Record<MapMethod, string> = { pca: 'PCA', tsne: 't-SNE', umap: 'UMAP' };

export interface PlaceWords {
	stageName(stage: string): string;
	momentName(moment: SpaceMoment): string;
	/** With what the moment is: the beginning, the best epoch of its stage. */
	frameName(frame: SpaceFrame): string;
	sentenceName(points: SpacePoints, sentence: number): string;
}

export function usePlaceWords(): PlaceWords {
	const t = useWords(spaceWords);
	const train = useWords(trainWords);
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
