// Gives an item another name.

import { type FormEvent, useState } from 'react';
import type { AnyItem } from '../../storage/workspace/item-kinds';
import { Button } from '../controls/Button';
import { Dialog } from '../controls/Dialog';
import { Field } from '../controls/Field';
import { notifyProblem } from '../controls/toasts';
import { useWorkspace } from '../data-context';
import { useProblemText } from '../problem-text';
import { dataWords } from '../words/data-words';
import { useWords } from '../words/words';

export function RenameDialog({ item, onClose }: { item: AnyItem; onClose(): void }) {
	const t = useWords(dataWords);
	const rename = useWorkspace((state) => state.rename);
	const problemText = useProblemText();
	const [name, setName] = useState(item.name);
	const save = async (event: FormEvent) => {
		event.preventDefault();
		if (name.trim() === '') return;
		const problem = await rename({ kind: item.kind, id: item.id }, name.trim());
		if (problem) notifyProblem(problemText(problem));
		onClose();
	};
	return (
		<Dialog title={t('rename')} isOpen onClose={onClose} width={400}>
			<form className="dialog-form" onSubmit={(event) => void save(event)}>
				<Field label={t('newName')} value={name} onChange={setName} takesFocus />
				<div className="row dialog-buttons">
					<Button onPress={onClose}>{t('cancel')}</Button>
					<Button look="ink" type="submit" isDisabled={name.trim() === ''}>
						{t('save')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
