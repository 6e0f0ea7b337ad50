// The types and their keys: a press gives the selection that type. Beyond nine the keys are letters; `/` finds any type by
// name, or adds it.

import { type KeyboardEvent, type RefObject, useState } from 'react';
import { typeKeys } from '../../../state/annotation-queue';
import { Keys } from '../../kit/controls/Keys';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';

export interface TypeBarProps {
	types: readonly string[];
	/** Type of the label that is selected. */
	current: string | null;
	inputRef: RefObject<HTMLInputElement | null>;
	onType(type: string): void;
	onRemove(): void;
	/** Focus goes back to the sentence. */
	onLeave(): void;
}

export function TypeBar({ types, current, inputRef, onType, onRemove, onLeave }: TypeBarProps) {
	const t = useWords(annotateWords);
	const [text, setText] = useState('');
	const wanted = text.trim();
	const found = types.filter((type) => type.toLowerCase().includes(wanted.toLowerCase()));
	const isNew = wanted !== '' && !types.includes(wanted) && isTypeName(wanted);
	const take = (type: string) => {
		setText('');
		onType(type);
		onLeave();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.nativeEvent.isComposing || event.keyCode === 229) return;
		// Undo in a field is the field's own.
		if (event.ctrlKey || event.metaKey) event.stopPropagation();
		if (event.key === 'Escape') {
			setText('');
			onLeave();
		} else if (event.key === 'Enter' && wanted !== '') {
			event.preventDefault();
			const type = types.includes(wanted) ? wanted : (found[0] ?? (isNew ? wanted : null));
			if (type !== null) take(type);
		}
	};
	return (
		<section className="annotate-types" aria-label={t('types')}>
			{typeKeys(types)
				.filter(({ type }) => found.includes(type))
				.map(({ type, key }) => (
					<button
						key={type}
						type="button"
						className="annotate-type-button"
						title={type}
						data-ent={entitySlot(type, types).slot}
						aria-pressed={type === current}
						onClick={() => take(type)}
					>
						{key !== '' && <Keys keys={key} />}
						<span className="annotate-dot" aria-hidden />
						<span className="clip">{type}</span>
					</button>
				))}
			{isNew && (
				<button type="button" className="annotate-type-button" onClick={() => take(wanted)}>
					{t('addTypeNamed', { type: wanted })}
				</button>
			)}
			<button
				type="button"
				className="annotate-type-button"
				onClick={() => {
					onRemove();
					onLeave();
				}}
			>
				<Keys keys="0" />
				{t('none')}
			</button>
			<span className="annotate-find">
				<Keys keys="/" />
				<input
					ref={inputRef}
					aria-label={t('findType')}
					placeholder={t('findTypeHint')}
					value={text}
					spellCheck={false}
					autoComplete="off"
					onChange={(event) => setText(event.target.value)}
					onKeyDown={onKeyDown}
				/>
			</span>
		</section>
	);
}

/** A type stands in tags such as `B-PER`, and in columns of files: no white space. */
function isTypeName(text: string): boolean {
	return /^[^\s]{1,40}$/u.test(text) && text !== 'O';
}
