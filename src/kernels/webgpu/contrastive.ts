// The contrastive loss on the fused device.

import { invariant } from '../../util/errors';
import type { ContrastiveCall, Matrix, Saved } from '../operations';
import type { ArenaMatrix } from './arena-values';
import {
	contrastiveRowsProgram,
	contrastiveTotalsProgram,
	normalizeGradientProgram,
	normalizeProgram,
	planContrastive,
} from './contrastive-programs';
import { arenaProduct, multiply } from './products';
import type { RowLanes } from './row-reduction';
import { zeros } from './sums';
import type { Workspace } from './workspace';

interface ContrastiveSaved {
	unit: ArenaMatrix;
	norms: ArenaMatrix;
	/** Gradient with respect to the cosines over the temperature. [P, C] */
	gradient: ArenaMatrix;
	ranks: number;
}

export class ContrastiveOperations {
	constructor(
		private readonly space: Workspace,
		private readonly lanes: RowLanes,
	) {}

	contrastiveLoss(call: ContrastiveCall): { loss: Matrix; perClass: Matrix; saved: Saved } {
		const { features, classes, classCount, outsideClass, temperature } = call;
		const { rows, columns } = features;
		const options = { classCount, outsideClass };
		invariant(classes.length === rows, `${classes.length} classes for ${rows} characters`);
		const { anchors } = planContrastive(classes, options);
		const perClass = anchors > 0 ? this.space.matrix(1, classCount) : zeros(this.space, 1, classCount);
		if (anchors === 0) return { loss: zeros(this.space, 1, 1), perClass, saved: null };
		const { classesOf } = call;
		const lists = classesOf
			? this.space.derived('contrastive', ({ facts }) => planContrastive(classesOf(facts), options).lists)
			: this.space.given(planContrastive(classes, options).lists);
		const order = lists.offset;
		const unit = this.space.matrix(rows, columns);
		const norms = this.space.matrix(rows, 1);
		this.space.run(normalizeProgram(this.lanes), {
			count: rows,
			words: { out: unit.address, norms: norms.address, features: this.space.at(features), order, columns },
			work: 2 * rows * columns,
		});
		const cosines = this.space.matrix(anchors, rows);
		multiply(this.space, arenaProduct, {
			...{ rows: anchors, columns: rows, inner: columns },
			a: { at: unit.address, outer: columns, inner: 1 },
			b: { at: unit.address, outer: columns, inner: 1 },
			c: { at: cosines.address, row: rows },
		});
		const terms = this.space.matrix(anchors, 1);
		this.space.run(contrastiveRowsProgram(this.lanes), {
			count: anchors,
			words: {
				...{ cosines: cosines.address, terms: terms.address, classes: order + rows, weights: order + 3 * rows },
				...{ columns: rows, scaleFloat: 1 / temperature },
			},
			work: 10 * cosines.size,
		});
		const loss = this.space.matrix(1, 1);
		this.space.run(contrastiveTotalsProgram, {
			count: 1,
			words: {
				...{ loss: loss.address, perClass: perClass.address, terms: terms.address },
				...{ spans: order + 3 * rows + anchors, classes: classCount },
			},
		});
		const saved: ContrastiveSaved = { unit, norms, gradient: cosines, ranks: order + 2 * rows };
		return { loss, perClass, saved };
	}

	contrastiveLossBackward({ features, temperature }: ContrastiveCall, saved: Saved): Matrix {
		const { rows, columns } = features;
		if (saved === null) return zeros(this.space, rows, columns);
		const { unit, norms, gradient, ranks } = saved as ContrastiveSaved;
		const given = this.space.at(gradient);
		const unitGradient = this.space.matrix(rows, columns);
		const b = { at: this.space.at(unit), outer: 1, inner: columns };
		const c = { at: unitGradient.address, row: columns };
		multiply(this.space, arenaProduct, {
			...{ rows, columns, inner: gradient.rows, b, c },
			a: { at: given, outer: 1, inner: rows },
		});
		multiply(
			this.space,
			{ ...arenaProduct, accumulates: true },
			{ ...{ rows: gradient.rows, columns, inner: rows, b, c }, a: { at: given, outer: rows, inner: 1 } },
		);
		const out = this.space.matrix(rows, columns);
		this.space.run(normalizeGradientProgram(this.lanes), {
			count: rows,
			words: {
				...{ out: out.address, gradient: unitGradient.address, unit: unit.address, norms: this.space.at(norms), ranks },
				...{ columns, scaleFloat: 1 / temperature },
			},
			work: 3 * rows * columns,
		});
		return out;
	}
}
