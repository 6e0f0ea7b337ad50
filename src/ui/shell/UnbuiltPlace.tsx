// A place that this version does not have yet says what will stand there.

import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { go } from '../navigation/navigation';
import { placeWords } from '../words/place-words';
import { useWords } from '../words/words';
import { PlaceFrame } from './PlaceFrame';

export type UnbuiltName = 'results' | 'annotate';

export default function UnbuiltPlace({ place }: { place: UnbuiltName }) {
	const t = useWords(placeWords);
	return (
		<PlaceFrame place={place}>
			<EmptyState title={t('notYet')} actions={<Button onPress={() => go('train')}>{t('goTrain')}</Button>}>
				{t(place)}
			</EmptyState>
		</PlaceFrame>
	);
}
