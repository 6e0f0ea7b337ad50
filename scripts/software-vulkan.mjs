// Where no GPU is, Chromium's own software Vulkan driver lets Node run the WebGPU tests: this finds it.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

function hasAdapter() {
	const options = { cwd: projectRoot, stdio: 'ignore', timeout: 30_000 };
	return spawnSync(process.execPath, ['--input-type=module', '-e', probe], options).status === 0;
}

/** The value that VK_ICD_FILENAMES should have, or null when it is set, not needed, or nothing is there. */
export function softwareVulkanDriver() {
	if (process.env.VK_ICD_FILENAMES || process.platform !== 'linux') return null;
	const driver = drivers.find((path) => existsSync(path));
	return driver && !hasAdapter() ? driver : null;
}
