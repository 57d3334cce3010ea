# The first stage installs from the lock files with hashes, and collects the files that the image needs: Copydesk and its
# packages without what they do not use, Python, and a few libraries and commands of Debian. The second has only these.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_COMPILE=1
# For `strip`. Its version is not pinned: the image has no file of it.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN python -m venv /opt/copydesk
COPY requirements-build.lock requirements.lock ./
RUN /opt/copydesk/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement requirements-build.lock \
    && /opt/copydesk/bin/pip install --no-cache-dir --require-hashes --no-deps --no-build-isolation \
        --requirement requirements.lock
COPY LICENSE NOTICE README.md openapi.yaml pyproject.toml ./
COPY copydesk copydesk
COPY schemas schemas
COPY svc svc
# The service runs from /app. The editable install adds the command and the metadata.
RUN /opt/copydesk/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && /opt/copydesk/bin/pip uninstall --yes --requirement requirements-build.lock pip \
    && rm requirements-build.lock requirements.lock
COPY tools/image_files.py /
# Bytecode is compiled here, since the container is read-only.
RUN /opt/copydesk/bin/python /image_files.py prune /opt/copydesk/lib/python3.13/site-packages \
    && /opt/copydesk/bin/python /image_files.py collect /collected \
    && ln -s /opt/copydesk/bin/copydesk /collected/usr/local/bin/copydesk \
    && python -m compileall -q --invalidation-mode unchecked-hash /opt/copydesk/lib copydesk schemas svc \
    && python -m compileall -q --invalidation-mode unchecked-hash -s /collected -p / /collected/usr/local/lib

FROM scratch
LABEL org.opencontainers.image.title="Copydesk" \
      org.opencontainers.image.description="Repairs, cleans and normalizes scraped articles" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-SA-4.0"
ENV PATH=/opt/copydesk/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COPYDESK_BIND=0.0.0.0:8000
COPY --from=build /collected /
COPY --from=build /opt/copydesk /opt/copydesk
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-m", "svc.server.healthcheck"]
CMD ["copydesk", "serve"]
