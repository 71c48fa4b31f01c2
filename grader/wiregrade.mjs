#!/usr/bin/env node
// The command `wiregrade`: looks whether the runtime will do, switches on the compile cache, and hands over.
// Plain JavaScript, so that an old Node can read it too.
import module from 'node:module'
import process from 'node:process'

const NEEDED = 24
const current = Number(process.versions.node.split('.')[0])
if (current < NEEDED) {
  process.stderr.write(
    `wiregrade needs Node.js ${NEEDED} or newer, this is ${process.versions.node}: run it as "npm run grade" after "npm install", ` +
      'which brings its own Node on Linux and Windows, or install one from https://nodejs.org.\n',
  )
  process.exit(2)
}
module.enableCompileCache?.()
// Type stripping as a function is still called experimental; that is nothing for a student to read.
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`)
})
const { main } = await import('./cli.ts')
await main(process.argv.slice(2))
