// Packings of Parquet pages that few writers choose: a file of its own, so that it is loaded when such a page is met.

import { decompressBrotli, decompressLz4, decompressLz4Raw } from 'hyparquet-compressors';

export const rareCodecs = { BROTLI: decompressBrotli, LZ4: decompressLz4, LZ4_RAW: decompressLz4Raw };
