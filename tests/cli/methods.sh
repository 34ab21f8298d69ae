#!/bin/sh
# What the program says of a run is of its method: the health of knowledge only where there is
# some, and `suite eval` plays what was deployed, or the network alone.
#   methods.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" --method scratch,finetune,jsrl,distill,dqinit --seeds 1 \
    --set jsrl.patience=5 --set jsrl.window=100 >"$work/table" \
    2>"$work/err" || die "the job failed: $(cat "$work/err")"
of=$work/runs/reacher/within_1

for method in distill dqinit; do
    grep -q "^reacher $method: the health of its knowledge ([1-9][0-9]* bytes)$" "$work/table" ||
        die "$method's knowledge has no health"
done
[ "$(grep -c 'the health of its knowledge' "$work/table")" -eq 2 ] ||
    die "there is health of no knowledge: $(grep health "$work/table")"

# returns METHOD POLICY: those of an evaluation of its run
returns() {
    "$suite" eval --models "$models" --json --episodes 4 --policy "$2" "$of/$1/seed-0" \
        >"$work/out" 2>"$work/err" || die "$1 was not evaluated: $(cat "$work/err")"
    [ ! -s "$work/err" ] || die "$1: says \"$(cat "$work/err")\""
    grep -q "\"policy\":	\"$2\"" "$work/out" || die "$1: is not $2"
    grep '"returns"' "$work/out" || die "$1: no returns"
}

for method in jsrl dqinit; do
    grep -q '^[0-9]*,network,' "$of/$method/seed-0/evals.csv" ||
        die "$method acts by its network alone"
    [ "$(returns $method deployed)" != "$(returns $method network)" ] ||
        die "$method deploys its network alone"
done
for method in scratch finetune distill; do
    [ ! -e "$of/$method/seed-0/method.bin" ] || die "$method leaves a method.bin"
    [ "$(returns $method deployed)" = "$(returns $method network)" ] ||
        die "$method deploys more than its network"
done

# what a run deployed needs what it learned from; its network does not
returns dqinit network >"$work/network"
mv "$work/runs/reacher/knowledge" "$work/aside"
code=0
"$suite" eval --models "$models" "$of/dqinit/seed-0" >"$work/out" 2>"$work/err" || code=$?
[ "$code" -ne 0 ] || die "knowledge that is gone is not missed"
grep -q "cannot act as '$of/dqinit/seed-0' did (--policy network evaluates its network alone): \
the knowledge '.*/runs/reacher/knowledge/[0-9a-f]*.kb' is gone$" "$work/err" ||
    die "does not say what is gone: $(cat "$work/err")"
[ "$(wc -l <"$work/err")" -eq 1 ] || die "says it in more than one line: $(cat "$work/err")"
returns dqinit network | cmp -s - "$work/network" || die "the network needs knowledge"
mv "$work/aside" "$work/runs/reacher/knowledge"

# where the network cannot act either, nothing is suggested that would fail as well
small_job "$work/other" --method scratch --seeds 1 --set agent.hidden=8 >"$work/out" \
    2>"$work/err" || die "the job failed: $(cat "$work/err")"
mv "$of/dqinit/seed-0/policy.bin" "$work/aside"
cp "$work/other/reacher/within_1/scratch/seed-0/policy.bin" "$of/dqinit/seed-0"
code=0
"$suite" eval --models "$models" "$of/dqinit/seed-0" >"$work/out" 2>"$work/err" || code=$?
[ "$code" -ne 0 ] || die "a network of another shape acts"
grep -q "has another shape" "$work/err" || die "does not say why: $(cat "$work/err")"
! grep -q "policy network" "$work/err" || die "suggests what cannot be done"
mv "$work/aside" "$of/dqinit/seed-0/policy.bin"

# from within the folder, or by a link to it, the results around it are found all the same
ln -s "$of/dqinit/seed-0" "$work/link"
"$suite" eval --models "$models" "$of/dqinit/seed-0" | tail -n +2 >"$work/out"
"$suite" eval --models "$models" "$work/link" | tail -n +2 | cmp -s - "$work/out" ||
    die "a link to a run is another run"
(cd "$of/dqinit/seed-0" && "$suite" eval --models "$models" .) | tail -n +2 |
    cmp -s - "$work/out" || die "a run is not evaluated from within"
# the weight of a source is of a run: shown is the mean, where knowledge is the same in all
small_job "$work/weighed" --method dqinit --seeds 3 --set dqinit.weights=residual \
    --set dqinit.weights_start=0.1 --set dqinit.anchor_on=table \
    --set dqinit.bootstrap=network >"$work/table" 2>"$work/err" || die "$(cat "$work/err")"
cat "$work"/weighed/reacher/within_1/dqinit/seed-*/run.json >"$work/records"
[ "$(grep '"weight.north"' "$work/records" | sort -u | wc -l)" -gt 1 ] || die "all runs weigh alike"
for source in north west; do
    mean=$(sed -n "s/^.*\"weight.$source\":.\([0-9.e-]*\).*/\1/p" "$work/records" |
        awk '{ sum += $1 } END { printf "%.4g", sum / NR }')
    grep -q "^| $source |.* | $mean |$" "$work/table" ||
        die "the mean weight of $source is $mean: $(grep "^| $source |" "$work/table")"
done

echo "what is said of a run is of its method"
