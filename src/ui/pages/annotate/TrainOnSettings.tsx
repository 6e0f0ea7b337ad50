// Beside "Train on": the same run in Train's form, for those who want to see or change its settings first.

import { SlidersHorizontal } from 'lucide-react';
import { IconButton } from '../../kit/controls/Button';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import type { TrainOnState } from './use-train-on';

export function TrainOnSettings({ trainOn: { hindrance, isStarting, openForm } }: { trainOn: TrainOnState }) {
	const t = useWords(annotateWords);
	return (
		<IconButton label={t('trainOnSettings')} isDisabled={hindrance !== null || isStarting} onPress={openForm}>
			<SlidersHorizontal size={16} strokeWidth={1.6} aria-hidden />
		</IconButton>
	);
}
