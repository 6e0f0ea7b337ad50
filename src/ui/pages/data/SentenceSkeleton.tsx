// Grey rows in place of sentences while they are read.

/** Rows of the final size while sentences are read. */
export function SentenceSkeleton() {
	const widths = [72, 54, 63, 48, 70, 58, 66, 41, 75, 52, 60, 47];
	return (
		<div className="data-loading" aria-hidden>
			{widths.map((width) => (
				<div className="data-loading-row" key={width}>
					<span className="skeleton" style={{ width: `${width}%` }} />
				</div>
			))}
		</div>
	);
}
