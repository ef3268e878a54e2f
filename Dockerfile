# The daemon as a container: non-root, read-only root, one volume. Build: docker build -t reminders .

FROM python:3.13-slim AS build
WORKDIR /build
COPY pyproject.toml README.md ./
COPY reminders ./reminders
# Compiled here, for nothing can be kept on a read-only root; and what installs packages stays behind.
RUN python -m venv /opt/reminders \
    && /opt/reminders/bin/pip install --no-cache-dir . \
    && /opt/reminders/bin/pip uninstall --yes setuptools pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Reminders" \
      org.opencontainers.image.description="Nudges that keep a back healthy"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin reminders \
    && install -d -m 0700 -o reminders -g reminders /data \
    && install -d -m 0755 /config
COPY --from=build /opt/reminders /opt/reminders
ENV PATH=/opt/reminders/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    REMINDERS_CONFIG=/config/reminders.yaml \
    REMINDERS_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8377
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["reminders", "status", "--healthy"]
ENTRYPOINT ["reminders"]
CMD ["run"]
