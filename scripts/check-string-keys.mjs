// Objects that are looked up by text: a name of the user such as `constructor` or `__proto__` finds something in every plain
// object, so what is keyed by text of the user is a Map. `node scripts/check-string-keys.mjs [SOURCE_FOLDER]` lists each
// `Record<string, …>` and index signature that is not in the list below, and exits 1.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { strippedCode } from './check-floors.mjs';

const ours = 'a table of ours, asked by names of ours, or through ownValue or Object.hasOwn';
const serialised =
	'stored as JSON or sent to the worker: made by Object.fromEntries, read by ownValue or Object.entries';
const roles = 'keyed by the roles of input files, which are ours';
const settings = 'keyed by the paths of settings; unknown paths are refused before they are looked up';
const ids = 'keyed by ids, read by ownValue; written by computed keys, which define a property of any name';
const counts = 'named numbers or columns of ours';
const parts = 'parts of a stored item, which this program names';
const programs = 'names of buffers, bindings and numbers in programs for the GPU';
const parity = 'the files of the fixtures, whose names are known';

/** Folders, and files with how many there may be, each with the reason. */
const folders = { 'kernels/webgpu/': programs, 'projection/webgpu/': programs, 'cli/parity/': parity };
const files = {
	'analysis/published-metric.ts': [1, serialised],
	'analysis/score-reports.ts': [1, ours],
	'cli/corpus-command.ts': [1, ours],
	'cli/nerco.ts': [1, ours],
	'cli/read-inputs.ts': [3, roles],
	'cli/result-file.ts': [4, roles],
	'cli/ready-run.ts': [1, roles],
	'cli/resume-run.ts': [2, roles],
	'cli/same-run.ts': [1, settings],
	'cli/vectors-command.ts': [1, ours],
	'cli/versions.ts': [1, ours],
	'data/decode-text.ts': [1, ours],
	'data/corpus-checks/finding.ts': [2, serialised],
	'data/corpus-checks/mentions.ts': [1, counts],
	'data/formats/changes.ts': [2, ours],
	'data/formats/format-list.ts': [1, ours],
	'data/formats/parquet.ts': [1, ours],
	'data/formats/read-choices.ts': [2, ours],
	'data/formats/split-names.ts': [1, ours],
	'data/tag-scheme.ts': [1, ours],
	'data/vectors/vector-formats.ts': [1, ours],
	'experiment/config-versions.ts': [4, settings],
	'experiment/events.ts': [1, serialised],
	'experiment/run-command.ts': [1, roles],
	'state/models.ts': [1, ids],
	'state/new-run.ts': [1, settings],
	'state/preferences.ts': [5, serialised],
	'state/result-exports.ts': [1, ours],
	'state/result-rows.ts': [1, ids],
	'state/results.ts': [1, ids],
	'state/route.ts': [1, 'the query of an address: made by Object.fromEntries, asked by names of ours'],
	'state/run-form.ts': [3, settings],
	'state/space-settings.ts': [3, ours],
	'state/space.ts': [1, ids],
	'state/split-anew.ts': [1, settings],
	'state/tagging.ts': [1, ids],
	'state/train-on.ts': [1, settings],
	'state/workspace-samples.ts': [1, ours],
	'state/workspace.ts': [1, ids],
	'storage/bert/config-file.ts': [3, 'tables of ours, asked by ownValue'],
	'storage/checkpoint.ts': [2, roles],
	'storage/node/file-errors.ts': [1, ours],
	'storage/resume-state.ts': [4, roles],
	'storage/safetensors.ts': [6, serialised],
	'storage/workbench-file.ts': [3, serialised],
	'storage/workspace/run-record.ts': [3, roles],
	'storage/workspace/workspace.ts': [3, parts],
	'training/encode-text.ts': [1, 'the two tables of a network'],
	'training/run-checkpoint.ts': [2, roles],
	'ui/kit/charts/CurveChart.tsx': [1, 'rows of a chart, asked by rowKey'],
	'ui/kit/charts/curve.ts': [2, 'rows of a chart, asked by rowKey'],
	'ui/kit/controls/Keys.tsx': [1, ours],
	'ui/pages/data/ImportProblem.tsx': [1, ours],
	'ui/pages/results/use-results-query.ts': [2, 'the query of an address, asked by names of ours'],
	'ui/pages/space/map/MapCanvas.tsx': [1, ours],
	'ui/pages/space/map/use-map-palette.ts': [1, ours],
	'ui/pages/space/measure-list.ts': [1, counts],
	'ui/pages/space/use-group-names.ts': [1, ours],
	'ui/pages/train/use-form-address.ts': [1, 'the query of an address, asked by names of ours'],
	'ui/words/error-words-zh.ts': [4, ours],
	'ui/pages/data/import-words.ts': [3, ours],
	'ui/words/run-message-words.ts': [3, ours],
	'ui/words/words.ts': [2, ours],
	'util/csv.ts': [1, counts],
	'util/own-value.ts': [1, 'the look-up itself'],
	'util/printable.ts': [1, ours],
	'wire/imports.ts': [1, serialised],
	'wire/runs.ts': [1, settings],
	'wire/tasks.ts': [1, counts],
	'worker/runs/begin-run.ts': [1, roles],
	'worker/runs/fingerprint.ts': [2, roles],
	'worker/items/held-work.ts': [1, parts],
	'worker/corpora/import-corpus.ts': [1, parts],
	'worker/results/import-run.ts': [2, serialised],
	'worker/runs/run-input.ts': [4, roles],
	'worker/runs/run-keeper.ts': [2, parts],
	'worker/runs/run-source.ts': [3, roles],
	'worker/runs/saved-run.ts': [1, roles],
	'worker/service-worker.ts': [1, ours],
	'worker/space/space-export.ts': [4, counts],
	'worker/space/space-recorder.ts': [4, parts],
	'worker/space/space-store.ts': [2, parts],
	'worker/vectors/train-vectors.ts': [1, counts],
	'worker/vectors/vectors-handlers.ts': [1, counts],
};

/** Values of an unknown kind are JSON of others, checked key by key; of `never`, an empty object; `satisfies`, a constant. */
const keyed = /(?<!satisfies (?:Partial<)?)\bRecord<string,(?!\s*(?:unknown|never)>)|\[\w+: string\]/g;

function listFiles(folder) {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) return listFiles(path);
		return /\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name) ? [path] : [];
	});
}

/** One line for each that is too many: `path:line: what`. */
export function checkStringKeys(root) {
	return listFiles(root).flatMap((file) => {
		const path = relative(root, file).replaceAll('\\', '/');
		if (path.startsWith('testing/') || Object.keys(folders).some((folder) => path.startsWith(folder))) return [];
		const code = strippedCode(readFileSync(file, 'utf8'), { keepStrings: false });
		const lines = [...code.matchAll(keyed)].map(({ index }) => code.slice(0, index).split('\n').length);
		const [allowed] = Object.hasOwn(files, path) ? files[path] : [0];
		if (lines.length <= allowed) return [];
		const list = allowed === 0 ? 'a reason in' : `${lines.length} instead of ${allowed} in`;
		const remedy = `make it a Map where users name the keys, else give it ${list} scripts/check-string-keys.mjs`;
		return lines.map((line) => `${path}:${line}: an object keyed by any text: ${remedy}`);
	});
}

function main() {
	const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
	const complaints = checkStringKeys(resolve(process.argv[2] ?? join(projectRoot, 'src')));
	for (const complaint of complaints) console.error(complaint);
	console.log(complaints.length === 0 ? 'string keys: all have a reason' : `string keys: ${complaints.length} without`);
	process.exitCode = complaints.length === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
