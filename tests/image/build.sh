#!/bin/sh
# Build the container image with what there is. IMAGE names it, PYTHON_IMAGE chooses what it stands on.
set -eu
cd "$(dirname "$0")/../.."
image=${IMAGE:-convloupe}
set -- ${PYTHON_IMAGE:+--build-arg "PYTHON_IMAGE=$PYTHON_IMAGE"} --tag "$image" .

if docker info >/dev/null 2>&1; then
    exec docker build "$@"
elif command -v podman >/dev/null; then
    exec podman build --format docker "$@" # the OCI format has no HEALTHCHECK
elif command -v buildah >/dev/null; then
    exec buildah build --format docker "$@"
fi
echo "Nothing here can build an image: start Docker, or install podman or buildah." >&2
exit 1
