// Unit tests: beside the files they test, in Node. The browser tests have their own settings in e2e/.

import { defineConfig } from 'vitest/config';
import { softwareVulkanDriver } from './scripts/software-vulkan.mjs';

const driver = softwareVulkanDriver();
if (driver) process.env.VK_ICD_FILENAMES = driver; // before the workers fork: the Vulkan loader reads the real environment

export default defineConfig({
	test: {
		include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
		pool: 'forks',
		maxWorkers: 2,
		testTimeout: 60_000,
		hookTimeout: 60_000,
		passWithNoTests: false,
	},
});
