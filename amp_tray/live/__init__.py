"""State over time: scan, watch, the single writer, the snapshot hub, the query façade."""
