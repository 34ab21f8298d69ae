#!/bin/sh
# Figures are made from finished runs: their files, the same bytes twice, and wrong words.
#   plot.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

small_job "$work/runs" >/dev/null 2>&1
figures="aggregates-reacher curves-reacher improvement jumpstart-reacher knownness-reacher profile"

plot() {
    "$suite" plot --models "$models" "$@" >"$work/out" 2>"$work/err"
}

# refused CODE MESSAGE word ...: exactly this one line
refused() {
    wanted=$1 message=$2 code=0
    shift 2
    plot "$@" || code=$?
    [ "$code" -eq "$wanted" ] || die "suite plot $*: exit code $code, not $wanted"
    [ ! -s "$work/out" ] || die "suite plot $*: wrote to standard output"
    [ "$(grep -vc 'warning:' "$work/err")" -eq 1 ] || die "suite plot $*: not one line"
    grep -qF -- "suite: $message" "$work/err" || die "suite plot $*: $(cat "$work/err")"
}

# without gnuplot, which is nowhere on this PATH: data and scripts all the same
mkdir "$work/bin"
whole_path=$PATH
for tool in awk cat grep rm; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
done
PATH=$work/bin
refused 1 "gnuplot is not installed, so that '$work/bare' has data and scripts but no pictures; \
install the package gnuplot-nox and try again" "$work/runs" --out "$work/bare"
PATH=$whole_path
for figure in $figures; do
    for ending in dat gp; do
        [ -s "$work/bare/$figure.$ending" ] || die "no $figure.$ending"
    done
done
[ "$(ls "$work/bare" | wc -l)" -eq 12 ] || die "other files: $(ls "$work/bare")"

# the middle of a curve is the mean of the evaluations
wanted=$(awk -F, '$1 == 800 && $2 == "deployed" { sum += $4; n++ } END { printf "%.9f", sum / n }' \
    "$work"/runs/reacher/within_1/scratch/seed-?/evals.csv)
shown=$(awk '/^# index/ { here = /within_1 scratch$/ } here && $1 == 800 { printf "%.9f", $3 }' \
    "$work/bare/curves-reacher.dat")
[ "$shown" = "$wanted" ] || die "the curve ends at $shown, the runs at $wanted"

# the jumpstart is the table's difference
wanted=$("$suite" table "$work/runs" --models "$models" --metric jumpstart --format csv 2>/dev/null |
    awk -F, '$3 == "within_1" && $4 == "dqinit" && $5 == "deployed" { print $17, $18, $19 }')
shown=$(awk '/^1 2 / { print $3, $4, $5 }' "$work/bare/jumpstart-reacher.dat")
[ "$shown" = "$wanted" ] || die "the jumpstart is $shown, in the table $wanted"

grep -qF "within_1 dqinit prior_share" "$work/bare/knownness-reacher.dat" || die "no knownness"

# some columns only; one alone has no differences
code=0
plot "$work/runs" --out "$work/one" --method dqinit || code=$?
grep -qF dqinit "$work/one/curves-reacher.gp" || die "dqinit was not drawn"
! grep -qr " scratch$" "$work/one" || die "scratch was drawn"
[ ! -e "$work/one/jumpstart-reacher.gp" ] || die "a jumpstart over nothing"
[ ! -e "$work/one/improvement.gp" ] || die "a matrix of one column"

# more columns than can be told apart: the methods as they are, if there are any
many=$work/many/reacher/within_1
mkdir -p "$many"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
    cp -r "$work/runs/reacher/within_1/dqinit" "$many/dqinit+v$i"
    sed -i "s/\"label\":\t\"\"/\"label\":\t\"v$i\"/" "$many/dqinit+v$i"/seed-*/run.json
done
refused 2 "more than 16 columns cannot be told apart in a figure; name those to show" \
    "$work/many" --out "$work/no"
cp -r "$work/runs/reacher/within_1/scratch" "$work/runs/reacher/within_1/dqinit" "$many"
code=0
plot "$work/many" --out "$work/plain" || code=$?
grep -qF "19 columns cannot be told apart: these are the methods as they are; --method names others" \
    "$work/err" "$work/out" || die "nothing was said of what is left out"
grep -q " scratch$" "$work/plain/curves-reacher.dat" || die "scratch was not drawn"
! grep -qr "+v" "$work/plain" || die "a variant was drawn"
plot "$work/many" --out "$work/named" --method dqinit+v3,scratch || code=$?
grep -qr "dqinit+v3$" "$work/named" || die "the variant that was named was not drawn"

refused 2 "there are no finished runs of 'dqinti'; did you mean 'dqinit'?" \
    "$work/runs" --out "$work/no" --method scratch,dqinti
refused 2 "there is no finished run to show in '$work/runs'" \
    "$work/runs" --out "$work/no" --role tune
refused 2 "--format cannot be 'gif'" "$work/runs" --out "$work/no" --format gif
refused 2 "--metric cannot be 'threshold'" "$work/runs" --out "$work/no" --metric threshold
refused 2 "unknown metric 'acu'; did you mean 'auc'?" "$work/runs" --out "$work/no" --metric acu
refused 2 "cannot list folder '$work/nothing'" "$work/nothing" --out "$work/no"
echo "a file" >"$work/file"
refused 1 "cannot" "$work/runs" --out "$work/file/below"
[ ! -e "$work/no" ] || die "wrong words made a folder"

if ! command -v gnuplot >/dev/null; then
    echo "figures are tested but not drawn: there is no gnuplot"
    exit 0
fi
for format in svg pdf png; do
    for copy in a b; do
        plot "$work/runs" --out "$work/$format-$copy" --format $format ||
            die "no $format: $(cat "$work/err")"
    done
    # a PDF has a date
    [ $format = pdf ] || diff -r "$work/$format-a" "$work/$format-b" ||
        die "$format differs when made again"
    for figure in $figures; do
        [ -s "$work/$format-a/$figure.$format" ] || die "no $figure.$format"
        cmp -s "$work/$format-a/$figure.dat" "$work/bare/$figure.dat" || die "$figure.dat differs"
    done
done

# a script stands for itself
rm "$work/svg-a/curves-reacher.svg"
(cd "$work/svg-a" && gnuplot --default-settings curves-reacher.gp)
cmp "$work/svg-a/curves-reacher.svg" "$work/svg-b/curves-reacher.svg"
echo "figures are drawn, the same each time, and wrong words refused"
