# Two stages: the first installs from the lock file, hashes checked; the second has Python, Copydesk and nothing else.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/copydesk
COPY requirements-build.lock requirements.lock ./
RUN /opt/copydesk/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement requirements-build.lock \
    && /opt/copydesk/bin/pip install --no-cache-dir --require-hashes --no-deps --no-build-isolation \
        --requirement requirements.lock \
    && /opt/copydesk/bin/pip uninstall --yes --requirement requirements-build.lock pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Copydesk" \
      org.opencontainers.image.description="A copy desk for scraped articles" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/copydesk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COPYDESK_BIND=0.0.0.0:8000
COPY --from=build /opt/copydesk /opt/copydesk
WORKDIR /app
COPY schemas schemas
COPY svc svc
COPY openapi.yaml ./
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-m", "svc.server.healthcheck"]
CMD ["gunicorn", "--config", "python:svc.server.gunicorn_conf"]
