// Finds Chromium's software Vulkan driver: it lets Node run the WebGPU tests where there is no GPU.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

const drivers = [
	'/usr/lib/chromium/vk_swiftshader_icd.json',
	'/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
	'/opt/google/chrome/vk_swiftshader_icd.json',
];

const probe = `
	import { create, globals } from 'webgpu';
	Object.assign(globalThis, globals);
	const adapter = await create([]).requestAdapter();
	process.exit(adapter ? 0 : 1);
`;

/** Whether Node finds a GPU by itself; asked only where a device file hints at one. */
function hasAdapter() {
	if (!existsSync('/dev/dri') && !existsSync('/dev/nvidiactl') && !existsSync('/dev/dxg')) return false;
	const options = { cwd: projectRoot, stdio: 'ignore', timeout: 30_000 };
	return spawnSync(process.execPath, ['--input-type=module', '-e', probe], options).status === 0;
}

/**
 * Environment that gives a new process a software WebGPU adapter; empty where a real one is found, where the
 * environment already names a driver, or where no driver is installed. It must be set before that process starts: the
 * loader of shared libraries reads LD_LIBRARY_PATH once (Chromium brings its own Vulkan loader beside the driver).
 */
export function softwareVulkanEnvironment() {
	if (process.env.VK_ICD_FILENAMES || process.platform !== 'linux') return {};
	const driver = drivers.find((path) => existsSync(path));
	if (!driver || hasAdapter()) return {};
	const libraries = [process.env.LD_LIBRARY_PATH, dirname(driver)].filter(Boolean).join(':');
	return { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: libraries };
}
