# SPDX-License-Identifier: MIT
# Completion for bash: options as --help lists them, files, URLs that vms-call knows, methods. `make install` puts it where bash looks;
# `source cli/completion.bash` does for once.
# shellcheck shell=bash

# The service's methods, if it answers at once. Nothing but plain names gets through: compgen would expand what looks like a command.
_vms_methods() {
  timeout 2 "$1" --anonymous --timeout 1 "$2" vms.info 2> /dev/null < /dev/null | grep -oE '"methods":\[[^]]*\]' | grep -oE '"[A-Za-z0-9_]+"' | tr -d '"' | grep -vx methods
}

_vms() {
  local tool=$1 word=$2 before=$3 line=${COMP_LINE:0:COMP_POINT} options url='' keep=${XDG_DATA_HOME:-$HOME/.local/share}/vms
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  word=${words[${#words[@]} - 1]}
  before=${words[${#words[@]} - 2]:-}
  options=$("$tool" --help 2> /dev/null | grep -oE '^  --[a-z-]+')
  for ((i = 1; i < ${#words[@]} - 1; i++)); do [[ ${words[i]} == ws*:* ]] && url=${words[i]}; done
  case $before in
    --keep | --dir | --store) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    --key | --ca | --receipt | --receipts | --check | --evidence | --code | --tls-cert | --tls-key) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *)
      if [[ -n $url && $tool == *vms-call ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_vms_methods "$tool" "$url") files.getInfo files.history files.readFile files.readdir files.stat
          rpc.discover vms.blocks vms.head vms.info vms.proof vms.subscribe" -- "$word")
      elif [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
      elif [[ $tool != *vms-host ]]; then
        mapfile -t COMPREPLY < <(grep -oE '^wss?://[][A-Za-z0-9.:/_-]+|^ws\+unix:[A-Za-z0-9.:/_-]+' "$keep/pins" 2> /dev/null | grep -F -- "$word")
        [[ $tool == *vms-audit ]] && mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$word")
      else mapfile -t COMPREPLY < <(compgen -f -- "$word"); fi
      ;;
  esac
  # bash takes a colon for the end of a word: what is before the last one is there already.
  if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local i typed=${word%"${word##*:}"}
    for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do COMPREPLY[i]=${COMPREPLY[i]#"$typed"}; done
  fi
}

complete -o default -F _vms vms-call vms-host vms-audit
