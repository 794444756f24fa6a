"""The whole hotline on one machine with nothing installed: for trying, and for rehearsal."""
