import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createUnsavedWork, retryMs, type UnsavedWork, type UnsavedWorkStore } from './unsaved-work';

let unsaved: UnsavedWorkStore;
beforeEach(() => {
	vi.useFakeTimers();
	unsaved = createUnsavedWork();
});
afterEach(() => vi.useRealTimers());

const problem = { kind: 'bug', message: 'no room' } as const;
const work = (key: string, save: UnsavedWork['save']): UnsavedWork => ({
	key,
	kind: 'labels',
	name: key,
	problem,
	save,
});

test('all registered work is saved at once, and what cannot be saved stays registered', async () => {
	const saved = vi.fn(async () => true);
	unsaved.getState().register(work('a', saved));
	unsaved.getState().register(work('b', async () => false));
	unsaved.getState().register(work('c', () => Promise.reject(new Error('broken'))));
	expect(await unsaved.getState().saveAll()).toBe(false);
	expect(saved).toHaveBeenCalledOnce();
	expect(unsaved.getState()).toMatchObject({ works: [{ key: 'b' }, { key: 'c' }], isSaving: false });
});

test('the same key registers once, with its latest reason', () => {
	unsaved.getState().register(work('a', async () => true));
	unsaved.getState().register({ ...work('a', async () => true), name: 'again' });
	expect(unsaved.getState().works.map(({ name }) => name)).toEqual(['again']);
});

test('while anything is unsaved it is tried again by itself, and not once all is saved', async () => {
	let hasRoom = false;
	const save = vi.fn(async () => hasRoom);
	unsaved.getState().register(work('a', save));
	await vi.advanceTimersByTimeAsync(retryMs);
	expect(save).toHaveBeenCalledTimes(1);
	hasRoom = true;
	await vi.advanceTimersByTimeAsync(retryMs);
	expect(unsaved.getState().works).toEqual([]);
	await vi.advanceTimersByTimeAsync(5 * retryMs);
	expect(save).toHaveBeenCalledTimes(2);
});

test('a call while saving is under way tries once more behind it', async () => {
	let hasRoom = false;
	let finish = () => {};
	const save = vi.fn(async () => {
		const had = hasRoom;
		await new Promise<void>((resolve) => (finish = resolve));
		return had;
	});
	unsaved.getState().register(work('a', save));
	const first = unsaved.getState().saveAll();
	hasRoom = true;
	const second = unsaved.getState().saveAll();
	finish();
	expect(await first).toBe(false);
	await vi.advanceTimersByTimeAsync(0);
	finish();
	expect(await second).toBe(true);
	expect(save).toHaveBeenCalledTimes(2);
});

test('nothing unsaved is saved at once', async () => {
	expect(await unsaved.getState().saveAll()).toBe(true);
});
