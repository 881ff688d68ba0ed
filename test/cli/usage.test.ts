import { describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { laplaceFile, useCli } from '../support/cli.ts'

const { krylov, file, folder } = useCli()

/** The same without a process: for what is decided by the arguments alone. */
async function call(...args: readonly string[]) {
  let out = ''
  let err = ''
  const code = await main(args, new URL(import.meta.url), {
    print: text => {
      out += `${text}\n`
    },
    note: text => {
      err += `${text}\n`
    },
    progress: () => {},
  })
  return { code, out, err }
}

describe('misuse', () => {
  it.each([
    [['solve', 'a.mtx', '--rtool', '1'], 'unknown option --rtool; did you mean --rtol?'],
    [['solve', 'a.mtx', '--rtol'], '--rtol needs a X'],
    [['solve', 'a.mtx', '--rtol', 'small'], '--rtol must be a number from 0 on, got small'],
    [['solve', 'a.mtx', '--max-iterations', '1.5'], '--max-iterations must be an integer from 0 on, got 1.5'],
    [['solve', 'a.mtx', '--json=yes'], '--json takes no value'],
    [
      ['solve', 'a.mtx', '--method', 'cgg'],
      '--method must be one of auto, cg, minres, minresQlp, gmres, fgmres, bicgstab, idrs, gcrodr, deflatedCg, recyclingMinres, got cgg; did you mean cg?',
    ],
    [['solve', 'a.mtx', '--preconditioner', 'jakobi'], 'did you mean jacobi?'],
    [['solve', 'a.mtx', '--preconditioner', 'ric0:omega'], 'expected key=number, got "omega"'],
    [['solve', 'a.mtx', '--backend', 'gpu'], '--backend must be one of native, ts, both, got gpu'],
    [['solve', 'a.mtx', '--out', 'x', '--out', 'y'], '--out is given twice'],
    [['solve'], 'krylov solve needs A.mtx'],
    [['info', 'a.mtx', 'b.mtx'], 'unexpected b.mtx'],
    [['slove'], 'did you mean solve?'],
    [[], 'no command given'],
  ])('%j', async (args, text) => {
    const { code, out, err } = await call(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(text)
  })

  it('names an unknown option of a preconditioner', async () => {
    const { code, err } = await krylov('solve', file('a.mtx', laplaceFile(4)), '--preconditioner', 'ric0:omga=1')
    expect(code).toBe(2)
    expect(err).toContain('did you mean omega?')
  })

  it('is a JSON document too, where asked for', async () => {
    const { code, out, err } = await call('solve', 'a.mtx', '--rtool', '1', '--json')
    expect({ code, err }).toEqual({ code: 2, err: '' })
    expect(JSON.parse(out).error).toMatchObject({ code: 'ERR_USAGE' })
  })
})

describe('bad files', () => {
  it('a missing file', async () => {
    const { code, err } = await call('solve', 'absent.mtx')
    expect({ code, err }).toEqual({ code: 3, err: 'krylov: absent.mtx: there is no such file\n' })
  })

  it('a directory', async () => {
    expect(await call('info', folder)).toMatchObject({
      code: 3,
      err: `krylov: ${folder}: this is a directory, not a file\n`,
    })
  })

  it('a corrupt file: name and line', async () => {
    const cut = laplaceFile(5).split('\n').slice(0, 6).join('\n')
    const { code, err } = await krylov('solve', file('cut.mtx', cut))
    expect(code).toBe(3)
    expect(err).toMatch(/cut\.mtx:7: expected 9 entries/)
    const { code: jsonCode, out } = await krylov('info', file('noise.mtx', 'hello\n'), '--json')
    expect(jsonCode).toBe(3)
    expect(JSON.parse(out).error.code).toBe('ERR_FORMAT')
  })

  it('control characters in a name do not reach the terminal', async () => {
    const { err } = await krylov('solve', '\u001b[31mred.mtx')
    expect(err).not.toContain('\u001b')
  })
})

describe('help and version', () => {
  it.each(['solve', 'info', 'bench', 'backend'])('krylov %s --help', async name => {
    const { code, out } = await call(name, '--help')
    expect(code).toBe(0)
    expect(out).toContain(`krylov ${name}`)
    expect(out).toContain('Exit codes:')
  })

  it('krylov --help, --version, backend', async () => {
    expect((await call('--help')).out).toContain('Commands:')
    expect((await call('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(JSON.parse((await call('backend', '--json')).out).name).toBe(process.env.KRYLOV_BACKEND)
  })
})
