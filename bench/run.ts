// `npm run bench -- [step] [contrastive] [--backend wasm,cpu,webgpu] [--json FILE]`: how long one training step takes on
// each back end, as medians after warm-up. Times compare back ends and shapes within one run on one machine; they are
// no absolute figures.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDevice } from '../src/cli/open-device';
import { type DeviceName, deviceNames } from '../src/experiment/device-info';
import { contrastiveCases, type StepCase, stepCases } from './step-cases';
import { measureStep, type StepTimes } from './step-times';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		backend: { type: 'string', default: 'wasm' },
		json: { type: 'string' },
		full: { type: 'boolean', default: false },
	},
});
const suites: Record<string, readonly StepCase[]> = { step: stepCases, contrastive: contrastiveCases };
const asked = positionals.length > 0 ? positionals : Object.keys(suites);
const unknown = asked.find((name) => !(name in suites)) ?? values.backend.split(',').find((name) => !isDevice(name));
if (unknown) {
	console.error(`unknown: ${unknown}. Suites: ${Object.keys(suites).join(', ')}; back ends: ${deviceNames.join(', ')}`);
	process.exit(2);
}

function isDevice(name: string): name is DeviceName {
	return (deviceNames as readonly string[]).includes(name);
}

const rows: StepTimes[] = [];
console.log('| case | back end | ms a step (median) | of them processor ms | characters a second | MB |');
console.log('|---|---|---|---|---|---|');
for (const request of values.backend.split(',').filter(isDevice)) {
	const { device } = await openDevice(request);
	const isSlow = request === 'cpu' || device.info.isSoftware;
	for (const bench of asked.flatMap((name) => suites[name])) {
		if (isSlow && bench.isLarge && !values.full) continue;
		const row = await measureStep(device, bench, isSlow ? 3 : 10);
		rows.push(row);
		const cells = [row.msMedian, row.cpuMsMedian, row.charactersPerSecond, row.bytes / 1e6].map((n) => n.toFixed(0));
		const mark = device.info.isSoftware ? ' (software adapter)' : '';
		console.log(`| ${row.case} | ${device.info.label}${mark} | ${cells.join(' | ')} |`);
	}
	device.dispose();
}
if (values.json) writeFileSync(values.json, JSON.stringify(rows, null, '\t'));
