// Names and values, one pair a line, with the whole value behind the pointer where it is cut off.

export function FactList({ facts }: { facts: readonly (readonly [name: string, value: string])[] }) {
	return (
		<dl className="fact-list">
			{facts.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd className="clip" title={value}>
						{value}
					</dd>
				</div>
			))}
		</dl>
	);
}
