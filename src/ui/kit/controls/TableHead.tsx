// The head of a table: a row of column names, those of numbers set as numbers are.

export interface Column {
	text: string;
	isNumber?: boolean;
	/** Only for those who hear the page. */
	isUnseen?: boolean;
	/** Shown on pointing at it. */
	hint?: string;
}

/** A name, more about a column, or null for a corner without a name. Names differ. */
export type ColumnName = string | Column | null;

/** A column of numbers. */
export function numeric(text: string, hint?: string): Column {
	return { text, isNumber: true, hint };
}

export function TableHead({ columns }: { columns: readonly ColumnName[] }) {
	return (
		<thead>
			<tr>
				{columns.map((column) => (
					<HeadCell key={typeof column === 'string' ? column : (column?.text ?? '')} column={column} />
				))}
			</tr>
		</thead>
	);
}

function HeadCell({ column }: { column: ColumnName }) {
	if (column === null) return <td />;
	if (typeof column === 'string') return <th scope="col">{column}</th>;
	const { text, isNumber, isUnseen, hint } = column;
	return (
		<th scope="col" className={isNumber ? 'num' : undefined} title={hint}>
			{isUnseen ? <span className="visually-hidden">{text}</span> : text}
		</th>
	);
}
