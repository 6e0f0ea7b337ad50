// The dialog behind "Add vectors": from a file, or trained from text.

import { useStore } from 'zustand';
import { Button } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { Dialog } from '../../kit/controls/Dialog';
import { useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { TrainVectorsForm } from './TrainVectorsForm';
import { useAddFiles } from './use-add-files';
import { addVectorsDialog, closeAddVectors, openAddVectors, type VectorsWay } from './vectors-request';
import { vectorsWords } from './vectors-words';

export function AddVectorsDialog() {
	const t = useWords(vectorsWords);
	const way = useStore(addVectorsDialog, (state) => state.way);
	if (way === null) return null;
	return (
		<Dialog title={t('title')} isOpen onClose={closeAddVectors} width={620}>
			<div className="dialog-form">
				<div>
					<Segments<VectorsWay>
						label={t('way')}
						value={way}
						onChange={openAddVectors}
						options={[
							{ id: 'file', label: t('fromFile') },
							{ id: 'text', label: t('fromText') },
						]}
					/>
				</div>
				{way === 'file' ? <FileWay /> : <TrainVectorsForm />}
			</div>
		</Dialog>
	);
}

function FileWay() {
	const t = useWords(vectorsWords);
	const addFiles = useAddFiles();
	const choose = () =>
		chooseFiles(
			(files) => {
				closeAddVectors();
				void addFiles(files, 'vectors');
			},
			{ isMultiple: false },
		);
	return (
		<>
			<p className="quiet-text">{t('fileText')}</p>
			<div className="row dialog-buttons">
				<Button onPress={closeAddVectors}>{t('cancel')}</Button>
				<Button variant="primary" onPress={choose}>
					{t('chooseVectors')}
				</Button>
			</div>
		</>
	);
}
