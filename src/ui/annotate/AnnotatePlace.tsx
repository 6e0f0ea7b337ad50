// The place Annotate.

import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { go } from '../navigation/navigation';
import { PlaceFrame } from '../shell/PlaceFrame';
import { placeWords } from '../words/place-words';
import { useWords } from '../words/words';

export default function AnnotatePlace() {
	const t = useWords(placeWords);
	return (
		<PlaceFrame place="annotate">
			<EmptyState title={t('annotateTitle')} actions={<Button onPress={() => go('train')}>{t('goTrain')}</Button>}>
				{t('annotateText')}
			</EmptyState>
		</PlaceFrame>
	);
}
