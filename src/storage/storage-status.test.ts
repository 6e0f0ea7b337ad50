import { afterEach, expect, test, vi } from 'vitest';
import { readStorageStatus, requestPersistence } from './storage-status';

afterEach(() => vi.unstubAllGlobals());

test('a browser that tells its numbers is quoted', async () => {
	const storage = {
		estimate: async () => ({ usage: 5, quota: 100 }),
		persisted: async () => false,
		persist: async () => true,
	};
	vi.stubGlobal('navigator', { storage });
	expect(await readStorageStatus(true)).toEqual({ isKept: true, isPersistent: false, usageBytes: 5, quotaBytes: 100 });
	expect(await requestPersistence()).toBe(true);
});

test('a browser that refuses or knows none of it gives nothing', async () => {
	const nothing = { isKept: false, isPersistent: null, usageBytes: null, quotaBytes: null };
	vi.stubGlobal('navigator', { storage: { estimate: () => Promise.reject(new Error('private')) } });
	expect(await readStorageStatus(false)).toEqual(nothing);
	vi.stubGlobal('navigator', {});
	expect(await readStorageStatus(false)).toEqual(nothing);
	expect(await requestPersistence()).toBeNull();
});
