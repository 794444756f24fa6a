"""Cases: what is done about what workers told us."""
