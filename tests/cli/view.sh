#!/bin/sh
# The viewer as a user meets it, on a display of its own: every documented key, the mouse, other
# runs, two side by side, training, filming, and some time of play. Ends with 77 without Xvfb and
# xdotool. SUITE_PLAY_S seconds are played (10), SUITE_SCREENSHOTS names a folder for pictures.
#   view.sh SUITE MODELS
suite=$1 models=$2
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
# of memory, see below, what AddressSanitizer keeps after it was freed is not to count for much;
# an OpenGL driver is unloaded before LeakSanitizer looks, which can then not tell its leaks from ours
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:quarantine_size_mb=8"

# -- what needs no display

small_job "$work/runs" >"$work/table" 2>"$work/err" || die "the job failed: $(cat "$work/err")"
of=$work/runs/reacher/within_1
"$suite" run --models "$models" --task pendulum --member within_1 --method scratch --seeds 1 --steps 300 \
    --set agent.hidden=8 --out "$work/runs" >"$work/table" 2>"$work/err" || die "$(cat "$work/err")"
unset DISPLAY WAYLAND_DISPLAY

# refused WHAT-IS-SAID option ...
refused() {
    said=$1
    shift
    code=0
    timeout 60 "$suite" view --models "$models" "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq 2 ] || die "$*: exit code $code, not 2"
    [ ! -s "$work/out" ] || die "$*: writes to standard output"
    [ "$(wc -l <"$work/err")" -eq 1 ] || die "$*: not one line: $(cat "$work/err")"
    grep -qF -- "$said" "$work/err" || die "$*: does not say '$said': $(cat "$work/err")"
}
refused "name one run folder, or a task"
refused "says task, member, method and seed already" "$of/scratch/seed-0" --seed 1
refused "did you mean 'reacher'?" --task reecher
refused "has no finished run" --task reacher --method jsrl --out "$work/runs"
refused "there are dqinit, scratch" "$of/scratch/seed-0" --versus jsrl
refused "--live takes --task, --member and --method" --task reacher --live
refused "--steps is for --live" "$of/scratch/seed-0" --steps 10
refused "--size cannot be" "$of/scratch/seed-0" --size 1x1
refused "cannot make folder '/proc/nowhere'" "$of/scratch/seed-0" --pictures /proc/nowhere
refused "did you mean 'within_1'?" --task reacher --drive --member withim_1
cp -r "$of/scratch/seed-0" "$work/wrong"
cp "$work/runs/pendulum/within_1/scratch/seed-0/policy.bin" "$work/wrong/policy.bin"
refused "was trained on 'pendulum', not on 'reacher'" "$work/wrong"
refused "suite record" "$of/scratch/seed-0"

# -- a display

command -v Xvfb >/dev/null && command -v xdotool >/dev/null || {
    echo "skipped: no Xvfb or xdotool here"
    exit 77
}
! grep -q 'this build has no window' "$work/err" || {
    echo "skipped: $(cat "$work/err")"
    exit 77
}
viewer=
mkfifo "$work/number"
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/number" 2>"$work/xvfb" &
server=$!
trap 'kill $viewer $server 2>/dev/null || true; rm -rf "$work"' EXIT
read -r number <"$work/number" || die "Xvfb does not begin: $(cat "$work/xvfb")"
export DISPLAY=":$number"
shots=${SUITE_SCREENSHOTS:-$work/shots}
mkdir -p "$shots"

# wait_for LINE [SECONDS]: until the viewer has said a line that begins so, after those seen
wait_for() {
    tenths=$((${2:-60} * 10))
    while [ $tenths -gt 0 ]; do
        kill -0 "$viewer" 2>/dev/null || tenths=1 # has ended, and says no more after this look
        found=$(awk -v seen="$seen" -v line="^$1" 'NR > seen && $0 ~ line { print NR; exit }' "$work/trace")
        if [ -n "$found" ]; then
            seen=$found
            return
        fi
        sleep 0.1
        tenths=$((tenths - 1))
    done
    die "'$1' did not come; it said: $(tail -n 5 "$work/trace") $(cat "$work/err")"
}

# open option ...: begin a viewer and find its window
open() {
    seen=0
    : >"$work/trace" # there before the viewer is
    "$suite" view --models "$models" --trace --pictures "$shots" "$@" >"$work/trace" 2>"$work/err" &
    viewer=$!
    wait_for "ready"
    window=$(timeout 30 xdotool search --sync --onlyvisible --name '^suite view' | head -n 1)
    [ -n "$window" ] || die "there is no window"
    xdotool mousemove --window "$window" 20 20
}

# press KEY LINE: a key, and what is said then
press() {
    xdotool key --window "$window" "$1"
    wait_for "$2"
}

# ended CODE: the viewer ended so, with nothing on standard error
ended() {
    code=0
    wait "$viewer" || code=$?
    [ "$code" -eq "$1" ] || die "exit code $code, not $1: $(cat "$work/err")"
    [ "$1" -ne 0 ] || [ ! -s "$work/err" ] || die "says on standard error: $(cat "$work/err")"
}

# picture NAME: save one, which must show something
picture() {
    press p "picture"
    wait_for "saved"
    file=$(sed -n 's/^saved //p' "$work/trace" | tail -n 1)
    [ -s "$file" ] || die "'$file' is not there"
    if command -v identify >/dev/null; then
        colours=$(identify -format %k "$file")
        [ "$colours" -gt 50 ] || die "'$file' has $colours colours only"
    fi
    mv "$file" "$shots/$1.png"
}

# -- every key that is documented

