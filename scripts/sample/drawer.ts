// Chance for the sample: draws from lists that are cut into shares for train, dev and test, so that dev and test meet
// names that train has never seen. The same seed draws the same text on every machine.

import { forkSeed, RandomStream } from '../../src/util/random';

export type Part = 'train' | 'dev' | 'test' | 'unlabelled';

/** Share of a list that belongs to train; dev and test take half of the rest each. */
const trainShare = 0.7;
/** How often dev and test draw a name that train may have drawn too. */
const familiarChance = 0.5;

const listSeed = 20261122;

type Shares = Record<'train' | 'dev' | 'test', readonly string[]>;
const sharesByList = new WeakMap<readonly string[], Shares>();

/** A list cut by its own content: adding a list changes no other list's shares. */
function sharesOf(list: readonly string[]): Shares {
	const known = sharesByList.get(list);
	if (known) return known;
	const order = new RandomStream(forkSeed(listSeed, list.join('|'))).permutation(list.length);
	const shuffled = Array.from(order, (index) => list[index]);
	const trainEnd = Math.min(Math.ceil(list.length * trainShare), list.length - 2);
	const devEnd = trainEnd + Math.ceil((list.length - trainEnd) / 2);
	const shares = {
		train: shuffled.slice(0, trainEnd),
		dev: shuffled.slice(trainEnd, devEnd),
		test: shuffled.slice(devEnd),
	};
	sharesByList.set(list, shares);
	return shares;
}

export class Drawer {
	constructor(
		private readonly part: Part,
		private readonly stream: RandomStream,
	) {}

	/** Uniform in [0, 1). */
	fraction(): number {
		return this.stream.uniform();
	}

	/** True with the given probability. */
	chance(probability: number): boolean {
		return this.stream.uniform() < probability;
	}

	/** A whole number from `low` to `high`, both included. */
	between(low: number, high: number): number {
		return low + this.stream.below(high - low + 1);
	}

	/** Any element: for words that are no names. */
	any<T>(list: readonly T[]): T {
		return list[this.stream.below(list.length)];
	}

	/** An element of this part's share of a list of three or more; sometimes, in dev and test, of train's share. */
	name(list: readonly string[]): string {
		if (this.part === 'unlabelled') return this.any(list);
		const shares = sharesOf(list);
		return this.any(this.part === 'train' || this.chance(familiarChance) ? shares.train : shares[this.part]);
	}
}
