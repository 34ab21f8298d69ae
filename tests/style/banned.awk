# Finds calls that the house does not make, and functions that are too long. Comments and strings
# are left out. Prints "FILE:LINE: what"; ends with 1 if it found anything.
#   awk -f banned.awk FILE...
# Counts on the format of the house: a function's braces stand alone in the first column.

BEGIN {
    longest = 60
    random = "use suite/core/rng.h"
    bounded = "use snprintf, memcpy or suite/core/text.h"
    ends = "return a Status"
    why["rand"] = why["srand"] = why["random"] = why["srandom"] = why["drand48"] = random
    why["lrand48"] = why["srand48"] = random
    why["sprintf"] = why["vsprintf"] = why["strcpy"] = why["strcat"] = why["gets"] = bounded
    why["exit"] = why["_exit"] = why["_Exit"] = why["quick_exit"] = why["abort"] = ends
}

# may this file make this call all the same?
function excused(name) {
    if (why[name] != ends) return 0
    if (path ~ /(^|\/)suite\/cli\//) return 1
    if (name == "abort") return path ~ /(^|\/)suite\/core\/check\.c$/
    return name == "_exit" && path ~ /(^|\/)suite\/run\/pool\.c$/ # the end of a worker process
}

function complain(what) {
    printf "%s:%d: %s\n", path, FNR, what
    found = 1
}

# the line without what stands in comments, strings and characters
function code_of(line,    out, two, c) {
    out = ""
    while (line != "") {
        two = substr(line, 1, 2)
        c = substr(line, 1, 1)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; line = substr(line, 3) }
            else line = substr(line, 2)
        } else if (two == "//") {
            return out
        } else if (two == "/*") {
            in_comment = 1
            line = substr(line, 3)
        } else if (c == "\"" || c == "'") {
            line = after_quote(substr(line, 2), c)
            out = out c c
        } else {
            out = out c
            line = substr(line, 2)
        }
    }
    return out
}

function after_quote(line, quote) {
    while (line != "" && substr(line, 1, 1) != quote)
        line = substr(line, substr(line, 1, 1) == "\\" ? 3 : 2)
    return substr(line, 2)
}

FNR == 1 {
    path = FILENAME
    in_comment = 0
    start = 0
}

{
    code = code_of($0)

    rest = code
    while (match(rest, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
        name = substr(rest, RSTART, RLENGTH - 1)
        sub(/[ \t]+$/, "", name)
        before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
        is_member = before == "." || before == ">"
        if (name in why && !is_member && !excused(name)) complain(name "(): " why[name])
        rest = substr(rest, RSTART + RLENGTH)
        if (name == "time" && rest ~ /^[ \t]*(NULL|0)[ \t]*\)/)
            complain("time(NULL): use the seed, or clock_wall_s() for timing")
    }

    if (code ~ /^\{/) start = FNR - 1
    if (code ~ /^\}/ && start) {
        if (FNR - start + 1 > longest)
            complain("a function of " FNR - start + 1 " lines, more than " longest)
        start = 0
    }
}

END { exit found }
