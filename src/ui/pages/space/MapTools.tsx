// The tools that float over a map: what a drag does, and the camera.

import { Hand, LassoSelect, Maximize, MousePointer2, SquareDashedMousePointer, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useCommands } from '../../context/commands-context';
import { IconButton } from '../../kit/controls/Button';
import { useWords } from '../../words/words';
import type { MapLink } from './map/map-link';
import { wholeMap, zoomLimits } from './map/map-view';
import type { MapTool } from './map/use-map-pointer';
import { spaceWords } from './space-words';

const icons = { select: MousePointer2, pan: Hand, lasso: LassoSelect, box: SquareDashedMousePointer };
const names = { select: 'toolSelect', pan: 'toolPan', lasso: 'toolLasso', box: 'toolBox' } as const;
const keys = { select: 'v', pan: 'h', lasso: 'l', box: 'b' } as const;
const zoomStep = 1.5;

export function MapTools({ link, tool, onTool }: { link: MapLink; tool: MapTool; onTool(tool: MapTool): void }) {
	const t = useWords(spaceWords);
	const zoom = useCallback(
		(factor: number) =>
			link.setState(({ view }) => ({
				view: { ...view, zoom: Math.min(zoomLimits.max, Math.max(zoomLimits.min, view.zoom * factor)) },
			})),
		[link],
	);
	const camera = useMemo(
		() => [
			{ id: 'zoom-in', title: t('zoomIn'), keys: '+', icon: ZoomIn, run: () => zoom(zoomStep) },
			{ id: 'zoom-out', title: t('zoomOut'), keys: '-', icon: ZoomOut, run: () => zoom(1 / zoomStep) },
			{ id: 'zoom-fit', title: t('fit'), keys: '0', icon: Maximize, run: () => link.setState({ view: wholeMap }) },
		],
		[t, zoom, link],
	);
	const commands = useMemo(
		() => [
			...camera.map(({ id, title, keys: stroke, run }) => ({ id, title, keys: stroke, group: t('group'), run })),
			...(['select', 'pan', 'lasso', 'box'] as const).map((name) => ({
				id: `tool-${name}`,
				title: t(names[name]),
				group: t('group'),
				keys: keys[name],
				run: () => onTool(name),
			})),
		],
		[t, camera, onTool],
	);
	useCommands(commands);
	return (
		<div className="map-float map-tools" role="toolbar" aria-label={t('tools')}>
			{(['select', 'pan', 'lasso', 'box'] as const).map((name) => {
				const Icon = icons[name];
				return (
					<ToolButton
						key={name}
						label={t(names[name])}
						keys={keys[name]}
						isOn={tool === name}
						onPress={() => onTool(name)}
					>
						<Icon size={16} strokeWidth={1.6} aria-hidden />
					</ToolButton>
				);
			})}
			<span className="map-tools-line" />
			{camera.map(({ id, title, keys: stroke, icon: Icon, run }) => (
				<IconButton key={id} label={title} keys={stroke} size="small" onPress={run}>
					<Icon size={16} strokeWidth={1.6} aria-hidden />
				</IconButton>
			))}
		</div>
	);
}

interface ToolButtonProps {
	label: string;
	keys: string;
	isOn: boolean;
	onPress(): void;
	children: React.ReactNode;
}

function ToolButton({ label, keys: stroke, isOn, onPress, children }: ToolButtonProps) {
	return (
		<IconButton label={label} keys={stroke} size="small" onPress={onPress} aria-pressed={isOn}>
			{children}
		</IconButton>
	);
}
