"""Accounts, roles, language skills, sign-in."""
