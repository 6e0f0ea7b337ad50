// Says, as long as it is so, that the browser keeps nothing.

import { TriangleAlert } from 'lucide-react';
import { useWorkspace } from '../data-context';
import { dataWords } from '../words/data-words';
import { useWords } from '../words/words';

export function StorageNotice() {
	const t = useWords(dataWords);
	const isKept = useWorkspace((state) => state.status?.isKept ?? true);
	if (isKept) return null;
	return (
		<div className="memory-notice" role="note">
			<TriangleAlert size={14} aria-hidden />
			<span>
				<strong>{t('memoryOnly')}.</strong> {t('memoryOnlyText')}
			</span>
		</div>
	);
}
