// Progress of everything over one second: what, how far, how fast, how long still, and a way out.

import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { Button } from './Button';

export interface ProgressBarProps {
	label: string;
	/** From 0 to 1; null where the end is not known. */
	share: number | null;
	/** Count, rate, time left, in words. */
	detail?: string;
	onCancel?(): void;
}

export function ProgressBar({ label, share, detail, onCancel }: ProgressBarProps) {
	const t = useWords(commonWords);
	return (
		<div className="progress">
			<div className="row">
				<span className="clip" title={label}>
					{label}
				</span>
				<span className="spacer" />
				{detail && <span className="quiet-text num progress-detail">{detail}</span>}
				{onCancel && (
					<Button size="small" look="quiet" onPress={onCancel}>
						{t('cancel')}
					</Button>
				)}
			</div>
			<AriaProgressBar aria-label={label} value={(share ?? 0) * 100} isIndeterminate={share === null}>
				{({ percentage }) => (
					<div className="progress-track" data-endless={share === null || undefined}>
						<div className="progress-fill" style={{ width: share === null ? '30%' : `${percentage}%` }} />
					</div>
				)}
			</AriaProgressBar>
		</div>
	);
}
