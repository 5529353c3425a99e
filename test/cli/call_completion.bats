# SPDX-License-Identifier: MIT
# Completion in bash: what Tab would offer for a line.
load ../support/helpers

offers() { # LINE: what is offered behind it, one a line
  PATH=$BUILD:$PATH bash -c 'source "$1"; COMP_LINE=$2 COMP_POINT=${#2}; read -ra words <<< "$2"; _vms "${words[0]}" "" ""; printf "%s\n" "${COMPREPLY[@]}"' _ "$ROOT/cli/completion.bash" "$1" 2> err
}

@test "options, known URLs, methods and files are offered; what a host says is never run" {
  printf 'exports.hello = name => name\nexports["$(touch pwned)"] = () => 1\nexports.help_me = () => 2\n' > service.js
  start_host service.js --dir data
  mkdir -p kept/vms
  echo "$URL $LEDGER" > kept/vms/pins
  [ "$(offers 'vms-call --anon')" = --anonymous ]
  offers 'vms-audit --s' | grep -qx -- --store
  offers 'vms-host --' | grep -qx -- --listen
  offers "vms-call $URL he" | sort > names
  printf 'hello\nhelp_me\n' | cmp - names
  [ "$(offers "vms-call --raw $URL files.readF")" = files.readFile ]
  [ "$(offers 'vms-call ws:')" = "${URL#ws:}" ]
  [ "$(offers 'vms-call --key serv')" = service.js ]
  [ ! -e pwned ] && [ ! -s err ]
}
