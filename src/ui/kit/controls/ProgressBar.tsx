// Progress of everything over one second: what, how far, how fast, how long still, and a way out.

import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { Button } from './Button';
import { classNames } from './class-names';

export interface ProgressBarProps {
	label: string;
	/** From 0 to 1; null where the end is not known. */
	share: number | null;
	/** Count, rate, time left, in words. */
	detail?: string;
	onCancel?(): void;
	className?: string;
}

export function ProgressBar({ label, share, detail, onCancel, className }: ProgressBarProps) {
	const t = useWords(commonWords);
	return (
		<div className={classNames('progress', className)}>
			<div className="row">
				<span className="clip" title={label}>
					{label}
				</span>
				<span className="spacer" />
				{detail && <span className="quiet-text num progress-detail">{detail}</span>}
				{onCancel && (
					<Button size="small" variant="quiet" onPress={onCancel}>
						{t('cancel')}
					</Button>
				)}
			</div>
			<AriaProgressBar aria-label={label} value={(share ?? 0) * 100} isIndeterminate={share === null}>
				<ProgressTrack share={share} />
			</AriaProgressBar>
		</div>
	);
}

/** The bar alone, for figures that stand in words beside it; `isQuiet` where it is no work under way. */
export function ProgressTrack({ share, isQuiet = false }: { share: number | null; isQuiet?: boolean }) {
	const width = share === null ? '30%' : `${Math.min(1, Math.max(0, share)) * 100}%`;
	return (
		<div className="progress-track" data-endless={share === null || undefined} aria-hidden>
			<div className={classNames('progress-fill', isQuiet && 'progress-quiet')} style={{ width }} />
		</div>
	);
}
