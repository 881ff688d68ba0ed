/** The residual norms of one solve. */
export interface Curve {
  readonly name: string
  /** Curves of one group share a colour. */
  readonly group: string
  readonly residuals: ArrayLike<number>
}

const MOST_POINTS = 600 // about one per pixel

/** Relative residual, on a logarithmic scale, against iterations. */
export function convergenceChart(curves: readonly Curve[]): object {
  const groups = [...new Set(curves.map(({ group }) => group))]
  const shared = (group: string): boolean => curves.filter(curve => curve.group === group).length > 1
  const colors = ['#1f6fb4', '#d1602b', '#2e8b57', '#7a4fb0', '#b0902a', '#555555']
  return {
    grid: { left: 70, right: 20, top: 70, bottom: 50 },
    legend: { top: 5, itemGap: 18 },
    xAxis: { type: 'value', name: 'iteration', nameLocation: 'middle', nameGap: 30 },
    yAxis: {
      type: 'log',
      name: 'residual / first residual',
      nameLocation: 'middle',
      nameGap: 52,
      axisLabel: { formatter: (value: number) => value.toExponential(0) },
    },
    series: curves.map(({ name, group, residuals }) => ({
      type: 'line',
      name,
      symbol: 'none',
      silent: true,
      color: colors[groups.indexOf(group) % colors.length],
      // Curves of a group often coincide: a broad pale line shows beside the narrow one on top of it.
      lineStyle:
        shared(group) && curves.find(curve => curve.group === group)?.name === name
          ? { width: 6, opacity: 0.35 }
          : { width: 1.5 },
      data: thinned(residuals),
    })),
  }
}

/** Points (iteration, relative residual) that a logarithmic scale can show. */
function thinned(residuals: ArrayLike<number>): [number, number][] {
  const points: [number, number][] = []
  const step = Math.max(1, Math.ceil(residuals.length / MOST_POINTS))
  const last = residuals.length - 1
  for (let i = 0; i <= last; i = i < last ? Math.min(last, i + step) : last + 1) {
    const relative = residuals[i]! / residuals[0]!
    if (relative > 0 && relative < Number.POSITIVE_INFINITY) points.push([i, relative])
  }
  return points
}
