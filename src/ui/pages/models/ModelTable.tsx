// All models, a row each: where it is from, how good it was, how large it is, and what can be done with it.

import { useMemo, useState } from 'react';
import { presetTitle } from '../../../experiment/presets';
import type { ListedModel } from '../../../state/models';
import { itemsOf } from '../../../state/workspace';
import { ownValue } from '../../../util/own-value';
import type { SeedScore } from '../../../wire/models';
import { useWorkspace } from '../../context/data-context';
import { useModels, useTagging } from '../../context/models-context';
import { Badge } from '../../kit/controls/Badge';
import { Button } from '../../kit/controls/Button';
import { MoreMenu } from '../../kit/controls/MoreMenu';
import { saveBlob } from '../../kit/controls/save-file';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { notify } from '../../kit/controls/toasts';
import { go, routeHref } from '../../navigation/navigation';
import { bytesText, momentText, points } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { modelsWords } from './models-words';
import { RenameDialog } from './RenameDialog';

export function ModelTable({ models, openKey }: { models: readonly ListedModel[]; openKey: string | undefined }) {
	const t = useWords(modelsWords);
	const language = useLanguage();
	const results = useTagging((state) => state.results);
	const seeds = useSeeds();
	return (
		<table className="models-table">
			<TableHead
				columns={[
					t('model'),
					t('from'),
					t('preset'),
					t('changed'),
					numeric(t('testF1')),
					numeric(t('size')),
					{ text: t('actions'), isUnseen: true },
				]}
			/>
			<tbody>
				{models.map((model) => (
					<tr key={model.key} data-open={model.key === openKey || undefined}>
						<td>
							<span className="row">
								<a
									className="clip medium"
									href={routeHref('models', [model.key])}
									aria-current={model.key === openKey || undefined}
								>
									{model.name}
								</a>
								{seeds.has(model.key) && (
									<span className="model-quiet">{t('seed', { seed: seeds.get(model.key) ?? '' })}</span>
								)}
								{ownValue(results, model.key) && <Badge tone="accent">{t('inUse')}</Badge>}
							</span>
						</td>
						<td className="model-quiet">{t(model.from)}</td>
						<td className="model-quiet" title={presetTitle(model.preset)[language]}>
							{model.preset || '—'}
						</td>
						<td className="model-quiet">
							{model.changedAtMs === null ? '—' : momentText(model.changedAtMs, language)}
						</td>
						<td className="num">
							<Score score={model.testF1} />
						</td>
						<td className="num model-quiet">{model.sizeBytes === null ? '—' : bytesText(model.sizeBytes)}</td>
						<td>
							<ModelActions model={model} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** The seed of the run that a checkpoint is of, by the checkpoint's id: the runs of a queue are of one name. */
function useSeeds(): ReadonlyMap<string, number> {
	const list = useWorkspace((state) => state.list);
	return useMemo(() => {
		const runSeeds = new Map(itemsOf(list, 'run').map(({ id, detail }) => [id, detail.config?.seed]));
		return new Map(
			itemsOf(list, 'checkpoint').flatMap(({ id, detail: { runId } }) => {
				const seed = runId === null ? undefined : runSeeds.get(runId);
				return seed === undefined ? [] : [[id, seed] as const];
			}),
		);
	}, [list]);
}

/** A mean with its deviation where several seeds were measured. */
export function Score({ score }: { score: SeedScore | null }) {
	if (!score) return '—';
	const { mean, deviation } = score;
	return (
		<>
			{points(mean)}
			{deviation !== null && <span className="model-quiet"> ± {points(deviation)}</span>}
		</>
	);
}

export function ModelActions({ model }: { model: ListedModel }) {
	const t = useWords(modelsWords);
	const exportModel = useModels((state) => state.exportModel);
	const trash = useModels((state) => state.trash);
	const restore = useModels((state) => state.restore);
	const rename = useModels((state) => state.rename);
	const [isRenaming, setRenaming] = useState(false);
	const { key, name } = model;
	const isOwn = model.ref.kind === 'checkpoint';
	const save = async (format: 'workbench' | 'torch') => {
		for (const { name: fileName, file } of await exportModel(key, format)) saveBlob(fileName, file);
	};
	const remove = async () => {
		await trash(key);
		notify({ text: t('deleted', { name }), action: { label: t('undo'), run: () => void restore(key) } });
	};
	const own = [
		{ id: 'rename', label: t('rename'), run: () => setRenaming(true) },
		{ id: 'delete', label: t('delete'), isDanger: true, run: () => void remove() },
	];
	return (
		<span className="row model-actions">
			<Button size="small" onPress={() => go('tag', [], { models: key })}>
				{t('load')}
			</Button>
			<MoreMenu
				label={t('more', { name })}
				actions={[
					{ id: 'workbench', label: t('exportOwn'), run: () => void save('workbench') },
					{ id: 'torch', label: t('exportTorch'), run: () => void save('torch') },
					...(isOwn ? own : []),
				]}
			/>
			{isRenaming && (
				<RenameDialog
					name={name}
					onClose={() => setRenaming(false)}
					onSave={(next) => {
						setRenaming(false);
						void rename(key, next);
					}}
				/>
			)}
		</span>
	);
}
