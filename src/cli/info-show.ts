import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Csr } from '../sparse/csr.ts'
import { reverseCuthillMckee } from '../sparse/reverse-cuthill-mckee.ts'
import { loadCharts, PLOTS_MISSING } from './charts.ts'
import type { Band, MatrixReport, SpectrumReport } from './examine.ts'
import { html, htmlTable, page } from './html.ts'
import { spyText } from './spy.ts'
import { spyChart, spySize } from './spy-chart.ts'
import { grouped, scientific } from './table.ts'

const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 1 ? 1 : 0)} %`

const bandText = ({ lower, upper, profile }: Band): string =>
  `${grouped(lower)} below, ${grouped(upper)} above; profile ${grouped(profile)}`

function symmetryText({ symmetric, asymmetry, largest, finite }: MatrixReport): string {
  if (!finite) return 'not judged: there are entries that are not finite'
  if (asymmetry === null) return 'no: not square'
  if (asymmetry === 0) return 'yes, to the bit'
  const size = `max |A - A^T| = ${scientific(asymmetry)}, largest entry ${scientific(largest)}`
  return symmetric ? `yes, to rounding: ${size}` : `no: ${size}`
}

function spectrumText({ smallest, largest, condition, iterations, reason }: SpectrumReport): string {
  const found = `${scientific(smallest)} to ${scientific(largest)}, condition ${scientific(condition)}`
  if (reason === 'indefinite-operator') return 'of both signs: A is indefinite'
  return `${found} (CG, ${iterations} steps, ${reason}; the true interval reaches at least this far)`
}

/** The report as pairs of a name and a text. */
const facts = (matrix: MatrixReport): readonly (readonly [string, string])[] => {
  const { rows, columns, nonZeros, perRow, dominance, diagonal, bandwidth, reordered, spectrum } = matrix
  return [
    ['size', `${grouped(rows)} x ${grouped(columns)}`],
    ['non-zeros', `${grouped(nonZeros)}; in a row ${perRow.fewest} to ${perRow.most}, mean ${perRow.mean.toFixed(2)}`],
    ['symmetric', symmetryText(matrix)],
    ['diagonal', `${grouped(diagonal.positive)} positive, ${diagonal.zero} zero, ${diagonal.negative} negative`],
    ['diagonally dominant', `strictly in ${percent(dominance.strict)} of rows, weakly in ${percent(dominance.weak)}`],
    ['bandwidth', bandText(bandwidth)],
    ...(reordered === null ? [] : [['after RCM', bandText(reordered)] as const]),
    ...(spectrum === null ? [] : [['eigenvalues', spectrumText(spectrum)] as const]),
  ]
}

/** What `krylov info` prints. */
export function infoText(file: string, A: Csr, matrix: MatrixReport): string {
  const rows = facts(matrix)
  const width = Math.max(...rows.map(([name]) => name.length))
  return [file, ...rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`), '', spyText(A.pattern)].join('\n')
}

/** Writes what `krylov info` knows as a page; returns why it has no plots, where it has none. */
export async function infoPage(path: string, file: string, A: Csr, matrix: MatrixReport): Promise<string | undefined> {
  const draw = await loadCharts()
  const figure = (matrix: Csr, caption: string) => html`
<figure>${draw!(spyChart(matrix.pattern), ...spySize(matrix.pattern))}<figcaption>${caption}</figcaption></figure>`
  const plots = (): readonly ReturnType<typeof html>[] => [
    figure(A, 'As stored.'),
    ...(matrix.reordered === null ? [] : [figure(A.permute(reverseCuthillMckee(A)), 'After reverse Cuthill-McKee.')]),
  ]
  const body = html`${htmlTable(['', ''], facts(matrix))}
${draw === undefined ? html`<p>${PLOTS_MISSING}</p><pre>${spyText(A.pattern)}</pre>` : html`<div class="plots">${plots()}</div>`}`
  await writeFile(path, page(`krylov: ${basename(file)}`, body))
  return draw === undefined ? PLOTS_MISSING : undefined
}
