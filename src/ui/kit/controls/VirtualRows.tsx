// A list of any length that draws only the rows in view, with the size and place of each told to screen readers.
// Arrow keys, Home, End and J/K are the caller's: it holds which row is chosen.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { classNames } from './class-names';

export interface VirtualRowsProps {
	label: string;
	count: number;
	/** Height of a row in pixels before it is measured. */
	rowHeight: number;
	/** The row to keep in view, from 0, or -1. */
	active?: number;
	row(index: number): ReactNode;
	/** Called when rows come into view: the first and the last that are drawn. */
	onRange?(first: number, last: number): void;
	className?: string;
}

/** Rows drawn before and after those in view. */
const overscan = 8;

export function VirtualRows({ label, count, rowHeight, active = -1, row, onRange, className }: VirtualRowsProps) {
	const scroller = useRef<HTMLElement>(null);
	const virtualizer = useVirtualizer({
		count,
		overscan,
		estimateSize: () => rowHeight,
		getScrollElement: () => scroller.current,
	});
	const items = virtualizer.getVirtualItems();
	const first = items[0]?.index ?? -1;
	const last = items.at(-1)?.index ?? -1;

	const activeSize = items.find(({ index }) => index === active)?.size;
	const shown = useRef({ active: -1, count: 0, size: 0 });
	useEffect(() => {
		const { current } = shown;
		const isSame = current.active === active && current.count === count;
		// A row may grow as it becomes the active one; one that was scrolled away and comes back has not.
		if (active < 0 || active >= count || (isSame && (activeSize === undefined || current.size === activeSize))) return;
		shown.current = { active, count, size: activeSize ?? 0 };
		const isHigher = (activeSize ?? 0) > (scroller.current?.clientHeight ?? 0);
		virtualizer.scrollToIndex(active, { align: isHigher ? 'start' : 'auto' });
	}, [active, activeSize, count, virtualizer]);
	useEffect(() => {
		if (first >= 0) onRange?.(first, last);
	}, [first, last, onRange]);

	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={classNames('scroll', 'virtual-rows', className)} ref={scroller} tabIndex={0} aria-label={label}>
			{/* biome-ignore lint/a11y/useSemanticElements: rows are placed absolutely in a box of the full height */}
			<div role="list" aria-label={label} style={{ height: virtualizer.getTotalSize() }} className="virtual-box">
				{items.map((item) => (
					// biome-ignore lint/a11y/useSemanticElements: as above
					<div
						key={item.key}
						role="listitem"
						aria-setsize={count}
						aria-posinset={item.index + 1}
						ref={virtualizer.measureElement}
						data-index={item.index}
						className="virtual-row"
						style={{ transform: `translateY(${item.start}px)` }}
					>
						{row(item.index)}
					</div>
				))}
			</div>
		</section>
	);
}
