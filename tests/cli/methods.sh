#!/bin/sh
# What the program says of a run is of its method: the health of knowledge only where there is
# some, and that an evaluation is the network's alone where another policy was deployed.
#   methods.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" --method scratch,finetune,jsrl,distill,dqinit --seeds 1 >"$work/table" \
    2>"$work/err" || die "the job failed: $(cat "$work/err")"
of=$work/runs/reacher/within_1

for method in distill dqinit; do
    grep -q "^reacher $method: the health of its knowledge ([1-9][0-9]* bytes)$" "$work/table" ||
        die "$method's knowledge has no health"
done
[ "$(grep -c 'the health of its knowledge' "$work/table")" -eq 2 ] ||
    die "there is health of no knowledge: $(grep health "$work/table")"

# is_played METHOD: evaluates its run; what else is said is in $work/err
is_played() {
    "$suite" eval --models "$models" --json --episodes 2 "$of/$1/seed-0" >"$work/out" \
        2>"$work/err" || die "$1 was not evaluated: $(cat "$work/err")"
    grep -q '"episodes":	2' "$work/out" || die "$1: no results"
}

is_played jsrl
grep -q '^[0-9]*,network,' "$of/jsrl/seed-0/evals.csv" || die "jsrl acts by its network alone"
echo "'$of/jsrl/seed-0' deployed another policy than its network; the saved network alone is \
evaluated" | cmp -s - "$work/err" || die "jsrl: says \"$(cat "$work/err")\""
for method in scratch finetune distill dqinit; do
    is_played $method
    [ ! -s "$work/err" ] || die "$method: says \"$(cat "$work/err")\""
done
echo "what is said of a run is of its method"
