import { expect, test } from 'vitest';
import { UserError } from '../../util/errors';
import { parseSettings, runRequest } from './run-request';

const form = { corpus: 'own' as const, files: {}, preset: 'smoke', seed: '', settings: '', continuesSaved: false };
const file = new File(['我 O\n'], 'a.conll');

test('settings are read one a line', () => {
	expect(parseSettings('# faster\nstages.0.epochs = 2\n\nmodel.heads=4\n')).toEqual({
		'stages.0.epochs': '2',
		'model.heads': '4',
	});
});

test('a setting without a value is named with its line', () => {
	expect(() => parseSettings('model.heads=4\nstages.0.epochs')).toThrow(/Settings:2: /);
});

test('own files need train and dev', async () => {
	await expect(runRequest({ ...form, files: { train: file } })).rejects.toBeInstanceOf(UserError);
	const request = await runRequest({ ...form, files: { train: file, dev: file } });
	expect(request.files.train.name).toBe('a.conll');
	expect(request.files.test).toBeNull();
});

test('a seed must be a whole number', async () => {
	const files = { train: file, dev: file };
	await expect(runRequest({ ...form, files, seed: '1.5' })).rejects.toMatchObject({ code: 'seed-not-a-number' });
	expect((await runRequest({ ...form, files, seed: ' 24 ' })).seed).toBe(24);
});
