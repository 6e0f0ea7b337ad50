// `nerco export`: a trained model as a state_dict of the published program, or an imported one as a checkpoint.

import { writePublishedModel } from '../model/published-model';
import { type Checkpoint, encodeCheckpoint } from '../storage/checkpoint';
import { writeFileAtomically } from '../storage/node/files';
import { exitCodes, readOptions, required, UsageError } from './command-line';
import { loadCheckpoint } from './load-model';

export const exportUsage = `nerco export --model FILE --format torch|checkpoint --out FILE
  --model FILE           a checkpoint (model.safetensors), or a PyTorch state_dict (.pt, .bin) with --vocab
  --vocab FILE           vocabularies of the state_dict: JSON with the lists lattice, bigram and label
  --format torch         a PyTorch state_dict that the published program can load; vocabularies go to FILE.vocab.json
  --format checkpoint    a checkpoint of this workbench
  --out FILE             output file`;

export async function exportCommand(args: readonly string[]): Promise<number> {
	const options = readOptions(args, {
		model: { type: 'string' },
		vocab: { type: 'string' },
		format: { type: 'string' },
		out: { type: 'string' },
	});
	const path = required(options.model, 'model', 'the trained model');
	const out = required(options.out, 'out', 'the output file');
	const format = required(options.format, 'format', 'torch or checkpoint');
	if (format !== 'torch' && format !== 'checkpoint') {
		throw new UsageError(`--format must be torch or checkpoint, not '${format}'`);
	}
	const checkpoint = await loadCheckpoint(path, options.vocab);
	if (format === 'checkpoint') await writeFileAtomically(out, encodeCheckpoint(checkpoint));
	else await writeTorch(checkpoint, out);
	console.log(`written to ${out}`);
	return exitCodes.done;
}

async function writeTorch(checkpoint: Checkpoint, out: string): Promise<void> {
	const { bytes, vocabularies } = writePublishedModel(checkpoint);
	await writeFileAtomically(out, bytes);
	await writeFileAtomically(`${out}.vocab.json`, vocabularies);
}
