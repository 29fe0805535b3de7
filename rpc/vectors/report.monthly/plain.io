>> {"jsonrpc":"2.0","id":1,"method":"report.monthly","params":{"order":"asc"}}
<< {"jsonrpc":"2.0","id":1,"result":{"monthly":[],"totals":{"totalTokens":0,"totalCost":0.30},"meta":{"schemaVersion":1}}}
