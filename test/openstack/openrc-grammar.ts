import fc from 'fast-check'

const name = fc.constantFrom('OS_A', 'OS_B', 'OS_C', 'OS_E', 'B', 'C', 'http_proxy', 'NO_PROXY')
const several = { minLength: 1, maxLength: 3 }

function join<T extends string>(all: fc.Arbitrary<readonly T[]>, between = ''): fc.Arbitrary<string> {
  return all.map((texts) => texts.join(between))
}

const signs = ['a', 'b', 'x', '1', '0', '/', '.', '-', '_', ',', '%', '+', '@', ':', '=', 'é', '日', '😀']
const plain = join(fc.array(fc.constantFrom(...signs), several))
const odd = [
  ' ',
  '\n',
  '#',
  '!',
  '^',
  '[',
  ']',
  '{',
  '}',
  '*',
  '?',
  '~',
  '&',
  ';',
  '|',
  '(',
  ')',
  '<',
  '>',
  '\r',
  '\t',
]
const single = join(
  fc.array(fc.constantFrom(...signs, ...odd, '"', '$', '`', '\\', '$B', '\\n'), { maxLength: 4 }),
).map((text) => `'${text}'`)
const escapes = [
  '\\n',
  '\\t',
  '\\\\',
  "\\'",
  '\\"',
  '\\e',
  '\\x41',
  '\\x9',
  '\\101',
  '\\7',
  '\\u00e9',
  '\\u65e5',
  '\\U0001f600',
]
const bytes = [
  '\\xc3\\xa9',
  '\\303\\251',
  '\\xff',
  '\\0',
  '\\q',
  '\\cA',
  '\\x',
  '\\u',
  '\\?',
  '\\a',
  '\\x{41}',
]
const ansi = join(
  fc.array(fc.constantFrom(...signs, ' ', '"', '$', '\n', ...escapes, ...bytes), { maxLength: 4 }),
).map((text) => `$'${text}'`)
const escaped = fc.constantFrom(
  '\\ ',
  '\\$',
  '\\"',
  "\\'",
  '\\\\',
  '\\#',
  '\\a',
  '\\\n',
  '\\~',
  '\\*',
  '\\;',
  '\\`',
  '\\&',
)

const { quotedPart, part, operand } = fc.letrec<{
  quotedPart: string
  part: string
  operand: string
  expansion: string
  quotedExpansion: string
  pattern: string
}>((tie) => ({
  operand: join(
    fc.array(
      fc.oneof({ arbitrary: plain, weight: 3 }, single, tie('part'), fc.constantFrom(' ', '~', '~/x', ':')),
      { maxLength: 3 },
    ),
  ),
  pattern: join(
    fc.array(fc.oneof(fc.constantFrom('*', '?', 'a', 'b', '/', '.', '"*"', "'b'", '\\*', '$B'), plain), {
      maxLength: 3,
    }),
  ),
  expansion: fc.oneof(
    { arbitrary: name.map((one) => `$${one}`), weight: 3 },
    { arbitrary: name.map((one) => `\${${one}}`), weight: 3 },
    name.map((one) => `\${#${one}}`),
    fc
      .tuple(name, fc.constantFrom(':-', '-', ':=', '=', ':+', '+'), tie('operand'))
      .map(([one, sign, text]) => `\${${one}${sign}${text}}`),
    fc
      .tuple(name, fc.constantFrom('%', '%%', '#', '##'), tie('pattern'))
      .map(([one, sign, text]) => `\${${one}${sign}${text}}`),
  ),
  quotedExpansion: fc.oneof(
    { arbitrary: name.map((one) => `$${one}`), weight: 3 },
    { arbitrary: name.map((one) => `\${${one}}`), weight: 3 },
    fc
      .tuple(
        name,
        fc.constantFrom(':-', '-', ':=', ':+', '+'),
        join(fc.array(fc.oneof(plain, tie('quotedPart')), { maxLength: 2 })),
      )
      .map(([one, sign, text]) => `\${${one}${sign}${text}}`),
    fc
      .tuple(name, fc.constantFrom('%', '%%', '#', '##'), tie('pattern'))
      .map(([one, sign, text]) => `\${${one}${sign}${text}}`),
  ),
  quotedPart: fc.oneof(
    plain,
    fc.constantFrom(
      ' ',
      "'",
      '\\"',
      '\\$',
      '\\\\',
      '\\`',
      '\\x',
      '$',
      '!',
      '\\\n',
      '\n',
      '#',
      '*',
      '~',
      '%',
      '\t',
    ),
    tie('quotedExpansion'),
  ),
  part: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: plain, weight: 4 },
    { arbitrary: single, weight: 2 },
    { arbitrary: ansi, weight: 2 },
    escaped,
    tie('expansion'),
    { arbitrary: join(fc.array(tie('quotedPart'), { maxLength: 4 })).map((text) => `"${text}"`), weight: 3 },
  ),
}))
void operand
void quotedPart

