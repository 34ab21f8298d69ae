#!/bin/sh
# Packed records give every command the same results as the folders they came from.
#   pack.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" --method dqinit,jsrl,scratch >/dev/null 2>&1

pack() {
    "$suite" pack "$@" >"$work/out" 2>"$work/err"
}

# refused CODE MESSAGE word ...: exactly this one line
refused() {
    wanted=$1 message=$2 code=0
    shift 2
    pack "$@" || code=$?
    [ "$code" -eq "$wanted" ] || die "suite pack $*: exit code $code, not $wanted"
    [ ! -s "$work/out" ] || die "suite pack $*: wrote to standard output"
    echo "suite: $message" | cmp -s - "$work/err" || die "suite pack $*: $(cat "$work/err")"
}

refused 2 "name the folders of runs to pack" --out "$work/none"
refused 2 "--out is missing: the folder of the packs, such as --out packed" "$work/runs"
mkdir "$work/empty"
refused 2 "there is no finished run to pack in '$work/empty'" "$work/empty" --out "$work/none"
[ ! -e "$work/none" ] || die "wrong words made a folder"

# a run that is not done is named and left out, and joins the others later
cp -r "$work/runs" "$work/part"
sed -i 's/"status":	"done"/"status":	"failed"/' "$work/part/reacher/within_1/jsrl/seed-1/run.json"
pack "$work/part" --out "$work/packed" || die "$(cat "$work/err")"
echo "suite: warning: reacher/within_1/jsrl/seed-1 is failed and not packed" |
    cmp -s - "$work/err" || die "a failed run: $(cat "$work/err")"
grep -q "'$work/packed': 5 runs, 5 of them new" "$work/out" || die "$(cat "$work/out")"
pack "$work/runs" --out "$work/packed" || die "$(cat "$work/err")"
grep -q "'$work/packed': 6 runs, 1 of them new" "$work/out" || die "$(cat "$work/out")"
pack "$work/runs" --out "$work/once"
cmp "$work/packed/reacher.runs" "$work/once/reacher.runs"
[ "$(ls "$work/once")" = reacher.runs ] || die "other files: $(ls "$work/once")"

# the same bytes, but for the line that names the folder
same() {
    "$suite" "$@" "$work/runs" --models "$models" >"$work/a" 2>/dev/null
    "$suite" "$@" "$work/packed" --models "$models" >"$work/b" 2>/dev/null
    sed "s,^Results of '$work/packed',Results of '$work/runs'," "$work/b" >"$work/c"
    [ -s "$work/a" ] || die "suite $*: nothing printed"
    cmp "$work/a" "$work/c" || die "suite $*: other bytes of packed records"
}
same table
same table --format csv --metric auc,stability,negative --normalised
same table --overview
same claim --method dqinit
same export --format csv
for folder in runs packed; do
    "$suite" plot "$work/$folder" --models "$models" --out "$work/figures-$folder" \
        >"$work/out" 2>"$work/err" || grep -qF "gnuplot is not installed" "$work/err" ||
        die "no figures: $(cat "$work/err")"
    "$suite" export "$work/$folder" --models "$models" --format npz --out "$work/npz-$folder"
done
[ -s "$work/figures-packed/knownness-reacher.dat" ] || die "packs have no traces"
diff -r "$work/figures-runs" "$work/figures-packed" || die "other figures of packed records"
diff -r "$work/npz-runs" "$work/npz-packed" || die "other arrays of packed records"

# an overview has its own metrics
code=0
"$suite" table "$work/packed" --models "$models" --overview --metric auc >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 2 ] || die "--overview with --metric: exit code $code"
grep -qF "suite: --overview is Markdown with metrics of its own; leave out --metric" "$work/err" ||
    die "--overview with --metric: $(cat "$work/err")"

# another run in the same place
"$suite" run --models "$models" --task reacher --method scratch --member within_1 --seeds 1 \
    --steps 700 --set run.episodes=3 --set agent.hidden=16 --set agent.batch=16 \
    --out "$work/other" >/dev/null 2>&1
cp -r "$work/packed" "$work/before"
refused 2 "'reacher/within_1/scratch/seed-0' is packed with other settings than \
'$work/other/reacher/within_1/scratch/seed-0' has; pack it into another folder" \
    "$work/other" --out "$work/packed"
diff -r "$work/before" "$work/packed" || die "what was packed has changed"

# without words it is runs, and without that what is published
mkdir "$work/results" "$work/here"
cp -r "$work/packed" "$work/results/published"
cd "$work/here"
SUITE_RESULTS=$work/results "$suite" table --models "$models" >"$work/out" 2>"$work/err"
[ "$(head -n 1 "$work/out")" = "Published results, '$work/results/published'" ] ||
    die "not the published results: $(head -n 1 "$work/out")"
grep -qF "these are the published results, '$work/results/published'" "$work/err" ||
    die "not said: $(cat "$work/err")"
cp -r "$work/runs" runs
SUITE_RESULTS=$work/results "$suite" table --models "$models" >"$work/out" 2>"$work/err"
[ "$(head -n 1 "$work/out")" = "Results of 'runs'" ] || die "not the runs: $(head -n 1 "$work/out")"

# a pack that is damaged is refused by whoever reads it
printf 'x' >>"$work/packed/reacher.runs"
code=0
"$suite" table "$work/packed" --models "$models" >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 2 ] || die "damaged pack: exit code $code"
echo "suite: '$work/packed/reacher.runs' is not a whole gzip file" | cmp -s - "$work/err" ||
    die "damaged pack: $(cat "$work/err")"
echo "packed records are read like folders of runs"
