// Makes fixtures/ from the full reference folder: `node scripts/select-fixtures.mjs REFERENCE_FOLDER`.
// Whole files where they are small; what repeats other cases is left out so that the selection stays under 9 MB,
// 3 MB of them with BERT. JSON is written without white space; tensors keep their exact bytes.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = resolve(dirname(fileURLToPath(import.meta.url)), '../fixtures');
const limitBytes = 9_000_000;
const bertLimitBytes = 3_000_000;

const flatTiny = ['ff_two', 'ff_two-b', 'ff', 'ff_linear', 'attn', 'gate', 'ff_two-2layer'];
const wholeFolders = ['contrastive', 'crf', 'metrics'];
const trajectories = [
	'crf',
	'crf-no-warmup',
	'contrastive',
	'contrastive-zero-batch',
	'contrastive-zero-last-batch',
	'crf-head-only',
];

/** With BERT: cases of each folder, null for all files of a folder that is one case. */
const bertCases = {
	tokenizer: null,
	'bert-files': null,
	'bert-embedding': [
		'characters',
		'length-46-fits',
		'length-47-refused',
		'sep-in-vocabulary',
		'words-several-pieces-first',
	],
	'bert-forward': [
		'dropout-masks',
		'one-layer-one-head-swish-no-eps-key',
		'relu-eps-1e-5',
		'three-layers',
		'token-types',
	],
	windows: ['120-stride-22', '120-stride-23-ties', 'batch-120-47-46-1-stride-10'],
	'bert-base-synthetic': null,
	'flat-bert': ['ff_two-b'],
	'bert-only': null,
	'trajectory-bert': ['crf-unfreeze'],
	'trajectory-finetune': null,
};

/** Of bert-files one file of each container and precision; of trajectories the parameters right after BERT is unfrozen. */
const leftOut = [
	'model-no-prefix.safetensors',
	'model-zip.bin',
	'model-legacy-gamma-beta.bin',
	'model-legacy-no-pooler.bin',
	'after_step_20.safetensors',
];

/** Second temperature: kept for the default fusion only. */
function keepsFlatTinyFile(variant, file) {
	return file !== 'grads_ctr_t0.07.safetensors' || variant === 'ff_two' || variant === 'ff_two-b';
}

/** Parameters after the second and the sixth step: kept for the plain CRF run only. */
function keepsTrajectoryFile(run, file) {
	return run === 'crf' || (file !== 'after_step_2.safetensors' && file !== 'after_step_6.safetensors');
}

function copyFile(from, to) {
	mkdirSync(dirname(to), { recursive: true });
	if (from.endsWith('.json')) writeFileSync(to, `${JSON.stringify(JSON.parse(readFileSync(from, 'utf8')))}\n`);
	else writeFileSync(to, readFileSync(from));
}

function copyFolder(source, folder, keeps = () => true) {
	for (const file of readdirSync(join(source, folder))) {
		if (/\.(json|safetensors|bin)$|^vocab\.txt$/.test(file) && keeps(file)) {
			copyFile(join(source, folder, file), join(target, folder, file));
		}
	}
}

function sizeOf(path) {
	if (!statSync(path).isDirectory()) return statSync(path).size;
	return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

const source = process.argv[2];
if (!source || !existsSync(join(source, 'flat-tiny'))) {
	console.error('usage: node scripts/select-fixtures.mjs REFERENCE_FOLDER (the folder with flat-tiny/, crf/, ...)');
	process.exit(2);
}
const bertGroups = Object.keys(bertCases);
const groups = ['flat-tiny', 'trajectory', ...wholeFolders, ...bertGroups];
for (const group of groups) rmSync(join(target, group), { recursive: true, force: true });
for (const variant of flatTiny) copyFolder(source, `flat-tiny/${variant}`, (file) => keepsFlatTinyFile(variant, file));
for (const folder of wholeFolders) copyFolder(source, folder);
for (const run of trajectories) copyFolder(source, `trajectory/${run}`, (file) => keepsTrajectoryFile(run, file));

for (const [group, cases] of Object.entries(bertCases))
	for (const one of cases ?? ['']) copyFolder(source, join(group, one), (file) => !leftOut.includes(file));

const sizeOfAll = (folders) => folders.reduce((sum, group) => sum + sizeOf(join(target, group)), 0);
const [bytes, bertBytes] = [sizeOfAll(groups), sizeOfAll(bertGroups)];
console.log(`fixtures: ${(bytes / 1e6).toFixed(2)} MB, ${(bertBytes / 1e6).toFixed(2)} MB of them with BERT`);
if (bytes > limitBytes || bertBytes > bertLimitBytes) {
	console.error(`expected at most ${limitBytes / 1e6} MB and ${bertLimitBytes / 1e6} MB`);
	process.exit(1);
}
