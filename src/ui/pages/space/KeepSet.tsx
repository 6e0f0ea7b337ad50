// Keeps the chosen tokens under a name: the same tokens in every run of the corpus.

import { useState } from 'react';
import { Dialog as AriaDialog, DialogTrigger, Popover } from 'react-aria-components';
import type { SpacePoints } from '../../../wire/space';
import { useSpace } from '../../context/space-context';
import { Button } from '../../kit/controls/Button';
import { Field } from '../../kit/controls/Field';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { changeQuery } from '../../navigation/navigation';
import { useProblemText } from '../../words/problem-text';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';

export function KeepSet({ points, chosen }: { points: SpacePoints; chosen: readonly number[] }) {
	const t = useWords(spaceWords);
	const keepSet = useSpace((state) => state.keepSet);
	const problemText = useProblemText();
	const [name, setName] = useState('');
	const keep = async () => {
		const problem = await keepSet(name.trim(), points, chosen);
		if (problem) return notifyProblem(problemText(problem));
		notify({ text: t('keptSet', { count: chosen.length, name: name.trim() }) });
		changeQuery({ sel: name.trim() });
	};
	return (
		<DialogTrigger>
			<Button className="space-action" variant="quiet">
				{t('keepAsSet')}
			</Button>
			<Popover className="popover" offset={4}>
				<AriaDialog className="map-method" aria-label={t('keepAsSet')}>
					{({ close }) => (
						<form
							onSubmit={(event) => {
								event.preventDefault();
								if (name.trim() === '') return;
								void keep();
								close();
							}}
						>
							<Field label={t('setName')} value={name} onChange={setName} takesFocus />
							<Button type="submit" variant="primary" isDisabled={name.trim() === ''}>
								{t('keep')}
							</Button>
						</form>
					)}
				</AriaDialog>
			</Popover>
		</DialogTrigger>
	);
}
