// Entry of the WebAssembly module: everything that load.ts names in its interface `Kernels`.

export { initialize, gemm, gemmHeads } from './gemm';
export { add, addVector, relu, reluBackward, addColumnSums, fillZero } from './elements';
export { layerNorm, layerNormBackward, layerNormParameters } from './layer-norm';
export { activate, activateBackward, scale } from './transformer';
export { dropout } from './dropout';
export { gatherRows, addToRows, placeRows, copyColumns } from './rows';
export { distanceRows, distanceRowsBackward, softmaxGroups, softmaxGroupsBackward, mixRows, mixRowsBackward } from './fusion';
export { addPositionScores, positionScoresBackward, maskedSoftmax, maskedSoftmaxBackward } from './attention';
export {
	crfIsScaled,
	crfTables,
	crfForwardScaled,
	crfBackwardScaled,
	crfFinishCounts,
	crfForwardLog,
	crfBackwardLog,
	crfPathScore,
	crfSubtractPath,
	crfAddMoves,
	crfDecode,
} from './crf';
export { normalizeRows, normalizeRowsBackward, contrastiveRows, contrastiveRowGradients } from './contrastive';
export { sumSquares, updateSgd, updateAdamw } from './update';
export { catchUpRows, markRows, clearRows, sumSquaresOfRows, updateRowsSgd, fillIntegers } from './lazy-rows';
export { catchUpRowsAdamw, updateRowsAdamw } from './lazy-rows-adamw';
