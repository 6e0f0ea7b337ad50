// Numbers as people read them: true minus, thin spaces between thousands, the dash for none.

const dash = '—';

/** A share from 0 to 1 as points: 0.9682 -> "96.8". */
export function points(share: number | undefined): string {
	return share === undefined ? dash : (share * 100).toFixed(1);
}

export function lossText(loss: number | undefined): string {
	if (loss === undefined || Number.isNaN(loss)) return dash;
	return loss.toFixed(2).replace('-', '−');
}

/** 0.0004 -> "4.0e−4". */
export function rateText(rate: number): string {
	return rate.toExponential(1).replace('-', '−').replace('+', '');
}

/** 12345 -> "12 345", with thin spaces. */
export function countText(count: number): string {
	return String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** 700 -> "11 min 40 s". */
export function durationText(seconds: number): string {
	const whole = Math.round(seconds);
	if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1) : whole} s`;
	return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
