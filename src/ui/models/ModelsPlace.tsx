// The place Models.

import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { go } from '../navigation/navigation';
import { PlaceFrame } from '../shell/PlaceFrame';
import { placeWords } from '../words/place-words';
import { useWords } from '../words/words';

export default function ModelsPlace() {
	const t = useWords(placeWords);
	return (
		<PlaceFrame place="models">
			<EmptyState title={t('modelsTitle')} actions={<Button onPress={() => go('train')}>{t('goTrain')}</Button>}>
				{t('modelsText')}
			</EmptyState>
		</PlaceFrame>
	);
}
