"""One folder per way out of the program; none knows another."""
