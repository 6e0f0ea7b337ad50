// Whole stories in a real Chromium on the built page: `npm run e2e` builds it, finds the browser and runs them.

import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['e2e/**/*.e2e.ts'],
		setupFiles: ['scripts/measure-tests.ts'],
		pool: 'forks',
		fileParallelism: false,
		testTimeout: 480_000,
		hookTimeout: 60_000,
	},
});
