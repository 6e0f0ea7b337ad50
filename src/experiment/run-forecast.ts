// What a run will cost: the words of forecasts, which training makes and the page shows.

export interface StageForecast {
	stage: string;
	/** All that are planned, or as many as the stage stops after; patience may end it sooner. */
	epochs: number;
	stepsPerEpoch: number;
	trainSecondsPerEpoch: number;
	evaluationSecondsPerEpoch: number;
	seconds: number;
	/** Most bytes that the device holds, parameters included. */
	bytesPeak: number;
}

export interface RunForecast {
	stages: StageForecast[];
	/** If no stage ends before its planned epochs. */
	seconds: number;
	bytesPeak: number;
}
