#!/bin/sh
# Killed at any moment, the suite leaves whole records or none, and the same command goes on to
# the results of an undisturbed run.
#   resume.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

long_job() {
    small_job "$1" --jobs 1 --seeds 5 --steps 2500 2>>"$work/messages"
}

done_runs() {
    find "$1" -name run.json -exec grep -l '"status":	"done"' {} + 2>/dev/null | LC_ALL=C sort
}

# kill the job when it has finished $2 runs of its fourteen
kill_after() {
    long_job "$1" >/dev/null &
    job=$!
    while [ ! -e "$1/.lock" ] || [ "$(done_runs "$1" | wc -l)" -lt "$2" ]; do
        kill -0 $job 2>/dev/null || die "the job ended before it could be killed"
    done
    pids=$(pgrep -P $job || true) # the suite, where the shell did not become it
    kill -9 ${pids:-$job}
    wait $job 2>/dev/null && die "the job was not killed"
    sleep 0.3 # its workers end with it
}

long_job "$work/whole" >"$work/table-whole"
check_records "$work/whole" 14

for runs in 1 6; do # among the sources, and among the runs that learn from them
    out=$work/killed-$runs
    kill_after "$out" "$runs"
    done_runs "$out" >"$work/finished"
    [ "$(wc -l <"$work/finished")" -lt 14 ] || die "nothing was left to do"
    while read -r record; do # whole, and not made again
        cp "$record" "$work/$(echo "${record#"$out/"}" | tr / _)"
    done <"$work/finished"

    long_job "$out" >"$work/table"
    check_records "$out" 14
    same_records "$work/whole" "$out"
    cmp "$work/table-whole" "$work/table" || die "the table differs"
    while read -r record; do
        cmp "$record" "$work/$(echo "${record#"$out/"}" | tr / _)" || die "made again"
    done <"$work/finished"
done
echo "killed runs end as undisturbed ones"
