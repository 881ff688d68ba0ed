#!/usr/bin/env node
// Stands in for node-gyp where prebuildify calls it: CMake builds, without Node's headers and without a network.
process.argv.length = 2 // prebuildify's arguments are for node-gyp alone
await import('./build-native.mjs')
