#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The rules of doc/ARCHITECTURE.md that a compiler does not check: who may include what, which names are exported,
# no leftovers. Prints every breach; exit 1 if there was one.
set -u
cd "$(dirname "$0")/.."
build=${BUILD:-build}
bad=0
complain() { printf 'tidy: %s\n%s\n' "$1" "$2"; bad=1; }
# none WHAT PATTERN FILES...: no line of these files may match
none() {
  local what=$1 pattern=$2 hits
  shift 2
  hits=$(grep -nE "$pattern" "$@" /dev/null 2>/dev/null | head -5)
  [ -z "$hits" ] || complain "$what" "$hits"
}
sources() { find "$@" -name '*.[ch]' 2>/dev/null; }

# shellcheck disable=SC2046
{
  none 'base includes another module' '#include "(vms/(ledger|archive|sandbox|service|rpc|net)|lib/(ledger|archive|sandbox|service|rpc|os|net))' $(sources lib/base)
  none 'ledger knows base alone' '#include "(vms/(archive|sandbox|service|rpc|net)|lib/(archive|sandbox|service|rpc|os|net))' $(sources lib/ledger)
  none 'archive knows base and ledger' '#include "(vms/(sandbox|service|rpc|net)|lib/(sandbox|service|rpc|os|net))' $(sources lib/archive)
  none 'sandbox knows base alone' '#include "(vms/(ledger|archive|service|rpc|net)|lib/(ledger|archive|service|rpc|os|net))' $(sources lib/sandbox)
  none 'service knows no rpc, os or net' '#include "(vms/(rpc|net)|lib/(rpc|os|net))' $(sources lib/service)
  none 'rpc knows no os or net' '#include "(vms/net|lib/(os|net))' $(sources lib/rpc)
  none 'os knows base alone' '#include "(vms/(ledger|archive|sandbox|service|rpc)|lib/(ledger|archive|sandbox|service|rpc|net))' $(sources lib/os)
  none 'net knows the inside of os alone' '#include "lib/(ledger|archive|sandbox|service|rpc)/' $(sources lib/net)
  none 'cli uses public headers only' '#include "lib/' $(sources cli)
  none 'a public header includes a dependency' '#include <(sodium|uv|wslay|cJSON|cjson|http_parser|duktape|openssl|histedit|editline)' $(sources include)
  none 'libsodium is for lib/ledger' '#include <sodium' $(sources lib cli | grep -v '^lib/ledger/')
  none 'Duktape is for lib/sandbox' '#include [<"]duktape' $(sources lib cli | grep -v '^lib/sandbox/')
  none 'cJSON is for lib/rpc' '#include <cjson' $(sources lib cli | grep -v '^lib/rpc/')
  none 'wslay and http-parser are for lib/rpc' '#include <(wslay|http_parser)' $(sources lib cli | grep -v '^lib/rpc/')
  none 'libuv is for lib/net' '#include <uv' $(sources lib cli | grep -v '^lib/net/')
  none 'OpenSSL is for lib/net' '#include <openssl' $(sources lib cli | grep -v '^lib/net/')
  none 'libedit is for vms-call' '#include <(editline|histedit)' $(sources lib cli | grep -v '^cli/')
  none 'an unfinished mark' '\b(TODO|FIXME|XXX|HACK)\b' $(sources lib include cli fuzz test)
  none 'a test hook in the library' 'ifdef.*TEST' $(sources lib)
  none 'system calls outside lib/os, lib/net and the sandbox stack' '#include <(unistd|fcntl|sys/(socket|stat|file)|netdb)\.h>' $(sources lib | grep -vE '^lib/(os|net)/|^lib/sandbox/stack\.c')
}
for file in $(git ls-files '*.[ch]' '*.sh' '*.bats' '*.js' Makefile 2>/dev/null | grep -vE '^(examples/.*\.js|test/language/|fuzz/corpus/)'); do
  head -4 "$file" | grep -q 'SPDX-License-Identifier: MIT' || [ "$file" = .ci/run ] || complain 'no licence line' "$file"
done
if [ -f "$build/libvms.so" ] && [ -f test/abi.txt ]; then
  nm -D --defined-only "$build/libvms.so" | awk '{print $3}' | grep -vE '^(__asan|__ubsan|__sanitizer|__odr|_fini|_init|__bss|_edata|_end)' | LC_ALL=C sort > "$build/abi.now"
  diff test/abi.txt "$build/abi.now" > "$build/abi.diff" || complain 'exported names differ from test/abi.txt (< list, > built); change the list on purpose' "$(cat "$build/abi.diff")"
fi
exit $bad
