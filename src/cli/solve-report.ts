import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Draw, loadCharts, PLOTS_MISSING } from './charts.ts'
import { convergenceChart } from './convergence-chart.ts'
import { html, htmlTable, type Markup, page } from './html.ts'
import { backendName, methodName, remarks, runCells, runHead, systemLine } from './solve-show.ts'
import type { Solved } from './solved.ts'
import { spyChart, spySize } from './spy-chart.ts'
import { scientific } from './table.ts'

/** Writes the report of a solve; returns why it has no plots, where it has none. */
export async function solveReport(path: string, solved: Solved): Promise<string | undefined> {
  const draw = await loadCharts()
  const body = html`
<p>${systemLine(solved)}</p>
${htmlTable(runHead, solved.runs.map(runCells))}
${remarks(solved).map(remark => html`<p>${remark}</p>`)}
${draw === undefined ? html`<p>${PLOTS_MISSING}</p>` : plots(draw, solved)}
${spectra(solved)}`
  await writeFile(path, page(`krylov: ${basename(solved.file)}`, body))
  return draw === undefined ? PLOTS_MISSING : undefined
}

function plots(draw: Draw, { A, runs }: Solved): Markup {
  const curves = runs.map(run => ({
    name: `${methodName(run)}, ${run.backend}`,
    group: methodName(run),
    residuals: run.history ?? [],
  }))
  return html`
<div class="plots">
<figure>${draw(convergenceChart(curves), 640, 440)}<figcaption>Convergence.</figcaption></figure>
<figure>${draw(spyChart(A.pattern), ...spySize(A.pattern))}<figcaption>Where A is not zero; darker: more.</figcaption></figure>
</div>`
}

const spectra = ({ runs }: Solved): Markup => html`
<h2>Spectrum of the preconditioned matrix</h2>
<p>Estimates from the coefficients of the iteration: the true interval reaches at least this far.</p>
${htmlTable(
  ['backend', 'method', 'smallest', 'largest', 'condition'],
  runs.map(run => {
    const { smallest, largest, condition } = run.spectrum
    return [backendName(run), methodName(run), ...[smallest, largest, condition].map(scientific)]
  }),
)}`
