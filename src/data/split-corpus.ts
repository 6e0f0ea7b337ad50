// Deals sentences to train, dev and test by seeded ratios. Sentences with the same text can be kept together, so that no
// test sentence is trained on; types can be spread evenly by iterative stratification (Sechidis, Tsoumakas and Vlahavas,
// ECML 2011): the rarest type is dealt first, each sentence to the split that lacks it most.

import { forkSeed, RandomStream } from '../util/random';
import { type Sentence, type SplitName, splitNames } from './corpus';
import { textKey } from './sentence-text';
import { spansOf } from './spans';
import type { TagScheme } from './tag-scheme';

export interface SplitRequest {
	/** Shares of train, dev and test, in any unit; 0 leaves a split empty, at least one is above 0. */
	ratios: [train: number, dev: number, test: number];
	seed: number;
	/** Whether mentions of each type are spread by the same ratios. */
	byType: boolean;
	/** Whether sentences with exactly the same text stay in one split. */
	keepDuplicatesTogether: boolean;
}

export interface SplitResult {
	/** One a sentence. */
	splitOf: SplitName[];
	perSplit: Record<SplitName, number>;
	/** Texts that stand more than once and were kept in one split. */
	keptTogether: number;
}

/** Sentences that go to one split together. */
interface Group {
	members: number[];
	mentions: Map<string, number>;
}

/** A pure function of the sentences and the request. Split sizes are the ratios', up to what groups and types bring with them. */
export function splitCorpus(sentences: readonly Sentence[], scheme: TagScheme, request: SplitRequest): SplitResult {
	const groups = groupSentences(sentences, scheme, request);
	const random = new RandomStream(forkSeed(request.seed, 'split'));
	const shuffled = Array.from(random.permutation(groups.length), (index) => groups[index]);
	// Large groups first: the single sentences fill up exactly what those left.
	shuffled.sort((left, right) => right.members.length - left.members.length);
	const dealer = new Dealer(sentences.length, request.ratios, random);
	if (request.byType) dealByType(shuffled, dealer, request.ratios);
	else for (const group of shuffled) dealer.give(group, dealer.drawSplit());
	const perSplit = { train: 0, dev: 0, test: 0 };
	for (const split of dealer.splitOf) perSplit[split]++;
	const keptTogether = groups.filter(({ members }) => members.length > 1).length;
	return { splitOf: dealer.splitOf, perSplit, keptTogether };
}

function groupSentences(sentences: readonly Sentence[], scheme: TagScheme, request: SplitRequest): Group[] {
	const groups: Group[] = [];
	const groupOf = new Map<string, Group>();
	sentences.forEach((sentence, index) => {
		const key = request.keepDuplicatesTogether ? textKey(sentence.characters) : '';
		let group = request.keepDuplicatesTogether ? groupOf.get(key) : undefined;
		if (!group) {
			groups.push((group = { members: [], mentions: new Map() }));
			groupOf.set(key, group);
		}
		group.members.push(index);
		if (!request.byType || sentence.tags === null) return;
		for (const { type } of spansOf(sentence.tags, scheme))
			group.mentions.set(type, (group.mentions.get(type) ?? 0) + 1);
	});
	return groups;
}

/** Who has got what, and how much each split still wants. */
class Dealer {
	readonly splitOf: SplitName[];
	/** Sentences that each split still wants; below 0 when a group brought too many. */
	readonly wanted: number[];

	constructor(
		count: number,
		ratios: readonly number[],
		private readonly random: RandomStream,
	) {
		this.splitOf = new Array(count).fill('train');
		this.wanted = wholeShares(ratios, count);
	}

	/** A split by chance, in proportion to what each still wants. */
	drawSplit(): number {
		const open = this.wanted.map((count) => Math.max(0, count));
		let drawn = this.random.below(Math.max(1, open[0] + open[1] + open[2]));
		for (let split = 0; split < 3; split++) {
			if (drawn < open[split]) return split;
			drawn -= open[split];
		}
		return 0;
	}

	give(group: Group, split: number): void {
		for (const member of group.members) this.splitOf[member] = splitNames[split];
		this.wanted[split] -= group.members.length;
	}

	/** The split with most room among the candidates, by chance where several have. */
	roomiest(candidates: readonly number[]): number {
		const most = Math.max(...candidates.map((split) => this.wanted[split]));
		const best = candidates.filter((split) => this.wanted[split] === most);
		return best[this.random.below(best.length)];
	}
}

/** Whole numbers in proportion to the ratios that add up to the total: the largest remainders are rounded up. */
export function wholeShares(ratios: readonly number[], total: number): number[] {
	const sum = ratios.reduce((left, right) => left + right, 0);
	const exact = ratios.map((ratio) => (ratio / sum) * total);
	const shares = exact.map(Math.floor);
	const missing = total - shares.reduce((left, right) => left + right, 0);
	const byRemainder = [...exact.keys()].sort((a, b) => exact[b] - shares[b] - (exact[a] - shares[a]) || a - b);
	for (const index of byRemainder.slice(0, missing)) shares[index]++;
	return shares;
}

function dealByType(groups: readonly Group[], dealer: Dealer, ratios: readonly number[]): void {
	const sum = ratios[0] + ratios[1] + ratios[2];
	const left = new Map<string, number>();
	for (const { mentions } of groups)
		for (const [type, count] of mentions) left.set(type, (left.get(type) ?? 0) + count);
	const wanted = new Map([...left].map(([type, count]) => [type, ratios.map((ratio) => (ratio / sum) * count)]));
	const holders = holdersOfTypes(groups);
	const dealt = new Set<Group>();
	const open = ratios.flatMap((ratio, split) => (ratio > 0 ? [split] : []));
	while (left.size > 0) {
		const rarest = [...left].reduce((best, entry) => (entry[1] < best[1] ? entry : best))[0];
		const wants = wanted.get(rarest) ?? [];
		for (const group of holders.get(rarest) ?? []) {
			if (dealt.has(group)) continue;
			dealt.add(group);
			const most = Math.max(...open.map((split) => wants[split]));
			const split = dealer.roomiest(open.filter((candidate) => wants[candidate] === most));
			dealer.give(group, split);
			for (const [type, count] of group.mentions) {
				(wanted.get(type) ?? [])[split] -= count;
				const rest = left.get(type);
				if (rest !== undefined) left.set(type, rest - count);
			}
		}
		left.delete(rarest);
	}
	for (const group of groups) if (!dealt.has(group)) dealer.give(group, dealer.drawSplit());
}

function holdersOfTypes(groups: readonly Group[]): Map<string, Group[]> {
	const holders = new Map<string, Group[]>();
	for (const group of groups)
		for (const type of group.mentions.keys()) {
			const list = holders.get(type);
			if (list) list.push(group);
			else holders.set(type, [group]);
		}
	return holders;
}
