import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { semanticClasses } from '../../experiment/labels';
import { readSafetensors } from '../../storage/safetensors';
import { readDoubles, readFloats, readIntegers } from '../../storage/stored-tensor';
import { drawIntegers, drawNumbers, firstDifference, numericGradient } from '../../testing/numeric-gradient';
import { referencePath } from '../../testing/shared-data';
import { openWasmBuilds } from '../../testing/wasm-builds';

const devices = await openWasmBuilds();
afterEach(() => {
	for (const [, device] of devices) device.endStep();
});

interface Setting {
	classes: ArrayLike<number>;
	classCount: number;
	outsideClass: number;
	temperature: number;
}

/** Each class's term, pair by pair as the loss is defined. */
function termsOracle(
	x: ArrayLike<number>,
	width: number,
	{ classes, classCount, outsideClass, temperature }: Setting,
): number[] {
	const tokens = Array.from(classes, (_, row) => row).filter((row) => classes[row] >= 0);
	const unit = tokens.map((row) => {
		const values = Array.from({ length: width }, (_, k) => x[row * width + k]);
		const norm = Math.max(Math.hypot(...values), 1e-12);
		return values.map((value) => value / norm);
	});
	const similarity = (i: number, j: number) =>
		unit[i].reduce((sum, value, k) => sum + value * unit[j][k], 0) / temperature;
	return Array.from({ length: classCount }, (_, name) => {
		const own = tokens.flatMap((row, i) => (classes[row] === name ? [i] : []));
		const others = tokens.flatMap((row, i) => (classes[row] === name ? [] : [i]));
		if (name === outsideClass || own.length < 2 || others.length === 0) return 0;
		let sum = 0;
		for (const i of own) {
			const negatives = others.reduce((total, n) => total + Math.exp(similarity(i, n)), 0);
			for (const j of own) {
				if (j !== i) sum += Math.log(Math.exp(similarity(i, j)) + negatives) - similarity(i, j);
			}
		}
		return sum / (own.length * (own.length - 1));
	});
}

const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe.each(devices)('%s', (_, device) => {
	test.each([
		[8, 0.07, 0],
		[5, 0.5, -1],
		[3, 1, 2],
	])(
		'width %i, temperature %f, outside class %i: terms and gradient as defined',
		async (width, temperature, outsideClass) => {
			const rows = 23;
			const setting = { classes: drawIntegers(3, rows, -1, 4), classCount: 5, outsideClass, temperature };
			const x = drawNumbers(4, rows * width);
			const call = { ...setting, features: device.upload(x, rows, width) };
			const { loss, perClass, saved } = device.contrastiveLoss(call);
			const terms = termsOracle(x, width, setting);
			expect(terms.filter((term) => term !== 0).length).toBeGreaterThan(1);
			expect(firstDifference(await device.read(perClass), terms, 2e-6)).toBe(null);
			expect(firstDifference(await device.read(loss), [add(terms)], 2e-6)).toBe(null);
			const expected = numericGradient((point) => add(termsOracle(point, width, setting)), x);
			const gradient = await device.read(device.contrastiveLossBackward(call, saved));
			expect(firstDifference(gradient, expected, 5e-6)).toBe(null);
			device.endStep();
		},
	);

	test('a class larger than a slab of anchors gives what a plain double loop gives', async () => {
		const [rows, width] = [2100, 2]; // 2^20 / 2100 = 499 anchors a slab, the class has about 1400
		const setting = {
			classes: drawIntegers(5, rows, 0, 3).map((name) => Math.min(name, 1)),
			classCount: 2,
			outsideClass: 0,
			temperature: 0.1,
		};
		const x = drawNumbers(6, rows * width);
		const { loss } = device.contrastiveLoss({ ...setting, features: device.upload(x, rows, width) });
		const [actual] = await device.read(loss);
		const [, expected] = termsOracle(x, width, setting);
		expect(Math.abs(actual - expected)).toBeLessThan(1e-5 * expected);
		device.endStep();
	});

	test('rows of zeros and low temperatures give finite numbers', async () => {
		const classes = Int32Array.of(0, 1, 1, 0, 1);
		const x = Float32Array.of(1, 2, 0, 0, 0, 0, -1, -2, 1e-20, 0);
		const call = { features: device.upload(x, 5, 2), classes, classCount: 2, outsideClass: -1, temperature: 0.001 };
		const { loss, saved } = device.contrastiveLoss(call);
		const numbers = [...(await device.read(loss)), ...(await device.read(device.contrastiveLossBackward(call, saved)))];
		expect(numbers.every(Number.isFinite)).toBe(true);
		device.endStep();
	});

	test('without a class that has a term, loss and gradient are exactly 0', async () => {
		for (const classes of [
			[0, 0, 0],
			[1, 1, 1],
			[0, 1, 2],
			[-1, -1, -1],
		]) {
			const features = device.upload(drawNumbers(1, 12), 3, 4);
			const call = { features, classes: Int32Array.from(classes), classCount: 3, outsideClass: 0, temperature: 0.1 };
			const { loss, saved } = device.contrastiveLoss(call);
			expect([...(await device.read(loss))]).toEqual([0]);
			expect(new Set(await device.read(device.contrastiveLossBackward(call, saved)))).toEqual(new Set([0]));
		}
		device.endStep();
	});
});

const folder = referencePath('contrastive');
const cases = folder ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

test.skipIf(!folder)('there are cases of the published program', () => expect(cases.length).toBeGreaterThan(5));

describe.each(devices)('%s, the published program', (_, device) => {
	test.each(cases)('%s', async (file) => {
		const expected = JSON.parse(readFileSync(join(folder!, file), 'utf8'));
		const { tensors } = readSafetensors(readFileSync(join(folder!, file.replace('.json', '.safetensors'))));
		const [sentences, length, width] = tensors.get('x')!.shape;
		const labels = readIntegers(tensors.get('labels')!);
		const tags = Array.from({ length: Object.keys(expected.id_to_label).length }, (_, id) => expected.id_to_label[id]);
		const { names, ofTag, outside } = semanticClasses({ tags });
		const classes = labels.map((id, token) => {
			const sentence = labels.subarray(token - (token % length), token + 1);
			return sentence.includes(0) ? -1 : ofTag[id];
		});
		const x = readFloats(tensors.get('x')!);
		for (const [temperature, { loss_f64_numpy: trueLoss }] of Object.entries<{ loss_f64_numpy: number }>(
			expected.temps,
		)) {
			const features = device.upload(x, sentences * length, width);
			const setting = { classes, classCount: names.length, outsideClass: outside, temperature: Number(temperature) };
			const call = { ...setting, features };
			const { loss, saved } = device.contrastiveLoss(call);
			expect(firstDifference(await device.read(loss), [trueLoss], 1e-6), temperature).toBe(null);
			const gradient = tensors.get(`grad64_temp_${temperature}`) ?? tensors.get(`grad_temp_${temperature}`);
			if (!gradient) continue;
			const given = await device.read(device.contrastiveLossBackward(call, saved));
			expect(firstDifference(given, readDoubles(gradient), 5e-6), temperature).toBe(null);
		}
		device.endStep();
	});
});
