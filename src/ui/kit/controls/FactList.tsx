// Names and values, one pair a line, with the whole value behind the pointer where it is cut off.

import { classNames } from './class-names';

export interface FactListProps {
	facts: readonly (readonly [name: string, value: string])[];
	className?: string;
}

export function FactList({ facts, className }: FactListProps) {
	return (
		<dl className={classNames('fact-list', className)}>
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
