// Asks for a model's new name.

import { useState } from 'react';
import { Button } from '../../kit/controls/Button';
import { Dialog } from '../../kit/controls/Dialog';
import { Field } from '../../kit/controls/Field';
import { useWords } from '../../words/words';
import { modelsWords } from './models-words';

export interface RenameDialogProps {
	name: string;
	onClose(): void;
	onSave(name: string): void;
}

export function RenameDialog({ name, onClose, onSave }: RenameDialogProps) {
	const t = useWords(modelsWords);
	const [value, setValue] = useState(name);
	const next = value.trim();
	return (
		<Dialog title={t('renameTitle')} isOpen onClose={onClose} width={400}>
			<form
				className="model-rename"
				onSubmit={(event) => {
					event.preventDefault();
					if (next !== '') onSave(next);
				}}
			>
				<Field label={t('name')} value={value} onChange={setValue} takesFocus />
				<div className="row">
					<span className="spacer" />
					<Button onPress={onClose}>{t('cancel')}</Button>
					<Button variant="primary" type="submit" isDisabled={next === ''}>
						{t('save')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
