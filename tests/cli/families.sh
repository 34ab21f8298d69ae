#!/bin/sh
# Every family runs with every method, sources included, and what it leaves can be evaluated.
#   families.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

"$suite" run --models "$models" --task all --method all --member base --seeds 1 --steps 400 \
    --set source.steps=400 --set run.episodes=1 --set dqinit.states=200 --set agent.hidden=16 \
    --set agent.batch=16 --set agent.learning_start=100 --quiet --out "$work/out" >"$work/table"

"$suite" list members --models "$models" >"$work/members"
"$suite" list methods --models "$models" | grep -c '^[a-z]' >"$work/methods"
families=$(grep -c '^[a-z_]* *tune *base ' "$work/members")
sources=$(grep -c '^[a-z_]* *source ' "$work/members")
[ "$families" -ge 7 ] || die "only $families families"
check_records "$work/out" $((sources + families * $(cat "$work/methods")))

for folder in "$work"/out/*/base/*/seed-0; do
    "$suite" eval "$folder" --models "$models" --episodes 2 >"$work/eval"
    grep -q '^over *2 episodes, 0 of them diverged$' "$work/eval" || die "$(cat "$work/eval")"
done
echo "$families families run with every method"
