import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrangeBatch } from '../../data/arrange-batch';
import { fusionNames } from '../../experiment/config';
import type { Device } from '../../kernels/operations';
import { createReferenceDevice } from '../../kernels/reference/device';
import { publishedTensors, readPublishedStateDict } from '../../storage/published-checkpoint';
import { storeNumbers } from '../../storage/stored-tensor';
import { tinyLabels, tinySentences, tinyShape } from '../../testing/tiny-network';
import { UserError } from '../../util/errors';
import { RandomStream } from '../../util/random';
import { Network } from '../network';
import { positionTable } from '../position-table';
import { layOutNetwork } from '../shape';
import { fusions } from './fusions';
import { fusionPrefix } from './position-fusion';

let device: Device;
beforeAll(async () => {
	device = await createReferenceDevice();
});
afterAll(() => device.dispose());

test('the setting offers every fusion, and no other', () => {
	expect([...fusionNames].sort()).toEqual(Object.keys(fusions).sort());
});

test.each(Object.keys(fusions) as (keyof typeof fusions)[])(
	'every parameter of the fusion %s has the gradient that finite differences give',
	async (fusion) => {
		const network = new Network(device, tinyShape({ fusion }), tinyLabels);
		const stream = new RandomStream(9);
		const start = Float32Array.from({ length: network.layout.size }, () => 0.6 * stream.uniform() - 0.3);
		network.load(start);
		const { distanceKind } = fusions[fusion];
		const batch = arrangeBatch(tinySentences(2, 4), [0, 1], { layout: device.rowLayout, distanceKind });
		const call = { objective: 'crf', trains: 'all', temperature: 0.1, seed: 3, step: 5 } as const;
		await network.train(batch, call);
		const gradients = await device.readGradients();
		const own = network.layout.entries.filter(({ name }) => name.startsWith(fusionPrefix));
		expect(own.length).toBeGreaterThan(0);
		for (const { name, offset, size } of own) {
			const direction = gradients.map((value, index) => (index >= offset && index < offset + size ? value : 0));
			const steepness = Math.hypot(...direction);
			expect(steepness, name).toBeGreaterThan(0);
			const lossAt = async (distance: number) => {
				network.load(start.map((value, index) => value + (distance * direction[index]) / steepness));
				return (await network.evaluate(batch, call)).loss;
			};
			const slope = ((await lossAt(0.02)) - (await lossAt(-0.02))) / 0.04;
			expect(Math.abs(slope - steepness), name).toBeLessThan(2e-4 + 0.03 * steepness);
		}
	},
);

test.each(fusionNames)('a published file of a network with the fusion %s says so, or is refused', (fusion) => {
	const network = tinyShape({ fusion });
	const parameters = new Map(
		layOutNetwork(network).entries.map(({ name, size, shape }) => [
			name,
			storeNumbers(new Float32Array(size), [...shape]),
		]),
	);
	const rowOfId = { lattice: new Int32Array(network.latticeRows), bigram: new Int32Array(network.bigramRows) };
	let state: ReturnType<typeof publishedTensors>;
	try {
		state = publishedTensors({ network, parameters, rowOfId, positionTable });
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return;
	}
	expect(readPublishedStateDict(new Map(state), positionTable).network.model.fusion).toBe(fusion);
});
