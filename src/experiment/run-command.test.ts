import { expect, test } from 'vitest';
import { configVersion } from './config-versions';
import { presetConfig } from './presets';
import { runCommand } from './run-command';

test('the command names preset, seed, files and what differs from the preset', () => {
	const config = presetConfig('flat-weibo');
	config.seed = 7;
	config.stages[0].batchSize = 4;
	const names = { train: "it's.txt", dev: 'dev.txt', characterVectors: 'uni.vec' };
	expect(runCommand(config, names)).toBe(
		"npm run nerco -- train --preset flat-weibo --seed 7 --train 'it'\\''s.txt' --dev dev.txt --char-vectors uni.vec" +
			` --settings-version ${configVersion()} --set stages.0.batchSize=4 --out runs/flat-weibo-7`,
	);
});

test('the command names a changed group of parameters by its stage', () => {
	const config = presetConfig('resume-bert');
	config.stages[2].groups.bert.rate = 0.1;
	expect(runCommand(config, {})).toContain(' --set stages.2.groups.bert.rate=0.1 --out runs/resume-bert-24');
});

test('a stored corpus is replaced by the files that it is exported to, and fitted epochs are written out', () => {
	const config = presetConfig('sample', 200);
	const command = runCommand(config, { corpus: 'My corpus' });
	expect(command).toContain("--train 'My corpus.train.conll'");
	expect(command).toContain(`--set stages.0.epochs=${config.stages[0].epochs}`);
	expect(runCommand({ ...config, preset: 'unheard-of' }, {})).toBeNull();
});
