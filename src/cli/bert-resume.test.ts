// The command with BERT, killed on both sides of BERT's unfreezing and resumed from its file.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { readSafetensors } from '../storage/safetensors';
import { runNerco, smallCorpus } from '../testing/nerco-process';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-bert-resume-'));
	writeFileSync(at('train.txt'), smallCorpus(24));
	writeFileSync(at('dev.txt'), smallCorpus(6));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const smokeBert = join(import.meta.dirname, '../../models/smoke-bert');
const command = (out: string) => [
	...['train', '--preset', 'smoke-bert', '--backend', 'wasm', '--set', 'model.lexicon=false', '--bert', smokeBert],
	...['--train', 'train.txt', '--dev', 'dev.txt', '--out', out, '--epochs', '1,1,4', '--resume'],
];

/** Kills the process when its log says that the epoch of the last stage is done. */
function killedAfter(out: string, epoch: number) {
	return runNerco(command(out), {
		cwd: folder,
		onOutput: (text, child) => new RegExp(`full epoch ${epoch}/4  `).test(text) && child.kill('SIGKILL'),
	});
}

function measured(out: string) {
	const lines = readFileSync(at(`${out}/metrics.jsonl`), 'utf8')
		.trim()
		.split('\n');
	return lines.flatMap((line) => {
		const event: TrainingEvent = JSON.parse(line);
		if (event.kind === 'step') return [[event.stage, event.step, event.loss]];
		return event.kind === 'epoch-finished' ? [[event.stage, event.epoch, event.trainLoss, event.dev?.loss]] : [];
	});
}

function modelBytes(out: string) {
	const { tensors } = readSafetensors(readFileSync(at(`${out}/model.safetensors`)));
	return [...tensors].map(([name, { bytes }]) => [name, Buffer.from(bytes).toString('base64')]);
}

test('killed while BERT rests and again while it is trained, a run ends as one that was left alone', async () => {
	expect(await runNerco(command('whole'), { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
	const sizeOf = () => statSync(at('killed/resume.safetensors')).size;
	expect((await killedAfter('killed', 1)).code).toBeNull();
	const resting = sizeOf();
	expect((await killedAfter('killed', 3)).code).toBeNull();
	expect(sizeOf()).toBeGreaterThan(1.5 * resting);
	expect(await runNerco(command('killed'), { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
	expect(measured('killed')).toEqual(measured('whole'));
	expect(modelBytes('killed')).toEqual(modelBytes('whole'));
});
