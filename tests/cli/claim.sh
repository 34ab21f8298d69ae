#!/bin/sh
# A claim is made from finished runs: tests, warnings, both formats, and wrong words.
#   claim.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" --method scratch >/dev/null 2>&1
small_job "$work/runs" --method scratch --label full --set explore=full --seeds 3 >/dev/null 2>&1

claim() {
    "$suite" claim --models "$models" "$@" >"$work/out" 2>"$work/err"
}

says() {
    grep -qF -- "$1" "$work/$2" || die "does not say \"$1\": $(cat "$work/$2")"
}

# refused MESSAGE word ...: exactly this one line
refused() {
    message=$1 code=0
    shift
    "$suite" "$@" --models "$models" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq 2 ] || die "suite $*: exit code $code, not 2"
    [ ! -s "$work/out" ] || die "suite $*: wrote to standard output"
    echo "suite: $message" | cmp -s - "$work/err" || die "suite $*: $(cat "$work/err")"
}

claim "$work/runs" --method scratch+full || die "the claim failed: $(cat "$work/err")"
says "## reacher, all targets: scratch+full minus each rival (deployed policy)" out
says "By member, auc:" out
says "two-sided sign-flip test" out
pairs="reacher: only 2 pairs of scratch+full and scratch in a member, fewer than 10"
lone="reacher: 1 of the runs of scratch+full and 0 of scratch have no partner of the same member \
and seed, and do not count"
for place in out err; do
    says "$pairs" $place
    says "$lone" $place
done

# who is not compared is not warned of, such as runs of another budget
small_job "$work/runs" --method scratch --label short --set run.steps=300 >/dev/null 2>&1
claim "$work/runs" --method scratch+full --rivals scratch || die "the claim failed: $(cat "$work/err")"
! grep 'not a fair comparison' "$work/err" || die "warns of a column that is not compared"
claim "$work/runs" --method scratch+full --rivals scratch+short || die "the claim failed: $(cat "$work/err")"
says "not a fair comparison" err
rm -r "$work"/runs/reacher/*/scratch+short

# the difference is the normalised one; p of two pairs is 2 or 4 of 4 patterns, without a mark
claim "$work/runs" --method scratch+full --metric auc --format csv || die "no CSV"
"$suite" table "$work/runs" --models "$models" --normalised --metric auc --format csv \
    >"$work/table" 2>/dev/null
wanted=$(awk -F, '$3 == "all targets" && $4 == "scratch+full" && $5 == "deployed" {
    print $17 "," $18 "," $19 }' "$work/table")
[ "$(awk -F, '$3 == "all targets" { print $10 "," $11 "," $12 }' "$work/out")" = "$wanted" ] ||
    die "the claim's difference is not the table's, $wanted: $(cat "$work/out")"
awk -F, 'NR > 1 && ($13 != 0.5 && $13 != 1 || $13 != $14 || $15 != "") { bad = 1 }
         END { exit bad || NR != 3 }' "$work/out" || die "p is not as said: $(cat "$work/out")"

# a metric that is named twice is one test, which the others are adjusted for once
claim "$work/runs" --method scratch+full --metric auc,auc --format csv || die "auc,auc: no CSV"
"$suite" claim --models "$models" "$work/runs" --method scratch+full --metric auc --format csv \
    2>/dev/null | cmp - "$work/out" || die "auc,auc is not auc"
"$suite" table "$work/runs" --models "$models" --metric stability,drop --format csv 2>/dev/null |
    cut -d , -f 1-6 | sort | uniq -d >"$work/twice"
[ ! -s "$work/twice" ] || die "stability,drop has drop twice: $(cat "$work/twice")"

# a table against another column has the differences turned round
"$suite" table "$work/runs" --models "$models" --normalised --metric auc --format csv \
    --against scratch+full >"$work/turned" 2>/dev/null
awk -F, -v wanted="$wanted" '$3 == "all targets" && $4 == "scratch" && $5 == "deployed" {
    split(wanted, w, ","); d = $17 + w[1]; if (d < 1e-12 && d > -1e-12) found = 1 }
    END { exit !found }' "$work/turned" || die "--against: $(cat "$work/turned")"

refused "--method is missing: the column that is compared with the others, such as --method \
dqinit" claim "$work/runs"
refused "there are no finished runs of 'scratch+ful'; did you mean 'scratch+full'?" \
    claim "$work/runs" --method scratch+ful
refused "there are no finished runs of 'scratch+ful'; did you mean 'scratch+full'?" \
    table "$work/runs" --against scratch+ful
refused "'scratch' cannot be its own rival" claim "$work/runs" --method scratch --rivals scratch
refused "a claim is of one role, not of all" claim "$work/runs" --method scratch --role all
refused "--role cannot be 'targets': it takes target, tune, source, all" \
    claim "$work/runs" --method scratch --role targets
echo "claims are tested, and wrong words refused"
