// The command `npm run parity`: do all back ends give the numbers of the published program? Prints one line a
// fixture, back end and quantity; ends with 1 when any is out of tolerance or nothing was compared.

import { parseArgs } from 'node:util';
import { type DeviceName, deviceNames, type KernelsName } from '../experiment/device-info';
import { referenceFolder } from '../testing/shared-data';
import { UserError } from '../util/errors';
import { openDevice, parseKernels } from './open-device';
import type { ParityRow } from './parity/comparison';
import { type ParityBackend, runParity } from './parity/run-parity';

const usage = `npm run parity -- [--json] [--full] [--backend wasm,cpu,webgpu] [--kernels NAME] [--only GROUP/CASE]
  --json     print JSON
  --full     include slow checks: full-size fixtures, all of webgpu
  --backend  back ends to compare (default: all available)
  --kernels  webgpu kernels: fused (default) or composed
  --only     only fixtures whose name starts with this
Set NERCO_REFERENCE to use another fixture folder.`;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			json: { type: 'boolean', default: false },
			full: { type: 'boolean', default: false },
			backend: { type: 'string', default: '' },
			kernels: { type: 'string' },
			only: { type: 'string', default: '' },
			help: { type: 'boolean', default: false },
		},
	});
	const say = values.json ? () => {} : (line: string) => console.log(line);
	if (values.help) {
		console.log(usage);
		return 0;
	}
	const reference = referenceFolder();
	say(`reference: ${reference}`);
	const backends = await openBackends(values.backend, parseKernels(values.kernels), say);
	const report = (row: ParityRow) => say(formatRow(row));
	const rows = await runParity({ reference, backends, isFull: values.full, only: values.only, report });
	for (const { device } of backends) device.dispose();
	if (values.json) console.log(JSON.stringify(rows));
	const compared = rows.filter((row) => !row.missing);
	const wrong = compared.filter((row) => !row.ok);
	say(
		`${compared.length - wrong.length} within tolerance, ${wrong.length} out of tolerance, ${rows.length - compared.length} not compared`,
	);
	return wrong.length > 0 || compared.length === 0 ? 1 : 0;
}

/** The back ends that were named, or all that open; one that was named must open. */
async function openBackends(
	named: string,
	kernels: KernelsName,
	say: (line: string) => void,
): Promise<ParityBackend[]> {
	const asked = named === '' ? null : named.split(',').map(checkName);
	const backends: ParityBackend[] = [];
	for (const name of asked ?? (['wasm', 'cpu', 'webgpu'] as const)) {
		try {
			const { device } = await openDevice(name, kernels);
			backends.push({ name, device, label: device.info.build ? `${name} (${device.info.build})` : name });
			say(`back end: ${name}: ${device.info.label}`);
		} catch (error) {
			if (asked || !(error instanceof UserError)) throw error;
			say(`back end: ${name}: not available: ${error.message}`);
		}
	}
	return backends;
}

function checkName(name: string): DeviceName {
	const found = deviceNames.find((candidate) => candidate === name);
	if (found) return found;
	throw new UserError({
		code: 'parity-backend',
		expected: `back ends from ${deviceNames.join(', ')}`,
		found: `"${name}"`,
		remedy: 'List them after --backend, separated by commas.',
	});
}

function formatRow(row: ParityRow): string {
	const name = `${row.fixture} · ${row.backend} · ${row.quantity}`;
	if (row.missing) return `  --  ${name}: not compared, ${row.missing}`;
	if (row.error) return `FAIL  ${name}: ${row.error}`;
	const { absolute, relative } = row.tolerance;
	const numbers = `abs ${row.maxAbs.toExponential(1)}, rel ${row.maxRel.toExponential(1)}`;
	const allowed =
		absolute === 0 && relative === 0 ? 'exact' : `allowed ${absolute.toExponential(1)} or ${relative.toExponential(1)}`;
	return `${row.ok ? '  ok' : 'FAIL'}  ${name}: ${numbers} (${allowed})`;
}

try {
	process.exitCode = await main();
} catch (error) {
	console.error(error instanceof UserError ? error.message : error);
	process.exitCode = 2;
}
