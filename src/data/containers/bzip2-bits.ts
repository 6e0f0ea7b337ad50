// Bits of a bzip2 file, highest bit of each byte first, over bytes that are appended as they come.

import { joinBytes } from '../../util/join-bytes';

/** More bits were asked for than there are: the file is cut short. */
export class OutOfBits extends Error {}

export class Bzip2Bits {
	bytes: Uint8Array = new Uint8Array(0);
	/** Next byte to load. Behind the end zeros are loaded; whoever takes them finds out by `checkEnd`. */
	at = 0;
	/** The lowest `held` bits are still to be read. */
	loaded = 0;
	held = 0;

	append(chunk: Uint8Array): void {
		const rest = this.bytes.subarray(this.at);
		this.bytes = joinBytes([rest, chunk]);
		this.at = 0;
	}

	/** Whole bytes not yet loaded. */
	bytesLeft(): number {
		return this.bytes.length - this.at;
	}

	isEmpty(): boolean {
		return this.held < 8 && this.bytesLeft() <= 0;
	}

	/** 0 to 24 bits as a number. */
	read(count: number): number {
		while (this.held < count) {
			if (this.at >= this.bytes.length) throw new OutOfBits();
			this.loaded = (this.loaded << 8) | this.bytes[this.at++];
			this.held += 8;
		}
		this.held -= count;
		return (this.loaded >>> this.held) & ((1 << count) - 1);
	}

	/** Throws when more bits were taken than there are. */
	checkEnd(): void {
		if (this.at - (this.held >> 3) > this.bytes.length) throw new OutOfBits();
	}

	/** Drops the rest of a byte. */
	align(): void {
		this.held -= this.held & 7;
	}
}
