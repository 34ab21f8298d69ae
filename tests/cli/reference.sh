#!/bin/sh
# References are made, checked, refused when damaged, and measure returns and sources.
#   reference.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

# a small family: one source, one target, little to do
cp -r "$models" "$work/models"
models=$work/models
rm -f "$models"/*/references.json
file=$models/reacher/references.json
cat >"$models/reacher/family.json" <<END
{"family": "reacher",
 "settings": {"run.steps": 400, "run.episodes": 3, "source.steps": 300, "agent.hidden": 16,
              "agent.batch": 16, "agent.learning_start": 50, "dqinit.states": 300},
 "members": [
  {"name": "east", "role": "source", "parameters": {"goal_x": 0.15, "goal_spread": 0}},
  {"name": "near_east", "role": "target", "parameters": {"goal_x": 0.1, "goal_spread": 0}}]}
END

# code WANTED word ...: run the program, which must end so
code() {
    wanted=$1 got=0
    shift
    "$suite" "$@" --models "$models" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$wanted" ] || die "suite $*: exit code $got, not $wanted: $(cat "$work/err")"
}

# says WHAT: the last command's standard error holds it
says() {
    grep -qF -- "$1" "$work/err" || die "does not say \"$1\": $(cat "$work/err")"
}

reference() {
    wanted=$1
    shift
    code "$wanted" reference --task reacher --runs "$work/long" --episodes 4 "$@"
}

code 0 run --task reacher --method scratch --label long --member all --seeds 2 --steps 1200 \
    --set explore=full --out "$work/long"
rm "$work"/long/*/*/*/*/policy.bin "$work"/long/*/*/*/*/episodes.csv # not needed any more

# made and checked; the same bytes each time, whatever is there
reference 2 --check
says "reacher/references.json"
reference 0
cp "$work/out" "$work/made"
echo damaged >"$file"
reference 0
cmp "$work/out" "$work/made" || die "other bytes the second time"
cp "$work/made" "$file"
reference 0 --check
[ ! -s "$work/out" ] || die "--check wrote to standard output"
grep -q '"runs":	2,' "$file" || die "not of two runs"
grep -q '"steps":	1200,' "$file" || die "not of 1200 steps"

# random is worth 0 and long 1, by definition
code 0 table "$work/long" --normalised --metric final --format csv --role all
awk -F, '
    NR > 1 && $6 != "final_normalised" { exit 1 }
    NR > 1 && ($9 - 1) ^ 2 > 1e-20 { exit 1 }
    END { exit NR != 9 }
' "$work/out" || die "long runs are not worth 1: $(cat "$work/out")"
code 0 table "$work/long" --normalised --metric auc
grep -qF "divided by the budget, normalised" "$work/out" || die "no heading says normalised"

code 0 list members
awk '/ east / && !/; random -[0-9.]+, long -[0-9.]+$/ { exit 1 }' "$work/out" ||
    die "the list has no references"
code 0 list members --json
awk '/"random":/ { random++ } /"long":/ { long++ } END { exit random != 2 || long != 2 }' \
    "$work/out" || die "the JSON list has no references"

# one digit
sed '/"name":	"near_east"/,/"long"/ s/"random":	-/"random":	-1/' "$work/made" >"$file"
reference 1 --check
says "reacher/references.json:$(diff "$file" "$work/made" | sed 's/[^0-9].*//;q'): the file says"
[ "$(grep -c 'file says' "$work/err")" -eq 1 ] || die "more than the first difference"
sed '$d' "$work/made" >"$file"
reference 2 --check
says "reacher/references.json:"

# a damaged file is named with its line by all who need it
sed 's/"runs":	2/"runs":	"two"/' "$work/made" >"$file"
for command in "table $work/long --normalised" "list members" \
    "run --task reacher --method scratch --seeds 1 --out $work/not-begun"; do
    code 2 $command
    says "reacher/references.json:9: 'runs' must be a number"
done
[ ! -e "$work/not-begun" ] || die "a run was begun"
code 0 table "$work/long"

# a member without references is unknown, and the only one
awk '/"name":	"near_east"/ { sub("near_east", "elsewhere") } { print }' "$work/made" >"$file"
code 0 table "$work/long" --normalised --metric final --format csv --role all
says "member 'near_east' of 'reacher' has no normalised returns"
awk -F, '
    $3 == "near_east" && $9 == "" { unknown++ }
    $3 == "east" && $9 != "" { known++ }
    END { exit unknown != 2 || known != 2 }
' "$work/out" || die "the wrong member is unknown: $(cat "$work/out")"

# a source that falls short is a warning, said once, and no refusal
learn() {
    code 0 run --task reacher --method dqinit,scratch --seeds 2 --out "$work/$1"
}
set_east() {
    awk -v "random=$1" -v "long=$2" '
        /"name":/ { east = /"east"/ }
        east && /"random":/ { print "\"random\": " random ","; next }
        east && /"long":/ { print "\"long\": " long; next }
        { print }
    ' "$work/made" >"$file"
}
set_east -1000 1000
learn short
says "warning: source 'east' of 'reacher' (seed 0) falls short"
[ "$(grep -c 'falls short' "$work/err")" -eq 1 ] || die "said more than once"
for seed in 0 1; do
    grep -q "falls short" "$work/short/reacher/near_east/dqinit/seed-$seed/run.json" ||
        die "the record of seed $seed has no warning"
    ! grep -q "falls short" "$work/short/reacher/near_east/scratch/seed-$seed/run.json" ||
        die "scratch learns from no source"
done
set_east -2000 -1000
learn good
! grep -q "falls short" "$work/err" || die "a good source falls short"

# times to a threshold and falls are of normalised returns, whether returns are shown so or not
for normalised in "" --normalised; do
    code 0 table "$work/good" --metric threshold,stability,negative --format csv $normalised
    grep ",threshold,1,\|,drop,1,\|,collapse,1,\|,negative," "$work/out" >"$work/shares$normalised"
    awk -F, '
        $6 == "threshold" || $6 == "collapse" { shares++; if ($9 < 0 || $9 > 1) exit 1 }
        $6 == "negative" && $4 == "dqinit" && $5 == "deployed" { pairs += $8 }
        END { exit shares != 16 || pairs != 4 }
    ' "$work/out" || die "no shares of the budget and of pairs: $(cat "$work/out")"
    [ "$(wc -l <"$work/out")" -eq 41 ] || die "not five metrics: $(cat "$work/out")"
done
cmp "$work/shares" "$work/shares--normalised" || die "--normalised changes what is normalised"
code 0 table "$work/good" --metric auc --format csv
cp "$work/out" "$work/auc"
code 0 table "$work/good" --metric auc,drop --format csv
grep -v ',drop,' "$work/out" | cmp - "$work/auc" || die "a metric beside it changes the area"
code 2 table "$work/good" --metric stabilty
says "did you mean 'stability'?"

# records that do not make references
reference 2 --task zzzzzz
says "'zzzzzz'"
reference 2 --runs "$work/nothing"
says "$work/nothing"
rm -r "$work/long/reacher/near_east/scratch+long/seed-0"
reference 2
says "member 'near_east' of 'reacher' has no finished run of 'scratch+long' with seed 0"
[ ! -s "$work/out" ] || die "half a file was printed"

echo "references are made, checked and used"
