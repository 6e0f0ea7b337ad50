// Units and ranges that several settings share.

import type { FieldValue, Words } from './field';

export const noUnit: Words = { en: '', zh: '' };
export const dimensions: Words = { en: 'dimensions', zh: '维' };
export const sentences: Words = { en: 'sentences', zh: '句' };
export const epochs: Words = { en: 'epochs', zh: '轮' };
export const characters: Words = { en: 'characters', zh: '字' };
export const batches: Words = { en: 'batches', zh: '批' };

export const onOff: FieldValue = { kind: 'switch' };

export function integer(min: number, max: number): FieldValue {
	return { kind: 'integer', min, max };
}

export function number(min: number, max: number): FieldValue {
	return { kind: 'number', min, max };
}

/** A share in [0, 1). */
export const rate: FieldValue = { kind: 'number', min: 0, max: 1, below: true };
