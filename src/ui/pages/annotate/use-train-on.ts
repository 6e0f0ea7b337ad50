// "Train on": from the model that suggests and the corpus as it is labelled now to a new run, the child of that model.

import { useCallback, useContext, useEffect, useState } from 'react';
import { countLabellings } from '../../../state/annotation-history';
import { type Problem, toProblem } from '../../../state/problem';
import { formOfTrainOn, queryOfForm } from '../../../state/run-form';
import { isActive } from '../../../state/run-progress';
import { trainOnRequest, unknownTypes, unknownTypesProblem } from '../../../state/train-on';
import { useDataStores } from '../../context/data-context';
import { RunStoreContext, useRun } from '../../context/run-store-context';
import { useRunInOtherTab, useTrainStores } from '../../context/train-context';
import { useBeginHere } from '../../navigation/open-when-done';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { useSession, useSessionStore } from './session-context';
import type { AnnotationModel } from './use-annotation-model';

export interface TrainOnState {
	/** Labellings that no run has been trained on. */
	count: number;
	/** Why it cannot begin; null when it can. */
	hindrance: string | null;
	isStarting: boolean;
	problem: Problem | null;
	start(): void;
	/** The same run in Train's form, to look at and to change before it starts. */
	openForm(): void;
}

export function useTrainOn(model: AnnotationModel): TrainOnState {
	const t = useWords(annotateWords);
	const session = useSessionStore();
	const { client, workspace } = useDataStores();
	const runStore = useContext(RunStoreContext);
	const { form } = useTrainStores();
	const isBusyHere = useRun((state) => isActive(state.run));
	const isBusy = useRunInOtherTab() !== null || isBusyHere;
	const id = useSession((state) => state.id);
	const labelled = useSession((state) => countLabellings(state.history));
	const [trained, setTrained] = useState(0);
	const [isStarting, setStarting] = useState(false);
	const [problem, setProblem] = useState<Problem | null>(null);
	const setting = `annotate-trained ${id}`;
	useEffect(() => {
		setProblem(null);
		client.ask('load-setting', { name: setting }).then(
			({ value }) => setTrained(typeof value === 'number' ? value : 0),
			() => setTrained(0),
		);
	}, [client, setting]);

	const { chosen, entityTypes, config } = model;
	const count = Math.max(0, labelled - trained);
	const hindrance = isBusy ? t('runGoesOn') : !chosen ? t('trainOnNoModel') : count === 0 ? t('trainOnNone') : null;
	/** The run's request, with the model kept and the labels saved; null when something stands in its way. */
	const prepare = useCallback(async () => {
		const { opened, history } = session.getState();
		if (!chosen || !opened) return null;
		await session.getState().save();
		if (session.getState().saving.kind === 'failed') return null;
		const known = entityTypes ?? [];
		const labels = [
			...opened.types,
			...history.steps.flatMap((step) => (step.kind === 'relabel' ? step.after.spans : [])),
		];
		const unknown = entityTypes ? unknownTypes(labels, known) : [];
		if (unknown.length > 0) {
			setProblem(unknownTypesProblem(unknown, known, chosen.name));
			return null;
		}
		const labelled = { split: 'train', hasTags: true } as const;
		const { total } = await client.ask('sentences', { id: opened.item.id, filter: labelled, offset: 0, limit: 0 });
		const kept = await client.ask('keep-model', { task: 'annotate: keep', model: chosen.ref, name: chosen.name });
		await workspace.getState().refresh();
		const name = t('runName', { model: chosen.name, count });
		return trainOnRequest(
			{
				corpusId: opened.item.id,
				checkpointId: kept.id,
				preset: chosen.preset,
				name,
				config,
				trainSentences: total,
			},
			workspace.getState().list,
		);
	}, [t, session, client, workspace, chosen, entityTypes, config, count]);
	const beginHere = useBeginHere();
	const begin = useCallback(async () => {
		const opener = beginHere();
		const request = await prepare();
		if (!request || !runStore) return;
		const labels = { setting, count: countLabellings(session.getState().history) };
		void runStore.getState().start({ ...request, labels });
		opener.open({ page: 'train' }, t('startedFrom', { model: chosen?.name ?? '' }));
	}, [t, beginHere, prepare, session, runStore, chosen, setting]);
	const fillForm = useCallback(async () => {
		const opener = beginHere();
		const request = await prepare();
		if (!request) return;
		const next = formOfTrainOn(request, { setting, count: countLabellings(session.getState().history) });
		form.getState().change(() => next);
		opener.open({ page: 'train', path: ['new'], query: queryOfForm(next) }, null, t('formFilled'));
	}, [t, beginHere, prepare, session, form, setting]);
	const attempt = (work: () => Promise<void>) => {
		setProblem(null);
		setStarting(true);
		work()
			.catch((error: unknown) => setProblem(toProblem(error)))
			.finally(() => setStarting(false));
	};
	return { count, hindrance, isStarting, problem, start: () => attempt(begin), openForm: () => attempt(fillForm) };
}
