// A WGSL program of the projection: its bindings by name and its body. The layout of bindings is written out, so that a
// binding which a body does not touch stays bound all the same.

export interface GpuProgram {
	/** Unique among the programs of a room, with every number that is written into the code. */
	name: string;
	/** Bindings in order, each an address space and a WGSL type, as in `read array<f32>`; spaces are `uniform`, `read`, `write`
	 *  (which may read too). */
	bindings: Readonly<Record<string, string>>;
	/** Threads of a workgroup. */
	groupSize: number;
	/** Structures, constants, workgroup memory and functions. */
	declarations?: string;
	/** Of `main`, where `lane` is the thread in its group, `group` the workgroup's number (vec2) and `index` = group.x groupSize + lane. */
	body: string;
}

const spaces: Record<string, { variable: string; type: GPUBufferBindingType }> = {
	uniform: { variable: 'uniform', type: 'uniform' },
	read: { variable: 'storage, read', type: 'read-only-storage' },
	write: { variable: 'storage, read_write', type: 'storage' },
};

function spaceOf(binding: string) {
	const gap = binding.indexOf(' ');
	return { ...spaces[binding.slice(0, gap)], words: binding.slice(gap + 1) };
}

export function bindingTypes({ bindings }: GpuProgram): GPUBufferBindingType[] {
	return Object.values(bindings).map((binding) => spaceOf(binding).type);
}

export function programCode({ bindings, groupSize, declarations = '', body }: GpuProgram): string {
	const lines = Object.entries(bindings).map(([name, binding], at) => {
		const { variable, words } = spaceOf(binding);
		return `@group(0) @binding(${at}) var<${variable}> ${name} : ${words};`;
	});
	return `${declarations}
${lines.join('\n')}
@compute @workgroup_size(${groupSize})
fn main(@builtin(workgroup_id) workgroup : vec3<u32>, @builtin(local_invocation_index) lane : u32) {
	let group = workgroup.xy;
	let index = group.x * ${groupSize}u + lane;
	${body}
}
`;
}
