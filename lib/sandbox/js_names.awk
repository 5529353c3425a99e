# SPDX-License-Identifier: MIT
# Makes js_names.h out of DerivedCoreProperties.txt of Unicode:
#   awk -f lib/sandbox/js_names.awk /usr/share/unicode/DerivedCoreProperties.txt > lib/sandbox/js_names.h
function hex(text, i, value) {
  for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789ABCDEF", substr(text, i, 1)) - 1
  return value
}
NR == 1 { version = $2 }
$2 == ";" && ($3 == "ID_Start" || $3 == "ID_Continue") {
  split($1, ends, /\.\./)
  last = ends[2] == "" ? ends[1] : ends[2]
  for (c = hex(ends[1]); c <= hex(last); c++) kind[c] += 1 # ID_Continue holds all of ID_Start: 2 is a letter, 1 a mark or digit
}
END {
  print "/* SPDX-License-Identifier: MIT */"
  print "/* Made by js_names.awk from " version ": where the characters of names begin and end.\n" \
        " * Each number is a code point times four, and what it and the next ones are: 0 not in names, 1 not in front, 2 anywhere. */"
  print "static const uint32_t name_ranges[] = {"
  for (c = 0; c <= 1114111; c++) if (kind[c] + 0 != now) { # up to one past the last
    now = kind[c] + 0
    line = line sprintf("0x%x, ", c * 4 + now)
    if (length(line) > 120) { sub(/ $/, "", line); print "  " line; line = "" }
  }
  sub(/, $/, "", line)
  print "  " line "\n};"
}
