// The text to tag, the models to tag it with, and the button.

import { Check } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { ListedModel } from '../../../state/models';
import { maxCharacters } from '../../../state/tagging';
import { useTagging } from '../../context/models-context';
import { ActionMenu } from '../../kit/controls/ActionMenu';
import { Button } from '../../kit/controls/Button';
import { Keys } from '../../kit/controls/Keys';
import { Chip } from '../../kit/controls/Toggle';
import { changeQuery } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { tagWords } from './tag-words';

/** Models that stand as chips; the rest are in a menu. */
const shownChips = 2;
/** Models side by side: more rows cannot be read. */
const maxChosen = 4;

export interface TagFormProps {
	listed: readonly ListedModel[];
	chosen: readonly ListedModel[];
}

export function TagForm({ listed, chosen }: TagFormProps) {
	const t = useWords(tagWords);
	const text = useTagging((state) => state.text);
	const setText = useTagging((state) => state.setText);
	const tag = useTagging((state) => state.tag);
	const tagFile = useTagging((state) => state.tagFile);
	const phase = useTagging((state) => state.phase);
	const isTooLong = text.length > maxCharacters;
	const isBlank = text.trim() === '';
	const submit = () => {
		if (chosen.length > 0 && !isTooLong && !isBlank) void tag(chosen);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
		event.preventDefault();
		submit();
	};
	const asFile = () => {
		const content = new Blob([text], { type: 'text/plain' });
		void tagFile({ name: `${t('pastedName')}.txt`, content }, chosen[0]);
	};
	return (
		<form
			className="tag-form"
			onSubmit={(event) => {
				event.preventDefault();
				submit();
			}}
		>
			<label className="tag-input">
				<span className="field-label">{t('textToTag')}</span>
				<textarea
					rows={3}
					lang="zh-Hans"
					spellCheck={false}
					value={text}
					onChange={(event) => setText(event.target.value)}
					onKeyDown={onKeyDown}
				/>
			</label>
			<div className="tag-models">
				<span className="field-label">{t('models')}</span>
				<ModelChips listed={listed} chosen={chosen} />
				<Button
					type="submit"
					variant="primary"
					size="large"
					className="tag-submit"
					isDisabled={chosen.length === 0 || isTooLong || isBlank || phase.kind === 'file'}
				>
					{t('tagText')}
					<Keys keys="mod+Enter" />
				</Button>
			</div>
			{isTooLong && (
				<p className="tag-too-long" role="alert">
					{t('tooLong', { count: countText([...text].length) })}
					<Button size="small" isDisabled={chosen.length === 0} onPress={asFile}>
						{t('asFile')}
					</Button>
				</p>
			)}
		</form>
	);
}

function ModelChips({ listed, chosen }: TagFormProps) {
	const t = useWords(tagWords);
	const tag = useTagging((state) => state.tag);
	const isChosen = (key: string) => chosen.some((model) => model.key === key);
	const toggle = (key: string) => {
		const next = isChosen(key) ? chosen.filter((model) => model.key !== key) : [...chosen, findModel(listed, key)];
		if (next.length === 0 || next.length > maxChosen) return;
		changeQuery({ models: next.map((model) => model.key).join(',') });
		void tag(next);
	};
	// What is chosen is always in view.
	const first = [...listed.filter(({ key }) => isChosen(key)), ...listed.filter(({ key }) => !isChosen(key))];
	const chips = listed.filter((model) => first.indexOf(model) < Math.max(shownChips, chosen.length));
	const rest = listed.filter((model) => !chips.includes(model));
	return (
		<>
			{chips.map(({ key, name }) => (
				<Chip className="tag-model" key={key} isOn={isChosen(key)} onChange={() => toggle(key)}>
					{isChosen(key) && <Check size={14} aria-hidden />}
					<span className="clip">{name}</span>
				</Chip>
			))}
			{rest.length > 0 && (
				<ActionMenu
					label={t('moreModels')}
					button={
						<Button size="small" variant="quiet">
							{t('moreModels')} ({rest.length})
						</Button>
					}
					actions={rest.map(({ key, name }) => ({ id: key, label: name, run: () => toggle(key) }))}
				/>
			)}
		</>
	);
}

function findModel(listed: readonly ListedModel[], key: string): ListedModel {
	return listed.find((model) => model.key === key) as ListedModel;
}
