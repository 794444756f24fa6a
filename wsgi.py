"""gunicorn's door: `gunicorn wsgi:app`."""

import gc
import sys

from hotline import create_app
from hotline.settings import WrongSettings, read_settings
from hotline.web.linger import hold_nobody_up
from hotline.web.logs import write_logs

try:
    settings = read_settings()
except WrongSettings as wrong:
    sys.exit(f"The hotline cannot start:\n{wrong}")
write_logs(settings)
hold_nobody_up()
app = create_app(settings)
gc.freeze()  # what is made at the start is no garbage: no caller waits while it is looked through
