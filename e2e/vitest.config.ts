// Whole scenarios in a real Chromium and Firefox on the built page: `npm run e2e` builds it, finds the browser and runs them.

import { defineConfig } from 'vitest/config';
import { patienceMs, wholeTestMs } from '../scripts/patience.mjs';

export default defineConfig({
	test: {
		include: ['e2e/**/*.e2e.ts'],
		setupFiles: ['scripts/test-setup.ts'],
		pool: 'forks',
		fileParallelism: false,
		testTimeout: wholeTestMs,
		hookTimeout: wholeTestMs,
		expect: { poll: { timeout: patienceMs } },
	},
});
