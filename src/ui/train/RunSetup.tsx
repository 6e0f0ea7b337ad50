// What to train and on what: corpus, preset, seed, single settings. Starting is one button.

import { type FormEvent, useState } from 'react';
import { findPreset, presets } from '../../experiment/presets';
import { isActive } from '../../state/run';
import { go } from '../navigation/navigation';
import { useRun } from '../run-store-context';
import { type ChosenFiles, fileSlots, runRequest } from './run-request';

export function RunSetup() {
	const start = useRun((state) => state.start);
	const active = useRun((state) => isActive(state.run));
	const saved = useRun((state) => state.saved);
	const hasDevice = useRun((state) => state.device !== null);
	const [corpus, setCorpus] = useState<'smoke' | 'own'>('smoke');
	const [files, setFiles] = useState<ChosenFiles>({});
	const [preset, setPreset] = useState('smoke');
	const [seed, setSeed] = useState('');
	const [settings, setSettings] = useState('');

	const begin = (continuesSaved: boolean) => {
		void start(runRequest({ corpus, files, preset, seed, settings, continuesSaved }));
		go('train');
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		begin(false);
	};
	return (
		<form className="setup" aria-label="New run" onSubmit={submit}>
			<div className="fields">
				<label>
					<span>Corpus</span>
					<select value={corpus} onChange={(event) => setCorpus(event.target.value as 'smoke' | 'own')}>
						<option value="smoke">Smoke corpus, 100 sentences</option>
						<option value="own">Own files</option>
					</select>
				</label>
				<label>
					<span>Preset</span>
					<select value={preset} onChange={(event) => setPreset(event.target.value)}>
						{presets.map(({ name }) => (
							<option key={name}>{name}</option>
						))}
					</select>
				</label>
				<label className="narrow">
					<span>Seed</span>
					<input
						value={seed}
						inputMode="numeric"
						placeholder="preset’s"
						onChange={(event) => setSeed(event.target.value)}
					/>
				</label>
				<button className="button button-ink button-large" type="submit" disabled={active || !hasDevice}>
					Start training
				</button>
			</div>
			{saved && !active && (
				<div className="row">
					<button type="button" disabled={!hasDevice} onClick={() => begin(true)}>
						Continue saved run
					</button>
					<span className="hint">
						{saved.preset}, stage {saved.stage}, epoch {saved.epoch}; on the files that it began with
					</span>
				</div>
			)}
			<p className="hint">{findPreset(preset).summary.en}</p>
			{corpus === 'own' && <FileFields files={files} onChange={setFiles} />}
			<details>
				<summary>Change single settings</summary>
				<label>
					<span>One a line, as on the command line: stages.0.epochs=4</span>
					<textarea
						rows={3}
						spellCheck={false}
						aria-label="Settings"
						value={settings}
						onChange={(event) => setSettings(event.target.value)}
					/>
				</label>
			</details>
		</form>
	);
}

function FileFields({ files, onChange }: { files: ChosenFiles; onChange(files: ChosenFiles): void }) {
	return (
		<div className="fields files">
			{fileSlots.map(({ slot, label, hint }) => (
				<label key={slot}>
					<span>{label}</span>
					<input
						type="file"
						title={hint}
						onChange={(event) => onChange({ ...files, [slot]: event.target.files?.[0] ?? undefined })}
					/>
				</label>
			))}
		</div>
	);
}
