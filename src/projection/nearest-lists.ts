// The k nearest candidates of some rows, gathered block by block: a heap a row with the farthest on top, so that nearly
// every candidate is turned away by one comparison. K neighbours a row.

export class NearestLists {
	/** What was asked to be compared; smaller is nearer. [rows, K], a heap a row */
	readonly keys: Float32Array;
	readonly ids: Int32Array;

	constructor(
		rows: number,
		readonly size: number,
	) {
		this.keys = new Float32Array(rows * size);
		this.ids = new Int32Array(rows * size);
		this.clear();
	}

	clear(): void {
		this.keys.fill(Number.POSITIVE_INFINITY);
		this.ids.fill(-1);
	}

	/** Candidates `idOf[first..]` (or first, first + 1, … without it) with key = squares[c] - 2 products[c]. `self` is left out. */
	offer(
		row: number,
		self: number,
		products: Float32Array,
		start: number,
		count: number,
		squares: Float32Array,
		first: number,
	): void {
		const { keys, size } = this;
		const top = row * size;
		let limit = keys[top];
		for (let column = 0; column < count; column++) {
			const key = squares[first + column] - 2 * products[start + column];
			if (key < limit && first + column !== self) {
				this.replaceTop(top, key, first + column);
				limit = keys[top];
			}
		}
	}

	private replaceTop(top: number, key: number, id: number): void {
		const { keys, ids, size } = this;
		let hole = 0;
		for (;;) {
			let child = 2 * hole + 1;
			if (child >= size) break;
			if (child + 1 < size && keys[top + child + 1] > keys[top + child]) child++;
			if (keys[top + child] <= key) break;
			keys[top + hole] = keys[top + child];
			ids[top + hole] = ids[top + child];
			hole = child;
		}
		keys[top + hole] = key;
		ids[top + hole] = id;
	}
}
