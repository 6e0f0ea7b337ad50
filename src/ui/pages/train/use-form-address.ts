// The form in the address: it names what is chosen, and an address that names a form, an earlier run (`from`) or a
// checkpoint fills it in.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Known, presenceOf } from '../../../state/presence';
import { formOfQuery, formOfRun, queryOfForm, unknownInQuery } from '../../../state/run-form';
import { itemsOf } from '../../../state/workspace';
import { isSample } from '../../../state/workspace-samples';
import { useWorkspace } from '../../context/data-context';
import { useRunForm } from '../../context/train-context';
import { changeQuery, useRoute } from '../../navigation/navigation';

type Query = Readonly<Record<string, string>>;

/** The same for the same values in any order. */
function keyOf(query: Query): string {
	return JSON.stringify(
		Object.entries(query)
			.filter(([, value]) => value !== '')
			.sort(([left], [right]) => (left < right ? -1 : 1)),
	);
}

/** Something that the address names may still come: a sample, or a run that was just begun. */
function isArriving({ corpus = '', checkpoint = '', from = '' }: Query, known: Known): boolean {
	const named = [
		['corpus', corpus],
		['checkpoint', checkpoint],
		['run', from],
	] as const;
	const isSampleComing = isSample('corpus', corpus) && presenceOf(known, 'corpus', corpus).kind !== 'present';
	return !isSampleComing && named.some(([kind, id]) => id !== '' && presenceOf(known, kind, id).kind === 'loading');
}

/** What the address asked for and is not here; `forget` puts that away. */
export function useFormAddress(): { unknown: ReturnType<typeof unknownInQuery>; forget(): void } {
	const [unknown, setUnknown] = useState<ReturnType<typeof unknownInQuery>>([]);
	const { path, query } = useRoute();
	const isNew = path[0] === 'new';
	const list = useWorkspace((state) => state.list);
	const arriving = useWorkspace((state) => state.arriving);
	const isReady = useWorkspace((state) => state.isReady);
	const known = useMemo(() => ({ list, arriving, isReady }), [list, arriving, isReady]);
	const form = useRunForm((state) => state.form);
	const change = useRunForm((state) => state.change);
	const fetchCorpus = useRunForm((state) => state.fetchCorpus);
	const seen = useRef<string | null>(null);
	useEffect(() => {
		if (!isNew || !list || isArriving(query, known)) return;
		const asked = keyOf(query);
		const own = queryOfForm(form);
		if (seen.current !== asked) {
			seen.current = asked;
			setUnknown(unknownInQuery(query, list));
			const run = itemsOf(list, 'run').find(({ id }) => id === query.from);
			if (run) return change(() => formOfRun(run, list));
			if (asked !== keyOf({}) && asked !== keyOf(own) && !query.from) {
				const next = formOfQuery(query, list);
				void fetchCorpus(next.corpusId);
				return change(() => next);
			}
		}
		if (asked === keyOf(own)) return;
		seen.current = keyOf(own);
		changeQuery({ ...Object.fromEntries(Object.keys(query).map((name) => [name, ''])), ...own });
	}, [isNew, list, known, query, form, change, fetchCorpus]);
	return { unknown, forget: useCallback(() => setUnknown([]), []) };
}
