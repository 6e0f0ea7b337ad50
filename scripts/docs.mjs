// `npm run docs [-- --out FOLDER]`: API pages in api-docs/ for the modules that others could use alone: devices and training,
// scorers, corpus formats, projections. typedoc and the TypeScript that it needs are installed apart from ours (scripts/api-docs/).

import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled, findOutdatedPackage, projectRoot } from './ensure-installed.mjs';

const toolFolder = join(projectRoot, 'scripts/api-docs');

/** Files of src that the pages describe. */
export const entryPoints = [
	'experiment/config.ts',
	'experiment/events.ts',
	'kernels/operations.ts',
	'kernels/parameters.ts',
	'kernels/select.ts',
	'model/network.ts',
	'training/train-run.ts',
	'training/tag-text.ts',
	'analysis/span-scores.ts',
	'analysis/span-readings.ts',
	'analysis/paired-bootstrap.ts',
	'analysis/span-marginals.ts',
	'data/corpus.ts',
	'data/formats/reading.ts',
	'data/formats/read-corpus.ts',
	'data/formats/write-corpus.ts',
	'storage/safetensors.ts',
	'storage/torch-state-dict.ts',
	'projection/projection.ts',
	'projection/umap.ts',
	'projection/map-quality.ts',
].map((path) => `src/${path}`);

function main() {
	const { values } = parseArgs({ options: { out: { type: 'string', default: join(projectRoot, 'api-docs') } } });
	ensureInstalled();
	if (findOutdatedPackage(toolFolder) !== null) {
		const installed = spawnSync('npm', ['ci', '--ignore-scripts'], {
			cwd: toolFolder,
			stdio: 'inherit',
			shell: process.platform === 'win32',
		});
		if (installed.status !== 0) throw new Error('the tools of scripts/api-docs could not be installed; see above');
	}
	const options = [
		...entryPoints.flatMap((path) => ['--entryPoints', path]),
		...['--tsconfig', 'tsconfig.json', '--out', resolve(values.out)],
		...['--name', 'NerCo Workbench', '--readme', 'docs/architecture.md'],
		...['--excludePrivate', '--excludeInternal', '--disableSources', '--skipErrorChecking'],
		...['--validation.notExported', 'false', '--validation.invalidLink', 'false', '--logLevel', 'Warn'],
	];
	const typedoc = join(toolFolder, 'node_modules/typedoc/bin/typedoc');
	process.exitCode =
		spawnSync(process.execPath, [typedoc, ...options], { cwd: projectRoot, stdio: 'inherit' }).status ?? 1;
	if (process.exitCode === 0) console.log(`${resolve(values.out)}/index.html`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
