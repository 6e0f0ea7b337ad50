// Measures what the form's run will cost a moment after it was changed last, where a step is quick enough not to be in
// the way; elsewhere people ask for it.

import { useCallback, useEffect, useMemo } from 'react';
import { isInputThere, requestsOf } from '../../../state/run-form';
import { isActive } from '../../../state/run-progress';
import type { NewRunRequest } from '../../../wire/runs';
import { useWorkspace } from '../../context/data-context';
import { useRun } from '../../context/run-store-context';
import { useForecast, useRunForm, useRunInOtherTab } from '../../context/train-context';
import { useMissingSplit } from './SplitStrip';

const waitMs = 1200;

/** The form's runs; empty while something is wrong with it. */
function useRequests(): NewRunRequest[] {
	const form = useRunForm((state) => state.form);
	return useMemo(() => {
		try {
			return requestsOf(form);
		} catch {
			return [];
		}
	}, [form]);
}

/** How many runs the form asks for; 0 while something is wrong with it. */
export function useRunCount(): number {
	return useRequests().length;
}

interface Measurable {
	key: string;
	/** Null where it cannot be measured: no device is free, or something is missing. */
	measure: (() => void) | null;
}

export function useMeasure(): Measurable {
	const form = useRunForm((state) => state.form);
	const list = useWorkspace((state) => state.list);
	const measure = useForecast((state) => state.measure);
	const label = useRun((state) => state.device?.info.label ?? '');
	const isBusyHere = useRun((state) => isActive(state.run));
	// Steps timed beside another tab's run would say nothing.
	const isBusy = useRunInOtherTab() !== null || isBusyHere;
	const first = useRequests()[0];
	const isSplitMissing = useMissingSplit() !== null;
	// Every seed takes as long.
	const request = first ? JSON.stringify({ ...first, seed: null }) : '';
	const key = `${label} ${request}`;
	const isReady = label !== '' && !isBusy && isInputThere(list, form) && !isSplitMissing;
	const now = useCallback(() => void measure(JSON.parse(request) as NewRunRequest, key), [measure, request, key]);
	return { key, measure: request !== '' && isReady ? now : null };
}

export function useFormForecast(): void {
	const { key, measure } = useMeasure();
	const cancel = useForecast((state) => state.cancel);
	const keepOnly = useForecast((state) => state.keepOnly);
	const isQuick = useRun(({ device }) => device !== null && !device.info.isSoftware && device.info.name !== 'cpu');
	useEffect(() => keepOnly(key), [key, keepOnly]);
	useEffect(() => {
		if (!measure || !isQuick) return;
		const timer = setTimeout(measure, waitMs);
		return () => {
			clearTimeout(timer);
			cancel();
		};
	}, [measure, isQuick, cancel]);
}

/** Looks for copies of test sentences in train, a moment after the corpus was chosen. */
export function useLeaks() {
	const corpusId = useRunForm((state) => state.form.corpusId);
	const revision = useWorkspace(
		(state) => state.list?.items.find(({ kind, id }) => kind === 'corpus' && id === corpusId)?.revision,
	);
	const examine = useForecast((state) => state.examine);
	const leaks = useForecast((state) => state.leaks);
	useEffect(() => {
		if (revision === undefined) return;
		const timer = setTimeout(() => void examine(corpusId, revision), waitMs / 2);
		return () => clearTimeout(timer);
	}, [corpusId, revision, examine]);
	return leaks?.corpusId === corpusId ? leaks.findings : [];
}
