// `nerco info`: the version, the devices that probing finds, the presets with their stages; or what a BERT folder holds.

import { scoringRules, scoringRuleTitles } from '../experiment/events';
import type { Preset } from '../experiment/preset-parts';
import { presets } from '../experiment/presets';
import { publishedResults } from '../experiment/published-results';
import { probeDevices } from '../kernels/select';
import { bertInfo } from './bert-info';
import { exitCodes, readFilesAndOptions, UsageError } from './command-line';
import { offerNodeGpu } from './open-device';
import { printJson, printLines } from './terminal';
import { packageVersion } from './versions';

export const infoUsage = `nerco info [FOLDER] [--json]
  FOLDER                 say what this BERT model is instead; also as --bert FOLDER
  --json                 print one JSON object`;

export async function infoCommand(args: readonly string[]): Promise<number> {
	const { files, options } = readFilesAndOptions(args, { json: { type: 'boolean' }, bert: { type: 'string' } });
	const folders = [...files, ...(options.bert === undefined ? [] : [options.bert])];
	if (folders.length > 1) throw new UsageError(`one folder at a time, not ${folders.length}`);
	if (folders.length === 1) return bertInfo(folders[0], options.json === true);
	await offerNodeGpu();
	const devices = await probeDevices();
	if (options.json) {
		printJson({ version: packageVersion, node: process.versions.node, devices, presets, publishedResults });
		return exitCodes.done;
	}
	const lines = [`nerco-workbench ${packageVersion}, Node ${process.versions.node}`, '', 'devices:'];
	for (const { name, isAvailable, isSoftware, finding } of devices) {
		const state = isAvailable ? (isSoftware ? 'only on request, emulated' : 'available') : 'not available';
		lines.push(`  ${name.padEnd(8)} ${state}: ${finding}`);
	}
	lines.push('', 'presets:');
	for (const preset of presets) {
		lines.push(`  ${preset.name.padEnd(20)} ${preset.title.en}`, `    ${preset.summary.en}`, ...stageLines(preset));
	}
	lines.push('', 'scorers:', ...scoringRules.map((rule) => `  ${rule.padEnd(20)} ${scoringRuleTitles[rule].en}`));
	lines.push('', 'published test F1 (gigaword vectors, lexicon yj):');
	for (const { method, corpus, testF1, usesBert } of publishedResults) {
		lines.push(
			`  ${method.padEnd(6)} ${corpus.padEnd(12)} ${(100 * testF1).toFixed(2)}${usesBert ? '  uses BERT' : ''}`,
		);
	}
	printLines(...lines);
	return exitCodes.done;
}

function stageLines({ config }: Preset): string[] {
	return config.stages.map(({ name, batchSize, epochs, optimizer }) => {
		const { kind, learningRate, warmup, weightDecay } = optimizer;
		return `    ${name}: batch size ${batchSize}, up to ${epochs} epochs, ${kind} ${learningRate}, warm-up ${warmup}, weight decay ${weightDecay}`;
	});
}
