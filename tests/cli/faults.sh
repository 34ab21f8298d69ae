#!/bin/sh
# What goes wrong while runs are made is said, loses nothing, and the same command repairs it.
#   faults.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

# says WHAT: the last command's standard error holds it
says() {
    grep -qF -- "$1" "$work/err" || die "does not say \"$1\": $(cat "$work/err")"
}

# a job long enough to be caught at its work; it takes the place of the (sub)shell it is called in
long_job() {
    out=$1
    shift
    exec "$suite" run --models "$models" --task reacher --method scratch --seeds 2 --steps 20000 \
        --member within_1,within_2 --out "$out" "$@"
}

# wait until a run of the folder $1 has begun
wait_for_work() {
    tries=0
    until ls "$1"/*/*/*/seed-*/run.json >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || die "'$1' never began"
        sleep 0.1
    done
}

# two at once: the second is refused and the first is not disturbed
(long_job "$work/busy") >/dev/null 2>&1 &
first=$!
wait_for_work "$work/busy"
code=0
(long_job "$work/busy") >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 2 ] || die "a second job in the folder ended with $code, not 2"
says "another \`suite run\` is working in"

# stopped by a signal: 130, and the command that is printed goes on
kill -INT "$first"
code=0
wait "$first" || code=$?
# a shell starts background jobs with SIGINT ignored, but the program takes it back
[ "$code" -eq 130 ] || die "SIGINT ended with $code, not 130"
(long_job "$work/busy" --fresh) >/dev/null 2>"$work/err" &
first=$!
sleep 0.5
wait_for_work "$work/busy"
kill -TERM "$first"
code=0
wait "$first" || code=$?
[ "$code" -eq 143 ] || die "SIGTERM ended with $code, not 143"
says "go on with: "
command=$(sed -n 's/.*go on with: //p' "$work/err")
case $command in *--fresh*) die "the command to go on with begins again: $command" ;; esac
sh -c "$command" >/dev/null 2>"$work/err" || die "could not go on: $(cat "$work/err")"
check_records "$work/busy" 4

# damaged files are named, set aside, and made again as they were
small_job "$work/whole" >/dev/null 2>&1
cp -r "$work/whole" "$work/damaged"
target=$work/damaged/reacher/within_1
echo '{"sch' >"$target/scratch/seed-0/run.json"
echo nonsense >"$target/scratch/seed-1/evals.csv"
rm "$target/dqinit/seed-0/episodes.csv"
head -c 100 "$target/dqinit/seed-1/policy.bin" >"$work/cut"
cp "$work/cut" "$target/dqinit/seed-1/policy.bin"
cp "$work/cut" "$work/damaged/reacher/east/source/seed-0/policy.bin"
for knowledge in "$work"/damaged/reacher/knowledge/*.kb; do
    head -c 1000 "$knowledge" >"$work/cut"
    cp "$work/cut" "$knowledge"
done
small_job "$work/damaged" >/dev/null 2>"$work/err"
says "scratch/seed-0/run.json' is damaged; set aside"
says "seed-1/evals.csv:1: not the header"
says "dqinit/seed-1/policy.bin' is damaged"
says "east/source/seed-0/policy.bin' is damaged"
says ".kb' is damaged"
find "$work/damaged" -name '*.damaged' -exec rm {} +
same_records "$work/whole" "$work/damaged"

# a trace is one of these files, but older records have none and are finished all the same
echo nonsense >"$target/dqinit/seed-0/trace.csv"
rm "$target/dqinit/seed-1/trace.csv"
small_job "$work/damaged" >/dev/null 2>"$work/err"
says "dqinit/seed-0/trace.csv:1: not the header"
says "1 runs made, 0 failed, "
cmp "$target/dqinit/seed-0/trace.csv" "$work/whole/reacher/within_1/dqinit/seed-0/trace.csv" ||
    die "the trace is not as it was"
[ ! -e "$target/dqinit/seed-1/trace.csv" ] || die "a run without a trace was made again"

# and so is what a method had come to
echo nonsense >"$target/dqinit/seed-0/method.bin"
rm "$target/dqinit/seed-1/method.bin"
small_job "$work/damaged" >/dev/null 2>"$work/err"
says "dqinit/seed-0/method.bin' is too short"
says "1 runs made, 0 failed, "
cmp "$target/dqinit/seed-0/method.bin" "$work/whole/reacher/within_1/dqinit/seed-0/method.bin" ||
    die "the method's state is not as it was"
[ ! -e "$target/dqinit/seed-1/method.bin" ] || die "a run without method.bin was made again"

# results that cannot be written are a failure
for words in "table $work/whole" "list" "list --json"; do
    code=0
    "$suite" $words >/dev/full 2>"$work/err" || code=$?
    [ "$code" -eq 1 ] || die "suite $words to a full disk ended with $code, not 1"
    says "cannot write to standard output"
done

# a source that fails takes the runs that need it with it, and no others
chmod -R u+w "$work/whole"
rm -r "$work/whole/reacher/east/source/seed-0"
echo "in the way" >"$work/whole/reacher/east/source/seed-0"
code=0
small_job "$work/whole" --seeds 2-2 >/dev/null 2>"$work/err" || code=$?
[ "$code" -eq 1 ] || die "a failed source ended with $code, not 1"
says "within_1/dqinit/seed-2 failed: a source that it needs failed"
rm "$work/whole/reacher/east/source/seed-0"
small_job "$work/whole" --seeds 2-2 >/dev/null 2>"$work/err"
check_records "$work/whole" 10

# of two families, a source of one is killed at its work: the other family, and what needs no
# source, are made all the same
two_families() {
    out=$1
    shift
    small_job "$out" --task reacher,pendulum --member within_1 \
        --set source.steps=40000 "$@"
}
(two_families "$work/killed" --jobs 3) >/dev/null 2>"$work/err" &
job=$!
record=$work/killed/reacher/west/source/seed-0/run.json
pid=
until [ "$pid" ]; do
    kill -0 $job 2>/dev/null || die "the job ended before its source could be killed"
    pid=$(sed -n 's/^\t\t"pid":\t\([0-9]*\).*/\1/p' "$record" 2>/dev/null || true)
done
kill -9 "$pid"
code=0
wait $job || code=$?
[ "$code" -eq 1 ] || die "a killed source ended with $code, not 1"
says "west/source/seed-0 failed: worker killed by signal 9"
says "within_1/dqinit/seed-0 failed: a source that it needs failed"
says "13 runs made, 3 failed"
(two_families "$work/killed" --jobs 3) >"$work/table" 2>"$work/err"
says "3 runs made, 0 failed, 13 were done before"
two_families "$work/unharmed" --jobs 1 >"$work/table-unharmed" 2>/dev/null
same_records "$work/killed" "$work/unharmed"
cmp "$work/table" "$work/table-unharmed" || die "the tables differ"

echo "faults are said and mended"
