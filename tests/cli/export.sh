#!/bin/sh
# Finished runs are exported whole or not at all, and wrong words and damage named in one line.
#   export.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" --method jsrl,scratch --member base >/dev/null 2>&1

export_runs() {
    "$suite" export --models "$models" "$@" >"$work/out" 2>"$work/err"
}

# refused CODE MESSAGE word ...: exactly this one line, and nothing on standard output
refused() {
    wanted=$1 message=$2 code=0
    shift 2
    export_runs "$@" || code=$?
    [ "$code" -eq "$wanted" ] || die "suite export $*: exit code $code, not $wanted"
    [ ! -s "$work/out" ] || die "suite export $*: wrote to standard output"
    echo "suite: $message" | cmp -s - "$work/err" || die "suite export $*: $(cat "$work/err")"
}

# csv: the lines are those of the runs' evals.csv, behind what names the run
export_runs "$work/runs" --format csv || die "no csv: $(cat "$work/err")"
[ ! -s "$work/err" ] || die "csv: $(cat "$work/err")"
for column in scratch jsrl; do
    for seed in 0 1; do
        awk -F, -v OFS=, -v run="reacher,base,tune,$column,,$seed" 'NR > 1 {
            print run, $1, $2, $3, $4, $5, $6, $7, $8 }' \
            "$work/runs/reacher/base/$column/seed-$seed/evals.csv"
    done
done >"$work/wanted"
sed -n '2,$s/,[^,]*$//p' "$work/out" | cmp -s - "$work/wanted" ||
    die "csv is not the records': $(cat "$work/out")"
# the area under scratch's curve, from the csv's normalised means, is what the table shows
"$suite" table "$work/runs" --models "$models" --role tune --normalised --metric auc \
    --format csv 2>/dev/null >"$work/table"
area=$(awk -F, '$4 == "scratch" && $8 == "deployed" {
    if ($7 > 0) sum += ($7 - step) * ($15 + last) / 2
    step = $7; last = $15 } END { printf "%.9f", sum / 1600 }' "$work/out")
shown=$(awk -F, '$3 == "base" && $4 == "scratch" && $5 == "deployed" {
    printf "%.9f", $9 }' "$work/table")
[ "$area" = "$shown" ] || die "normalised: $area by the csv, $shown by the table"

# the same bytes in a file, which must not be there
export_runs "$work/runs" --format csv --out "$work/all.csv"
[ ! -s "$work/out" ] || die "--out: wrote to standard output too"
export_runs "$work/runs" --format csv
cmp -s "$work/out" "$work/all.csv" || die "--out: other bytes"
refused 2 "'$work/all.csv' is there already; remove it, or name another --out" \
    "$work/runs" --format csv --out "$work/all.csv"
refused 2 "cannot write '$work/none/all.csv': No such file or directory" \
    "$work/runs" --format csv --out "$work/none/all.csv"

# folders: a file for each run, and the same bytes again
for format in tensorboard npz; do
    for again in 1 2; do
        export_runs "$work/runs" --format $format --out "$work/$format-$again" ||
            die "no $format: $(cat "$work/err")"
        { [ ! -s "$work/out" ] && [ ! -s "$work/err" ]; } || die "$format: $(cat "$work/out" "$work/err")"
    done
    diff -r "$work/$format-1" "$work/$format-2" || die "$format: other bytes the second time"
    refused 2 "'$work/$format-1' is there already; remove it, or name another --out" \
        "$work/runs" --format $format --out "$work/$format-1"
    refused 1 "cannot make folder '$work/all.csv/x.part': Not a directory" \
        "$work/runs" --format $format --out "$work/all.csv/x"
    refused 2 "--out is missing: the folder that --format $format makes, such as --out exported" \
        "$work/runs" --format $format
done
list_files "$work/tensorboard-1" >"$work/list"
for column in jsrl scratch; do
    for seed in 0 1; do
        echo "./reacher/base/$column/seed-$seed/events.out.tfevents.0.suite"
    done
done | cmp -s - "$work/list" || die "tensorboard: $(cat "$work/list")"
list_files "$work/npz-1" >"$work/list"
{
    for run in jsrl/base_0 jsrl/base_1; do
        echo "./reacher/$run/evaluations.npz"
    done
    echo ./reacher/scores-tune.npz
    for run in scratch/base_0 scratch/base_1; do
        echo "./reacher/$run/evaluations.npz"
    done
} | cmp -s - "$work/list" || die "npz: $(cat "$work/list")"

# wrong words
refused 2 "--format is missing: csv, tensorboard or npz, such as --format csv" "$work/runs"
refused 2 "--format cannot be 'xls': it takes csv, tensorboard, npz" "$work/runs" --format xls
refused 2 "--policy is for --format npz; csv has both policies" \
    "$work/runs" --format csv --policy network
refused 2 "one folder of results at a time, not 2" "$work/runs" "$work" --format csv
refused 2 "cannot list folder '$work/none': No such file or directory" \
    "$work/none" --format csv
mkdir "$work/empty"
refused 2 "there is no finished run to export in '$work/empty'" \
    "$work/empty" --format npz --out "$work/new"
refused 2 "there is no finished run to export in '$work/runs'" \
    "$work/runs" --role target --format csv
[ ! -e "$work/new" ] || die "a folder is left of an export that failed"

# damage: a record is left out and named; episodes, which collecting does not read, end it all
cp -r "$work/runs" "$work/damaged"
place=$work/damaged/reacher/base/scratch
echo '{' >"$place/seed-0/run.json"
export_runs "$work/damaged" --format csv || die "one damaged record: $(cat "$work/err")"
[ "$(wc -l <"$work/err")" -eq 1 ] || die "not one line: $(cat "$work/err")"
grep -qF "suite: warning: left out '$place/seed-0': $place/seed-0/run.json:2: not valid JSON" "$work/err" ||
    die "one damaged record: $(cat "$work/err")"
grep -q ',scratch,,0,' "$work/out" && die "a damaged record was exported"
grep -q ',scratch,,1,' "$work/out" || die "a whole record was not exported"
rm -r "$place/seed-0"
echo 'episode' >"$place/seed-1/episodes.csv"
refused 2 "$place/seed-1/episodes.csv:1: not the header of episodes.csv: 'episode'" \
    "$work/damaged" --format tensorboard --out "$work/new"
[ ! -e "$work/new" ] && [ ! -e "$work/new.part" ] || die "a folder is left of an export that failed"

# what an export that was killed half-way left is in nobody's way
mkdir "$work/again.part"
touch "$work/again.part/half"
export_runs "$work/runs" --format npz --out "$work/again" || die "after a kill: $(cat "$work/err")"
[ ! -e "$work/again.part" ] && [ ! -e "$work/again/half" ] || die "the half of an export is left"
diff -r "$work/again" "$work/npz-1" || die "not the same arrays"
echo "finished runs are exported, and wrong words refused"
