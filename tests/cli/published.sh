#!/bin/sh
# What was published is made again from its packed records, byte for byte: tables, the numbers of
# the figures, and the report.
#   published.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)

command -v gnuplot >/dev/null || {
    echo "skipped: the report has links to figures, and there is no gnuplot"
    exit 77
}

# remade FOLDER: what is made of FOLDER/published is what is in FOLDER
remade() {
    here=$1
    out=$work/$(basename "$here")
    sh "$root/results/remake.sh" "$suite" "$here" "$out" >"$work/log" 2>&1 ||
        die "'$here' cannot be made again: $(tail -n 3 "$work/log")"
    count=0
    for file in README.md $(cd "$out" && ls tables/* figures/*.dat figures/*.gp); do
        cmp "$here/$file" "$out/$file" ||
            die "'$here/$file' is not what its records give; sh results/remake.sh SUITE $here"
        count=$((count + 1))
    done
    # what is there and is no longer made would stay as it was for ever
    for file in $(cd "$here" && ls tables/* figures/* 2>/dev/null); do
        [ -e "$out/$file" ] || die "'$here/$file' is not made of its records"
    done
    [ "$count" -gt 20 ] || die "only $count files of '$here'"
    echo "$here: $count files are what the records give"
}

# of thousands of records the sanitizers learn no more than of the few in tests/data, in minutes
if [ -d "$root/results/published" ] && [ -z "${SUITE_SMALL:-}" ]; then
    remade "$root/results"
    size=$(du -sk "$root/results/published" | cut -f 1)
    [ "$size" -lt 20480 ] || die "results/published has $size KiB, more than 20 MiB"
fi
remade "$root/tests/data"

# words
report() {
    "$suite" report "$@" >"$work/out" 2>"$work/err"
}
# refused MESSAGE word ...: exactly this one line
refused() {
    message=$1 code=0
    shift
    report "$@" || code=$?
    [ "$code" -eq 2 ] || die "suite report $*: exit code $code, not 2"
    [ ! -s "$work/out" ] || die "suite report $*: wrote to standard output"
    echo "suite: $message" | cmp -s - "$work/err" || die "suite report $*: $(cat "$work/err")"
}
export SUITE_MODELS="$root/tests/data/models"
refused "--out is missing: the file to write, such as --out report.md" "$root/tests/data/published"
refused "one folder of results at a time, not 2" a b --out "$work/r.md"
refused "there are no finished runs of 'dqinti'; did you mean 'dqinit'?" \
    "$root/tests/data/published" --method dqinti --out "$work/r.md"
sed -n '/"name"/,/"settings"/p' "$root/tests/data/experiment.json" >"$work/head"
row='{"tasks": ["pendulum"], "members": "base", "method": "scratch"}'
echo "{ $(cat "$work/head") \"rows\": [$row]}" >"$work/tune.json"
refused "experiment '$work/tune.json' has no targets, and a report is of these" \
    "$root/tests/data/published" --experiment "$work/tune.json" --out "$work/r.md"
[ ! -e "$work/r.md" ] || die "wrong words made a report"

# members of another role are not in the report, and so not missing in it
target='{"tasks": ["pendulum"], "members": "within_1", "method": "scratch"}'
echo "{ $(cat "$work/head") \"rows\": [$row, $target]}" >"$work/both.json"
report "$root/tests/data/published" --experiment "$work/both.json" --out "$work/r.md" ||
    die "no report: $(cat "$work/err")"
grep -q '^0 of the 10 runs of the experiment have no finished record' "$work/r.md" ||
    die "$(grep 'no finished record' "$work/r.md")"
! grep -q 'base' "$work/r.md" || die "what is no target is missed: $(grep base "$work/r.md")"
