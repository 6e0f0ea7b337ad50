// The place Space.

import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { go } from '../navigation/navigation';
import { PlaceFrame } from '../shell/PlaceFrame';
import { placeWords } from '../words/place-words';
import { useWords } from '../words/words';

export default function SpacePlace() {
	const t = useWords(placeWords);
	return (
		<PlaceFrame place="space">
			<EmptyState title={t('spaceTitle')} actions={<Button onPress={() => go('train')}>{t('goTrain')}</Button>}>
				{t('spaceText')}
			</EmptyState>
		</PlaceFrame>
	);
}
