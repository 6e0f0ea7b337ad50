// What is shown in place of a part that could not be loaded or shown: what is wrong, another try, a reload.

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { Button, IconButton } from './Button';
import { Dialog } from './Dialog';
import { type PartFailure, PartNotLoaded } from './lazy-part';

/** What a broken part says, for every form of it. */
export function useBrokenWords({ error }: PartFailure): { title: string; text: string } {
	const t = useWords(commonWords);
	if (error instanceof PartNotLoaded) return { title: t('partNotLoaded'), text: t('partNotLoadedText') };
	return { title: t('partBroke'), text: `${error.message} ${t('bugHint')}` };
}

export function BrokenActions({ failure }: { failure: PartFailure }) {
	const t = useWords(commonWords);
	return (
		<>
			<Button size="small" onPress={failure.retry}>
				{t('tryAgain')}
			</Button>
			<Button size="small" onPress={() => window.location.reload()}>
				{t('reload')}
			</Button>
		</>
	);
}

function BrokenBlock({ failure }: { failure: PartFailure }) {
	const { title, text } = useBrokenWords(failure);
	return (
		<div className="notice notice-warn broken-part" role="alert" data-broken>
			<strong>{title}</strong>
			<p>{text}</p>
			<div className="row wrap">
				<BrokenActions failure={failure} />
			</div>
		</div>
	);
}

/** Within the page, where the part would be. */
export function brokenBlock(failure: PartFailure): ReactNode {
	return <BrokenBlock failure={failure} />;
}

interface Closable {
	onClose?(): void;
}

function BrokenDialog({ failure, onClose }: { failure: PartFailure; onClose?(): void }) {
	const { title, text } = useBrokenWords(failure);
	return (
		<Dialog
			title={title}
			isOpen
			onClose={() => onClose?.()}
			footer={
				<div className="row">
					<BrokenActions failure={failure} />
				</div>
			}
			width={420}
		>
			<p role="alert" data-broken>
				{text}
			</p>
		</Dialog>
	);
}

/** For a dialog or the palette: a dialog in its place. */
export function brokenDialog(failure: PartFailure, { onClose }: Closable): ReactNode {
	return <BrokenDialog failure={failure} onClose={onClose} />;
}

function BrokenCorner({
	failure,
	texts,
	onClose,
}: {
	failure: PartFailure;
	texts: readonly string[];
	onClose(): void;
}) {
	const t = useWords(commonWords);
	const { title, text } = useBrokenWords(failure);
	return (
		<div className="broken-corner" role="alert" data-broken>
			<div className="row">
				<strong>{failure.error instanceof PartNotLoaded ? t('noticesNotLoaded') : title}</strong>
				<span className="spacer" />
				<IconButton label={t('dismiss')} size="small" onPress={onClose}>
					<X size={14} aria-hidden />
				</IconButton>
			</div>
			<p>{text}</p>
			{texts.length > 0 && (
				<ul>
					{texts.map((one) => (
						<li key={one}>{one}</li>
					))}
				</ul>
			)}
			<div className="row wrap">
				<BrokenActions failure={failure} />
			</div>
		</div>
	);
}

/** For the notices themselves: what they would have said, in a corner of the page. */
export function brokenCorner(failure: PartFailure, texts: readonly string[], onClose: () => void): ReactNode {
	return <BrokenCorner failure={failure} texts={texts} onClose={onClose} />;
}
