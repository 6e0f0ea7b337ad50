// What the kinds of killed work have in common: how one is begun, cut off and looked at again, and what must be there
// after every kill.

import type { Page } from 'playwright';
import { goToAddress } from './page-acts';
import { storedItems } from './stored-items';

export interface Sitting {
	page: Page;
	problems: string[];
	kill(): Promise<void>;
	close(): Promise<void>;
}

/** What was stored before the last kill; it must be there for ever. */
export interface Kept {
	port: number;
	items: { kind: string; id: string; name: string; trashedAtMs: number | null }[];
	/** Labels that the page called saved: the corpus, the sentence's number, the labelled texts. */
	labels: { corpusId: string; sentence: number; texts: string[] }[];
}

export interface Occasion {
	kept: Kept;
	random(): number;
	/** Of the kill, from 1. */
	index: number;
}

export interface Finding {
	losses: string[];
	/** Of a run: seconds of training before the kill that its saved state does not hold. */
	redoneSeconds: number | null;
	/** For the row of the kill. */
	said: string;
}

export interface BegunWork<Seen> {
	/** The kill comes at a random time up to here. */
	longestMs: number;
	/** What is repeated until the kill, where the page does not do it by itself. */
	work?(): Promise<void>;
	/** What is to be seen right before the kill. */
	capture(): Promise<Seen>;
	/** On the page opened again. */
	check(sitting: Sitting, cut: { seen: Seen; killedAtMs: number }): Promise<Finding>;
}

export interface Scene {
	name: string;
	begin(sitting: Sitting, occasion: Occasion): Promise<BegunWork<unknown>>;
}

/** Types what a scene sees, which only the scene itself knows. */
export function scene<Seen>(
	name: string,
	begin: (sitting: Sitting, occasion: Occasion) => Promise<BegunWork<Seen>>,
): Scene {
	return { name, begin: begin as Scene['begin'] };
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Where each kind of item opens, and what shows that it did. */
const opened: Record<string, { address: string; sign: string }> = {
	corpus: { address: 'data', sign: '[role=list][aria-label=Sentences] > *' },
	vectors: { address: 'data/vectors', sign: 'dl.facts' },
	lexicon: { address: 'data/lexicon', sign: 'dl.facts' },
	run: { address: 'train', sign: '[data-testid=steps]' },
};

/** Items that are missing, torn, or do not open. */
export async function findLosses({ page }: Sitting, { items }: Kept): Promise<string[]> {
	const losses: string[] = [];
	const stored = await storedItems(page);
	for (const item of items) {
		const found = stored.find(({ kind, id }) => kind === item.kind && id === item.id);
		if (!found) losses.push(`${item.kind} ${item.name} is gone`);
		else if (found.name !== item.name || (found.trashedAtMs === null) !== (item.trashedAtMs === null))
			losses.push(`${item.kind} ${item.name} is changed`);
	}
	for (const { kind, name, torn } of stored)
		if (torn.length > 0) losses.push(`${kind} ${name} lacks ${torn.join(', ')}`);
	for (const { kind, id, name } of stored.filter(({ trashedAtMs }) => trashedAtMs === null)) {
		const target = opened[kind];
		if (target && !(await opens(page, `${target.address}/${encodeURIComponent(id)}`, target.sign)))
			losses.push(`${kind} ${name} does not open`);
	}
	return losses;
}

async function opens(page: Page, address: string, sign: string): Promise<boolean> {
	await goToAddress(page, address);
	const alert = page.getByRole('main').getByRole('alert');
	await page.locator(sign).first().or(alert).first().waitFor();
	return (await page.locator(sign).count()) > 0;
}
