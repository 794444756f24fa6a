"""Figures for whoever watches over the hotline: counts and ages, never a number, a name or an id."""
