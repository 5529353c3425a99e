# SPDX-License-Identifier: MIT
# A contract bundled from npm libraries as doc/libraries.md says: deployed, called and audited.
load ../support/helpers

LIBRARIES=$ROOT/build/deps/libraries

bundle() { # FILE: the command line of doc/libraries.md
  NODE_PATH=$LIBRARIES/node_modules "$LIBRARIES/node_modules/.bin/esbuild" "$1" --bundle --format=iife --global-name=contract \
    --footer:js='module.exports = { ...contract };' --target=es2020 --charset=utf8 --define:self=globalThis --log-level=error --outfile=contract.js
}

@test "a contract with five libraries is deployed, called and audited" {
  bundle "$ROOT/test/libraries/contract/ballot.mjs"
  start_host contract.js --dir data
  expect 0 '{"op":"add","path":["motions","swim"],"value":{"yes":"1.5","no":"0"}}' call "$URL" vote '{"motion":"swim","weight":"1.50","choice":"yes"}'
  expect 0 '' call "$URL" vote '{"motion":"swim","weight":"0.1","choice":"no"}'
  expect 0 '' call "$URL" vote '{"motion":"swim","weight":"0.2","choice":"no"}'
  expect 0 '"share":"0.8333333333"' call "$URL" result swim
  expect 1 'invalid_enum_value' call "$URL" vote '{"motion":"swim","weight":"1","choice":"maybe"}'
  expect 1 'ZodError' call "$URL" vote '{"motion":"no","weight":"-1","choice":"yes"}'
  expect 0 '"1.9.0"' call "$URL" newest '["1.2.3","1.9.0","2.0.0"]'
  expect 0 "ok: " audit "$URL"
  stop_host
  expect 0 "ok: " audit data
}
