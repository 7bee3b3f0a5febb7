#!/bin/sh
# lock.sh BIN: renew the locks; BIN is the virtual environment's directory of programs.
#
# Requirements files and not uv.lock: a uv.lock names the index every file came from, so a mirror's address would end up in
# the repository and everybody else would be sent there.
set -eu
bin=$1
"$bin/python" -m pip install --quiet --disable-pip-version-check uv

compile() {
    "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade "$@"
}
compile pyproject.toml --output-file requirements/runtime.lock
compile --group build --output-file requirements/build.lock
compile pyproject.toml --extra dev --group build --constraints requirements/runtime.lock \
    --constraints requirements/build.lock --output-file requirements/dev.lock
compile requirements/bench.in --output-file requirements/bench.lock
compile requirements/frameworks.in --output-file requirements/frameworks.lock
compile requirements/mutants.in --constraints requirements/dev.lock --output-file requirements/mutants.lock
rm -rf static/node_modules static/package-lock.json
"$bin/python" static/hatch_build.py npm install --package-lock-only --ignore-scripts
