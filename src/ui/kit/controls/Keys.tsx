// Keys as caps: `mod+k` is ⌘ K on a Mac and Ctrl K elsewhere, `g d` is two strokes.

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const keyNames: Readonly<Record<string, string>> = {
	mod: isMac ? '⌘' : 'Ctrl',
	shift: isMac ? '⇧' : 'Shift',
	alt: isMac ? '⌥' : 'Alt',
	arrowleft: '←',
	arrowright: '→',
	arrowup: '↑',
	arrowdown: '↓',
	enter: '↵',
	backspace: '⌫',
	escape: 'Esc',
	space: 'Space',
	tab: 'Tab',
};

export function Keys({ keys }: { keys: string }) {
	const caps = keys.split(' ').flatMap((stroke) => stroke.split(/\+(?=.)/));
	return (
		<span className="keys">
			{caps.map((key, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a stroke may come twice, and the list never changes
				<kbd key={index}>{keyNames[key.toLowerCase()] ?? key.toUpperCase()}</kbd>
			))}
		</span>
	);
}
