/*
 * Readings of a network of stations with gaps, and some that are plainly wrong: a few patterns in time, weighted differently
 * at each station, explain nearly all of it, so that the gaps can be filled from what other stations saw at the time. The
 * rank is chosen by what it predicts of readings that are held out; wrong ones are found by `robustComplete`.
 *
 * npx tsx examples/sensor-gaps.ts --stations 80 --days 365
 */
import { parseArgs } from 'node:util'
import { complete, normal, predict, robustComplete, selectRank, uniform } from 'krylov'

const { values: flags } = parseArgs({
  strict: false,
  options: { stations: { type: 'string' }, days: { type: 'string' } },
})
const stations = Number(flags.stations ?? 80)
const days = Number(flags.days ?? 365)

// three patterns: the year, the half year, weeks of weather
const [weights, noise, gaps] = [normal(1, stations * 3), normal(2, stations * days), uniform(3, stations * days)]
const pattern = (day: number) => [
  Math.sin((2 * Math.PI * day) / 365),
  Math.cos((4 * Math.PI * day) / 365),
  Math.sin(day / 3) * Math.cos(day / 11),
]
const truth = (i: number, day: number) => pattern(day).reduce((sum, x, c) => sum + x * (1 + weights[3 * i + c]!), 0)
const seen = Array.from(gaps.keys()).filter(at => gaps[at]! < 0.4)
const observed = {
  rows: stations,
  columns: days,
  rowIndices: seen.map(at => Math.floor(at / days)),
  columnIndices: seen.map(at => at % days),
  values: seen.map(at => truth(Math.floor(at / days), at % days) + 0.05 * noise[at]! + (gaps[at]! < 0.01 ? 40 : 0)),
}

// wrong readings first, then the rank on what is left
const first = await robustComplete(observed, { rank: 4, ridge: 0.05, seed: 1 })
const sound = seen.filter((_, e) => first.outliers[e] === 0)
const clean = {
  rows: stations,
  columns: days,
  rowIndices: sound.map(at => Math.floor(at / days)),
  columnIndices: sound.map(at => at % days),
  values: observed.values.filter((_, e) => first.outliers[e] === 0),
}
const { rank, trials } = await selectRank(clean, { ranks: [1, 2, 3, 4, 6], ridges: [0.1], seed: 1 })
console.log(trials.map(trial => `rank ${trial.rank}: ${trial.error.toFixed(3)}`).join(', '))
const model = await complete(clean, { rank, ridge: 0.1, seed: 1 })
const missing = Array.from(gaps.keys()).filter(at => gaps[at]! >= 0.4)
const filled = predict(
  model,
  missing.map(at => Math.floor(at / days)),
  missing.map(at => at % days),
)
const errors = missing.map((at, e) => (filled[e]! - truth(Math.floor(at / days), at % days)) ** 2)
const rms = Math.sqrt(errors.reduce((sum, x) => sum + x, 0) / errors.length)
console.log(
  `rank ${rank}; ${seen.length - sound.length} readings left out, ${missing.length} gaps filled to ${rms.toFixed(3)}`,
)
if (!(rms < 0.1)) throw new Error('the gaps are not filled')
