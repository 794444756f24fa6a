"""What a caller hears and does next. Pure: no web, no database, no carrier, no clock."""
