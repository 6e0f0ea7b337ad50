// What stands in the place of rows while they are read: grey shapes of their height.

export function GreyRows() {
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
