import { basename } from 'node:path'
import { transform } from 'esbuild'

/**
 * The chunks of the program as one expression: a function that takes `require` and `__filename` and gives what the chunk
 * `program.js` exports. Each chunk is a function in it, which runs when the chunk is first imported: V8 makes nothing of a chunk,
 * neither in its memory nor in the code cache, before that.
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
        minifySyntax: true,
        minifyWhitespace: true,
        legalComments: 'none',
      })
      return `${JSON.stringify(`./${basename(path)}`)}:function(exports,require,module){${code}}`
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
