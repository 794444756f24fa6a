"""gunicorn's door: `gunicorn wsgi:app`."""

import sys

from hotline import create_app
from hotline.settings import WrongSettings, read_settings

try:
    app = create_app(read_settings())
except WrongSettings as wrong:
    sys.exit(f"The hotline cannot start:\n{wrong}")
