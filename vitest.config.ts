// Unit tests: beside the files they test, in Node. The browser tests have their own settings in e2e/.

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.mjs';
import { patienceMs, wholeTestMs } from './scripts/patience.mjs';
import { softwareVulkanEnvironment } from './scripts/software-vulkan.mjs';

Object.assign(process.env, softwareVulkanEnvironment()); // before the workers fork: they inherit it

export default defineConfig({
	test: {
		include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
		setupFiles: ['scripts/test-setup.ts'],
		pool: 'forks',
		maxWorkers: 2,
		sequence: { sequencer: LongestFirst },
		testTimeout: wholeTestMs,
		hookTimeout: wholeTestMs,
		expect: { poll: { timeout: patienceMs } },
		passWithNoTests: false,
	},
});
