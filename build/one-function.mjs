import { basename } from 'node:path'
import { transform } from 'esbuild'

/**
 * The chunks of the program as one expression: a function that takes `require` and `__filename` and gives what the chunk
 * `program.js` exports. Each chunk is a function in it, which runs when something of the chunk is first used: V8 makes nothing of
 * a chunk, neither in its memory nor in the code cache, before that. No chunk does anything but define what it exports, so that
 * their order is of no matter.
 */
export async function oneFunction(chunks) {
  const functions = await Promise.all(
    chunks.map(async ({ path, text }) => {
      const { code } = await transform(text, {
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        // Else it stays one of ECMAScript modules, which a function is not.
        supported: { 'dynamic-import': false },
        minifyWhitespace: true,
        legalComments: 'none',
      })
      return `${JSON.stringify(`./${basename(path)}`)}:function(exports,require,module){${importedLate(code)}}`
    }),
  )
  return `(function(requireNow,__filename){const __importMetaUrl=requireNow("node:url").pathToFileURL(__filename).href;
const chunks={${functions.join(',\n')}};
const loaded=new Map();
function require(name){
if(!Object.hasOwn(chunks,name))return requireNow(name);
let module=loaded.get(name);
if(module===undefined){module={exports:{}};loaded.set(name,module);chunks[name](module.exports,require,module)}
return module.exports}
return require("./program.js")})`
}

// esbuild writes "var import_chunk_A=require('./chunk-A.js');" and then "import_chunk_A.name" for each use, also after "new".
function importedLate(code) {
  return code
    .replace(
      /var (import_chunk_\w+)=require\(("\.\/chunk-\w+\.js")\);/g,
      'let of_$1;function $1(){return of_$1??=require($2)}',
    )
    .replace(/\b(import_chunk_\w+)\./g, '($1()).')
}
