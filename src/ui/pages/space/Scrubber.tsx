// The timeline: stages as on the stage line of a run, a thumb on the shown snapshot, play, and following an active run.

import { Pause, Play, StepBack, StepForward } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import {
	type AxisStage,
	axisPosition,
	axisStages,
	type PlannedStage,
	snapshotAt,
	snapshotBeside,
	snapshotKeyText,
	snapshotsWithMap,
} from '../../../state/space-snapshots';
import type { SpaceSnapshot } from '../../../wire/space';
import { useCommands } from '../../context/commands-context';
import { Dot } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { useMediaQuery } from '../../navigation/use-media-query';
import { useWords } from '../../words/words';
import { spaceWords } from './space-words';
import { useSpaceNames } from './use-space-names';

export interface ScrubberProps {
	snapshots: readonly SpaceSnapshot[];
	snapshot: SpaceSnapshot;
	planned: readonly PlannedStage[];
	isLive: boolean;
	/** Whether the latest snapshot is followed. */
	isFollowing: boolean;
	/** '' follows. */
	onSelectSnapshot(key: string): void;
}

const framesPerSecond = 8;
const stillFramesPerSecond = 1;

export function Scrubber({ snapshots, snapshot, planned, isLive, isFollowing, onSelectSnapshot }: ScrubberProps) {
	const t = useWords(spaceWords);
	const { epochName, snapshotName } = useSpaceNames();
	const stages = useMemo(() => axisStages(snapshots, planned, isLive), [snapshots, planned, isLive]);
	const end = Math.max(1, ...stages.map(({ start, planned: length }) => start + length));
	const position = axisPosition(stages, snapshot);
	const step = useCallback(
		(by: 1 | -1) => {
			const next = snapshotBeside(snapshots, snapshot, by);
			if (next) onSelectSnapshot(snapshotKeyText(next));
		},
		[snapshots, snapshot, onSelectSnapshot],
	);
	const [isPlaying, togglePlaying] = usePlaying(snapshots, snapshot, onSelectSnapshot);
	const follow = useCallback(() => onSelectSnapshot(''), [onSelectSnapshot]);
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
					isDisabled={snapshots.length < 2}
				>
					{isPlaying ? (
						<Pause size={16} strokeWidth={1.6} aria-hidden />
					) : (
						<Play size={16} strokeWidth={1.6} aria-hidden />
					)}
				</IconButton>
				<IconButton
					label={t('back')}
					keys=","
					onPress={() => step(-1)}
					isDisabled={!snapshotBeside(snapshots, snapshot, -1)}
				>
					<StepBack size={16} strokeWidth={1.6} aria-hidden />
				</IconButton>
				<IconButton
					label={t('on')}
					keys="."
					onPress={() => step(1)}
					isDisabled={!snapshotBeside(snapshots, snapshot, 1)}
				>
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
					value={position}
					aria-label={t('time')}
					aria-valuetext={snapshotName(snapshot)}
					onChange={(event) => {
						const found = snapshotAt(snapshots, stages, Number(event.target.value));
						if (found && found.id !== snapshot.id) onSelectSnapshot(snapshotKeyText(found));
					}}
					onKeyDown={(event) => {
						const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
						if (by === undefined) return;
						event.preventDefault();
						step(by as 1 | -1);
					}}
				/>
			</div>
			<span className="num scrubber-moment clip" data-testid="moment" data-moment={snapshotKeyText(snapshot)}>
				{epochName(snapshot)}
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

/** Advances by a snapshot eight times a second, once a second where motion is not wanted; at the end it starts again. */
function usePlaying(
	snapshots: readonly SpaceSnapshot[],
	snapshot: SpaceSnapshot,
	onSelectSnapshot: (key: string) => void,
): [boolean, () => void] {
	const [isPlaying, setPlaying] = useState(false);
	const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
	const next = snapshotBeside(snapshots, snapshot, 1);
	useEffect(() => {
		if (!isPlaying) return;
		if (!next) {
			setPlaying(false);
			return;
		}
		const rate = isStill ? stillFramesPerSecond : framesPerSecond;
		const timer = setTimeout(() => onSelectSnapshot(snapshotKeyText(next)), 1000 / rate);
		return () => clearTimeout(timer);
	}, [isPlaying, next, isStill, onSelectSnapshot]);
	const toggle = useCallback(() => {
		if (!isPlaying && !next) {
			const [first] = snapshotsWithMap(snapshots);
			if (first) onSelectSnapshot(snapshotKeyText(first));
		}
		setPlaying(!isPlaying);
	}, [isPlaying, next, snapshots, onSelectSnapshot]);
	return [isPlaying, toggle];
}
