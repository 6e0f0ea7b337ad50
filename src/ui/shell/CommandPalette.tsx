// The command palette: all listed commands and all terms, found by title, by the other language or by pinyin initials.
// React Aria's text field keeps Enter to itself while an input method composes.

import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
	Autocomplete,
	Dialog,
	Header,
	Input,
	Menu,
	MenuItem,
	MenuSection,
	Modal,
	ModalOverlay,
	TextField,
} from 'react-aria-components';
import { type Command, searchCommands } from '../../state/commands';
import { useAllCommands } from '../context/commands-context';
import { Keys } from '../kit/controls/Keys';
import { type Term, termExplanations, termNames } from '../words/term-words';
import { useLanguage, useWords } from '../words/words';
import { shellWords } from './shell-words';
import './palette.css';

/** Most commands drawn at once. */
const shownLimit = 60;

export interface CommandPaletteProps {
	isOpen: boolean;
	onClose(): void;
	/** Text that was typed while it opened. */
	takeEarly(): string;
}

export default function CommandPalette({ isOpen, onClose, takeEarly }: CommandPaletteProps) {
	const t = useWords(shellWords);
	const language = useLanguage();
	const commands = useAllCommands();
	const [query, setQuery] = useState('');
	const [term, setTerm] = useState<Term | null>(null);

	const terms: Command[] = useMemo(
		() =>
			(Object.keys(termNames) as Term[]).map((name) => ({
				id: `term:${name}`,
				title: termNames[name][language],
				keywords: `${termNames[name].en} ${termNames[name].zh}`,
				group: t('groupTerms'),
				run: () => setTerm(name),
			})),
		[language, t],
	);
	const shown = searchCommands([...commands, ...(query === '' ? [] : terms)], query).slice(0, shownLimit);
	const groups = [...new Set(shown.map(({ group }) => group))];
	const run = (id: string) => {
		const command = shown.find((candidate) => candidate.id === id);
		if (!command) return;
		if (!id.startsWith('term:')) close();
		command.run();
	};
	const close = () => {
		setQuery('');
		setTerm(null);
		onClose();
	};
	const takeTyped = () => {
		const typed = takeEarly();
		if (typed !== '') setQuery((before) => before + typed);
	};
	return (
		<ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(open) => open || close()} isDismissable>
			<Modal className="palette">
				<Dialog className="dialog" aria-label={t('palette')}>
					<Autocomplete inputValue={query} onInputChange={setQuery}>
						<TextField className="palette-field" aria-label={t('palette')} onFocus={takeTyped} autoFocus>
							<Search size={16} aria-hidden />
							<Input placeholder={t('palettePlaceholder')} spellCheck={false} />
						</TextField>
						{term && <p className="palette-term">{termExplanations[term][language]}</p>}
						<Menu
							className="options palette-options"
							aria-label={t('palette')}
							onAction={(id) => run(String(id))}
							renderEmptyState={() => <p className="palette-empty">{t('paletteNothing')}</p>}
						>
							{groups.map((group) => (
								<MenuSection key={group}>
									<Header className="palette-group">{group}</Header>
									{shown
										.filter((command) => command.group === group)
										.map(({ id, title, keys }) => (
											<MenuItem key={id} id={id} className="option" textValue={title}>
												<span className="clip">{title}</span>
												{keys && <Keys keys={keys} />}
											</MenuItem>
										))}
								</MenuSection>
							))}
						</Menu>
					</Autocomplete>
				</Dialog>
			</Modal>
		</ModalOverlay>
	);
}
