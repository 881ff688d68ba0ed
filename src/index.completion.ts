/* The part of the surface that is about completion. */

export { complete, completeSync } from './completion/complete.ts'
export { type Folded, type FoldInOptions, foldIn, type RowObservations } from './completion/fold-in.ts'
export type { SensingOperator } from './completion/measurements.ts'
export type { Completion, CompletionModel, CompletionReason, RidgeScaling } from './completion/model.ts'
export type { Duplicates, Observed } from './completion/observations.ts'
export type { CompleteOptions } from './completion/options.ts'
export { type RobustCompletion, type RobustOptions, robustComplete, robustCompleteSync } from './completion/robust.ts'
export {
  type RankTrial,
  type SelectedRank,
  type SelectRankOptions,
  selectRank,
  selectRankSync,
} from './completion/select-rank.ts'
export {
  type MatrixSensingOptions,
  matrixSensing,
  matrixSensingSync,
  type Sensed,
} from './completion/sensing.ts'
export { update, updateSync } from './completion/update.ts'
export { predict, type Top, type TopOptions, topN } from './completion/use.ts'
export { readCompletion, readObserved, writeCompletion } from './io/lazy.ts'
export type { ReadObserved, ReadObservedOptions } from './io/observed.ts'
