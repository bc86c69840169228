// Runs the command line as it is, and tells the most memory that it held.
process.on('exit', () => process.stdout.write(`resident ${process.resourceUsage().maxRSS}\n`))
require('../bin/osrun.cjs')
