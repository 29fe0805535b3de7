"""The program behind the wire: what `amp_tray_rpc` asks of the query façade."""
