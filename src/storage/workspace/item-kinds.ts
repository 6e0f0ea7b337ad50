// The table of kinds: what each keeps in its record, and how old records become new ones.

import { type CheckpointDetail, checkpointKind } from './checkpoint-record';
import { type CorpusDetail, corpusKind } from './corpus-record';
import type { ItemKind, ItemRecord, KindDefinition, ReadItem } from './item-record';
import { readItem } from './item-record';
import { type LexiconDetail, lexiconKind } from './lexicon-record';
import { type RunDetail, runKind } from './run-record';
import { type SettingDetail, settingKind } from './setting-record';
import { type VectorsDetail, vectorsKind } from './vectors-record';

export interface Details {
	corpus: CorpusDetail;
	lexicon: LexiconDetail;
	vectors: VectorsDetail;
	run: RunDetail;
	checkpoint: CheckpointDetail;
	setting: SettingDetail;
}

export type ItemOf<Kind extends ItemKind> = ItemRecord<Details[Kind]> & { kind: Kind };
/** A record of any kind: its `detail` follows from `kind`. */
export type AnyItem = { [Kind in ItemKind]: ItemOf<Kind> }[ItemKind];

export const itemKinds: { [Kind in ItemKind]: KindDefinition<Details[Kind]> } = {
	corpus: corpusKind,
	lexicon: lexiconKind,
	vectors: vectorsKind,
	run: runKind,
	checkpoint: checkpointKind,
	setting: settingKind,
};

function isItemKind(value: unknown): value is ItemKind {
	return typeof value === 'string' && Object.hasOwn(itemKinds, value);
}

/** Checks a stored value of any kind and migrates it. Never throws. */
export function readAnyItem(value: unknown): ReadItem<Details[ItemKind]> {
	return readItem<Details[ItemKind]>(value, (kind) =>
		isItemKind(kind) ? (itemKinds[kind] as KindDefinition<Details[ItemKind]>) : undefined,
	);
}
