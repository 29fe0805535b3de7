"""Pure values and functions: no files, clock, threads, logging or third-party imports."""
