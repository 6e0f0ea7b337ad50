// The place Data.

import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { go } from '../navigation/navigation';
import { PlaceFrame } from '../shell/PlaceFrame';
import { placeWords } from '../words/place-words';
import { useWords } from '../words/words';

export default function DataPlace() {
	const t = useWords(placeWords);
	return (
		<PlaceFrame place="data">
			<EmptyState title={t('dataTitle')} actions={<Button onPress={() => go('train')}>{t('goTrain')}</Button>}>
				{t('dataText')}
			</EmptyState>
		</PlaceFrame>
	);
}
