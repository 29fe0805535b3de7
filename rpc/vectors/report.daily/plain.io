>> {"jsonrpc":"2.0","id":1,"method":"report.daily"}
<< {"jsonrpc":"2.0","id":1,"result":{"daily":[],"totals":{"totalTokens":0,"totalCost":0.30},"meta":{"schemaVersion":1}}}
