"""Amp's thread files (`T-<uuid>.json`): where they lie and how their bytes are read."""
