>> {"jsonrpc":"2.0","id":1,"method":"report.session"}
<< {"jsonrpc":"2.0","id":1,"result":{"sessions":[],"totals":{"totalTokens":0,"totalCost":0.30},"meta":{"schemaVersion":1}}}
