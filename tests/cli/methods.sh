#!/bin/sh
# What the program says of a run is of its method: the health of knowledge only where there is
# some.
#   methods.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" --method scratch,finetune,jsrl,distill,dqinit --seeds 1 >"$work/table" \
    2>"$work/err" || die "the job failed: $(cat "$work/err")"

for method in distill dqinit; do
    grep -q "^reacher $method: the health of its knowledge ([1-9][0-9]* bytes)$" "$work/table" ||
        die "$method's knowledge has no health"
done
[ "$(grep -c 'the health of its knowledge' "$work/table")" -eq 2 ] ||
    die "there is health of no knowledge: $(grep health "$work/table")"

echo "what is said of a run is of its method"
