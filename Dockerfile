# The hotline's image: every process of docs/scaling.md starts from it with a command of its own.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/hotline
COPY requirements-production.lock ./
RUN /opt/hotline/bin/pip install --no-cache-dir --require-hashes -r requirements-production.lock
# Node.js comes from PyPI into this stage's own Python, so that nothing of it reaches the image.
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN BIN=/usr/local/bin scripts/npm ci --ignore-scripts --omit=dev
COPY pyproject.toml README.md wsgi.py ./
COPY hotline hotline
COPY workers workers
COPY ivr_prompts ivr_prompts
RUN python scripts/copy_browser_files.py && \
    /opt/hotline/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . && \
    /opt/hotline/bin/pip install --no-cache-dir --no-deps /wheel/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin hotline && \
    install -d -o hotline -g hotline -m 700 /data /media-files
COPY --from=build /opt/hotline /opt/hotline
ENV PATH=/opt/hotline/bin:$PATH PYTHONUNBUFFERED=1 HOTLINE_DATA=/data
USER hotline
WORKDIR /data
VOLUME ["/data", "/media-files"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", \
    "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "-c", "python:hotline.web.gunicorn_config", "--bind", "0.0.0.0:8000", \
    "--worker-class", "gthread", "--workers", "2", "--threads", "16", "wsgi:app"]
