// Tabs of a pane: the strip in its bar, the panel below; only the open panel is drawn.

import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

import { classNames } from './class-names';

export interface TabItem {
	id: string;
	title: string;
	/** A small figure behind the title. */
	badge?: ReactNode;
	content: ReactNode;
}

export interface TabStripProps {
	label: string;
	tabs: readonly TabItem[];
	open: string;
	onOpen(id: string): void;
	/** With less room between the tabs, for narrow panes. */
	isTight?: boolean;
}

export function TabStrip({ label, tabs, open, onOpen, isTight = false }: TabStripProps) {
	return (
		<Tabs className="tabs" selectedKey={open} onSelectionChange={(id) => onOpen(String(id))}>
			<TabList className={classNames('bar', 'tab-list', isTight && 'tab-list-tight')} aria-label={label}>
				{tabs.map(({ id, title, badge }) => (
					<Tab key={id} id={id} className="tab">
						{title}
						{badge}
					</Tab>
				))}
			</TabList>
			{tabs.map(({ id, content }) => (
				<TabPanel key={id} id={id} className="tab-panel scroll">
					{content}
				</TabPanel>
			))}
		</Tabs>
	);
}
