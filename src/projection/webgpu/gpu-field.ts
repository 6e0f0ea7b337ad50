// The grid of the repulsion on the GPU: its buffers, the spectra of its kernels, and the dispatches that turn points into a field.
// A grid lasts until the map outgrows it; buffers last until the number of nodes changes.

import { chooseGrid, type GridChoice } from '../grid-choice';
import { pointGroup } from './descent-words';
import {
	clearProgram,
	columnsProgram,
	kernelColumnsProgram,
	kernelRowsProgram,
	lineGroups,
	rowsBackProgram,
	rowsProgram,
	spreadProgram,
} from './field-programs';
import { fourierBytes, fourierTables, type LineForm } from './fourier-code';
import type { GpuCommand, GpuRoom } from './gpu-room';

/** What the transforms know, as far as the GPU has memory for them; twice as many nodes are transformed. */
const gridSizes = [128, 256, 512, 1024];
/** A grid holds a map so much wider than the one it was chosen for, so that it lasts. */
const headroom = 1.15;

export class GpuField {
	private made: { size: number; buffers: Record<string, GPUBuffer> } | null = null;

	constructor(
		private readonly room: GpuRoom,
		/** Of the descent: plan, state, points. */
		private readonly shared: Readonly<Record<string, GPUBuffer>>,
		private readonly count: number,
	) {}

	choose(width: number): GridChoice {
		const { isEmulated, gpu } = this.room;
		const room = isEmulated ? Number.POSITIVE_INFINITY : gpu.limits.maxComputeWorkgroupStorageSize;
		return chooseGrid(
			width * headroom,
			gridSizes.filter((size) => fourierBytes(2 * size) <= room),
		);
	}

	private formOf(size: number): LineForm {
		return { full: 2 * size, threads: this.room.isEmulated ? 1 : Math.min(256, size / 2) };
	}

	/** Buffers of a grid for the plan that the GPU has been given, with its kernels: call after the plan was written. */
	prepare(size: number): void {
		if (this.made?.size !== size) this.replace(size);
		const form = this.formOf(size);
		const groups = lineGroups(form, form.full);
		const { room } = this;
		const { force, weight, ...buffers } = this.buffers;
		const inForce = { ...buffers, weight, spectrum: force };
		room.send([
			room.command(kernelRowsProgram(form, 'weight'), inForce, groups),
			room.command(kernelColumnsProgram(form, 'weight'), inForce, groups),
			room.command(kernelRowsProgram(form, 'force'), inForce, groups),
			room.command(kernelColumnsProgram(form, 'force'), inForce, groups),
		]);
	}

	/** From points to `field` and `energies`. */
	commands(): GpuCommand[] {
		const { room, buffers, count } = this;
		const size = this.made?.size ?? 0;
		const form = this.formOf(size);
		return [
			room.command(clearProgram, buffers, [(size * size) / pointGroup, 1]),
			room.command(spreadProgram, buffers, [Math.ceil(count / pointGroup), 1]),
			room.command(rowsProgram(form), buffers, lineGroups(form, size)),
			room.command(columnsProgram(form), buffers, lineGroups(form, form.full)),
			room.command(rowsBackProgram(form), buffers, lineGroups(form, size)),
		];
	}

	/** With those of the descent, by the names of the programs' bindings. */
	get buffers(): Record<string, GPUBuffer> {
		return { ...this.shared, ...this.made?.buffers };
	}

	private replace(size: number): void {
		const { room } = this;
		for (const buffer of Object.values(this.made?.buffers ?? {})) room.drop(buffer);
		const full = 2 * size;
		const { turns, filters } = fourierTables(full);
		const buffers = {
			density: room.buffer('density', size * size * 4),
			spectrum: room.buffer('spectrum', full * size * 8),
			field: room.buffer('field', size * size * 8),
			force: room.buffer('force', full * full * 8),
			weight: room.buffer('weight', full * full * 4),
			energies: room.buffer('energies', full * 4),
			tables: room.filled('tables', turns),
			filters: room.filled('filters', filters),
			...(room.isEmulated ? { scratch: room.buffer('scratch', 2 * full * full * 8) } : {}),
		};
		this.made = { size, buffers };
	}
}
