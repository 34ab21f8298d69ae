#!/bin/sh
# Installs what the build, the figures and the tests need, as packages of Debian 12, and builds the release
# preset. Does nothing twice.
#   sh suite/setup.sh [--dev]      --dev: also what .ci/run needs
set -eu
cd "$(dirname "$0")/.."

needed='cmake ninja-build gcc libc6-dev pkg-config git
    libmujoco-dev libglfw3-dev libegl-dev libgl1-mesa-dri libpng-dev libopenblas-dev libcjson-dev
    libpopt-dev librandom123-dev libxxhash-dev zlib1g-dev libcriterion-dev gnuplot-nox'
for option in "$@"; do
    case $option in
    --dev)
        needed="$needed clang clang-format clang-tidy libclang-rt-14-dev python3-venv
            python3-numpy valgrind xvfb xauth xdotool x11-utils imagemagick ffmpeg"
        ;;
    *)
        echo "setup.sh: unknown option '$option'; the only one is '--dev'" >&2
        exit 2
        ;;
    esac
done

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if ! command -v apt-get >/dev/null; then
    echo "setup.sh: no apt-get here; install these, or your system's names for them, then run" \
        "\`cmake --workflow --preset release\`:" $needed >&2
    exit 1
fi

missing=
for package in $needed; do
    is_installed "$package" || missing="$missing $package"
done

if [ -n "$missing" ]; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "setup.sh: run as root, or have root run \`apt-get install$missing\`" >&2
            exit 1
        fi
        as_root=sudo
    fi
    echo "setup.sh: installing$missing"
    $as_root apt-get update -q
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $missing
fi

cmake --workflow --preset release
echo "setup.sh: built $PWD/build/release/bin/suite"
