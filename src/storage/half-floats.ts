// Float32 to IEEE 754 binary16, rounded to the nearest, ties to even (stored-tensor.ts reads them back).

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** Bits of each value; beyond 65,504 infinity. A new array of the same length. */
export function halvesOf(values: Float32Array): Uint16Array<ArrayBuffer> {
	const out = new Uint16Array(values.length);
	for (let index = 0; index < values.length; index++) out[index] = halfBits(values[index]);
	return out;
}

function halfBits(value: number): number {
	scratch[0] = value;
	const sign = (bits[0] >>> 16) & 0x8000;
	const magnitude = bits[0] & 0x7fffffff;
	if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
	if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds beyond the greatest half
	if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(value) * 2 ** 24); // no half of full precision
	const kept = magnitude - 0x38000000; // the exponent's bias falls from 127 to 15
	const half = kept >>> 13;
	const rest = kept & 0x1fff;
	return sign | (half + (rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1) ? 1 : 0));
}

function roundToEven(value: number): number {
	const floor = Math.floor(value);
	const rest = value - floor;
	return floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
}