open "$of/dqinit/seed-0" --size 800x600
wait_for "over 0 return"
wait_for "episode 1"
press space "pause on"
press r "episode 1"
press period "at step 1"
press period "at step 2"
press n "episode 2"
press minus "speed 0.5"
press equal "speed 1"
press equal "speed 2"
picture panels
press F1 "help on"
picture help
press F1 "help off"
press Tab "panels off"
press h "text off"
press h "text on"
press bracketleft "training speed 2"
press bracketright "training speed 3"
press k "drive on"
for pair in Left:1:- Right:1:+ Down:2:- Up:2:+ Next:3:- Prior:3:+; do
    key=${pair%%:*} motor=${pair#*:}
    xdotool keydown --window "$window" "$key"
    wait_for "motor ${motor%:*} [${motor#*:}]"
    xdotool keyup --window "$window" "$key"
    wait_for "motor ${motor%:*} [+]0"
done
press k "drive off"

# the mouse: turn, shift, zoom, back; pull and twist the arm, which lies to the right of the middle
xdotool mousemove --window "$window" 300 200 mousedown 1 mousemove --window "$window" 380 230 mouseup 1
wait_for "camera azimuth"
xdotool mousemove --window "$window" 300 200 mousedown 3 mousemove --window "$window" 320 230 mouseup 3
wait_for "camera azimuth"
xdotool click 4
wait_for "camera distance"
press c "camera back"
press r "episode 2"
for button in 1 3; do
    xdotool keydown ctrl mousemove --window "$window" 440 300 mousedown $button
    wait_for "grip body"
    xdotool mousemove --window "$window" 440 250
    press period "at step"
    picture "grip-$button"
    xdotool mouseup $button keyup ctrl
    wait_for "let go"
done

# other runs of the same folder, and one that cannot be shown
press s "run .*/reacher/within_1/dqinit/seed-1"
press s "run .*/reacher/within_1/dqinit/seed-0"
press x "run .*/reacher/within_1/scratch/seed-0"
press x "run .*/reacher/within_1/dqinit/seed-0"
press m "run .*/reacher/within_1/dqinit/seed-0"
cp "$work/wrong/policy.bin" "$of/dqinit/seed-1/policy.bin"
press s "cannot: .* was trained on 'pendulum', not on 'reacher'"
press Tab "panels on"
press space "pause off"

# a picture that fails leaves a movie as it is, and one that does not leaves it its name
press v "movie"
wait_for "filming"
case $(sed -n 's/^filming //p' "$work/trace") in
*.mp4) # a sequence of pictures would fail too
    mv "$shots" "$shots-away"
    press p "picture"
    wait_for "cannot: "
    mv "$shots-away" "$shots"
    ;;
esac
picture "while-filming"
press v "movie"
wait_for "filmed"
[ "$(sed -n 's/^filmed //p' "$work/trace")" = "$(sed -n 's/^filming //p' "$work/trace")" ] ||
    die "the movie has two names: $(grep '^film' "$work/trace")"

# the size changes while a movie is made, which ends it; the next is ended by closing the window
press v "movie"
wait_for "filming"
sleep 1
xdotool windowsize "$window" 640 480
wait_for "size 640x480"
wait_for "the window changed its size; filmed"
press v "movie"
wait_for "filming"
sleep 1
if command -v python3 >/dev/null; then
    python3 "$here/close_window.py" "$DISPLAY" "$window"
else
    xdotool key --window "$window" Escape
fi
wait_for "quit"
wait_for "filmed"
ended 0
if command -v ffprobe >/dev/null; then
    for movie in "$shots"/*.mp4; do
        frames=$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 "$movie")
        [ "${frames%%,*}" -gt 5 ] || die "'$movie' has '$frames' frames"
    done
fi
rm -f "$shots"/*.mp4 "$shots"/reacher-*.png

# -- two side by side from the same start, found by what a user says; a signal ends it

open --task reacher --method dqinit --seed 0 --out "$work/runs" --versus scratch
press space "pause on"
press n "episode"
picture versus
press v "movie"
wait_for "filming"
sleep 1
kill -TERM "$viewer"
ended 143
wait_for "filmed"
rm -f "$shots"/*.mp4 "$shots"/reacher-*.png

# -- by hand

open --task reacher --drive
xdotool keydown --window "$window" Right
wait_for "motor 1 [+]1"
wait_for "over 0 return"
xdotool keyup --window "$window" Right
picture drive
press Escape "quit"
ended 0

# -- training that is watched leaves the records that `suite run` leaves

live="--models $models --task reacher --member within_1 --method dqinit --steps 800 --set source.steps=600
    --set dqinit.states=300 --set run.episodes=3 --set agent.hidden=16 --set agent.batch=16"
# shellcheck disable=SC2086 # words
"$suite" run $live --seeds 1 --jobs 1 --out "$work/unseen" >"$work/table" 2>"$work/err"
# shellcheck disable=SC2086
open --live $live --out "$work/seen"
wait_for "made .*/seen/reacher/within_1/dqinit/seed-0" 300
picture live
press Escape "quit"
ended 0
same_records "$work/unseen" "$work/seen"

# -- some time of play: no complaint of OpenGL, and memory that stays as it is

open "$of/dqinit/seed-0"
press equal "speed 2"
memory() { sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$viewer/status"; }
wait_for "episode 4" # what OpenGL takes at first is taken
before=$(memory)
sleep "${SUITE_PLAY_S:-10}"
after=$(memory)
# what Mesa holds goes up and down by some megabytes; one figure a frame would be hundreds
[ -n "$before" ] && [ -n "$after" ] && [ $((after - before)) -lt 24576 ] ||
    die "memory grew from '$before' to '$after' kB"
press Escape "quit"
ended 0
echo "runs are watched; memory in ${SUITE_PLAY_S:-10} s of play: $before to $after kB"
