"""Runs real model servers and real clients against the reference server."""
