// WGSL programs of the fused device. All share one bind group: the arena of the step's matrices, the host's inputs,
// the flat parameter buffers, and one small block of numbers a dispatch, which holds sizes and addresses in those buffers.

import { maxJoined } from './schedule';

/** The buffers that a program may name, in the order of their bindings. */
export const bufferNames = ['arena', 'inputs', 'values', 'gradients', 'first', 'second', 'mask'] as const;
export type BufferName = (typeof bufferNames)[number];

/** Bytes between the number blocks of two dispatches: the alignment that every adapter allows. */
export const slotBytes = 256;
export const slotWords = slotBytes / 4;
/** Numbers that every block begins with: where its workgroups begin in the dispatch, jobs, first group, groups, count. */
const header = ['jobStart', 'jobs', 'firstGroup', 'groupCount', 'count'];
export const headerWords = header.length;
/** Bytes of number blocks that a dispatch sees. */
export const blockBytes = maxJoined * slotBytes;

export interface ProgramText {
	/** Unique among programs with the same `constants`. */
	name: string;
	/** Names of the program's numbers, `u.name` in the code; i32, or f32 when the name ends in `Float`. */
	words: readonly string[];
	/** 'elements': one thread for each `index` below the count. 'groups': one workgroup for each `group`, `lane` within. */
	threads: 'elements' | 'groups';
	/** Threads of a workgroup; 64 when not given. */
	groupSize?: number;
	/** Numbers written into the code; programs that differ in them are different programs. */
	constants?: Readonly<Record<string, number>>;
	declarations?: string;
	body: string;
	/** Words that name matrices which the program writes; 'out' when not given. */
	writes?: readonly string[];
	/** Words that name parameters to whose gradients it adds. */
	adds?: readonly string[];
	/** The word of a matrix whose elements 'out' may take over: each thread reads an element of it before it writes there. */
	replaces?: string;
	/** Buffers of parameters are read and written four numbers at a time. */
	isVector?: boolean;
}

export const defaultGroupSize = 64;

/** Identifies a pipeline. */
export function programKey({ name, constants }: ProgramText): string {
	return constants ? `${name} ${JSON.stringify(constants)}` : name;
}

/** Whether calls of the program may share a dispatch: its functions must not ask for numbers. */
export function canJoin({ declarations = '' }: ProgramText): boolean {
	return !/\bu\./.test(declarations);
}

export function programCode(text: ProgramText): string {
	const { words, threads, groupSize = defaultGroupSize, constants = {}, declarations = '', body, isVector } = text;
	const number = isVector ? 'vec4<f32>' : 'f32';
	const fields = [...header, ...words].map((word) => `\t${word} : ${word.endsWith('Float') ? 'f32' : 'i32'},`);
	fields.push(`\t@size(${slotBytes - 4 * fields.length}) rest : i32,`);
	const bindings = bufferNames.map((name, binding) => {
		const isGiven = name === 'inputs' || name === 'mask';
		const type = isGiven ? 'read> inputs_ : array<i32>' : `read_write> inputs_ : array<${number}>`;
		return `@group(0) @binding(${binding}) var<storage, ${type.replace('inputs_', name)};`;
	});
	const start =
		threads === 'elements' ? `let index = group * ${groupSize} + lane;\n\tif (index >= u.count) { return; }` : '';
	return `struct Numbers {
${fields.join('\n')}
}
${bindings.join('\n')}
@group(0) @binding(${bufferNames.length}) var<uniform> blocks : array<Numbers, ${maxJoined}>;
${Object.entries(constants)
	.map(([name, value]) => `const ${name} : i32 = ${value};`)
	.join('\n')}
${declarations.replace(/\bu\./g, 'blocks[0].')}
@compute @workgroup_size(${groupSize})
fn main(
	@builtin(workgroup_id) workgroup : vec3<u32>,
	@builtin(num_workgroups) workgroups : vec3<u32>,
	@builtin(local_invocation_index) localIndex : u32,
) {
	let lane = i32(localIndex);
	let workgroupIndex = i32(workgroup.y * workgroups.x + workgroup.x);
	var job = 0;
	for (var next = 1; next < blocks[0].jobs; next = next + 1) { if (workgroupIndex >= blocks[next].jobStart) { job = next; } }
	let u = blocks[job];
	let group = u.firstGroup + workgroupIndex - u.jobStart;
	if (group >= u.groupCount) { return; }
	${start}
	${body}
}
`;
}
