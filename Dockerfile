# Both stages from one image: the virtual environment made in the first runs on the Python of the second.
ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS builder
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

COPY requirements/build.lock requirements/runtime.lock requirements/
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r requirements/build.lock \
    && python -m venv --without-pip /opt/convloupe \
    && /opt/build/bin/pip --python /opt/convloupe/bin/python install --require-hashes -r requirements/runtime.lock \
    # Test suites that other packages ship: 20 MB that nothing here imports.
    && find /opt/convloupe -type d -name tests \( -path '*/numba/*' -o -path '*/numpy/*' -o -path '*/llvmlite/*' \) \
        -prune -exec rm -rf {} +

COPY . .
RUN /opt/build/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/build/bin/pip --python /opt/convloupe/bin/python install --no-index --no-deps /wheel/*.whl

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Convloupe" \
    org.opencontainers.image.description="Step through a convolution on your own image" \
    org.opencontainers.image.licenses="MIT"

COPY --from=builder /opt/convloupe /opt/convloupe
RUN install -d -o 10001 -g 10001 /data

# /tmp is all that is written besides /data: run with --read-only --tmpfs /tmp. Uploads wait in /data: a tmpfs is
# memory, which the container has so much of and no more.
ENV PATH=/opt/convloupe/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    TMPDIR=/data \
    NUMBA_CACHE_DIR=/tmp/numba \
    CONVLOUPE_HOST=0.0.0.0 \
    CONVLOUPE_PORT=8000 \
    CONVLOUPE_WORKERS=1 \
    CONVLOUPE_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
USER 10001:10001

HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['CONVLOUPE_PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]

CMD ["convloupe", "serve"]
