import type { SuiteShape } from './made-up-suite.ts'

/** Text that would be markup or code if it got into a page as it is. */
export const evil = `<script>alert(1)</script></script></style></title><!--<img src=x onerror=alert(2)>"'>javascript:alert(3) \${x} &lt;`

/** Suites of which a page is made. */
export const shapes = {
  one: { recipes: 1, steps: 1 },
  forty: { recipes: 5, steps: 8, fails: true },
  many: { recipes: 100, steps: 20, fails: true },
  evil: { recipes: 2, steps: 6, fails: true, text: evil },
  control: { recipes: 1, steps: 2, text: 'a\u0000b\u001b[2J\u202ec\nd' },
} satisfies Readonly<Record<string, SuiteShape>>

/** The name of one of them. */
export type ShapeName = keyof typeof shapes
