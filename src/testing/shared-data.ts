// Where tests and benches find reference material: the fixtures that live in the project, and, when they are there,
// the corpora, vectors and full reference tensors beside it. Never imported by the product.

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A path under the material beside the project, or null when it is not there. */
export function sharedPath(relative: string): string | null {
	const path = join(process.env.NERCO_SHARED ?? join(projectRoot, '../shared'), relative);
	return existsSync(path) ? path : null;
}

/** The folder of reference fixtures: NERCO_REFERENCE, else the selection that lives in the project. */
export function referenceFolder(): string {
	return process.env.NERCO_REFERENCE ?? join(projectRoot, 'fixtures');
}

/** The folder of one group of fixtures: under NERCO_REFERENCE, else beside the project, else in it; null when absent. */
export function referencePath(group: string): string | null {
	const roots = process.env.NERCO_REFERENCE
		? [process.env.NERCO_REFERENCE]
		: [sharedPath('reference'), join(projectRoot, 'fixtures')];
	for (const root of roots) if (root && existsSync(join(root, group))) return join(root, group);
	return null;
}
