# SPDX-License-Identifier: MIT
# For bats scripts: somebody at a terminal (terminal.py), a host that says what it is told to (liar.py).
# shellcheck shell=bash disable=SC2034,SC2154

export LSAN_OPTIONS=suppressions=$ROOT/test/support/libedit.supp:print_suppressions=0

# [TERMINAL=NAME] terminal COMMAND ARG... < SCRIPT: what was shown is in $T/screen
terminal() { TERM=${TERMINAL:-xterm} python3 "$ROOT/test/support/terminal.py" -o screen -- "$@"; }

# start_liar < ANSWERS: a host in front of the one at URL that says what it is told to (liar.py); URL is its own then
start_liar() {
  cat > answers.json
  : > ready
  /usr/bin/python3 "$ROOT/test/support/liar.py" answers.json "$URL" > ready 2> liar.err 3>&- &
  HOST_PIDS+=($!)
  wait_until '[ -s ready ]'
  read -r URL < ready
}
