/** The kinds of registers that the compiler uses, by the letters they begin with, as C knows them. */
const registerTypes: Readonly<Record<string, string>> = {
  r: 'unsigned',
  rd: 'unsigned long long',
  rs: 'unsigned short',
  f: 'float',
  p: 'int',
}

const specialRegisters: Readonly<Record<string, string>> = {
  '%tid.x': 'at->thread',
  '%ntid.x': 'at->threads',
  '%ctaid.x': 'at->block',
  '%nctaid.x': 'at->blocks',
}

/** What instructions compute, with the types they take their operands for. Names are those of PTX without the types. */
const operations: Readonly<Record<string, (operands: readonly string[]) => string>> = {
  'fma.rn': ([a, b, c]) => `fmaf(${a}, ${b}, ${c})`,
  'fma.rn.sat': ([a, b, c]) => `saturated(fmaf(${a}, ${b}, ${c}))`,
  'mad.lo': ([a, b, c]) => `${a} * ${b} + ${c}`,
  add: ([a, b]) => `${a} + ${b}`,
  sub: ([a, b]) => `${a} - ${b}`,
  mul: ([a, b]) => `${a} * ${b}`,
  'mul.lo': ([a, b]) => `${a} * ${b}`,
  div: ([a, b]) => `${a} / ${b}`,
  and: ([a, b]) => `${a} & ${b}`,
  or: ([a, b]) => `${a} | ${b}`,
  xor: ([a, b]) => `${a} ^ ${b}`,
  not: ([a]) => `~${a}`,
  neg: ([a]) => `-${a}`,
  shl: ([a, b]) => `${a} << ${b}`,
  shr: ([a, b]) => `${a} >> ${b}`,
  max: ([a, b]) => `${a} > ${b} ? ${a} : ${b}`,
  min: ([a, b]) => `${a} < ${b} ? ${a} : ${b}`,
  mov: ([a]) => `${a}`,
  'cvta.global': ([a]) => `${a}`,
  'cvta.to.global': ([a]) => `${a}`,
  selp: ([a, b, c]) => `${c} ? ${a} : ${b}`,
  prmt: ([a, b, c]) => `permuted(${a}, ${b}, ${c})`,
  'lg2.approx.ftz': ([a]) => `log2f(${a})`,
  'ex2.approx.ftz': ([a]) => `exp2f(${a})`,
  'sqrt.approx.ftz': ([a]) => `sqrtf(${a})`,
  'rcp.approx.ftz': ([a]) => `1 / ${a}`,
}

const comparisons: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
}

const valueTypes: Readonly<Record<string, string>> = {
  f32: 'float',
  b16: 'unsigned short',
  u16: 'unsigned short',
  b32: 'unsigned',
  u32: 'unsigned',
  s32: 'int',
  b64: 'unsigned long long',
  u64: 'unsigned long long',
  s64: 'long long',
  u8: 'unsigned char',
  pred: 'int',
}

/**
 * Kernels as our compiler writes them, translated to C: a function for each that does one thread's work up to the
 * barrier, and after it when it is called again. Knows the instructions that are in our kernels and no others.
 *
 * @throws Error at an instruction it does not know
 */
export function ptxToC(ptx: string): string {
  const kernels = [...ptx.matchAll(/\.visible \.entry (\w+)\([^)]*\)[^{]*\{\n([\s\S]*?)\n\}\n/g)]
  const functions = kernels.map(([, name = '', body = '']) => kernel(name, body))
  const table = kernels.map(([, name = '']) => `  { "${name}", ${name}, sizeof(struct ${name}) },`)
  return `${functions.join('\n')}\nconst Kernel kernels[] = {\n${table.join('\n')}\n  { 0 }\n};\n`
}

function kernel(name: string, body: string): string {
  const registers = [...body.matchAll(/\.reg \.\w+\s+%(\w+)<(\d+)>;/g)].flatMap(
    ([, kind = '', count = '0']) =>
      Array.from({ length: Number(count) }, (_, index) => `${registerTypes[kind]} ${kind}${index};`),
  )
  const lines = body
    .split('\n')
    .map((line) => line.replace(/\/\/.*/, '').trim())
    .filter(
      (line) =>
        line !== '' &&
        line !== '{' &&
        line !== '}' &&
        !line.startsWith('.reg') &&
        !line.startsWith('.pragma'),
    )
  const statements = lines.map((line) =>
    line.endsWith(':') ? `${label(line.slice(0, -1))}:;` : instruction(line),
  )
  return `struct ${name} { int resumed, last; ${registers.join(' ')} };
static int ${name}(void *memory, const unsigned char *parameter, const Place *at) {
  struct ${name} *s = memory;
  if (s->resumed) goto resumed;
  ${statements.join('\n  ')}
}
`
}

