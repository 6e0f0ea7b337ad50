import { afterEach, expect, test, vi } from 'vitest';
import { findFirefox } from './find-browser.mjs';

afterEach(() => vi.unstubAllEnvs());

test('the Firefox named by the environment is taken, and one that is not there counts as none', async () => {
	vi.stubEnv('NERCO_FIREFOX', process.execPath);
	expect(await findFirefox()).toBe(process.execPath);
	vi.stubEnv('NERCO_FIREFOX', '/nowhere/firefox');
	expect(await findFirefox()).toBeNull();
});

test.skipIf(process.platform !== 'linux')('without a Firefox on the path, none is found', async () => {
	vi.stubEnv('NERCO_FIREFOX', '');
	vi.stubEnv('PATH', '/nowhere');
	expect(await findFirefox()).toBeNull();
});
