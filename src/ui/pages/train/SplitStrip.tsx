// Where the corpus has no dev or no train sentences: why a run needs them, and a seeded split of what there is, right here.

import { Split } from 'lucide-react';
import { useState } from 'react';
import { toProblem } from '../../../state/problem';
import { defaultSplit, missingSplit, splitSizes, splitStored } from '../../../state/split-anew';
import { itemsOf } from '../../../state/workspace';
import { splitCounts } from '../../../storage/workspace/corpus-record';
import { useDataStores, useWorkspace } from '../../context/data-context';
import { useRunForm } from '../../context/train-context';
import { Button } from '../../kit/controls/Button';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { go } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useProblemText } from '../../words/problem-text';
import { useWords } from '../../words/words';
import { SplitFields } from '../data/SplitFields';
import { trainWords } from './train-words';

/** What the form's corpus lacks; null while it is not known, and for a run that continues a model. */
export function useMissingSplit(): { split: 'train' | 'dev'; corpusId: string; sentences: number } | null {
	const { corpusId, preset, changes, checkpointId } = useRunForm((state) => state.form);
	const item = useWorkspace((state) => itemsOf(state.list, 'corpus').find(({ id }) => id === corpusId));
	if (!item || checkpointId !== null) return null;
	const counts = splitCounts(item.detail);
	const split = missingSplit(counts, { preset, changes });
	return split && { split, corpusId, sentences: counts.train + counts.dev + counts.test };
}

export function SplitStrip() {
	const missing = useMissingSplit();
	return missing && <Missing key={missing.corpusId} {...missing} />;
}

function Missing({ split: name, corpusId, sentences }: NonNullable<ReturnType<typeof useMissingSplit>>) {
	const t = useWords(trainWords);
	const { writer, workspace } = useDataStores();
	const problemText = useProblemText();
	const [request, setRequest] = useState(() => defaultSplit(sentences));
	const [isSaving, setSaving] = useState(false);
	const { train, dev, test } = splitSizes(request, sentences);
	const isEnough = train > 0 && dev > 0;
	const attempt = async (work: () => Promise<void>) => {
		setSaving(true);
		try {
			await work();
			await workspace.getState().refresh();
		} catch (error) {
			notifyProblem(problemText(toProblem(error)));
		}
		setSaving(false);
	};
	const split = () =>
		attempt(async () => {
			const undo = await splitStored(writer, corpusId, request);
			notify({
				text: t('splitDone', { train: countText(train), dev: countText(dev), test: countText(test) }),
				action: { label: t('undo'), run: () => void attempt(undo) },
			});
		});
	return (
		<section className="notice notice-warn train-split" aria-label={t('splitTitle', { split: name })}>
			<strong>{t('splitTitle', { split: name })}</strong>
			<p>{t(name === 'dev' ? 'splitTextDev' : 'splitTextTrain')}</p>
			{sentences > 1 && <SplitFields isStrip split={request} onChange={setRequest} />}
			<div className="row wrap">
				{sentences > 1 && (
					<Button
						icon={<Split size={14} aria-hidden />}
						isDisabled={!isEnough || isSaving}
						onPress={() => void split()}
					>
						{t('splitNow')}
					</Button>
				)}
				<Button onPress={() => go('data', ['import'])}>{t('splitImport')}</Button>
				<span className="quiet-text num">
					{sentences < 2
						? t('splitTooFew')
						: isEnough
							? t('splitGives', { train: countText(train), dev: countText(dev), test: countText(test) })
							: t('splitNotEnough', { count: sentences })}
				</span>
			</div>
		</section>
	);
}
