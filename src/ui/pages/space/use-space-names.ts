// Names of snapshots, sentences and methods in the page's language.

import { useMemo } from 'react';
import type { SnapshotKey } from '../../../experiment/space-snapshot';
import type { MapMethod, SpacePoints, SpaceSnapshot } from '../../../wire/space';
import { stageName } from '../../parts/stage-name';
import { stageWords } from '../../parts/stage-words';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';

export const methodNames: Record<MapMethod, string> = { pca: 'PCA', tsne: 't-SNE', umap: 'UMAP' };

export interface SpaceNames {
	stageName(stage: string): string;
	epochName(key: SnapshotKey): string;
	/** Also says that it is the best epoch of its stage. */
	snapshotName(snapshot: SpaceSnapshot): string;
	sentenceName(points: SpacePoints, sentence: number): string;
}

export function useSpaceNames(): SpaceNames {
	const t = useWords(spaceWords);
	const train = useWords(stageWords);
	return useMemo(() => {
		const stage = (name: string) => stageName(train, name);
		const epochName = ({ stage: name, stageIndex, epoch }: SnapshotKey) =>
			stageIndex === 0 && epoch === 0 ? t('beginning') : t('epochOf', { stage: stage(name), epoch });
		return {
			stageName: stage,
			epochName,
			snapshotName: (snapshot) =>
				snapshot.isStageBest
					? `${epochName(snapshot)} · ${t('bestOf', { stage: stage(snapshot.stage) })}`
					: epochName(snapshot),
			sentenceName: ({ sentences }, sentence) =>
				t('sentence', { number: countText(sentences[sentence].ref.index + 1), split: sentences[sentence].split }),
		};
	}, [t, train]);
}
