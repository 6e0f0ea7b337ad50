// Entry of the projection's module: everything the host calls. Compiled by ../build.mjs.

export { attract, repel } from './forces';
export { fourierColumns } from './fourier';
export { gatherForces, spreadPoints, weighSpectrum } from './grid';
