# SPDX-License-Identifier: MIT
# For bats scripts: somebody at a terminal. See terminal.py for what a script is made of.
# shellcheck shell=bash disable=SC2034,SC2154

# terminal [NAME=VALUE...] COMMAND ARG... < SCRIPT: what was shown is in $T/screen
terminal() { TERM=${TERMINAL:-xterm} python3 "$ROOT/test/support/terminal.py" -o screen -- "$@"; }
