#!/bin/sh
# `suite bench` measures everything, leaves nothing behind, and says what is wrong in one line.
# No figure is judged: what a machine under test can do says nothing.
#   bench.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

mkdir "$work/tmp"
export TMPDIR="$work/tmp"
bench() {
    "$suite" bench --models "$models" --task pendulum --rounds 1 --jobs 1 \
        --set agent.hidden=8 --set agent.batch=8 --set agent.replay=2000 \
        --set run.steps=2000 "$@"
}
left_nothing() {
    [ -z "$(ls "$TMPDIR")" ] || die "$1 left '$(ls "$TMPDIR")' behind"
}

# a figure for every part of every heading
bench >"$work/out" 2>"$work/err" || die "bench failed: $(cat "$work/err")"
[ ! -s "$work/err" ] || die "bench wrote to standard error: $(cat "$work/err")"
left_nothing bench
for heading in physics learner training workers start-up; do
    grep -q "^$heading: " "$work/out" || die "no '$heading' in: $(cat "$work/out")"
done
[ "$(grep -c '^pendulum .*[0-9]$' "$work/out")" -eq 4 ] || die "rows in: $(cat "$work/out")"
grep -q '^ .*dqinit .*%' "$work/out" || die "no row of dqinit in: $(cat "$work/out")"
! grep -qiE '\<(nan|inf)\>' "$work/out" || die "no number in: $(cat "$work/out")"

# the same as JSON, with the kernel; one method only
bench --method scratch --json >"$work/json" || die "bench --json failed"
grep -q '"rounds":	1,' "$work/json" || die "not one round in: $(cat "$work/json")"
for key in kernel list_ms env_of_bare learner_us update_of_floor floor_us first_step_ms \
    step_us of_floor overhead peak_mb efficiency; do
    grep -q "\"$key\":	*[0-9\"{]" "$work/json" || die "no '$key' in: $(cat "$work/json")"
done
! grep -q 'dqinit\|null' "$work/json" || die "too much in: $(cat "$work/json")"

# stopped in the middle
"$suite" bench --models "$models" --task pendulum --rounds 100 >/dev/null 2>"$work/err" &
pid=$!
sleep 1
kill -TERM $pid
code=0
wait $pid || code=$?
[ "$code" -eq 143 ] || die "a stopped bench ended with $code: $(cat "$work/err")"
left_nothing "a stopped bench"

# nowhere to work
code=0
TMPDIR=$work/none bench >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 1 ] || die "without a folder bench ended with $code"
[ "$(wc -l <"$work/err")" -eq 1 ] || die "not one line: $(cat "$work/err")"
grep -q "TMPDIR" "$work/err" || die "does not say TMPDIR: $(cat "$work/err")"
echo "bench measures and cleans up"
