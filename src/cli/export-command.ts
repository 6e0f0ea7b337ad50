// `nerco export`: a trained model as a state_dict of the published program, or an imported one as a checkpoint.

import { writePublishedModel } from '../model/published-model';
import { type Checkpoint, encodeCheckpoint } from '../storage/checkpoint';
import { requireOutputs, writeOutput } from '../storage/node/output-files';
import { exitCodes, readOptions, required, UsageError } from './command-line';
import { loadCheckpoint } from './load-model';
import { continueUnread, printLines } from './terminal';

export const exportUsage = `nerco export --model FILE --format torch|checkpoint --out FILE
  --model FILE           a checkpoint (model.safetensors), or a PyTorch state_dict (.pt, .bin) with --vocab
  --vocab FILE           vocabularies of the state_dict: JSON with the lists lattice, bigram and label
  --format torch         a PyTorch state_dict that the published program can load; vocabularies go to FILE.vocab.json
  --format checkpoint    a checkpoint of this workbench
  --out FILE             output file
  --force                overwrite --out, but never the input model`;

export async function exportCommand(args: readonly string[]): Promise<number> {
	const options = readOptions(args, {
		model: { type: 'string' },
		vocab: { type: 'string' },
		format: { type: 'string' },
		out: { type: 'string' },
		force: { type: 'boolean', default: false },
	});
	const path = required(options.model, 'model', 'the trained model');
	const out = required(options.out, 'out', 'the output file');
	const format = required(options.format, 'format', 'torch or checkpoint');
	if (format !== 'torch' && format !== 'checkpoint') {
		throw new UsageError(`--format must be torch or checkpoint, not '${format}'`);
	}
	const { force } = options;
	const inputs = options.vocab === undefined ? [path] : [path, options.vocab];
	const outputs = format === 'torch' ? [out, vocabularyFile(out)] : [out];
	await requireOutputs({ outputs, inputs, force });
	continueUnread();
	const checkpoint = await loadCheckpoint(path, options.vocab);
	if (format === 'checkpoint') await writeOutput(out, encodeCheckpoint(checkpoint), force);
	else await writeTorch(checkpoint, out, force);
	printLines(`written to ${out}`);
	return exitCodes.done;
}

function vocabularyFile(out: string): string {
	return `${out}.vocab.json`;
}

async function writeTorch(checkpoint: Checkpoint, out: string, force: boolean): Promise<void> {
	const { bytes, vocabularies } = writePublishedModel(checkpoint);
	await writeOutput(out, bytes, force);
	await writeOutput(vocabularyFile(out), vocabularies, force);
}
