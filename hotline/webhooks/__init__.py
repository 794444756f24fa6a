"""How a call or a text comes in: the carrier's door."""
