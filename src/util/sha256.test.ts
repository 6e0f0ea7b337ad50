import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256 } from './sha256';

function sha256Hex(bytes: Uint8Array): string {
	const hash = new Sha256();
	hash.update(bytes);
	return hash.digestHex();
}

test('the empty text has the hash of the standard', () => {
	expect(sha256Hex(new Uint8Array(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('bytes in any pieces hash as OpenSSL hashes them', () => {
	const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 97) % 256);
	for (let length = 0; length < 200; length += 7) {
		const part = bytes.subarray(0, length);
		expect(sha256Hex(part)).toBe(createHash('sha256').update(part).digest('hex'));
	}
	const hash = new Sha256();
	for (let at = 0; at < bytes.length; at += 37) hash.update(bytes.subarray(at, at + 37));
	expect(hash.digestHex()).toBe(createHash('sha256').update(bytes).digest('hex'));
});
