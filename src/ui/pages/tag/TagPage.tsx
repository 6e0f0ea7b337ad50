// The page Tag: any text or file, tagged by one model or several side by side. Which models, the open sentence and the
// chosen entity stand in the address; the text never does.

import { FileUp } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useCommands } from '../../context/commands-context';
import { useTagging } from '../../context/models-context';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { useFileDrop } from '../../kit/controls/use-file-drop';
import { AddressNotice } from '../../kit/frame/AddressNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { changeQuery, go } from '../../navigation/navigation';
import { commonWords } from '../../words/common-words';
import { bytesText, countText, roundedDuration } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { EntityPanel } from './EntityPanel';
import { ExportMenu } from './ExportMenu';
import { TagForm } from './TagForm';
import { TaggedSentences } from './TaggedSentences';
import { tagWords } from './tag-words';
import { useChosenModels } from './use-chosen-models';
import { useShownResult } from './use-shown-result';
import '../../kit/sentences/sentences.css';
import './tag.css';

export default function TagPage() {
	const t = useWords(tagWords);
	const { listed, chosen, isListed, unknown } = useChosenModels();
	const shown = useShownResult(chosen);
	const problem = useTagging((state) => state.problem);
	const tag = useTagging((state) => state.tag);
	const tagFile = useTagging((state) => state.tagFile);
	const fileInput = useRef<HTMLInputElement>(null);
	const { isDropping, dropProps } = useFileDrop((files) => takeFile(files[0]));
	useFirstTagging(chosen);

	const takeFile = (file: File | undefined) => {
		if (file && chosen.length > 0) void tagFile({ name: file.name, content: file }, chosen[0]);
	};
	const commands = useMemo(
		() => [
			{
				id: 'tag-text',
				title: t('tagText'),
				group: t('text'),
				keys: 'mod+Enter',
				isEnabled: chosen.length > 0,
				run: () => void tag(chosen),
			},
			{ id: 'tag-file', title: t('tagFile'), group: t('text'), run: () => fileInput.current?.click() },
		],
		[t, tag, chosen],
	);
	useCommands(commands);

	const actions = (
		<>
			<Button
				icon={<FileUp size={14} aria-hidden />}
				isDisabled={chosen.length === 0}
				onPress={() => fileInput.current?.click()}
			>
				{t('tagFile')}
			</Button>
			<ExportMenu shown={shown} />
			<input
				ref={fileInput}
				type="file"
				hidden
				aria-label={t('tagFile')}
				onChange={(event) => {
					takeFile(event.target.files?.[0]);
					event.target.value = '';
				}}
			/>
		</>
	);
	return (
		<PageFrame
			page="tag"
			crumbs={[{ label: shown?.file?.name ?? t('text') }]}
			actions={actions}
			side={{ label: t('entity'), content: <EntityPanel shown={shown} />, width: 316 }}
		>
			<div className="tag-place" data-dropping={isDropping || undefined} {...dropProps}>
				<AddressNotice
					asked={unknown.map((name) => ({ kind: 'model', name }))}
					shown={chosen.map(({ name }) => name).join(', ')}
					onDismiss={() => changeQuery({ models: chosen.map(({ key }) => key).join(',') })}
				/>
				<TagForm listed={listed} chosen={chosen} />
				{problem && (
					<div className="tag-notice">
						<ProblemNotice problem={problem} />
					</div>
				)}
				<Progress />
				{isListed && listed.length === 0 ? <NoModels /> : <TaggedSentences shown={shown} />}
				{isDropping && <p className="tag-drop-hint">{t('dropHere')}</p>}
			</div>
		</PageFrame>
	);
}

function NoModels() {
	const t = useWords(tagWords);
	const actions = (
		<>
			<Button onPress={() => go('train')}>{t('goTrain')}</Button>
			<Button onPress={() => go('models')}>{t('goModels')}</Button>
		</>
	);
	return <EmptyState title={t('noModels')} actions={actions} />;
}

/** The sample sentences are tagged as soon as there is a model, so that a first visit opens on a result. */
function useFirstTagging(chosen: ReturnType<typeof useChosenModels>['chosen']): void {
	const tag = useTagging((state) => state.tag);
	const isUntouched = useTagging((state) => state.taggedText === null && state.file === null && !state.problem);
	const isIdle = useTagging((state) => state.phase.kind === 'idle');
	const hasModel = chosen.length > 0;
	useEffect(() => {
		if (hasModel && isUntouched && isIdle) void tag(chosen);
	}, [hasModel, isUntouched, isIdle, tag, chosen]);
}

/** Nothing under a quarter of a second, so that a quick tagging does not flicker. */
function Progress() {
	const t = useWords(tagWords);
	const language = useLanguage();
	const shell = useWords(commonWords);
	const phase = useTagging((state) => state.phase);
	const cancel = useTagging((state) => state.cancelFile);
	switch (phase.kind) {
		case 'idle':
		case 'tagging':
			return null;
		case 'loading': {
			const { done, total, model } = phase;
			const detail = total ? `${bytesText(done)} / ${bytesText(total)}` : bytesText(done);
			return (
				<div className="tag-notice">
					<ProgressBar label={t('loadingModel', { model })} share={total ? done / total : null} detail={detail} />
				</div>
			);
		}
		case 'file': {
			const { done, total, secondsLeft } = phase;
			const left = done > 0 ? roundedDuration(secondsLeft, language) : '—';
			const counts = { done: countText(done), total: countText(total ?? 0), left };
			return (
				<div className="tag-notice">
					<ProgressBar
						label={t('taggingFile')}
						share={total ? done / total : null}
						detail={total === null ? shell('loading') : t('fileProgress', counts)}
						onCancel={cancel}
					/>
				</div>
			);
		}
		default:
			return phase satisfies never;
	}
}
