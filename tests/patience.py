"""On a busy machine everything waits: but for the tests of a database that is away, it is given more time than callers."""

from hotline import db, writer

IN_EARNEST = writer.PATIENCE, db.CONNECT  # seconds, as they are for callers
writer.PATIENCE, db.CONNECT = 4.0, 10
