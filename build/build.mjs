// Builds what is published: the library (dist/library with its types), the program as one file
// (dist/cli.cjs, one function), the pages that it serves (dist/web), and the recipe language's JSON Schema. `npm ci` runs it.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { oneFunction } from './one-function.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)
const require = createRequire(import.meta.url)

rmSync(at('dist'), { recursive: true, force: true })
const common = {
  platform: 'node',
  target: 'node20',
  bundle: true,
  absWorkingDir: root,
  logLevel: 'warning',
  legalComments: 'none',
}

/** The entry points of the library, each a subpath of the package; `index` is the package itself. */
const libraryEntries = ['index', 'sandbox', 'recording', 'curl']

const validator = await compileValidator()
await build({
  ...common,
  entryPoints: libraryEntries.map((name) => `src/library/${name}.ts`),
  outdir: 'dist/library',
  format: 'esm',
  // What the entries have in common exists once: an error of one is an error for all.
  splitting: true,
  packages: 'external',
  // Before every other import, of which some fail in their own words on an old Node.
  banner: { js: 'import "../../bin/node-version.mjs";' },
  plugins: [compiledValidator(validator, 'const require = createRequire(import.meta.url)'), withoutFaces()],
})
const { outputFiles } = await build({
  ...common,
  entryPoints: { program: 'src/cli/process.ts' },
  outdir: 'dist',
  // It has a part for each kind of machine.
  external: ['classic-level'],
  // What is loaded when it is used is a chunk of its own, and so is what chunks have in common.
  format: 'esm',
  splitting: true,
  write: false,
  minifySyntax: true,
  minifyWhitespace: true,
  define: { 'import.meta.url': '__importMetaUrl' },
  plugins: [bundledRequire(), compiledValidator(validator, ''), rawFiles()],
})
writeFileSync(at('dist', 'cli.cjs'), await oneFunction(outputFiles))
// What starts it reads a byte for each character. esbuild leaves regular expressions and tagged templates as they are written.
const [beyond] = /.{0,40}[^\0-\x7f].{0,40}/.exec(readFileSync(at('dist', 'cli.cjs'), 'utf8')) ?? []
if (beyond !== undefined) throw new Error(`dist/cli.cjs is not ASCII; write an escape here: ${beyond}`)
await build({
  ...common,
  platform: 'browser',
  target: 'es2022',
  entryPoints: {
    lessons: 'src/web/page/lessons.tsx',
    board: 'src/web/page/board.tsx',
    page: 'src/web/page/page.css',
  },
  outdir: 'dist/web',
  format: 'iife',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  banner: { js: `/*! With Preact:\n${readFileSync(at('node_modules', 'preact', 'LICENSE'), 'utf8')}*/` },
})

const types = spawnSync(at('node_modules', '.bin', 'tsc'), ['-p', at('tsconfig.build.json')], {
  stdio: 'inherit',
})
if (types.status !== 0) process.exit(1)
keepReachableTypes(libraryEntries.map((name) => at('dist', 'library', `${name}.d.ts`)))

/** Removes the declarations that the library's own do not lead to. */
function keepReachableTypes(entries) {
  const reached = new Set()
  const visit = (file) => {
    if (reached.has(file)) return
    reached.add(file)
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g))
      visit(join(dirname(file), `${path}.d.ts`))
  }
  entries.forEach(visit)
  for (const file of readdirSync(at('dist'), { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name)
    if (path.endsWith('.d.ts') && !reached.has(path)) rmSync(path)
  }
}

/** The language's schema as published, and its validator as a module that needs no ajv to start. */
async function compileValidator() {
  const outfile = at('dist', 'build-schema.cjs')
  await build({
    ...common,
    entryPoints: ['build/recipe-language.ts'],
    outfile,
    format: 'cjs',
    packages: 'external',
    define: { 'import.meta.url': '"file:///"' },
  })
  const { recipeSchema, recipeValidatorOptions, verbs } = require(outfile)
  rmSync(outfile)
  const schema = recipeSchema(verbs)
  writeFileSync(at('recipe.schema.json'), `${JSON.stringify(schema, undefined, 2)}\n`)
  const { Ajv2020 } = require('ajv/dist/2020.js')
  const { default: standalone } = require('ajv/dist/standalone')
  const ajv = new Ajv2020({ ...recipeValidatorOptions, logger: false, code: { source: true } })
  return standalone(ajv, ajv.compile(schema))
}

/** The library runs recipes: of its verbs it has no face that explains or exports a step. */
function withoutFaces() {
  return {
    name: 'without-faces',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/(explain|shell|plain)\.ts$/ }, ({ kind, path }) =>
        kind === 'dynamic-import' ? { path, namespace: 'without-faces' } : undefined,
      )
      onLoad({ filter: /./, namespace: 'without-faces' }, () => ({ contents: '' }))
    },
  }
}

/** Packages that the sources load by `require` when they are first needed are bundled, and still run only then. */
function bundledRequire() {
  return {
    name: 'bundled-require',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
        const { readFile } = await import('node:fs/promises')
        const text = await readFile(path, 'utf8')
        if (!text.includes('createRequire(import.meta.url)')) return undefined
        return {
          contents: text.replace(/^const require = createRequire\(import\.meta\.url\)$/m, ''),
          loader: 'ts',
        }
      })
    },
  }
}

/** `import text from './file?raw'` gives the text of a style sheet or a script, minified, as Vite does without that. */
function rawFiles() {
  return {
    name: 'raw-files',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.slice(0, -'?raw'.length)),
        namespace: 'raw',
      }))
      onLoad({ filter: /.*/, namespace: 'raw' }, async ({ path }) => {
        const loader = path.endsWith('.css') ? 'css' : 'js'
        const options = { loader, minify: true, ...(loader === 'js' && { format: 'iife' }) }
        const { code } = await transform(readFileSync(path, 'utf8'), options)
        return { contents: code.trim(), loader: 'text' }
      })
    },
  }
}

/** Puts the compiled validator of the built-in verbs in the place of the one that is compiled when it is used. */
function compiledValidator(source, requireLine) {
  return {
    name: 'compiled-validator',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /compiled-validator\.ts$/ }, () => ({
        path: 'compiled-validator',
        namespace: 'osrun',
      }))
      onLoad({ filter: /.*/, namespace: 'osrun' }, () => ({
        contents: `
import { createRequire } from 'node:module'
import { verbs } from './src/steps/index.ts'
${requireLine}
const compiled = { exports: {} }
;((module) => {${source}
})(compiled)
const validate = compiled.exports
export const builtInValidator = (given) =>
  given === verbs ? (value) => (validate(value) ? [] : (validate.errors ?? [])) : undefined`,
        loader: 'js',
        resolveDir: root,
      }))
    },
  }
}
