import { expect, it } from 'vitest'
import { fastJL, gaussian, sjlt, sparseStack, srht, verySparse } from '../../src/index.ts'
import { drawColumn, drawEntries, drawNormals, drawRows } from '../../src/sketch/sample.ts'

/* An operator that is saved as its seed has to be the same in every version. */

const rows = new Int32Array(64)
const signs = new Float64Array(64)

it('32 numbers of each operator are what they have always been', () => {
  const first = (n: number, draw: (j: number) => readonly number[]) =>
    Array.from({ length: n }, (_, j) => draw(j))
      .flat()
      .slice(0, 32)
  const signed = (S: Parameters<typeof drawColumn>[0]) =>
    first(32, j => {
      const count = drawColumn(S, j, rows, signs)
      return Array.from({ length: count }, (_, e) => signs[e]! * (rows[e]! + 1))
    })
  expect(signed(sparseStack({ rows: 64, columns: 99, seed: 11, stream: 2 }))).toEqual([
    -6, 14, -17, -25, -36, 41, 51, -60, -6, -16, 21, 32, 37, -46, -52, 60, 6, 12, 17, -31, 40, -48, 52, 63, -8, -9, 23,
    27, -37, -45, -54, 61,
  ])
  expect(signed(sjlt({ rows: 64, columns: 99, zeta: 4, seed: 11, stream: 2 }))).toEqual([
    -48, 41, -7, -3, -30, 5, 23, -28, -43, -57, 34, 60, 33, -45, -26, 29, 46, 30, 4, -52, 64, -59, 26, 52, -58, -5, 50,
    17, -37, -33, -43, 34,
  ])
  expect(signed(verySparse({ rows: 64, columns: 99, seed: 11, stream: 2 }))).toEqual([
    -3, -4, 6, 19, -26, -63, -7, 9, 11, -20, -52, 57, -60, -12, 14, -34, -37, 50, -6, -11, 12, 18, 25, -32, -34, 36, 38,
    -48, -59, -7, 13, -20,
  ])
  const out = new Float64Array(64)
  const normals = first(1, j => {
    drawNormals(gaussian({ rows: 64, columns: 99, seed: 11, stream: 2 }), j, out)
    return [...out]
  })
  expect(normals).toEqual([
    0.6261435286651904, 0.4464893517564897, -0.7395648984639186, 0.9921925713972809, -0.8733401490630932,
    -0.24149387074263406, -0.9798705433466816, 0.6473871721793184, 0.7701367199703014, 0.29932882907292174,
    -0.10116482829652192, 0.06828625370781397, 0.10848082038260692, -0.43076073097387874, -0.5879999857714171,
    -0.875209181023076, -0.8257233770999967, 0.47844947754093464, 0.20021819761176213, -0.8799578570551512,
    -0.6898447599591343, 0.49946799446868007, -0.8615434514641638, 0.9023926082647409, -0.15454810234658994,
    0.3309561645280874, -0.07705336102100871, 0.7352301272565653, 0.4074877140725466, 0.4087743181496483,
    0.8023418940614282, 0.5694585664132121,
  ])
  expect([...drawRows(srht({ rows: 32, columns: 99, seed: 11, stream: 2 }))]).toEqual([
    2, 8, 9, 13, 20, 21, 23, 25, 33, 35, 36, 41, 44, 55, 60, 64, 72, 73, 76, 77, 87, 90, 93, 105, 107, 111, 112, 119,
    121, 122, 123, 127,
  ])
  const { places, values } = drawEntries(fastJL({ rows: 64, columns: 99, q: Math.log(99) / 128, seed: 11, stream: 2 }))
  expect(places.slice(0, 16)).toEqual([10, 26, 35, 61, 85, 111, 164, 188, 198, 200, 224, 250, 261, 314, 398, 414])
  expect(values.slice(0, 16)).toEqual([
    2.6478698015526727, -7.554007135798367, 6.99451384411386, 1.777284288285401, -5.300973052099005, 6.988670399335381,
    2.554459675058744, -2.4421152835355335, -5.984116963969269, -4.81720325580194, -1.2687428008410377,
    -0.43857453302050237, 1.3363639102559153, 5.690052076537605, 2.0564695678724885, -8.190836708365264,
  ])
})
