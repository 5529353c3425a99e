# SPDX-License-Identifier: MIT
# The prompt of vms-call, at a terminal: lines as calls, errors that end nothing, history, completion, Ctrl-C, colours.
load ../support/helpers
load ../support/prompt

service() { # a host with something to call
  cat > service.js <<'J'
exports.hello = name => 'hello ' + name
exports.echo = (...args) => args
exports.nothing = () => undefined
exports.boom = text => { throw new RangeError(text) }
exports.put = async (path, text) => { await System.files.writeFile(path, text) }
exports.make = async path => { await System.files.mkdir(path) }
exports.spin = () => { for (let n = 0;; n++); }
J
  start_host service.js --dir data --title 'my party' "$@"
  unset NO_COLOR
}

@test "lines as on the command line and as in JavaScript; mistakes are told and end nothing" {
  service
  terminal "$BUILD/vms-call" "$URL" << 'S'
< my party
< methods: hello echo nothing boom put make spin
< vms>
> hello Bob
< "hello Bob"
> echo 5 "5" '"5"' true '' "a b" {"a": [1, 2], "b":"x }"} -1
< [
<   \e[33m5\e[0m,
<   \e[33m5\e[0m,
<   \e[32m"5"\e[0m,
<   \e[33mtrue\e[0m,
<   \e[32m""\e[0m,
<   \e[32m"a b"\e[0m,
<     \e[1;34m"a"\e[0m: [
<     \e[1;34m"b"\e[0m: \e[32m"x }"\e[0m
<   \e[33m-1\e[0m
> hello('it\\'s "me"');
< hello it's \\"me\\"
> echo({a: 1, 'b': [1, 2,],}, undefined, -1.5e3, `x\\x41`, )
< "a"\e[0m: \e[33m1
< null
< -1500
< "xA"
> nothing()
< undefined
> boom "not today"
< error: RangeError: not today
> hello(Bob)
< error: Bob is no value; a string needs quotes
< hint: .help tells
> hello("a
< error: a closing ) is missing
> hello "a
< error: a closing " is missing
> hello {"a"
< error: } is missing
> hello(1], [2)
< no list of values
> hello @nofile
< error: cannot read nofile
< hint: @FILE
> goodbye
< no method "goodbye"
> quit
< error: the service has no method quit
< hint: .help lists what there is, .exit ends
> .quiet
< error: no command .quiet
> .help
< Ctrl-C leaves a call
> .info
< title:   my party
< engine:  vms-js/
< records: 
> files.readFile /nothing
< error: NotFoundError: 
> vms.head
< "treeHash"
> hello again
< "hello again"
> .exit
wait 0
S
  expect 0 "ok: " audit "$URL"
}

@test "Tab completes methods, what every service has, and paths" {
  service
  call "$URL" make /folder && call "$URL" put /folder/file '"it"' && call "$URL" put /folder/fine '"is"' && call "$URL" put "/folder/x y" '"hidden"'
  terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
> hel\tTab
< "hello Tab"
> files.readF\t/fo\tfil\t
< "it"
! files.readFile /folder/fi\t\t
< /folder/file
< /folder/fine
! \x15vms.\t\t
< vms.head
< vms.info
! \x15.e\t\r
wait 0
S
}

@test "history is kept for the next time, for nobody else to read; lines that begin with a blank are not" {
  service
  terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
> hello one
< "hello one"
>  hello secret
< "hello secret"
> hello two
< "hello two"
> hello two
< "hello two"
< vms>
! \e[A\e[A\r
< "hello one"
< vms>
! \x04
wait 0
S
  [ "$(stat -c %a kept/vms/history)" = 600 ]
  [ "$(tr '\n' , < kept/vms/history)" = "hello one,hello two,hello one," ]
  terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
! \e[A\e[A\r
< "hello two"
< vms>
! \x12one\r
< "hello one"
> .exit
wait 0
S
  yes 'hello again and again, with a line that is not so short' | head -40000 > kept/vms/history
  terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
! \e[A\r
< again and again
> .exit
wait 0
S
  [ "$(wc -l < kept/vms/history)" -le 1001 ] && [ "$(stat -c %a kept/vms/history)" = 600 ]
}

@test "Ctrl-C gives up a line, or a wait, and not the prompt; Ctrl-D ends it, signals leave a terminal that works" {
  service --max-steps 100000000000
  cat > first << 'S'
< vms>
! hello never
sleep 0.2
! \x03
< ^C
> hello me
< "hello me"
> spin
S
  cat > second << 'S'
! \x03
< ^C
< hint: no longer waited for; the call may run all the same
< vms>
> .help
< Ctrl-C leaves
< vms>
! \x04
wait 0
S
  { cat first; wait_for_work; cat second; } | terminal "$BUILD/vms-call" --timeout 600 "$URL"
  grep -q 'hello never' screen && ! grep -q '"hello never"' screen
  kill -9 "$HOST"
  start_host service.js --dir other
  terminal bash -c "stty -a > before; '$BUILD/vms-call' '$URL'; echo status \$?; stty -a | cmp - before && echo same" << 'S'
< vms>
! hello
sleep 0.2
> 
< "hello undefined"
! half a li
sleep 0.2
< vms>
! \x04\x03
< ^C
< vms>
! \x04
< status 0
< same
wait 0
S
  terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
kill WINCH
> hello you
< "hello you"
kill TERM
wait 143
S
}

@test "a host that comes back is found again, one that is gone is told of" {
  service
  port=${URL##*:}; port=${port%/}
  mkfifo gate
  { printf '%s\n' '< vms>' '> hello a' '< "hello a"'; cat gate; } | terminal "$BUILD/vms-call" --timeout 5 "$URL" &
  person=$!
  exec 7> gate
  wait_until 'grep -qs "\"hello a\"" screen'
  kill -9 "$HOST"
  printf '%s\n' '> hello b' '< error: ' '< hint: ' >&7
  wait_until 'grep -q "hint: " screen'
  "$BUILD/vms-host" --listen "127.0.0.1:$port" --dir data --quiet > ready2 2> err2 3>&- 7>&- & HOST_PIDS+=($!)
  wait_until '[ -s ready2 ]'
  printf '%s\n' '> hello c' '< "hello c"' '> .exit' 'wait 0' >&7
  exec 7>&-
  wait "$person"
}

@test "no colours with NO_COLOR or TERM=dumb, no editing there either; --raw prints strings bare" {
  service
  NO_COLOR=1 terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
> echo a
< [
<   "a"
- \e[3
> .exit
wait 0
S
  NO_COLOR='' terminal "$BUILD/vms-call" --raw "$URL" << 'S'
< vms>
> echo a
< \e[32m
> hello you
- "hello you"
> .exit
wait 0
S
  TERMINAL=dumb terminal "$BUILD/vms-call" "$URL" << 'S'
< vms> 
> hello you
< "hello you"
- \e
> .exit
wait 0
S
  TERMINAL=nosuchterm terminal "$BUILD/vms-call" "$URL" << 'S'
< vms> 
> hello you
< hello you
> .exit
wait 0
S
}

@test "nothing that a contract says is interpreted by the terminal, and what is too long is cut" {
  cat > evil.js <<'J'
const evil = '\u001b]0;title\u0007\u001b[31m\u202e\u200b\u009b2J\r\n'
exports['x' + evil] = () => 1
exports.say = () => ({ [evil]: [evil] })
exports.bare = () => evil
exports.boom = () => { const e = new Error(evil.repeat(100)); e.name = evil; throw e }
exports.long = n => 'é'.repeat(n)
exports.escapes = n => '\\'.repeat(n) + '\u0001'.repeat(n)
exports.write = async () => { await System.files.writeFile('/' + 'a' + '\u202e', '"') }
J
  start_host evil.js --dir data --title $'\e[31mred\u202e'
  NO_COLOR=1 TERMINAL=dumb terminal "$BUILD/vms-call" --raw "$URL" << 'S'
< red
< vms>
> say
< \\u001b]0;title\\u0007
> bare
< \\u202e
> boom
< error: 
> write()
< undefined
> files.readdir /
< a\\u202e
> long 100000
< éé
> .info
< red
> .exit
wait 0
S
  python3 - <<'P'
text = open('screen', 'rb').read().decode()
bad = [c for c in text if (ord(c) < 32 and c not in '\r\n') or 0x7f <= ord(c) <= 0x9f or c in '\u202e\u200b']
assert not bad, bad
P
  NO_COLOR=1 TERMINAL=dumb terminal "$BUILD/vms-call" "$URL" << 'S'
< vms>
> long 100000
< éé..."
< hint: 190000 bytes of long strings are not shown
> escapes 9999
< \\..."
< hint: 
> .exit
wait 0
S
}
