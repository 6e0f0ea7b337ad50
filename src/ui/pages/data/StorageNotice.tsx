// Says, as long as it is so, that the browser keeps nothing, or nothing new.

import { TriangleAlert } from 'lucide-react';
import { isDiskFull } from '../../../state/workspace';
import { useWorkspace } from '../../context/data-context';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';

export function StorageNotice() {
	const t = useWords(dataWords);
	const status = useWorkspace((state) => state.status);
	if (status?.isKept ?? true) return null;
	const isFull = isDiskFull(status);
	return (
		<div className="source-memory" role="note">
			<TriangleAlert size={14} aria-hidden />
			<span>
				<strong>{t(isFull ? 'diskFull' : 'memoryOnly')}.</strong> {t(isFull ? 'diskFullText' : 'memoryOnlyText')}
			</span>
		</div>
	);
}
