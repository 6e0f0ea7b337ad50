// Rows of a long list, asked for a page at a time as they come into view. What comes back for an earlier list is dropped.

/** Rows of one question. */
export const pageRows = 100;

export interface RowPages<Row> {
	/** Forgets all rows and asks for the first page of another list. */
	begin(load: (offset: number, limit: number) => Promise<{ total: number; rows: Row[] }>): void;
	/** Asks for what is missing between two rows. */
	need(first: number, last: number): void;
	end(): void;
}

export interface LoadedRows<Row> {
	/** Null until the first page has come. */
	total: number | null;
	/** By place; what has not come yet is missing. */
	rows: readonly (Row | undefined)[];
}

export function createRowPages<Row>(
	changed: (loaded: LoadedRows<Row>) => void,
	failed: (error: unknown) => void,
): RowPages<Row> {
	let list = 0;
	let loaded: LoadedRows<Row> = { total: null, rows: [] };
	let asked = new Set<number>();
	let load: Parameters<RowPages<Row>['begin']>[0] | null = null;
	const ask = async (page: number) => {
		if (asked.has(page) || !load) return;
		asked.add(page);
		const own = list;
		try {
			const { total, rows } = await load(page * pageRows, pageRows);
			if (own !== list) return;
			const all = [...loaded.rows];
			rows.forEach((row, index) => {
				all[page * pageRows + index] = row;
			});
			loaded = { total, rows: all };
			changed(loaded);
		} catch (error) {
			if (own === list) failed(error);
		}
	};
	const reset = (next: typeof load) => {
		list++;
		asked = new Set();
		loaded = { total: null, rows: [] };
		load = next;
	};
	return {
		begin(next) {
			reset(next);
			void ask(0);
		},
		need(first, last) {
			for (let page = Math.floor(first / pageRows); page <= Math.floor(last / pageRows); page++) {
				if (loaded.total === null || page * pageRows < loaded.total) void ask(page);
			}
		},
		end: () => reset(null),
	};
}
