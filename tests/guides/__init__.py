"""Sealed job searches, two for each preset, with what the guide demands and forbids in them."""
