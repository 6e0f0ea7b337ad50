// Programs that reduce rows: one thread a row on emulated GPUs, where barriers are expensive; one small workgroup a row on
// real ones, where neighbouring threads should read neighbouring numbers. The body is the same: it walks the row with
// `for (var c = part; c < n; c = c + LANES)` and joins the parts by sumOver and maxOver.

import type { ProgramText } from './program';

export type RowLanes = 1 | 32;

export function rowProgram(lanes: RowLanes, text: Omit<ProgramText, 'threads' | 'groupSize'>): ProgramText {
	const { constants, declarations = '', body } = text;
	if (lanes === 1)
		return {
			...text,
			constants: { ...constants, LANES: 1 },
			declarations: `${declarations}
fn sumOver(part : i32, value : f32) -> f32 { return value; }
fn maxOver(part : i32, value : f32) -> f32 { return value; }`,
			threads: 'elements',
			body: `let row = index;\n\tlet part = 0;\n${body}`,
		};
	return {
		...text,
		constants: { ...constants, LANES: lanes },
		declarations: `${declarations}
var<workgroup> parts : array<f32, LANES>;
fn sumOver(part : i32, value : f32) -> f32 {
	parts[part] = value;
	workgroupBarrier();
	var sum = 0.0;
	for (var i = 0; i < LANES; i = i + 1) { sum = sum + parts[i]; }
	workgroupBarrier();
	return sum;
}
fn maxOver(part : i32, value : f32) -> f32 {
	parts[part] = value;
	workgroupBarrier();
	var highest = parts[0];
	for (var i = 1; i < LANES; i = i + 1) { highest = max(highest, parts[i]); }
	workgroupBarrier();
	return highest;
}`,
		threads: 'groups',
		groupSize: lanes,
		body: `let row = group;\n\tlet part = lane;\n${body}`,
	};
}
