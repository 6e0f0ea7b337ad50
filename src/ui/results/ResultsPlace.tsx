// The place Results.

import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { go } from '../navigation/navigation';
import { PlaceFrame } from '../shell/PlaceFrame';
import { placeWords } from '../words/place-words';
import { useWords } from '../words/words';

export default function ResultsPlace() {
	const t = useWords(placeWords);
	return (
		<PlaceFrame place="results">
			<EmptyState title={t('resultsTitle')} actions={<Button onPress={() => go('train')}>{t('goTrain')}</Button>}>
				{t('resultsText')}
			</EmptyState>
		</PlaceFrame>
	);
}
