// Light or dark: the system's choice, or the one that the address asks for. Colours stand in tokens.css.

import type { ThemeRequest } from './page-query';

export function applyTheme(request: ThemeRequest): void {
	const dark = window.matchMedia('(prefers-color-scheme: dark)');
	const apply = () => {
		document.documentElement.dataset.theme = request === 'system' ? (dark.matches ? 'dark' : 'light') : request;
	};
	apply();
	if (request === 'system') dark.addEventListener('change', apply);
}
