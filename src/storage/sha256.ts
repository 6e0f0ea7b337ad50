// SHA-256 as text. A page that came neither from localhost nor by https may not hash: an empty text then.

/** 64 hexadecimal digits, or an empty text where the browser does not hash. */
export async function sha256(bytes: Uint8Array): Promise<string> {
	if (!globalThis.crypto?.subtle) return '';
	const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
	return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
