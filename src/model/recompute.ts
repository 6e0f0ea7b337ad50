// A part of the network that keeps nothing but its result: what it computed inside is freed at once and, where the part is trained,
// computed again in the backward pass, with the same draws of dropout (Chen et al. 2016, "Training deep nets with sublinear
// memory cost"). A device that cannot free within a step keeps all; the numbers are the same bits.

import type { Device, Matrix } from '../kernels/operations';
import type { MatrixNode, Tape } from './tape';

/** A matrix of one matrix, noting what it computes on the tape that it is given. */
export type Part = (tape: Tape, input: MatrixNode) => MatrixNode;

/** Nothing outside may read what the part makes but its result. `isTrained`: whether the input or something in the part is. */
export function keepingResultAlone(tape: Tape, input: MatrixNode, isTrained: boolean, part: Part): MatrixNode {
	const { device } = tape;
	const result = keepOnly(device, () => part(tape.apart(false), tape.given(input.value)).value);
	return tape.note(result, isTrained, (_, gradient) => {
		input.gradient = keepOnly(device, () => {
			const again = tape.apart(true);
			// The input's gradient so far goes in, so that all is added up in the order of a part that keeps everything.
			const from = { value: input.value, isTrained: input.isTrained, gradient: input.gradient };
			again.receive(part(again, from), gradient);
			again.backward();
			return from.gradient;
		});
	});
}

function keepOnly<Result extends Matrix | null>(device: Device, work: () => Result): Result {
	return device.keepOnly ? device.keepOnly(work) : work();
}
