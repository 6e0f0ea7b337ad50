// Takes pasted text in as if it were a file.

import { useState } from 'react';
import { Button } from '../../kit/controls/Button';
import { Dialog } from '../../kit/controls/Dialog';
import { Field } from '../../kit/controls/Field';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { useAddFiles } from './use-add-files';

export function PasteDialog({ onClose }: { onClose(): void }) {
	const t = useWords(dataWords);
	const addFiles = useAddFiles();
	const [text, setText] = useState('');
	const use = () => {
		void addFiles([new File([text], t('pasteName'))]);
		onClose();
	};
	return (
		<Dialog title={t('paste')} isOpen onClose={onClose} width={620}>
			<div className="dialog-form">
				<Field
					label={t('paste')}
					value={text}
					onChange={setText}
					hint={t('pasteHint')}
					rows={12}
					lang="zh-Hans"
					takesFocus
				/>
				<div className="row dialog-buttons">
					<Button onPress={onClose}>{t('cancel')}</Button>
					<Button variant="primary" isDisabled={text.trim() === ''} onPress={use}>
						{t('useText')}
					</Button>
				</div>
			</div>
		</Dialog>
	);
}
