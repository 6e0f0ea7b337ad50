// The page Models: all models in one table, `#/models/{model}` opens a card beside it. Files may be dropped anywhere.

import { Upload } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useCommands } from '../../context/commands-context';
import { useAbsent } from '../../context/data-context';
import { useModels } from '../../context/models-context';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { SearchField } from '../../kit/controls/Field';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { useFileDrop } from '../../kit/controls/use-file-drop';
import { PageFrame } from '../../kit/frame/PageFrame';
import { go, useQueryValue, useRoute } from '../../navigation/navigation';
import { useBeginHere } from '../../navigation/open-when-done';
import { UnreadableItems } from '../../parts/UnreadableItems';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { ModelCard } from './ModelCard';
import { ModelTable } from './ModelTable';
import { modelsWords } from './models-words';
import './models.css';

/** From this many models on there is a filter. */
const manyModels = 8;

const isModel = (kind: string) => kind === 'checkpoint';

export default function ModelsPage() {
	const t = useWords(modelsWords);
	const shell = useWords(commonWords);
	const models = useModels((state) => state.models);
	const isListed = useModels((state) => state.isListed);
	const problem = useModels((state) => state.problem);
	const refresh = useModels((state) => state.refresh);
	const importFiles = useModels((state) => state.importFiles);
	const [filter, setFilter] = useQueryValue('q');
	const [key] = useRoute().path;
	const fileInput = useRef<HTMLInputElement>(null);
	const { isDropping, dropProps } = useFileDrop((files) => void takeFiles([...files]));
	useEffect(() => void refresh(), [refresh]);

	const beginHere = useBeginHere();
	const takeFiles = async (files: readonly File[]) => {
		if (files.length === 0) return;
		const opener = beginHere();
		const added = await importFiles(files.map((file) => ({ name: file.name, content: file })));
		if (!added) return;
		opener.open({ page: 'models', path: [added] }, t('importedNow', { name: files[0].name }));
	};
	const commands = useMemo(
		() => [{ id: 'import-model', title: t('import'), group: shell('models'), run: () => fileInput.current?.click() }],
		[t, shell],
	);
	useCommands(commands);

	const open = models.find((model) => model.key === key);
	const isAbsent = useAbsent('checkpoint', key ? [key] : []).length > 0 && isListed && !open;
	const shown = models.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
	const actions = (
		<>
			<Button icon={<Upload size={14} aria-hidden />} onPress={() => fileInput.current?.click()}>
				{t('import')}
			</Button>
			<input
				ref={fileInput}
				type="file"
				multiple
				hidden
				aria-label={t('import')}
				accept=".safetensors,.bin,.pt,.pth,.json"
				onChange={(event) => {
					void takeFiles([...(event.target.files ?? [])]);
					event.target.value = '';
				}}
			/>
		</>
	);
	const card = open ? (
		<ModelCard model={open} others={models.filter((model) => model !== open)} />
	) : (
		<div className="section">
			<p className="quiet-text">{isAbsent ? t('unknownHint') : t('choose')}</p>
		</div>
	);
	return (
		<PageFrame
			page="models"
			crumbs={open ? [{ label: open.name }] : []}
			actions={actions}
			side={{ label: t('card'), content: card, width: 420 }}
		>
			<div className="scroll" {...dropProps}>
				{models.length > manyModels && (
					<div className="bar bar-tight">
						<SearchField label={t('filter')} value={filter} onChange={setFilter} />
					</div>
				)}
				{isAbsent && (
					<EmptyState title={t('unknownModel')}>
						<p>{t('unknownHint')}</p>
					</EmptyState>
				)}
				{models.length > 0 && <ModelTable models={shown} openKey={key} />}
				{models.length > 0 && shown.length === 0 && <p className="models-note quiet-text">{t('nothingFound')}</p>}
				<UnreadableItems isListed={isModel} />
				{isListed && models.length === 0 && (
					<EmptyState title={t('none')} actions={<Button onPress={() => go('train')}>{shell('train')}</Button>}>
						<p>{t('noneText')}</p>
					</EmptyState>
				)}
				{problem && (
					<div className="models-note">
						<ProblemNotice problem={problem} />
					</div>
				)}
				<div className="model-drop" data-dropping={isDropping || undefined}>
					<div>
						<strong>{t('drop')}</strong>
						<p className="quiet-text">{t('dropHint')}</p>
					</div>
					<Button onPress={() => fileInput.current?.click()}>{t('chooseFile')}</Button>
				</div>
			</div>
		</PageFrame>
	);
}
