// Any text, tagged by the model that the last run trained.

import { type FormEvent, useState } from 'react';
import { useRun } from '../run-store-context';
import { SentenceText } from '../sentences/SentenceText';

const example = '王芳和李明在西湖合影。\n张伟从上海搬到了成都。';

export function TagBox() {
	const canTag = useRun((state) => state.canTag);
	const isTagging = useRun((state) => state.isTagging);
	const tagged = useRun((state) => state.tagged);
	const types = useRun((state) => state.entityTypes);
	const tag = useRun((state) => state.tag);
	const [text, setText] = useState(example);

	const submit = (event: FormEvent) => {
		event.preventDefault();
		void tag(text);
	};
	return (
		<section className="tag-box" aria-labelledby="tag-title">
			<h2 id="tag-title">Tag text</h2>
			<form onSubmit={submit}>
				<label>
					<span>Text to tag</span>
					<textarea rows={4} lang="zh-Hans" value={text} onChange={(event) => setText(event.target.value)} />
				</label>
				<div className="row">
					<button type="submit" disabled={!canTag || isTagging}>
						Tag text
					</button>
					<span className="hint">{canTag ? 'One sentence a line' : 'When a run has ended, its model tags here'}</span>
				</div>
			</form>
			{tagged && (
				<>
					<ol className="sentences" lang="zh-Hans" aria-label="Tagged sentences">
						{tagged.sentences.map((sentence, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: sentences have no name but their place
							<li key={index}>
								<SentenceText characters={sentence.characters} spans={sentence.spans} types={types} />
							</li>
						))}
					</ol>
					<UnknownHint {...tagged.characters} />
				</>
			)}
		</section>
	);
}

function UnknownHint({ lookedUp, unknown }: { lookedUp: number; unknown: number }) {
	if (lookedUp + unknown === 0) return null;
	const parts = [lookedUp > 0 && `${lookedUp} taken from the vector file`, unknown > 0 && `${unknown} unknown`];
	return <p className="hint">Characters that training never saw: {parts.filter(Boolean).join(', ')}.</p>;
}
