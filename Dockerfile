# docker build --tag entrepot . && docker run --publish 3100:3100 entrepot
#
# Another base needs Python 3.11 or newer as python3, with venv and pip, and glibc.
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /source
# Only wheels, and only those whose hashes are in pdm.lock; this layer stays as long as the lock does.
COPY pdm.lock deploy/container/locked.py ./
RUN python3 -m venv --without-pip /opt/entrepot \
 && python3 -m venv --without-pip /opt/build \
 && python3 locked.py default < pdm.lock > default.txt \
 && python3 locked.py build < pdm.lock > build.txt \
 && python3 -m pip --python /opt/entrepot/bin/python install --quiet --no-cache-dir --no-deps --only-binary :all: --require-hashes --requirement default.txt \
 && python3 -m pip --python /opt/build/bin/python install --quiet --no-cache-dir --no-deps --only-binary :all: --require-hashes --requirement build.txt
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY adapters adapters
COPY apps apps
RUN python3 -m pip --python /opt/build/bin/python wheel --quiet --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels . \
 && python3 -m pip --python /opt/entrepot/bin/python install --quiet --no-cache-dir --no-deps --no-index wheels/*.whl
COPY deploy/container/health.py deploy/container/mirror.py /opt/entrepot/share/

FROM ${BASE}
LABEL org.opencontainers.image.title="Entrepot" \
      org.opencontainers.image.description="Land a CSV or JSON file as a typed dataset; statistics, histograms, Excel and Parquet out." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 entrepot \
 && useradd --no-log-init --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin entrepot \
 && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/entrepot /opt/entrepot
# /tmp holds what drawing keeps between plots (its list of fonts), and is all that is written besides the home.
ENV PATH=/opt/entrepot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    ENTREPOT_ENV=production \
    ENTREPOT_HOST=0.0.0.0 \
    ENTREPOT_PORT=3100 \
    ENTREPOT_STORE=/data
USER 10001:10001
WORKDIR /
VOLUME /data
EXPOSE 3100
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-I", "/opt/entrepot/share/health.py"]
CMD ["entrepot", "serve"]
