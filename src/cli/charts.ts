import { Markup } from './html.ts'

/*
 * The part of ECharts that is used, loaded only where plots are drawn: an optional peer.
 */

interface Chart {
  setOption(option: object): void
  renderToSVGString(): string
  dispose(): void
}

interface Core {
  use(parts: readonly unknown[]): void
  init(dom: null, theme: null, options: object): Chart
}

/** Draws a chart description as SVG. */
export type Draw = (option: object, width: number, height: number) => Markup

export const PLOTS_MISSING = 'no plots: they are drawn by the package echarts, install it by `npm install echarts`'

/** Loads the drawing library; undefined where it is not installed. */
export async function loadCharts(): Promise<Draw | undefined> {
  const parts = ['echarts/core', 'echarts/charts', 'echarts/components', 'echarts/renderers']
  try {
    const [core, charts, components, renderers] = await Promise.all(
      parts.map(part => import(part) as Promise<Readonly<Record<string, unknown>>>),
    )
    const { use, init } = core as unknown as Core
    const { GridComponent, LegendComponent, VisualMapComponent } = components!
    const { LineChart, HeatmapChart } = charts!
    use([LineChart, HeatmapChart, GridComponent, LegendComponent, VisualMapComponent, renderers!.SVGRenderer])
    return (option, width, height) => {
      const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
      chart.setOption({ animation: false, ...option })
      const svg = chart.renderToSVGString()
      chart.dispose()
      return new Markup(svg)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
