// The k nearest neighbours of every point, exact, on the GPU: block of rows after block of rows, while the host computes the true
// distances of the block before as the wasm form does. N points, K neighbours.

import { invariant } from '../../util/errors';
import { awaited, type Slice } from '../awaited';
import { emptyNeighbours, type Neighbours, settleRow } from '../neighbours';
import type { PointProducts } from '../point-products';
import type { GpuRoom } from './gpu-room';
import { keysProgram, keyTile, selectProgram } from './neighbour-programs';
import { SlicePace } from './slice-pace';

const maxKeyBytes = 64 * 2 ** 20;

/** `size` below the number of points. Yields shares and promises. UserError as `GpuRoom.read` and `GpuRoom.buffer` have them. */
export function* gpuNeighbours(
	room: GpuRoom,
	products: PointProducts,
	size: number,
	now: () => number,
): Generator<Slice, Neighbours> {
	const { count, dimension } = products;
	invariant(size < count, `${size} neighbours of ${count} points`);
	const tilesAcross = Math.ceil(count / keyTile);
	const maxTiles = Math.max(1, Math.min(tilesAcross, Math.floor(maxKeyBytes / (keyTile * count * 4))));
	const buffers = {
		search: room.buffer('search', 32, 'uniform'),
		values: room.filled('values', products.values),
		squares: room.filled('squares', products.squares),
		keys: room.buffer('keys', maxTiles * keyTile * count * 4),
		ids: room.buffer('ids', maxTiles * keyTile * size * 4),
	};
	const threads = room.isEmulated ? 4 : 256;
	const form = room.isEmulated ? 'direct' : 'tiled';
	const pace = new SlicePace(now, 1, maxTiles);
	const submit = (first: number) => {
		const rows = Math.min(count - first, pace.amount * keyTile);
		room.write(buffers.search, Uint32Array.of(count, dimension, first, rows, size, Math.ceil(count / threads)));
		room.send([
			room.command(keysProgram(form), buffers, [tilesAcross, Math.ceil(rows / keyTile)]),
			room.command(selectProgram(threads), buffers, [rows, 1]),
		]);
		const start = now();
		const reading = room.read([{ buffer: buffers.ids, bytes: rows * size * 4 }]).then(([bytes]) => {
			pace.note(now() - start);
			return new Int32Array(bytes);
		});
		reading.catch(() => {}); // heard where it is awaited, which a projection that is dropped never does
		return { first, rows, reading };
	};
	const found = emptyNeighbours(count, size);
	let block = submit(0);
	for (;;) {
		const { first, rows } = block;
		const ids = yield* awaited(block.reading);
		const isLast = first + rows >= count;
		if (!isLast) block = submit(first + rows);
		for (let row = 0; row < rows; row++) settleRow(products, { ids }, row, first + row, found, first + row);
		if (isLast) break;
		yield (first + rows) / count;
	}
	for (const buffer of Object.values(buffers)) room.drop(buffer);
	return found;
}
