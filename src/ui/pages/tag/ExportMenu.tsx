// Copies what is shown, or writes it in any of the corpus formats; of a tagged file all sentences, not only those shown.

import { Download } from 'lucide-react';
import { listedFormats } from '../../../data/formats/format-list';
import { useTagging } from '../../context/models-context';
import { ActionMenu } from '../../kit/controls/ActionMenu';
import { Button } from '../../kit/controls/Button';
import { saveBlob } from '../../kit/controls/save-file';
import { notify } from '../../kit/controls/toasts';
import { formatText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { tagWords } from './tag-words';
import type { ShownResult } from './use-shown-result';

export function ExportMenu({ shown }: { shown: ShownResult | null }) {
	const t = useWords(tagWords);
	const language = useLanguage();
	const exportAs = useTagging((state) => state.exportAs);
	const save = async (format: (typeof listedFormats)[number]['format']) => {
		if (!shown) return;
		for (const { name, file } of await exportAs(format, shown.model.key)) saveBlob(name, file);
	};
	const copy = async () => {
		const sentences = shown?.model.sentences ?? [];
		await navigator.clipboard.writeText(
			sentences.map((one) => bracketed(one, shown?.model.unit === 'word' ? ' ' : '')).join('\n'),
		);
		notify({ text: t('copied', { count: sentences.length }) });
	};
	return (
		<ActionMenu
			label={t('export')}
			button={
				<Button icon={<Download size={14} aria-hidden />} isDisabled={!shown}>
					{t('export')}
				</Button>
			}
			actions={[
				{ id: 'copy', label: t('copy'), detail: '[文本 TYPE]', run: () => void copy() },
				...listedFormats.map(({ format, name, extension }) => ({
					id: format,
					label: formatText(name, language),
					detail: extension,
					run: () => void save(format),
				})),
			]}
		/>
	);
}

/** 我在[北京 GPE]。 */
function bracketed({ characters, spans }: ShownResult['model']['sentences'][number], glue: string): string {
	const pieces: string[] = [];
	let position = 0;
	for (const { start, end, type } of spans) {
		pieces.push(...characters.slice(position, start), `[${characters.slice(start, end).join(glue)} ${type}]`);
		position = end;
	}
	return [...pieces, ...characters.slice(position)].join(glue);
}
