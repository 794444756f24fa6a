"""PostgreSQL and Redis from PyPI, for rehearsal, development and tests: nothing to install."""
