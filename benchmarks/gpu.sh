#!/usr/bin/env bash
# What a machine with a CUDA GPU shows: its tests, steps per second, the cost of a table, and images. At most 9 minutes.
#
#   benchmarks/gpu.sh                      # from any folder; nothing needs to be installed
#   SKGAN_GPU_QUICK=1 benchmarks/gpu.sh    # every part with tiny sizes, on a CPU too; writes no rows to the results
#
# Needs Python with torch, NumPy, scikit-learn, SciPy, pandas, pyarrow, narwhals, joblib and safetensors; pytest for the
# tests. Each part has a time limit, and a part that fails does not stop the others. New rows go to
# benchmarks/results/*.csv; where OUT names a folder, these files, the log and pictures of generated images are written
# there after every part. The last lines are the headline figures.
#
# Environment: PYTHON (default: python3); SKGAN_DATA (default: the folder .data in or beside the checkout, as
# pack_data.py makes it; without data, the sets that ship with scikit-learn are used); SKGAN_COMMIT (the measured
# commit, where there is no git repository); OUT.
set -uo pipefail
for name in OUT SKGAN_DATA; do # these may be relative to the caller's folder
    [[ -n ${!name:-} ]] && export "$name=$(realpath -m "${!name}")"
done
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
total=525 # seconds for all parts together
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}" PYTHONUNBUFFERED=1 MPLBACKEND=Agg

for folder in "$PWD/.data" "$PWD/../.data"; do
    [[ -z ${SKGAN_DATA:-} && -d $folder ]] && export SKGAN_DATA=$folder
done

device=$("$python" -c 'import torch; print("cuda" if torch.cuda.is_available() else "cpu")') || exit 2
if [[ $device == cpu && -z ${SKGAN_GPU_QUICK:-} ]]; then
    echo "torch finds no CUDA GPU here; set SKGAN_GPU_QUICK=1 to try the script on the CPU." >&2
    exit 2
fi

if [[ -n ${SKGAN_DATA:-} ]]; then
    tables=(adult magic) images=(fashion_mnist cifar10_small)
else
    echo "There is no data: SKGAN_DATA is not set, and there is no folder .data. Small data sets are used instead."
    tables=(iris) images=(digits)
fi

with_steps=("${tables[@]}" "${images[@]}")
# Seconds: the limit of each part, and of the fits of images within it.
test_limit=60 steps_limit=170 table_limit=80 image_limits=(120 95) fit_limits=(75 55)
steps_options=(--steps 1000) table_options=() image_options=(--methods skgan floor)
if [[ -n ${SKGAN_GPU_QUICK:-} ]]; then
    export SKGAN_RESULTS=$work/results OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
    with_steps=(iris digits)
    steps_options=(--steps 5 --rows 300) table_options=(--rows 300 --seconds 4)
    image_options=(--methods skgan --rows 100) fit_limits=(2 2)
    # On a CPU that is busy with other work, the limits of a GPU would stop what is right.
    total=1800 test_limit=300 steps_limit=300 table_limit=300 image_limits=(300 300)
fi

[[ -n ${OUT:-} ]] && image_options+=(--grids "$OUT/grids")
results=${SKGAN_RESULTS:-benchmarks/results}
parts=$work/parts log=$work/gpu.log
before=$("$python" benchmarks/gpu_summary.py count) || exit 2

keep() { # the results and the log, where the caller asked for them
    [[ -n ${OUT:-} ]] || return 0
    mkdir -p "$OUT"
    cp "$log" "$OUT/gpu.log"
    for name in steps device_cost images; do
        [[ -f $results/$name.csv ]] && cp "$results/$name.csv" "$OUT/"
    done
    return 0
}

part() { # NAME LIMIT COMMAND...
    local name=$1 limit=$2 left=$((total - SECONDS)) start=$SECONDS code
    shift 2
    ((limit <= left)) || limit=$left
    if ((limit < 10)); then
        printf '%-16s left out, no time is left\n' "$name" >>"$parts"
        return
    fi
    printf '\n== %s, at most %d s: %s\n' "$name" "$limit" "$*"
    timeout -k 5 "$limit" "$@"
    code=$?
    case $code in
    0) result="done" ;;
    124 | 137) result="stopped at its limit" ;;
    *) result="exit code $code" ;;
    esac
    printf '%-16s %4d s, %s\n' "$name" $((SECONDS - start)) "$result" >>"$parts"
    keep
}

run_all() {
    if "$python" -c 'import pytest' 2>/dev/null; then
        part tests "$test_limit" "$python" -m pytest -q -rs -p no:cacheprovider tests/test_cuda.py
    else
        echo "tests            left out, pytest is not installed" >>"$parts"
    fi
    part steps "$steps_limit" "$python" benchmarks/steps.py "${with_steps[@]}" \
        --device "$device" "${steps_options[@]}"
    part table "$table_limit" "$python" benchmarks/device_cost.py "${tables[0]}" "${table_options[@]}"
    local i
    for i in "${!images[@]}"; do
        part "${images[i]}" "${image_limits[i]}" "$python" benchmarks/images.py "${images[i]}" \
            --seconds "${fit_limits[i]}" "${image_options[@]}"
    done
    printf '\n== Headline figures: %s, %d s in all\n' \
        "$("$python" -c 'import torch; print(torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu")')" \
        "$SECONDS"
    cat "$parts"
    "$python" benchmarks/gpu_summary.py show "$before"
    # A machine's report is complete when every part has its row; what failed is named above.
    ! grep -qE 'exit code|stopped|left out, no time' "$parts"
}

: >"$log"
run_all 2>&1 | tee "$log"
code=${PIPESTATUS[0]}
keep
exit "$code"
