import { expect, test } from 'vitest';
import { planSuites } from './suite-plan.mjs';

test.each([
	[
		{ cores: 1, load: 0 },
		{ isSideBySide: false, unitWorkers: 1 },
	],
	[
		{ cores: 2, load: 0.3 },
		{ isSideBySide: true, unitWorkers: 1 },
	],
	[
		{ cores: 2, load: 8 },
		{ isSideBySide: false, unitWorkers: 2 },
	],
	[
		{ cores: 4, load: 1 },
		{ isSideBySide: true, unitWorkers: 2 },
	],
	[
		{ cores: 4, load: 3.5 },
		{ isSideBySide: false, unitWorkers: 4 },
	],
	[
		{ cores: 64, load: 2 },
		{ isSideBySide: true, unitWorkers: 4 },
	],
])('%o is planned as %o', (machine, plan) => {
	expect(planSuites(machine)).toEqual(plan);
});