const label = (name: string) => name.replace('$', '')

function instruction(line: string): string {
  const [, guard, name = '', rest = ''] = /^(@!?%?\w+)?\s*([a-z][\w.]*)\s*(.*);$/.exec(line) ?? []
  const operands = [...rest.matchAll(/\{[^}]*\}|\[[^\]]*\]|[^,\s]+/g)].map(([operand]) => operand)
  const statement = statementOf(name, operands, line)
  if (guard === undefined) return statement
  const condition = guard.replace(/^@!?/, '')
  return `if (${guard.startsWith('@!') ? '!' : ''}${value(condition)}) { ${statement} }`
}

function statementOf(name: string, operands: readonly string[], line: string): string {
  const parts = name.split('.')
  const [first = '', second = ''] = operands
  if (parts[0] === 'bra') return `goto ${label(first)};`
  if (name === 'ret') return 'return 0;'
  if (name === 'bar.sync') return 's->resumed = 1; return 1; resumed:;'
  if (parts[0] === 'ld') return load(parts, first, second)
  if (parts[0] === 'st') return store(parts, first, second)
  const type = valueTypes[parts.at(-1) ?? '']
  const from = parts[0] === 'cvt' ? type : undefined
  if (from !== undefined)
    return `${value(first)} = (${valueTypes[parts.at(-2) ?? '']})${typed(second, from)};`
  if (parts[0] === 'setp') {
    const [, comparison = ''] = parts
    const [a = '', b = ''] = operands.slice(1).map((operand) => typed(operand, type ?? ''))
    // Unordered comparisons hold for what is not a number too.
    if (comparison === 'leu') return `${value(first)} = !(${a} > ${b});`
    return `${value(first)} = ${a} ${comparisons[comparison]} ${b};`
  }
  if (name.startsWith('mul.wide')) {
    const wide = parts[2] === 's32' ? 'long long' : 'unsigned long long'
    return `${value(first)} = (${wide})${typed(second, type ?? '')} * ${typed(operands[2] ?? '', type ?? '')};`
  }
  const operation = operations[parts.slice(0, -1).join('.')]
  if (operation === undefined || type === undefined)
    throw new Error(`an instruction that is not known: ${line}`)
  const taken = operands
    .slice(1)
    .map((operand, index) => (parts[0] === 'selp' && index === 2 ? value(operand) : typed(operand, type)))
  return assigned(first, type, operation(taken))
}

/** Moves bits where a float goes into another register, or the other way. */
function assigned(target: string, type: string, expression: string): string {
  return `{ ${type} result = ${expression}; memcpy(&${value(target)}, &result, sizeof(result)); }`
}

/** An operand as a value of the type its instruction takes it for. */
function typed(operand: string, type: string): string {
  if (!operand.startsWith('%') || operand in specialRegisters) return `(${type})${value(operand)}`
  return `BITS(${type}, ${value(operand)})`
}

function value(operand: string): string {
  const special = specialRegisters[operand]
  if (special !== undefined) return special
  if (operand.startsWith('0f')) return `float_of(0x${operand.slice(2)}u)`
  if (operand === 'pl_shared') return 'at->shared_base'
  if (operand.endsWith('_param_0')) return '(size_t)parameter'
  if (operand === 'last') return 's->last'
  if (operand.startsWith('%')) return `s->${operand.slice(1)}`
  return operand
}

function members(operand: string): readonly string[] {
  return operand.replace(/[{}\s]/g, '').split(',')
}

/** Where an address in brackets points, and from where it counts. */
function pointer(space: string, operand: string): string {
  const [, base = '', offset = '0'] = /^\[([%\w]+)\+?(-?\d+)?\]$/.exec(operand) ?? []
  if (space === 'param' && !base.startsWith('%')) return `parameter + ${offset}`
  if (space === 'shared') return `at->shared + ${value(base)} + ${offset}`
  return `(char *)(size_t)${value(base)} + ${offset}`
}

function load(parts: readonly string[], target: string, source: string): string {
  const type = valueTypes[parts.at(-1) ?? ''] ?? ''
  return members(target)
    .map((member, index) => {
      const from = `${pointer(parts[1] ?? '', source)} + ${index} * sizeof(${type})`
      return `{ ${type} loaded; memcpy(&loaded, ${from}, sizeof(loaded)); MOVE(${value(member)}, loaded); }`
    })
    .join(' ')
}

function store(parts: readonly string[], target: string, source: string): string {
  const type = valueTypes[parts.at(-1) ?? ''] ?? ''
  return members(source)
    .map((member, index) => {
      const to = `${pointer(parts[1] ?? '', target)} + ${index} * sizeof(${type})`
      return `{ ${type} stored = (${type})${typed(member, type)}; memcpy(${to}, &stored, sizeof(stored)); }`
    })
    .join(' ')
}
