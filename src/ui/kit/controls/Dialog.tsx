// A window over the page with a title and a way out; focus stays inside and returns where it was.

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { IconButton } from './Button';

export interface DialogProps {
	title: string;
	isOpen: boolean;
	onClose(): void;
	/** Width in pixels. */
	width?: number;
	children: ReactNode;
	footer?: ReactNode;
}

export function Dialog({ title, isOpen, onClose, width = 560, children, footer }: DialogProps) {
	const t = useWords(commonWords);
	return (
		<ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(open) => open || onClose()} isDismissable>
			<Modal className="modal" style={{ width }}>
				<AriaDialog className="dialog">
					<header className="dialog-header">
						<Heading slot="title">{title}</Heading>
						<IconButton label={t('close')} onPress={onClose}>
							<X size={16} aria-hidden />
						</IconButton>
					</header>
					<div className="dialog-body scroll">{children}</div>
					{footer && <footer className="dialog-footer">{footer}</footer>}
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}
