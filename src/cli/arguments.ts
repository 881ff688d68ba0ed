import { parseArgs } from 'node:util'
import { nearestName } from '../core/suggest.ts'
import { UsageError } from './usage-error.ts'

/** An option: with `value` it takes one, and `value` is its name in the help. */
export interface OptionShape {
  readonly value?: string
  readonly repeats?: boolean
  readonly help: string
}

/** What a subcommand takes. */
export interface CommandShape {
  readonly name: string
  readonly summary: string
  /** Names of the operands; those in brackets may be left out. */
  readonly operands: readonly string[]
  readonly options: Readonly<Record<string, OptionShape>>
  /** More help; computed, so that what it needs is loaded for it alone. */
  readonly notes?: () => string | Promise<string>
  /** Hands everything on unread. */
  readonly raw?: boolean
}

export const everywhere: Readonly<Record<string, OptionShape>> = {
  json: { help: 'print one JSON document on standard output and nothing else' },
  help: { help: 'show this text' },
}

/** The arguments of one call, checked against the shape of its command. */
export class Arguments {
  readonly operands: readonly string[]
  readonly #values = new Map<string, string[]>()

  constructor(shape: CommandShape, argv: readonly string[]) {
    const options = { ...shape.options, ...everywhere }
    const { tokens, positionals } = parseArgs({
      args: [...argv],
      strict: false,
      allowPositionals: true,
      tokens: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' } as const]),
      ),
    })
    for (const token of tokens) if (token.kind === 'option') this.#take(shape, options, token)
    this.operands = positionals
    if (!this.has('help')) checkOperands(shape, positionals)
  }

  #take(shape: CommandShape, options: CommandShape['options'], { name, rawName, value }: OptionToken): void {
    const option = Object.hasOwn(options, name) ? options[name]! : undefined
    if (option === undefined) {
      const nearest = nearestName(name, Object.keys(options))
      const hint = nearest === undefined ? `see krylov ${shape.name} --help` : `did you mean --${nearest}?`
      throw new UsageError(`unknown option ${rawName}; ${hint}`)
    }
    if (option.value !== undefined && value === undefined) throw new UsageError(`--${name} needs a ${option.value}`)
    if (option.value === undefined && value !== undefined) throw new UsageError(`--${name} takes no value`)
    const given = this.#values.get(name)
    if (given !== undefined && option.value !== undefined && !option.repeats)
      throw new UsageError(`--${name} is given twice`)
    this.#values.set(name, [...(given ?? []), value ?? ''])
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  /** The option as a number from `low` on, an integer where asked for. */
  number(name: string, low: number, integer = false): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!(value >= low && value < Number.POSITIVE_INFINITY) || (integer && !Number.isInteger(value)))
      throw new UsageError(`--${name} must be ${integer ? 'an integer' : 'a number'} from ${low} on, got ${text}`)
    return value
  }

  /** The option as one of `names`. */
  oneOf<Name extends string>(name: string, names: readonly Name[]): Name | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : checkName(`--${name}`, text, names)
  }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
}

/** `text` where it is one of `names`; otherwise an error with the likely one. */
export function checkName<Name extends string>(what: string, text: string, names: readonly Name[]): Name {
  const found = names.find(name => name === text)
  if (found !== undefined) return found
  const nearest = nearestName(text, names)
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
  throw new UsageError(`${what} must be one of ${names.join(', ')}, got ${text}${hint}`)
}

function checkOperands({ name, operands }: CommandShape, given: readonly string[]): void {
  const missing = operands[given.length]
  if (missing !== undefined && !missing.startsWith('['))
    throw new UsageError(`krylov ${name} needs ${missing}; see krylov ${name} --help`)
  if (given.length > operands.length) throw new UsageError(`krylov ${name}: unexpected ${given[operands.length]}`)
}