const word = join(fc.array(part, several))
/** What an assignment gives. */
const value = fc.oneof(
  { arbitrary: word, weight: 8 },
  fc.constant(''),
  fc
    .tuple(
      fc.constantFrom('~', '~/x', 'a:~/b', '~:~', 'a~', 'a*', '?b', '[ab]', '{a', '}'),
      fc.oneof(fc.constant(''), word),
    )
    .map((texts) => texts.join('')),
)
const assignment = fc.tuple(name, fc.constantFrom('=', '=', '=', '+='), value).map((texts) => texts.join(''))
const argument = fc.oneof(
  { arbitrary: join(fc.array(part, { minLength: 1, maxLength: 2 })), weight: 4 },
  fc.constantFrom('""', '-n', 'a', '='),
)

const condition = fc.oneof(
  fc
    .tuple(fc.constantFrom('-z', '-n'), fc.constantFrom('"', '"', ''), name, fc.constantFrom('', ':-', '-'))
    .map(([flag, quote, one, sign]) => `[ ${flag} ${quote}\${${one}${sign}}${quote} ]`),
  fc.tuple(fc.constantFrom('-z', '-n', '!', ''), argument).map(([flag, one]) => `test ${flag} ${one}`),
  fc
    .tuple(fc.constantFrom('', '! '), argument, fc.constantFrom('=', '!=', '==', '-eq', '-lt'), argument)
    .map(([not, left, sign, right]) => `[ ${not}${left} ${sign} ${right} ]`),
  fc
    .tuple(name, fc.constantFrom('-a', '-o'), name)
    .map(([one, sign, other]) => `[ -n "$${one}" ${sign} -z "$${other}" ]`),
  fc
    .tuple(fc.constantFrom('', '! '), argument, fc.constantFrom('=', '!=', '=='), argument)
    .map(([not, left, sign, right]) => `[[ ${not}${left} ${sign} ${right} ]]`),
  fc
    .tuple(name, fc.constantFrom('&&', '||'), name)
    .map(([one, sign, other]) => `[[ -z $${one} ${sign} -n $${other} ]]`),
  name.map((one) => `[[ -v ${one} ]]`),
  fc.constantFrom('true', 'false', ':'),
)

const redirection = fc.constantFrom('', '', '', ' >/dev/null', ' >&2', ' 2>/dev/null', ' >/dev/null 2>&1')
const simple = fc.oneof(
  { arbitrary: join(fc.array(assignment, { minLength: 1, maxLength: 2 }), ' '), weight: 3 },
  {
    arbitrary: join(fc.array(assignment, { minLength: 1, maxLength: 2 }), ' ').map(
      (text) => `export ${text}`,
    ),
    weight: 8,
  },
  fc
    .tuple(
      fc.constantFrom('declare -x', 'typeset -x', 'declare', 'declare +x', 'export -n', 'export', 'readonly'),
      name,
    )
    .map((texts) => texts.join(' ')),
  fc
    .tuple(fc.constantFrom('declare -x', 'typeset -x', 'declare', 'declare -gx'), assignment)
    .map((texts) => texts.join(' ')),
  name.map((one) => `unset ${one}`),
  name.map((one) => `unset -v ${one} OS_NONE`),
  fc
    .tuple(name, fc.constantFrom(':=', '='), plain)
    .map(([one, sign, text]) => `: "\${${one}${sign}${text}}"`),
  fc.tuple(word, redirection).map(([text, to]) => `echo ${text}${to}`),
  fc.constantFrom(
    'read -s OS_P',
    'IFS= read -rsp "Say: " OS_P',
    'export OS_Q=$OS_P',
    'printf "a\\n"',
    'stty -echo 2>/dev/null',
    'umask 077',
    '# a comment',
    '',
  ),
  fc.constantFrom('set -a', 'set +a', 'set -o allexport', 'set -x', 'set +x'),
)

