"""A caller's way back to their case, from any phone: twelve digits, and four that they chose."""
