# SPDX-License-Identifier: MIT
# A person at a terminal, for the tests of prompts: runs a command on a pseudo-terminal, types when it waits, checks what it shows.
#
#   terminal.py [-o FILE] [-s COLUMNS] -- COMMAND ARG... < SCRIPT
#
# A line of SCRIPT is one of
#   > TEXT      types TEXT and Return; \t \e \xHH \\ as in C
#   ! TEXT      the same without Return
#   < TEXT      waits until TEXT was shown since the last wait; the rest of what was shown then counts for the next one
#   - TEXT      TEXT was shown nowhere so far
#   wait N      until the command ends, with status N; signals count as 128 and their number
#   kill NAME   sends a signal to the command
#   sleep N     seconds
# What was shown goes to FILE as it came. Exit status 1 and the whole screen if something does not come true within two minutes.
import codecs, fcntl, os, pty, select, signal, struct, sys, termios, time

arguments = sys.argv[1:]
output, columns = None, 80
while arguments[0] != '--':
    option = arguments.pop(0)
    if option == '-o': output = open(arguments.pop(0), 'wb', buffering=0)
    elif option == '-s': columns = int(arguments.pop(0))
command = arguments[1:]
child, terminal = pty.fork()
if child == 0: # which asks for the size as soon as it runs
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(command[0], command)
shown, seen, ended = b'', 0, None


def fail(why):
    print(f'{why}\n--- the terminal showed:\n{shown.decode("utf-8", "backslashreplace")}\n---\n{shown[seen:]!r}')
    if ended is None: os.kill(child, signal.SIGKILL)
    sys.exit(1)


def pump(until):
    global shown
    left = until - time.monotonic()
    if left < 0 or not select.select([terminal], [], [], left)[0]: return False
    try: data = os.read(terminal, 65536)
    except OSError: data = b''
    if output: output.write(data)
    shown += data
    return data != b''


def text_of(rest):
    return codecs.escape_decode(rest.replace('\\e', '\\x1b').encode())[0]


for line in sys.stdin: # as they come: the script may wait for something too
    verb, _, rest = line.rstrip('\n').partition(' ')
    if verb in ('', '#'): continue
    until = time.monotonic() + 120
    if verb in ('>', '!'): os.write(terminal, text_of(rest) + (b'\r' if verb == '>' else b''))
    elif verb == '<':
        wanted = text_of(rest)
        while (at := shown.find(wanted, seen)) < 0:
            if not pump(until): fail(f'not shown: {rest}')
        seen = at + len(wanted)
    elif verb == '-':
        if text_of(rest) in shown: fail(f'shown: {rest}')
    elif verb == 'sleep':
        until = time.monotonic() + float(rest)
        while pump(until): pass
    elif verb == 'kill': os.kill(child, getattr(signal, 'SIG' + rest))
    elif verb == 'wait':
        while pump(until): pass
        if time.monotonic() >= until: fail('does not end')
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended < 0: ended = 128 - ended
        if ended != int(rest): fail(f'ended with {ended}, not {rest}')
    else: fail(f'no verb: {line}')
if ended is None: fail('the script ends before the command')
