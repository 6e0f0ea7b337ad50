// The line of time: stages as on the stage line of a run, a thumb on the shown frame, play, and following a run that goes on.

import { Pause, Play, StepBack, StepForward } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import {
	type AxisStage,
	axisPlace,
	axisStages,
	frameAt,
	frameBeside,
	framesWithMap,
	momentKey,
	type PlannedStage,
} from '../../../state/space-moments';
import type { SpaceFrame } from '../../../wire/space';
import { useCommands } from '../../context/commands-context';
import { Dot } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { useMediaQuery } from '../../navigation/use-media-query';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';
import { useSpaceNames } from './use-space-names';

export interface ScrubberProps {
	frames: readonly SpaceFrame[];
	frame: SpaceFrame;
	planned: readonly PlannedStage[];
	isLive: boolean;
	/** Whether the latest frame is followed. */
	isFollowing: boolean;
	/** '' follows. */
	onMoment(key: string): void;
}

const framesPerSecond = 8;
const stillFramesPerSecond = 1;

export function Scrubber({ frames, frame, planned, isLive, isFollowing, onMoment }: ScrubberProps) {
	const t = useWords(spaceWords);
	const { momentName, frameName } = useSpaceNames();
	const stages = useMemo(() => axisStages(frames, planned, isLive), [frames, planned, isLive]);
	const end = Math.max(1, ...stages.map(({ start, planned: length }) => start + length));
	const place = axisPlace(stages, frame);
	const step = useCallback(
		(by: 1 | -1) => {
			const next = frameBeside(frames, frame, by);
			if (next) onMoment(momentKey(next));
		},
		[frames, frame, onMoment],
	);
	const [isPlaying, togglePlaying] = usePlaying(frames, frame, onMoment);
	const follow = useCallback(() => onMoment(''), [onMoment]);
	const commands = useMemo(
		() => [
			{ id: 'epoch-back', title: t('back'), keys: ',', group: t('group'), run: () => step(-1) },
			{ id: 'epoch-on', title: t('on'), keys: '.', group: t('group'), run: () => step(1) },
			{ id: 'play', title: isPlaying ? t('stopPlaying') : t('play'), keys: 'p', group: t('group'), run: togglePlaying },
			{ id: 'follow', title: t('followCommand'), keys: 'f', group: t('group'), run: follow },
		],
		[t, step, isPlaying, togglePlaying, follow],
	);
	useCommands(commands);
	return (
		<div className="scrubber">
			<div className="row scrubber-buttons">
				<IconButton
					label={isPlaying ? t('stopPlaying') : t('play')}
					keys="p"
					onPress={togglePlaying}
					isDisabled={frames.length < 2}
				>
					{isPlaying ? (
						<Pause size={16} strokeWidth={1.6} aria-hidden />
					) : (
						<Play size={16} strokeWidth={1.6} aria-hidden />
					)}
				</IconButton>
				<IconButton label={t('back')} keys="," onPress={() => step(-1)} isDisabled={!frameBeside(frames, frame, -1)}>
					<StepBack size={16} strokeWidth={1.6} aria-hidden />
				</IconButton>
				<IconButton label={t('on')} keys="." onPress={() => step(1)} isDisabled={!frameBeside(frames, frame, 1)}>
					<StepForward size={16} strokeWidth={1.6} aria-hidden />
				</IconButton>
			</div>
			<div className="scrubber-rail">
				<StageTracks stages={stages} end={end} />
				<input
					type="range"
					min={0}
					max={end}
					step="any"
					value={place}
					aria-label={t('time')}
					aria-valuetext={frameName(frame)}
					onChange={(event) => {
						const found = frameAt(frames, stages, Number(event.target.value));
						if (found && found.id !== frame.id) onMoment(momentKey(found));
					}}
					onKeyDown={(event) => {
						const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
						if (by === undefined) return;
						event.preventDefault();
						step(by as 1 | -1);
					}}
				/>
			</div>
			<span className="num scrubber-moment clip" data-testid="moment" data-moment={momentKey(frame)}>
				{momentName(frame)}
			</span>
			<Button size="small" onPress={follow} aria-pressed={isFollowing}>
				{isLive && <Dot tone={isFollowing ? 'accent' : 'plain'} />}
				{isLive ? t('followLive') : t('latest')}
			</Button>
		</div>
	);
}

function StageTracks({ stages, end }: { stages: readonly AxisStage[]; end: number }) {
	const { stageName } = useSpaceNames();
	return (
		<div className="scrubber-stages" aria-hidden>
			{stages.map(({ name, start, done, planned }) => (
				<span key={`${name} ${start}`} style={{ left: `${(start / end) * 100}%`, width: `${(planned / end) * 100}%` }}>
					<small className="clip">{planned / end > 0.06 ? stageName(name) : ''}</small>
					<i>
						<b style={{ width: `${planned > 0 ? (done / planned) * 100 : 0}%` }} />
					</i>
				</span>
			))}
		</div>
	);
}

/** Goes on by a frame eight times a second, once a second where motion is not wanted; from the end it begins anew. */
function usePlaying(
	frames: readonly SpaceFrame[],
	frame: SpaceFrame,
	onMoment: (key: string) => void,
): [boolean, () => void] {
	const [isPlaying, setPlaying] = useState(false);
	const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
	const next = frameBeside(frames, frame, 1);
	useEffect(() => {
		if (!isPlaying) return;
		if (!next) {
			setPlaying(false);
			return;
		}
		const rate = isStill ? stillFramesPerSecond : framesPerSecond;
		const timer = setTimeout(() => onMoment(momentKey(next)), 1000 / rate);
		return () => clearTimeout(timer);
	}, [isPlaying, next, isStill, onMoment]);
	const toggle = useCallback(() => {
		if (!isPlaying && !next) {
			const [first] = framesWithMap(frames);
			if (first) onMoment(momentKey(first));
		}
		setPlaying(!isPlaying);
	}, [isPlaying, next, frames, onMoment]);
	return [isPlaying, toggle];
}
