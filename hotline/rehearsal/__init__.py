"""The outside world, for rehearsal and tests: a carrier that speaks Twilio's language, and its telephone.

An outsider: it knows the hotline by HTTP only and imports no other room.
"""
