// Headers of the page, shared by Vite and by the small server.

/** Shared memory for WASM threads needs a cross-origin isolated page. */
export const isolationHeaders = {
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Embedder-Policy': 'require-corp',
	'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Style elements of fixed text that two libraries write at start: React Aria's one; sonner's, first empty, then whole.
 * An update that changes them shows as a console error, on which every browser test fails; the message names the new hash.
 */
const libraryStyles = [
	"'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='",
	"'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
	"'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
];

/** Nothing from or to another origin, no inline script, no eval but that of WASM modules. */
export const contentPolicy = [
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"worker-src 'self'",
	"connect-src 'self'",
	`style-src 'self' ${libraryStyles.join(' ')}`,
	"img-src 'self' data:",
	"font-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
].join('; ');
