"""The composition root: builds the graph of parts, owns threads and the order of ending."""
