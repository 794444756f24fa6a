"""The keys of what is offered in its order, aloud or in a text."""

KEYS = "123456789"
MORE_KEY = "9"  # to the others, where there are more
