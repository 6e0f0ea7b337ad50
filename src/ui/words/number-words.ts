// Numbers as people read them: true minus, commas between thousands, the dash for none.

import type { Language } from '../../state/preferences';

const dash = '—';

/** A share from 0 to 1 as points: 0.9682 -> "96.8". */
export function points(share: number | undefined): string {
	return share === undefined ? dash : (share * 100).toFixed(1);
}

export function lossText(loss: number | undefined): string {
	if (loss === undefined || Number.isNaN(loss)) return dash;
	// A run that goes wrong reaches figures without end.
	const text = Math.abs(loss) < 1e6 ? loss.toFixed(2) : loss.toExponential(1).replace('+', '');
	return text.replaceAll('-', '−');
}

/** 0.0004 -> "4.0e−4". */
export function rateText(rate: number): string {
	return rate.toExponential(1).replace('-', '−').replace('+', '');
}

/** 12345 -> "12,345". */
export function countText(count: number): string {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

interface TimeUnits {
	hours: string;
	minutes: string;
	seconds: string;
}

const timeUnits: Record<Language, TimeUnits> = {
	en: { hours: ' h', minutes: ' min', seconds: ' s' },
	zh: { hours: ' 小时', minutes: ' 分钟', seconds: ' 秒' },
};

/** 700 -> "11 min 40 s", 7500 -> "2 h 5 min". */
export function durationText(seconds: number, language: Language = 'en'): string {
	const units = timeUnits[language];
	const whole = Math.round(seconds);
	if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1) : whole}${units.seconds}`;
	if (whole < 3600) return `${Math.floor(whole / 60)}${units.minutes} ${whole % 60}${units.seconds}`;
	return `${Math.floor(whole / 3600)}${units.hours} ${Math.round((whole % 3600) / 60)}${units.minutes}`;
}

/** A remaining time, rounded so that it does not flicker: to 5 s under a minute, 1 min under an hour, 5 min beyond. */
export function roundedDuration(seconds: number, language: Language = 'en'): string {
	const units = timeUnits[language];
	if (seconds < 57.5) return `${Math.max(5, Math.ceil(seconds / 5) * 5)}${units.seconds}`;
	const minutes = Math.max(1, Math.round(seconds / 60));
	if (minutes < 60) return `${minutes}${units.minutes}`;
	const rounded = Math.round(minutes / 5) * 5;
	const rest = rounded % 60;
	return `${Math.floor(rounded / 60)}${units.hours}${rest > 0 ? ` ${rest}${units.minutes}` : ''}`;
}

/** A moment of the last months by the reader's clock: "22 Nov, 18:15", "11月22日 18:15". */
export function momentText(ms: number, language: Language = 'en'): string {
	const style = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
	return new Date(ms).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', style);
}

/** 412000000 -> "412 MB"; units of 1000. */
export function bytesText(bytes: number): string {
	const units = ['B', 'kB', 'MB', 'GB', 'TB'];
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
