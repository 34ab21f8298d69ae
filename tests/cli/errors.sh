#!/bin/sh
# Wrong words get one clear line on standard error, nothing on standard output and exit code 2.
#   errors.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

failures=0

complain() {
    echo "FAILED: $*" >&2
    sed 's/^/    | /' "$work/err" >&2
    failures=$((failures + 1))
}

# refused WHAT-THE-MESSAGE-HOLDS word ...
refused() {
    needle=$1
    shift
    code=0
    timeout 60 "$suite" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    [ "$code" -eq 2 ] || complain "suite $*: exit code $code, not 2"
    [ ! -s "$work/out" ] || complain "suite $*: wrote to standard output"
    [ "$(wc -l <"$work/err")" -eq 1 ] || complain "suite $*: not exactly one line"
    grep -qF -- "$needle" "$work/err" || complain "suite $*: does not say \"$needle\""
}

# refused_run WHAT-THE-MESSAGE-HOLDS option ...: a whole job with one thing wrong
refused_run() {
    needle=$1
    shift
    refused "$needle" run --task reacher --method scratch --steps 500 --seeds 1 \
        --set source.steps=500 --models "$models" --out "$work/out-folder" "$@"
    [ ! -e "$work/out-folder/reacher" ] || complain "suite run $*: something was started"
    rm -rf "$work/out-folder"
}

# names, with the nearest one
refused "did you mean 'table'?" tabel
refused "see \`suite --help\`" zzzzzzzz
refused "did you mean 'reacher'?" bench --task reaher
refused "did you mean 'scratch'?" bench --task reacher --method scrach
refused "--rounds" bench --rounds 0
refused "--rounds" bench --rounds 1000
refused "--jobs" bench --jobs 0
refused "did you mean '--seeds'?" run --task reacher --method scratch --seds 3
refused "unknown option '--zzzzzzzz'" run --task reacher --method scratch --zzzzzzzz
refused_run "did you mean 'reacher'?" --task reecher
refused_run "'zzzzzzzz'" --task zzzzzzzz
refused_run "did you mean 'scratch'?" --method scrach
refused_run "did you mean 'within_1'?" --member withim_1
refused_run "did you mean 'agent.gamma'?" --set agent.gama=0.9
refused_run "'zzzzzzzz'" --set zzzzzzzz=1
refused "task" run --method scratch
refused "method" run --task reacher

# lists, one of which is right
refused "cannot list 'taks'; did you mean 'tasks'?" list methods taks
refused "'tasks' is named twice" list tasks methods tasks
refused "'tasks' is named twice" list tasks tasks --json

# the kernel
export SUITE_KERNEL=avx1024
refused "SUITE_KERNEL is 'avx1024'" list tasks
unset SUITE_KERNEL

# numbers
for seeds in 0 abc -1 1e3 7-3 '' 1,,2; do
    refused_run "seeds" --seeds "$seeds"
done
for steps in 0 1e99 -5 many ''; do
    refused_run "steps" --steps "$steps"
done
for jobs in 0 -1 two 1000000; do
    refused_run "jobs" --jobs "$jobs"
done
refused_run "agent.gamma" --set agent.gamma=2
refused_run "agent.gamma" --set agent.gamma
refused_run "explore" --set explore=ful
refused_run "label" --label ../up

# files
refused_run "no-models" --models "$work/no-models"
cp -r "$models" "$work/broken"
awk '{ print } NR == 1 { print "    \"memebrs\": []," }' "$models/reacher/family.json" \
    >"$work/broken/reacher/family.json"
refused_run "reacher/family.json:2: unknown key 'memebrs'; did you mean 'members'?" \
    --models "$work/broken"
printf '{"family": "reacher",\n"members": [}\n' >"$work/broken/reacher/family.json"
refused_run "reacher/family.json:2: not valid JSON" --models "$work/broken"

echo '{"agent.gama": 0.9}' >"$work/config.json"
refused_run "did you mean 'agent.gamma'?" --config "$work/config.json"
refused_run "no-config.json" --config "$work/no-config.json"

# a folder that cannot be written, whoever asks
echo "a file" >"$work/file"
refused "$work/file" run --task reacher --method scratch --steps 500 --seeds 1 \
    --models "$models" --out "$work/file/below"
refused "$work/nothing" table "$work/nothing"
refused "$work/nothing" eval "$work/nothing"
refused "--policy cannot be 'best': it takes deployed, network" eval --policy best "$work/nothing"

[ "$failures" -eq 0 ] || exit 1
echo "wrong words are refused"
