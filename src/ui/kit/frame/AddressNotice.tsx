// What the address asks for and is not here: said above what is shown instead, until it is put away.

import { X } from 'lucide-react';
import { useWords } from '../../words/words';
import { IconButton } from '../controls/Button';
import { type FrameWord, frameWords } from './frame-words';

/** Something that an address names. */
export interface Asked {
	kind: Extract<FrameWord, 'run' | 'model' | 'corpus' | 'presetKind' | 'settingKind' | 'splitKind' | 'typeKind'>;
	name: string;
}

export interface AddressNoticeProps {
	asked: readonly Asked[];
	/** What stands there instead; empty where nothing does. */
	shown: string;
	/** Takes it out of the address. */
	onDismiss(): void;
}

export function AddressNotice({ asked, shown, onDismiss }: AddressNoticeProps) {
	const t = useWords(frameWords);
	if (asked.length === 0) return null;
	return (
		<div className="notice notice-warn row address-notice" role="note">
			<p>
				{asked.map(({ kind, name }) => t('askedUnknown', { kind: t(kind).toLowerCase(), name })).join(' ')}{' '}
				{shown !== '' && t('shownInstead', { shown })}
			</p>
			<span className="spacer" />
			<IconButton label={t('dismiss')} size="small" onPress={onDismiss}>
				<X size={14} aria-hidden />
			</IconButton>
		</div>
	);
}
