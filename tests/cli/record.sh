#!/bin/sh
# Films of saved runs: the same run gives the same pixels by either kind of OpenGL, an episode
# returns what `suite eval` says, and what is missing is named. Ends with 77 without OpenGL.
#   record.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"
# an OpenGL driver is unloaded before LeakSanitizer looks, which can then not tell its leaks from ours
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

small_job "$work/runs" --seeds 1 >"$work/table" 2>"$work/err" ||
    die "the job failed: $(cat "$work/err")"
of=$work/runs/reacher/within_1
unset DISPLAY WAYLAND_DISPLAY SUITE_OFFSCREEN

film() {
    "$suite" record --models "$models" --size 160x120 "$@" >"$work/out" 2>"$work/err"
}

if ! film "$of/dqinit/seed-0" --out "$work/a.png"; then
    grep -q 'no OpenGL without a display\|draws nothing without a display' "$work/err" || die "$(cat "$work/err")"
    echo "skipped: $(cat "$work/err")"
    exit 77
fi
grep -q "^$work/a.png: 1 frame of 160x120, drawn by \(EGL\|OSMesa\)$" "$work/out" ||
    die "does not say what was drawn: $(cat "$work/out")"

# the same pixels again, others after another number of steps
film "$of/dqinit/seed-0" --out "$work/b.png"
cmp "$work/a.png" "$work/b.png" || die "the same run gives other pixels"
film "$of/dqinit/seed-0" --out "$work/b.png" --step 40
cmp -s "$work/a.png" "$work/b.png" && die "another step gives the same pixels"
if SUITE_OFFSCREEN=osmesa film "$of/dqinit/seed-0" --out "$work/b.png"; then
    grep -q 'drawn by OSMesa' "$work/out" || die "is not drawn by OSMesa"
    cmp "$work/a.png" "$work/b.png" || die "OSMesa gives other pixels"
else
    grep -q 'libOSMesa.so.8 is not installed' "$work/err" || die "$(cat "$work/err")"
fi

# a sequence of a whole episode, which returns what eval says
film "$of/dqinit/seed-0" --out "$work/frame-%03d.png" --fps 5 --plain
[ -s "$work/frame-000.png" ] && [ -s "$work/frame-004.png" ] || die "no sequence"
filmed=$(sed -n 's/^dqinit, episode 0: return \([^ ]*\) after 50 steps, time is up$/\1/p' "$work/out")
"$suite" eval --models "$models" --json "$of/dqinit/seed-0" >"$work/json"
returned=$(sed -n 's/.*"returns":	\[\([^,]*\),.*/\1/p' "$work/json")
[ -n "$filmed" ] && [ "$filmed" = "$(printf '%.6g' "$returned")" ] ||
    die "the filmed episode returned '$filmed', not '$returned'"

# two side by side
film "$of/dqinit/seed-0" --versus scratch --out "$work/two.png"
grep -q '^scratch, episode 0' "$work/out" || die "the rival is not filmed: $(cat "$work/out")"

# movies, where there is an ffmpeg
if command -v ffmpeg >/dev/null; then
    for ending in mp4 gif; do
        film "$of/scratch/seed-0" --out "$work/a.$ending" --fps 10 || die "$(cat "$work/err")"
        film "$of/scratch/seed-0" --out "$work/b.$ending" --fps 10
        cmp "$work/a.$ending" "$work/b.$ending" || die "the same run gives another $ending"
    done
fi

# refused WHAT-IS-SAID option ...
refused() {
    said=$1
    shift
    code=0
    film "$@" || code=$?
    [ "$code" -eq 2 ] || die "$*: exit code $code, not 2"
    [ "$(wc -l <"$work/err")" -eq 1 ] || die "$*: not one line: $(cat "$work/err")"
    grep -qF -- "$said" "$work/err" || die "$*: does not say '$said': $(cat "$work/err")"
}
refused "name one run folder" --out "$work/c.png"
refused "name one run folder" "$of/scratch/seed-0"
refused "must end in .png, .mp4 or .gif" "$of/scratch/seed-0" --out "$work/c.avi"
refused "--size cannot be '10x10'" "$of/scratch/seed-0" --out "$work/c.png" --size 10x10
refused "--fps" "$of/scratch/seed-0" --out "$work/c.png" --fps 0
refused "there are dqinit, scratch" "$of/scratch/seed-0" --out "$work/c.png" --versus jsrl
refused "$work/nothing" "$work/nothing" --out "$work/c.png"
mkdir "$work/empty"
code=0
env PATH="$work/empty" "$suite" record --models "$models" "$of/scratch/seed-0" \
    --out "$work/c.mp4" 2>"$work/err" || code=$?
[ "$code" -eq 2 ] || die "without ffmpeg: exit code $code, not 2"
grep -qF "ffmpeg, which is not installed: \`apt-get install ffmpeg\`" "$work/err" ||
    die "without ffmpeg: $(cat "$work/err")"

# on a full disk ffmpeg ends as if all were well, and leaves what fitted
if command -v ffmpeg >/dev/null; then
    for ending in mp4 gif; do
        cat >"$work/empty/ffmpeg" <<END
#!/bin/sh
PATH=$PATH
for file; do :; done
cat >/dev/null
head -c 3000 "$work/a.$ending" >"\$file"
END
        chmod +x "$work/empty/ffmpeg"
        code=0
        env PATH="$work/empty" "$suite" record --models "$models" "$of/scratch/seed-0" \
            --out "$work/full.$ending" >"$work/out" 2>"$work/err" || code=$?
        [ "$code" -eq 1 ] || die "a $ending that is cut: exit code $code, not 1"
        grep -qF "full.$ending' cannot be written to its end" "$work/err" || die "$(cat "$work/err")"
        [ ! -e "$work/full.$ending" ] || die "a $ending that is cut is left"
    done
fi

# a policy of another family is no policy of this one
cp -r "$of/scratch/seed-0" "$work/wrong"
"$suite" run --models "$models" --task pendulum --member within_1 --method scratch --seeds 1 --steps 300 \
    --set agent.hidden=8 --out "$work/runs" >"$work/table" 2>"$work/err" || die "$(cat "$work/err")"
cp "$work/runs/pendulum/within_1/scratch/seed-0/policy.bin" "$work/wrong/policy.bin"
refused "was trained on 'pendulum', not on 'reacher'" "$work/wrong" --out "$work/c.png"
[ ! -e "$work/c.png" ] || die "a refused film left a picture"
echo "runs are filmed"
