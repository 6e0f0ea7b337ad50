// Runs the suites of a bench: `npm run bench -- [step|contrastive|bert|memory|tag|tables|vectors|forecast|page|projection] [--backend wasm,webgpu,cpu] [--torch cpu|cuda]
// [--only TEXT] [--json FILE] [--full]`: medians after warm-up as Markdown tables, and as JSON (bench-row.ts says what the columns mean).
// Times compare devices, forms and shapes within one run on one machine. Without names all suites but `page`, `projection` and `bert` run, and end
// within twenty minutes.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type DeviceName, deviceNames } from '../src/experiment/device-info';
import { probeDevices } from '../src/kernels/select';
import { BenchSession } from './bench-session';
import { bertSuite } from './bert-suite';
import { forecastSuite } from './forecast-suite';
import { watchDevices } from './memory-meters';
import { memorySuite, tablesSuite } from './memory-suite';
import { pageSuite } from './page-suite';
import { projectionSuite } from './projection-suite';
import { contrastiveSuite, stepSuite } from './step-suites';
import { tagSuite } from './tag-suite';
import { findTorch } from './torch-times';
import { vectorsSuite } from './vectors-suite';

const limitSeconds = 17 * 60; // a case that has begun is finished

/** In the order in which they run: what is quick comes first, so that a slow machine still gives most results. */
const suites: Record<string, (session: BenchSession) => Promise<void>> = {
	memory: memorySuite,
	tables: tablesSuite,
	vectors: vectorsSuite,
	forecast: forecastSuite,
	tag: tagSuite,
	page: pageSuite,
	step: stepSuite,
	contrastive: contrastiveSuite,
	bert: bertSuite,
	projection: projectionSuite,
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		backend: { type: 'string' },
		json: { type: 'string' },
		full: { type: 'boolean', default: false },
		torch: { type: 'string', default: 'cpu' },
		only: { type: 'string', default: '' },
	},
});
// These have time of their own.
const onlyWhenNamed = ['page', 'projection', 'bert'];
const asked =
	positionals.length > 0 ? positionals : Object.keys(suites).filter((name) => !onlyWhenNamed.includes(name));
const backends = values.backend?.split(',');
const unknown =
	asked.find((name) => !Object.hasOwn(suites, name)) ??
	backends?.find((name) => !deviceNames.includes(name as DeviceName));
if (unknown !== undefined) {
	console.error(
		`unknown name: ${unknown}. Suites: ${Object.keys(suites).join(', ')}; back ends: ${deviceNames.join(', ')}`,
	);
	process.exit(2);
}

await watchDevices();
const needsTorch = asked.some((name) => ['step', 'contrastive', 'bert'].includes(name));
const webgpu = (await probeDevices()).find(({ name }) => name === 'webgpu');
if (!webgpu?.isAvailable) console.log(`<!-- no webgpu: ${webgpu?.finding} -->`);
const defaultBackends: DeviceName[] = webgpu?.isAvailable ? ['wasm', 'webgpu'] : ['wasm'];
const session = new BenchSession({
	backends: (backends as DeviceName[] | undefined) ?? defaultBackends,
	isGpuSlow: webgpu?.isSoftware ?? false,
	isFull: values.full,
	only: values.only,
	python: needsTorch ? findTorch() : null,
	torchDevice: values.torch === 'cuda' ? 'cuda' : 'cpu',
	limitSeconds,
});
for (const name of asked) if (!session.isOver()) await suites[name](session);
await session.finish();
if (values.json)
	writeFileSync(values.json, `${JSON.stringify([...session.rows, ...session.projections], null, '\t')}\n`);
process.exit(0); // a GPU driver may keep the process alive
