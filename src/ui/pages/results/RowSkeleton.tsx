// Grey shapes in place of rows while they are read.

export function RowSkeleton() {
	return (
		<div className="results-grey" aria-hidden>
			{[62, 48, 55, 41].map((width) => (
				<div key={width}>
					<span style={{ width: `${width}%` }} />
				</div>
			))}
		</div>
	);
}
