// Gives an item another name.

import { type FormEvent, useState } from 'react';
import type { AnyItem } from '../../storage/workspace/item-kinds';
import { useWorkspace } from '../context/data-context';
import { Button } from '../kit/controls/Button';
import { Dialog } from '../kit/controls/Dialog';
import { Field } from '../kit/controls/Field';
import { notifyProblem } from '../kit/controls/toasts';
import { useProblemText } from '../words/problem-text';
import { useWords } from '../words/words';
import { itemWords } from './item-words';

export function RenameDialog({ item, onClose }: { item: AnyItem; onClose(): void }) {
	const t = useWords(itemWords);
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
					<Button variant="primary" type="submit" isDisabled={name.trim() === ''}>
						{t('save')}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