// What only a shell can do.
const foreign = fc.oneof(
  name.map((one) => `export ${one}=$(hostname)`),
  name.map((one) => `export ${one}=\`date\``),
  name.map((one) => `export ${one}=$((1 + 2))`),
  fc.constantFrom(
    'set -u',
    'set -e',
    'false',
    '[ -e / ] && B=1',
    'B=x export OS_A=1',
    'cat <<E\nOS_A=1\nE',
    'B=(1 2)',
    'eval OS_A=1',
    '. /dev/null',
    'let B=1',
    '((B = 2))',
    'case $B in b*) OS_A=1 ;; esac',
    'f() { OS_A=1; }',
    'f',
    '(export OS_A=1)',
    'exit 0',
    'return 0',
    'return 1',
    ': ${B:?no}',
    'B=${OS_A^^}',
    'B=${OS_A/a/b}',
    'B=${OS_A:1}',
    'B=${!OS_A}',
    'B=$PWD',
    'B=$#',
    'B=1 | true',
    'B=1 &',
    'export {B,C}=1',
    'export B={a,b}',
    'while false; do B=1; done',
    "$'export' B=1",
  ),
)

const { statement } = fc.letrec<{ statement: string; list: string }>((tie) => ({
  list: join(fc.array(tie('statement'), { minLength: 1, maxLength: 2 }), '\n').map((text) => `${text}\n:`),
  statement: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { arbitrary: simple, weight: 14 },
    fc
      .tuple(
        condition,
        fc.constantFrom('&&', '||'),
        simple.filter((text) => /^[a-z]/.test(text)),
      )
      .map((texts) => texts.join(' ')),
    fc
      .tuple(condition, tie('list'), tie('list'))
      .map(([when, then, other]) => `if ${when}; then\n${then}\nelse\n${other}\nfi`),
    fc
      .tuple(condition, condition, tie('list'), tie('list'))
      .map(([when, or, then, other]) => `if ${when}\nthen ${then}\nelif ! ${or}; then ${other}\nfi`),
    fc
      .tuple(condition, fc.constantFrom('&&', '||'), tie('list'))
      .map(([when, sign, list]) => `${when} ${sign} {\n${list}\n}`),
    fc
      .tuple(
        join(fc.array(name, several), ' '),
        fc.constantFrom('unset $key', 'export $key=1', 'export OS_C=$OS_C$key'),
      )
      .map(([names, body]) => `for key in ${names}; do ${body}; done`),
    fc.constantFrom(
      'for key in $( set | awk \'{FS="="}  /^OS_/ {print $1}\' ); do unset $key ; done',
      'unset ${!OS_*}',
      'unset $(set | grep ^OS_ | cut -d= -f1)',
      'for key in $(env | sed -n \'s/^\\(OS_[A-Z0-9_]*\\)=.*/\\1/p\'); do unset "$key"; done',
      'unset $(env | grep ^OS_ | cut -d= -f1)',
      "unset $(env | awk -F= '/^OS_/ {print $1}')",
    ),
  ),
}))

/** Files of what an openrc file may have. */
export const openrcFile = fc
  .array(
    fc
      .tuple(statement, fc.constantFrom('\n', '\n', '\n', ' # said\n', '; ', '\n\n'))
      .map((texts) => texts.join('')),
    { minLength: 1, maxLength: 8 },
  )
  .map((texts) => `${texts.join('')}\n`)

/** The same, with something in it that only a shell can do. */
export const foreignFile = fc.tuple(openrcFile, foreign, openrcFile).map((texts) => texts.join('\n'))

/** The same, with a mistake: a character is lost, doubled or another one. */
export const brokenFile = fc
  .tuple(
    openrcFile,
    fc.nat(),
    fc.constantFrom(
      '',
      '"',
      "'",
      '$',
      '\\',
      '{',
      '}',
      '(',
      ')',
      '[',
      '`',
      '#',
      ' ',
      ';',
      '\n',
      '&',
      '|',
      '<',
      '>',
      '~',
      '*',
      '!',
      '=',
      '\r',
      '%',
    ),
    fc.boolean(),
  )
  .map(([text, at, sign, replaces]) => {
    const signs = [...text]
    signs.splice(at % signs.length, replaces ? 1 : 0, sign)
    return signs.join('')
  })
  // Such a file is read as if its lines did not end as on Windows, which bash does not do.
  .filter((text) => text.split('\n').some((line) => line !== '' && !line.endsWith('\r')))
