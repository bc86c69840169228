// undici is imported file by file, since the whole of it takes three times as long to load as Node itself.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici'
  export default Pool
}
