"""The operating system: directories, clock, single-instance lock."""
