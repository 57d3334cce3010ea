# Two stages: the first installs from the lock files with hashes; the second has only Python and Copydesk.
FROM python:3.13-slim AS build
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
# The service runs from /app. The editable install adds the command and the metadata. Bytecode is compiled here, since
# the container is read-only.
RUN /opt/copydesk/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && /opt/copydesk/bin/python -m compileall -q --invalidation-mode unchecked-hash copydesk schemas svc \
    && /opt/copydesk/bin/pip uninstall --yes --requirement requirements-build.lock pip \
    && rm requirements-build.lock requirements.lock

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Copydesk" \
      org.opencontainers.image.description="Repairs, cleans and normalizes scraped articles" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-SA-4.0"
ENV PATH=/opt/copydesk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COPYDESK_BIND=0.0.0.0:8000
COPY --from=build /opt/copydesk /opt/copydesk
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-m", "svc.server.healthcheck"]
CMD ["copydesk", "serve"]
