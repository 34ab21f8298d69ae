#!/bin/sh
# What is exported is read by programs that share no code with ours: numpy, and a reader of event
# files in Python. Skipped (77) without numpy.
#   export_read.sh SUITE MODELS
suite=$1 models=$2
. "$(dirname "$0")/common.sh"

python3 -c 'import numpy' 2>/dev/null || {
    echo "skipped: there is no python3 with numpy (python3-numpy of Debian)"
    exit 77
}
small_job "$work/runs" --method jsrl,scratch --member base >/dev/null 2>&1
small_job "$work/runs" --method scratch --label full --set explore=full --seeds 3 \
    --member within_1,base >/dev/null 2>&1
for format in tensorboard npz; do
    "$suite" export "$work/runs" --models "$models" --format $format --out "$work/$format"
done
"$suite" export "$work/runs" --models "$models" --format npz --policy network \
    --out "$work/npz-network"
"$suite" export "$work/runs" --models "$models" --format csv --out "$work/all.csv"
python3 "$(dirname "$0")/export_read.py" "$work" || die "read otherwise than written"
