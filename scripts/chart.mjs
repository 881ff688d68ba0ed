// What all charts of docs/ have in common.
import { writeFileSync } from 'node:fs'

const echarts = await import('echarts').catch(() => undefined)
if (echarts === undefined) {
  console.error('the charts are drawn by echarts: npm install')
  process.exit(1)
}

/** Writes docs/FILE.svg, 760 x `height`. */
export function draw(file, height, { title, subtext, ...option }) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, subtext, left: 12, top: 8 },
    ...option,
  })
  writeFileSync(new URL(`../docs/${file}.svg`, import.meta.url), chart.renderToSVGString())
  chart.dispose() // its timer would keep the process alive
}
