// Runs every group of fixtures that a reference folder holds on the asked-for back ends, and gathers the rows.

import { join } from 'node:path';
import type { DeviceName } from '../../experiment/device-info';
import type { Device } from '../../kernels/operations';
import { hasTransformer } from '../../kernels/transformer-operations';
import { bertBaseSynthetic } from './bert-base-synthetic';
import { bertEmbedding } from './bert-embedding';
import { bertFiles } from './bert-files';
import { bertForward } from './bert-forward';
import { bertOnly } from './bert-only';
import { bertStages } from './bert-stages';
import { checkpoint } from './checkpoint';
import { Comparison, type ParityRow } from './comparison';
import { contrastive } from './contrastive';
import { crf } from './crf';
import { embedNorm } from './embed-norm';
import { listFolder } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { flatBert } from './flat-bert';
import { flatTiny } from './flat-tiny';
import { lattice } from './lattice';
import { metrics } from './metrics';
import { pipeline } from './pipeline';
import { tokenizer } from './tokenizer';
import { trajectory, trajectoryBert } from './trajectory';
import { trajectoryFinetune } from './trajectory-finetune';
import { windows } from './windows';

/** All groups, in the order of their reports. A new one is a file beside this and a name here. */
const fixtureGroups: readonly FixtureGroup[] = [
	flatTiny,
	contrastive,
	crf,
	metrics,
	lattice,
	embedNorm,
	checkpoint,
	trajectory,
	pipeline,
	flatBert,
	bertOnly,
	trajectoryBert,
	bertStages,
	trajectoryFinetune,
	tokenizer,
	bertFiles,
	bertEmbedding,
	bertForward,
	windows,
	bertBaseSynthetic,
];

export interface ParityBackend {
	/** For the rows: the device's name, with its build or adapter where the last bits depend on them. */
	label: string;
	name: DeviceName;
	device: Device;
}

export interface ParityRequest {
	/** The folder that holds a folder for each group. */
	reference: string;
	backends: readonly ParityBackend[];
	/** Also what is slow. */
	isFull: boolean;
	/** Only fixtures whose `group/case` begins so. */
	only: string;
	report: (row: ParityRow) => void;
}

/** Tolerances are three times as wide where the sum's order or fused multiplication differs from plain float32. */
function slackOf({ name, device }: ParityBackend): number {
	return name === 'webgpu' || device.info.build === 'relaxed-fma' ? 3 : 1;
}

export async function runParity(request: ParityRequest): Promise<ParityRow[]> {
	const rows: ParityRow[] = [];
	for (const group of fixtureGroups) {
		const folder = join(request.reference, group.name);
		if (listFolder(folder).length === 0) continue;
		const cases = group.cases(folder).filter((name) => `${group.name}/${name}`.startsWith(request.only));
		for (const name of cases) {
			for (const row of await runCase(group, folder, name, request)) {
				rows.push(row);
				request.report(row);
			}
		}
	}
	return rows;
}

async function runCase(
	group: FixtureGroup,
	folder: string,
	name: string,
	request: ParityRequest,
): Promise<ParityRow[]> {
	const fixture = name ? `${group.name}/${name}` : group.name;
	if (!group.needsDevice) {
		return compareCase(group, { folder, name }, new Comparison(fixture, 'none'), null);
	}
	const rows: ParityRow[] = [];
	for (const backend of request.backends) {
		const comparison = new Comparison(fixture, backend.label, slackOf(backend));
		const isLeftOut = !request.isFull && group.isSlow?.(backend.name, name);
		if (isLeftOut) comparison.missing('all', 'slow here: run with --full');
		else if (group.needsTransformer && !hasTransformer(backend.device))
			comparison.missing('all', 'this device has no operations of a transformer');
		else await compareCase(group, { folder, name }, comparison, backend.device);
		rows.push(...comparison.rows);
	}
	return rows;
}

/** A fixture that breaks off is a wrong row, not the end of the others. */
async function compareCase(
	group: FixtureGroup,
	{ folder, name }: { folder: string; name: string },
	comparison: Comparison,
	device: Device | null,
): Promise<ParityRow[]> {
	try {
		await group.run(folder, name, comparison, device);
	} catch (error) {
		comparison.broken(error instanceof Error ? error.message : String(error));
	} finally {
		device?.endStep();
	}
	return comparison.rows;
}
