// Headers of the page: one list for the small server, the service worker and Vite.

/** Shared memory for WASM threads needs a cross-origin isolated page. */
const isolationHeaders = {
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

/** Nothing from or to another origin, no inline script, no eval but that of WASM modules. Also goes into a meta tag. */
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

/** What the development server sends too: it needs inline scripts, so it goes without the content policy. */
export const baseHeaders = {
	...isolationHeaders,
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'no-referrer',
};

/** Everything that comes with each answer. No site may frame the page, which a meta tag cannot say. */
export const pageHeaders = {
	...baseHeaders,
	'Content-Security-Policy': `${contentPolicy}; frame-ancestors 'none'`,
};
