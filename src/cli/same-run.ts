// Whether a command line says the run that a folder holds: differences are refused by name, with both values.

import type { ExperimentConfig } from '../experiment/config';
import { UserError } from '../util/errors';

export interface KnownInput {
	/** Absent where the folder does not say. */
	file?: string;
	sha256: string;
}

/** Throws a UserError `run-folder-other-setting` that names each setting that differs. */
export function requireSameSettings(folder: string, saved: ExperimentConfig, given: ExperimentConfig): void {
	const differences = differencesOf(JSON.parse(JSON.stringify(saved)), JSON.parse(JSON.stringify(given)), '');
	if (differences.length === 0) return;
	const list = (side: 'saved' | 'given') => {
		const shown = differences.slice(0, maxNamed).map((one) => `${one.path}=${one[side]}`);
		const more = differences.length - shown.length;
		return `${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
	};
	throw new UserError({
		code: 'run-folder-other-setting',
		location: { file: folder },
		expected: `the settings of the run in this folder: ${list('saved')}`,
		found: list('given'),
		remedy: 'Repeat the command that started the run, or choose another --out.',
	});
}

const maxNamed = 8;

interface Difference {
	path: string;
	saved: string;
	given: string;
}

function differencesOf(saved: unknown, given: unknown, path: string): Difference[] {
	if (isTree(saved) && isTree(given)) {
		const keys = new Set([...Object.keys(saved), ...Object.keys(given)]);
		return [...keys].flatMap((key) => {
			return differencesOf(saved[key], given[key], path === '' ? key : `${path}.${key}`);
		});
	}
	const texts = [saved, given].map((value) => (value === undefined ? 'none' : JSON.stringify(value)));
	return texts[0] === texts[1] ? [] : [{ path, saved: texts[0], given: texts[1] }];
}

function isTree(value: unknown): value is { [key: string]: unknown } {
	return typeof value === 'object' && value !== null;
}

/** Throws a UserError `resume-other-input` when the run has read another file for a role than the one that is given. */
export function requireSameInput(role: string, saved: KnownInput | null, given: KnownInput | null): void {
	if (saved?.sha256 === given?.sha256) return;
	throw new UserError({
		code: 'resume-other-input',
		location: { file: given?.file ?? saved?.file },
		expected: `for --${optionOf(role)} the same file as at the start of the run: ${describe(saved)}`,
		found: describe(given),
		remedy: 'Use the same files, or choose another --out.',
	});
}

function describe(input: KnownInput | null): string {
	return input ? `${input.file ?? 'a file'} (SHA-256 ${input.sha256.slice(0, 12)})` : 'none';
}

function optionOf(role: string): string {
	return role.replace('character', 'char').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
