"""Fetching threads and the balance through the user's own `amp` program, where they opted in."""
