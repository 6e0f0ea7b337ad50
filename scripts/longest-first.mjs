// The order of the unit tests: the files that take longest first, so that none of them begins when the others have
// ended. Vitest knows only what ran on this machine before; on a fresh copy it goes by the size of files.
// `scripts/slowest-tests.mjs` says what to list.

import { relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { projectRoot } from './ensure-installed.mjs';

export const longestFiles = [
	'src/cli/nerco.test.ts',
	'src/cli/terminal.test.ts',
	'src/kernels/reference/composed-numbers.test.ts',
	'src/kernels/conformance.test.ts',
	'src/cli/parity/run-parity.test.ts',
	'src/cli/vectors-command.test.ts',
	'src/worker/space/space-recorder.test.ts',
	'src/worker/space/snapshot-maker.test.ts',
	'src/cli/repeat-train.test.ts',
	'src/model/network.test.ts',
	'src/training/train-run.test.ts',
	'src/storage/mutated-files.test.ts',
	'src/model/network-threads.test.ts',
];

/** Those of the list first, in its order; the others as they are. */
export function longestFirst(files, pathOf = (file) => file) {
	const rank = (file) => {
		const index = longestFiles.indexOf(pathOf(file));
		return index < 0 ? longestFiles.length : index;
	};
	return [...files].sort((one, other) => rank(one) - rank(other));
}

export class LongestFirst extends BaseSequencer {
	async sort(files) {
		const pathOf = ({ moduleId }) => relative(projectRoot, moduleId).replaceAll('\\', '/');
		return longestFirst(await super.sort(files), pathOf);
	}
}
